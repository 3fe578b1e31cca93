"""Pieces of generated Python: conditions, values, and the names, constants and forms of one generated function."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any, Final, Literal, NamedTuple

from windowservice.errors import InvalidRule, NaiveTime
from windowservice.instants import datetime_us, utc_datetime
from windowservice.language.analysis.visible import last_day_seen
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.kernels import Binding, Function
from windowservice.language.tree.values import ValueType, span_us
from windowservice.worktime.spans import WorkSpan

__all__ = ["FALSE", "OUTWARD", "TRUE", "Rail", "Style", "Unit", "Value", "all_of", "any_of", "negated", "to_utc"]

V = ValueType
Style = Literal["attribute", "mapping", "columns"]
"""Whether records hold facts as attributes, as keys, or as columns, which are clean and hold whole numbers."""


class Value(NamedTuple):
    """Code of a value: the text, whether it can be missing, and whether it is a name that costs nothing to repeat."""

    code: str
    nullable: bool
    name: bool = True


class Rail(NamedTuple):
    """A condition, and the names known to hold a value once the condition held, or once it did not."""

    code: str
    if_true: frozenset[str] = frozenset()
    if_false: frozenset[str] = frozenset()
    complete: bool = False
    """Whether the other rail is exactly the opposite, so that nothing is left unknown."""


TRUE: Final = Rail("True", complete=True)
FALSE: Final = Rail("False", complete=True)


class _Joined(str):
    """Conditions joined by one word, kept apart so that a long chain is written flat: Python nests only 200 deep."""

    __slots__ = ("parts", "word")
    parts: tuple[str, ...]
    word: str


def _join(word: str, parts: list[str]) -> str:
    flat = [
        inner
        for part in parts
        for inner in (part.parts if isinstance(part, _Joined) and part.word == word else (part,))
    ]
    joined = _Joined(f"({f' {word} '.join(flat)})")
    joined.parts, joined.word = tuple(flat), word
    return joined


def all_of(parts: Iterable[str]) -> str:
    """Return the conjunction of conditions."""
    return _folded("and", parts, "True", "False")


def any_of(parts: Iterable[str]) -> str:
    """Return the disjunction of conditions."""
    return _folded("or", parts, "False", "True")


def _folded(word: str, parts: Iterable[str], idle: str, decides: str) -> str:
    """Return conditions joined: without those that change nothing, or the one that decides alone."""
    kept = [part for part in parts if part != idle]
    if decides in kept:
        return decides
    return (kept[0] if len(kept) == 1 else _join(word, kept)) if kept else idle


def negated(code: str) -> str:
    """Return the opposite of a condition."""
    return {"True": "False", "False": "True"}.get(code, f"(not {code})")


def to_utc(value: Any) -> datetime | None:
    """Return an instant that a record holds in UTC, or None for a not-a-time.

    Two datetimes of one zone are compared and subtracted by their wall clocks, which is wrong across a change of the
    clocks; in UTC they are compared by instants.

    Raises:
        NaiveTime: for a datetime without a zone.
    """
    if value != value:  # noqa: PLR0124 - pandas' not-a-time is unequal to itself
        return None
    if value.utcoffset() is None:
        raise NaiveTime(value)
    return utc_datetime(datetime_us(value))


def _to_instant(us: int | None) -> datetime | None:
    return None if us is None else utc_datetime(us)


def _to_day(ordinal: int | None) -> date | None:
    return None if ordinal is None else date.fromordinal(ordinal)


def _to_span(us: int | None) -> timedelta | None:
    return None if us is None else timedelta(microseconds=us)


def _to_number(value: float | None) -> float | None:
    return None if value != value else value  # noqa: PLR0124 - NaN is missing


_INWARD: Final[dict[ValueType, Any]] = {V.INSTANT: datetime_us, V.DATE: date.toordinal, V.SPAN: span_us}
_CLEAN: Final = "?clean "
OUTWARD: Final[dict[ValueType, Any]] = {V.INSTANT: _to_instant, V.DATE: _to_day, V.SPAN: _to_span}


class Unit:
    """One generated function in the making: its names, constants, and how instants are held.

    A fact is cleaned where it is read: an instant is turned into UTC, NaN becomes None. To ask for a zone costs as much
    as a comparison, and putting two values in order needs neither if one of two instants is in UTC: NaN is neither less
    nor more than anything. What needs cleaning is known when all code is made; until then a line holds its place.

    Attributes:
        binding: the calendars and figures.
        stored: how the records hold instants.
        style: how the records hold facts.
        constants: the Python objects that the code uses, by name.
        figures: the types of the figures that a function among them looks up, by its name.
        columns: the facts that the code reads, by the variable of the record and the column, where records are columns.
    """

    def __init__(
        self,
        binding: Binding,
        stored: Literal["datetime", "microseconds"],
        style: Style = "attribute",
    ) -> None:
        self.binding = binding
        self.stored = "microseconds" if style == "columns" else stored
        self.style = style
        self._unclean: set[str] = set()
        self._cleaning: dict[str, list[str]] = {}
        self._pairs: list[tuple[str, str]] = []
        self.constants: dict[str, Any] = {}
        self.figures: dict[str, tuple[ValueType, ...]] = {}
        self.columns: dict[tuple[str, str], Fact[Any]] = {}
        self._by_identity: dict[int, str] = {}
        self._bound: dict[str, tuple[Function, Any]] = {}
        self._count = 0

    @cached_property
    def last_day(self) -> Callable[[Any], Any]:
        """The function that gives, for ``as_of`` as it is held, the last date that has begun, as it is held."""
        zone, as_int = self.binding.calendar.zone, self.stored == "microseconds"

        @lru_cache(maxsize=8)
        def last_day(as_of: Any) -> Any:
            found = last_day_seen(as_of if as_int else datetime_us(as_of), zone)
            return found.toordinal() if as_int else found

        return last_day

    def fresh(self, prefix: str) -> str:
        """Return a name not used before."""
        self._count += 1
        return f"{prefix}{self._count}"

    def use(self, name: str) -> None:
        """Note a use of a variable for which it has to be clean."""
        self._unclean.add(name)

    def order(self, one: str, other: str) -> None:
        """Note that two instants as the record holds them are put in order, for which one of them has to be in UTC."""
        self._pairs.append((one, other))

    def cleaning(self, name: str, lines: list[str]) -> str:
        """Return the line that holds the place of the statements that clean a variable, if they prove needed."""
        self._cleaning[name] = lines
        return f"{_CLEAN}{name}"

    def cleaned(self, lines: Iterable[str]) -> list[str]:
        """Return the statements, with those that clean variables where they are needed."""
        needed, out = self._to_clean(), []
        for line in lines:
            inner = line.lstrip()
            if not inner.startswith(_CLEAN):
                out.append(line)
            elif (name := inner.removeprefix(_CLEAN)) in needed:
                out += [line[: len(line) - len(inner)] + statement for statement in self._cleaning[name]]
        return out

    def _to_clean(self) -> frozenset[str]:
        """Return the variables that have to be cleaned: those used otherwise, and one of each pair, as few as seen."""
        found = set(self._unclean)
        while open_pairs := [pair for pair in self._pairs if not found & set(pair)]:
            names = [name for pair in open_pairs for name in pair]
            found.add(max(sorted(set(names)), key=names.count))
        return frozenset(found)

    def constant(self, value: object, prefix: str = "K") -> str:
        """Return the name under which generated code finds a Python object."""
        name = self._by_identity.get(id(value))
        if name is None:
            name = self._by_identity[id(value)] = self.fresh(prefix)
            self.constants[name] = value
        return name

    @property
    def kernels(self) -> Iterable[tuple[Function, Any]]:
        """The kernels that the code calls, each with its function."""
        return self._bound.values()

    def bound(self, kernel: Function) -> Any:
        """Return a kernel's function for the calendars of this unit; the same one at each call."""
        if kernel.name not in self._bound:
            self._bound[kernel.name] = (kernel, kernel.bind(self.binding))
        known, function = self._bound[kernel.name]
        if known != kernel:
            raise InvalidRule(f"kernel {kernel.name!r}", "stands for two different kernels", "rename one")
        return function

    def hold(self, value: Any, kind: ValueType) -> Any:
        """Return a constant in the form in which generated code holds such values."""
        if kind is V.WORK:
            return value.us if isinstance(value, WorkSpan) else value
        return _INWARD[kind](value) if self.stored == "microseconds" and kind in _INWARD else value

    def literal(self, value: object, kind: ValueType) -> str:
        """Return code for a constant: written out if it is a whole number, truth value or text, else by reference."""
        held = self.hold(value, kind)
        if type(held) is int and held < 0:
            return f"({held})"
        return repr(held) if type(held) in (bool, int, str) else self.constant(held)

    def to_kernel(self, code: str, kind: ValueType) -> str:
        """Return code that turns a held value into what kernels take."""
        if self.stored == "datetime" and kind in _INWARD:
            return f"{self.constant(_INWARD[kind])}({code})"
        return code

    def from_kernel(self, code: str, kind: ValueType) -> str:
        """Return code that turns a kernel's result, which may be missing, into the held form."""
        if self.stored == "datetime" and kind in OUTWARD:
            return f"{self.constant(OUTWARD[kind])}({code})"
        return f"{self.constant(_to_number)}({code})" if kind is V.FLOAT else code
