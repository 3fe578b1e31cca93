"""One field of a record: from which column it is read, how, and what is wrong where it cannot be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import attrs

from windowservice.errors import InvalidValue, UnknownName, WindowserviceError
from windowservice.ledger.cells.cell import CellNotes, CellReader
from windowservice.ledger.mapping.mapping import Cell
from windowservice.ledger.mapping.readers import how_to_map

__all__ = ["NEW", "Field", "RowFault", "constant_of", "read_cell", "read_field"]


class RowFault(Exception):
    """What is wrong with a row: the column, the cell as written, and why; `unknown` if a word is at fault."""

    def __init__(self, column: str, value: object, reason: str, unknown: UnknownName | None = None) -> None:
        super().__init__(reason)
        self.column = column
        self.value = value
        self.reason = reason
        self.unknown = unknown


_MOST_KEPT: Final = 4_096
"""Texts of one column whose values are kept while it is read: columns of words, dates and codes say the same again."""
_LONGEST_KEPT: Final = 80

NEW: Final = object()
"""Says of a text that it was not read before."""


@attrs.frozen
class Field:
    """How one field is read.

    Attributes:
        name: its name, that of an extra field with ``extra.`` in front.
        cell: how its column is written, as the mapping says.
        kind: what the column holds, one of `COLUMN_TYPES`, or "any".
        words: the only words that it may hold; empty: any.
        get: takes its cell out of a row.
        read: reads the cell.
        default: its value where the cell is empty.
        required: whether every row must state it.
        notes: where odd cells are counted.
        known: what texts that were read before mean, so that each is taken apart once.
    """

    name: str
    cell: Cell
    kind: str
    words: tuple[str, ...]
    get: Callable[[Sequence[Any]], Any]
    read: CellReader
    default: Any
    required: bool
    notes: CellNotes
    known: dict[str | None, Any] = attrs.field(factory=dict)

    @property
    def label(self) -> str:
        """The column, or the columns that are joined."""
        return "+".join(self.cell.column)


def read_field(field: Field, cells: Sequence[Any]) -> Any:
    """Return the value of the field in a row; raises `RowFault`."""
    cell = field.get(cells)
    value = field.known.get(cell, NEW) if cell is None or cell.__class__ is str else NEW
    return read_cell(field, cell) if value is NEW else value


def read_cell(field: Field, cell: Any) -> Any:
    """Return the value of a cell, and keep it if it is a text of which nothing odd was counted, or None."""
    if cell is not None and (cell.__class__ is not str or len(cell) > _LONGEST_KEPT):
        return _read_new(field, cell)
    if len(field.known) >= _MOST_KEPT:
        field.known.clear()  # what comes again soon, such as the id of a request, is kept anew
    before = field.notes.counted
    value = _read_new(field, cell)
    if field.notes.counted == before:
        field.known[cell] = value
    return value


def _read_new(field: Field, cell: Any) -> Any:
    try:
        value = None if cell is None or (cell.__class__ is str and not cell) else field.read(cell)
    except UnknownName as error:
        raise RowFault(field.label, cell, f"{error}{how_to_map(field.name, error.name)}", error) from None
    except WindowserviceError as error:
        raise RowFault(field.label, cell, str(error)) from None
    if value is None:
        if field.required and field.default is None:
            raise RowFault(field.label, cell, "is empty, but must be stated")
        return field.default
    return value


def constant_of(value: Any, kind: str, read: CellReader, where: str) -> Any:
    """Return the value of a constant of a mapping, read as a cell would be."""
    try:
        return frozenset(value) if isinstance(value, tuple) and kind == "items" else read(value)
    except WindowserviceError as error:
        raise InvalidValue(where, value, str(error)) from error
