"""The mapping of a ledger that uses our own names: each table is read as the schema has it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from windowservice.errors import LedgerError, MissingColumn, UnknownName, UnreadableFile, nearest
from windowservice.ledger.mapping.mapping import (
    BankMap,
    Cell,
    ClerkMap,
    EventMap,
    RecordMap,
    RequestMap,
    RowMap,
    ServiceMap,
    TableMap,
)
from windowservice.ledger.schema import Table
from windowservice.ledger.sources.table import SourceTable, header_below, refuse_unread
from windowservice.ledger.tables import Tables

__all__ = ["own_tables"]

_EXTRA: Final = "extra."
_RECORDS: Final[dict[str, tuple[str, type[RecordMap]]]] = {
    "requests": ("request", RequestMap),
    "events": ("event", EventMap),
    "banks": ("bank", BankMap),
    "services": ("service", ServiceMap),
    "staff": ("clerk", ClerkMap),
}


def own_tables(found: Iterable[SourceTable], tables: Tables) -> tuple[list[tuple[SourceTable, TableMap]], list[str]]:
    """Return the tables with our names, each with its mapping, and notes on those with other names.

    Raises:
        LedgerError: if two tables have the same name.
        UnknownName: if a table has a column that the schema does not have.
        MissingColumn: if it lacks one that it must have.
    """
    schemas = {table.name: table for table in tables}
    chosen: dict[str, tuple[SourceTable, TableMap]] = {}
    others: list[str] = []
    for table in found:
        name = table.name.strip().lower()
        schema = schemas.get(name)
        if schema is None:
            unread = f" ({table.problem})" if table.problem else nearest(name, schemas)
            others.append(f"{table.label}{unread}")
            continue
        if name in chosen:
            raise LedgerError(f"{table.label} and {chosen[name][0].label} are both the table {name!r}; keep one")
        refuse_unread(table)
        chosen[name] = (table, _own_map(table, schema))
    return list(chosen.values()), others


def _own_map(table: SourceTable, schema: Table) -> TableMap:
    known = frozenset(schema.names)
    if not known & {name.lower() for name in table.columns} and (cure := header_below(table.below, known)):
        raise UnreadableFile(table.label, "its first row holds none of the columns", cure)
    columns: dict[str, str] = {}
    for column in filter(None, table.columns):
        name = column if column in known or column.startswith(_EXTRA) else column.lower()
        if columns.setdefault(name, column) != column:
            problem = f"the columns {columns[name]!r} and {column!r} are both {name!r}"
            raise UnreadableFile(table.label, problem, "keep one")
        if name not in known and not (schema.extensible and name.startswith(_EXTRA)):
            raise UnknownName(
                "column",
                column,
                schema.names,
                f"{table.label} (a further field is called 'extra.{column}'; other names need a mapping)",
            )
    for name in schema.required:
        if name not in columns:
            raise MissingColumn(table.label, name, f"the table {schema.name}", tuple(filter(None, table.columns)))
    said: dict[str, Any] = {
        "cells": {name: Cell(column=(columns[name],)) for name in schema.names if name in columns},
        "extra": {
            name.removeprefix(_EXTRA): Cell(column=(column,))
            for name, column in columns.items()
            if name.startswith(_EXTRA)
        },
    }
    if schema.name not in _RECORDS:
        return TableMap(file=table.file, row=RowMap(table=schema.name, **said))
    key, record = _RECORDS[schema.name]
    made = record(**said)
    values: dict[str, Any] = {key: (made,) if record is EventMap else made}
    return TableMap(file=table.file, **values)
