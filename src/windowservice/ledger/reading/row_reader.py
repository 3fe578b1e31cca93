"""One row of a table: what it says of a request, its events and the parties, or why it is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, NoReturn

from windowservice.domain.parties import Bank
from windowservice.domain.requests.event import Event
from windowservice.domain.unread import Unread
from windowservice.errors import InvalidValue, UnknownName
from windowservice.ledger.cells.cell import is_blank
from windowservice.ledger.mapping.mapping import TableMap
from windowservice.ledger.mapping.plan import EventPlan, Plan, RecordPlan, RowFault
from windowservice.ledger.reading.drafts import Draft, Entry, Place
from windowservice.ledger.reading.load_report import Duplicate
from windowservice.ledger.reading.side_tables import side_row
from windowservice.ledger.reading.unread_rows import EVENTS, REQUESTS, lost_pieces, lost_rows, say_the_same
from windowservice.ledger.schema import Table
from windowservice.ledger.sources.table import Broken, CellFault, SourceTable

if TYPE_CHECKING:
    from windowservice.ledger.reading.reading import Gathering

__all__ = ["PASSED_OVER", "REPEATED", "TAKEN", "RowReader"]

TAKEN: Final = "taken"
REPEATED: Final = "repeated"
PASSED_OVER: Final = "passed over"
"""What becomes of a row that is not refused."""


class RowReader:
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
        self._has_records = self._request is not None or bool(self._sides)
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
            return PASSED_OVER
        place = (self._file, number)
        self._said_before = []
        try:
            commits = [commit for commit in self._records(place, cells) if commit] if self._has_records else []
            events = [made for plan in self._events if (made := plan.read(cells)) is not None]
            new = self._new_events(place, cells, events)
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
            return REPEATED
        return TAKEN if events or (commits and not (self._log and self._events)) else PASSED_OVER

    def _records(self, place: Place, cells: Sequence[Any]) -> Iterator[Callable[[], None] | None]:
        """Yield what to do about the request of a row, and about what else it is, once the whole row is good."""
        yield self._describe(place, cells)
        for table, plan in self._sides:
            yield self._side_row(table, plan, place, cells)

    def _new_events(
        self, place: Place, cells: Sequence[Any], events: list[tuple[str | None, Event, str]]
    ) -> list[tuple[str, Entry]]:
        """Return the events of a row that were not read before, the same in every field: those happened once."""
        targets = [self._target(request, cells) for request, _, _ in events]
        entries = [Entry(event, place, until_next) for _, event, until_next in events]
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

    def _side_row(
        self, table: Table, plan: RecordPlan, place: Place, cells: Sequence[Any]
    ) -> Callable[[], None] | None:
        """Read the row as a bank, a service, a clerk or a row of a further table."""
        values = plan.read(cells)
        try:
            row = side_row(table, values, place)
        except InvalidValue as error:
            raise RowFault(plan.label(error.field), error.value, str(error)) from None
        rows = self._all.sides.setdefault(table.name, {})
        names = table.key
        key = tuple([values.get(name) for name in names])
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
                "request": self._all.known_ids(place),
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
