"""Figures in generated code: laid out by key and instant, with what looks up the one in force."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from functools import partial
from typing import Any, Protocol

from windowservice.instants import local_midnight, utc_datetime
from windowservice.language.python.in_force import Rows, row_at, row_for, value_at, value_for
from windowservice.language.python.unit import Unit, Value
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.figures import Dated, Figure, FigureAt, Key
from windowservice.language.tree.values import ValueType

__all__ = ["FigureRow", "key_value", "look_up"]


class _Level(Protocol):
    def value(self, expr: Expr[Any]) -> Value: ...


def key_value(level: _Level, expr: FigureAt[Any]) -> Value:
    """Return code of the key at which a figure is looked up; of several, a tuple of them."""
    keys = [level.value(key) for key in expr.keys]
    if len(keys) == 1 and expr.keys[0].type is ValueType.TEXT:
        return keys[0]
    return Value(f"({', '.join(key.code for key in keys)},)", nullable=False, name=False)


def look_up(unit: Unit, figure: Figure[Any], table: Mapping[Key, Dated]) -> Callable[..., Any]:
    """Return a function ``(when) -> value``, or ``(key, when) -> value`` if it is keyed; None before the first date."""
    zone = unit.binding.calendar.zone
    held = {key: _held(unit, figure, dated, zone) for key, dated in table.items()}
    if not figure.keyed:
        return partial(value_at, held[""] if held else ((), (None,)))
    return partial(value_for, held)


def _held(unit: Unit, figure: Figure[Any], dated: Dated, zone: tzinfo) -> Rows:
    """Return dates and values in the form in which generated code holds instants and values."""
    starts: list[Any] = [local_midnight(day, zone) for day in dated.dates]
    if unit.stored == "datetime":
        starts = [utc_datetime(us) for us in starts]
    return tuple(starts), (None, *(unit.hold(value, figure.type) for value in dated.values))


class FigureRow:
    """All figures that one record asks for by one key and date: found by one search, and unpacked into variables."""

    def __init__(self, key: Value | None) -> None:
        self._key = key
        self._figures: dict[str, tuple[Figure[Any], Mapping[Key, Dated]]] = {}

    def add(self, name: str, figure: Figure[Any], table: Mapping[Key, Dated]) -> None:
        """Note a figure, its values and the variable that is to hold the one in force."""
        self._figures[name] = (figure, table)

    def statement(self, unit: Unit, dated: Value) -> str:
        """Return the statement that finds all the values."""
        zone = unit.binding.calendar.zone
        held = [
            {key: _held(unit, figure, rows, zone) for key, rows in table.items()}
            for figure, table in self._figures.values()
        ]
        nothing = (None,) * len(held)
        if self._key is None:
            find: Callable[..., Any] = partial(row_at, _together([rows.get("") for rows in held]), nothing)
            given = dated.code
        else:
            keys = dict.fromkeys(key for rows in held for key in rows)
            find = partial(row_for, {key: _together([rows.get(key) for rows in held]) for key in keys}, nothing)
            given = f"{self._key.code}, {dated.code}"
        name = unit.constant(find, "G")
        unit.figures[name] = tuple(figure.type for figure, _ in self._figures.values())
        return f"{', '.join(self._figures)}, = {name}({given})"


def _together(columns: Sequence[Rows | None]) -> Rows:
    """Return the values of several figures as rows, from each instant at which one of them changes."""
    starts = sorted({start for column in columns if column is not None for start in column[0]})
    nothing = (None,) * len(columns)
    rows = (tuple(None if column is None else value_at(column, start) for column in columns) for start in starts)
    return tuple(starts), (nothing, *rows)
