"""The patterns of `datetime.strptime` that a mapping states: checked when it is read, exact where Python guesses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Final

import attrs

__all__ = ["SWAPPED", "TWO_DIGIT_YEAR", "TimePattern", "pattern_problem"]

SWAPPED: Final = "dates whose day and month could stand the other way round"
"""What is said of 03/04/2018, whichever the mapping says it is."""
TWO_DIGIT_YEAR: Final = "years of two digits (from 69 on they were read as 19..)"
"""What is said of a year without its century."""

_CODES: Final = re.compile(r"%(.?)", re.DOTALL)
_WIDTHS: Final = {
    "Y": 4, "m": 2, "d": 2, "H": 2, "I": 2, "M": 2, "S": 2, "y": 2, "j": 3, "G": 4, "V": 2, "U": 2, "W": 2, "u": 1,
    "w": 1,
}  # fmt: skip
"""The digits of each code that is a number."""
_OTHER: Final = {"f": r"\d{1,6}", "p": r"\D+?", "z": r"\S+", "b": r"[^\d\s]+?", "B": r"[^\d\s]+?", "a": r"[^\d\s]+?",
                 "A": r"[^\d\s]+?", "%": "%"}  # fmt: skip
_DATES: Final = (frozenset("Ymd"), frozenset("Ybd"), frozenset("YBd"), frozenset("Yj"), frozenset("GVu"))
_HALF_WORDS: Final = (("上午", "AM"), ("凌晨", "AM"), ("下午", "PM"))


def pattern_problem(pattern: str) -> str | None:
    """Return why a pattern would make another day or hour of a text, or cannot be used at all; None if it is sound."""
    codes = _CODES.findall(pattern)
    has = set(codes)
    problems = (
        (_unknown(codes), "the code {} is not known"),
        (next((code for code in codes if code != "%" and codes.count(code) > 1), None), "the code {} stands twice"),
        (_first("Z" in has, "Z"), "{} reads the name of a zone and forgets it: use %z for an offset, or zone = '...'"),
        (_first("p" in has and "I" not in has, "p"), "{} counts only beside %I: without it afternoons become mornings"),
        (_first("I" in has and "p" not in has, "I"), "{} needs %p, which tells mornings and afternoons apart; use %H"),
        (_first({"H", "I"} <= has, "I"), "{} and %H both say the hour"),
        (_first("M" in has and not has & {"H", "I"}, "M"), "{} needs %H, the hour"),
    )
    for code, problem in problems:
        if code is not None:
            return problem.format(f"%{code}" if code else "%")
    full = {"Y" if code == "y" else code for code in has}
    if not any(wanted <= full for wanted in _DATES):
        return "it does not say year, month and day (%Y, %m, %d), so another day would be read"
    return None


def _unknown(codes: Iterable[str]) -> str | None:
    return next((code for code in codes if code not in _WIDTHS and code not in _OTHER and code != "Z"), None)


def _first(wrong: bool, code: str) -> str | None:
    return code if wrong else None


@attrs.frozen
class TimePattern:
    """One pattern, ready to read texts.

    Attributes:
        pattern: as the mapping states it.
        exact: what a text must look like; numbers that stand side by side have all their digits.
        width: the number of digits, if it is made of such numbers alone; else 0.
        has_time: whether it says a time of day.
        has_half: whether it says a half of the day.
        notes: what is said of texts that could be meant otherwise, each with the test for it.
    """

    pattern: str
    exact: re.Pattern[str]
    width: int
    has_time: bool
    has_half: bool
    notes: tuple[tuple[str, Callable[[datetime], bool]], ...]

    @classmethod
    def of(cls, pattern: str) -> TimePattern:
        """Return the pattern ready to read."""
        codes = _CODES.findall(pattern)
        alone = re.fullmatch(r"(?:%[a-zA-Z])+", pattern) is not None and all(code in _WIDTHS for code in codes)
        order = [code for code in codes if code in "Yymd"]
        notes: list[tuple[str, Callable[[datetime], bool]]] = []
        if {"m", "d"} <= set(order) and order not in (["Y", "m", "d"], ["y", "m", "d"]):
            notes.append((SWAPPED, lambda moment: moment.day <= 12 and moment.day != moment.month))
        if "y" in codes:
            notes.append((TWO_DIGIT_YEAR, lambda _: True))
        return cls(
            pattern,
            re.compile(_exact(pattern), re.ASCII | re.IGNORECASE),
            sum(_WIDTHS[code] for code in codes) if alone else 0,
            bool({"H", "I"} & set(codes)),
            "p" in codes,
            tuple(notes),
        )

    def read(self, text: str) -> datetime | None:
        """Return the moment that a text says; None if it is not written so."""
        if self.has_half:
            for word, latin in _HALF_WORDS:
                text = text.replace(word, latin)
        if "%f" in self.pattern:
            text = re.sub(r"([.,]\d{6})\d+", r"\1", text)  # below a microsecond nothing is kept
        if not self.exact.fullmatch(text):
            return None
        try:
            return datetime.strptime(text, self.pattern)  # noqa: DTZ007 - the zone of the column is applied after
        except ValueError:
            return None

    def said(self, moment: datetime) -> datetime | date:
        """Return the moment, or its date if the pattern says no time of day."""
        return moment if self.has_time else moment.date()


def _exact(pattern: str) -> str:
    parts = re.findall(r"%.|\s+|[^%\s]+", pattern, re.DOTALL)
    made = []
    for place, part in enumerate(parts):
        code = part[1:] if part.startswith("%") else ""
        width = _WIDTHS.get(code)
        if width is not None:
            beside = (parts[place - 1] if place else "", parts[place + 1] if place + 1 < len(parts) else "")
            joined = any(other.startswith("%") and other[1:] in (*_WIDTHS, "f") for other in beside)
            made.append(rf"\d{{{width}}}" if joined or code in "YG" else rf" ?\d{{1,{width}}}")
        elif code:
            made.append(_OTHER.get(code, r"\S+"))
        else:
            made.append(r"\s+" if part.isspace() else re.escape(part))
    return "".join(made)
