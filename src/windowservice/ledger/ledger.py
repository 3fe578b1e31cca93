"""A ledger: the requests of a window with their events, its banks, services and staff, and how it was read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

import attrs

from windowservice.asked import told
from windowservice.domain.catalogue.catalogue import Catalogue
from windowservice.domain.duties.duties import Duties
from windowservice.domain.parties import Bank, Clerk
from windowservice.domain.records import Record
from windowservice.domain.requests.kinds import EventKind, kinds_by_word, own_kinds
from windowservice.domain.requests.request import Request
from windowservice.domain.unread import Unread
from windowservice.errors import EmptyLedger
from windowservice.instants import as_of_us, get_zone
from windowservice.ledger.cells.cell import CellNotes
from windowservice.ledger.mapping.mapping import LedgerMapping, TableMap
from windowservice.ledger.mapping.own_tables import own_tables
from windowservice.ledger.mapping.plan import Terms
from windowservice.ledger.mapping.reading import read_mapping
from windowservice.ledger.reading.load_report import LoadReport, Otherwise
from windowservice.ledger.reading.oddities import Oddities
from windowservice.ledger.reading.reading import Gathering
from windowservice.ledger.reading.record_oddities import contradictory_records
from windowservice.ledger.reading.settings import (
    SETTINGS_FILE,
    LedgerSettings,
    named_file,
    read_settings,
    settings_calendar,
)
from windowservice.ledger.reading.side_tables import ServiceRow, merged, overridden, roster
from windowservice.ledger.sources.sources import Source, SourceForm, source_of
from windowservice.ledger.sources.table import SourceTable, refuse_unread
from windowservice.ledger.tables import BUILT_IN, Tables

if TYPE_CHECKING:
    from windowservice.language.tree.facts import Facts
    from windowservice.ledger.sources.sources import Frames
    from windowservice.worktime.calendar import WorkCalendar

__all__ = ["HowRead", "Ledger"]


class HowRead(TypedDict, total=False):
    """What `Ledger.read` takes beside what an engine knows itself."""

    mapping: str | Path | LedgerMapping | None
    zone: str | None
    recorded: Iterable[str] | None
    calendar: WorkCalendar | None
    as_of: datetime | date | str | None
    services: Iterable[str] | None


@told
@attrs.frozen(kw_only=True, repr=False)
class Ledger:
    """Everything that one reading of a ledger gave.

    Iterating over it gives its requests.

    Attributes:
        requests: the requests with their events, in the order in which they were first read; of a large ledger each is
            made when it is asked for.
        banks: the banks it lists.
        services: the limits of services it states.
        staff: the clerks it lists.
        records: the rows of its further tables (messages, positions, filings ...), by the name of the table.
        unread: the rows that were refused, with what could be read of them.
        report: what was read, what was refused, and what is odd.
        zone: the zone of times that name none; empty if none was given.
        recorded: the event kinds it records; None means all.
        calendar: the opening hours that it states or was read with.
        duties: the duties that come again, if its ``ledger.toml`` names a list of its own.
        ladder: the file of its escalation ladder, if its ``ledger.toml`` names one.
        own_catalogue: its service catalogue, if its ``ledger.toml`` names one.
        scorecard: the file of its scorecard, if its ``ledger.toml`` names one.
        indicators: the file that says how its indicators are counted, if its ``ledger.toml`` names one.
        complete_since: the indicators of which its tables are complete, and since when, as its ``ledger.toml`` says.
        tables: the tables that it can have.
    """

    requests: Sequence[Request] = ()
    banks: tuple[Bank, ...] = ()
    services: tuple[ServiceRow, ...] = ()
    staff: tuple[Clerk, ...] = ()
    records: Mapping[str, tuple[Record, ...]] = attrs.field(factory=dict)
    unread: tuple[Unread, ...] = attrs.field(default=(), repr=False)
    report: LoadReport
    zone: str = ""
    recorded: frozenset[str] | None = None
    calendar: WorkCalendar | None = None
    duties: Duties | None = None
    ladder: Path | None = None
    own_catalogue: Catalogue | None = None
    scorecard: Path | None = None
    indicators: Path | None = None
    complete_since: Mapping[str, date] = attrs.field(factory=dict)
    tables: Tables = BUILT_IN

    def __iter__(self) -> Iterator[Request]:
        return iter(self.requests)

    def __repr__(self) -> str:
        report = self.report
        return (
            f"Ledger({report.source!r}: {len(self)} requests, {report.events} events, "
            f"{sum(map(len, self.records.values()))} further records, {report.rejected} rows rejected)"
        )

    def __len__(self) -> int:
        return len(self.requests)

    @property
    def bank_names(self) -> dict[str, str]:
        """The names of banks by id, also of those whose row was rejected for something else."""
        rejected = (row.said for row in self.unread if row.table == "banks")
        found = {said["id"]: said["name"] for said in rejected if said.get("id") and said.get("name")}
        return found | {bank.id: bank.name for bank in self.banks if bank.name}

    @property
    def banks_in_doubt(self) -> dict[str, Unread]:
        """The banks of which only a row that was rejected tells, by their id: they are there, whatever they are."""
        listed = {bank.id for bank in self.banks}
        rows = {row.said["id"]: row for row in self.unread if row.table == "banks" and row.said.get("id") is not None}
        return {id_: row for id_, row in rows.items() if id_ not in listed}

    def catalogue(self, default: Catalogue) -> Catalogue:
        """Return the ledger's own catalogue or else the default, with the limits that the ledger's tables state."""
        return overridden(self.own_catalogue or default, self.services)

    @classmethod
    def read(
        cls,
        source: str | Path | Frames | object,
        *,
        mapping: str | Path | LedgerMapping | None = None,
        zone: str | None = None,
        recorded: Iterable[str] | None = None,
        calendar: WorkCalendar | None = None,
        as_of: datetime | date | str | None = None,
        kinds: Iterable[str | EventKind] = (),
        services: Iterable[str] | None = None,
        record_types: Iterable[type[Facts]] = (),
    ) -> Ledger:
        """Read a ledger; what is wrong in a row is listed in the report, and the other rows are read.

        An argument wins over the mapping, and the mapping over the ``ledger.toml`` beside the tables.

        Args:
            source: a folder of tables, one file (CSV, Parquet, workbook, SQLite or DuckDB), a frame, or a mapping from
                table names to frames or lists of dicts.
            mapping: how the tables become ours, or its file; without one they bear the names of the schema.
            zone: the IANA zone of times that name none.
            recorded: the event kinds that the ledger records; None leaves it to the mapping, and then all.
            calendar: the opening hours, for the report.
            as_of: an instant after which nothing should lie, for the report; a bare date means 24:00 of it in the zone.
            kinds: event kinds beside the library's own, as plugins declare them: values, or bare names.
            services: the ids of known services; a request for another is rejected (a services table adds its own).
                Without it every service is taken.
            record_types: record types beside the library's own, as plugins bring them; their tables are read as well.

        Raises:
            EmptyLedger: if there are no requests and no events to read.
            UnreadableFile, WrongEncoding, MissingColumn, MissingExtra: if a file cannot be read as a whole.
            InvalidRule: if two record types have one table.
            InvalidDocument, UnknownName, UnknownZone: if the mapping or ``ledger.toml`` is wrong, or a column unknown.
        """
        found, known_tables = source_of(source), BUILT_IN.and_of(record_types)
        settings = read_settings(found.folder)
        chosen = _mapping_of(mapping, settings, found, known_tables)
        zone_name = zone or (chosen.zone if chosen else "") or settings.zone
        named_zone = get_zone(zone_name, "zone") if zone_name else None
        own = own_kinds(kinds)
        terms = Terms(named_zone, kinds_by_word(own), CellNotes(), known_tables)
        if calendar is None and found.folder is not None:
            calendar = settings_calendar(settings, found.folder, zone_name)
        tables, unread = _tables_of(found, chosen, known_tables)
        gathering = Gathering(terms, None if services is None else frozenset(services))
        gathering.read(tables)
        told = _first(recorded, chosen.recorded if chosen else None, settings.recorded)
        limit = None if as_of is None else as_of_us(as_of, terms.zone or get_zone("UTC"))
        oddities = Oddities(terms.zone, calendar, limit, own)
        requests = gathering.requests(told, oddities)
        named = Path(mapping).name if isinstance(mapping, str | Path) else ""
        known = {SETTINGS_FILE, named, *settings.files}
        report = attrs.evolve(
            _report(gathering, oddities),
            source=found.label,
            zone=zone_name,
            recorded=told,
            requests=len(requests),
            unsaid=tuple(one for one in oddities.unsaid if told is None or one.kind in told),
            files_not_read=tuple(name for name in unread if name not in known),
        )
        return cls(
            requests=requests,
            unread=tuple(gathering.unread),
            **_beside_requests(gathering),
            **_own_files(settings, found.folder),
            report=report,
            zone=zone_name,
            recorded=told,
            calendar=calendar,
            tables=known_tables,
        )


def _beside_requests(gathering: Gathering) -> dict[str, Any]:
    """Return the banks, services, clerks and further records that were read."""
    return {
        "banks": merged(row for row in gathering.side("banks") if isinstance(row, Bank)),
        "services": tuple(row for row in gathering.side("services") if isinstance(row, ServiceRow)),
        "staff": roster(row for row in gathering.side("staff") if isinstance(row, Clerk)),
        "records": gathering.records(),
    }


def _own_files(settings: LedgerSettings, folder: Path | None) -> dict[str, Any]:
    """Return what the settings put in place of the library's own."""

    def beside(key: str) -> Path | None:
        name = getattr(settings, key)
        return named_file(folder, key, name) if name and folder else None

    catalogue, duties = beside("catalogue"), beside("duties")
    return {
        "own_catalogue": None if catalogue is None else Catalogue.from_toml(catalogue),
        "duties": None if duties is None else Duties.from_toml(duties),
        "ladder": beside("ladder"),
        "scorecard": beside("scorecard"),
        "indicators": beside("indicators"),
        "complete_since": {} if settings.complete is None else settings.complete.by_indicator,
    }


