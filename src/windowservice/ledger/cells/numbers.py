"""Numbers and amounts in cells, exact: thousands, brackets, 万 and 元, units; what has lost digits is refused."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from windowservice.domain.codes import plain
from windowservice.errors import InvalidValue

__all__ = ["UNITS", "number_reader"]

UNITS: Final = {
    "fen": Decimal("0.01"), "jiao": Decimal("0.1"), "yuan": Decimal(1), "thousand": Decimal(10**3),
    "wan": Decimal(10**4), "million": Decimal(10**6), "yi": Decimal(10**8),
    "分": Decimal("0.01"), "角": Decimal("0.1"), "元": Decimal(1), "千元": Decimal(10**3),
    "万元": Decimal(10**4), "百万元": Decimal(10**6), "亿元": Decimal(10**8),
}  # fmt: skip
"""The units in which a mapping may say that amounts are written, in yuan."""
_SIGNS: Final = re.compile(r"(?:￥|¥|RMB|CNY|人民币)\s*", re.IGNORECASE)
_SCALES: Final = {"": 1, "千": 10**3, "万": 10**4, "百万": 10**6, "亿": 10**8, "万亿": 10**12}
_SCALED: Final = re.compile(r"(.*?)\s*(万亿|百万|千|万|亿)?\s*(元整|元|圆)?\Z", re.DOTALL)
_LOST: Final = re.compile(r"[+-]?\d(?:\.(\d+))?E\+(\d{1,3})\Z", re.ASCII | re.IGNORECASE)
_PLAIN: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?\Z", re.ASCII)
_BRACKETS: Final = re.compile(r"\(([^()+-]+)\)\Z")
_BRACKETED: Final = "numbers in brackets (read as below zero)"
_BOUND: Final = 10**18
_MOST_PLACES: Final = 18
_LARGEST_FLOAT: Final = 10**15


def number_reader(
    notes: Counter[tuple[str, str]], place: str, *,
    decimal: str = ".", thousands: str = ",", whole: bool = False, unit: str = "", money: bool = False,
) -> Callable[[Any], int | Decimal]:  # fmt: skip
    """Return the function that reads a number exactly.

    Args:
        notes: where cells are counted that could be meant otherwise.
        place: the file and column, for the count.
        decimal: the decimal mark.
        thousands: the mark between groups of three digits.
        whole: whether it must be a whole number.
        unit: the unit that the column is written in, one of `UNITS`; "" if it is the one of the schema.
        money: whether the schema wants yuan, so that 元 may stand behind.
    """
    wanted = "a whole number" if whole else "a number"
    example = f"{wanted}, as in 1{thousands}250{'' if whole else decimal + '50'}"
    mark, point = re.escape(thousands), re.escape(decimal)
    groups = re.compile(rf"[+-]?\d{{1,3}}({mark}\d{{3}})+({point}\d+)?\Z", re.ASCII)
    factor = UNITS.get(unit, Decimal(1))

    def from_text(cell: str) -> Decimal:
        text, bracketed = _unbracketed(plain(cell))
        text, scale = _unscaled(text, money=money, unit=unit)
        if groups.match(text):
            text = text.replace(thousands, "")
        if decimal != ".":
            text = text.replace(".", "x").replace(decimal, ".")  # a point that is no decimal mark makes no number
        lost = _LOST.match(text)
        if lost and int(lost[2]) > max(len(lost[1] or ""), 5):
            short = f"{wanted} with all its digits: a spreadsheet shortened it with an exponent"
            raise InvalidValue("the cell", cell, short)
        if not _PLAIN.match(text):
            raise InvalidOperation
        if bracketed:
            notes[place, _BRACKETED] += 1
        return Decimal(text) * scale

    def exact(cell: object) -> Decimal:
        if isinstance(cell, bool) or not isinstance(cell, str | int | float | Decimal):
            raise InvalidValue("the cell", cell, wanted)
        if isinstance(cell, str):
            return from_text(cell)
        if isinstance(cell, float):
            if not abs(cell) < _LARGEST_FLOAT:  # NaN is blank and does not come here
                raise InvalidValue("the cell", cell, f"{wanted} of at most 15 digits: a float keeps no more")
            return Decimal(f"{cell:.15g}")  # 0.1 + 0.2 is 0.3 where fifteen digits are kept
        if isinstance(cell, int) and abs(cell) >= _BOUND:
            raise InvalidValue("the cell", "a whole number of 19 digits or more", f"{wanted} of at most 18 digits")
        return Decimal(cell)

    def read(cell: object) -> int | Decimal:
        try:
            value = exact(cell)
        except InvalidOperation:
            raise InvalidValue("the cell", cell, _hint(cell, example)) from None
        if value.is_finite() and value and -40 < value.adjusted() < 40:
            value = value * factor
        if not value.is_finite() or not (value == 0 or -_MOST_PLACES <= value.adjusted() < _MOST_PLACES):
            raise InvalidValue("the cell", cell, f"{wanted} of at most 18 digits")
        if value == value.to_integral_value():
            return int(value)
        if whole:
            raise InvalidValue("the cell", cell, wanted)
        if -int(value.as_tuple().exponent) > _MOST_PLACES:
            raise InvalidValue("the cell", cell, f"{wanted} with at most 18 decimal places")
        return value

    return read


def _unbracketed(text: str) -> tuple[str, bool]:
    """Return a number without the brackets that say it is below zero, and whether it had any."""
    found = _BRACKETS.match(text)
    return (f"-{found[1].strip()}", True) if found else (text, False)


def _unscaled(text: str, *, money: bool, unit: str) -> tuple[str, int]:
    """Return a number without 万 and 元, and what it is to be multiplied by.

    Raises:
        InvalidOperation: if it names money where none is, or a unit beside that of the mapping.
    """
    found = _SCALED.match(_SIGNS.sub("", text, count=1) if money else text)
    number, scale, yuan = (found[1], found[2] or "", found[3] or "") if found else (text, "", "")
    if (yuan and not money) or ((scale or yuan) and unit):
        raise InvalidOperation
    return number, _SCALES[scale]


def _hint(cell: object, example: str) -> str:
    text = str(cell)
    if text.rstrip().endswith(("%", "％")):
        return f"{example}: write the count and the whole, or the share as a decimal, not a percentage"
    if re.search(r"[元圆万亿$€£]|USD|EUR", text):
        return f"{example}: a column of this kind holds no amount of money, or not in this currency"
    return example
