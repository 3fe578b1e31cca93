"""Records of further ledger tables: messages, positions, filings, trainings and whatever else a window keeps.

What may be said of them stands in their vocabularies; a record itself is only its row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from windowservice.domain.unread import Unread

__all__ = ["Fitted", "Record"]


class Fitted(dict[str, Any]):
    """A record of one's own that was checked before, without what lies after the instant judged."""


class Record(Mapping[str, Any]):
    """One row of a ledger table: an immutable mapping, hashable and picklable.

    Attributes:
        table: the name of the table.
        place: the file and the number of the row in which it stands; None if it was made. Equality does not regard it.
        unread: rows that could not be read and that may have said something else of it; nothing of it can be told then.
        recorded: the kinds of its children that are recorded at all, if it has children; None if every kind is.
    """

    __slots__ = ("_values", "place", "recorded", "table", "unread")

    def __init__(
        self,
        table: str,
        values: Mapping[str, Any],
        place: tuple[str, int] | None = None,
        unread: tuple[Unread, ...] = (),
        recorded: frozenset[str] | None = None,
    ) -> None:
        self.table = table
        self.place = place
        self.unread = unread
        self.recorded = recorded
        self._values = dict(values)

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def get(self, name: str, default: Any = None, /) -> Any:
        """Return the value of the field, or the default."""
        return self._values.get(name, default)  # faster than the mixin, and asked once a fact

    def __hash__(self) -> int:
        return hash((self.table, frozenset(self._values.items())))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Record) and self.table == other.table and self._values == other._values

    def __repr__(self) -> str:
        return f"Record({self.table!r}, {self._values!r})"

    @property
    def where(self) -> str:
        """Where it stands, as in ``readings.csv row 4``; empty if it was made."""
        return "" if self.place is None else f"{self.place[0]} row {self.place[1]}"

    def __reduce__(self) -> tuple[type[Record], tuple[Any, ...]]:
        return Record, (self.table, self._values, self.place, self.unread, self.recorded)