def _first(*said: Iterable[str] | None) -> frozenset[str] | None:
    """Return the first set of kinds that was said, or None."""
    return next((frozenset(kinds) for kinds in said if kinds is not None), None)


def _mapping_of(
    given: str | Path | LedgerMapping | None, settings: LedgerSettings, source: Source, tables: Tables
) -> LedgerMapping | None:
    if isinstance(given, LedgerMapping):
        return given
    if given is not None:
        return read_mapping(given, tables)
    named = settings.mapping if source.folder else ""
    return read_mapping(named_file(source.folder, "mapping", named), tables) if named and source.folder else None


def _tables_of(
    source: Source, mapping: LedgerMapping | None, known: Tables
) -> tuple[list[tuple[SourceTable, TableMap]], tuple[str, ...]]:
    """Return the tables with how each is read, and the files that are not read."""
    if mapping is None:
        tables, unread = own_tables((one for name in source.files for one in source.open(name, SourceForm())), known)
        made = {name for _, said in tables for name in said.targets}
        if not made & {"requests", *known.record_types}:
            raise EmptyLedger(
                source.label,
                "it has no table 'requests', nor any other with records to judge"
                + (f"; it has {', '.join(unread)}" if unread else ""),
            )
    else:
        tables = [pair for said in mapping.table for pair in _mapped(source, said)]
        read = {table.file for table, _ in tables}
        unread = [name for name in source.files if name not in read]
        if not any(said.request or said.row for _, said in tables):
            raise EmptyLedger(source.label, "its mapping makes no requests, nor records of any other table")
    return tables, (*unread, *source.other)


