"""The mapping of a ledger that uses our own names: each table is read as the schema has it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from windowservice.errors import LedgerError, MissingColumn, UnknownName, nearest
from windowservice.ledger.all_tables import TABLES
from windowservice.ledger.mapping import (
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
from windowservice.ledger.tables import SourceTable

__all__ = ["own_tables"]

_EXTRA: Final = "extra."
_RECORDS: Final[dict[str, tuple[str, type[RecordMap]]]] = {
    "requests": ("request", RequestMap),
    "events": ("event", EventMap),
    "banks": ("bank", BankMap),
    "services": ("service", ServiceMap),
    "staff": ("clerk", ClerkMap),
}


def own_tables(found: Iterable[SourceTable]) -> tuple[list[tuple[SourceTable, TableMap]], list[str]]:
    """Return the tables with our names, each with its mapping, and notes on those with other names.

    Raises:
        LedgerError: if two tables have the same name.
        UnknownName: if a table has a column that the schema does not have.
        MissingColumn: if it lacks one that it must have.
    """
    schemas = {table.name: table for table in TABLES}
    chosen: dict[str, tuple[SourceTable, TableMap]] = {}
    others: list[str] = []
    for table in found:
        schema = schemas.get(table.name)
        if schema is None:
            others.append(f"{table.label}{nearest(table.name, schemas)}")
            continue
        if table.name in chosen:
            raise LedgerError(
                f"{table.label} and {chosen[table.name][0].label} are both the table {table.name!r}; keep one"
            )
        chosen[table.name] = (table, _own_map(table, schema))
    return list(chosen.values()), others


def _own_map(table: SourceTable, schema: Table) -> TableMap:
    for column in table.columns:
        if column and column not in schema.names and not (schema.extensible and column.startswith(_EXTRA)):
            raise UnknownName(
                "column",
                column,
                schema.names,
                f"{table.label} (a further field is called 'extra.{column}'; other names need a mapping)",
            )
    for name in schema.required:
        if name not in table.columns:
            raise MissingColumn(table.label, name, f"the table {schema.name}", tuple(filter(None, table.columns)))
    said: dict[str, Any] = {
        "cells": {name: Cell(column=(name,)) for name in schema.names if name in table.columns},
        "extra": {name.removeprefix(_EXTRA): Cell(column=(name,)) for name in table.columns if name.startswith(_EXTRA)},
    }
    if schema.name not in _RECORDS:
        return TableMap(file=table.file, row=RowMap(table=schema.name, **said))
    key, record = _RECORDS[schema.name]
    made = record(**said)
    values: dict[str, Any] = {key: (made,) if record is EventMap else made}
    return TableMap(file=table.file, **values)
