"""Calls that are no operator: working-time arithmetic, and whatever a vocabulary computes in Python of its own.

A kernel is declared once as a value: its name, the types it takes and gives, and a function that binds it to
calendars and returns the Python that computes it. Inside, instants are microseconds UTC, dates are ordinals, spans
are microseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from keyword import iskeyword
from typing import Any, Final

import attrs

from windowservice.asked import told
from windowservice.errors import InvalidRule
from windowservice.language.tree.expr import Expr, builder
from windowservice.language.tree.values import ValueType
from windowservice.worktime.bound import (
    Binding,
    bind_business_day,
    bind_close_of,
    bind_date,
    bind_dated,
    bind_due,
    bind_workdays,
    bind_worked,
)  # fmt: skip
from windowservice.worktime.integers import kernels as integers
from windowservice.worktime.limits.limit import Limit
from windowservice.worktime.spans import WorkSpan

__all__ = [
    "BUSINESS_DAY", "CLOSE_OF", "DATE", "DATED", "DUE", "KERNELS", "WORKDAYS", "WORKED", "Binding", "Function", "due",
    "workdays", "worked",
]  # fmt: skip

V = ValueType


@told
@attrs.frozen
class Function:
    """A function that expressions call, declared.

    Attributes:
        name: how the text form calls it.
        takes: the types of its arguments.
        gives: the type of its result; a `CLOCK` is a tuple laid out by `CLOCK_PARTS`.
        bind: called once with a `Binding`; returns the function that computes.
        optional: positions of arguments that may be missing; if another is missing, so is the result.
        wants_as_of: whether ``as_of`` is passed as a last argument.
        closed_by: position of the argument that, once known, ends growth; None if the result does not grow.
        grows: the parts of a clock that grow with time until closed; with a plain result, ``("",)``.
        moves: whether the result changes by time alone in another way than by growing.
        turns: whether the result may change either way as further children of the record come.
        rises_with: positions of the arguments with which the result rises, all else equal.
        title: one sentence.
        defaults: what the last arguments are if they are left out.
        calendar_at: position of the argument that names the calendar by which is counted; None if none does.
        by_default: whether open time or workdays of the default calendar are counted, since no argument names one.
        warns: whether the instant it gives only warns: whoever passes it is at risk, not late.
        integers: the same in whole numbers over a memory (see `windowservice.worktime.integers`), which is also printed
            for columns; None if there is no such text.
        by_day: whether its text in whole numbers rests on one date alone: of columns it is counted once for each day.
        part: how it is written, if it is as a part of its first argument, which says the others.
        named: what it finds in the head of that memory: words, or sets of words, by their place.
    """

    name: str
    takes: tuple[ValueType, ...]
    gives: ValueType
    bind: Callable[[Binding], Callable[..., Any]]
    optional: frozenset[int] = frozenset()
    wants_as_of: bool = False
    closed_by: int | None = None
    grows: tuple[str, ...] = ()
    moves: bool = False
    turns: bool = False
    rises_with: frozenset[int] = frozenset()
    title: str = ""
    defaults: tuple[object, ...] = ()
    calendar_at: int | None = None
    by_default: bool = False
    warns: bool = False
    integers: Callable[..., int] | None = None
    by_day: bool = False
    part: str = ""
    named: Mapping[int, str | frozenset[str]] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        """Check the name, which stands in texts and in generated code."""
        if not self.name.isidentifier() or iskeyword(self.name):
            raise InvalidRule(
                f"kernel {self.name!r}", "has a name that is no word", "write letters, digits and underscores"
            )

    def __call__(self, *args: object) -> Expr[Any]:
        """Return the call as an expression.

        Raises:
            TypeMismatch: for the wrong number or types of arguments.
            InvalidRule: for a deadline test as an argument, whose waiting would be lost.
        """
        return builder().call(self, args)


DUE: Final = Function(
    "due",
    (V.INSTANT, V.LIMIT, V.TEXT),
    V.CLOCK,
    bind_due,
    optional=frozenset({2}),
    title="When a limit that starts at an instant ends",
    integers=integers.due,
    defaults=("",),
    calendar_at=2,
)
WORKED: Final = Function(
    "worked",
    (V.INSTANT, V.INSTANT, V.TEXT),
    V.WORK,
    bind_worked,
    optional=frozenset({2}),
    rises_with=frozenset({1}),
    title="Open time between two instants",
    integers=integers.worked,
    defaults=("",),
    calendar_at=2,
)
DATE: Final = Function(
    "date",
    (V.INSTANT,),
    V.DATE,
    bind_date,
    rises_with=frozenset({0}),
    title="The civil date of an instant in the calendar's zone",
    integers=integers.date,
)
DATED: Final = Function(
    "dated",
    (V.INSTANT, V.TEXT),
    V.INSTANT,
    bind_dated,
    title="When the date begins, in the zone of civil dates, that an instant has in a zone of its own",
    integers=integers.dated,
)
WORKDAYS: Final = Function(
    "workdays",
    (V.DATE, V.DATE),
    V.INT,
    bind_workdays,
    rises_with=frozenset({1}),
    title="Working days after the first date up to and with the second",
    integers=integers.workdays,
    by_default=True,
)
BUSINESS_DAY: Final = Function(
    "business_day",
    (V.INSTANT, V.TEXT),
    V.INSTANT,
    bind_business_day,
    title="When the date begins on which an instant falls by a calendar whose day turns at another time",
    integers=integers.business_day,
    calendar_at=1,
)
CLOSE_OF: Final = Function(
    "close_of",
    (V.DATE, V.TEXT),
    V.INSTANT,
    bind_close_of,
    title="When a date ends by a calendar; a rest day ends when the next workday does",
    integers=integers.close_of,
    calendar_at=1,
)
KERNELS: Final = {kernel.name: kernel for kernel in (DUE, WORKED, DATE, WORKDAYS, BUSINESS_DAY, CLOSE_OF)}
"""The kernels every vocabulary may call, by name."""


@told
def due(
    start: Expr[datetime], limit: Expr[Limit] | Limit | WorkSpan | str, calendar: Expr[str] | str = ""
) -> Expr[datetime]:
    """Return when a limit that starts at the instant ends, in a calendar of the engine (the default one if unnamed)."""
    return builder().operation("part_due", DUE(start, limit, calendar))


@told
def worked(start: Expr[datetime], end: Expr[datetime], calendar: Expr[str] | str = "") -> Expr[WorkSpan]:
    """Return the open time between two instants, signed, in a calendar of the engine (the default one if unnamed)."""
    return WORKED(start, end, calendar)


@told
def workdays(first: Expr[date], last: Expr[date]) -> Expr[int]:
    """Return the working days after the first date up to and with the second: what a limit counts."""
    return WORKDAYS(first, last)
