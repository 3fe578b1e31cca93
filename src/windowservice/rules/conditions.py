"""What conditions allow, read from their trees: alternatives of simple tests, each a set of values of one term.

A term is whatever a comparison with a constant compares: a fact, or a sum of facts. Two terms are taken to be
independent, and figures have the value in force on a day. What is no such comparison is a truth value of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from operator import add, mul, neg, sub
from typing import Any, Final, TypeAlias

import attrs

from windowservice.language.analysis.check import resolve
from windowservice.language.analysis.visible import may_hide
from windowservice.language.tree.expressions import Aggregate, Const, Expr, Op, structure, words_of
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.figures import Dated, Key, figure_of, in_force, key_of
from windowservice.language.tree.operators import OPERATORS
from windowservice.language.tree.values import ORDERED, ValueType

__all__ = [
    "MOST",
    "Allowed",
    "Alternative",
    "Interval",
    "TooMany",
    "Words",
    "alternatives",
    "implies",
    "is_possible",
    "together",
]

MOST: Final = 256
"""How many alternatives are looked at; a condition that has more cannot be decided."""


class TooMany(Exception):
    """A condition has more alternatives than are looked at."""


@attrs.frozen
class Interval:
    """Numbers from a least to a greatest; None: without end. Ends are included unless open."""

    least: Any = None
    greatest: Any = None
    open_least: bool = False
    open_greatest: bool = False

    def meet(self, other: Interval) -> Interval:
        """Return what lies in both."""
        least, open_least = max((self.least, self.open_least), (other.least, other.open_least), key=_from_below)
        greatest, open_greatest = min(
            (self.greatest, self.open_greatest), (other.greatest, other.open_greatest), key=_from_above
        )
        return Interval(least, greatest, open_least, open_greatest)

    @property
    def empty(self) -> bool:
        """Whether nothing lies in it."""
        if self.least is None or self.greatest is None:
            return False
        return bool(self.least > self.greatest) or (
            self.least == self.greatest and (self.open_least or self.open_greatest)
        )

    def within(self, other: Interval) -> bool:
        """Return whether all of it lies in the other."""
        return self.empty or self.meet(other) == self

    def __str__(self) -> str:
        left = "" if self.least is None else f"{'>' if self.open_least else '>='} {self.least}"
        right = "" if self.greatest is None else f"{'<' if self.open_greatest else '<='} {self.greatest}"
        return " and ".join(part for part in (left, right) if part) or "any"


@attrs.frozen
class Words:
    """One of the words, or (if `other`) none of them."""

    words: frozenset[Any]
    other: bool = False

    def meet(self, other: Words) -> Words:
        """Return what is allowed by both."""
        if self.other and other.other:
            return Words(self.words | other.words, other=True)
        if self.other or other.other:
            named, left_out = (other, self) if self.other else (self, other)
            return Words(named.words - left_out.words)
        return Words(self.words & other.words)

    @property
    def empty(self) -> bool:
        """Whether nothing is allowed."""
        return not self.other and not self.words

    def within(self, other: Words) -> bool:
        """Return whether all that it allows the other does."""
        return self.meet(other) == self

    def __str__(self) -> str:
        said = ", ".join(sorted(map(str, self.words)))
        return f"none of {said}" if self.other else f"one of {said}"


Allowed: TypeAlias = Interval | Words
Alternative: TypeAlias = "dict[tuple[Any, ...], tuple[Expr[Any], Allowed]]"
"""One way in which a condition can hold: by term, the term and what it may be."""


Tables: TypeAlias = "Mapping[str, Mapping[Key, Dated]]"
"""Figures' tables by the figure's name."""
_PRESENCE: Final = ("is_missing", "happened")
_ABSENT: Final = {"is_missing": Words(frozenset({True})), "happened": Words(frozenset({False}))}
"""What each test for a value says where there is none."""
_REACHED: Final[dict[str, Callable[..., Any]]] = {"add": add, "sub": sub, "mul": mul, "neg": neg}
_LOOKED_AT: Final = 4_096


def alternatives(
    condition: Expr[bool], day: date, tables: Tables | None = None, *, wanted: bool = True
) -> list[Alternative]:
    """Return the ways in which a condition can hold, or be false if that is `wanted`, that are possible at all.

    Args:
        condition: the condition.
        day: the day whose figures are used.
        tables: the tables that stand in for figures' own, by the figure's name.
        wanted: what it is to be: true or false.

    Raises:
        TooMany: if there are more than `MOST`.
    """
    return [found for found in _ways(condition, _On(day, tables or {}), wanted=wanted) if is_possible(found)]


def is_possible(way: Alternative) -> bool:
    """Return whether no term is asked to be what it cannot be, nor compared where it is missing."""
    for key, (_, allowed) in way.items():
        if allowed.empty:
            return False
        if key[0] in _PRESENCE and allowed == _ABSENT[key[0]] and key[1] in way:
            return False
    return True


def together(one: list[Alternative], other: list[Alternative]) -> list[Alternative]:
    """Return the ways in which two conditions can hold of one record.

    Raises:
        TooMany: if there are more than `MOST`, or more than can be looked at.
    """
    return _both(one, other)


def hole_below(band: Interval, below: Iterable[Interval], term: Expr[Any]) -> Interval | None:
    """Return the numbers between a band and all that begin before it; None if there are none."""
    others = list(below)
    if band.least is None or any(other.greatest is None for other in others):
        return None
    top = max(others, key=lambda other: (other.greatest, not other.open_greatest))
    hole = Interval(top.greatest, band.least, not top.open_greatest, not band.open_least)
    if term.type is ValueType.INT and isinstance(top.greatest, int) and isinstance(band.least, int):
        hole = Interval(top.greatest + 1, band.least - 1)
    return None if hole.empty else hole


def implies(one: Iterable[Alternative], other: Iterable[Alternative]) -> bool:
    """Return whether the second condition surely holds where the first does; False may mean that it cannot be told."""
    wider = list(other)
    return all(any(_narrower(way, wide) for wide in wider) for way in one)


def _narrower(way: Alternative, wide: Alternative) -> bool:
    return all(
        key in way and type(way[key][1]) is type(allowed) and way[key][1].within(allowed)  # type: ignore[arg-type]
        for key, (_, allowed) in wide.items()
    )


@attrs.frozen
class _On:
    """The day on which, and the tables by which, figures are read."""

    day: date
    tables: Tables
    known: dict[tuple[int, bool], list[Alternative]] = attrs.field(factory=dict)


def _ways(expr: Expr[bool], day: _On, *, wanted: bool) -> list[Alternative]:
    """Return the ways of a condition; each is asked once, however often facts rest on it."""
    key = (id(expr), wanted)
    if key not in day.known:
        day.known[key] = _asked(expr, day, wanted=wanted)
    return day.known[key]


def _asked(expr: Expr[bool], day: _On, *, wanted: bool) -> list[Alternative]:
    found = resolve(expr)
    if isinstance(found, Op):
        if found.name == "not":
            return _ways(found.args[0], day, wanted=not wanted)
        if found.name in ("and", "or"):
            left, right = (_ways(arg, day, wanted=wanted) for arg in found.args)
            return _both(left, right) if (found.name == "and") is wanted else _limited([*left, *right])
        if OPERATORS[found.name].opposite:
            return _compared(found, day, wanted=wanted)
        if found.name == "one_of" and isinstance(found.args[1], Const):
            return [_way(found.args[0], Words(frozenset(found.args[1].value), other=not wanted))]
        if found.name in _PRESENCE or found.name == "is_known":
            return [_presence(found, wanted=wanted)]
    return [_way(expr, Words(frozenset({True}) if wanted else frozenset({False})))]


def _presence(found: Op[Any], *, wanted: bool) -> Alternative:
    """Return the way in which a value is there, or is not; that something is known is that it is not missing."""
    name, value = found.name, found.args[0]
    if name == "is_known":
        name, wanted = "is_missing", not wanted
    told = Words(frozenset({wanted}))
    if _always_there(value):
        told = told.meet(Words(frozenset({True, False}) - _ABSENT[name].words))
    return {(name, structure(value)): (found, told)}


def _always_there(value: Expr[Any]) -> bool:
    """Whether a record that is judged says it: it is required, no number that may be none, and not yet to come."""
    if not isinstance(value, Fact) or value.definition is not None or not value.required or value.owner is None:
        return False
    return value.type not in (ValueType.FLOAT, ValueType.DECIMAL) and not may_hide(value.owner, value)


def _compared(found: Op[Any], day: _On, *, wanted: bool) -> list[Alternative]:
    name = found.name if wanted else OPERATORS[found.name].opposite
    left, right = found.args
    bound, term = value_of(right, day.day, day.tables), left
    if bound is None:
        bound, term, name = value_of(left, day.day, day.tables), right, OPERATORS[name].mirror
    if bound is None:
        return [_related(found, name)]
    if left.type not in ORDERED:
        if name in ("eq", "ne"):
            return [_way(term, Words(frozenset({bound}), other=name == "ne"))]
        return [_way(found, Words(frozenset({wanted})))]
    if name == "ne":
        return [_way(term, _interval("lt", bound, term)), _way(term, _interval("gt", bound, term))]
    return [_way(term, _interval(name, bound, term))]


_SIDES: Final = {
    "lt": {"lt"}, "gt": {"gt"}, "eq": {"eq"}, "le": {"lt", "eq"}, "ge": {"gt", "eq"}, "ne": {"lt", "gt"},
}  # fmt: skip


def _related(found: Op[Any], mirrored: str) -> Alternative:
    """Return how two values that nobody knows stand to each other; `mirrored` is the test with its sides changed."""
    right, left = map(structure, found.args)  # as the sides stand once the test is mirrored
    name, sides = mirrored, (left, right)
    if repr(left) > repr(right):
        name, sides = OPERATORS[mirrored].mirror, (right, left)
    allowed = Words(frozenset(_SIDES[name] & ({"eq"} if left == right else _SIDES[name])))
    return {("related", *sides): (found, allowed)}


def _interval(name: str, bound: Any, term: Expr[Any]) -> Interval:
    whole = term.type is ValueType.INT and isinstance(bound, int)
    made = {
        "lt": Interval(None, bound - 1 if whole else bound, open_greatest=not whole),
        "gt": Interval(bound + 1 if whole else bound, None, open_least=not whole),
        "le": Interval(None, bound), "ge": Interval(bound, None), "eq": Interval(bound, bound),
    }[name]  # fmt: skip
    found = resolve(term)
    if (isinstance(found, Aggregate) and found.how == "count") or (isinstance(found, Op) and found.name == "size"):
        made = made.meet(Interval(0, None))
    return made


def _way(term: Expr[Any], allowed: Allowed) -> Alternative:
    words = words_of(term)
    if words and isinstance(allowed, Words):
        allowed = allowed.meet(Words(frozenset(words)))
    return {structure(term): (term, allowed)}


def _both(left: list[Alternative], right: list[Alternative]) -> list[Alternative]:
    if len(left) * len(right) > _LOOKED_AT:
        raise TooMany
    return _limited([found for one in left for other in right if is_possible(found := _joined(one, other))])


def _joined(one: Alternative, other: Alternative) -> Alternative:
    found = dict(one)
    for key, (term, allowed) in other.items():
        before = found[key][1] if key in found else allowed
        found[key] = (term, before.meet(allowed) if type(before) is type(allowed) else allowed)  # type: ignore[arg-type]
    return found


def _limited(ways: list[Alternative]) -> list[Alternative]:
    if len(ways) > MOST:
        raise TooMany
    return ways


def value_of(expr: Expr[Any], day: date, tables: Tables | None = None) -> Any:
    """Return the value of a constant, or of a figure on a day; None for anything else, or if it has none then."""
    if isinstance(expr, Const):
        return expr.value
    if isinstance(expr, Op) and expr.name in _REACHED and expr.type in (ValueType.INT, ValueType.DECIMAL):
        values = [value_of(arg, day, tables) for arg in expr.args]
        return None if None in values else _REACHED[expr.name](*values)
    figure, keys = figure_of(expr) or (None, ())
    if figure is None or not all(isinstance(key, Const) for key in keys):
        return None
    table = (tables or {}).get(figure.name, figure.table)
    dated = table.get(key_of([key.value for key in keys if isinstance(key, Const)]))
    place = -1 if dated is None else in_force(dated, day)
    return None if dated is None or place < 0 else dated.values[place]


def _from_below(end: tuple[Any, bool]) -> tuple[bool, Any, bool]:
    least, is_open = end
    return (least is not None, 0 if least is None else least, is_open)


def _from_above(end: tuple[Any, bool]) -> tuple[bool, Any, bool]:
    greatest, is_open = end
    return (greatest is None, 0 if greatest is None else greatest, not is_open)


def opaque(ways: Iterable[Alternative]) -> Iterator[Expr[Any]]:
    """Yield the terms that are no facts and no comparisons of numbers: what was taken as a truth value of its own."""
    for way in ways:
        for term, allowed in way.values():
            if isinstance(allowed, Words) and not isinstance(term, Fact):
                yield term
