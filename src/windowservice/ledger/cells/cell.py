"""Reading one cell by the type of its column: codes, words, numbers, yes or no, lists, times."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import tzinfo
from decimal import Decimal
from typing import Any, Final

import attrs

from windowservice.domain.codes import INVISIBLE, ITEM_SEPARATORS, plain
from windowservice.errors import InvalidValue, UnknownName
from windowservice.instants import get_zone
from windowservice.ledger.cells.codes import AS_DECIMAL, as_text, code_text, refuse_remains
from windowservice.ledger.cells.numbers import number_reader
from windowservice.ledger.cells.times import DayAndTime, TimeForm, TimeNotes, date_reader, instant_reader, usual_reader
from windowservice.ledger.mapping.mapping import Cell
from windowservice.worktime.limits.limit import Limit

__all__ = ["MISSING_WORDS", "CellNotes", "CellReader", "Written", "cell_reader", "cell_word", "choose_word", "is_blank"]

CellReader = Callable[[Any], Any]
"""Takes a cell as the file gave it; returns its value, None if it says nothing; raises a `WindowserviceError`."""

MISSING_WORDS: Final = frozenset(
    {"nan", "NaN", "NAN", "null", "NULL", "Null", "None", "NaT", "<NA>", "#N/A", "N/A", "n/a", "\\N",
     "(null)", "(NULL)", "<null>", "<NULL>", "[null]", "(空)", "（空）", "-", "--", "—", "——", "/"}
)  # fmt: skip
"""What programs and people write where nothing is known; counted in the load report and read as missing."""

_YES: Final = ("yes", "y", "true", "t", "1", "是", "有", "对", "真", "√", "✓", "✔", "☑")
_NO: Final = ("no", "n", "false", "f", "0", "否", "无", "没有", "错", "假", "×", "✗", "✘")
_ITEM_SEPARATOR: Final = re.compile(f"[{re.escape(ITEM_SEPARATORS)}]")
_EMPTY: Final = frozenset(" \t\r\n\f\v\u00a0\u3000" + INVISIBLE)


@attrs.define
class CellNotes(TimeNotes):
    """Counts of odd cells, kept while a ledger is read.

    Attributes:
        formulas: text cells that begin with ``=``.
        missing_words: cells that say "null" or the like.
    """

    formulas: int = 0
    missing_words: int = 0

    @property
    def counted(self) -> int:
        """How many odd cells were counted so far."""
        read = self.ambiguous + self.skipped + self.formulas + self.missing_words  # asked at each new cell: few are odd
        return read + self.otherwise.total() if self.otherwise else read


def is_blank(cell: object) -> bool:
    """Return whether the cell says nothing at all: None, NaN, NA, or a text of spaces and of what nobody sees."""
    if isinstance(cell, str):
        return not cell or cell.isspace() or (not cell.isascii() and _EMPTY.issuperset(cell))
    if cell is None or isinstance(cell, int):
        return cell is None
    if isinstance(cell, float | Decimal):
        return cell.is_nan() if isinstance(cell, Decimal) else cell != cell  # noqa: PLR0124 - NaN differs from itself
    return type(cell).__name__ in ("NaTType", "NAType")


@attrs.frozen
class Written:
    """How the cells of a column are written, as its table and the schema know it.

    Attributes:
        serial: whether numbers in time columns are Excel serial dates, as in a workbook.
        from_1904: whether those count from 1904.
        money: whether numbers are yuan.
        words: the only words that it may hold; empty: any.
        keeps_date: whether it holds instants of which only the date may be known.
        place: the file and column, for the report.
    """

    serial: bool = False
    from_1904: bool = False
    money: bool = False
    words: tuple[str, ...] = ()
    keeps_date: bool = False
    place: str = ""


def cell_reader(
    cell: Cell,
    kind: str,
    zone: tzinfo | None,
    notes: CellNotes,
    written: Written = Written(),
) -> CellReader:
    """Return the function that reads the cells of one column.

    Args:
        cell: how the column is written, as the mapping says.
        kind: its type, one of `COLUMN_TYPES`.
        zone: the zone of the ledger, for times that name none.
        notes: where odd cells are counted.
        written: how it is written, as its table says.
    """
    form = _time_form(cell, zone, written) if kind in ("instant", "date") else None
    usual = usual_reader(form) if form is not None and kind == "instant" and not (cell.words or cell.empty) else None
    read = _typed(cell, kind, form, notes, written)
    missing = (MISSING_WORDS if cell.empty is None else frozenset(cell.empty)).difference(written.words)
    words = cell.words if kind != "kind" else None
    free = kind in ("text", "any") and not written.words

    def read_cell(value: object) -> object:
        if value.__class__ is str:
            if usual is not None and (moment := usual(value)) is not None:
                return moment
            text = value.strip()
            if is_blank(text):
                return None
            if "\0" in text:
                raise InvalidValue("the cell", text, "a text without NUL bytes")
            if text in missing:
                notes.missing_words += 1
                return None
            value = text
        else:
            value = native(value)
            if is_blank(value):
                return None
        if words:
            value = choose_word(cell_word(value), words, cell.other or "keep", value)
            if value is None:
                return None
        if value.__class__ is str and (not free or value[:1] == "#"):
            refuse_remains(value)
        return read(value)

    return read_cell


def native(value: object) -> object:
    """Return a scalar of numpy as Python has it; anything else as it is."""
    if type(value).__module__ != "numpy":
        return value
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    if kind == "M":
        value = value.astype("datetime64[us]")  # type: ignore[attr-defined]
    if kind in "biufMUSO" and getattr(value, "ndim", None) == 1:
        return value.tolist()  # type: ignore[attr-defined]
    return value.item() if kind in "biufMUS" and getattr(value, "ndim", 1) == 0 else value  # type: ignore[attr-defined]


def cell_word(cell: object) -> str:
    """Return a cell as a word that a mapping lists: plain, and a whole number without its point."""
    return plain(as_text(cell))


def choose_word(word: str, words: Any, other: str, written: Any = None) -> Any:
    """Return what the mapping says for a word; an empty text means missing.

    Args:
        word: the word, plain.
        words: what each word stands for.
        other: what becomes of words that are not listed: "reject", "ignore" or "keep".
        written: the cell as it was written, which is kept; without it the word.

    Raises:
        UnknownName: if it says nothing and `other` is "reject".
    """
    if word not in words:
        word = next((said for said in words if plain(said) == word), word)
    if word in words:
        return words[word] if words[word] != "" else None
    if other == "reject":
        raise UnknownName("word", str(word), tuple(words))
    if other == "ignore":
        return None
    return word if written is None else written


def _time_form(cell: Cell, zone: tzinfo | None, written: Written) -> TimeForm:
    return TimeForm(
        zone=get_zone(cell.zone) if cell.zone else zone,
        formats=cell.format,
        shift=(get_zone(cell.shift.read_as), get_zone(cell.shift.show_in)) if cell.shift else None,
        bare_date=cell.date,
        serial=cell.excel_serial or written.serial,
        keeps_date=written.keeps_date,
        midnight_is_date=cell.midnight_is_date,
        epoch=cell.epoch or "",
        from_1904=written.from_1904,
        place=written.place,
    )


def _typed(cell: Cell, kind: str, form: TimeForm | None, notes: CellNotes, written: Written) -> CellReader:
    if form is not None:
        return instant_reader(form, notes) if kind == "instant" else date_reader(form, notes)
    if kind in ("number", "integer"):
        return number_reader(
            notes.otherwise, written.place, decimal=cell.decimal, thousands=cell.thousands,
            whole=kind == "integer", unit=cell.unit, money=written.money,
        )  # fmt: skip
    if kind == "boolean":
        return _boolean_reader(cell.yes or _YES, cell.no or _NO)
    if kind == "items":
        return _items_reader(cell.separator, notes, written.place)
    if kind == "limit":
        return _limit_reader()
    if kind in ("code", "kind"):
        return _code_reader(notes, written.place)
    return _text_reader(notes, written.words)


def _code_reader(notes: CellNotes, place: str) -> CellReader:
    def read(cell: object) -> str | None:
        text, decimal = code_text(cell)
        if text[:1] == "=":
            notes.formulas += 1
        if decimal:
            notes.otherwise[place, AS_DECIMAL] += 1
        return text or None

    return read


def _text_reader(notes: CellNotes, words: tuple[str, ...]) -> CellReader:
    def read(cell: object) -> str:
        if isinstance(cell, DayAndTime):
            raise InvalidValue("the cell", str(cell), "one text")
        text = cell.strip(" \t\r\n\ufeff\u200b") if isinstance(cell, str) else as_text(cell)
        if text[:1] == "=":
            notes.formulas += 1
        return plain(text) if words and text not in words else text

    return read


def _boolean_reader(yes: Iterable[str], no: Iterable[str]) -> CellReader:
    words = {plain(word).casefold(): True for word in yes} | {plain(word).casefold(): False for word in no}

    def read(cell: object) -> bool:
        if isinstance(cell, bool):
            return cell
        word = cell_word(cell).casefold()
        if word not in words:
            raise InvalidValue("the cell", cell, f"one of {', '.join(words)}")
        return words[word]

    return read


def _limit_reader() -> CellReader:
    def read(cell: object) -> str:
        text = as_text(cell)
        Limit.parse(text)  # a bare "1 day" is refused here, with the choices
        return text

    return read


def _items_reader(separator: str, notes: CellNotes, place: str) -> CellReader:
    code = _code_reader(notes, place)

    def read(cell: object) -> frozenset[str] | None:
        parts: list[Any]
        if isinstance(cell, list | tuple | set | frozenset):
            parts = list(cell)
        else:
            text = as_text(cell)
            if text[:1] in "[{" and text[-1:] in "]}":
                raise InvalidValue("the cell", cell, "ids with ';' between them, without brackets")
            parts = text.split(separator) if separator else _ITEM_SEPARATOR.split(text)
        found = frozenset(code(part) for part in parts if not is_blank(part))
        return frozenset(part for part in found if part) or None

    return read
