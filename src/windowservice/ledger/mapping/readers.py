"""Readers of columns that hold one of a few words, and of further columns whose type nobody said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from decimal import Decimal

from windowservice.errors import UnknownName
from windowservice.ledger.cells.cell import CellNotes, CellReader, Written, cell_reader, is_blank
from windowservice.ledger.mapping.mapping import Cell

__all__ = ["any_reader", "how_to_map", "word_reader"]


def word_reader(read: CellReader, words: tuple[str, ...], name: str, labels: Mapping[str, str]) -> CellReader:
    """Return the reader of a column that holds one of a few words, or a label that stands for one."""

    def read_word(cell: object) -> object:
        word = read(cell)
        if word is not None and word not in words:
            word = labels.get(str(word), word)
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


def how_to_map(column: str, word: str) -> str:
    """Return how a mapping says what a word stands for that no list has; nothing for one in plain letters."""
    if word.isascii():
        return ""
    return f"; a mapping can say what it stands for: {column} = {{ column = '...', words = {{ \"{word}\" = '...' }} }}"
