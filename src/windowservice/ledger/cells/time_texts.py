"""Texts of times as people write them: year first, Chinese words, halves of the day, offsets; nothing is guessed."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Final

from windowservice.errors import InvalidTime
from windowservice.instants import iso_datetime, moment_of

__all__ = ["HALVES", "SHORT_MINUTE", "clock_text", "moment_text", "plain_clock"]

SHORT_MINUTE: Final = "times whose minute has one digit (9:4 was read as 9:04)"
"""What is said of a minute that may have been cut off."""

_AM: Final = {12: 0} | {hour: hour for hour in range(12)}
_PM: Final = {12: 12} | {hour: hour + 12 for hour in range(1, 12)} | {hour: hour for hour in range(13, 24)}
_MORNING: Final = {hour: hour for hour in range(4, 12)}
_NOON: Final = {11: 11, 12: 12, 1: 13, 2: 14, 13: 13, 14: 14}
_EVENING: Final = {hour: hour + 12 for hour in range(5, 12)} | {hour: hour for hour in range(17, 24)}
HALVES: Final[dict[str, dict[int, int]]] = {
    "上午": _AM, "凌晨": _AM, "am": _AM, "a.m.": _AM,
    "下午": _PM, "pm": _PM, "p.m.": _PM,
    "早上": _MORNING, "早晨": _MORNING, "清晨": _MORNING,
    "中午": _NOON,
    "傍晚": _EVENING, "晚上": _EVENING, "晚间": _EVENING, "晚": _EVENING,
}  # fmt: skip
"""The hours that each half of a day has, with the hour of 24 that is meant; any other hour contradicts it."""
_HALF: Final = "|".join(map(re.escape, HALVES))
_DATE: Final = r"(?P<year>\d{4})(?:-|/|\.|年\s*)(?P<month>\d{1,2})(?:-|/|\.|月\s*)(?P<day>\d{1,2})"
_WEEKDAYS: Final = "一二三四五六日"
_WEEKDAY: Final = r"(?:\s*(?:星期|周)(?P<weekday>[一二三四五六日天]))?"
_CLOCK: Final = (
    rf"(?:(?P<before>{_HALF})\s*)?(?P<hour>\d{{1,2}})"
    r"(?:(?::|时|点)(?P<minute>\d{1,2})(?:(?::|分)(?P<second>\d{1,2})(?:[.,](?P<fraction>\d+))?秒?|分)?|(?P<whole>时|点)(?P<half>半|整)?)?"
    r"(?:\s*(?P<after>[ap]\.?m\.?))?"
)
_OFFSET: Final = r"(?:\s*(?P<offset>Z|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?|UTC|GMT))?"
_LOOSE_DATE: Final = re.compile(rf"{_DATE}日?{_WEEKDAY}\Z", re.ASCII)
_LOOSE_TIME: Final = re.compile(
    rf"{_DATE}(?P<end>日)?{_WEEKDAY}(?P<gap>T|\s*){_CLOCK}{_OFFSET}\Z", re.ASCII | re.IGNORECASE
)
"""Year first, so that nothing can be mistaken: ``2018/5/3 9:40``, ``2018年5月3日 下午3:30``."""
_TIME_ALONE: Final = re.compile(rf"{_CLOCK}\Z", re.ASCII | re.IGNORECASE)
_COMPACT_DATE: Final = re.compile(r"(\d{4})(\d{2})(\d{2})\Z", re.ASCII)
_COMPACT: Final = re.compile(
    r"(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(?:(\d{2})(?:(\d{3})|\.(\d+))?)?\s*(Z|[+-]\d{2}:?\d{2})?\Z", re.ASCII
)
"""12, 14 or 17 digits (to the minute, second, millisecond); 13 or 16 are counted from 1970 and mean something else."""
_FURTHEST: Final = timedelta(hours=16)
"""No zone was ever as far from UTC."""
_LIKE: Final = "write it like 2018-05-03 09:40 or 2018年5月3日 9:40"
_FAULTS: Final = tuple(
    (re.compile(pattern, re.ASCII | re.IGNORECASE), wanted)
    for pattern, wanted in (
        (
            r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}(?!\d)",
            "a time with the year first, as in 2018-05-03 09:40: its day and month could be meant either way; "
            "a mapping can say which, as in format = '%d/%m/%Y %H:%M'",
        ),
        (
            r"\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}(?!\d)",
            f"a time with all four digits of the year; {_LIKE}, or say its format in a mapping ('%y-%m-%d %H:%M')",
        ),
        (r"\d{1,2}月\d{1,2}|\d{1,2}[-/]\d{1,2}(?![-/.\d])", f"a time with its year; {_LIKE}"),
        (rf"(?:{_HALF})?\s*\d{{1,2}}[:时点]", f"a time with its day; {_LIKE}"),
        (
            r"(?:\d{4}-\d{2}-\d{2}|\d{8})(?:Z|[+-]\d{2}:?\d{2})\Z",
            f"an instant: it is a bare date with an offset and has no time of day; {_LIKE}",
        ),
        (
            r"\d{10}(?:\.\d+)?\Z|\d{13}\Z|\d{16}\Z|\d{19}\Z",
            "a time that says its day; if it counts from 1970, say epoch = 's' (or 'ms', 'us', 'ns') in the mapping",
        ),
        (r"\d{4}-\d{3}(?!\d)", f"a time with month and day; {_LIKE}"),
        (r"\d{4}[-/.年]\d{1,2}[-/.月]\d{3,}:", f"a time with a space between day and time of day; {_LIKE}"),
        (
            r"\d{4}.*\d:\d{2}.*[A-Za-z]",
            "a time with an offset that is read; write an offset in place of a zone's name, as in "
            "2018-05-03 09:40+08:00, or none where the ledger's zone is meant",
        ),
    )
)  # fmt: skip
"""What is wrong with texts that are no time, in words that help; the first that fits is said."""


def moment_text(text: str) -> tuple[datetime | date, bool]:
    """Return what a text says, a moment (aware if it names an offset) or a bare date, and whether its minute is short.

    Args:
        text: without surrounding space, full-width characters made plain.

    Raises:
        InvalidTime: if it is neither; the nearest form that is read is named.
    """
    try:
        moment, short = _read(text)
    except ValueError:
        raise InvalidTime(text, f"a time that exists; {_LIKE}") from None
    offset = moment.utcoffset() if isinstance(moment, datetime) else None
    if offset is not None and abs(offset) >= _FURTHEST:
        raise InvalidTime(text, "a time with an offset that some zone has; none is 16 hours from UTC")
    return moment, short


def _read(text: str) -> tuple[datetime | date, bool]:
    moment = iso_datetime(text)
    if moment is not None:
        return moment, False
    found = _LOOSE_DATE.match(text)
    if found:
        return _day(found), False
    found = _COMPACT_DATE.match(text)
    if found:
        return date(*map(int, found.groups())), False
    found = _LOOSE_TIME.match(text)
    if found and any(found[name] for name in ("end", "weekday", "gap", "before")):  # 2018/5/113:40 is two times
        hour, minute, second, fraction = _clock(found, text)
        short = ":" in text and len(found["minute"] or "00") == 1
        return moment_of(_day(found), hour, minute, second, fraction, _offset(found["offset"])), short
    found = _COMPACT.match(text)
    if found:
        year, month, day, hour_text, minute_text, second_text, thousandths, fraction, offset = found.groups()
        civil = date(int(year), int(month), int(day))
        rest = thousandths or fraction or ""
        return moment_of(civil, int(hour_text), int(minute_text), int(second_text or 0), rest, offset), False
    raise InvalidTime(text, next((wanted for fault, wanted in _FAULTS if fault.match(text)), f"a time; {_LIKE}"))


def clock_text(text: str) -> str:
    """Return a time of day that stands alone as ``HH:MM:SS.ffffff``, as a date in front of it wants it.

    Raises:
        InvalidTime: if it is none.
    """
    digits = re.fullmatch(r"(\d{2})(\d{2})(\d{2})?", text, re.ASCII)
    text = ":".join(part for part in digits.groups() if part) if digits else text
    found = _TIME_ALONE.match(text)
    if found is None:
        raise InvalidTime(text, "a time of day, as in 09:40 or 下午3:30")
    hour, minute, second, fraction = _clock(found, text)
    return plain_clock(hour, minute, second, int(fraction[:6].ljust(6, "0")))


def plain_clock(hour: int, minute: int, second: int, micro: int) -> str:
    """Return a time of day as ISO writes it."""
    return f"{hour:02}:{minute:02}:{second:02}.{micro:06}"


def _day(found: re.Match[str]) -> date:
    day = date(int(found["year"]), int(found["month"]), int(found["day"]))
    said = found["weekday"]
    if said and _WEEKDAYS[day.weekday()] != said.replace("天", "日"):
        raise InvalidTime(found.string, f"a time whose day of the week fits: {day} is 星期{_WEEKDAYS[day.weekday()]}")
    return day


def _clock(found: re.Match[str], text: str) -> tuple[int, int, int, str]:
    """Return hour, minute, second and the digits of the fraction."""
    hour, minute = int(found["hour"]), found["minute"]
    words = [word.lower() for word in (found["before"], found["after"]) if word]
    if len(words) > 1 or (minute is None and not found["whole"] and not words):
        raise InvalidTime(text, f"a time with hour and minute; {_LIKE}")
    for word in words:
        name = f"{word[0]}m" if word[0] in "ap" else word
        if hour not in HALVES[name]:
            raise InvalidTime(text, f"a time that exists: {word} has no hour {hour}; write the hour from 0 to 23")
        hour = HALVES[name][hour]
    return hour, 30 if found["half"] == "半" else int(minute or 0), int(found["second"] or 0), found["fraction"] or ""


def _offset(text: str | None) -> str | None:
    """Return an offset as ISO writes it: ``UTC`` is Z, ``GMT+8`` is +08:00."""
    if text is None:
        return None
    rest = re.sub("UTC|GMT", "", text.upper())
    if rest in ("", "Z"):
        return "Z"
    sign, digits = rest[0], rest[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "00")
    return f"{sign}{hours.zfill(2)}{minutes}"
