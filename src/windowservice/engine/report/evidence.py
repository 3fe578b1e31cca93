"""Evidence of one verdict: what the rule read, by how much it fell short, and which figures were in force."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, Final

import attrs

from windowservice.date_only import DateOnly
from windowservice.domain.basis import Basis
from windowservice.engine.report.distance import as_us, difference
from windowservice.engine.report.parts import Standing, failing_parts, next_due
from windowservice.engine.ruleset import LoadedRule
from windowservice.instants import from_us
from windowservice.language.analysis.check import resolve
from windowservice.language.analysis.counted import calendar_of, calendars_named
from windowservice.language.analysis.kinds import kinds_below
from windowservice.language.python.marks import WAITING
from windowservice.language.relations.lookup import Filled
from windowservice.language.tree.expressions import Aggregate, By, Expr, Kernel, Op, Within, structure, walk
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import Facts, dating
from windowservice.language.tree.figures import Figure, FigureAt, in_force, key_of, named_line
from windowservice.language.tree.operators import OPERATORS
from windowservice.language.tree.values import ValueType
from windowservice.worktime.spans import WorkSpan

if TYPE_CHECKING:
    from windowservice.engine.running import Runner
    from windowservice.worktime.calendar import WorkCalendar

__all__ = [
    "Evidence",
    "FigureRead",
    "Input",
    "Shortfall",
    "Shown",
    "behind",
    "failing_parts",
    "figures_read",
    "is_beyond",
    "read_evidence",
]

V = ValueType
_OPPOSITE: Final = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "==", "at most": "more than"}


@attrs.frozen
class Input:
    """One fact that the rule read, directly or through the definition of another.

    Attributes:
        fact: its name, with its vocabulary.
        title: what it is.
        value: its value; None if it is missing.
        unit: the unit of a number.
        depth: 0 if the rule names it, else how far below.
    """

    fact: str
    title: str
    value: Any
    unit: str | None
    depth: int


@attrs.frozen
class FigureRead:
    """One figure in force.

    Attributes:
        name: its name, with its key.
        value: the value in force; None before its first date, or if there is none for the key.
        since: the date from which it is in force.
        basis: the source of that value.
        unit: the unit of a number.
        is_dated: whether the record says on which day it looks at figures; if not, none can be told.
    """

    name: str
    value: Any
    since: date | None
    basis: Basis | None
    unit: str | None
    is_dated: bool = True


@attrs.frozen
class Shortfall:
    """By how much a requirement was missed.

    Attributes:
        condition: the part of the requirement that was not fulfilled, as text.
        amount: how much: a number, a span of real time, a set of texts, or None where there is no measure.
        unit: the unit of a number.
        overrun: for a deadline, the open time after it.
        actual: what it was.
        bound: what it had to be.
        sign: how it had to stand to the bound, as in "<=".
        calendar: for a deadline, the calendar by which it and the open time after it were counted.
        warns: whether the deadline only warns: past it, a matter is at risk and not late.
    """

    condition: str
    amount: Any
    unit: str | None = None
    overrun: WorkSpan | None = None
    actual: Any = None
    bound: Any = None
    sign: str = ""
    calendar: WorkCalendar | None = None
    warns: bool = False


@attrs.frozen
class Waits:
    """One deadline that is waited for.

    Attributes:
        due: when it is due.
        provisional: whether it lies beyond the days that its calendar knows.
        warns: whether it only warns.
    """

    due: datetime
    provisional: bool
    warns: bool


@attrs.frozen
class Evidence:
    """Everything behind one verdict.

    Attributes:
        inputs: the facts read, those that the rule names first.
        figures: the figures in force.
        shortfall: by how much it was missed; None unless it failed.
        missing: the names of the facts and figures that were needed and are missing.
        clocks: the clocks of the matter that the rule rests on, by the name of the fact (see `of_events.Run`).
        waits_for: the due instants that a pending verdict waits for.
        calendars: the calendars that took part, each once.
        stands: the due that a pending verdict stands or falls with, once all that moves it is counted.
        unplanned: the missing dues that a record gives itself and that are not declared as planned: one that lies ahead
            is not seen then.
    """

    inputs: tuple[Input, ...]
    figures: tuple[FigureRead, ...]
    shortfall: Shortfall | None
    missing: tuple[str, ...]
    clocks: dict[str, Any]
    waits_for: tuple[datetime, ...]
    calendars: tuple[WorkCalendar, ...] = ()
    stands: Waits | None = None
    unplanned: tuple[str, ...] = ()


@attrs.frozen(eq=False)
class _Found:
    """A fact or figure below the conditions of a rule.

    Attributes:
        expr: the fact or figure.
        depth: 0 if the rule names it, else how far below.
        above: the facts through whose definitions it is read; None stands for the rule itself.
    """

    expr: Any
    depth: int
    above: list[_Found | None]


def _gather(rule_exprs: Iterable[Expr[Any]]) -> tuple[list[_Found], list[_Found]]:
    """Return the facts and the figures below the conditions, each once, nearest first."""
    facts: dict[tuple[Any, ...], _Found] = {}
    figures: dict[tuple[Any, ...], _Found] = {}
    level: list[tuple[Expr[Any], int, _Found | None]] = [(expr, 0, None) for expr in rule_exprs]
    while level:
        following: list[tuple[Expr[Any], int, _Found | None]] = []
        for expr, depth, above in level:
            for below in _in_scope(expr):
                kind = facts if isinstance(below, Fact) else figures if isinstance(below, (Figure, FigureAt)) else None
                if kind is None:
                    continue
                known = kind.get(structure(below))
                if known is not None:
                    known.above.append(above)
                    continue
                found = kind[structure(below)] = _Found(below, depth, [above])
                if isinstance(below, Fact) and below.definition is not None:
                    following.append((below.definition, depth + 1, found))
        level = following
    return list(facts.values()), list(figures.values())


def _in_scope(expr: Expr[Any]) -> Iterator[Expr[Any]]:
    """Yield the parts of an expression that speak of the record itself, not of its children."""
    yield expr
    if not isinstance(expr, Aggregate):
        for operand in expr.operands:
            yield from _in_scope(operand)


def figures_read(loaded: LoadedRule) -> list[Expr[Any]]:
    """Return the figures that a rule reads for the record itself, directly or through facts, nearest first."""
    return [found.expr for found in _gather(loaded.rule.conditions)[1]]


def _compared(part: Expr[bool]) -> tuple[Expr[Any], ...]:
    """Return what a simple condition compares; of deadlines of children the next due, and a clock cannot be shown."""
    if isinstance(part, Aggregate):
        return next_due(part)
    return () if any(operand.type in (V.ROWS, V.CLOCK) for operand in part.operands) else part.operands


class _Plan:
    """What to compute for the evidence of one rule, made once."""

    def __init__(self, loaded: LoadedRule) -> None:
        self.facts, self.figures = _gather(loaded.rule.conditions)
        self.parts = [
            (part, wanted, str(part) if wanted else f"not {part}")
            for part, wanted in failing_parts(loaded.rule.require)
        ]
        self.facts = [one for one in self.facts if one.expr.type is not V.ROWS and not isinstance(one.expr, Filled)]
        self.unplanned = _unplanned_dues([*loaded.rule.conditions, *(one.expr.definition for one in self.facts)])
        self.exprs: list[Expr[Any]] = [found.expr for found in self.facts]
        self.exprs += [
            expr
            for figure in (found.expr for found in self.figures)
            for expr in (figure, *(figure.keys if isinstance(figure, FigureAt) else ()))
        ]
        for part, _, _ in self.parts:
            self.exprs += [part, *_compared(part), *([calendar_of(part.due)] if isinstance(part, By) else [])]
        self.calendars = calendars_named(loaded.rule.conditions)
        self.exprs += self.calendars


def _unplanned_dues(exprs: Iterable[Expr[Any] | None]) -> frozenset[str]:
    """Return the names of given facts that are dues and may not lie ahead, since nobody declared them as planned."""
    found = set()
    for expr in exprs:
        for node in walk(expr) if expr is not None else ():
            due = node.due if isinstance(node, By) else None
            while isinstance(due, Fact) and isinstance(due.definition, Fact):
                due = due.definition
            if isinstance(due, Fact) and due.definition is None and due.planned is False and due.owner is not None:
                found.add(f"{due.owner.__name__}.{due.name}")
    return frozenset(found)


def behind(
    runner: Runner, position: int, names: Container[str],
    below: Callable[[Expr[Any], type[Facts]], frozenset[str]] = kinds_below,
) -> frozenset[str]:  # fmt: skip
    """Return the kinds of children, or the fields of them, that facts of a rule rest on, of those with the names."""
    child = runner.vocabulary.children
    if child is None:
        return frozenset()
    plan = runner.plans.get(position) or runner.plans.setdefault(position, _Plan(runner.rules[position]))
    found: set[str] = set()
    for one in plan.facts:
        fact = one.expr
        if (f"{fact.owner.__name__}.{fact.name}" if fact.owner is not None else fact.name) in names:
            found |= below(fact, child)
    return frozenset(found)


def read_evidence(runner: Runner, position: int, record: Any, us: int, *, failed: bool, pending: bool) -> Evidence:
    """Return the evidence of a rule's verdict on a record."""
    loaded = runner.rules[position]
    plan = runner.plans.get(position) or runner.plans.setdefault(position, _Plan(loaded))
    values = iter(runner.values(("evidence", position), plan.exprs, record, us))
    shown = Shown(runner)
    inputs, clocks, told = [], {}, set[_Found]()
    for found in plan.facts:
        fact, value = found.expr, next(values)
        name = f"{fact.owner.__name__}.{fact.name}" if fact.owner is not None else fact.name
        if fact.type is V.CLOCK:
            clocks[name] = value
            continue
        inputs.append(Input(name, fact.title, shown(value, fact.type), fact.unit, found.depth))
        if value is not None:
            told.add(found)
    day = _dated_day(runner, record, us) if plan.figures else None
    figures = [_figure(runner, found.expr, values, day, shown) for found in plan.figures]
    shortfall, waits = None, dict[int, Waits]()
    for part, wanted, text in plan.parts:
        held = next(values)
        operands = [next(values) for _ in _compared(part)]
        calendar = runner.binding.calendar_named((next(values) if isinstance(part, By) else "") or "")
        if failed and shortfall is None and held is (not wanted):
            shortfall = _shortfall(part, text, operands, us, shown, calendar, wanted=wanted)
        if pending and held is WAITING and isinstance(part, (By, Aggregate)) and operands and operands[-1] is not None:
            due = shown(operands[-1], V.INSTANT, calendar.zone)
            waits[id(part)] = Waits(due, is_beyond(due, calendar), _warns(part))
    names = {name for found in (next(values) for _ in plan.calendars) if found is not None for name in _names(found)}
    calendars = [runner.binding.calendar_named(name) for name in sorted(names)]
    read = [found for found in plan.facts if found.expr.type is not V.CLOCK]
    missing = [r.fact for r, found in zip(inputs, read, strict=True) if r.value is None and _is_needed(found, told)]
    for figure, found in zip(figures, plan.figures, strict=True):
        name = figure.name if figure.is_dated else _day_fact(runner)
        if figure.value is None and _is_needed(found, told) and name not in missing:
            missing.append(name)
    return Evidence(
        tuple(inputs), tuple(figures), shortfall, tuple(missing), clocks, tuple(w.due for w in waits.values()),
        tuple(calendars if len(calendars) < 2 else dict.fromkeys(calendars)),
        Standing(waits).of(loaded.rule.require, wanted=True), tuple(name for name in missing if name in plan.unplanned),
    )  # fmt: skip


