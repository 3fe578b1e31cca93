"""The tables of a ledger: what each column holds, in which unit, and whether it must be there.

The tables stand here as values; reading, mapping and the documentation all go by them.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias, get_args

import attrs

from windowservice.errors import UnknownName

__all__ = ["COLUMN_TYPES", "MATTER_TABLES", "Column", "ColumnType", "Table"]

ColumnType: TypeAlias = Literal[
    "code", "text", "kind", "instant", "date", "number", "integer", "boolean", "items", "limit"
]
"""What a column holds.

code: an id, compared exactly (full-width characters are made plain); text: words as they are; kind: an event kind;
instant: a date with time of day and zone; date: a civil date; number: an exact decimal; integer: a whole number;
boolean: yes or no; items: codes with ``;`` between them; limit: text of the limit grammar ("3 working days").
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
        words: the only words that a text column may hold; empty: any.
    """

    name: str
    type: ColumnType
    title: str
    unit: str = attrs.field(default="", kw_only=True)
    required: bool = attrs.field(default=False, kw_only=True)
    words: tuple[str, ...] = attrs.field(default=(), kw_only=True)


@attrs.frozen
class Table:
    """One table of a ledger.

    Attributes:
        name: the name of the file, sheet or database table.
        title: one sentence on what a row is.
        columns: its columns, in the order of the documentation.
        extensible: whether further columns may stand in it as ``extra.<name>``.
        key: the columns that tell its rows apart; no two rows have the same.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    extensible: bool = False
    key: tuple[str, ...] = ("id",)

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
        Column("channel", "code", "How the request came in, such as counter or online."),
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
        Column("reason", "code", "Reason code, such as hearing for a stop or new_rule for a second notice."),
        Column("written", "boolean", "Whether it was told in writing."),
        Column("slip", "code", "Number of the slip or receipt."),
        Column("amount", "limit", "By how much an extension lengthens the limit."),
        Column("slot_begin", "instant", "Begin of the booked slot."),
        Column("slot_end", "instant", "End of the booked slot."),
        Column("score", "number", "Grade given in a rating.", unit="grade"),
        Column("note", "text", "Remark in words."),
        Column(
            "date_only", "boolean", "Whether only the date of the time is known; so it is where a bare date stands."
        ),
    ),
    extensible=True,
)

_BANKS: Final = Table(
    "banks",
    "One row is one bank served by the window; further rows of it add former ids.",
    (
        Column(
            "id", "code", "Id of the bank, as requests cite it; the participant code where it has one.", required=True
        ),
        Column("name", "text", "Name of the bank."),
        Column("kind", "text", "Kind of institution, such as bank, rural_cooperative or finance_company."),
        Column(
            "participation",
            "text",
            "How it takes part in the payment systems: direct, indirect or special.",
            words=("direct", "indirect", "special"),
        ),
        Column("through", "code", "Id of the direct participant through which an indirect one takes part."),
        Column("joined", "date", "Day on which it joined."),
        Column("peer_group", "text", "Group within which it is compared."),
        Column("key_since", "date", "First day on which it is a key institution."),
        Column("key_until", "date", "Last day on which it is a key institution."),
        Column("former_id", "code", "Id that it had before, or that a bank had which was merged into it."),
        Column("former_until", "date", "Last day on which there was its former id."),
    ),
    key=("id", "former_id"),
)

_SERVICES: Final = Table(
    "services",
    "One row is the limits of one kind of business from a day on; they replace those of the catalogue.",
    (
        Column("id", "code", "Id of the kind of business, as requests cite it.", required=True),
        Column("since", "date", "First day on which the limits of the row hold; without it, always."),
        Column("zh", "text", "Name in Chinese."),
        Column("en", "text", "Name in English."),
        Column(
            "service_class", "text", "Class of the kind, one of those of the catalogue, such as commitment or licence."
        ),
        Column("commitment", "limit", "Limit that the window has published."),
        Column("statute", "limit", "Limit that a law or rule sets."),
        Column(
            "start",
            "text",
            "What starts the clock: submitted, accepted, completed or booked.",
            words=("submitted", "accepted", "completed", "booked"),
        ),
        Column("end", "text", "What ends the clock: decided or delivered.", words=("decided", "delivered")),
    ),
    key=("id", "since"),
)

_STAFF: Final = Table(
    "staff",
    "One row is one period of a clerk on the roster; a clerk who left and came back has several.",
    (
        Column("id", "code", "Id of the clerk, as events cite it.", required=True),
        Column("name", "text", "Name of the clerk."),
        Column("roles", "items", "Roles that the clerk is qualified for, such as teller_account."),
        Column("posts", "items", "Posts or counters at which the clerk serves."),
        Column("since", "date", "First day of the period; without it, it has no beginning."),
        Column("until", "date", "Last day of the period; without it, it has no end."),
    ),
    key=("id", "since"),
)

MATTER_TABLES: Final[tuple[Table, ...]] = (_REQUESTS, _EVENTS, _BANKS, _SERVICES, _STAFF)
"""The tables that matters and their parties are read from; requests and events make an audit, the rest is optional."""
