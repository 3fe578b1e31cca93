"""Reading a ledger row by row: what is good is taken in, what is not is listed, and the counts add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import attrs

from windowservice.domain.parties import Bank
from windowservice.domain.records import Record
from windowservice.domain.requests.event import OPTIONAL_FIELDS
from windowservice.domain.requests.request import Request
from windowservice.domain.unread import Unread
from windowservice.errors import nearest
from windowservice.ledger.columns.requests import PlainRequests
from windowservice.ledger.mapping.mapping import TableMap
from windowservice.ledger.mapping.plan import RowFault, Terms
from windowservice.ledger.reading.drafts import Draft, Place, finished
from windowservice.ledger.reading.load_report import Duplicate, FileCount, Rejection, UnknownWord, Varying
from windowservice.ledger.reading.oddities import Oddities
from windowservice.ledger.reading.row_reader import PASSED_OVER, REPEATED, TAKEN, RowReader
from windowservice.ledger.reading.side_tables import ServiceRow, SideRow
from windowservice.ledger.reading.unread_rows import EVENTS, by_request
from windowservice.ledger.schema import parent_key, stands_under
from windowservice.ledger.sources.table import Note, SourceTable

__all__ = ["Gathering"]

_MOST_BITS: Final = 4_096
_SHOWN: Final = 120
"""Characters of a faulty cell that a rejection shows."""
_NOTED: Final = 5
_TOTAL: Final = "the line is a total of others and no row; nothing rests on it"
_HINTED: Final = 100
_NEAR: Final = 1_000


@attrs.define
class Gathering:
    """What has been read so far.

    Attributes:
        terms: what holds for all tables.
        services: the ids of services that are known; None if every id is taken.
        told: the fields of events that some table has a column for.
        plain: the requests that were read by columns, if any were.
    """

    terms: Terms
    services: frozenset[str] | None = None
    drafts: dict[str, Draft] = attrs.field(factory=dict)
    sides: dict[str, dict[object, tuple[SideRow, Place]]] = attrs.field(factory=dict)
    files: list[FileCount] = attrs.field(factory=list)
    rejections: list[Rejection] = attrs.field(factory=list)
    duplicates: list[Duplicate] = attrs.field(factory=list)
    words: dict[tuple[str, str, bool], tuple[Iterable[str], Counter[str]]] = attrs.field(factory=dict)
    varying: dict[tuple[str, str], set[str]] = attrs.field(factory=dict)
    refused: dict[str, Place] = attrs.field(factory=dict)
    unread: list[Unread] = attrs.field(factory=list)
    told: frozenset[str] = frozenset()
    plain: PlainRequests | None = None

    def read(self, tables: Iterable[tuple[SourceTable, TableMap]]) -> None:
        """Read all rows of the tables: what requests speak of first, then requests, then the events that need them.

        Raises:
            MissingColumn, UnknownName, InvalidValue: if the mapping does not fit the table.
            UnreadableFile: if the file breaks off.
        """
        line = sorted(tables, key=_reading_order)
        beside = [pair for pair in line if not pair[1].request and not pair[1].event]
        for table, said in beside:
            self._read(table, said)
        line = line[len(beside) :]
        self.plain = PlainRequests.of(line, self.terms, self.services)
        for table, said in line:
            self._read(table, said)

    def _read(self, table: SourceTable, said: TableMap) -> None:
        reader = RowReader(self, table, said)
        self.told |= reader.told
        became: Counter[str] = Counter()
        rejected = 0
        notes: list[int] = []
        plain = self.plain
        if plain is not None:
            became[TAKEN] = plain.taken(table)
        for number, cells in table.rows(reader.columns) if plain is None else plain.odd(table):
            if isinstance(cells, Note):
                if cells.is_total:  # it is listed, but what it says is of no record, so nothing rests on it
                    rejected += 1
                    self._reject(table.label, number, RowFault("", cells.text, _TOTAL))
                else:
                    notes.append(number)
                continue
            try:
                became[reader.take(number, cells)] += 1
            except RowFault as fault:
                rejected += 1
                self._reject(table.label, number, fault)
                self.unread += reader.unread((table.label, number), cells, str(self.rejections[-1].what))
        used = frozenset(reader.columns)
        count = FileCount(
            file=table.label,
            tables=said.targets,
            read=became.total() + rejected,
            accepted=became[TAKEN] + became[PASSED_OVER],
            rejected=rejected,
            repeated=became[REPEATED],
            passed_over=became[PASSED_OVER],
            encoding=table.encoding,
            unended=table.unended,
            unused=tuple(dict.fromkeys(name for name in table.columns if name and name not in used)),
            remarks=(*table.remarks, *_noted(notes)),
        )
        self.files.append(count)
        if said.service and self.services is not None:
            self.services |= {row.id for row in self.side("services") if isinstance(row, ServiceRow)}

    def requests(self, recorded: frozenset[str] | None, oddities: Oddities) -> Sequence[Request]:
        """Return the requests, in the order in which they were first read, and look at what is odd about them."""
        made, plain, untold = [], self.plain, OPTIONAL_FIELDS - self.told
        services = {name: draft.values["service"] for name, draft in self.drafts.items()}
        if plain is not None and self.unread:
            services |= dict(zip(plain.ids(), plain.services(), strict=True))
        unread = by_request(self.unread, services) if self.unread else {}
        concerned = {row for rows in unread.values() for row in rows}
        self.unread = [row for row in self.unread if row.table != EVENTS or row in concerned]
        self._look_for_banks()
        self._look_for_parents()
        if plain is not None:
            return plain.with_drafts(self.drafts, oddities, recorded, untold, unread)
        for name, draft in self.drafts.items():
            request, entries = finished(draft, recorded, untold, unread.get(name, ()))
            oddities.add(name, entries)
            made.append(request)
        return tuple(made)

    def known_ids(self, place: Place) -> frozenset[str]:
        """Return the ids of the requests that were read before a row."""
        if self.plain is None:
            return frozenset(self.drafts)
        above = place[0] == self.plain.requests.file and place[0] != self.plain.events.file
        return frozenset((*self.drafts, *self.plain.ids(place[1] if above else None)))

    def unknown_words(self) -> tuple[UnknownWord, ...]:
        """Return the words that no list has, each with its count."""
        return tuple(sorted(self._words_told(), key=lambda one: (one.file, one.column, one.word, one.kept)))

    def _words_told(self) -> Iterator[UnknownWord]:
        """Yield the words; the nearest known one is sought for the most frequent only, for seeking it takes long."""
        for (file, column, kept), (known, words) in self.words.items():
            order = sorted(words.items(), key=lambda found: (-found[1], found[0]))
            for place, (word, count) in enumerate(order):
                hint = nearest(word, known) if place < _HINTED else ""
                hint = hint.removeprefix(" (did you mean ").removesuffix("?)").strip("'\"")
                yield UnknownWord(file, column, word, count, hint, kept)

    def varying_columns(self) -> tuple[Varying, ...]:
        """Return the columns of logs that say several things of one request."""
        return tuple(Varying(*key, len(requests)) for key, requests in sorted(self.varying.items()))

    def count_word(
        self, file: str, column: str, word: str, known: Iterable[str], *, kept: bool, times: int = 1
    ) -> None:  # fmt: skip
        """Count a word that no list has."""
        self.words.setdefault((file, column, kept), (known, Counter()))[1][word] += times

    def _reject(self, file: str, row: int, fault: RowFault) -> None:
        value = "" if fault.value is None else _written(fault.value)
        shown = value if len(value) <= _SHOWN else f"{value[:_SHOWN]}... ({len(value):,} characters)"
        self.rejections.append(Rejection(file, row, fault.column, shown, fault.reason))
        if fault.unknown is not None:
            self.count_word(file, fault.column, shown, fault.unknown.known, kept=False)

    def _look_for_banks(self) -> None:
        banks = [row for row in self.side("banks") if isinstance(row, Bank)]
        known = {id_ for bank in banks for id_ in (bank.id, *(former.id for former in bank.former_ids))}
        if not known:
            return
        for draft in self.drafts.values():
            if draft.values["bank"] not in known:
                self.count_word(draft.place[0], "bank", draft.values["bank"], known, kept=True)
        if self.plain is not None:
            for bank, times in self.plain.banks().items():
                if bank not in known:
                    self.count_word(self.plain.requests.file, "bank", bank, known, kept=True, times=times)

    def _look_for_parents(self) -> None:
        """Count the rows of children whose record is in no row of its table."""
        for table, of in self.terms.tables.record_types.items():
            parent = stands_under(of) if table in self.sides else None
            if parent is None:
                continue
            key, theirs = parent_key(parent), str(parent.options.table)
            known = {row[key] for row in self.side(theirs) if isinstance(row, Record)}
            known |= {one.said[key] for one in self.unread if one.table == theirs and key in one.said}
            near = known if len(known) <= _NEAR else ()  # to seek among very many takes long
            for row, place in self.sides[table].values():
                if isinstance(row, Record) and (named := row[parent.__name__]) not in known:
                    self.count_word(place[0], parent.__name__, str(named), near, kept=True)

    def records(self) -> dict[str, tuple[Record, ...]]:
        """Return the rows of the further tables, in the order of reading.

        A table that was read and has no row is there too: that nothing stands in it says that nothing happened.
        """
        found = ((table, [*self._records_of(table)]) for table in self.sides)
        kept = {table: tuple(rows) for table, rows in found if rows}
        empty = (table for count in self.files if not count.read for table in count.tables)
        return kept | {table: () for table in empty if table in self.terms.tables.record_types and table not in kept}

    def _records_of(self, table: str) -> Iterator[Record]:
        """Yield the rows of a further table, each with those that say something else of the same thing."""
        names, others = self.terms.tables.named(table).key, dict[Any, list[Unread]]()
        for one in self.unread:
            if one.table == table:
                others.setdefault(tuple(one.said.get(name) for name in names), []).append(one)
        for key, (row, place) in self.sides.get(table, {}).items():
            if isinstance(row, Record):
                yield Record(row.table, row, place, tuple(others[key]), row.recorded) if key in others else row

    def placed_records(self) -> Iterator[tuple[Record, Place]]:
        """Yield the rows of the further tables, each with its file and number."""
        for rows in self.sides.values():
            yield from ((row, place) for row, place in rows.values() if isinstance(row, Record))

    def side(self, table: str) -> list[SideRow]:
        """Return the rows of a side table, in the order of reading."""
        return [row for row, _ in self.sides.get(table, {}).values()]


def _reading_order(pair: tuple[SourceTable, TableMap]) -> int:
    said = pair[1]
    return 1 if said.request else 2 if said.event else 0


def _noted(rows: list[int]) -> Iterator[str]:
    """Yield what the report says of lines that are no rows."""
    if rows:
        listed = ", ".join(map(str, rows[:_NOTED])) + (" ..." if len(rows) > _NOTED else "")
        yield f"{len(rows)} lines are remarks and no rows: {listed}"


def _written(value: object) -> str:
    """Return a cell as text, whatever it is; Python does not write numbers of thousands of digits."""
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return f"a whole number of {value.bit_length():,} bits"
    try:
        return str(value)
    except Exception:  # a foreign object may raise anything
        return type(value).__name__
