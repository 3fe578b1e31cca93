"""Rows of a ledger that could not be read: what they could have said is unknown, and accuses or clears nobody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import attrs

from windowservice.instants import datetime_us

__all__ = ["Unread", "in_sight", "told"]

_SHOWN = 3


@attrs.frozen
class Unread:
    """A row that was rejected.

    Attributes:
        table: the ledger table that it belongs to.
        file: its file.
        row: its number; 0 if it is none of a file.
        reason: the column, the cell and what was wrong with it.
        kind: of an event, what happened, so far as that could be read; empty: it may have been anything.
        at: when it happened, so far as that could be read.
        said: what could be read of it, by column, None where a cell was empty; a column that is not in it may have said
            anything.
    """

    table: str
    file: str
    row: int
    reason: str = ""
    kind: str = ""
    at: datetime | None = attrs.field(default=None, eq=False)
    said: Mapping[str, Any] = attrs.field(factory=dict, eq=False)

    def __str__(self) -> str:
        if not self.row:  # what is no row of a file
            return f"{self.file}: {self.reason}"
        return f"{self.file} row {self.row} was rejected{self.reason and ': '}{self.reason}"


def in_sight(rows: Iterable[Unread], us: int) -> tuple[Unread, ...]:
    """Return the rows that may have happened by an instant (microseconds UTC)."""
    return tuple(row for row in rows if row.at is None or datetime_us(row.at) <= us)


def told(rows: Iterable[Unread]) -> str:
    """Return the rows in words, the first of them with the reason."""
    named = [str(row) for row in rows]
    more = f"; and {len(named) - _SHOWN:,} more rows" if len(named) > _SHOWN else ""
    return "; ".join(named[:_SHOWN]) + more
