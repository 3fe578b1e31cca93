"""What a source gives: a table with its column names and its rows, each with its number, whole or broken."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, Final, TypeAlias

import attrs

from windowservice.errors import UnreadableFile

__all__ = [
    "MANY",
    "MAY_BEGIN",
    "Broken",
    "CellFault",
    "Columns",
    "Note",
    "Row",
    "SourceTable",
    "column_names",
    "noted",
    "places_of",
    "refuse_unread",
]  # fmt: skip

MANY: Final = 2_000
"""Rows of a table from which on it is worth looking at whole columns."""


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


@attrs.frozen
class Note:
    """A line that stands in a table and is no row of it: a remark, a signature, a total.

    Attributes:
        text: its beginning as written.
        is_total: whether it is a line of totals, which is listed as rejected though it speaks of no record.
    """

    text: str
    is_total: bool = False


@attrs.frozen
class CellFault:
    """A cell that holds no value: an error of a spreadsheet, or a formula that was never calculated.

    Attributes:
        text: what the cell shows.
        reason: what is wrong, with what to do.
    """

    text: str
    reason: str

    def __str__(self) -> str:
        return self.text


Named: TypeAlias = tuple[int, tuple[str, ...]]
"""The number of a row that may hold the names of columns, and its cells."""
Row: TypeAlias = tuple[int, Sequence[Any] | Broken | Note]
"""The number of a row as a person sees it, and its cells in the order of the columns asked for."""


@attrs.frozen(eq=False)
class Columns:
    """The rows of a table, as columns.

    Attributes:
        frame: a Polars frame of the cells, its columns in the order asked for.
        numbers: the numbers of its rows, as an array of numpy.
        others: what else stands between them: remarks, and rows that are broken.
        rows: turns a part of the frame into the rows of cells that `SourceTable.rows` would give.
    """

    frame: Any
    numbers: Any
    others: tuple[Row, ...]
    rows: Callable[[Any], Iterator[Sequence[Any]]]


_NOTE: Final = re.compile(
    r"\s*(?:[*※]|(?:注|备注|说明|填表|制表|审核|复核|统计|填报|打印|导出)[\w\s]{0,6}[:：]|共\s*\d+\s*[条行件笔]|"
    r"(?:Notes?|Remarks?|Source|Printed|Exported|Prepared by)\s*:)",
    re.IGNORECASE,
)
"""How a line below a table begins that is no row."""
MAY_BEGIN: Final = re.compile(
    r"[*※注备说填制审复统打导共合总小累]|note|remark|source|printed|exported|prepared|total|sub|sum|grand",
    re.IGNORECASE,
)
"""What such lines begin with; most rows are known by this to be none."""
_SHOWN: Final = 60
_TOTAL: Final = frozenset({"合计", "总计", "小计", "累计", "total", "subtotal", "sum", "grand total"})


def noted(cells: Sequence[Any], width: int) -> Note | None:
    """Return what a line of a table of that many columns is if it is a remark or a total; None for a row.

    A remark fills one cell only and says what it is; a line of one cell that could be a broken row is none.
    """
    if width < 2:
        return None
    for first in cells:
        if first is not None and first != "":
            break
    else:
        return None
    if not isinstance(first, str) or MAY_BEGIN.match(first.strip()) is None:
        return None
    filled = [text for cell in cells if cell is not None and (text := str(cell).strip())]
    is_total = re.sub("(?<=[^a-z]) +(?=[^a-z])", "", filled[0].strip(":： ").lower()) in _TOTAL
    if is_total or (len(filled) == 1 and _NOTE.match(filled[0])):
        return Note(" ".join(filled)[:_SHOWN].rstrip(), is_total)
    return None


@attrs.frozen(kw_only=True)
class SourceTable:
    """One table of a source, opened but not yet read.

    Attributes:
        file: the name of the file alone.
        name: the name of the table: its sheet, its database table, or the file without its ending.
        columns: the column names.
        rows: given column names, yields the rows with those cells; rows that hold nothing are left out.
        whole: given column names, reads all rows at once as columns; None where they are few, or cannot be had so.
        inner: whether the table is one of several in its file.
        encoding: the encoding of a text file, with how it was found.
        serial_dates: whether a number in a time column is an Excel serial date.
        from_1904: whether serial dates count from 1904, as in old workbooks of Macs.
        unended: whether it is a text file with line breaks, but none behind its last line.
        faults: whether cells may be a `CellFault`.
        remarks: what is odd about it as a whole, for the load report.
        problem: why it cannot be read, if it cannot; such a table matters only if it is asked for.
        below: the first rows below the header, with their numbers, to tell where the header stands if not there.
    """

    file: str
    name: str
    columns: tuple[str, ...]
    rows: Callable[[Sequence[str]], Iterator[Row]] = attrs.field(repr=False)
    whole: Callable[[Sequence[str]], Columns | None] = attrs.field(default=lambda _: None, repr=False)
    inner: bool = False
    encoding: str = ""
    serial_dates: bool = False
    from_1904: bool = False
    unended: bool = False
    faults: bool = False
    remarks: tuple[str, ...] = ()
    problem: str = ""
    below: tuple[Named, ...] = attrs.field(default=(), repr=False)

    @property
    def label(self) -> str:
        """The file, with the name of the table in brackets if the file holds several."""
        return f"{self.file}[{self.name}]" if self.inner else self.file


def refuse_unread(table: SourceTable) -> None:
    """Refuse a table that is asked for and cannot be read.

    Raises:
        UnreadableFile: saying why.
    """
    if table.problem:
        raise UnreadableFile(table.label, table.problem)


def header_below(below: Iterable[Named], known: Collection[str] = ()) -> str:
    """Return how to say which row holds the names of the columns, if one below the header looks like it.

    Args:
        below: the first rows below the header.
        known: names of columns; a row is the header if at least two of its cells, or its only one, are among them.
            Without them it is the first row that holds anything.
    """
    for number, cells in below:
        names = [name for cell in cells if (name := " ".join(cell.split()))]
        if names and (
            not known or sum(name in known or name.lower() in known for name in names) >= min(2, len(names), len(known))
        ):
            said = f"row {number} looks like the header"
            return f"{said}: delete the rows above it, or write header = {number} in a mapping"
    return ""


def column_names(cells: Sequence[Any], file: str, below: Iterable[Named] = ()) -> tuple[str, ...]:
    """Return the column names of a header row, line breaks made spaces; a column without a name gets an empty one.

    Two columns may have the same name as long as nobody reads them; see `places_of`.

    Raises:
        UnreadableFile: if no column has a name.
    """
    names = tuple("" if cell is None else " ".join(str(cell).split()) for cell in cells)
    if not any(names):
        raise UnreadableFile(
            file, "it has no header", header_below(below) or "write the column names into its first row"
        )
    return names


def places_of(columns: Sequence[str], wanted: Sequence[str], file: str) -> list[int]:
    """Return the places of the columns that are wanted.

    Raises:
        UnreadableFile: if one of them stands twice.
    """
    places: dict[str, int] = {}
    twice = set()
    for place, name in enumerate(columns):
        if places.setdefault(name, place) != place:
            twice.add(name)
    for name in wanted:
        if name in twice:
            raise UnreadableFile(file, f"the column {name!r} stands twice in the header", "rename one of them")
    return [places[name] for name in wanted]
