"""Contradictory times in rows of further tables, such as a message that was answered before it came in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from windowservice.domain.records import Record
from windowservice.ledger.reading.load_report import Contradiction
from windowservice.ledger.tables import Tables

__all__ = ["contradictory_records"]


def contradictory_records(records: Iterable[tuple[Record, tuple[str, int]]], tables: Tables) -> Iterator[Contradiction]:
    """Yield each pair of times of a row that cannot be, with the row's file and number; the row is kept."""
    for record, place in records:
        for earlier, later in tables.named(record.table).in_order:
            first, then = record.get(earlier), record.get(later)
            if first is not None and then is not None and then < first:
                yield Contradiction(str(record.get("id")), earlier, later, (place, place), table=record.table)
