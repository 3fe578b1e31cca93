"""Figures: amounts and limits that law or a commitment sets, each dated and with its basis.

A figure is a typed handle that stands in expressions. Which value it has is looked up by the date that the vocabulary
names (a request: the day of submission); before its first date it is unknown.
"""

from __future__ import annotations

import builtins
import itertools
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from operator import itemgetter
from typing import Any, Final, TypeVar

import attrs

from windowservice.asked import told
from windowservice.domain.basis import Basis
from windowservice.errors import InvalidRule, TypeMismatch, UnknownName
from windowservice.instants import to_date
from windowservice.language.tree.expr import Expr, told_by
from windowservice.language.tree.expressions import check_waiting, constant
from windowservice.language.tree.nodes import Const
from windowservice.language.tree.operators import TIGHT
from windowservice.language.tree.values import ValueType, plain_value, type_of_class, type_of_value
from windowservice.worktime.limits.limit import Limit

__all__ = [
    "Dated",
    "Figure",
    "FigureAt",
    "Key",
    "check_values",
    "figure_of",
    "in_force",
    "key_of",
    "named_line",
    "shown_key",
]

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


Key = str | tuple[Any, ...]
"""The key of a line: a text, or several keys, or one that is no text, in a tuple; the empty text without any."""
_KEYS: Final = (ValueType.TEXT, ValueType.INT, ValueType.BOOL)


def shown_key(key: Key) -> str:
    """Return how a key is shown: as it is, or several with commas."""
    return key if isinstance(key, str) else ", ".join(map(str, key))


def named_line(name: str, key: Key) -> str:
    """Return how messages and evidence call the line of a figure: its name and its keys, as in contract[ACME, P1]."""
    return f"{name}[{shown_key(key)}]" if key else name


def key_of(given: Sequence[Any]) -> Key:
    """Return the key under which a table holds the line of some keys, or of none."""
    if not given:
        return ""
    return given[0] if len(given) == 1 and isinstance(given[0], str) else tuple(given)


def check_values(name: str, values: object) -> None:
    """Refuse what is no mapping of dates to values, nor of keys to such mappings.

    Raises:
        InvalidRule: with what to write.
        InvalidTime: for a date that is none.
    """
    for key, dated in _lines(name, values, ()):
        for day in dated:
            to_date(day, f"figure {named_line(name, key)!r}")


def _lines(name: str, values: object, above: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], Mapping[Any, Any]]]:
    """Yield the dated values of each line with its keys, which stand in a tuple or one within the other."""
    what = f"figure {named_line(name, above)!r}"
    if not isinstance(values, Mapping):
        problem = f"has the values {values!r} ({type(values).__name__}), without a date from which they are in force"
        raise InvalidRule(what, problem, f'write {{"2018-07-01": {values!r}}}')
    if not values:
        raise InvalidRule(what, "has no value", _WRITE)
    keyed = [isinstance(value, Mapping) for value in values.values()]
    if not any(keyed):
        yield above, values
    elif not all(keyed):
        raise InvalidRule(what, "has values for keys and values without one", _WRITE)
    else:
        for key, value in values.items():
            yield from _lines(name, value, (*above, *(key if isinstance(key, tuple) else (key,))))


def _read_lines(name: str, values: object, basis: object) -> list[tuple[tuple[Any, ...], Mapping[Any, Any]]]:
    """Return the dated values of each line with its keys, as plain values.

    Raises:
        InvalidRule: if two lines have other numbers or types of keys, or the same keys; or for a basis that is none.
    """
    if not isinstance(basis, Basis):
        problem = f"has the basis {basis!r} ({type(basis).__name__}), which is no Basis"
        raise InvalidRule(f"figure {name!r}", problem, 'write basis=ws.Basis("Notice no. 3 of 2019")')
    found: dict[tuple[Any, ...], Mapping[Any, Any]] = {}
    for key, dated in _lines(name, values, ()):
        plain = tuple(plain_value(one, kind) for one, kind in zip(key, _types(name, key), strict=True))
        if plain in found:
            raise InvalidRule(f"figure {named_line(name, plain)!r}", "stands twice", "put all its dates into one line")
        found[plain] = dated
    first, *others = found
    for other in others:
        if (one := _types(name, first)) != (two := _types(name, other)):
            lines = f"the line {named_line(name, first)} ({_said(one)}) and {named_line(name, other)} ({_said(two)})"
            raise InvalidRule(f"figure {name!r}", f"has {lines}", "give every line the same number and types of keys")
    return list(found.items())


def _types(name: str, key: tuple[Any, ...]) -> tuple[ValueType, ...]:
    """Return the types of the keys of a line."""
    found = tuple(type_of_value(one, f"figure {name!r}") for one in key)
    for one, kind in zip(key, found, strict=True):
        if kind not in _KEYS:
            problem = f"has the key {one!r}, {kind.with_article}"
            raise InvalidRule(f"figure {name!r}", problem, "use texts, whole numbers or truth values as keys")
    return found


