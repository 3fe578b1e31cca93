"""What a source gives: a table with its column names and its rows, each with its number, whole or broken."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

import attrs

from windowservice.errors import UnreadableFile

__all__ = ["Broken", "Row", "SourceTable", "column_names"]


@attrs.frozen
class Broken:
    """A row that could not be taken apart into cells.

    Attributes:
        reason: why.
        text: its beginning as written.
        cells: its cells so far as they could be told apart, in whatever columns they belong.
    """

    reason: str
    text: str = ""
    cells: tuple[str, ...] = attrs.field(default=(), eq=False)


Row: TypeAlias = tuple[int, Sequence[Any] | Broken]
"""The number of a row as a person sees it, and its cells in the order of the columns asked for."""


@attrs.frozen(kw_only=True)
class SourceTable:
    """One table of a source, opened but not yet read.

    Attributes:
        file: the name of the file alone.
        name: the name of the table: its sheet, its database table, or the file without its ending.
        columns: the column names.
        rows: given column names, yields the rows with those cells; rows that hold nothing are left out.
        inner: whether the table is one of several in its file.
        encoding: the encoding of a text file, with how it was found.
        serial_dates: whether a number in a time column is an Excel serial date.
        from_1904: whether serial dates count from 1904, as in old workbooks of Macs.
        unended: whether it is a text file with line breaks, but none behind its last line.
    """

    file: str
    name: str
    columns: tuple[str, ...]
    rows: Callable[[Sequence[str]], Iterator[Row]] = attrs.field(repr=False)
    inner: bool = False
    encoding: str = ""
    serial_dates: bool = False
    from_1904: bool = False
    unended: bool = False

    @property
    def label(self) -> str:
        """The file, with the name of the table in brackets if the file holds several."""
        return f"{self.file}[{self.name}]" if self.inner else self.file


def column_names(cells: Sequence[Any], file: str) -> tuple[str, ...]:
    """Return the column names of a header row; a column without a name gets an empty one.

    Raises:
        UnreadableFile: if no column has a name, or two have the same.
    """
    names = tuple("" if cell is None else str(cell).strip() for cell in cells)
    if not any(names):
        raise UnreadableFile(file, "it has no header", "write the column names into its first row")
    repeated = sorted({name for name in names if name and names.count(name) > 1})
    if repeated:
        raise UnreadableFile(file, f"the column {repeated[0]!r} stands twice in the header", "rename one of them")
    return names
