"""Figures: amounts and limits that law or a commitment sets, each dated and with its basis.

A figure is a typed handle that stands in expressions. Which value it has is looked up by the date that the vocabulary
names (a request: the day of submission); before its first date it is unknown.
"""

from __future__ import annotations

import builtins
import itertools
from bisect import bisect_right
from collections.abc import Mapping
from datetime import date
from operator import itemgetter
from typing import Any, Final, TypeVar

import attrs

from windowservice.asked import told
from windowservice.domain.basis import Basis
from windowservice.errors import InvalidRule, TypeMismatch
from windowservice.instants import to_date
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.expressions import constant
from windowservice.language.tree.operators import TIGHT
from windowservice.language.tree.values import ValueType, plain_value, type_of_class, type_of_value
from windowservice.worktime.limits.limit import Limit

__all__ = ["Dated", "Figure", "FigureAt", "check_values", "in_force"]

T = TypeVar("T")
_WRITE: Final = 'write {"2018-07-01": value}, or {"key": {"2018-07-01": value}} if it is keyed'


@attrs.frozen
class Dated:
    """The values of a figure over time: dates ascending, each value in force from local midnight of its date."""

    dates: tuple[date, ...]
    values: tuple[Any, ...]
    bases: tuple[Basis, ...]

    def followed_by(self, added: Dated) -> Dated:
        """Return the history with further values; from a date that has one, the added value counts."""
        rows = {day: (value, basis) for day, value, basis in zip(self.dates, self.values, self.bases, strict=True)}
        rows |= {day: (value, basis) for day, value, basis in zip(added.dates, added.values, added.bases, strict=True)}
        days = tuple(sorted(rows))
        return Dated(days, tuple(rows[day][0] for day in days), tuple(rows[day][1] for day in days))


def in_force(dated: Dated, day: date) -> int:
    """Return the position of the value in force on the day, -1 before the first date."""
    return bisect_right(dated.dates, day) - 1


def check_values(name: str, values: object) -> None:
    """Refuse what is no mapping of dates to values, nor of keys to such mappings.

    Raises:
        InvalidRule: with what to write.
        InvalidTime: for a date that is none.
    """
    if not isinstance(values, Mapping):
        raise InvalidRule(f"figure {name!r}", f"has values without a date: {values!r}", _WRITE)
    if not values:
        raise InvalidRule(f"figure {name!r}", "has no value", _WRITE)
    keyed = [key for key, value in values.items() if isinstance(value, Mapping)]
    if keyed and len(keyed) < len(values):
        raise InvalidRule(f"figure {name!r}", "has values for keys and values without one", _WRITE)
    for key in keyed:
        check_values(f"{name}[{key}]", values[key])
    if not keyed:
        for day in values:
            to_date(day, f"figure {name!r}")


def _dated(name: str, kind: ValueType, values: Mapping[Any, Any], basis: Basis) -> Dated:
    rows = sorted(((to_date(day, f"figure {name!r}"), value) for day, value in values.items()), key=itemgetter(0))
    for (day, _), (following, _) in itertools.pairwise(rows):
        if day == following:
            raise InvalidRule(f"figure {name!r}", f"has two values from {day}", "leave one out")
    found, bases = [], []
    for day, value in rows:
        own = basis
        if isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], Basis):
            value, own = value  # noqa: PLW2901 - a value may carry the basis of its own date
        if kind is ValueType.LIMIT and isinstance(value, str):
            value = Limit.parse(value)  # noqa: PLW2901
        got = type_of_value(value, f"figure {name!r} from {day}")
        if got != kind and not (kind is ValueType.DECIMAL and got is ValueType.INT):
            raise TypeMismatch(f"figure {name!r} from {day}", str(kind), (str(got),))
        found.append(plain_value(value, got))
        bases.append(own)
    return Dated(tuple(day for day, _ in rows), tuple(found), tuple(bases))


def _is_keyed(name: str, values: object, basis: object) -> bool:
    if not isinstance(values, Mapping):
        problem = f"has the values {values!r} ({type(values).__name__}), without a date from which they are in force"
        raise InvalidRule(f"figure {name!r}", problem, f'write {{"2018-07-01": {values!r}}}')
    if not isinstance(basis, Basis):
        problem = f"has the basis {basis!r} ({type(basis).__name__}), which is no Basis"
        raise InvalidRule(f"figure {name!r}", problem, 'write basis=ws.Basis("Notice no. 3 of 2019")')
    return bool(values) and all(isinstance(value, Mapping) for value in values.values())


