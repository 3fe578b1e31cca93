"""Causes that are handled: what calls for nothing again, and which open measure takes new items as evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import attrs

from windowservice.engine.measures_rows import Match
from windowservice.instants import datetime_us
from windowservice.rules.ladder import Ladder

__all__ = ["Handled", "HandledCause"]


class Handled:
    """What measures that were proposed or decided before have handled."""

    def __init__(self, ladder: Ladder, measures: Iterable[Mapping[str, Any]], us: int) -> None:
        self.ladder = ladder
        self.of_bank: dict[str, list[HandledCause]] = {}
        for row in measures:
            at = datetime_us(row["proposed_at"])
            if at > us:
                continue
            rejected = row.get("decision") == "rejected" and _seen(row.get("decided_at"), us)
            closed = rejected or _seen(row.get("released_at"), us)
            cause, rows = frozenset(row.get("cause") or ()), frozenset(row.get("rows") or ())
            found = HandledCause(row["id"], ladder.rank_of(row["measure"]), at, cause, rows, not closed)
            self.of_bank.setdefault(row["bank"], []).append(found)

    def _grave_enough(self, match: Match) -> Iterator[HandledCause]:
        rank = self.ladder.rank_of(match.row.measure)
        return (found for found in self.of_bank.get(match.bank, ()) if found.rank >= rank)

    def new(self, match: Match) -> frozenset[str]:
        """Return the items that no measure of at least the row's rank has handled."""
        return match.items - frozenset[str]().union(*(found.cause for found in self._grave_enough(match)))

    def since(self, match: Match) -> int | None:
        """Return from when all items were handled by measures of at least the row's rank; None if some are not."""
        left = match.items
        for found in sorted(self._grave_enough(match), key=lambda found: found.at):
            left -= found.cause
            if not left:
                return found.at
        return None

    def open_for(self, match: Match) -> str | None:
        """Return the id of an open measure of at least the row's rank on its cause: the row, or some items."""
        for found in self._grave_enough(match):
            if found.is_open and (match.row.id in found.rows or found.cause & match.items):
                return found.id
        return None


@attrs.frozen
class HandledCause:
    """A measure that was proposed: its rank, when, its cause and rows, and whether it is open."""

    id: str
    rank: int
    at: int
    cause: frozenset[str]
    rows: frozenset[str]
    is_open: bool


def _seen(value: datetime | None, us: int) -> bool:
    return value is not None and datetime_us(value) <= us
