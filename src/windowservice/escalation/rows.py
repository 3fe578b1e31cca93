"""The rows of the ladder over single records: which match, with the facts they read and the items behind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

import attrs

from windowservice.clean import for_line
from windowservice.engine.report.evidence import failing_parts
from windowservice.language.analysis.at_least import at_least, lower_bound
from windowservice.language.analysis.check import resolve
from windowservice.language.analysis.items import items_behind
from windowservice.language.analysis.visible import not_there
from windowservice.language.python.compile import compile_values, held_as_of
from windowservice.language.python.facts import fit_record
from windowservice.language.python.marks import WAITING
from windowservice.language.tree.expressions import Expr
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import Facts, party_name
from windowservice.language.tree.kernels import Binding
from windowservice.language.tree.nodes import Aggregate
from windowservice.rules.escalation.ladder import ActionKind, Ladder, LadderRow
from windowservice.worktime.calendar import WorkCalendar

if TYPE_CHECKING:
    import pendulum

    from windowservice.engine.engine import Engine

__all__ = ["WINDOW", "Match", "RowJudge", "RowPlan", "Unmatched", "called_for", "earliest_due", "engine_binding"]

T = TypeVar("T")
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
        new_items: those of them that no action of at least its rank has handled.
        values: the facts that the row names, and what they were; "at least n" if not all of a count is known.
    """

    row: LadderRow
    bank: str
    key: str
    items: frozenset[str]
    new_items: frozenset[str]
    values: dict[str, Any]

    def __str__(self) -> str:
        read = ", ".join(f"{name} = {value}" for name, value in self.values.items())
        return for_line(f"{self.row.id} -> {self.row.action}: {read}; new: {', '.join(sorted(self.new_items))}")


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


def engine_binding(engine: Engine) -> Binding:
    """Return the calendars and figures of an engine, adjustments done, for expressions that no rule of it holds."""
    return Binding(engine.calendar, dict(engine.calendars), dict(engine.figure_tables), engine.figures_as_of)


def called_for(ladder: Ladder, rows: Sequence[LadderRow]) -> tuple[ActionKind | None, tuple[ActionKind, ...]]:
    """Return the action that rows, the gravest first, call for, and those beside it.

    The first is of the highest rank, None if none has one. Beside it stand those that rows name so, and those outside
    the ladder.
    """
    ranked = [row.action for row in rows if ladder.action(row.action).rank is not None]
    highest = ranked[0] if ranked else None
    beside = [name for row in rows for name in row.also]
    beside += [row.action for row in rows if ladder.action(row.action).rank is None]
    also = tuple(ladder.action(name) for name in dict.fromkeys(beside) if name != highest)
    return None if highest is None else ladder.action(highest), also


def earliest_due(
    action: ActionKind, rows: Iterable[LadderRow], calendars: Mapping[str, WorkCalendar], start: pendulum.DateTime
) -> pendulum.DateTime | None:
    """Return by when an action that rows call for is to be fulfilled if it is decided then; None if no day is set.

    A row that sets a day of its own goes before the action; of several the earliest counts.
    """
    limits = {(row.due or action.due, row.calendar or WINDOW) for row in rows if row.action == action.id}
    dues = [
        limit.deadline(start, calendar=calendars[calendar], as_of=start).due
        for limit, calendar in limits if limit is not None
    ]  # fmt: skip
    return min(dues, default=None)


