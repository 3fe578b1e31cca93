"""Proposing measures: every row of the ladder that matches, with its evidence, and the gravest measure among them.

The library proposes; a person decides. What has been handled does not match again: only new items do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

import attrs
import pendulum

from windowservice.engine.evidence import failing_parts
from windowservice.engine.ruleset import amended_figures
from windowservice.errors import UnknownName
from windowservice.facts.service_figures import supplied_by
from windowservice.instants import as_of_us, datetime_us, from_us, utc_datetime
from windowservice.language.check import resolve
from windowservice.language.expressions import Aggregate, Expr, constant, gather, operation
from windowservice.language.facts import Fact, Facts
from windowservice.language.kernels import Binding
from windowservice.language.python_code import WAITING
from windowservice.language.python_facts import check_record
from windowservice.language.scope import vocabulary_of
from windowservice.language.to_python import compile_values
from windowservice.rules.ladder import Ladder, LadderRow, MeasureKind
from windowservice.worktime.calendar import WorkCalendar

if TYPE_CHECKING:
    from windowservice.engine.engine import Engine

__all__ = ["Handled", "Match", "Proposal", "Proposals", "Unmatched", "engine_binding", "propose", "weigh"]

WINDOW: Final = "window"
"""The calendar in which days are set unless a row names another."""


@attrs.frozen(kw_only=True)
class Match:
    """A row that matches.

    Attributes:
        row: the row.
        bank: the bank.
        key: the id of the record that matches.
        items: the ids of the items behind it: its cause.
        new_items: those of them that no measure of at least its rank has handled.
        values: the facts that the row names, and what they were.
    """

    row: LadderRow
    bank: str
    key: str
    items: frozenset[str]
    new_items: frozenset[str]
    values: dict[str, Any]

    def __str__(self) -> str:
        read = ", ".join(f"{name} = {value}" for name, value in self.values.items())
        return f"{self.row.id} -> {self.row.measure}: {read}; new: {', '.join(sorted(self.new_items))}"


@attrs.frozen(kw_only=True)
class Unmatched:
    """A row that cannot be told: what it needs is missing.

    Attributes:
        row: the row.
        bank: the bank.
        key: the id of the record.
        missing: the facts that are missing.
    """

    row: LadderRow
    bank: str
    key: str
    missing: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Proposal:
    """What the rows call for at one bank; a person decides.

    Attributes:
        bank: the bank.
        measure: the measure proposed, the highest rank among the rows; None if all it calls for stands beside.
        also: measures proposed beside it: those that rows name so, and those outside the ladder.
        matches: every row that matches, the gravest first, those whose cause is being handled left out.
        added: rows with new items whose cause an open measure handles already, with the id of that measure: the items
            are evidence to add to it.
        as_of: the instant judged.
    """

    bank: str
    measure: MeasureKind | None
    also: tuple[MeasureKind, ...]
    matches: tuple[Match, ...]
    added: tuple[tuple[str, Match], ...]
    as_of: pendulum.DateTime
    _calendars: Mapping[str, WorkCalendar] = attrs.field(repr=False)

    @property
    def authority(self) -> str | None:
        """Who decides on the measure."""
        return None if self.measure is None else self.measure.decided_by

    @property
    def cause(self) -> frozenset[str]:
        """The items behind the measure proposed."""
        if self.measure is None:
            return frozenset().union(*(match.items for match in self.matches))
        own = (match.items for match in self.matches if match.row.measure == self.measure.id)
        return frozenset[str]().union(*own)

    def due(self, decided_at: datetime | date | str | None = None) -> pendulum.DateTime | None:
        """Return by when the measure is to be fulfilled if it is decided then (on the instant judged, if not given).

        A row that sets a day of its own goes before the measure; of several the earliest counts.
        """
        if self.measure is None:
            return None
        zone = self._calendars[WINDOW].zone
        start = self.as_of if decided_at is None else from_us(as_of_us(decided_at, zone), zone)
        rows = [match.row for match in self.matches if match.row.measure == self.measure.id]
        dues = [
            limit.deadline(start, calendar=self._calendars[row.calendar or WINDOW], as_of=start).due
            for row in rows if (limit := row.due or self.measure.due) is not None
        ]  # fmt: skip
        return min(dues) if dues else None

    def __str__(self) -> str:
        named = "evidence only" if self.measure is None and not self.also else "beside the ladder"
        said = f"{self.measure.en} ({self.measure.zh}), decided by {self.authority}" if self.measure else named
        beside = "".join(f"; also {kind.en} ({kind.zh}), decided by {kind.decided_by}" for kind in self.also)
        rows = "".join(f"\n  {match}" for match in self.matches)
        added = "".join(f"\n  evidence for open measure {measure}: {match}" for measure, match in self.added)
        return f"{self.bank} PROPOSED {said}{beside}{rows}{added}"


@attrs.frozen(kw_only=True)
class Proposals:
    """What the ladder says of all banks.

    Attributes:
        proposals: one for each bank that any row calls for, by bank.
        unknown: the rows that could not be told.
        ladder: the ladder.
    """

    proposals: tuple[Proposal, ...]
    unknown: tuple[Unmatched, ...]
    ladder: Ladder

    def __iter__(self) -> Iterator[Proposal]:
        return iter(self.proposals)

    def __len__(self) -> int:
        return len(self.proposals)

    def of(self, bank: str) -> Proposal | None:
        """Return the proposal for a bank, None if nothing is called for."""
        return next((found for found in self.proposals if found.bank == bank), None)


def propose(
    ladder: Ladder,
    records: Iterable[Mapping[str, Any]],
    *,
    as_of: datetime | date | str,
    engine: Engine,
    measures: Iterable[Mapping[str, Any]] = (),
    recorded: Iterable[str] | None = None,
) -> Proposals:
    """Return what the ladder proposes for the records: banks' periods, readings, messages and whatever its rows judge.

    Args:
        ladder: the rows and measures.
        records: rows of tables, or what `measure_records` makes of a ledger; each says its vocabulary by its table.
        as_of: the instant judged; a bare date means 24:00 of it.
        engine: whose calendars and figures are used.
        measures: the rows of the table of measures, open and closed; what is later than `as_of` is not seen.
        recorded: the kinds of occurrence that the source records; all if None. Facts of others are unknown.

    Raises:
        UnknownName: if a measure of the table is not on the ladder, or a row names a calendar that the engine lacks.
        InvalidValue: if a record lacks a required fact.
    """
    us = as_of_us(as_of, engine.calendar.zone)
    for row in ladder.rows:
        if row.calendar and row.calendar not in engine.calendars:
            raise UnknownName("calendar", row.calendar, tuple(engine.calendars), f"row {row.id} of the ladder")
    handled = Handled(ladder, measures, us)
    matches, unknown = weigh(ladder, records, as_of=as_of, engine=engine, recorded=recorded)
    by_bank: dict[str, list[Match]] = {}
    for match in matches:
        new = handled.new(match)
        if new:
            by_bank.setdefault(match.bank, []).append(attrs.evolve(match, new_items=new))
    when = from_us(us, engine.calendar.zone)
    proposals = (
        _proposal(ladder, bank, rows, handled, when, engine.calendars) for bank, rows in sorted(by_bank.items())
    )
    return Proposals(proposals=tuple(proposals), unknown=tuple(unknown), ladder=ladder)


def weigh(
    ladder: Ladder,
    records: Iterable[Mapping[str, Any]],
    *,
    as_of: datetime | date | str,
    engine: Engine,
    recorded: Iterable[str] | None = None,
) -> tuple[list[Match], list[Unmatched]]:
    """Return the rows that match the records, whether handled or not, and those that cannot be told; see `propose`."""
    us = as_of_us(as_of, engine.calendar.zone)
    told = None if recorded is None else frozenset(recorded)
    binding = engine_binding(engine)
    judges = {of: _Judge(ladder, of, binding, told, us) for of in dict.fromkeys(row.of for row in ladder.rows)}
    by_table = {of.options.table: judge for of, judge in judges.items()}
    matches: list[Match] = []
    unknown: list[Unmatched] = []
    for record in records:
        judge = by_table.get(getattr(record, "table", None))
        for said in () if judge is None else judge.rows(record):
            if isinstance(said, Match):
                matches.append(said)
            else:
                unknown.append(said)
    return matches, unknown


def engine_binding(engine: Engine) -> Binding:
    """Return the calendars and figures of an engine, adjustments done, for expressions that no rule of it holds."""
    tables = amended_figures(engine.rules, engine.amendments, supplied_by(engine.catalogue))
    return Binding(engine.calendar, dict(engine.calendars), tables, engine.figures_as_of)


def _proposal(
    ladder: Ladder, bank: str, rows: Sequence[Match], handled: Handled, when: pendulum.DateTime,
    calendars: Mapping[str, WorkCalendar],
) -> Proposal:  # fmt: skip
    added, fresh = [], []
    for match in sorted(rows, key=lambda match: (-ladder.rank_of(match.row.measure), match.row.id, match.key)):
        open_one = handled.open_for(match)
        if open_one is None:
            fresh.append(match)
        else:
            added.append((open_one, match))
    ranked = [match.row.measure for match in fresh if ladder.measure(match.row.measure).rank is not None]
    highest = ranked[0] if ranked else None
    beside = [name for match in fresh for name in match.row.also]
    beside += [match.row.measure for match in fresh if ladder.measure(match.row.measure).rank is None]
    also = [ladder.measure(name) for name in dict.fromkeys(beside) if name != highest]
    return Proposal(
        bank=bank, measure=None if highest is None else ladder.measure(highest), also=tuple(also),
        matches=tuple(fresh), added=tuple(added), as_of=when, calendars=calendars,
    )  # fmt: skip


class Handled:
    """What measures that were proposed or decided before have handled."""

    def __init__(self, ladder: Ladder, measures: Iterable[Mapping[str, Any]], us: int) -> None:
        self.ladder = ladder
        self.of_bank: dict[str, list[_Measure]] = {}
        for row in measures:
            at = datetime_us(row["proposed_at"])
            if at > us:
                continue
            rejected = row.get("decision") == "rejected" and _seen(row.get("decided_at"), us)
            closed = rejected or _seen(row.get("released_at"), us)
            cause, rows = frozenset(row.get("cause") or ()), frozenset(row.get("rows") or ())
            found = _Measure(row["id"], ladder.rank_of(row["measure"]), at, cause, rows, not closed)
            self.of_bank.setdefault(row["bank"], []).append(found)

    def _grave_enough(self, match: Match) -> Iterator[_Measure]:
        rank = self.ladder.rank_of(match.row.measure)
        return (found for found in self.of_bank.get(match.bank, ()) if found.rank >= rank)

    def new(self, match: Match) -> frozenset[str]:
        """Return the items that no measure of at least the row's rank has handled."""
        return match.items - frozenset[str]().union(*(found.cause for found in self._grave_enough(match)))

    def since(self, match: Match) -> int | None:
        """Return from when all items were handled by measures of at least the row's rank; None if some are not."""
        left = match.items
        for found in sorted(self._grave_enough(match), key=lambda found: found.at):
            left -= found.cause
            if not left:
                return found.at
        return None

    def open_for(self, match: Match) -> str | None:
        """Return the id of an open measure of at least the row's rank on its cause: the row, or some items."""
        for found in self._grave_enough(match):
            if found.is_open and (match.row.id in found.rows or found.cause & match.items):
                return found.id
        return None


