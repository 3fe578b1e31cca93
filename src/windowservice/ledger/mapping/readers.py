"""Readers of columns that hold one of a few words, and of further columns whose type nobody said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from decimal import Decimal

from windowservice.errors import UnknownName
from windowservice.ledger.cells.cell import CellNotes, CellReader, Written, cell_reader, is_blank
from windowservice.ledger.mapping.mapping import Cell

__all__ = ["any_reader", "word_reader"]


def word_reader(read: CellReader, words: tuple[str, ...], name: str, chinese: Mapping[str, str]) -> CellReader:
    """Return the reader of a column that holds one of a few words, or what a Chinese word for one stands for."""

    def read_word(cell: object) -> object:
        word = read(cell)
        if word is not None and word not in words:
            word = chinese.get(str(word), word)
        if word is not None and word not in words:
            raise UnknownName(name, str(word), words)
        return word

    return read_word


def any_reader(cell: Cell, zone: tzinfo | None, notes: CellNotes, written: Written) -> CellReader:
    """Return the reader of an extra column without a type: text stays text, and typed values keep their type."""
    text = cell_reader(cell, "text", zone, notes, written)
    instant = cell_reader(cell, "instant", zone, notes, written)

    def read(value: object) -> object:
        if isinstance(value, datetime):
            return instant(value)
        if is_blank(value):
            return None
        return value if isinstance(value, bool | int | float | Decimal | date) else text(value)

    return read