def _warns(part: By | Aggregate[bool]) -> bool:
    due = resolve(part.due) if isinstance(part, By) else part
    return isinstance(due, Kernel) and due.kernel.warns


def _names(found: str | frozenset[str]) -> frozenset[str]:
    return frozenset((found,)) if isinstance(found, str) else found


def is_beyond(due: datetime | date, calendar: WorkCalendar) -> bool:
    """Whether a due lies beyond the days that its calendar knows."""
    last = calendar.known_until
    return last is not None and (due.astimezone(calendar.zone).date() if isinstance(due, datetime) else due) > last


def _day_fact(runner: Runner) -> str:
    return f"{runner.vocabulary.root.__name__}.{runner.vocabulary.options.dated_by}"


def _is_needed(found: _Found, told: set[_Found]) -> bool:
    """Whether the rule names it, or a fact rests on it that could not be told itself."""
    pending, seen = [found], {found}
    while pending:
        for above in pending.pop().above:
            if above is None:
                return True
            if above not in told and above not in seen:
                seen.add(above)
                pending.append(above)
    return False


class Shown:
    """Turns values as records and columns hold them into what a reader is shown."""

    def __init__(self, runner: Runner) -> None:
        self.zone: tzinfo = runner.binding.calendar.zone

    def __call__(self, value: Any, kind: ValueType, zone: tzinfo | None = None) -> Any:
        """Return the value of a type: instants in a zone, that of the rules by default; what a number stands for."""
        if value is None or value is WAITING:
            return value
        if kind is V.INSTANT:
            at = from_us(as_us(value), zone or self.zone)
            return date(at.year, at.month, at.day) if isinstance(value, DateOnly) else at
        if type(value) is int and kind in _COUNTED:
            return _COUNTED[kind](value)
        return value