@attrs.frozen
class _Measure:
    """A measure that was proposed: its rank, when, its cause and rows, and whether it is open."""

    id: str
    rank: int
    at: int
    cause: frozenset[str]
    rows: frozenset[str]
    is_open: bool


def _seen(value: datetime | None, us: int) -> bool:
    return value is not None and datetime_us(value) <= us


class _Judge:
    """The rows on one kind of record, compiled."""

    def __init__(
        self, ladder: Ladder, of: type[Facts], binding: Binding, recorded: frozenset[str] | None, us: int
    ) -> None:
        self.of = of
        self.plans = [_Plan(row) for row in ladder.rows if row.of is of]
        exprs = [expr for plan in self.plans for expr in plan.exprs]
        self.read = compile_values(exprs, of, binding, recorded=recorded, style="mapping")
        self.as_of: Any = us if of.options.stored == "microseconds" else utc_datetime(us)

    def rows(self, record: Mapping[str, Any]) -> Iterator[Match | Unmatched]:
        """Yield the rows that match the record, and those that cannot be told."""
        check_record(self.of, record)
        values = iter(self.read(record, self.as_of))
        for plan in self.plans:
            found = plan.judge(record, [next(values) for _ in plan.exprs])
            if found is not None:
                yield found


class _Plan:
    """What to compute for one row: whether it holds, the facts it names, and the items behind its conditions."""

    def __init__(self, row: LadderRow) -> None:
        self.row = row
        self.facts = list(_facts(row.when))
        self.parts = [(part, wanted, list(_items(part))) for part, wanted in failing_parts(row.when)]
        self.exprs: list[Expr[Any]] = [row.when, *self.facts]
        for part, _, items in self.parts:
            self.exprs += [part, *items]

    def judge(self, record: Mapping[str, Any], values: list[Any]) -> Match | Unmatched | None:
        """Return the match, why it cannot be told, or None if the row does not match."""
        holds = values[0]
        names = [f"{fact.owner.__name__}.{fact.name}" for fact in self.facts if fact.owner is not None]
        read = dict(zip(names, values[1 : 1 + len(self.facts)], strict=True))
        bank, key = record["bank"], record["id"]
        if holds is None:
            missing = tuple(name for name, value in read.items() if value is None)
            return Unmatched(row=self.row, bank=bank, key=key, missing=missing)
        if holds is WAITING or not holds:
            return None
        items = self._behind(iter(values[1 + len(self.facts) :])) or frozenset({key})
        return Match(row=self.row, bank=bank, key=key, items=items, new_items=items, values=read)

    def _behind(self, values: Iterator[Any]) -> frozenset[str]:
        found: frozenset[str] = frozenset()
        for _, wanted, items in self.parts:
            held = next(values)
            for _ in items:
                ids = next(values)
                if held is wanted and ids:
                    found |= ids
        return found


def _facts(expr: Expr[Any]) -> Iterator[Fact[Any]]:
    """Yield the facts that a condition names, each once, in order."""
    seen: Final[set[str]] = set()
    level = [expr]
    while level:
        here = level.pop(0)
        if isinstance(here, Fact):
            if here.name not in seen:
                seen.add(here.name)
                yield here
        else:
            level = [*here.operands, *level]


def _items(expr: Expr[Any]) -> Iterator[Expr[Any]]:
    """Yield, for each aggregate behind a condition, the ids of the children that it is made of."""
    found = resolve(expr)
    if isinstance(found, Aggregate):
        child: Any = vocabulary_of(found.child)  # an aggregate speaks of children, which have a vocabulary
        where = None if found.where is None else operation("otherwise", found.where, constant(False))
        yield gather("union", child.given["id"], where=where, child=child)
        return
    for operand in found.operands:
        yield from _items(operand)
