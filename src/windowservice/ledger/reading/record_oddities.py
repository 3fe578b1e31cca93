"""Contradictory times in rows of further tables, such as a message that was answered before it came in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from windowservice.domain.records import Record
from windowservice.ledger.reading.load_report import Contradiction

__all__ = ["TIMES_IN_ORDER", "contradictory_records"]

TIMES_IN_ORDER: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "messages": (("received_at", "answered_at"), ("noticed_at", "handled_at")),
    "exchange_items": (("found_at", "corrected_at"),),
    "accounting_errors": (("booked_at", "found_at"), ("found_at", "corrected_at")),
    "statements": (("issued_at", "confirmed_at"),),
    "differences": (("opened_at", "closed_at"),),
    "positions": (("checkpoint_at", "covered_at"),),
    "incidents": (("started_at", "ended_at"),),
    "filings": (("held_at", "result_at"),),
    "warnings": (("issued_at", "acknowledged_at"), ("issued_at", "acted_at")),
    "occurrences": (("happened_at", "closed_at"),),
    "measures": (("proposed_at", "decided_at"), ("decided_at", "rectified_at")),
    "breaches": (("found_at", "handled_at"), ("found_at", "closed_at")),
    "inspections": (("at", "reported_at"),),
    "defects": (("found_at", "closed_at"),),
    "meetings": (("at", "minutes_at"),),
    "follow_ups": (("set_at", "done_at"),),
    "complaints": (("received_at", "accepted_at"), ("received_at", "answered_at"), ("received_at", "withdrawn_at")),
    "ratings": (("asked_at", "rated_at"), ("rated_at", "called_back_at")),
    "training_needs": (("held_at", "passed_at"),),
    "own_trainings": (("held_at", "passed_at"),),
    "roster": (("starts_at", "ends_at"),),
    "admission_stages": (("began_at", "ended_at"),),
    "front_ends": (("connected_on", "left_on"),),
    "duties": (("since", "until"),),
    "posts": (("since", "until"),),
    "assignments": (("since", "until"),),
    "postings": (("since", "until"),),
    "documents": (("since", "until"),),
    "kind_trainings": (("since", "until"),),
}
"""Pairs of columns, by table, of which the second cannot lie before the first."""


def contradictory_records(records: Iterable[tuple[Record, tuple[str, int]]]) -> Iterator[Contradiction]:
    """Yield each pair of times of a row that cannot be, with the row's file and number; the row is kept."""
    for record, place in records:
        for earlier, later in TIMES_IN_ORDER.get(record.table, ()):
            first, then = record.get(earlier), record.get(later)
            if first is not None and then is not None and then < first:
                yield Contradiction(str(record.get("id")), earlier, later, (place, place), table=record.table)
