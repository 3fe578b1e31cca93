"""The table of requests and that of their events as columns, with what is certain of each row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from heapq import merge
from typing import TYPE_CHECKING, Any

import attrs

from windowservice.ledger.cells.cell import is_blank
from windowservice.ledger.columns.instants import Instants, instants_of
from windowservice.ledger.columns.sure import among, sure_of
from windowservice.ledger.mapping.fields import Field, RowFault
from windowservice.ledger.mapping.mapping import Cell
from windowservice.ledger.mapping.plan import EventPlan, Plan, RecordPlan
from windowservice.ledger.sources.table import Broken, Columns, Note, Row

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from windowservice.ledger.columns.sure import Marks
    from windowservice.ledger.mapping.mapping import TableMap
    from windowservice.ledger.mapping.plan import Terms
    from windowservice.ledger.sources.table import SourceTable

    Ints = NDArray[np.int64]
    Places = NDArray[np.intp]

__all__ = ["EventColumns", "RequestColumns", "Table"]


@attrs.frozen(eq=False)
class Table:
    """One table, its rows as columns.

    Attributes:
        file: its label.
        columns: its rows.
        sure: which of them are read without anything odd.
    """

    file: str
    columns: Columns
    sure: Marks

    def cells(self, places: Places) -> Iterator[Sequence[Any]]:
        """Yield the cells of rows."""
        return self.columns.rows(self.columns.frame[places])

    def rows(self, places: Places) -> Iterator[Row]:
        """Yield rows with their numbers, and what else stands between them."""
        numbers = self.columns.numbers[places].tolist()
        return merge(zip(numbers, self.cells(places), strict=True), self.columns.others, key=_number)

    def names(self, read: Callable[[Sequence[Any]], Any]) -> set[str]:
        """Return what rows that are not certain say by a reader of one field, so far as it can be read."""
        import numpy as np

        found = set()
        for _, cells in self.rows(np.flatnonzero(~self.sure)):
            if isinstance(cells, Broken | Note):
                continue
            try:
                found.add(read(cells))
            except RowFault:
                continue
        return found


def _number(row: Row) -> int:
    return row[0]


@attrs.frozen(eq=False)
class RequestColumns(Table):
    """The table of requests.

    Attributes:
        plan: how a row is read.
        id, bank, service: what the rows say that are certain.
    """

    plan: RecordPlan
    id: pl.Series
    bank: pl.Series
    service: pl.Series

    @classmethod
    def of(
        cls, table: SourceTable, said: TableMap, terms: Terms, services: frozenset[str] | None
    ) -> RequestColumns | None:
        """Return the columns; None where the table, or how it is mapped, wants to be read row by row.

        Args:
            table: the table.
            said: how it is mapped.
            terms: what holds for all tables; what is counted is of no account.
            services: the ids of services that are known; None if every id is taken.
        """
        if said.request is None or said.event or said.where or said.log or said.bank or said.service:
            return None
        if said.clerk or said.row:
            return None
        plan = Plan(table, terms)
        record = RecordPlan(plan, said.request)
        if not _is_simple(record) or not {"id", "bank", "service"} <= {field.name for field in record.fields}:
            return None
        columns = table.whole(plan.columns)
        if columns is None:
            return None
        told = {field.name: sure_of(field, columns.frame[_column(field.cell)]) for field in record.fields}
        sure = told["id"].sure.copy()
        for one in told.values():
            sure &= one.sure
        service = told["service"].value
        if services is not None:
            sure &= among(service, [*services])
        return cls(table.label, columns, sure, record, told["id"].value, told["bank"].value, service)


@attrs.frozen(eq=False)
class EventColumns(Table):
    """The table of events.

    Attributes:
        plan: how a row is read.
        request: the ids of requests, of rows that are certain.
        kinds: the kinds of event that they have.
        kind: of each row the place of its kind among them.
        at: the instants.
        stated: of each field, in which rows it is stated.
    """

    plan: EventPlan
    request: pl.Series
    kinds: tuple[str, ...]
    kind: Ints
    at: Instants
    stated: dict[str, Marks]

    @classmethod
    def of(cls, table: SourceTable, said: TableMap, terms: Terms) -> EventColumns | None:
        """Return the columns; None where the table, or how it is mapped, wants to be read row by row."""
        if len(said.event) != 1 or said.event[0].where or said.event[0].once or said.where or said.log:
            return None
        if said.request or said.bank or said.service or said.clerk or said.row:
            return None
        plan = Plan(table, terms)
        event = EventPlan(plan, said.event[0], of_row=False)
        if not _is_simple(event.record) or len(event.cell.column) != 1:
            return None
        if not {"request", "at"} <= {field.name for field in event.record.fields}:
            return None
        columns = table.whole(plan.columns)
        if columns is None:
            return None
        kinds, kind = _kinds(event, columns.frame[_column(event.cell)])
        sure, stated = kind >= 0, {}
        times: dict[str, Instants] = {}
        for field in event.record.fields:
            cells = columns.frame[_column(field.cell)]
            if field.kind == "instant":
                found = instants_of(field, terms.zone, cells)
                times[field.name] = found
                sure &= found.sure
            else:
                told = sure_of(field, cells)
                stated[field.name] = told.stated
                sure &= told.sure
                if field.name == "request":
                    request = told.value
        if "slot_begin" in times:  # with its end it is one field of an event
            stated["slot"] = times["slot_begin"].stated
        sure &= times["at"].stated & _slots(times, sure)
        if "date_only" in stated:  # what such a row says of its time is told row by row
            sure &= ~stated["date_only"]
        return cls(table.label, columns, sure, event, request, kinds, kind, times["at"], stated)


def _is_simple(record: RecordPlan) -> bool:
    """Whether each field stands in a column of its own, and a cell alone says what it is."""
    return not record.constants and all(
        len(field.cell.column) == 1 and field.cell.default is None and _is_checked(field) for field in record.fields
    )


def _is_checked(field: Field) -> bool:
    """Whether a value that was read is taken by whatever it goes into; further fields of a type may not be."""
    return not field.name.startswith("extra.") or field.kind in ("any", "text", "code")


def _column(cell: Cell) -> str:
    return " ".join(cell.column[0].split())


def _kinds(event: EventPlan, cells: pl.Series) -> tuple[tuple[str, ...], Ints]:
    """Return the kinds of a column, and of each row its place among them; -1 where it is none, or more than a kind."""
    import numpy as np
    import polars as pl

    kinds: dict[str, int] = {}
    places: dict[Any, int] = {}
    for cell in cells.drop_nulls().unique().to_list():
        try:
            fields = None if is_blank(cell) else event.fields_of(cell)
        except RowFault:
            continue
        if fields and fields.keys() == {"kind"}:
            places[cell] = kinds.setdefault(fields["kind"], len(kinds))
    if not places:
        return (), np.full(len(cells), -1, np.int64)
    found = cells.replace_strict(list(places), list(places.values()), default=-1, return_dtype=pl.Int64)
    return tuple(kinds), found.fill_null(-1).to_numpy()


def _slots(times: dict[str, Instants], sure: Marks) -> Marks:
    """Return which rows have a slot with both its ends in order, or none."""
    import numpy as np

    begin, end = times.get("slot_begin"), times.get("slot_end")
    if begin is None or end is None:
        lone = begin or end
        return np.ones(len(sure), bool) if lone is None else ~lone.stated
    right = begin.stated & end.stated & (end.us > begin.us)
    return right | ~(begin.stated | end.stated)