_COUNTED: Final[Mapping[ValueType, Callable[[int], Any]]] = {
    V.WORK: WorkSpan, V.DATE: date.fromordinal, V.SPAN: lambda us: timedelta(microseconds=us)
}  # fmt: skip


def _figure(runner: Runner, expr: Expr[Any], values: Iterator[Any], day: date | None, shown: Shown) -> FigureRead:
    figure = expr.figure if isinstance(expr, FigureAt) else expr
    assert isinstance(figure, Figure)  # noqa: S101 - gathered as such
    value = next(values)
    key = key_of([next(values) for _ in expr.keys]) if isinstance(expr, FigureAt) else ""
    dated = runner.binding.figures.get(figure.name, figure.table).get(key)
    name = named_line(figure.name, key)
    if dated is None or value is None or day is None:
        return FigureRead(name, None, None, None, figure.unit, is_dated=dated is None or day is not None)
    place = in_force(dated, day)
    return FigureRead(name, shown(value, figure.type), dated.dates[place], dated.bases[place], figure.unit)


def _dated_day(runner: Runner, record: Any, us: int) -> date | None:
    """Return the day whose figures hold for a record; None if it does not say."""
    if runner.binding.figures_as_of is not None:
        return runner.binding.figures_as_of
    dated = dating(runner.vocabulary)
    when: Any = us
    if dated is not None:
        (when,) = runner.values(("dated",), [dated], record, us)
    if when is None:
        return None
    zone = runner.binding.calendar.zone
    return (from_us(when, zone) if isinstance(when, int) else when.astimezone(zone)).date()


