"""Reading the sheets of a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import attrs

from windowservice.errors import MissingExtra, UnreadableFile
from windowservice.ledger.tables import Row, SourceTable, column_names
from windowservice.ledger.workbook_epoch import counts_from_1904

__all__ = ["excel_tables"]


def excel_tables(path: Path, *, header: int = 1, sheet: str = "") -> tuple[SourceTable, ...]:
    """Open the sheets of a workbook that hold anything (``.xlsx``, ``.xls``, ``.xlsb``, ``.ods``) by python-calamine.

    Formulas are never evaluated: a cell holds the value that was last saved with it.

    Args:
        path: the file.
        header: number of the row that holds the column names.
        sheet: the only sheet wanted; without it all of them.

    Raises:
        MissingExtra: if python-calamine is not installed.
        UnreadableFile: if the file is cut off or no workbook, or a sheet has no header.
    """
    try:
        import python_calamine
    except ImportError:
        raise MissingExtra("python-calamine", "excel", f"{path.name}: reading a workbook") from None
    try:
        workbook = python_calamine.load_workbook(path)
        names = [name for name in workbook.sheet_names if not sheet or name == sheet]
        sheets = [(name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in names]
    except (python_calamine.CalamineError, OSError) as error:
        raise UnreadableFile(path.name, f"it is cut off, damaged or no workbook ({error})", "save it again") from error
    inner = len(workbook.sheet_names) > 1
    early = counts_from_1904(path)
    tables = (_sheet(path, name, rows, header, inner=inner) for name, rows in sheets if rows)
    return tuple(attrs.evolve(table, from_1904=early) for table in tables)


def _sheet(path: Path, name: str, cells: list[list[Any]], header: int, *, inner: bool) -> SourceTable:
    label = f"{path.name}[{name}]" if inner else path.name
    if len(cells) < header:
        raise UnreadableFile(label, f"it ends before row {header}, which should be its header")
    columns = column_names(cells[header - 1], label)

    def rows(wanted: Sequence[str]) -> Iterator[Row]:
        places = [columns.index(column) for column in wanted]
        for number, row in enumerate(cells[header:], header + 1):
            if any(cell is not None and cell != "" for cell in row):
                yield number, [row[place] for place in places]

    return SourceTable(file=path.name, name=name, columns=columns, rows=rows, inner=inner, serial_dates=True)
