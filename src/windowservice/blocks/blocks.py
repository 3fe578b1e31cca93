"""What a text report is made of, and how it is written: aligned plain text, or colours and tables on a terminal.

Every text passes `windowservice.clean` here, and rich is given plain text only, never markup: what a ledger
says can neither colour nor move anything.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final, TypeAlias

import attrs

from windowservice.clean import for_line, for_lines

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["Block", "Heading", "Lines", "Table", "plain_text", "show"]

_MOST: Final = 72
_MOST_LAST: Final = 400
"""Longer cells are cut, the last of a row later than others: a huge field must not bury the report."""
_STYLES: Final = {
    "fail": "red", "severe": "bold red", "major": "red", "minor": "yellow", "note": "cyan", "unknown": "magenta",
    "error": "bold magenta", "pass": "green", "pending": "blue", "not_applicable": "dim",
}  # fmt: skip


def _texts(values: Iterable[object]) -> tuple[str, ...]:
    return tuple(str(value) for value in values)


def _rows(rows: Iterable[Iterable[object]]) -> tuple[tuple[str, ...], ...]:
    return tuple(_texts(row) for row in rows)


def _places(places: Iterable[int]) -> frozenset[int]:
    return frozenset(places)


@attrs.frozen
class Heading:
    """The title of a section, and a name of the section that is the same in all languages."""

    text: str
    name: str = ""


@attrs.frozen
class Lines:
    """Text of one or more lines, as it stands; `tone` is a verdict or severity, and decides the colour."""

    text: str
    tone: str = ""


@attrs.frozen
class Table:
    """Rows under column names.

    Attributes:
        columns: their names.
        rows: the cells, as texts.
        right: the columns whose cells stand at the right, for numbers.
        tones: for each row a verdict or severity, which decides its colour; or nothing.
    """

    columns: tuple[str, ...] = attrs.field(converter=_texts)
    rows: tuple[tuple[str, ...], ...] = attrs.field(converter=_rows)
    right: frozenset[int] = attrs.field(default=(), converter=_places)
    tones: tuple[str, ...] = attrs.field(default=(), converter=_texts)


Block: TypeAlias = Heading | Lines | Table


def plain_text(blocks: Iterable[Block]) -> str:
    """Return the blocks as text without colours, tables aligned for wide (Chinese) characters too."""
    return "".join(f"{line}\n" for block in blocks for line in _plain(block))


def _plain(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        yield ""
        yield for_line(block.text)
    elif isinstance(block, Lines):
        yield from for_lines(block.text).splitlines()
    else:
        rows = [_cut(row) for row in (block.columns, *block.rows)]
        widths = [max(_width(cell) for cell in column) for column in zip(*rows, strict=True)]
        for row in rows:
            cells = [
                _padded(cell, width, right=place in block.right)
                for place, (cell, width) in enumerate(zip(row, widths, strict=True))
            ]
            yield f"  {'  '.join(cells)}".rstrip()


def _cut(row: tuple[str, ...]) -> list[str]:
    last = len(row) - 1
    return [for_line(cell, _MOST_LAST if place == last else _MOST) for place, cell in enumerate(row)]


def _width(text: str) -> int:
    """Return how many columns of a terminal the text takes; Chinese characters take two."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in ("W", "F") else 1 for c in text
    )


def _padded(text: str, width: int, *, right: bool) -> str:
    blank = " " * (width - _width(text))
    return f"{blank}{text}" if right else f"{text}{blank}"


def show(blocks: Iterable[Block], console: Console) -> None:
    """Write the blocks to a terminal."""
    from rich.table import Table as RichTable
    from rich.text import Text

    for block in blocks:
        if isinstance(block, Heading):
            console.print()
            console.print(Text(for_line(block.text), style="bold"))
        elif isinstance(block, Lines):
            console.print(Text(for_lines(block.text), style=_STYLES.get(block.tone, "")), soft_wrap=True)
        else:
            table = RichTable(box=None, pad_edge=True, header_style="dim")
            for place, name in enumerate(block.columns):
                table.add_column(Text(for_line(name)), justify="right" if place in block.right else "left")
            for place, row in enumerate(block.rows):
                tone = block.tones[place] if place < len(block.tones) else ""
                cells = [Text(cell, overflow="fold") for cell in _cut(row)]
                table.add_row(*cells, style=_STYLES.get(tone, ""))
            console.print(table)
