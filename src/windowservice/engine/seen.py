"""A ledger as it was to be seen at an instant: what begins or happens later is left out of every table."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING, Any, Final, TypeVar

import attrs

from windowservice.domain.records import Record
from windowservice.domain.scorecard.readings_period import to_period
from windowservice.domain.unread import in_sight
from windowservice.errors import WindowserviceError
from windowservice.instants import get_zone
from windowservice.language.analysis.visible import hidden_by, is_later, last_day_seen, not_there
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import Facts

if TYPE_CHECKING:
    from windowservice.domain.requests.request import Request
    from windowservice.engine.engine import Engine
    from windowservice.ledger.ledger import Ledger

__all__ = ["ledger_us", "seen_ledger", "seen_readings", "seen_rows"]

Row = TypeVar("Row", bound=Mapping[str, Any])
_READINGS: Final = "readings"


def ledger_us(engine: Engine, ledger: Ledger, as_of: datetime | date | str) -> int:
    """Return the microseconds UTC of an ``as_of`` on a ledger; a time that names no zone is in that of the ledger."""
    return engine.instant_of(as_of, naive=get_zone(ledger.zone) if ledger.zone else None)


def seen_ledger(ledger: Ledger, us: int, zone: tzinfo) -> Ledger:
    """Return the ledger as of an instant (microseconds UTC); dates go by the zone.

    A table stays, also if nothing is left in it, and what was rejected stays rejected. The same ledger if nothing in it
    is later.
    """
    known = ledger.tables.record_types
    records = {
        table: seen_rows(known[table], rows, us, zone) if table in known else rows
        for table, rows in ledger.records.items()
    }
    if _READINGS in records:
        records[_READINGS] = seen_readings(records[_READINGS], us, zone)
    requests = _seen_requests(ledger.requests, us)
    same = requests is ledger.requests and all(rows is ledger.records[table] for table, rows in records.items())
    return ledger if same else attrs.evolve(ledger, requests=requests, records=records)


def seen_rows(of: type[Facts], rows: Sequence[Row], us: int, zone: tzinfo) -> tuple[Row, ...]:
    """Return the rows of a table as of an instant, as `seen_ledger`; the same ones if nothing in them is later."""
    pairs = [(fact, hidden_by(of, fact)) for fact in of.given.values() if fact.definition is None]
    facts = [(fact.read or fact.name, by) for fact, by in pairs if by is not None]
    found = tuple(_seen(of, row, facts, us, zone) for row in rows if not not_there(of, row, us, zone))
    same = isinstance(rows, tuple) and len(found) == len(rows) and all(map(operator.is_, found, rows))
    return rows if same else found  # type: ignore[return-value]


def seen_readings(rows: tuple[Row, ...], us: int, zone: tzinfo) -> tuple[Row, ...]:
    """Return the given readings of periods that have begun as of an instant; the same ones if all have."""
    last = last_day_seen(us, zone)
    found = tuple(row for row in rows if not _begins_after(row["period"], last))
    return rows if len(found) == len(rows) else found


def _begins_after(period: str, last: date) -> bool:
    try:
        return to_period(period).first_day > last
    except WindowserviceError:
        return False  # whoever uses the row refuses it, and says why


def _seen(of: type[Facts], row: Row, facts: list[tuple[str, Fact[Any]]], us: int, zone: tzinfo) -> Row:
    later = {by.name for _, by in facts if is_later(of, row, by, us, zone)}
    if not later:
        return row
    hidden = {name: None for name, by in facts if by.name in later and name in row}
    if isinstance(row, Record):
        return Record(row.table, {**row, **hidden}, row.place, row.unread, row.recorded)  # type: ignore[return-value]
    return {**row, **hidden}  # type: ignore[return-value]


def _seen_requests(requests: tuple[Request, ...], us: int) -> tuple[Request, ...]:
    """Return the requests with the events of until then; one all of whose events are later is not there."""
    if all(not (request.is_amended or request.is_later(us, any_event=True)) for request in requests):
        return requests
    return tuple(
        request.known_at(us) for request in requests if not request.is_later(us) or in_sight(request.unread, us)
    )
