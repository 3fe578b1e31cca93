"""Reading the sheets of a workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import attrs

from windowservice.errors import MissingExtra, UnreadableFile
from windowservice.ledger.sources.table import Row, SourceTable, column_names, noted, places_of
from windowservice.ledger.sources.workbook_epoch import counts_from_1904
from windowservice.ledger.sources.workbook_parts import SheetParts, look_into

__all__ = ["excel_tables"]

_T = TypeVar("_T")
_COMPOUND: Final = b"\xd0\xcf\x11\xe0"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_LOOKED_AT: Final = 1 << 20
_LOOKED_BELOW: Final = 20
"""Rows below the header of which one may be the header in truth."""


def excel_tables(path: Path, *, header: int = 1, sheet: str = "") -> tuple[SourceTable, ...]:
    """Open the sheets of a workbook that hold anything (``.xlsx``, ``.xls``, ``.xlsb``, ``.ods``) by python-calamine.

    Formulas are never evaluated: a cell holds the value that was last saved with it. A cell that shows an error, or was
    never calculated, is a `CellFault` (in ``.xlsx``; in the older formats it is empty). Merged cells are filled down.

    Args:
        path: the file.
        header: number of the row that holds the column names.
        sheet: the only sheet wanted, in capitals or not; without it all of them.

    Raises:
        MissingExtra: if python-calamine is not installed.
        UnreadableFile: if the file is cut off, protected, no workbook, or too large for what it holds.
    """
    try:
        import python_calamine
    except ImportError:
        raise MissingExtra("python-calamine", "excel", f"{path.name}: reading a workbook") from None
    _refuse_encrypted(path)
    parts = look_into(path)
    workbook = _calamine(path, lambda: python_calamine.load_workbook(path))
    wanted = [name for name in workbook.sheet_names if not sheet or name.strip().lower() == sheet.strip().lower()]
    visible = {said.name: said.visible == python_calamine.SheetVisibleEnum.Visible for said in workbook.sheets_metadata}
    inner = len(workbook.sheet_names) > 1
    found = []
    for name in wanted:
        read = _calamine(path, partial(workbook.get_sheet_by_name, name))
        cells = _calamine(path, partial(read.to_python, skip_empty_area=False))
        merged = _calamine(path, partial(getattr, read, "merged_cell_ranges")) or ()
        if cells:
            remarks = () if visible.get(name, True) else ("the sheet is hidden",)
            table = _sheet(path, name, cells, header, parts.get(name, SheetParts()), merged, remarks, inner=inner)
            found.append(table)
    early = counts_from_1904(path)
    return tuple(attrs.evolve(table, from_1904=early) for table in found)


def _calamine(path: Path, call: Callable[[], _T]) -> _T:
    """Return what the reader of workbooks gives; whatever goes wrong in it is an error that names the file."""
    try:
        return call()
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise UnreadableFile(path.name, f"it is cut off, damaged or no workbook ({error})", "save it again") from None


def _refuse_encrypted(path: Path) -> None:
    with path.open("rb") as file:
        start = file.read(_LOOKED_AT)
    if start.startswith(_COMPOUND) and _ENCRYPTED in start:
        raise UnreadableFile(path.name, "it is protected by a password", "save it without one")
    if not start:
        raise UnreadableFile(path.name, "it is empty: no byte is in it", "copy it again")


def _sheet(
    path: Path, name: str, cells: list[list[Any]], header: int, parts: SheetParts,
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]], remarks: tuple[str, ...], *, inner: bool,
) -> SourceTable:  # fmt: skip
    label = f"{path.name}[{name}]" if inner else path.name
    for (row, column), fault in parts.faults.items():
        if row <= len(cells) and column <= len(cells[row - 1]):
            cells[row - 1][column - 1] = fault
    filled = _fill_down(cells, merged, header)
    if filled:
        remarks = (*remarks, f"{filled} cells that are merged with the one above were filled with what it says")
    problem, columns = "", tuple[str, ...]()
    first = enumerate(cells[header : header + _LOOKED_BELOW], header + 1)
    below = tuple((number, tuple("" if cell is None else str(cell) for cell in row)) for number, row in first)
    try:
        columns = column_names(cells[header - 1] if len(cells) >= header else (), label, below)
    except UnreadableFile as error:
        problem = f"{error.problem} in row {header}; {error.instead}"
    faults = bool(parts.faults)

    def rows(wanted: Sequence[str]) -> Iterator[Row]:
        places = places_of(columns, wanted, label)
        for number, row in enumerate(cells[header:], header + 1):
            if all(cell is None or cell == "" or (isinstance(cell, str) and cell.isspace()) for cell in row):
                continue
            if (note := noted(row, len(columns))) is not None:
                yield number, note
                continue
            yield number, [row[place] for place in places]

    return SourceTable(
        file=path.name, name=name, columns=columns, rows=rows, inner=inner, serial_dates=True, faults=faults,
        remarks=remarks, problem=problem, below=below,
    )  # fmt: skip


def _fill_down(cells: list[list[Any]], merged: Sequence[tuple[tuple[int, int], tuple[int, int]]], header: int) -> int:
    """Write the value of a cell that is merged over several rows into each of them; return how many below the header.

    What is merged over several columns stays in the first of them: it says nothing of the other columns.
    """
    filled = 0
    for (top, left), (bottom, _) in merged:
        if top >= len(cells) or left >= len(cells[top]):
            continue
        value = cells[top][left]
        for row in range(top + 1, min(bottom + 1, len(cells))):
            if left < len(cells[row]) and cells[row][left] in ("", None) and value not in ("", None):
                cells[row][left] = value
                filled += row >= header
    return filled