def _said(kinds: Sequence[ValueType]) -> str:
    return ", ".join(kinds) if kinds else "no key"


def _as_told(value: Any, kind: ValueType) -> Any:
    """Return a value as its type has it: a limit of its text, a set of a list, an exact number of its digits."""
    if kind is ValueType.LIMIT and isinstance(value, str):
        return Limit.parse(value)
    if kind is ValueType.TEXTS and isinstance(value, list):
        return frozenset(value)
    if kind is ValueType.DECIMAL and isinstance(value, str):
        from windowservice.strict import exact_decimal  # only files write them so

        with suppress(TypeError):  # it is told as a value of another type
            return exact_decimal(value)
    return value


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
        value = _as_told(value, kind)  # noqa: PLW2901
        got = type_of_value(value, f"figure {name!r} from {day}")
        if got != kind and not (kind is ValueType.DECIMAL and got is ValueType.INT):
            raise TypeMismatch(f"figure {name!r} from {day}", str(kind), (str(got),))
        found.append(plain_value(value, got))
        bases.append(own)
    return Dated(tuple(day for day, _ in rows), tuple(found), tuple(bases))


def _table(
    name: str, kind: ValueType, lines: Iterable[tuple[tuple[Any, ...], Mapping[Any, Any]]], basis: Basis
) -> dict[Key, Dated]:
    return {key_of(key): _dated(named_line(name, key), kind, dated, basis) for key, dated in lines}


