"""Reading a ledger row by row: what is good is taken in, what is not is listed, and the counts add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, NoReturn

import attrs

from windowservice.domain.parties import Bank
from windowservice.domain.records import Record
from windowservice.domain.requests.event import OPTIONAL_FIELDS
from windowservice.domain.requests.request import Request
from windowservice.domain.unread import Unread
from windowservice.errors import InvalidValue, UnknownName, nearest
from windowservice.ledger.cells.cell import is_blank
from windowservice.ledger.mapping.mapping import TableMap
from windowservice.ledger.mapping.plan import EventPlan, Plan, RecordPlan, RowFault, Terms
from windowservice.ledger.reading.drafts import Draft, Entry, Place, finished
from windowservice.ledger.reading.load_report import Duplicate, FileCount, Rejection, UnknownWord, Varying
from windowservice.ledger.reading.oddities import Oddities
from windowservice.ledger.reading.side_tables import ServiceRow, SideRow, side_row
from windowservice.ledger.reading.unread_rows import EVENTS, REQUESTS, by_request, lost_pieces, lost_rows, say_the_same
from windowservice.ledger.schema import Table
from windowservice.ledger.sources.table import Broken, CellFault, Note, SourceTable

__all__ = ["Gathering"]

_MOST_BITS: Final = 4_096
_SHOWN: Final = 120
"""Characters of a faulty cell that a rejection shows."""
_NOTED: Final = 5
_TOTAL: Final = "the line is a total of others and no row; nothing rests on it"
_TAKEN, _REPEATED, _PASSED_OVER = "taken", "repeated", "passed over"
_HINTED: Final = 100


@attrs.define
class Gathering:
    """What has been read so far.

    Attributes:
        terms: what holds for all tables.
        services: the ids of services that are known; None if every id is taken.
        told: the fields of events that some table has a column for.
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

    def read(self, table: SourceTable, said: TableMap) -> None:
        """Read all rows of one table.

        Raises:
            MissingColumn, UnknownName, InvalidValue: if the mapping does not fit the table.
            UnreadableFile: if the file breaks off.
        """
        reader = _RowReader(self, table, said)
        self.told |= reader.told
        became: Counter[str] = Counter()
        rejected = 0
        notes: list[int] = []
        for number, cells in table.rows(reader.columns):
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
            accepted=became[_TAKEN] + became[_PASSED_OVER],
            rejected=rejected,
            repeated=became[_REPEATED],
            passed_over=became[_PASSED_OVER],
            encoding=table.encoding,
            unended=table.unended,
            unused=tuple(dict.fromkeys(name for name in table.columns if name and name not in used)),
            remarks=(*table.remarks, *_noted(notes)),
        )
        self.files.append(count)
        if said.service and self.services is not None:
            self.services |= {row.id for row in self.side("services") if isinstance(row, ServiceRow)}

    def requests(self, recorded: frozenset[str] | None, oddities: Oddities) -> tuple[Request, ...]:
        """Return the requests, in the order in which they were first read, and look at what is odd about them."""
        made = []
        services = {name: draft.values["service"] for name, draft in self.drafts.items()}
        unread = by_request(self.unread, services) if self.unread else {}
        concerned = {row for rows in unread.values() for row in rows}
        self.unread = [row for row in self.unread if row.table != EVENTS or row in concerned]
        for name, draft in self.drafts.items():
            request, entries = finished(draft, recorded, OPTIONAL_FIELDS - self.told, unread.get(name, ()))
            oddities.add(name, entries)
            made.append(request)
        self._look_for_banks()
        return tuple(made)

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

    def count_word(self, file: str, column: str, word: str, known: Iterable[str], *, kept: bool) -> None:
        """Count a word that no list has."""
        self.words.setdefault((file, column, kept), (known, Counter()))[1][word] += 1

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


