"""Weeks, months, quarters and years as keys of groups: a date stands for the first day of its period."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any, Final, Literal

from windowservice.asked import told
from windowservice.errors import UnknownName
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.kernels import DATE, Function
from windowservice.language.tree.nodes import Kernel
from windowservice.language.tree.values import ValueType
from windowservice.worktime.bound import bind_begin_of
from windowservice.worktime.integers import kernels

__all__ = ["BEGIN_OF", "FIRST_OF", "PERIODS", "begin_of", "kind_of", "period"]

_NO_MEMORY: Final[list[int]] = []


def _without_memory(counted: Callable[..., int], _binding: object) -> Callable[..., int]:
    return partial(counted, _NO_MEMORY)


def _first_of(kind: str, counted: Callable[..., int]) -> Function:
    return Function(
        f"first_of_{kind}", (ValueType.DATE,), ValueType.DATE, partial(_without_memory, counted),
        rises_with=frozenset({0}), title=f"The first day of the {kind} of a date", integers=counted, by_day=True,
    )  # fmt: skip


FIRST_OF: Final[Mapping[str, Function]] = {
    "week": _first_of("week", kernels.first_of_week),
    "month": _first_of("month", kernels.first_of_month),
    "quarter": _first_of("quarter", kernels.first_of_quarter),
    "year": _first_of("year", kernels.first_of_year),
}
BEGIN_OF: Final = Function(
    "begin_of", (ValueType.DATE,), ValueType.INSTANT, bind_begin_of, rises_with=frozenset({0}),
    title="When a date begins", integers=kernels.begin_of, by_day=True,
)  # fmt: skip
PERIODS: Final = {function.name: function for function in (*FIRST_OF.values(), BEGIN_OF)}
"""The functions every vocabulary may call, by name."""


@told
def period(at: Expr[datetime] | Expr[date], kind: Literal["day", "week", "month", "quarter", "year"]) -> Expr[date]:
    """Return the first day of the period in which an instant, by the zone of the calendar, or a date lies.

    Raises:
        UnknownName: for another kind of period.
    """
    day: Expr[Any] = DATE(at) if at.type is ValueType.INSTANT else at
    if kind == "day":
        return day
    if kind not in FIRST_OF:
        raise UnknownName("period", kind, ("day", *FIRST_OF))
    return FIRST_OF[kind](day)


@told
def begin_of(day: Expr[date]) -> Expr[datetime]:
    """Return the instant at which a date begins, in the zone of the calendar."""
    return BEGIN_OF(day)


def kind_of(expr: Expr[Any]) -> Any:
    """Return of which kind the periods are whose first days an expression gives; None if it gives something else."""
    kinds = {function.name: kind for kind, function in FIRST_OF.items()}
    return kinds.get(expr.kernel.name) if isinstance(expr, Kernel) else None