@told
@attrs.frozen(eq=False, repr=False, str=False, init=False)
class Figure(Expr[T]):
    """A dated figure, to be used in expressions as if it were a value.

    ``Figure("large_cash", int, {"2018-07-01": 500_000}, unit="yuan", basis=...)``; keyed by a text fact such as the
    service: ``Figure("share", Decimal, {"S01": {"2018-01-01": Decimal("0.9")}}, basis=...)[request.service]``; by
    several: ``Figure("contract", Limit, {("ACME", "P1"): {"2018-01-01": "4 hours"}}, basis=...)[customer, priority]``.
    A value may be a pair of value and basis when its date has a basis of its own.

    Attributes:
        name: its name within the pack.
        type: the type of its values.
        table: the dated values, by key: of one text key the text, else a tuple; without keys the empty text.
        unit: the unit of a number, in words.
        basis: the source.
        note: what a reader should know of it.
        keys: the types of its keys; none if it is not keyed.
        key_names: what its keys are called where lines name them, in order; empty if nobody says.
    """

    name: str
    type: ValueType
    table: dict[Key, Dated]
    unit: str | None
    basis: Basis
    note: str
    keys: tuple[ValueType, ...]
    key_names: tuple[str, ...] = ()

    def __init__(
        self,
        name: str,
        of: builtins.type[T],
        values: Mapping[Any, Any],
        *,
        basis: Basis,
        unit: str | None = None,
        note: str = "",
        key_names: tuple[str, ...] = (),
    ) -> None:
        """Build a figure; `values` maps dates to values, or keys to such mappings.

        Raises:
            InvalidRule, TypeMismatch, InvalidTime: for a bad name, value or date, naming it.
        """
        if not (isinstance(name, str) and name.isidentifier()):
            raise InvalidRule(f"figure {name!r}", "has a name that is no word", "write letters, digits and underscores")
        kind = type_of_class(of, f"figure {name!r}")
        lines = _read_lines(name, values, basis)
        keys = _types(name, lines[0][0])
        self.__attrs_init__(name, kind, _table(name, kind, lines, basis), unit, basis, note, keys, key_names)

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
        found.__attrs_init__(name, kind, {}, unit, basis, note, (ValueType.TEXT,) if keyed else ())
        return found

    def with_values(self, values: Mapping[Any, Any], basis: Basis, key_names: tuple[str, ...] = ()) -> Figure[T]:
        """Return the same figure with other values, on another basis; keys that are named may stand in another order.

        Raises:
            InvalidRule, TypeMismatch, InvalidTime: as for a new figure; also if keys are given to an unkeyed figure
                or left out, or are called otherwise.
        """
        lines = self._in_my_order(_read_lines(self.name, values, basis), key_names)
        if self.keys != (given := _types(self.name, lines[0][0])):
            problem = f"is keyed by {_said(self.keys)}, not by {_said(given)}" if given else "is keyed"
            wanted = '{"2018-07-01": value}'
            if self.keyed:
                wanted = f"{{{next(iter(self.table), 'S01')!r}: {wanted}}}"
            else:
                problem = "is not keyed"
            raise InvalidRule(f"figure {self.name!r}", problem, f"write {wanted}")
        found = type(self).__new__(type(self))
        table = _table(self.name, self.type, lines, basis)
        found.__attrs_init__(self.name, self.type, table, self.unit, basis, self.note, self.keys, self.key_names)
        return found

    def _in_my_order(
        self, lines: list[tuple[tuple[Any, ...], Mapping[Any, Any]]], names: tuple[str, ...]
    ) -> list[tuple[tuple[Any, ...], Mapping[Any, Any]]]:
        """Return lines with their keys in the order of the figure, if both say what keys are called."""
        if not names or not self.key_names or names == self.key_names:
            return lines
        if set(names) != set(self.key_names):
            problem = f"has lines with the keys {', '.join(names)}"
            raise InvalidRule(f"figure {self.name!r}", problem, f"write its keys: {', '.join(self.key_names)}")
        places = [names.index(name) for name in self.key_names]
        return [(tuple(keys[place] for place in places), dated) for keys, dated in lines]

    @property
    def keyed(self) -> bool:
        """Whether it has a value only at a key, or at several."""
        return bool(self.keys)

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
            instead = f"write {self.name}[...] with an expression that gives {_said(self.keys)}"
            raise InvalidRule(f"figure {self.name!r}", "is keyed and stands without a key", instead)
        return self

    def __getitem__(self, key: Expr[Any] | str | int | tuple[Expr[Any] | str | int, ...]) -> Expr[T]:
        """Return the figure's value for one or more keys, each a value or an expression that gives it.

        Raises:
            InvalidRule: if it has another number of keys, or no line has a word that is written or that a fact lists.
            TypeMismatch: for a key of another type.
        """
        given = key if isinstance(key, tuple) else (key,)
        if not self.keyed:
            raise InvalidRule(f"figure {self.name!r}", "is not keyed", "use it without brackets")
        found = tuple(one.as_operand() if isinstance(one, Expr) else constant(one) for one in given)
        what = f"figure {self.name!r}[...]"
        if len(found) != len(self.keys):
            problem = f"is asked for with {len(found)} of its {len(self.keys)} keys ({_said(self.keys)})"
            raise InvalidRule(what, problem, f"write one expression for each, as in {self.name}[{self._example()}]")
        for one, kind in zip(found, self.keys, strict=True):
            if one.type is not kind:
                example = ", such as request.service" if kind is ValueType.TEXT else f" for {one}"
                raise TypeMismatch(what, f"{kind.with_article}{example}", (str(one.type),))
        check_waiting(what, found, "a key")
        self._check_words(found)
        return FigureAt(self, found)

    def _check_words(self, keys: Sequence[Expr[Any]]) -> None:
        """Refuse a word that no line has, and a line whose word its fact does not know."""
        lines = [line if isinstance(line, tuple) else (line,) for line in self.table]
        for place, key in enumerate(keys):
            words = {line[place] for line in lines}
            if isinstance(key, Const) and lines and key.value not in words:
                raise UnknownName(f"key of the figure {self.name!r}", str(key.value), tuple(map(str, words)))
            if known := told_by(key, "words"):
                for word in sorted(words.difference(known)):
                    raise UnknownName(f"word of {key}", word, known, f"a line of the figure {self.name!r}")
            if isinstance(key, Const):  # what follows has to stand beside it
                lines = [line for line in lines if line[place] == key.value]

    def _example(self) -> str:
        """Return the keys of a line as an example of what to write."""
        line = next(iter(self.table), "S01")
        return ", ".join(map(repr, line if isinstance(line, tuple) else (line,)))


@attrs.frozen(eq=False, repr=False, str=False)
class FigureAt(Expr[T]):
    """A keyed figure at the keys that expressions give."""

    figure: Figure[T]
    keys: tuple[Expr[Any], ...]
    type: ValueType = attrs.field(init=False, default=attrs.Factory(lambda at: at.figure.type, takes_self=True))
    unit: str | None = attrs.field(init=False, default=attrs.Factory(lambda at: at.figure.unit, takes_self=True))

    @property
    def identity(self) -> tuple[str, ...]:
        """What tells this figure from others in one expression."""
        return (self.figure.name,)

    @property
    def operands(self) -> tuple[Expr[Any], ...]:
        """The keys."""
        return self.keys

    def _written(self) -> tuple[str, int]:
        return f"figure.{self.figure.name}[{', '.join(map(str, self.keys))}]", TIGHT


def figure_of(expr: Expr[Any]) -> tuple[Figure[Any], tuple[Expr[Any], ...]] | None:
    """Return the figure that an expression stands for, and the expressions of its keys; None for anything else."""
    if isinstance(expr, FigureAt):
        return expr.figure, expr.keys
    return (expr, ()) if isinstance(expr, Figure) else None
