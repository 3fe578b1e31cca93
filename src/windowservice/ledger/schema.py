"""The tables of a ledger: what each column holds, in which unit, and whether it must be there.

The tables stand here as values; reading, mapping and the documentation all go by them.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias, get_args

import attrs

from windowservice.errors import UnknownName

__all__ = ["COLUMN_TYPES", "TABLES", "Column", "ColumnType", "Table", "table_named"]

ColumnType: TypeAlias = Literal[
    "code", "text", "kind", "instant", "date", "number", "integer", "boolean", "items", "limit"
]
"""What a column holds.

code: an id, compared exactly (full-width characters are made plain); text: words as they are; kind: an event kind; instant: a
date with time of day and zone; date: a civil date; number: an exact decimal; integer: a whole number; boolean: yes or no;
items: codes with ``;`` between them; limit: text of the limit grammar ("3 working days").
"""
COLUMN_TYPES: Final[tuple[str, ...]] = get_args(ColumnType)


@attrs.frozen
class Column:
    """One column of a ledger table.

    Attributes:
        name: the name in the header.
        type: what the cells hold.
        title: one sentence on what it means.
        unit: the unit of a number, else an empty text.
        required: whether every row must state it.
    """

    name: str
    type: ColumnType
    title: str
    unit: str = attrs.field(default="", kw_only=True)
    required: bool = attrs.field(default=False, kw_only=True)


@attrs.frozen
class Table:
    """One table of a ledger.

    Attributes:
        name: the name of the file, sheet or database table.
        title: one sentence on what a row is.
        columns: its columns, in the order of the documentation.
        extensible: whether further columns may stand in it as ``extra.<name>``.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    extensible: bool = False

    def column(self, name: str, where: str = "") -> Column:
        """Return the column of that name.

        Raises:
            UnknownName: if there is none; the nearest name is offered.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise UnknownName("column", name, self.names, where)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all columns."""
        return tuple(column.name for column in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        """The names of the columns that every row must state."""
        return tuple(column.name for column in self.columns if column.required)


_REQUESTS: Final = Table(
    "requests",
    "One row is one matter that a bank brought to the window.",
    (
        Column("id", "code", "Number of the request, unique in the ledger.", required=True),
        Column("bank", "code", "Id of the bank that asked.", required=True),
        Column("service", "code", "Id of the kind of business.", required=True),
        Column("amount", "number", "Amount of money the request is about.", unit="yuan"),
        Column("channel", "text", "How the request came in, such as counter or online."),
        Column("previous", "code", "Id of the earlier cycle, if the matter was reopened under a new number."),
    ),
    extensible=True,
)

_EVENTS: Final = Table(
    "events",
    "One row is one thing that happened to a request.",
    (
        Column("request", "code", "Id of the request it happened to.", required=True),
        Column("at", "instant", "When it happened.", required=True),
        Column("kind", "kind", "What happened, one of the event kinds.", required=True),
        Column("seq", "integer", "Place among the events of the same instant; without it the order of rows counts."),
        Column("by", "code", "Clerk who did it."),
        Column("post", "code", "Post or counter at which it was done."),
        Column("to", "code", "Clerk or post it was given to."),
        Column("items", "items", "Ids of the materials spoken of."),
        Column("reason", "text", "Reason code, such as hearing for a stop or new_rule for a second notice."),
        Column("written", "boolean", "Whether it was told in writing."),
        Column("slip", "code", "Number of the slip or receipt."),
        Column("amount", "limit", "By how much an extension lengthens the limit."),
        Column("slot_begin", "instant", "Begin of the booked slot."),
        Column("slot_end", "instant", "End of the booked slot."),
        Column("score", "number", "Grade given in a rating.", unit="grade"),
        Column("note", "text", "Remark in words."),
    ),
    extensible=True,
)

_BANKS: Final = Table(
    "banks",
    "One row is one bank served by the window.",
    (
        Column("id", "code", "Id of the bank, as requests cite it; the participant code where it has one.", required=True),
        Column("name", "text", "Name of the bank.", required=True),
        Column("participation", "text", "How it takes part in the payment systems: direct, indirect or special."),
        Column("group", "text", "Peer group it is compared within."),
        Column("opened", "date", "Day on which the window began to serve it."),
        Column("closed", "date", "Last day on which the window served it."),
    ),
    extensible=True,
)

_SERVICES: Final = Table(
    "services",
    "One row is one kind of business; the table replaces the limits of the default catalogue.",
    (
        Column("id", "code", "Id of the kind of business, as requests cite it.", required=True),
        Column("zh", "text", "Name in Chinese."),
        Column("en", "text", "Name in English."),
        Column("class", "text", "Class of the kind: immediate, commitment, review, filing, appointment or licence."),
        Column("commitment", "limit", "Limit that the window has published."),
        Column("statute", "limit", "Limit that a law sets."),
        Column("start", "text", "Event kind or word at which the clock starts."),
        Column("end", "text", "Event kind at which the clock ends."),
        Column("effective_from", "date", "First day on which the row is in force."),
    ),
    extensible=True,
)

_STAFF: Final = Table(
    "staff",
    "One row is one clerk of the window for one span of service.",
    (
        Column("id", "code", "Id of the clerk, as events cite it.", required=True),
        Column("name", "text", "Name of the clerk."),
        Column("post", "code", "Post the clerk holds."),
        Column("role", "text", "Role the clerk is qualified for, such as teller_account."),
        Column("joined", "date", "First day on the roster."),
        Column("left", "date", "Last day on the roster."),
    ),
    extensible=True,
)

TABLES: Final[tuple[Table, ...]] = (_REQUESTS, _EVENTS, _BANKS, _SERVICES, _STAFF)
"""All tables of a ledger; requests and events make an audit, the others are optional."""


def table_named(name: str, where: str = "") -> Table:
    """Return the ledger table of that name.

    Raises:
        UnknownName: if there is none; the nearest name is offered.
    """
    for table in TABLES:
        if table.name == name:
            return table
    raise UnknownName("ledger table", name, tuple(table.name for table in TABLES), where)
