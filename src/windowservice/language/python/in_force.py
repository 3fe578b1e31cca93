"""What generated code calls to look up figures: what is in force at an instant, for a key.

Each takes first what was laid out for it when the code was made: instants from which values hold, and the values.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from typing import Any, TypeAlias

__all__ = ["Rows", "row_at", "row_for", "value_at", "value_for"]

Rows: TypeAlias = tuple[tuple[Any, ...], tuple[Any, ...]]
"""The instants from which values hold, in order, and what holds: before the first, and from each on."""


def value_at(rows: Rows, when: Any) -> Any:
    """Return the value in force at an instant."""
    return rows[1][bisect_right(rows[0], when)]


def value_for(tables: Mapping[Any, Rows], key: Any, when: Any) -> Any:
    """Return the value in force for a key, None if nothing is known of it."""
    rows = tables.get(key)
    return None if rows is None else rows[1][bisect_right(rows[0], when)]


def row_at(rows: Rows, nothing: tuple[None, ...], when: Any) -> tuple[Any, ...]:
    """Return the values in force of several figures; nothing of what has no date."""
    found: tuple[Any, ...] = nothing if when is None else rows[1][bisect_right(rows[0], when)]
    return found


def row_for(tables: Mapping[Any, Rows], nothing: tuple[None, ...], key: Any, when: Any) -> tuple[Any, ...]:
    """Return the values in force of several figures for a key, which may be missing, unknown, or a tuple with such."""
    rows = None if key is None or when is None else tables.get(key)
    found: tuple[Any, ...] = nothing if rows is None else rows[1][bisect_right(rows[0], when)]
    return found
