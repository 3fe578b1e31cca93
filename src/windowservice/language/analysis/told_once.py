"""Records and children in hand as they are judged: each row once, and children in order of time."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from windowservice.language.analysis.visible import begin_facts

if TYPE_CHECKING:
    from windowservice.language.tree.facts import Facts

__all__ = ["as_they_happened", "cells"]


def as_they_happened(child: type[Facts], rows: list[Any]) -> list[Any]:
    """Return the children of a record as they are judged: each told once, in order of time; the list itself if so.

    What says no time stands last, and the order given breaks ties. Children that do not say by one fact when they
    happened stay in the order given.
    """
    if not begin_facts(child):
        return rows
    found = _told_once(rows) or rows
    happens = child.options.happens
    if not isinstance(happens, str):
        return found
    key = child.given[happens].read or happens
    times: list[Any] = [row.get(key) if isinstance(row, Mapping) else getattr(row, key) for row in found]
    if None not in times and all(before <= after for before, after in pairwise(times)):
        return found
    order = sorted(range(len(found)), key=lambda place: (times[place] is None, times[place] or 0))
    return [found[place] for place in order]


def _told_once(rows: Sequence[Any]) -> list[Any] | None:
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
