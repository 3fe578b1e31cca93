"""Functions that generated code calls to look up figures: the value in force at an instant, for a key."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import Any

from windowservice.instants import local_midnight, utc_datetime
from windowservice.language.figures import Dated, Figure
from windowservice.language.python_unit import Unit

__all__ = ["look_up"]

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
