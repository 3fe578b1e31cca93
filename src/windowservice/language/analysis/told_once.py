"""The same row twice, equal in every cell, is one row: of records and children in hand."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

__all__ = ["cells", "told_once"]


def told_once(rows: Sequence[Any]) -> list[Any] | None:
    """Return the rows without those that say again what one before them says; None if none does."""
    if len(rows) < 2:
        return None
    found: dict[Hashable, Any] = {}
    for place, row in enumerate(rows):
        said = cells(row)
        found.setdefault((place,) if said is None else said, row)
    return list(found.values()) if len(found) < len(rows) else None


def cells(row: Any) -> Hashable | None:
    """Return what a record says, in a form that can be looked up; None if it holds what cannot be compared."""
    try:
        if isinstance(row, Mapping):
            said: Hashable = frozenset((name, _cell(value)) for name, value in row.items())
        elif hasattr(row, "__dict__"):
            said = (type(row), frozenset((name, _cell(value)) for name, value in vars(row).items()))
        else:
            said = row
        hash(said)
    except Exception:  # what cannot be compared is never taken for the same
        return None
    return said


def _cell(value: Any) -> Hashable:
    if isinstance(value, (list, tuple)):
        return (type(value).__name__, *(_cell(item) for item in value))
    if isinstance(value, (set, frozenset)):
        return frozenset(value)
    if isinstance(value, Mapping):
        return frozenset((name, _cell(inner)) for name, inner in value.items())
    found: Hashable = value
    return found
