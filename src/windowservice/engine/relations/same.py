"""Rows of several tables that are one happening: which of them tells of it, and which may only repeat another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from windowservice.domain.unread import Unread

__all__ = ["may_repeat", "once"]

Keys = tuple[Any, ...]


def once(rows: Sequence[Keys | None]) -> Mapping[int, bool]:
    """Return the places of the rows that tell of a happening, each with whether it may only repeat one before it.

    Args:
        rows: in the order in which they tell, by what each is the same as another; None in it where nobody knows, None
            for a row that is the same as no other.
    """
    kept: dict[int, bool] = {}
    whole = set[Keys]()
    before: dict[tuple[bool, ...], dict[tuple[int, ...], set[Keys]]] = {}
    known = {tuple(key is not None for key in row) for row in rows if row is not None}
    some = len(known) > 1 or not all(all(one) for one in known)
    for place, row in enumerate(rows):
        if row is None:
            kept[place] = False
            continue
        if None not in row:
            if row in whole:
                continue
            whole.add(row)
        kept[place] = some and _like_one_before(row, known, before)
    return kept


def _like_one_before(
    row: Keys, known: set[tuple[bool, ...]], before: dict[tuple[bool, ...], dict[tuple[int, ...], set[Keys]]]
) -> bool:
    """Whether a row may be the same as one before it, where one of the two does not tell all; then it is noted too.

    Args:
        row: by what it is the same as another.
        known: which of that rows tell, of all patterns that there are.
        before: what the rows before say, by pattern and by the places that are compared.
    """
    mine = tuple(key is not None for key in row)
    found = False
    for pattern in known:
        both = tuple(place for place, (one, other) in enumerate(zip(mine, pattern, strict=True)) if one and other)
        said = tuple(row[place] for place in both)
        found |= not (all(mine) and all(pattern)) and said in before.get(pattern, {}).get(both, ())
        before.setdefault(mine, {}).setdefault(both, set()).add(said)
    return found


def may_repeat(table: str, named: Any) -> Unread:
    """Return a row that may be the same happening as one before it, as one that could not be read."""
    return Unread("", f"{table} {named}", 0, "it does not tell whether it repeats another")
