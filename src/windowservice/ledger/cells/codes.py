"""Ids in cells: made plain, and refused where a spreadsheet has left something else of them."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from windowservice.domain.codes import plain
from windowservice.errors import InvalidValue

__all__ = ["AS_DECIMAL", "as_text", "code_text", "refuse_remains"]

AS_DECIMAL: Final = "ids written as decimals (105.0 was read as 105)"
"""What is said of an id that a program wrote as a number with a point."""
_LARGEST_EXACT: Final = 10**15
"""Excel keeps fifteen digits; a longer id that was stored as a number has lost its end."""
_MOST_BITS: Final = 4_096
"""Whole numbers with more bits than this are no id, and Python refuses to write them out."""
_QUOTED: Final = re.compile(r'="([^"]*)"\Z')
"""How exports keep the digits of an id from spreadsheets."""
_DECIMAL_ID: Final = re.compile(r"(\d+)\.0+\Z", re.ASCII)
_ERRORS: Final = re.compile(
    r"#(?:REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!|FIELD!|GETTING_DATA|N/A|#+)\Z", re.IGNORECASE
)
_REMAINS: Final = (
    (re.compile(r"[+-]?\d(?:[.,]\d+)?E[+-]\d{1,3}\Z", re.ASCII | re.IGNORECASE),
     "an id with all its digits: a spreadsheet wrote it as a number with an exponent; format the column as text"),
    (re.compile(r"\d{1,2}月\d{1,2}日\Z|\d{1,2}-(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\Z"
                r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)-\d{2}\Z", re.ASCII | re.IGNORECASE),
     "an id: a spreadsheet made a date of it; format the column as text and write it again"),
)  # fmt: skip
_DITTO: Final = frozenset({"同上", "同前", "〃", "〞", "″", '"', "''", "ditto", "do.", "-〃-"})

_LONGEST_DITTO: Final = max(map(len, _DITTO))
_HARMLESS: Final = re.compile(r"(?!(?i:ditto|[a-z]{3}-\d\d)\Z)(?:\w+|[A-Za-z][\w-]*)\Z", re.ASCII)
"""Ids of which no spreadsheet has left anything else; most are such."""


def refuse_remains(text: str) -> None:
    """Refuse an error value of a spreadsheet, and a mark that repeats the row above.

    Raises:
        InvalidValue: saying what to write instead.
    """
    if text[:1] == "#" and _ERRORS.match(text):
        raise InvalidValue("the cell", text, "a value: this is an error of a spreadsheet; put its formula right")
    if len(text) <= _LONGEST_DITTO and text.casefold() in _DITTO:
        raise InvalidValue(
            "the cell", text, "written out in every row: a row above it may be sorted, filtered or refused"
        )


def code_text(cell: object) -> tuple[str, bool]:
    """Return an id as it is compared, and whether it was written as a decimal.

    Raises:
        InvalidValue: if it is none, or what a spreadsheet has left of one.
    """
    if cell.__class__ is str and _HARMLESS.match(cell):
        return cell, False
    if isinstance(cell, date | time | timedelta):
        raise InvalidValue("the cell", str(cell), "an id: it is a date or time; format the column as text")
    text = plain(cell) if isinstance(cell, str) else as_text(cell)
    if isinstance(cell, str):
        quoted = _QUOTED.match(text)
        text = quoted[1].strip() if quoted else text
        text = text[1:] if text[:1] == "'" and len(text) > 1 else text
        refuse_remains(text)
    for form, wanted in _REMAINS:
        if form.match(text):
            raise InvalidValue("the cell", text, wanted)
    decimal = _DECIMAL_ID.match(text)
    if decimal is None:
        return text, False
    if len(decimal[1]) > 15:
        raise InvalidValue("the cell", text, _LOST)
    return decimal[1], isinstance(cell, str)


_LOST: Final = "a text: a number of more than 15 digits has lost its end in a spreadsheet"


def as_text(cell: object) -> str:
    """Return the text of a cell; a whole number loses its point.

    Raises:
        InvalidValue: if it is no text, number, date or yes or no, or a float that has lost its end.
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        if not abs(cell) < _LARGEST_EXACT:
            raise InvalidValue("the cell", cell, _LOST)
        return str(int(cell)) if cell.is_integer() else str(cell)
    if isinstance(cell, int) and cell.bit_length() <= _MOST_BITS:  # a database's, exact however long
        return str(cell)
    if isinstance(cell, Decimal) and cell.is_finite() and abs(cell.adjusted()) < _MOST_BITS:
        return str(int(cell)) if cell == cell.to_integral_value() else str(cell)
    if isinstance(cell, datetime):
        midnight = not (cell.hour or cell.minute or cell.second or cell.microsecond) and cell.tzinfo is None
        return cell.date().isoformat() if midnight else cell.isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, UUID):
        return str(cell)
    shown = "a whole number of over 1,200 digits" if isinstance(cell, int) else cell
    raise InvalidValue("the cell", shown, "a text or a number")
