"""The tables of a ledger, by name: those of requests and their parties, and one for each record type with rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import attrs

from windowservice.domain.frozen_mapping import FrozenMapping
from windowservice.domain.words import PARTICIPATION, labels_of
from windowservice.errors import InvalidRule, UnknownName
from windowservice.facts.records import RECORD_VOCABULARIES
from windowservice.facts.requests.event import event
from windowservice.facts.requests.request import request
from windowservice.language.tree.facts import Facts, Given
from windowservice.ledger.schema import Column, Table, column_of, stands_under, table_of

__all__ = ["BUILT_IN", "MATTER_TABLES", "Tables"]

_REQUESTS: Final = Table(
    "requests",
    "One matter that a bank brought to the window.",
    (
        *(column_of(fact) for fact in request.given.values() if fact.definition is None),
        Column("previous", "code", "Id of the earlier cycle, if the matter was reopened under a new number."),
    ),
    extensible=True,
)

_AT, _KIND, *_REST = (column_of(fact) for fact in event.given.values())
_EVENTS: Final = Table(
    "events",
    "One thing that happened to a request.",
    (
        Column("request", "code", "Id of the request it happened to.", required=True),
        _AT,
        attrs.evolve(_KIND, type="kind", words=()),
        Column("seq", "integer", "Place among the events of the same instant; without it the order of rows counts."),
        *_REST,
    ),
    extensible=True,
)

_BANKS: Final = Table(
    "banks",
    "One bank served by the window; further rows of it add former ids.",
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
            words=tuple(PARTICIPATION),
            labels=labels_of(PARTICIPATION),
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
    "The limits of one kind of business from a day on; they replace those of the catalogue.",
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
    "One period of a clerk on the roster; a clerk who left and came back has several.",
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


@attrs.frozen(init=False)
class Tables:
    """The tables that a ledger can have; iterating gives them all, those of matters and their parties first.

    Attributes:
        record_types: the record types whose rows stand in tables of their own, by the name of the table.
        of_records: those tables, each judged by the rules of its record type; all are optional.
    """

    record_types: Mapping[str, type[Facts]]
    of_records: tuple[Table, ...]
    _by_name: dict[str, Table]

    def __init__(self, record_types: Iterable[type[Facts]]) -> None:
        """Take those of the record types whose rows stand in a table; others, such as those made of rows, have none.

        Raises:
            InvalidRule: if two have one table, or a fact is of a type that no cell can hold.
        """
        found: dict[str, type[Facts]] = {}
        for one in record_types:
            rows = one.options.rows
            if not isinstance(rows, Given) or one.root is not one:
                continue
            first = found.setdefault(rows.table, one)
            if first is not one or rows.table in _OF_MATTERS:
                by = first.__name__ if first is not one else "requests and their parties"
                raise InvalidRule(one.__name__, f"has the table {rows.table!r}, which is that of {by}", "rename one")
            child = one.children
            if child is not None and isinstance(child.options.rows, Given) and stands_under(child) is not one:
                problem = f"has children {child.__name__}, whose table names the {child.parents[0].__name__} of each"
                raise InvalidRule(one.__name__, problem, "declare children of its own")
        tables = tuple(map(table_of, found.values()))
        by_name = {table.name: table for table in (*MATTER_TABLES, *tables)}
        self.__attrs_init__(FrozenMapping(found), tables, by_name)

    def __iter__(self) -> Iterator[Table]:
        return iter(self._by_name.values())

    def named(self, name: str, where: str = "") -> Table:
        """Return the table of that name.

        Raises:
            UnknownName: if there is none; the nearest name is offered.
        """
        if name not in self._by_name:
            raise UnknownName("ledger table", name, tuple(self._by_name), where)
        return self._by_name[name]

    def and_of(self, record_types: Iterable[type[Facts]]) -> Tables:
        """Return these tables with those of further record types; the same ones if all are there already.

        Raises:
            InvalidRule: as the class.
        """
        mine = tuple(self.record_types.values())
        further = [one for one in record_types if one not in mine]
        return Tables((*mine, *further)) if further else self


_OF_MATTERS: Final = frozenset(table.name for table in MATTER_TABLES)
BUILT_IN: Final = Tables(RECORD_VOCABULARIES)
"""The tables of a ledger of which no plugin says more."""