class _RowReader:
    """How the rows of one table are taken in."""

    def __init__(self, gathering: Gathering, table: SourceTable, said: TableMap) -> None:
        self._all = gathering
        self._file = table.label
        self._log = said.log
        self._faults = table.faults
        plan = Plan(table, gathering.terms)
        self._holds = plan.condition(said.where)
        self._request = RecordPlan(plan, said.request) if said.request else None
        of_row = self._request is not None
        self._once = [EventPlan(plan, event, of_row=of_row) for event in said.event if event.once]
        self._events = [EventPlan(plan, event, of_row=of_row) for event in said.event if not event.once]
        self._sides = [
            (gathering.terms.tables.named(record.schema_name), RecordPlan(plan, record))
            for record in (said.bank, said.service, said.clerk, said.row)
            if record
        ]
        self.columns: Sequence[str] = plan.columns
        self._id = self._request.field("id") if self._request else None
        self._described = tuple(self._describing())
        numbered = (event.record for event in self._events)
        self._said_of = ""
        self._said_before: list[tuple[str, Place]] = []
        """What the row at hand says that was said before, with the place where."""
        self._order = next((record.field("seq") for record in numbered if record.label("seq")), None)

    def _describing(self) -> Iterator[tuple[str, Callable[[Sequence[Any]], Any]]]:
        """Yield the columns that should say one thing of a request; what the event of each row is read from differs."""
        if self._request is None:
            return
        of_request = dict(self._request.getters)
        of_rows = {label for event in self._events for label, _ in event.record.getters}
        yield from of_request.items()
        for label, get in dict(pair for event in self._once for pair in event.record.getters).items():
            if label not in of_request and label not in of_rows:
                yield label, get

    @property
    def told(self) -> frozenset[str]:
        """The fields of events that the table has a column for, or its mapping a constant."""
        return frozenset[str]().union(*(event.told for event in (*self._once, *self._events)))

    def take(self, number: int, cells: Sequence[Any] | Broken) -> str:
        """Take in one row and return what became of it; a row that is faulty, or says nothing new, changes nothing.

        Raises:
            RowFault: if the row is refused.
        """
        if isinstance(cells, Broken):
            raise RowFault("", cells.text, cells.reason)
        if self._faults:
            self._refuse_faults((self._file, number), cells)
        if self._holds is not None and not self._holds(cells):
            return _PASSED_OVER
        place = (self._file, number)
        self._said_before = []
        try:
            commits = [commit for commit in (self._describe(place, cells), *self._side_rows(place, cells)) if commit]
            events = [made for made in (plan.read(cells) for plan in self._events) if made is not None]
            targets = [self._target(request, cells) for request, _, _ in events]
            entries = [Entry(event, place, until_next) for _, event, until_next in events]
            new = self._new_events(place, targets, entries)
        except RowFault:
            self._remember_refused(place, cells)
            raise
        for commit in commits:
            commit()
        for name, entry in new:
            self._all.drafts[name].take(entry)
        if self._said_before and not commits and not new:
            what, (file, row) = self._said_before[0]
            self._all.duplicates.append(Duplicate(*place, what, file, row, kept=False, repeated=True))
            return _REPEATED
        return _TAKEN if events or (commits and not (self._log and self._events)) else _PASSED_OVER

    def _new_events(self, place: Place, targets: list[str], entries: list[Entry]) -> list[tuple[str, Entry]]:
        """Return the events of a row that were not read before, the same in every field: those happened once."""
        again = bool(self._said_before) and not self._log and self._request is not None
        new: list[tuple[str, Entry]] = []
        for name, entry in zip(targets, entries, strict=True):
            known = self._all.drafts.get(name)
            same = None if known is None else known.same(entry)
            if same is None:
                new.append((name, entry))
            else:
                self._said_before.append((f"{entry.event.kind} of request {name!r}", same.place))
        if again:
            name, first = str(self._said_of), self._said_before[0][1]
            if new or sum(entry.place == first for entry in self._all.drafts[name].entries) != len(entries):
                self._refuse_second(name, first, place)
        return new

    def _refuse_second(self, name: str, first: Place, place: Place) -> NoReturn:
        """Refuse a row that says something else of a request of which another row speaks."""
        assert self._request is not None  # noqa: S101 - asked only of a row that is a request
        file, row = first
        self._all.duplicates.append(Duplicate(*place, f"request {name!r}", file, row, kept=False))
        reason = f"the request stands already in {file} row {row}; if each row is one event of it, say log = true"
        raise RowFault(self._request.label("id"), name, reason)

    def _target(self, request: str | None, cells: Sequence[Any]) -> str:
        """Return the id of the request that an event belongs to."""
        if request is None:
            return str(self._id(cells)) if self._id else ""
        if request in self._all.drafts:
            return request
        column = self._events[0].record.label("request")
        if request in self._all.refused:
            file, row = self._all.refused[request]
            raise RowFault(column, request, f"its request was rejected ({file} row {row})")
        raise RowFault(column, request, "no such request in the ledger")

    def _describe(self, place: Place, cells: Sequence[Any]) -> Callable[[], None] | None:
        """Read what the row says of its request, and return what to do about it once the whole row is good."""
        if self._request is None or self._id is None:
            return None
        name = self._id(cells)
        known = self._all.drafts.get(name)
        raw = [get(cells) for _, get in self._described]
        if known is not None and not self._log:
            if not say_the_same(raw, known.raw):
                self._refuse_second(name, known.place, place)
            self._said_before.append((f"request {name!r}", known.place))
            self._said_of = name
            return None
        order = self._order(cells) if self._order else None
        first = known is None or (order is not None and known.order is not None and order < known.order)
        if known is not None and raw == known.raw and not first:
            return None
        values = self._request.read(cells)
        self._check_service(values["service"])
        once = [
            Entry(made[1], place, made[2]) for made in (plan.read(cells) for plan in self._once) if made is not None
        ]
        draft = Draft(place, order, raw, values, once)
        if known is not None:
            draft.entries, draft.by_time = known.entries, known.by_time
        return lambda: self._commit(name, known, draft, first=first)

    def _commit(self, name: str, known: Draft | None, draft: Draft, *, first: bool) -> None:
        """Put the description of a request in its place, and note in which columns it differs from the one at hand."""
        if first:
            self._all.drafts[name] = draft
        if known is None or draft.raw == known.raw:
            return
        kept, other = (draft.raw, known.raw) if first else (known.raw, draft.raw)
        for (label, _), cell, later in zip(self._described, kept, other, strict=True):
            if cell != later and not is_blank(later):  # a row that says nothing contradicts nothing
                self._all.varying.setdefault((self._file, label), set()).add(name)

    def _check_service(self, service: str) -> None:
        known = self._all.services
        if known is not None and service not in known:
            assert self._request is not None  # noqa: S101 - only a request has a service
            unknown = UnknownName("service", service, tuple(sorted(known)))
            raise RowFault(self._request.label("service"), service, str(unknown), unknown)

    def _side_rows(self, place: Place, cells: Sequence[Any]) -> list[Callable[[], None] | None]:
        """Read the row as a bank, a service or a clerk."""
        return [self._side_row(table, plan, place, cells) for table, plan in self._sides]

    def _side_row(
        self, table: Table, plan: RecordPlan, place: Place, cells: Sequence[Any]
    ) -> Callable[[], None] | None:
        values = plan.read(cells)
        try:
            row = side_row(table, values, place)
        except InvalidValue as error:
            raise RowFault(plan.label(error.field), error.value, str(error)) from None
        rows = self._all.sides.setdefault(table.name, {})
        names = table.key
        key = tuple(values.get(name) for name in names)
        if key in rows:
            before, (file, first) = rows[key]
            said = " ".join(str(part) for part in key if part is not None)
            if row == before:
                self._said_before.append((f"{said!r} of {table.name}", (file, first)))
                return None
            self._all.duplicates.append(Duplicate(*place, f"{said!r} of {table.name}", file, first, kept=False))
            raise RowFault(plan.label(names[0]), said, f"it stands already in {file} row {first}")
        return lambda: rows.__setitem__(key, (row, place))

    def unread(self, place: Place, cells: Sequence[Any] | Broken, reason: str) -> Iterator[Unread]:
        """Yield what a row that was refused could have said, table by table."""
        plans: list[tuple[str, Any]] = [] if self._request is None else [(REQUESTS, self._request)]
        plans += [(EVENTS, plan) for plan in (*self._once, *self._events)]
        plans += [(table.name, plan) for table, plan in self._sides]
        if isinstance(cells, Broken):
            banks = frozenset(row.id for row in self._all.side("banks") if isinstance(row, Bank))
            known = {
                "request": frozenset(self._all.drafts),
                "kind": frozenset(self._all.terms.kinds.values()),
                "bank": banks,
            }
            yield from lost_pieces(place, reason, cells.cells, [table for table, _ in plans], known)
        else:
            yield from lost_rows(place, reason, cells, plans, self._id)

    def _refuse_faults(self, place: Place, cells: Sequence[Any]) -> None:
        """Refuse a row of which a cell that is read holds no value; what it should say nobody knows."""
        for column, cell in zip(self.columns, cells, strict=True):
            if isinstance(cell, CellFault):
                self._remember_refused(place, cells)
                raise RowFault(column, cell.text, cell.reason)

    def _remember_refused(self, place: Place, cells: Sequence[Any]) -> None:
        """Note the id of a request that is refused, so that its events can say why they have none."""
        if self._id is None or self._log:
            return
        try:
            name = self._id(cells)
        except RowFault:
            return
        if name not in self._all.drafts:
            self._all.refused.setdefault(name, place)