@told
@attrs.frozen(eq=False, repr=False, str=False, init=False)
class Figure(Expr[T]):
    """A dated figure, to be used in expressions as if it were a value.

    ``Figure("large_cash", int, {"2018-07-01": 500_000}, unit="yuan", basis=...)``; keyed by a text fact such as the
    service: ``Figure("share", Decimal, {"S01": {"2018-01-01": Decimal("0.9")}}, basis=...)[request.service]``. A
    value may be a pair of value and basis when its date has a basis of its own.

    Attributes:
        name: its name within the pack.
        type: the type of its values.
        table: the dated values, by key; the key of an unkeyed figure is the empty text.
        unit: the unit of a number, in words.
        basis: the source.
        note: what a reader should know of it.
    """

    name: str
    type: ValueType
    table: dict[str, Dated]
    unit: str | None
    basis: Basis
    note: str
    keyed: bool

    def __init__(
        self,
        name: str,
        of: builtins.type[T],
        values: Mapping[Any, Any],
        *,
        basis: Basis,
        unit: str | None = None,
        note: str = "",
    ) -> None:
        """Build a figure; `values` maps dates to values, or keys to such mappings.

        Raises:
            InvalidRule, TypeMismatch, InvalidTime: for a bad name, value or date, naming it.
        """
        if not (isinstance(name, str) and name.isidentifier()):
            raise InvalidRule(f"figure {name!r}", "has a name that is no word", "write letters, digits and underscores")
        kind = type_of_class(of, f"figure {name!r}")
        keyed = _is_keyed(name, values, basis)
        check_values(name, values)
        table = (
            {str(key): _dated(f"{name}[{key}]", kind, rows, basis) for key, rows in values.items()} if keyed else None
        )
        self.__attrs_init__(
            name,
            kind,
            table if table is not None else {"": _dated(name, kind, values, basis)},
            unit,
            basis,
            note,
            keyed,
        )

    @classmethod
    def supplied(
        cls,
        name: str,
        of: builtins.type[T],
        *,
        basis: Basis,
        unit: str | None = None,
        note: str = "",
        keyed: bool = True,
    ) -> Figure[T]:
        """Return a figure whose values the engine supplies, such as the limits of its service catalogue."""
        found = cls.__new__(cls)
        kind = type_of_class(of, f"figure {name!r}")
        found.__attrs_init__(name, kind, {}, unit, basis, note, keyed)
        return found

    def with_values(self, values: Mapping[Any, Any], basis: Basis) -> Figure[T]:
        """Return the same figure with other values, on another basis.

        Raises:
            InvalidRule, TypeMismatch, InvalidTime: as for a new figure; also if keys are given to an unkeyed figure
                or left out.
        """
        keyed_so = _is_keyed(self.name, values, basis)
        check_values(self.name, values)
        if self.keyed != keyed_so:
            wanted = '{"S01": {"2018-07-01": value}}' if self.keyed else '{"2018-07-01": value}'
            raise InvalidRule(f"figure {self.name!r}", f"is {'' if self.keyed else 'not '}keyed", f"write {wanted}")
        keyed = values if self.keyed else {"": values}
        table = {str(key): _dated(f"{self.name}[{key}]", self.type, rows, basis) for key, rows in keyed.items()}
        found = type(self).__new__(type(self))
        found.__attrs_init__(self.name, self.type, table, self.unit, basis, self.note, self.keyed)
        return found

    @property
    def identity(self) -> tuple[str, ...]:
        """What tells this figure from others in one expression."""
        return (self.name,)

    def _written(self) -> tuple[str, int]:
        return f"figure.{self.name}", TIGHT

    def as_operand(self) -> Expr[T]:
        """Return the figure itself.

        Raises:
            InvalidRule: if it is keyed, because it has a value only at a key.
        """
        if self.keyed:
            raise InvalidRule(
                f"figure {self.name!r}", "is keyed and stands without a key", f"write {self.name}[...] with a text fact"
            )
        return self

    def __getitem__(self, key: Expr[str] | str) -> Expr[T]:
        """Return the figure's value for a key, or for the key that an expression gives."""
        if not self.keyed:
            raise InvalidRule(f"figure {self.name!r}", "is not keyed", "use it without brackets")
        found = key.as_operand() if isinstance(key, Expr) else constant(key)
        if found.type is not ValueType.TEXT:
            raise TypeMismatch(f"figure {self.name!r}[...]", "a text, such as request.service", (str(found.type),))
        return FigureAt(self, found)


@attrs.frozen(eq=False, repr=False, str=False)
class FigureAt(Expr[T]):
    """A keyed figure at the key that an expression gives."""

    figure: Figure[T]
    key: Expr[str]
    type: ValueType = attrs.field(init=False, default=attrs.Factory(lambda at: at.figure.type, takes_self=True))
    unit: str | None = attrs.field(init=False, default=attrs.Factory(lambda at: at.figure.unit, takes_self=True))

    @property
    def identity(self) -> tuple[str, ...]:
        """What tells this figure from others in one expression."""
        return (self.figure.name,)

    @property
    def operands(self) -> tuple[Expr[Any], ...]:
        """The key."""
        return (self.key,)

    def _written(self) -> tuple[str, int]:
        return f"figure.{self.figure.name}[{self.key}]", TIGHT
