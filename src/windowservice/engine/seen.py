"""A ledger as it was to be seen at an instant: what begins or happens later is left out of every table."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING, Any, Final, TypeVar

import attrs

from windowservice.domain.records import Record
from windowservice.domain.scorecard.readings_period import to_period
from windowservice.domain.unread import Unread, in_sight
from windowservice.engine.made.civil_days import CivilDays
from windowservice.engine.relations.children import rows_with_children
from windowservice.engine.unread import unread_of, with_unread
from windowservice.errors import UnknownName, WindowserviceError
from windowservice.instants import get_zone, local_midnight, utc_datetime
from windowservice.language.analysis.visible import hidden_by, is_later, last_day_seen, not_there
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import Facts
from windowservice.plugins.maker import EVERY, Maker, Pairs

if TYPE_CHECKING:
    from windowservice.domain.catalogue.catalogue import Catalogue
    from windowservice.domain.requests.request import Request
    from windowservice.engine.engine import Engine
    from windowservice.ledger.ledger import Ledger
    from windowservice.worktime.calendar import WorkCalendar

__all__ = ["Seen", "ledger_us", "seen_ledger", "seen_readings", "seen_rows", "seen_tables"]

T = TypeVar("T")
Row = TypeVar("Row", bound=Mapping[str, Any])
_READINGS: Final = "readings"


@attrs.frozen(eq=False)
class Seen:
    """A ledger as an engine sees it at an instant: what records are made of.

    Attributes:
        engine: the engine of the ledger.
        ledger: the ledger, without what begins or happens later.
        us: the instant, in microseconds UTC.
    """

    engine: Engine
    ledger: Ledger
    us: int
    _maker: Maker | None = None
    _memo: dict[Any, Any] = attrs.field(factory=dict, repr=False)

    @classmethod
    def of(cls, engine: Engine, ledger: Ledger, as_of: datetime | date | str) -> Seen:
        """Return a ledger as an engine sees it at an instant; a bare date means 24:00 of it."""
        us = ledger_us(engine, ledger, as_of)
        return cls(engine, seen_ledger(ledger, us, engine.zone), us)

    @property
    def as_of(self) -> datetime:
        """The instant."""
        return utc_datetime(self.us)

    @property
    def calendar(self) -> WorkCalendar:
        """The default calendar."""
        return self.engine.calendar

    @property
    def catalogue(self) -> Catalogue:
        """The service catalogue."""
        return self.engine.catalogue

    @property
    def zone(self) -> tzinfo:
        """The zone of civil days."""
        return self.engine.zone

    @property
    def days(self) -> CivilDays:
        """The civil days of the default calendar, until the instant."""
        return self.once(_days)

    @property
    def requests(self) -> Sequence[Request]:
        """The requests, with the events of until then."""
        return self.ledger.requests

    def midnight(self, day: date) -> datetime:
        """Return the instant, in UTC, at which a date begins."""
        return utc_datetime(local_midnight(day, self.zone))

    def rows(self, table: str) -> tuple[Record, ...]:
        """Return the rows of a table of the ledger, or the records that are made under that name.

        Raises:
            UnknownName: in a maker, for a table that it does not name in its needs.
        """
        made = table in self.engine.makers and table not in self.ledger.records
        if self._maker is not None and not self._maker.reads(table, made=made):
            where = f"the needs of the maker of {self._maker.makes}"
            raise UnknownName("table", table, tuple(self._maker.needs), where)
        if made:
            return self._of_maker(self.engine.makers[table])
        rows, of = self.ledger.records.get(table, ()), self.ledger.tables.record_types.get(table)
        if of is None or of.children is None:
            return rows
        return self._with_children(of, rows)

    def _with_children(self, of: type[Facts], rows: tuple[Record, ...]) -> tuple[Record, ...]:
        """Return the rows of a table, each with its children, which stand in a table of their own."""
        if of not in self._memo:
            self._memo[of] = rows_with_children(self.ledger, of, rows, self.once(_unread))
        found: tuple[Record, ...] = self._memo[of]
        return found

    def is_there(self, table: str) -> bool:
        """Whether the ledger has a table, be it that no row of it could be read, or the engine makes it."""
        if table == "requests" or table in self.ledger.records or table in self.engine.makers:
            return True
        return any(row.table == table for row in self.ledger.unread)

    def once(self, make: Callable[[Seen], T]) -> T:
        """Return what a function makes of this; made once for all makers that ask for it."""
        return self.kept(make, lambda: make(self))

    def kept(self, key: Any, make: Callable[[], T]) -> T:
        """Return what a function makes, made once for all that ask for it by the key."""
        if key not in self._memo:
            self._memo[key] = make()
        found: T = self._memo[key]
        return found

    @property
    def whole(self) -> Seen:
        """The same as whoever is no maker sees it: every table may be asked for."""
        return self if self._maker is None else attrs.evolve(self, maker=None)

    @property
    def unread(self) -> tuple[Unread, ...]:
        """The rows that could not be read and may have happened by the instant."""
        return self.once(_unread)

    def rests_on(self, table: str) -> Mapping[str, Pairs]:
        """Return the tables of the ledger that the records of a table rest on: itself, or those they are made of."""
        maker = self.engine.makers.get(table)
        return {table: _ANY} if maker is None or table in self.ledger.records else self._rests_on(maker)

    def _of_maker(self, maker: Maker) -> tuple[Record, ...]:
        if maker not in self._memo:
            rows = maker.make(attrs.evolve(self, maker=maker))
            made = (row if isinstance(row, Record) else Record(maker.makes, row) for row in rows)
            self._memo[maker] = with_unread(made, self._rests_on(maker), self.unread)
        found: tuple[Record, ...] = self._memo[maker]
        return found

    def _rests_on(self, maker: Maker) -> Mapping[str, Pairs]:
        """Return the tables of the ledger that made records rest on, by way of others too."""
        if maker.rests_on is not None:
            return maker.rests_on
        makers, found = self.engine.makers, dict[str, Pairs]()
        for table, pairs in maker.needs.items():
            if table == EVERY:
                found |= {row.table: _ANY for row in self.unread if row.table not in _BESIDE}
            elif table in makers:
                found |= dict.fromkeys(self._rests_on(makers[table]), _ANY)
            else:
                found.setdefault(table, pairs)
        return found


_ANY: Final[Pairs] = {}
_BESIDE: Final = ("services", "staff")
"""The tables that `EVERY` leaves out."""


def _days(seen: Seen) -> CivilDays:
    return CivilDays(seen.calendar, seen.us)


def _unread(seen: Seen) -> tuple[Unread, ...]:
    return tuple(in_sight(unread_of(seen.ledger), seen.us))


def ledger_us(engine: Engine, ledger: Ledger, as_of: datetime | date | str) -> int:
    """Return the microseconds UTC of an ``as_of`` on a ledger; a time that names no zone is in that of the ledger."""
    return engine.instant_of(as_of, naive=get_zone(ledger.zone) if ledger.zone else None)


def seen_ledger(ledger: Ledger, us: int, zone: tzinfo) -> Ledger:
    """Return the ledger as of an instant (microseconds UTC); dates go by the zone.

    A table stays, also if nothing is left in it, and what was rejected stays rejected. The same ledger if nothing in it
    is later.
    """
    records = seen_tables(ledger, ledger.records, us, zone)
    requests = _seen_requests(ledger.requests, us)
    same = requests is ledger.requests and all(rows is ledger.records[table] for table, rows in records.items())
    return ledger if same else attrs.evolve(ledger, requests=requests, records=records)


def seen_tables(ledger: Ledger, tables: Iterable[str], us: int, zone: tzinfo) -> dict[str, tuple[Record, ...]]:
    """Return the rows of some tables of a ledger as of an instant, as `seen_ledger`; of one that it lacks, none."""
    known, found = ledger.tables.record_types, dict[str, tuple[Record, ...]]()
    for table in tables:
        rows = ledger.records.get(table, ())
        found[table] = seen_rows(known[table], rows, us, zone) if table in known else rows
    if _READINGS in found:
        found[_READINGS] = seen_readings(found[_READINGS], us, zone)
    return found


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


def _seen_requests(requests: Sequence[Request], us: int) -> Sequence[Request]:
    """Return the requests with the events of until then; one all of whose events are later is not there."""
    if all(not (request.is_amended or request.is_later(us, any_event=True)) for request in requests):
        return requests
    return tuple(
        request.known_at(us) for request in requests if not request.is_later(us) or in_sight(request.unread, us)
    )
