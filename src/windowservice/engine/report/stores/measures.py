"""How it is measured by how much a rule was missed: what is told of each condition of its requirement, as expressions.

The module that judges a frame tells them in the same run; of single records the evidence gives the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from windowservice.engine.report.parts import failing_parts
from windowservice.language.analysis.counted import calendar_of
from windowservice.language.python.compile import Missed
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.kernels import Binding, Function
from windowservice.language.tree.nodes import AsOf, By, Op, Within
from windowservice.language.tree.rule import Rule
from windowservice.language.tree.values import NUMBERS, ValueType
from windowservice.worktime.integers.calendar import open_before
from windowservice.worktime.integers.memory import CIVIL, Memory, calendar_named

if TYPE_CHECKING:
    import numpy as np

    Ints = np.ndarray[Any, Any]

__all__ = ["Measure", "Missing", "measures", "missing_of", "told_of_failures"]

V = ValueType
_SECOND: Final = 1_000_000


def _open_time(m: Memory, begin: int, end: int, name: int) -> int:
    """Return the open time between two instants, signed; without a default, by the calendar of civil dates."""
    calendar = calendar_named(m, name)
    if calendar == 0:
        calendar = m[CIVIL]
    return open_before(m, calendar, end) - open_before(m, calendar, begin)


def _bind_open_time(binding: Binding) -> Callable[[int, int, str | None], int]:
    def open_time(begin: int, end: int, name: str | None) -> int:
        table = binding.calendar_named(name or "").table
        return table.open_before(end) - table.open_before(begin)

    return open_time


_OPEN_TIME: Final = Function(
    "open_time", (V.INSTANT, V.INSTANT, V.TEXT), V.WORK, _bind_open_time, optional=frozenset({2}), calendar_at=2,
    title="Open time after a deadline, by whatever calendar there is", integers=_open_time,
)  # fmt: skip


class Measure(NamedTuple):
    """How one condition is measured.

    Attributes:
        missed: the condition, and the expressions of the amount and of the open time after a deadline, if it has them.
        unit: the unit of the amount.
        per: how many parts of it make one.
        step: what a strict bound asks for beside.
        signed: whether the amount is less than nothing if what should be late is early; otherwise it is a distance.
    """

    missed: Missed
    unit: str | None
    per: int = 1
    step: int = 0
    signed: bool = False


def measures(rule: Rule) -> list[Measure] | None:
    """Return how the conditions of a rule are measured; None if one of them is by other numbers than whole ones."""
    found = [_measure(condition, wanted=wanted) for condition, wanted in failing_parts(rule.require)]
    return None if None in found else [one for one in found if one is not None]


def _measure(condition: Expr[bool], *, wanted: bool) -> Measure | None:
    if isinstance(condition, By):
        done: Expr[Any] = Op("otherwise", (condition.done, AsOf()), V.INSTANT, None)
        late: Expr[Any] = Op("sub", (done, condition.due), V.SPAN, None)
        over = _OPEN_TIME(condition.due, done, calendar_of(condition.due))
        return Measure(Missed(condition, wanted, (late, over)), "seconds", _SECOND, signed=True)
    nothing = Measure(Missed(condition, wanted, ()), None)
    if not isinstance(condition, (Within, Op)) or len(condition.operands) != 2:
        return nothing
    left, right = condition.operands
    kinds = {left.type, right.type}
    step = int(isinstance(condition, Op) and condition.name in (("lt", "gt") if wanted else ("le", "ge")))
    for kind, unit, per in ((V.INT, left.unit, 1), (V.DATE, "days", 1), *((one, "seconds", _SECOND) for one in _TIMES)):
        if kinds == {kind}:
            gap: Expr[Any] = Op("sub", (left, right), V.SPAN if kind is V.INSTANT else kind, None)
            return Measure(Missed(condition, wanted, (gap,)), unit, per, step)
    return None if kinds <= NUMBERS else nothing._replace(unit=left.unit)


_TIMES: Final = (V.INSTANT, V.SPAN, V.WORK)


def told_of_failures(rules: list[Rule]) -> dict[int, list[Missed]]:
    """Return what a module tells of each rule that failed, by the position of the rule."""
    found = {place: measures(rule) for place, rule in enumerate(rules)}
    return {place: [one.missed for one in parts] for place, parts in found.items() if parts}


class Missing(NamedTuple):
    """What records missed of one rule, those in order that failed it.

    Attributes:
        rows: the records.
        parts: the numbers of the conditions that were missed.
        amounts: by how much, in parts of the unit; a number below all others if there is no measure.
        overruns: the open time after a deadline in microseconds, in the same way.
    """

    rows: Ints
    parts: Ints
    amounts: Ints
    overruns: Ints


def missing_of(told: Ints, rules: frozenset[int]) -> dict[int, Missing]:
    """Return what a module told of failures, by the position of the rule."""
    import numpy as np

    order = np.argsort(told[:, 1].astype(np.int16), kind="stable")  # numbers of 16 bits are put in order by counting
    rows = told[order]
    ends = np.searchsorted(rows[:, 1], np.arange(max(rules, default=0) + 2))
    return {place: Missing(*rows[ends[place] : ends[place + 1], [0, 2, 3, 4]].T) for place in sorted(rules)}
