"""A mapping applied to the columns of one table: what turns a row into records, or says what is wrong with it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from operator import itemgetter
from typing import Any, Final

import attrs

from windowservice.domain.requests.event import Event
from windowservice.domain.requests.extra import Extra
from windowservice.errors import InvalidValue, MissingColumn, NaiveTime, UnknownName, WindowserviceError
from windowservice.instants import get_zone
from windowservice.ledger.cells.cell import CellNotes, Written, cell_reader, cell_word, is_blank
from windowservice.ledger.cells.times import DayAndTime
from windowservice.ledger.mapping.fields import NEW, Field, RowFault, constant_of, read_cell, read_field
from windowservice.ledger.mapping.mapping import Cell, EventMap, RecordMap
from windowservice.ledger.mapping.readers import any_reader, how_to_map, word_reader
from windowservice.ledger.schema import Column
from windowservice.ledger.sources.table import CellFault, SourceTable, header_below
from windowservice.ledger.tables import BUILT_IN, Tables

__all__ = ["EventPlan", "Plan", "RecordPlan", "RowFault", "Terms"]

_EXTRA: Final = "extra."
_IGNORE: Final = "ignore"
_MOST_WORDS: Final = 1_024
"""Words for a kind, or sayings of further fields, of which it is kept what they stand for."""


@attrs.frozen
class Terms:
    """What holds for all tables of a ledger while it is read.

    Attributes:
        zone: the zone of times that name none.
        kinds: the names of the event kinds that are known, by the words that may be written for them.
        notes: where odd cells are counted.
        tables: the tables that there can be.
    """

    zone: tzinfo | None
    kinds: Mapping[str, str]
    notes: CellNotes
    tables: Tables = BUILT_IN


class Plan:
    """The columns that a table is asked for; records and events add to it, and then rows are read through them."""

    def __init__(self, table: SourceTable, terms: Terms) -> None:
        self.table = table
        self.terms = terms
        self.columns: list[str] = []
        self._places: dict[str, int] = {}
        self._known = frozenset(filter(None, table.columns))

    def getter(self, cell: Cell, needed_for: str, kind: str = "") -> Callable[[Sequence[Any]], Any]:
        """Return the function that takes the cell of a row; several columns are joined, words by ``+``."""
        places = [self.place(column, needed_for) for column in cell.column]
        if len(places) == 1:
            return itemgetter(places[0])
        if kind == "instant":
            day, time = places
            return lambda cells: None if _all_blank(cells, places) else DayAndTime(cells[day], cells[time])
        return lambda cells: "+".join(_word(cells[place]) for place in places)

    def place(self, column: str, needed_for: str) -> int:
        """Return the place of a column among those asked for.

        Raises:
            MissingColumn: if the table does not have it.
        """
        name = " ".join(column.split())  # as `column_names` has it: a name in a workbook may hold line breaks
        if name not in self._known:
            columns, cure = tuple(filter(None, self.table.columns)), header_below(self.table.below, {name})
            raise MissingColumn(self.table.label, column, needed_for, columns, cure)
        if name not in self._places:
            self._places[name] = len(self.columns)
            self.columns.append(name)
        return self._places[name]

    def condition(self, where: Mapping[str, tuple[str, ...]]) -> Callable[[Sequence[Any]], bool] | None:
        """Return whether a row holds the words that a mapping asks for; None if it asks for none."""
        if not where:
            return None
        tests = [
            (self.place(column, "a condition of the mapping"), frozenset(map(_word, words)))
            for column, words in where.items()
        ]
        return lambda cells: all(
            _word(cells[place]) in words or isinstance(cells[place], CellFault)  # a row of which nobody knows is kept
            for place, words in tests
        )


def _all_blank(cells: Sequence[Any], places: Sequence[int]) -> bool:
    return all(is_blank(cells[place]) for place in places)


def _word(cell: object) -> str:
    """Return a cell as a word to compare with those of a mapping; what is no word is like none of them."""
    if is_blank(cell):
        return ""
    try:
        return cell_word(cell)
    except InvalidValue:
        return type(cell).__name__


class RecordPlan:
    """How the cells of a row become the fields of one record."""

    def __init__(self, plan: Plan, record: RecordMap, *, optional: frozenset[str] = frozenset()) -> None:
        self.constants: dict[str, Any] = {}
        self.fields: list[Field] = []
        schema = plan.terms.tables.named(record.schema_name)
        self._names = schema.names
        required = frozenset(schema.required) - optional
        for name, cell in record.cells.items():
            column = schema.column(name)
            self._add(plan, name, cell, column.type, required=name in required, table=schema.name, column=column)
        for name, cell in record.extra.items():
            self._add(plan, _EXTRA + name, cell, cell.type or "any", required=False, table=schema.name)
        self._extra = [(_EXTRA + name, name) for name in record.extra]
        self._extras: dict[tuple[tuple[str, str], ...], Extra] = {}
        alone = (plan.place(f.cell.column[0], f.name) if len(f.cell.column) == 1 else None for f in self.fields)
        self._ready = [(field.name, place, field.known, field) for field, place in zip(self.fields, alone, strict=True)]

    def _add(
        self, plan: Plan, name: str, cell: Cell, kind: str, *, required: bool, table: str, column: Column | None = None
    ) -> None:
        terms, label = plan.terms, "+".join(cell.column)
        words = column.words if column else ()
        written = Written(
            serial=plan.table.serial_dates,
            from_1904=plan.table.from_1904,
            money=column is not None and column.unit == "yuan",
            words=words,
            keeps_date=table == "events" and name == "at",
            place=f"{plan.table.label}, column {label!r}",
        )
        if kind == "any":
            read = any_reader(cell, terms.zone, terms.notes, written)
        else:
            read = cell_reader(cell, kind, terms.zone, terms.notes, written)
        if words:
            read = word_reader(read, words, name, dict(column.labels) if column else {})
        where = f"the mapping, {table}.{name}"
        if cell.constant is not None:
            self.constants[name] = constant_of(cell.constant, kind, read, where)
            return
        default = None if cell.default is None else constant_of(cell.default, kind, read, where)
        get = plan.getter(cell, f"{table}.{name}", kind)
        self.fields.append(Field(name, cell, kind, words, get, read, default, required, terms.notes))

    def read(self, cells: Sequence[Any]) -> dict[str, Any]:
        """Return the fields that the row states, extra fields under ``extra``.

        Raises:
            RowFault: if a cell is not what its column wants, or is empty where it must not be.
        """
        values = dict(self.constants)
        for name, place, known, field in self._ready:
            cell = field.get(cells) if place is None else cells[place]
            value = known.get(cell, NEW) if cell is None or cell.__class__ is str else NEW
            if value is NEW:
                value = read_cell(field, cell)
            if value is not None:
                values[name] = value
        extra = {name: values.pop(key) for key, name in self._extra if key in values}
        if extra:
            values["extra"] = self._shared(extra)
        return values

    def _shared(self, extra: dict[str, Any]) -> Mapping[str, Any]:
        """Return further fields, those that are texts as one value for all rows that say the same."""
        said = tuple(extra.items())
        if not all(name and value.__class__ is str for name, value in said):
            return extra
        if said not in self._extras:
            if len(self._extras) >= _MOST_WORDS:
                self._extras.clear()
            self._extras[said] = Extra(extra)
        return self._extras[said]

    def readable(self, cells: Sequence[Any]) -> dict[str, Any]:
        """Return the fields that can be read of a row that is refused; one that is faulty is not there.

        One that is empty, and may be, or that no column has, is None.
        """
        values = dict.fromkeys(self._names) | self.constants
        for field in self.fields:
            try:
                values[field.name] = read_field(field, cells)
            except RowFault:
                values.pop(field.name, None)
        return values

    def field(self, name: str) -> Callable[[Sequence[Any]], Any]:
        """Return the function that reads one field alone; it raises `RowFault`, and gives None for one not mapped."""
        for field in self.fields:
            if field.name == name:
                return lambda cells: read_field(field, cells)
        constant = self.constants.get(name)
        return lambda _: constant

    def label(self, name: str) -> str:
        """Return the column that a field is read from, or an empty text."""
        return next((field.label for field in self.fields if field.name == name), "")

    @property
    def told(self) -> frozenset[str]:
        """The fields that a column or a constant states."""
        return frozenset((*self.constants, *(field.name for field in self.fields)))

    @property
    def getters(self) -> tuple[tuple[str, Callable[[Sequence[Any]], Any]], ...]:
        """The columns it reads, each with the function that takes its cell."""
        return tuple((field.label, field.get) for field in self.fields)


class EventPlan:
    """How a row becomes an event, or none."""

    def __init__(self, plan: Plan, event: EventMap, *, of_row: bool) -> None:
        kind = event.cells["kind"]
        others = attrs.evolve(event, cells={name: cell for name, cell in event.cells.items() if name != "kind"})
        self._constant = str(kind.constant) if kind.constant is not None else ""
        optional = frozenset({"kind", *(["request"] if of_row else []), *(["at"] if self._constant else [])})
        self.record = RecordPlan(plan, others, optional=optional)
        self._holds = plan.condition(event.where)
        zone = event.cells["at"].zone
        self._zone = get_zone(zone) if zone else plan.terms.zone
        self.cell = kind
        self._label = "+".join(kind.column) or "kind"
        self._get = plan.getter(kind, "events.kind") if kind.column else None
        self._kinds = plan.terms.kinds
        self._known = tuple(sorted(set(self._kinds.values())))
        self._words = {_word(word): self._word(value, plan) for word, value in kind.words.items()}
        self._read: dict[str, Mapping[str, Any] | None] = {}
        self._other = kind.other or ("reject" if kind.words else "keep")
        if self._constant:
            self._check(self._constant)
        if self._other not in ("reject", "keep", _IGNORE):
            self._check(self._other)

    def read(self, cells: Sequence[Any]) -> tuple[str | None, Event, str] | None:
        """Return the id of the request, the event, and the kind that the next event brings about ("" if none).

        None means that the row writes no such event.

        Raises:
            RowFault: if a cell is not what its column wants.
        """
        if self._holds is not None and not self._holds(cells):
            return None
        fields = self._kind(cells)
        if fields is None:
            return None
        values = self._with_date(self.record.read(cells))
        if "at" not in values:
            return None
        values |= fields
        request, until_next = values.pop("request", None), values.pop("until_next", "")
        if "slot_begin" in values or "slot_end" in values:
            values["slot"] = self._slot(values)
        try:
            return request, Event(**values), until_next
        except WindowserviceError as error:
            raise RowFault("", "", str(error)) from None

    def readable(self, cells: Sequence[Any]) -> dict[str, Any] | None:
        """Return the fields that can be read of the event that a refused row would have written; None if of none.

        Its kind is left out if that cannot be told, or if the event would have brought about another at its end.
        """
        if self._holds is not None and not self._holds(cells):
            return None
        values = self.record.readable(cells)
        with contextlib.suppress(RowFault):
            values = self._with_date(values)
        values.pop("kind", None)
        try:
            fields = self._kind(cells)
        except RowFault:
            return values
        if fields is None:
            return None
        return values if "until_next" in fields else {**values, **fields}

    def _with_date(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return the fields with the midnight of a bare date, and that only the date is known."""
        at = values.get("at")
        if at is None or isinstance(at, datetime):
            return values
        if self._zone is None:
            raise RowFault(self.record.label("at"), str(at), str(NaiveTime(at)))
        return {**values, "at": datetime(at.year, at.month, at.day, tzinfo=self._zone), "date_only": True}

    @property
    def told(self) -> frozenset[str]:
        """The fields that a column, a constant or a word states."""
        return self.record.told.union(*self._words.values())

    @property
    def lasts(self) -> bool:
        """Whether some word of it stands for an event that lasts until the next one."""
        return any("until_next" in fields for fields in self._words.values())

    def _kind(self, cells: Sequence[Any]) -> Mapping[str, Any] | None:
        """Return the fields that the word for the kind stands for; None if it stands for no event."""
        if self._get is None:
            return {"kind": self._constant}
        cell = self._get(cells)
        if cell.__class__ is str and cell in self._read:
            return self._read[cell]
        if is_blank(cell):
            raise RowFault(self._label, cell, "is empty, but must be stated")
        if isinstance(cell, CellFault):
            raise RowFault(self._label, cell.text, cell.reason)
        fields = self.fields_of(cell)
        if cell.__class__ is str and len(self._read) < _MOST_WORDS:
            self._read[cell] = fields
        return fields

    def fields_of(self, cell: Any) -> Mapping[str, Any] | None:
        """Return the fields that the word in a cell of the kind stands for; None if it stands for no event.

        Raises:
            RowFault: if nobody knows the word.
        """
        word = _word(cell)
        found = self._words.get(word)
        if found is not None:
            return found if found else None
        if self._other in ("reject", "keep"):
            return self._unlisted(word)
        return None if self._other == _IGNORE else {"kind": self._other}

    def _unlisted(self, word: str) -> Mapping[str, Any]:
        if self._other == "keep":
            kind = self._kinds.get(word)
            if kind is not None:
                return {"kind": kind}
        known = tuple(self._words) if self._other == "reject" else self._known
        unknown = UnknownName("word" if self._other == "reject" else "event kind", word, known)
        raise RowFault(self._label, word, f"{unknown}{how_to_map('kind', word)}", unknown)

    def _word(self, value: Any, plan: Plan) -> dict[str, Any]:
        """Return the fields of the event that a word stands for; none at all for "ignore"."""
        if isinstance(value, str):
            return {} if value == _IGNORE else {"kind": self._check(value)}
        if "kind" not in value:
            raise InvalidValue("a word of the mapping", dict(value), "a table that names a kind")
        schema = plan.terms.tables.named("events")
        fields: dict[str, Any] = {}
        for name, constant in value.items():
            if name in ("kind", "until_next"):
                fields[name] = self._check(cell_word(constant))
                continue
            kind = schema.column(name).type
            read = cell_reader(Cell(constant=constant), kind, plan.terms.zone, plan.terms.notes)
            fields[name] = constant_of(constant, kind, read, f"the mapping, events.{name}")
        return fields

    def _check(self, kind: str) -> str:
        if kind not in self._known:
            raise UnknownName("event kind", kind, self._known, "the mapping")
        return self._kinds[kind]

    def _slot(self, values: dict[str, Any]) -> tuple[datetime, datetime]:
        begin, end = values.pop("slot_begin", None), values.pop("slot_end", None)
        if begin is None or end is None:
            raise RowFault(self.record.label("slot_begin"), begin or end, "a slot needs both its begin and its end")
        if end <= begin:
            raise RowFault(self.record.label("slot_end"), end, f"the slot ends at or before its begin, {begin}")
        return begin, end
