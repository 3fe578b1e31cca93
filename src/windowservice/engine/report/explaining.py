"""Findings in words: one line, the whole case as text, and plain values."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from windowservice.clean import for_line
from windowservice.domain.unread import told
from windowservice.engine.report.dimensions import carried_of, said_of_rules
from windowservice.engine.report.evidence import is_beyond
from windowservice.engine.verdicts import Verdict
from windowservice.instants import from_us
from windowservice.language.python.marks import WAITING
from windowservice.language.tree.facts import children_key
from windowservice.language.tree.operators import CLOCK_PARTS
from windowservice.phrases import phrase
from windowservice.worktime.clock.standing import RUNNING, spans
from windowservice.worktime.limits.limit import Limit
from windowservice.worktime.spans import WorkSpan

if TYPE_CHECKING:
    from windowservice.engine.report.evidence import Shortfall
    from windowservice.engine.report.finding import Finding
    from windowservice.worktime.clock.deadline import Deadline

__all__ = ["explain", "figure_in_words", "figures_in_words", "figures_told", "in_words", "plain", "shown", "shown_end"]


def shown(value: Any, language: str = "en") -> str:
    """Return a value as a reader is shown it."""
    if value is None:
        return phrase("missing", language)
    if isinstance(value, datetime):
        return (
            value.strftime("%Y-%m-%d %H:%M:%S%z")
            if value.second or value.microsecond
            else value.strftime("%Y-%m-%d %H:%M%z")
        )
    if isinstance(value, timedelta):
        return real_time(value, language)
    if isinstance(value, WorkSpan):
        return open_time(value, language)
    if isinstance(value, Limit):
        return value.text("zh" if language == "zh" else "en")
    if isinstance(value, (set, frozenset)):
        return "{" + ", ".join(sorted(map(str, value))) + "}"
    return str(value)


def real_time(value: timedelta, language: str = "en") -> str:
    """Return a span of real time in words, days at the most, to the second or finer if that is all there is."""
    if abs(value) < timedelta(seconds=1):
        return phrase("{n} ms", language, n=f"{value / timedelta(milliseconds=1):g}")
    minutes, seconds = divmod(abs(value) // timedelta(seconds=1), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = ((days, "day"), (hours, "hour"), (minutes, "minute"), (seconds, "second"))
    return ("-" if value < timedelta() else "") + " ".join(
        _with_unit(number, unit, language) for number, unit in parts if number
    )


def open_time(value: WorkSpan, language: str = "en") -> str:
    """Return an amount of open time in words, hours at the most."""
    if language == "en":
        return str(value)
    said = str(value).split()
    return " ".join(phrase(f"{{n}} {unit}", language, n=n) for n, unit in zip(said[::2], said[1::2], strict=True))


def counted(number: Any, unit: str | None, language: str = "en") -> str:
    """Return a number with its unit, as in ``1 day`` and ``3 items``; seconds as a span."""
    if unit in ("second", "seconds") and isinstance(number, int) and abs(number) >= _MINUTE:
        return real_time(timedelta(seconds=number), language)
    return _with_unit(number, unit, language)


def _with_unit(number: Any, unit: str | None, language: str) -> str:
    """Return an amount and its unit: one day, two days, one item, three items."""
    said = shown(number, language)
    if not unit:
        return said
    if unit in _COUNTED and number == 1:
        unit = unit.removesuffix("s")
    elif f"{unit}s" in _COUNTED and number != 1:
        unit = f"{unit}s"
    return phrase(f"{{n}} {unit}", language, n=said)


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


def in_words(finding: Finding, language: str = "en") -> str:
    """Return what makes the verdict, in a few words: by how much, what is missing, or until when it is open."""
    verdict = finding.verdict
    if verdict is Verdict.ERROR:
        return phrase("the rule could not be run: {error}", language, error=finding.error)
    if verdict is Verdict.UNKNOWN and (doubts := _doubtful_clocks(finding)):
        return "; ".join(doubts)
    if verdict is Verdict.UNKNOWN:
        lacks = (_missing(finding, language), *finding.not_found, told(finding.unread))
        return "; ".join(filter(None, lacks)) or _untold(finding, language)
    if verdict is Verdict.PENDING:
        waits = finding.evidence.stands
        if waits is None:
            return phrase("open until the matter is settled", language)
        until = f"{shown_end(waits.due)}{phrase(' (provisional)', language) if waits.provisional else ''}"
        return phrase("at risk from {due}" if waits.warns else "due {due}", language, due=until)
    if verdict is not Verdict.FAIL or finding.shortfall is None:
        return ""
    return _missed_by(finding.shortfall, language)


def _missing(finding: Finding, language: str) -> str:
    """Return which facts are missing, or why nothing could tell them."""
    if finding.unrecorded:
        return phrase("the ledger does not record {kinds}", language, kinds=", ".join(finding.unrecorded))
    if finding.untold:
        return phrase("the events have no column for {fields}", language, fields=", ".join(finding.untold))
    if not finding.missing:
        return ""
    said = phrase("missing {names}", language, names=", ".join(finding.missing))
    if finding.evidence.unplanned:
        unless = " ({names}: a due is not seen as long as it lies ahead, unless it is declared by planned=True)"
        said += phrase(unless, language, names=", ".join(finding.evidence.unplanned))
    return said


def _missed_by(short: Shortfall, language: str) -> str:
    """Return by how much a rule was missed: a deadline by its time, a bound by a number, else what does not hold."""
    if short.overrun is not None:
        done = None if short.actual is None else shown(short.actual, language)
        state = phrase("still open", language) if done is None else phrase("done {at}", language, at=done)
        beyond = short.calendar is not None and is_beyond(short.bound, short.calendar)
        due_at = f"{shown_end(short.bound)}{phrase(' (provisional)', language) if beyond else ''}"
        late = "late by {amount} (open time {open_time}), due {due}, {state}"
        warned = "at risk since {due}, by {amount} (open time {open_time}), {state}"
        return phrase(
            warned if short.warns else late, language, amount=shown(short.amount, language), state=state, due=due_at,
            open_time=shown(short.overrun, language),
        )  # fmt: skip
    if short.amount is not None and short.bound is not None:
        actual = counted(short.actual, None if isinstance(short.actual, date) else short.unit, language)
        bound = shown(short.bound, language)
        said = phrase("{actual}, wanted {sign} {bound}", language, actual=actual, sign=short.sign, bound=bound)
        off = counted(short.amount, short.unit, language)
        return said + (phrase("; off by {amount}", language, amount=off) if short.amount else "")
    denied = short.condition.removeprefix("not ")
    holds = "{condition} holds" if denied != short.condition else "{condition} does not hold"
    return phrase(holds, language, condition=denied)


def _doubtful_clocks(finding: Finding) -> list[str]:
    """Return which clocks cannot be told for their intervals, and why."""
    from windowservice.language.clocks.running import DOUBTS

    notes = [(name, note) for name, parts in finding.evidence.clocks.items() if parts for note in parts[_NOTES]]
    return [f"{name}: {DOUBTS[note]}" for name, note in notes if note in DOUBTS]


def _untold(finding: Finding, language: str) -> str:
    """Return why a verdict cannot be told though nothing is missing."""
    if getattr(finding.record, "dated", False):
        return phrase("only the date of an event is known, so it cannot be told to the hour", language)
    return phrase("it cannot be told", language)


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
    said = in_words(finding, language)
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
        **carried_of(finding),
        "clerk": finding.clerk,
        "rule": finding.rule,
        "verdict": str(finding.verdict),
        "severity": finding.severity,
        "title": dict(finding.definition.title),
        **{name: getattr(finding, name) for name in said_of_rules((finding.subject.runner,))},
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