def _mapped(source: Source, said: TableMap) -> Iterator[tuple[SourceTable, TableMap]]:
    form = SourceForm(sheet=said.sheet, encoding=said.encoding, delimiter=said.delimiter, header=said.header)
    for name in source.matching(said.file):
        for table in source.open(name, form):
            refuse_unread(table)
            yield table, said


def _report(gathering: Gathering, oddities: Oddities) -> LoadReport:
    notes, tables, calendar = gathering.terms.notes, gathering.terms.tables, oddities.calendar
    return LoadReport(
        files=tuple(gathering.files),
        rejections=tuple(gathering.rejections),
        events=oddities.events,
        ambiguous_times=notes.ambiguous,
        skipped_times=notes.skipped,
        outside_hours=None if calendar is None else oddities.outside_hours,
        calendar="" if calendar is None else calendar.name,
        at_midnight=oddities.at_midnight,
        after_as_of=None if oddities.as_of is None else oddities.after_as_of,
        tied_events=oddities.tied_events,
        tied_requests=oddities.tied_requests,
        contradictions=(
            *oddities.contradictions,
            *contradictory_records(gathering.placed_records(), tables),
        ),
        duplicates=(*gathering.duplicates, *oddities.duplicates),
        unknown_words=gathering.unknown_words(),
        varying=gathering.varying_columns(),
        formula_cells=notes.formulas,
        missing_words=notes.missing_words,
        otherwise=tuple(Otherwise(*key, count) for key, count in sorted(notes.otherwise.items())),
    )
