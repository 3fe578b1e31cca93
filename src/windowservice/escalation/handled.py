"""Causes that are handled: what calls for nothing again, and which open action takes new items as evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import attrs

from windowservice.errors import InvalidValue
from windowservice.escalation.rows import Match
from windowservice.instants import datetime_us
from windowservice.rules.escalation.ladder import Ladder

__all__ = ["Handled", "HandledCause", "action_rows"]


def action_rows(actions: object) -> list[Mapping[str, Any]]:
    """Return the records of actions that a caller gave.

    Raises:
        InvalidValue: if they are no list of such records, naming the first that is none.
    """
    if isinstance(actions, (str, bytes, Mapping)) or not isinstance(actions, Iterable):
        raise InvalidValue("actions", actions, "a list of records of actions, or a frame of them")
    rows = list(actions)
    for place, row in enumerate(rows):
        if not isinstance(row, Mapping) or not all(isinstance(row.get(key), str) for key in ("id", "bank", "action")):
            wanted = "a record of an action: a mapping with id, bank, action and proposed_at"
            raise InvalidValue(f"actions[{place}]", row, wanted)
        at = row.get("proposed_at")
        if not isinstance(at, datetime) or at.utcoffset() is None:
            raise InvalidValue(f"actions[{place}].proposed_at", at, "an instant with its zone")
    return rows


class Handled:
    """What actions that were proposed or decided before have handled.

    An open action that names rows of the ladder and no cause stands for the items of those rows as they match now
    (`stand_for`): they are evidence to it, whatever row of no higher rank they call for an action by.
    """

    def __init__(self, ladder: Ladder, actions: Iterable[Mapping[str, Any]], us: int) -> None:
        self.ladder = ladder
        self.of_bank: dict[str, list[HandledCause]] = {}
        for row in action_rows(actions):
            at = datetime_us(row["proposed_at"])
            if at > us:
                continue
            rejected = row.get("decision") == "rejected" and _seen(row.get("decided_at"), us)
            closed = rejected or _seen(row.get("released_at"), us)
            cause, rows = frozenset(row.get("cause") or ()), frozenset(row.get("rows") or ())
            found = HandledCause(row["id"], ladder.rank_of(row["action"]), at, cause, rows, not closed, cause)
            self.of_bank.setdefault(row["bank"], []).append(found)

    def stand_for(self, matched: Iterable[tuple[str, str, Iterable[str]]]) -> None:
        """Let open actions that name rows and no cause stand for the items of those rows.

        Args:
            matched: bank, row and items of each match; others than those of `banks_by_rows` may be left out.
        """
        items: dict[tuple[str, str], frozenset[str]] = {}
        for bank, row, ids in matched:
            items[bank, row] = items.get((bank, row), frozenset()).union(ids)
        for bank in self.banks_by_rows:
            self.of_bank[bank] = [
                attrs.evolve(one, covered=frozenset[str]().union(*(items.get((bank, row), ()) for row in one.rows)))
                if one.is_by_rows else one
                for one in self.of_bank[bank]
            ]  # fmt: skip

    @property
    def banks_by_rows(self) -> tuple[str, ...]:
        """The banks with an open action that names rows and no cause."""
        return tuple(bank for bank, every in self.of_bank.items() if any(one.is_by_rows for one in every))

    def _grave_enough(self, match: Match) -> Iterator[HandledCause]:
        rank = self.ladder.rank_of(match.row.action)
        return (found for found in self.of_bank.get(match.bank, ()) if found.rank >= rank)

    def new(self, match: Match) -> frozenset[str]:
        """Return the items that no action of at least the row's rank has handled."""
        return match.items - frozenset[str]().union(*(found.cause for found in self._grave_enough(match)))

    def since(self, match: Match) -> int | None:
        """Return from when all items were handled by actions of at least the row's rank; None if some are not."""
        left = match.items
        for found in sorted(self._grave_enough(match), key=lambda found: found.at):
            left -= found.covered
            if not left:
                return found.at
        return None

    def open_for(self, match: Match) -> str | None:
        """Return the id of an open action of at least the row's rank on its cause: the row, or some items."""
        for found in self._grave_enough(match):
            if found.is_open and (match.row.id in found.rows or found.covered & match.items):
                return found.id
        return None


@attrs.frozen
class HandledCause:
    """An action that was proposed: its rank, when, its cause and rows, whether it is open, and the items it covers."""

    id: str
    rank: int
    at: int
    cause: frozenset[str]
    rows: frozenset[str]
    is_open: bool
    covered: frozenset[str]

    @property
    def is_by_rows(self) -> bool:
        """Whether it is open and names rows only: then it covers what they match, else its cause."""
        return self.is_open and bool(self.rows) and not self.cause


def _seen(value: datetime | None, us: int) -> bool:
    return value is not None and datetime_us(value) <= us
