"""What a ledger's table holds: columns with type, unit and words, told from the record type whose rows they are.

A record type is its schema: no table has a second list of the same columns. Reading, mapping, templates and the
documentation all go by these values.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final, Literal, TypeAlias, get_args

import attrs

from windowservice.errors import InvalidRule, UnknownName
from windowservice.language.relations.lookup import Filled
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import Facts, Given
from windowservice.language.tree.values import ValueType

__all__ = ["COLUMN_TYPES", "Column", "ColumnType", "Table", "column_of", "parent_key", "stands_under", "table_of"]

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
        labels: what else may be written for them, each with its word.
    """

    name: str
    type: ColumnType
    title: str
    unit: str = attrs.field(default="", kw_only=True)
    required: bool = attrs.field(default=False, kw_only=True)
    words: tuple[str, ...] = attrs.field(default=(), kw_only=True)
    labels: tuple[tuple[str, str], ...] = attrs.field(default=(), kw_only=True)

    def shown(self, word: str) -> str:
        """Return a word with the first of the labels that may be written for it."""
        label = next((label for label, of in self.labels if of == word), "")
        return f"{word} ({label})" if label else word


@attrs.frozen
class Table:
    """One table of a ledger.

    Attributes:
        name: the name of the file, sheet or database table.
        title: one sentence on what a row is.
        columns: its columns, in the order of the documentation.
        extensible: whether further columns may stand in it as ``extra.<name>``.
        key: the columns that tell its rows apart; no two rows have the same.
        in_order: pairs of columns of which the second cannot lie before the first.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    extensible: bool = False
    key: tuple[str, ...] = ("id",)
    in_order: tuple[tuple[str, str], ...] = ()

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

    @cached_property  # asked for each row
    def counted(self) -> tuple[str, ...]:
        """The columns that count something; what stands on an account may be below zero."""
        return tuple(one.name for one in self.columns if one.type == "integer" and one.unit not in ("", "yuan"))

    @property
    def required(self) -> tuple[str, ...]:
        """The names of the columns that every row must state."""
        return tuple(column.name for column in self.columns if column.required)


_HOLDS: Final[dict[ValueType, ColumnType]] = {
    ValueType.TEXT: "text", ValueType.TEXTS: "items", ValueType.INSTANT: "instant", ValueType.DATE: "date",
    ValueType.BOOL: "boolean", ValueType.INT: "integer", ValueType.DECIMAL: "number",
}  # fmt: skip
_DIVISIBLE: Final = frozenset({"yuan", "grade"})
"""Units of amounts and marks: facts count them in whole numbers, cells may write them with decimals."""


def column_of(fact: Fact[Any]) -> Column:
    """Return the column in which a given fact stands.

    Raises:
        InvalidRule: if no cell can hold a value of its type.
    """
    held: ColumnType | None = _HOLDS.get(fact.type)
    if held is None:
        known = ", ".join(_HOLDS)
        raise InvalidRule(
            f"the fact {fact.name!r}", f"is a {fact.type}, which no cell can hold", f"write one of {known}"
        )
    if fact.type is ValueType.TEXT and fact.cell != "text":
        held = fact.cell
    if fact.type is ValueType.INT and fact.unit in _DIVISIBLE:
        held = "number"
    title = f"{fact.title.rstrip('.')}."
    return Column(
        fact.name, held, title, unit=fact.unit or "", required=fact.required, words=fact.words, labels=fact.labels
    )


def stands_under(record_type: type[Facts]) -> type[Facts] | None:
    """Return the record type whose children stand in the table of a type; None if there is none."""
    parent = next(iter(record_type.parents), None)
    return parent if parent is not None and isinstance(parent.options.rows, Given) else None


def parent_key(parent: type[Facts]) -> str:
    """Return the fact by which the children of a type, in a table of their own, name their record."""
    return next(fact.name for fact in parent.given.values() if fact.key)


def _check_under(child: type[Facts], parent: type[Facts]) -> None:
    """Refuse children of which a row could not say to which record it belongs."""
    keys = [fact.name for fact in parent.given.values() if fact.key]
    if len(keys) != 1:
        problem = f"has {', '.join(keys) or 'no key'}, and children in a table of their own"
        raise InvalidRule(parent.__name__, problem, "give it one key, by which they name it")
    named = child.given.get(parent.__name__)
    if named is not None and (named.definition is not None or named.type is not ValueType.TEXT or not named.required):
        problem = f"has a fact {parent.__name__!r}, which has to say to which {parent.__name__} a row belongs"
        instead = f'leave it out, or write {parent.__name__} = code("...", required=True)'
        raise InvalidRule(child.__name__, problem, instead)


def table_of(record_type: type[Facts]) -> Table:
    """Return the table whose rows are the records of a type that stands in one.

    Raises:
        InvalidRule: for a type whose rows stand in no table, or a fact that no cell can hold.
    """
    name = record_type.options.table
    if name is None:
        instead = f'write class {record_type.__name__}(Facts, rows=Given("its_table"), ...)'
        raise InvalidRule(record_type.__name__, "does not say in which table its rows stand", instead)
    given = [one for one in record_type.given.values() if one.definition is None and not isinstance(one, Filled)]
    columns, key = tuple(column_of(fact) for fact in given), tuple(fact.name for fact in given if fact.key)
    if (parent := stands_under(record_type)) is not None:
        _check_under(record_type, parent)
        link = Column(parent.__name__, "code", f"Which {parent.__name__} it belongs to.", required=True)
        columns = columns if parent.__name__ in record_type.given else (link, *columns)
        key = key or tuple(column.name for column in columns)  # a row that says the same twice counts once
    if not key:
        problem = "has no key, so that all its rows would be one"
        raise InvalidRule(record_type.__name__, problem, 'write id = key("Its number")')
    return Table(
        name, (record_type.__doc__ or "").partition("\n")[0],
        columns, extensible=record_type.options.extra is not None, key=key,
        in_order=tuple((fact.after.name, fact.name) for fact in given if fact.after is not None),
    )  # fmt: skip
