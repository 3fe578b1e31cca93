"""A template of a ledger as a workbook: a sheet for each table, with what its columns may hold."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from windowservice.errors import MissingExtra
from windowservice.ledger.schema import Column, ColumnType, Table
from windowservice.ledger.template.texts import HOW_TO_FILL_IN, allowed, holds

__all__ = ["workbook_bytes"]

_MADE: Final = datetime(2018, 1, 1, tzinfo=UTC)
"""What the workbook says of when it was made: the same tables make the same bytes, whenever that is."""
_LAST_ROW: Final = 1_048_575
_FORMATS: Final[Mapping[ColumnType, str]] = {
    "instant": "yyyy-mm-dd hh:mm:ss", "date": "yyyy-mm-dd", "number": "General", "integer": "0",
}  # fmt: skip
"""How cells are shown; all others are text, or Excel would cut long ids and take words for dates."""
_GUIDE: Final = "guide"
_COLUMNS: Final = "about"
_LISTS: Final = "wordlists"
_ABOUT: Final = (
    ("table", 20), ("column", 20), ("must be stated", 14), ("holds", 34), ("allowed", 44), ("meaning", 90),
)  # fmt: skip


def workbook_bytes(tables: Sequence[Table]) -> bytes:
    """Return a workbook (``.xlsx``) with an empty sheet for each table, and sheets that explain them.

    Raises:
        MissingExtra: if xlsxwriter is not installed.
    """
    try:
        import xlsxwriter
    except ImportError:
        raise MissingExtra("xlsxwriter", "excel", "writing a workbook") from None
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": _MADE})
        _Template(book).write(tables)
    return out.getvalue()


class _Template:
    def __init__(self, book: Any) -> None:
        self.book = book
        self.must = book.add_format({"bold": True, "bg_color": "#FFE699", "border": 1})
        self.may = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
        self.plain = {form: book.add_format({"num_format": form}) for form in {"@", *_FORMATS.values()}}
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.lists: dict[tuple[str, ...], str] = {}

    def write(self, tables: Sequence[Table]) -> None:
        guide, about = self.book.add_worksheet(_GUIDE), self.book.add_worksheet(_COLUMNS)
        sheets = [self.book.add_worksheet(table.name) for table in tables]
        hidden = self.book.add_worksheet(_LISTS)
        hidden.hide()
        self._guide(guide)
        self._about(about, tables)
        for sheet, table in zip(sheets, tables, strict=True):
            self._table(sheet, table, hidden)

    def _guide(self, sheet: Any) -> None:
        sheet.set_column(0, 0, 110, self.wrapped)
        lines = (
            "How to fill in this workbook",
            *HOW_TO_FILL_IN,
            f"Yellow headers must be stated, blue ones may be. The sheet '{_COLUMNS}' tells what each column holds, "
            "and so does the note at its header; columns with fixed words offer them as a list.",
            "Ids stand as text, so that long ones keep all their digits.",
        )
        for row, line in enumerate(lines):
            sheet.write_string(row, 0, line, self.may if row == 0 else self.wrapped)
        sheet.freeze_panes(1, 0)

    def _about(self, sheet: Any, tables: Sequence[Table]) -> None:
        for place, (title, width) in enumerate(_ABOUT):
            sheet.set_column(place, place, width, self.wrapped)
            sheet.write_string(0, place, title, self.may)
        rows = [
            (table.name, column.name, "yes" if column.required else "", holds(column),
             ", ".join(map(column.shown, allowed(column))), column.title)
            for table in tables for column in table.columns
        ]  # fmt: skip
        for row, cells in enumerate(rows, 1):
            for place, cell in enumerate(cells):
                sheet.write_string(row, place, cell, self.wrapped)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, len(rows), len(_ABOUT) - 1)

    def _table(self, sheet: Any, table: Table, hidden: Any) -> None:
        for place, column in enumerate(table.columns):
            width = max(len(column.name) + 2, 20 if column.type == "instant" else 12)
            sheet.set_column(place, place, width, self.plain[_FORMATS.get(column.type, "@")])
            sheet.write_string(0, place, column.name, self.must if column.required else self.may)
            sheet.write_comment(0, place, _note(column), {"x_scale": 2.5, "y_scale": 1.6})
            if allowed(column):
                self._offer(sheet, place, column, hidden)
        sheet.freeze_panes(1, 0)

    def _offer(self, sheet: Any, place: int, column: Column, hidden: Any) -> None:
        """Offer the words of a column as a list; another is stopped, or asked about where others may be right."""
        first = {word: label for label, word in reversed(column.labels)}  # they may be written as well
        words = (*allowed(column), *(first[word] for word in column.words if word in first))
        fixed = column.type == "text"  # a plugin may know further event kinds, and 是 is a yes as well
        sheet.data_validation(
            1, place, _LAST_ROW, place,
            {
                "validate": "list", "source": self._list(words, hidden), "error_type": "stop" if fixed else "warning",
                "error_title": column.name, "error_message": f"The list of {column.name} does not have this word.",
            },
        )  # fmt: skip

    def _list(self, words: tuple[str, ...], hidden: Any) -> str:
        """Return where the words stand on the hidden sheet; a list in the validation itself may have 255 characters."""
        if words not in self.lists:
            place = len(self.lists)
            hidden.write_string(0, place, f"list {place + 1}")
            hidden.write_column(1, place, words)
            letters = _letters(place)
            self.lists[words] = f"={_LISTS}!${letters}$2:${letters}${len(words) + 1}"
        return self.lists[words]


def _note(column: Column) -> str:
    must = "Must be stated. " if column.required else ""
    words = f"\nOne of: {', '.join(map(column.shown, allowed(column)))}" if column.words else ""
    return f"{must}{column.title}\n[{holds(column)}]{words}"


def _letters(place: int) -> str:
    """Return the letters of a column of a sheet: A, B ... Z, AA ..."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