def _shortfall(
    part: Expr[bool], text: str, operands: list[Any], us: int, shown: Shown, calendar: WorkCalendar, *, wanted: bool
) -> Shortfall:
    if isinstance(part, By):
        done, due = operands
        end, over = us if done is None else as_us(done), as_us(due)
        if isinstance(end, DateOnly):  # by whole days: from the end of the last day to the end of the date
            end, over = end.end, calendar.table.midnight(calendar.table.date_of(over - 1) + 1)
        late = timedelta(microseconds=end - over)
        overrun = WorkSpan(calendar.table.open_before(end) - calendar.table.open_before(over))
        actual, bound = (shown(at, V.INSTANT, calendar.zone) for at in (done, due))
        return Shortfall(text, late, None, overrun, actual, bound, calendar=calendar, warns=_warns(part))
    if isinstance(part, (Within, Op)) and len(operands) == 2:
        kinds = [operand.type for operand in part.operands]
        actual, bound = (shown(value, kind) for value, kind in zip(operands, kinds, strict=True))
        strict = isinstance(part, Op) and part.name in (("lt", "gt") if wanted else ("le", "ge"))
        unit = "days" if V.DATE in kinds else part.operands[0].unit
        sign = "at most" if isinstance(part, Within) else OPERATORS[part.name].symbol
        if not wanted:
            sign = _OPPOSITE.get(sign, f"not {sign}")
        return Shortfall(text, difference(operands, kinds, strict=strict), unit, None, actual, bound, sign)
    one = len(operands) == 1 and not isinstance(part, Aggregate)
    actual = shown(operands[0], part.operands[0].type) if one else None
    return Shortfall(text, None, None, None, actual, wanted)
