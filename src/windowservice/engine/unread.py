"""Rows of a ledger that could not be read, and which records made of the ledger they could have changed.

A record that is made of a whole ledger (the turns of a duty, a month of a clerk) rests on every row of some tables. One
that could not be read may have been the deed that is missed, so nothing of such a record can be told then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import attrs

from windowservice.domain.parties import Banks
from windowservice.domain.records import Record
from windowservice.domain.unread import Unread, in_sight
from windowservice.domain.words import OWN_FAULT
from windowservice.errors import UnknownName
from windowservice.facts.escalation.bank_period import OCCURRENCE_KINDS
from windowservice.instants import utc_datetime
from windowservice.plugins.maker import Pairs

if TYPE_CHECKING:
    from windowservice.language.tree.facts import Facts
    from windowservice.ledger.ledger import Ledger

__all__ = ["unread_occurrences", "unread_of", "with_unread"]

_MAY_TELL: Final[Mapping[str, tuple[str, ...]]] = {
    "occurrences": OCCURRENCE_KINDS,
    "positions": ("window_opened", "queued_at_close", "urge_missed"),
    "incidents": ("outage", "own_failure"),
    "filings": ("filing_missed",),
    "actions": ("action_overdue", "rectification_failed", "rule_breach", "outage", "own_failure"),
}
"""What a row may tell of a bank; a circular makes a repeat of what came after it."""
_AT_ONCE: Final = ("occurrences", "incidents")
"""The tables of which a row tells of the instant at which its record begins."""


def unread_of(ledger: Ledger) -> tuple[Unread, ...]:
    """Return the rows of a ledger that could not be read, dated where possible, banks by their present ids."""
    if not ledger.unread:
        return ()
    banks = Banks(ledger.banks)
    return tuple(_dated(row, banks, ledger.tables.record_types.get(row.table)) for row in ledger.unread)


def _dated(row: Unread, banks: Banks, of: type[Facts] | None) -> Unread:
    at = row.at if row.at is not None or of is None else row.said.get(of.options.dated_by or "")
    bank = row.said.get("bank")
    try:
        said = row.said if bank is None else {**row.said, "bank": banks.find(bank).id}
    except UnknownName:
        said = row.said
    return attrs.evolve(row, at=at if isinstance(at, datetime) else None, said=said)


def with_unread(records: Iterable[Record], rests_on: Mapping[str, Pairs], rows: Sequence[Unread]) -> tuple[Record, ...]:
    """Return records made of a ledger, each with the rows that could have changed it and that could not be read.

    Args:
        records: the records.
        rests_on: the tables that they are made of, with what makes a row concern a record.
        rows: what could not be read, so far as it is in sight.
    """
    lost = [row for table in rests_on for row in rows if row.table == table]
    return tuple(_doubtful(record, rests_on, lost) for record in records) if lost else tuple(records)


def unread_occurrences(ledger: Ledger, us: int) -> list[Record]:
    """Return what may have happened at banks by rows that could not be read: occurrences in doubt.

    What is certain stands beside them, and counts; so a count is at least that.
    """
    found = []
    for row in in_sight(unread_of(ledger), us):
        kinds = _MAY_TELL.get(row.table, ())
        if row.table == "occurrences" and row.said.get("kind") is not None:
            kinds = (row.said["kind"],)
        if not kinds or row.said.get("fault_party") not in OWN_FAULT:
            continue
        named = row.said.get("bank")
        for bank in (named,) if named is not None else _banks_of(ledger):
            found += [_doubt(row, bank, kind, us) for kind in kinds]
    return found


def _banks_of(ledger: Ledger) -> list[str]:
    named = [bank.id for bank in ledger.banks]
    named += [row["bank"] for table in _MAY_TELL for row in ledger.records.get(table, ())]
    return list(dict.fromkeys(named))


def _doubt(row: Unread, bank: str, kind: str, us: int) -> Record:
    at = row.at if row.at is not None and row.table in _AT_ONCE else utc_datetime(us)
    values = {
        "id": f"{row.file} row {row.row}/{kind}", "bank": bank, "kind": kind, "happened_at": at, "doubtful": True,
        "days_after_circular": 0,
    }  # fmt: skip
    return Record("occurrences", values)


def _doubtful(record: Record, rests_on: Mapping[str, Pairs], lost: Sequence[Unread]) -> Record:
    found = tuple(
        row
        for row in lost
        if all(_may_be(row.said, column, _field(record, field)) for column, field in rests_on[row.table].items())
    )
    if not found:
        return record
    both = tuple(dict.fromkeys((*record.unread, *found)))
    return Record(record.table, record, record.place, both, record.recorded)


def _field(record: Record, name: str) -> Any:
    if name == "request" and record.table == "matter_paths":
        return str(record["id"]).removesuffix(" path")
    return record.get(name)


def _may_be(said: Mapping[str, Any], column: str, wanted: Any) -> bool:
    """Whether a row could have had that in a column: it does, or the cell could not be read, or nothing is asked."""
    if wanted is None or column not in said:
        return True
    value = said[column]
    return wanted in value if isinstance(value, frozenset) else value == wanted
