"""Functions that generated code calls to look up figures: the value in force at an instant, for a key."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from typing import Any

from windowservice.instants import local_midnight, utc_datetime
from windowservice.language.python.unit import Unit, Value
from windowservice.language.tree.figures import Dated, Figure

__all__ = ["FigureRow", "look_up"]

Rows = tuple[tuple[Any, ...], tuple[Any, ...]]


def look_up(unit: Unit, figure: Figure[Any], table: Mapping[str, Dated]) -> Callable[..., Any]:
    """Return a function ``(when) -> value``, or ``(key, when) -> value`` if it is keyed; None before the first date."""
    zone = unit.binding.calendar.zone
    held = {key: _held(unit, figure, dated, zone) for key, dated in table.items()}
    if not figure.keyed:
        return _by_date(*held[""]) if held else lambda _when: None
    return _by_key({key: _by_date(*rows) for key, rows in held.items()})


def _held(unit: Unit, figure: Figure[Any], dated: Dated, zone: tzinfo) -> Rows:
    """Return dates and values in the form in which generated code holds instants and values."""
    starts: list[Any] = [local_midnight(day, zone) for day in dated.dates]
    if unit.stored == "datetime":
        starts = [utc_datetime(us) for us in starts]
    return tuple(starts), tuple(unit.hold(value, figure.type) for value in dated.values)


def _by_date(starts: tuple[Any, ...], values: tuple[Any, ...]) -> Callable[[Any], Any]:
    if len(starts) == 1:
        (start,), (value,) = starts, values
        return lambda when: value if when >= start else None

    def in_force_at(when: Any) -> Any:
        position = bisect_right(starts, when)
        return values[position - 1] if position else None

    return in_force_at


def _by_key(tables: Mapping[str, Callable[[Any], Any]]) -> Callable[[Any, Any], Any]:
    def in_force_for(key: str, when: Any) -> Any:
        table = tables.get(key)
        return None if table is None else table(when)

    return in_force_for


class FigureRow:
    """All figures that one record asks for by one key and date: found by one search, and unpacked into variables."""

    def __init__(self, key: Value | None) -> None:
        self._key = key
        self._figures: dict[str, tuple[Figure[Any], Mapping[str, Dated]]] = {}

    def add(self, name: str, figure: Figure[Any], table: Mapping[str, Dated]) -> None:
        """Note a figure, its values and the variable that is to hold the one in force."""
        self._figures[name] = (figure, table)

    def statement(self, unit: Unit, dated: Value) -> str:
        """Return the statement that finds all the values."""
        zone = unit.binding.calendar.zone
        held = [
            {key: _held(unit, figure, rows, zone) for key, rows in table.items()}
            for figure, table in self._figures.values()
        ]
        if self._key is None:
            function = unit.constant(_row_by_date([rows.get("") for rows in held]), "G")
            call = f"{function}({dated.code})"
        else:
            keys = {key for rows in held for key in rows}
            by_key = {key: _row_by_date([rows.get(key) for rows in held]) for key in sorted(keys)}
            call = f"{unit.constant(_row_by_key(by_key, len(held)), 'G')}({self._key.code}, {dated.code})"
        return f"{', '.join(self._figures)}, = {call}"


def _row_by_date(columns: Sequence[Rows | None]) -> Callable[[Any], tuple[Any, ...]]:
    """Return a function that gives for an instant the value in force of each column; None before its first date."""
    starts = sorted({start for column in columns if column is not None for start in column[0]})
    picks = [(lambda _when: None) if column is None else _by_date(*column) for column in columns]
    nothing = (None,) * len(columns)
    rows = [nothing, *(tuple(pick(start) for pick in picks) for start in starts)]

    def in_force_at(when: Any) -> tuple[Any, ...]:
        return nothing if when is None else rows[bisect_right(starts, when)]

    return in_force_at


def _row_by_key(tables: Mapping[str, Callable[[Any], tuple[Any, ...]]], width: int) -> Callable[[Any, Any], Any]:
    nothing = (None,) * width

    def in_force_for(key: str | None, when: Any) -> tuple[Any, ...]:
        table = tables.get(key)  # type: ignore[arg-type]  # a missing key has no table
        return nothing if table is None else table(when)

    return in_force_for
