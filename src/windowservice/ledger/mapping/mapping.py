"""A mapping as values: how other people's tables, columns and words become ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal, TypeAlias

import attrs

from windowservice.ledger.schema import ColumnType

__all__ = [
    "BankMap",
    "Cell",
    "ClerkMap",
    "Constant",
    "EventMap",
    "LedgerMapping",
    "RecordMap",
    "RequestMap",
    "RowMap",
    "ServiceMap",
    "Shift",
    "TableMap",
    "WordValue",
]

Constant: TypeAlias = str | bool | int | tuple[str, ...]
"""A value written in the mapping itself."""
WordValue: TypeAlias = str | Mapping[str, Constant]
"""What a word stands for: another word, or (in an event's kind) several fields of the event."""


@attrs.frozen(kw_only=True)
class Shift:
    """A conversion between zones that was made once too often, and is undone.

    Attributes:
        read_as: the zone in which the wall clock is read.
        show_in: the zone in which the same instant shows the true local wall clock.
    """

    read_as: str
    show_in: str


@attrs.frozen(kw_only=True)
class Cell:
    """Where a value comes from and how it is written there.

    Attributes:
        column: the column; several are joined by ``+``, as for an activity and its lifecycle step.
        constant: the value of every row, instead of a column.
        type: what an extra field holds; the types of other fields stand in the schema.
        words: what a word of the column stands for; an empty text means missing, "ignore" (in a kind) no event.
        other: what is done with a word that is not in `words`: "reject" the row, "ignore" the cell, "keep" the word, or
            (in a kind) the event kind that all other words become.
        empty: the words that mean missing, in place of the usual ones (null, NaN ...).
        default: the value of rows whose cell is missing.
        format: patterns of `datetime.strptime`, tried in order.
        zone: the zone of times that name none, in place of the ledger's.
        shift: see `Shift`.
        date: what a bare date means where an instant is wanted: its "start" or its "end" (24:00).
        midnight_is_date: whether a time at local midnight is a bare date, as where days are stored as times.
        excel_serial: whether numbers are Excel serial dates.
        epoch: the unit in which numbers count from 1970-01-01T00:00Z: "s", "ms", "us" or "ns".
        separator: what stands between items, in place of ``;`` ``、`` or ``|``.
        decimal: the decimal mark.
        thousands: the mark between groups of three digits.
        unit: the unit in which amounts of yuan are written, such as "fen" or "万元".
        yes: the words for yes.
        no: the words for no.
    """

    column: tuple[str, ...] = ()
    constant: Constant | None = None
    type: ColumnType | None = None
    words: Mapping[str, WordValue] = attrs.field(factory=dict)
    other: str | None = None
    empty: tuple[str, ...] | None = None
    default: Constant | None = None
    format: tuple[str, ...] = ()
    zone: str | None = None
    shift: Shift | None = None
    date: Literal["start", "end"] | None = None
    midnight_is_date: bool = False
    excel_serial: bool = False
    epoch: Literal["s", "ms", "us", "ns"] | None = None
    separator: str = ""
    decimal: str = "."
    thousands: str = ","
    unit: str = ""
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        if bool(self.column) == (self.constant is not None):
            raise TypeError("needs either a column or a constant")
        if self.midnight_is_date and self.date is None:
            raise TypeError("midnight_is_date needs date = 'start' or date = 'end', which says what the date means")
        if self.decimal == self.thousands:
            raise TypeError(f"decimal and thousands are both {self.decimal!r}")


@attrs.frozen(kw_only=True)
class RecordMap:
    """How a row becomes a record of one ledger table.

    Attributes:
        cells: the columns of the ledger table, each with where it comes from.
        extra: further fields, each with where it comes from and its type.
    """

    of: ClassVar[str] = ""

    cells: Mapping[str, Cell]
    extra: Mapping[str, Cell] = attrs.field(factory=dict)

    @property
    def schema_name(self) -> str:
        """The name of the ledger table."""
        return self.of


@attrs.frozen(kw_only=True)
class RequestMap(RecordMap):
    """How a row becomes a request."""

    of: ClassVar[str] = "requests"


@attrs.frozen(kw_only=True)
class BankMap(RecordMap):
    """How a row becomes a bank."""

    of: ClassVar[str] = "banks"


@attrs.frozen(kw_only=True)
class ServiceMap(RecordMap):
    """How a row becomes a kind of business."""

    of: ClassVar[str] = "services"


@attrs.frozen(kw_only=True)
class ClerkMap(RecordMap):
    """How a row becomes a clerk."""

    of: ClassVar[str] = "staff"


@attrs.frozen(kw_only=True)
class RowMap(RecordMap):
    """How a row becomes a record of a further table, such as messages or positions.

    Attributes:
        table: the name of the ledger table.
    """

    table: str

    @property
    def schema_name(self) -> str:
        """The name of the ledger table."""
        return self.table


@attrs.frozen(kw_only=True)
class EventMap(RecordMap):
    """How a row becomes an event.

    A row whose time is empty writes no event if its kind is a constant (that step has not happened), and is refused if
    its kind is read from a column.

    Attributes:
        where: the rows that write it: columns with the word, or one of the words, that they must hold.
        once: in a log, whether it is written once for each request, from the row that describes the request.
    """

    of: ClassVar[str] = "events"

    where: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    once: bool = False


@attrs.frozen(kw_only=True)
class TableMap:
    """How the rows of one table are read.

    Attributes:
        file: name of the file, with ``*`` for any text; may be left out if there is only one.
        sheet: the sheet of a workbook or the table of a database; may be left out if there is only one.
        encoding: the encoding of a text file; without it UTF-8 and GB18030 are told apart.
        delimiter: what stands between cells of a text file; without it the header decides.
        header: number of the row that holds the column names.
        where: the rows to read: columns with the word, or one of the words, that they must hold.
        log: whether several rows speak of one request, so that an id may come again.
        request, event, bank, service, clerk, row: what a row becomes.
    """

    file: str = ""
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    header: int = 1
    where: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    log: bool = False
    request: RequestMap | None = None
    event: tuple[EventMap, ...] = ()
    bank: BankMap | None = None
    service: ServiceMap | None = None
    clerk: ClerkMap | None = None
    row: RowMap | None = None

    def __attrs_post_init__(self) -> None:
        if not self.targets:
            raise TypeError("makes nothing; say what a row becomes, as in [table.request] or [[table.event]]")
        if self.header < 1:
            raise TypeError(f"header must be 1 or more, got {self.header}")
        for event in self.event:
            if self.request is None and "request" not in event.cells:
                raise TypeError("an event needs 'request', the column with the id of its request")
            if event.once and not (self.log and self.request):
                raise TypeError("once = true has a meaning only in a log (log = true) with a [table.request]")

    @property
    def targets(self) -> tuple[str, ...]:
        """The names of the ledger tables that its rows become."""
        records = (self.request, *self.event[:1], self.bank, self.service, self.clerk, self.row)
        return tuple(record.schema_name for record in records if record)


@attrs.frozen(kw_only=True)
class LedgerMapping:
    """A whole mapping file.

    Attributes:
        table: the tables that are read.
        zone: the IANA zone of times that name none.
        recorded: the event kinds that the ledger records; None means all.
        name: what the mapping is for, in words.
    """

    table: tuple[TableMap, ...]
    zone: str = ""
    recorded: frozenset[str] | None = None
    name: str = ""
