"""Findings in words: one line, the whole case as text, and plain values."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from windowservice.clean import for_line
from windowservice.domain.unread import told
from windowservice.engine.report.evidence import is_beyond
from windowservice.engine.verdicts import Verdict
from windowservice.instants import from_us
from windowservice.language.python.marks import WAITING
from windowservice.language.tree.facts import children_key
from windowservice.language.tree.operators import CLOCK_PARTS
from windowservice.worktime.clock.standing import RUNNING, spans
from windowservice.worktime.limits.limit import Limit
from windowservice.worktime.spans import WorkSpan

if TYPE_CHECKING:
    from windowservice.engine.report.finding import Finding
    from windowservice.worktime.clock.deadline import Deadline

__all__ = ["explain", "figure_in_words", "figures_in_words", "figures_told", "in_words", "plain", "shown", "shown_end"]


def shown(value: Any) -> str:
    """Return a value as a reader is shown it."""
    if value is None:
        return "missing"
    if isinstance(value, datetime):
        return (
            value.strftime("%Y-%m-%d %H:%M:%S%z")
            if value.second or value.microsecond
            else value.strftime("%Y-%m-%d %H:%M%z")
        )
    if isinstance(value, timedelta):
        return real_time(value)
    if isinstance(value, (set, frozenset)):
        return "{" + ", ".join(sorted(map(str, value))) + "}"
    return str(value)


def real_time(value: timedelta) -> str:
    """Return a span of real time in words, days at the most, to the second or finer if that is all there is."""
    if abs(value) < timedelta(seconds=1):
        return f"{value / timedelta(milliseconds=1):g} ms"
    minutes, seconds = divmod(abs(value) // timedelta(seconds=1), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = ((days, "day"), (hours, "hour"), (minutes, "minute"), (seconds, "second"))
    return ("-" if value < timedelta() else "") + " ".join(
        f"{number}{_unit(number, unit)}" for number, unit in parts if number
    )


def counted(number: Any, unit: str | None) -> str:
    """Return a number with its unit, as in ``1 day`` and ``3 items``; seconds as a span."""
    if unit in ("second", "seconds") and isinstance(number, int) and abs(number) >= _MINUTE:
        return real_time(timedelta(seconds=number))
    return f"{shown(number)}{_unit(number, unit)}"


_MINUTE: Final = 60
_NOTES: Final = CLOCK_PARTS["notes"][0]
_SHOWN: Final = 20
"""So many ids of children are written out."""


def shown_end(value: datetime | date) -> str:
    """Return an instant that ends something: midnight is 24:00 of the day that it ends."""
    if not isinstance(value, datetime):
        return shown(value)
    if (value.hour, value.minute, value.second, value.microsecond) != (0, 0, 0, 0):
        return shown(value)
    return f"{value.date() - timedelta(days=1)} 24:00{value:%z}"


def in_words(finding: Finding) -> str:
    """Return what makes the verdict, in a few words: by how much, what is missing, or until when it is open."""
    verdict = finding.verdict
    if verdict is Verdict.ERROR:
        return f"the rule could not be run: {finding.error}"
    if verdict is Verdict.UNKNOWN and (doubts := _doubtful_clocks(finding)):
        return "; ".join(doubts)
    if verdict is Verdict.UNKNOWN:
        missing = f"missing {', '.join(finding.missing)}" if finding.missing else ""
        if finding.missing and finding.evidence.unplanned:
            missing += (
                f" ({', '.join(finding.evidence.unplanned)}: a due is not seen as long as it lies ahead, unless it is"
            )
            missing += " declared by planned=True)"
        if finding.unrecorded:
            missing = f"the ledger does not record {', '.join(finding.unrecorded)}"
        elif finding.untold:
            missing = f"the events have no column for {', '.join(finding.untold)}"
        return "; ".join(filter(None, (missing, *finding.not_found, told(finding.unread)))) or _untold(finding)
    if verdict is Verdict.PENDING:
        waits = finding.evidence.stands
        if waits is None:
            return "open until the matter is settled"
        return (
            f"{'at risk from' if waits.warns else 'due'} {shown_end(waits.due)}{' (provisional)' * waits.provisional}"
        )
    if verdict is not Verdict.FAIL or finding.shortfall is None:
        return ""
    short = finding.shortfall
    if short.overrun is not None:
        state = "still open" if short.actual is None else f"done {shown(short.actual)}"
        beyond = short.calendar is not None and is_beyond(short.bound, short.calendar)
        due_at = f"{shown_end(short.bound)}{' (provisional)' if beyond else ''}"
        if short.warns:
            return f"at risk since {due_at}, by {shown(short.amount)} (open time {short.overrun}), {state}"
        return f"late by {shown(short.amount)} (open time {short.overrun}), due {due_at}, {state}"
    if short.amount is not None and short.bound is not None:
        actual = counted(short.actual, None if isinstance(short.actual, date) else short.unit)
        off = f"; off by {counted(short.amount, short.unit)}" if short.amount else ""
        return f"{actual}, wanted {short.sign} {shown(short.bound)}{off}"
    denied = short.condition.removeprefix("not ")
    return f"{denied} holds" if denied != short.condition else f"{denied} does not hold"


def _doubtful_clocks(finding: Finding) -> list[str]:
    """Return which clocks cannot be told for their intervals, and why."""
    from windowservice.language.clocks.running import DOUBTS

    notes = [(name, note) for name, parts in finding.evidence.clocks.items() if parts for note in parts[_NOTES]]
    return [f"{name}: {DOUBTS[note]}" for name, note in notes if note in DOUBTS]


def _untold(finding: Finding) -> str:
    """Return why a verdict cannot be told though nothing is missing."""
    if getattr(finding.record, "dated", False):
        return "only the date of an event is known, so it cannot be told to the hour"
    return "it cannot be told"


def _unit(amount: Any, unit: str | None) -> str:
    """Return the unit of an amount after a space: one day, two days, one item, three items."""
    if not unit:
        return ""
    if unit in _COUNTED and amount == 1:
        return f" {unit.removesuffix('s')}"
    return f" {unit}s" if f"{unit}s" in _COUNTED and amount != 1 else f" {unit}"


_COUNTED: Final = frozenset(
    {"items", "days", "times", "hours", "minutes", "seconds", "months", "requests", "events", "errors", "papers"}
)


def figure_in_words(name: str, value: Any, unit: str | None, since: date | None, *, is_dated: bool = True) -> str:
    """Return a figure as findings cite it, as in ``commitment[S10] = 5 working days since 2018-01-01``."""
    if since is None:
        return f"{name}: none in force" if is_dated else f"{name}: the day is not known"
    return f"{name} = {shown(value)}{f' {unit}' if unit else ''} since {since}"


def figures_told(finding: Finding) -> tuple[str, ...]:
    """Return the figures that a finding rests on, as findings cite them."""
    return tuple(
        figure_in_words(f.name, f.value, f.unit, f.since, is_dated=f.is_dated) for f in finding.evidence.figures
    )


def figures_in_words(finding: Finding) -> str:
    """Return the figures that a finding rests on, apart by semicolons."""
    return "; ".join(figures_told(finding))


def explain(finding: Finding, language: str) -> str:
    """Return the whole case as text."""
    rule = finding.definition
    said = in_words(finding)
    lines = [
        f"{finding.key}  {finding.rule}  {finding.verdict.upper()} ({finding.severity})",
        f"  {finding.title(language)}",
        *([f"  {said}"] if said else []),
        f"  requires  {rule.require}",
        *([f"  when      {rule.when}"] if rule.when is not None else []),
        f"  basis     {finding.basis if finding.basis is not None else 'none given'}",
    ]
    lines += [f"  {row}: what it said is unknown" for row in finding.unread]
    lines += _inputs(finding)
    lines += _items(finding)
    lines += _figures(finding)
    lines += _clocks(finding)
    lines += _timeline(finding)
    zone = finding.subject.runner.binding.calendar.zone
    lines.append(
        f"  as of {shown(from_us(finding.us, zone))}, pack version {finding.version}, engine {finding.engine_version}"
    )
    lines += [f"  calendar {c.name} ({c.timezone}) {c.version[:16]}" for c in finding.evidence.calendars]
    return "\n".join(map(for_line, lines))


def _items(finding: Finding) -> list[str]:
    child = finding.subject.runner.vocabulary.children
    if not finding.items or child is None:
        return []
    named = ", ".join(finding.items[:_SHOWN])
    more = f" and {len(finding.items) - _SHOWN:,} more" if len(finding.items) > _SHOWN else ""
    return [f"  behind it: {children_key(finding.subject.runner.vocabulary)} {named}{more}"]


def _inputs(finding: Finding) -> list[str]:
    inputs = finding.evidence.inputs
    if not inputs:
        return []
    width = min(44, max(len(r.fact) + 2 * r.depth for r in inputs))
    lines = ["  what was read"]
    for r in inputs:
        unit = f" {r.unit}" if r.unit and r.value is not None else ""
        lines.append(f"    {'  ' * r.depth + r.fact:<{width}} = {shown(r.value)}{unit}   {r.title}")
    return lines


def _figures(finding: Finding) -> list[str]:
    return [
        f"  figure {f.name} = {shown(f.value)}{f' {f.unit}' if f.unit else ''}, since {f.since}, {f.basis}"
        if f.since is not None
        else f"  figure {figure_in_words(f.name, f.value, f.unit, f.since, is_dated=f.is_dated)}"
        for f in finding.evidence.figures
    ]


def _clocks(finding: Finding) -> list[str]:
    from windowservice.worktime.clock.of_events import RUN

    lines = [f"  {said}" for said in _doubtful_clocks(finding)]
    for name, parts in finding.evidence.clocks.items():
        if parts is None:
            continue
        run = parts[RUN]
        if run is None:
            continue
        zone = run.calendar.zone
        provisional = " (provisional: it rests on days not announced yet)" if run.clock.provisional else ""
        lines.append(
            f"  {name}: {run.limit}, from {shown(from_us(run.clock.start, zone))} "
            f"due {shown(from_us(run.clock.due, zone))}{provisional}"
        )
        lines.append(f"    counted by the calendar {run.calendar.name} {run.calendar.version[:16]}")
        lines += [
            f"    {shown(from_us(begin, zone))} .. {shown(from_us(end, zone))}  stopped: {reason}"
            for begin, end, reason in run.clock.stops
        ]
        lines += [
            f"    {shown(from_us(note.at, zone))}  did not count: {note.code} {note.what}".rstrip()
            for note in run.clock.notes
        ]
        if run.clock.horizon > run.start:
            lines.append(f"    time used: {_where_it_went(run)}")
    return lines


def _where_it_went(run: Any) -> str:
    by_reason: dict[str, int] = {}
    for begin, end, reason in spans(run.clock, run.start, run.calendar.table):
        by_reason[reason] = by_reason.get(reason, 0) + end - begin
    # running time is counted in hours: a day of open time is no day of twenty-four
    said = {
        reason: timedelta(microseconds=us) if reason != RUNNING else WorkSpan(us) for reason, us in by_reason.items()
    }
    return ", ".join(f"{reason} {shown(span)}" for reason, span in said.items())


def _timeline(finding: Finding) -> list[str]:
    events = [event for event in getattr(finding.record, "timeline", ()) if event.us <= finding.us]
    if not events:
        return []
    zone = finding.subject.runner.binding.calendar.zone
    lines = ["  timeline"]
    for event in events:
        said = [f"by {event.by}"] if event.by else []
        said += [f"to {event.to}"] if event.to else []
        said += [", ".join(sorted(event.items))] if event.items else []
        said += [f"({event.reason})"] if event.reason else []
        at = from_us(event.us, zone)
        lines.append(f"    {shown(at.date() if event.date_only else at)}  {event.kind} {' '.join(said)}".rstrip())
    return lines


def plain(finding: Finding) -> dict[str, Any]:
    """Return the finding with its evidence as plain values that JSON can hold."""
    evidence, short = finding.evidence, finding.shortfall
    return {
        "key": finding.key,
        "bank": finding.bank,
        "service": finding.service,
        "clerk": finding.clerk,
        "rule": finding.rule,
        "verdict": str(finding.verdict),
        "severity": finding.severity,
        "title": dict(finding.definition.title),
        "policy": finding.policy,
        "principle": finding.principle,
        "basis": None if finding.basis is None else str(finding.basis),
        "version": finding.version,
        "engine": finding.engine_version,
        "summary": in_words(finding),
        "error": finding.error,
        "shortfall": None
        if short is None
        else {
            "condition": short.condition,
            "amount": _json(short.amount),
            "unit": short.unit or ("seconds" if isinstance(short.amount, (timedelta, WorkSpan)) else None),
            "overrun_seconds": None if short.overrun is None else _json(short.overrun),
            "actual": _json(short.actual),
            "bound": _json(short.bound),
        },
        "missing": list(finding.missing),
        "rejected": [str(row) for row in finding.unread],
        "items": list(finding.items),
        "read": {r.fact: _json(r.value) for r in evidence.inputs},
        "clocks": {name: _clock(deadline) for name, deadline in finding.clocks.items()},
        "figures": [
            {
                "figure": f.name,
                "value": _json(f.value),
                "since": _json(f.since),
                "basis": None if f.basis is None else str(f.basis),
            }
            for f in evidence.figures
        ],
    }


def _clock(deadline: Deadline) -> dict[str, Any]:
    said = {name: _json(getattr(deadline, name)) for name in ("start", "due", "at_risk", "state")}
    stops = [{"begin": _json(s.begin), "end": _json(s.end), "reason": s.reason} for s in deadline.stops]
    return {"limit": str(deadline.limit), "calendar": deadline.calendar.name, **said, "stops": stops}


def _json(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, WorkSpan):
        return value.total_seconds()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, (Decimal, Fraction, Limit)) or value is WAITING:
        return str(value)
    return value
