"""Reading one cell by the type of its column: codes, words, numbers, yes or no, lists, times."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import attrs

from windowservice.errors import InvalidValue, UnknownName
from windowservice.instants import get_zone
from windowservice.ledger.mapping import Cell
from windowservice.ledger.times import TimeForm, TimeNotes, date_reader, instant_reader, plain
from windowservice.worktime.limits import Limit

__all__ = ["MISSING_WORDS", "CellNotes", "CellReader", "cell_reader", "choose_word", "is_blank"]

CellReader = Callable[[Any], Any]
"""Takes a cell as the file gave it; returns its value, None if it says nothing; raises a `WindowserviceError`."""

MISSING_WORDS: Final = frozenset(
    {"nan", "NaN", "NAN", "null", "NULL", "Null", "None", "NaT", "<NA>", "#N/A", "N/A", "n/a", "\\N"}
)
"""What programs write where nothing is known; counted in the load report and read as missing."""

_YES: Final = ("yes", "y", "true", "1", "是", "有")
_NO: Final = ("no", "n", "false", "0", "否", "无")
_ITEM_SEPARATOR: Final = re.compile(r"[;；、|]")
_LARGEST_EXACT: Final = 10**15
"""Excel keeps fifteen digits; a longer id that was stored as a number has lost its end."""


@attrs.define
class CellNotes(TimeNotes):
    """Counts of odd cells, kept while a ledger is read.

    Attributes:
        formulas: text cells that begin with ``=``.
        missing_words: cells that say "null" or the like.
    """

    formulas: int = 0
    missing_words: int = 0


def is_blank(cell: object) -> bool:
    """Return whether the cell says nothing at all: None, NaN, or a text of spaces."""
    if isinstance(cell, str):
        return not cell or cell.isspace()
    return cell is None or cell != cell  # noqa: PLR0124 - NaN is the value that differs from itself


def cell_reader(cell: Cell, kind: str, zone: tzinfo | None, notes: CellNotes, *, serial: bool = False) -> CellReader:
    """Return the function that reads the cells of one column.

    Args:
        cell: how the column is written.
        kind: its type, one of `COLUMN_TYPES`.
        zone: the zone of the ledger, for times that name none.
        notes: where odd cells are counted.
        serial: whether numbers in time columns are Excel serial dates, as in a workbook.
    """
    read = _typed(cell, kind, zone, notes, serial=serial)
    missing = MISSING_WORDS if cell.empty is None else frozenset(cell.empty)
    words = cell.words if kind != "kind" else None

    def read_cell(value: object) -> object:
        if value.__class__ is str:
            value = value.strip()
            if not value:
                return None
            if "\0" in value:
                raise InvalidValue("the cell", value, "a text without NUL bytes")
            if value in missing:
                notes.missing_words += 1
                return None
        elif is_blank(value):
            return None
        if words:
            value = choose_word(_as_text(value), words, cell.other or "keep")
        return None if value is None else read(value)

    return read_cell


def choose_word(word: Any, words: Any, other: str) -> Any:
    """Return what the mapping says for a word; an empty text means missing.

    Raises:
        UnknownName: if it says nothing and `other` is "reject".
    """
    if word in words:
        return words[word] if words[word] != "" else None
    if other == "reject":
        raise UnknownName("word", str(word), tuple(words))
    return None if other == "ignore" else word


def _typed(cell: Cell, kind: str, zone: tzinfo | None, notes: CellNotes, *, serial: bool) -> CellReader:
    if kind in ("instant", "date"):
        form = TimeForm(
            zone=get_zone(cell.zone) if cell.zone else zone,
            formats=cell.format,
            shift=(get_zone(cell.shift.read_as), get_zone(cell.shift.show_in)) if cell.shift else None,
            bare_date=cell.date,
            serial=cell.excel_serial or serial,
            midnight_is_date=cell.midnight_is_date,
        )
        return instant_reader(form, notes) if kind == "instant" else date_reader(form)
    if kind in ("number", "integer"):
        return _number_reader(cell.decimal, cell.thousands, whole=kind == "integer")
    if kind == "boolean":
        return _boolean_reader(cell.yes or _YES, cell.no or _NO)
    if kind == "items":
        return _items_reader(cell.separator)
    if kind == "limit":
        return _limit_reader()
    return _text_reader(notes, code=kind in ("code", "kind"))


def _text_reader(notes: CellNotes, *, code: bool) -> CellReader:
    def read(cell: object) -> str:
        text = cell if isinstance(cell, str) else _as_text(cell)
        if text[:1] == "=":
            notes.formulas += 1
        return plain(text) if code else text

    return read


def _as_text(cell: object) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():  # a workbook holds every number as a float
        cell = int(cell)
    if isinstance(cell, int | float) and abs(cell) >= _LARGEST_EXACT:
        raise InvalidValue(
            "the cell", cell, "a text: a number of more than 15 digits has lost its end in a spreadsheet"
        )
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if isinstance(cell, str | int | float | Decimal):
        return str(cell)
    raise InvalidValue("the cell", cell, "a text or a number")


def _number_reader(decimal: str, thousands: str, *, whole: bool) -> CellReader:
    wanted = "a whole number" if whole else "a number"
    mark, point = re.escape(thousands), re.escape(decimal)
    groups = re.compile(rf"[+-]?\d{{1,3}}({mark}\d{{3}})+({point}\d+)?\Z", re.ASCII)

    def exact(cell: object) -> Decimal:
        if isinstance(cell, bool) or not isinstance(cell, str | int | float | Decimal):
            raise InvalidValue("the cell", cell, wanted)
        if not isinstance(cell, str):
            return Decimal(str(cell))
        text = plain(cell)
        if groups.match(text):
            text = text.replace(thousands, "")
        if decimal != ".":
            text = text.replace(".", "x").replace(decimal, ".")  # a point that is no decimal mark makes no number
        return Decimal("x" if "_" in text else text)

    def read(cell: object) -> int | Decimal:
        try:
            value = exact(cell)
        except InvalidOperation:
            raise InvalidValue("the cell", cell, f"{wanted}, as in 1{thousands}250{decimal}50") from None
        if not value.is_finite() or abs(value.adjusted()) > 18:
            raise InvalidValue("the cell", cell, f"{wanted} of at most 18 digits")
        if value == value.to_integral_value():
            return int(value)
        if whole:
            raise InvalidValue("the cell", cell, wanted)
        return value

    return read


def _boolean_reader(yes: Iterable[str], no: Iterable[str]) -> CellReader:
    words = {word.casefold(): True for word in yes} | {word.casefold(): False for word in no}

    def read(cell: object) -> bool:
        if isinstance(cell, bool):
            return cell
        word = plain(_as_text(cell)).casefold()
        if word not in words:
            raise InvalidValue("the cell", cell, f"one of {', '.join(words)}")
        return words[word]

    return read


def _limit_reader() -> CellReader:
    def read(cell: object) -> str:
        text = _as_text(cell)
        Limit.parse(text)  # a bare "1 day" is refused here, with the choices
        return text

    return read


def _items_reader(separator: str) -> CellReader:
    def read(cell: object) -> frozenset[str] | None:
        if isinstance(cell, list | tuple | set | frozenset):
            parts: list[str] = [_as_text(part) for part in cell if not is_blank(part)]
        else:
            text = _as_text(cell)
            parts = text.split(separator) if separator else _ITEM_SEPARATOR.split(text)
        return frozenset(code for code in map(plain, parts) if code) or None

    return read