class RowJudge:
    """Rows of the ladder on one kind of record, compiled."""

    def __init__(
        self, rows: Iterable[LadderRow], of: type[Facts], binding: Binding, recorded: frozenset[str] | None, us: int
    ) -> None:
        self.of = of
        self.plans = [RowPlan(row) for row in rows]
        self.compile = partial(compile_values, root=of, binding=binding, recorded=recorded, style="mapping")
        self.read = self.compile([expr for plan in self.plans for expr in plan.exprs])
        self.read_known: dict[str, Any] = {}  # by row; few are needed
        self.as_of: Any = held_as_of(of.options.stored, us)
        self._us, self._zone = us, binding.calendar.zone

    def rows(self, record: Mapping[str, Any]) -> Iterator[Match | Unmatched]:
        """Yield the rows that match the record, and those that cannot be told; none of one that begins later."""
        fit_record(self.of, record)
        if not_there(self.of, record, self._us, self._zone):
            return
        values = iter(self.read(record, self.as_of))
        for plan in self.plans:
            found = plan.judge(record, [next(values) for _ in plan.exprs])
            if isinstance(found, Unmatched):
                found = self._by_what_is_known(plan, record) or found
            if found is not None:
                yield found

    def _by_what_is_known(self, plan: RowPlan, record: Mapping[str, Any]) -> Match | None:
        """Return the match of a row that cannot be told in full, if what is known reaches its thresholds."""
        known = plan.by_what_is_known
        if known is None:
            return None
        name = plan.row.id
        if name not in self.read_known:
            self.read_known[name] = self.compile(known.exprs)
        found = known.judge(record, list(self.read_known[name](record, self.as_of)))
        return found if isinstance(found, Match) else None


class RowPlan:
    """What to compute for one row: whether it holds, the facts it names, and the items behind its conditions.

    Attributes:
        when: the condition: the row's, or one that holds by what is known already.
        facts: the facts that the row names.
        bounds: of each fact what it is at least, None if nothing is said of that.
        parts: the simple conditions, whether each has to be true, and the items behind it.
        party: the column that says against whom an action would be.
    """

    def __init__(self, row: LadderRow, known: Expr[bool] | None = None) -> None:
        self.row = row
        self.party = party_name(row.of)
        self.when = row.when if known is None else known
        self.facts = list(_facts(row.when))
        self.bounds = [None if known is None else lower_bound(fact) for fact in self.facts]
        self.parts = [
            (part, wanted, list(items_behind(part, but=None if wanted else resolve(part))))
            for part, wanted in failing_parts(self.when)
        ]
        self.read: list[Expr[Any]] = [*self.facts, *(bound for bound in self.bounds if bound is not None)]
        self.exprs: list[Expr[Any]] = [self.when, *self.read]
        for part, _, items in self.parts:
            self.exprs += [part, *items]

    @cached_property
    def by_what_is_known(self) -> RowPlan | None:
        """The same row, matching by what is known already; None if that says no more than the row itself."""
        known = at_least(self.row.when)
        return None if known is self.row.when else RowPlan(self.row, known)

    def named(self, values: Sequence[T]) -> Iterator[tuple[str, Fact[Any], T | None, T | None]]:
        """Yield the name of each fact that the row names, the fact, its value and what it is at least."""
        bounds = iter(values[len(self.facts) :])
        for fact, value, bound in zip(self.facts, values, self.bounds, strict=False):
            least = None if bound is None else next(bounds)
            if fact.owner is not None:
                yield f"{fact.owner.__name__}.{fact.name}", fact, value, least

    def judge(self, record: Mapping[str, Any], values: list[Any]) -> Match | Unmatched | None:
        """Return the match, why it cannot be told, or None if the row does not match."""
        holds = values[0]
        read = {
            name: f"at least {least}" if value is None and least is not None else value
            for name, _, value, least in self.named(values[1 : 1 + len(self.read)])
        }
        bank, key = record[self.party], record["id"]
        if holds is None:
            missing = tuple(name for name, value in read.items() if value is None)
            return Unmatched(row=self.row, bank=bank, key=key, missing=missing)
        if holds is WAITING or not holds:
            return None
        items = self._behind(iter(values[1 + len(self.read) :])) or frozenset({key})
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
    seen: set[str] = set()
    level = [expr]
    while level:
        here = level.pop(0)
        if isinstance(here, Fact):
            if here.name not in seen:
                seen.add(here.name)
                yield here
        elif not isinstance(here, Aggregate):  # what it gathers are facts of children
            level = [*here.operands, *level]
