"""Opening hours as people write them: sessions, weeks, and weeks that change on a date.

A session is a pair of microseconds from 00:00 of the date that owns it, by the wall clock: ``"20:30(-1)-17:15"`` opens
on the evening before, ``"22:00-06:00(+1)"`` closes on the morning after.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeAlias

import attrs

from windowservice.errors import InvalidHours, nearest
from windowservice.instants import DAY, HOUR, MINUTE, SECOND, to_date
from windowservice.worktime.hours_spelling import WEEKDAYS, entries_of, plain_hours, weekday_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from windowservice.worktime.frame import Schedule

__all__ = ["WEEKDAYS", "Hours", "Week", "WeeklyText", "check_overlaps", "hours_text", "parse_hours", "parse_weekly"]

Hours: TypeAlias = tuple[tuple[int, int], ...]
"""The sessions of one date, in order."""
WeeklyText: TypeAlias = (
    str
    | Mapping[str, str]
    | Mapping[date, str]
    | Mapping[str, str | Mapping[str, str]]
    | Mapping[date, str | Mapping[str, str]]
)
"""Weekly hours as text (``"mon-fri 09:00-17:00; sat 09:00-12:00"``), by weekday, or either by the date they begin."""

_MOST: Final = 24
"""Sessions of one date: each is laid out for every date asked for, and more are a slip of the pen."""

FOR_EVER: Final = 1
"""The date from which weekly hours without a date hold, as an ordinal."""

_TIME: Final = r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\(([+-]1)\))?"
_SESSION: Final = re.compile(rf"{_TIME}[-–]{_TIME}", re.ASCII)


@attrs.frozen
class Week:
    """The weekly hours from a date on.

    Attributes:
        since: the first date they hold, as an ordinal; those of the first week of a calendar hold before it too.
        days: the hours of Monday to Sunday.
    """

    since: int
    days: tuple[Hours, ...]


def parse_hours(text: str, where: str = "") -> Hours:
    """Return the sessions of a date written as ``"08:30-11:30 13:30-17:00"``; ``"closed"`` or an empty text has none.

    Raises:
        InvalidHours: if the text is not of that form, or sessions overlap.
    """
    if not isinstance(text, str):
        raise InvalidHours(text, "it is no text", where)
    if odd := [char for char in text if unicodedata.category(char) == "No"]:
        raise InvalidHours(text, f"{odd[0]!r} is no plain digit", where)
    plain = plain_hours(text)
    if not plain:
        return ()
    sessions = sorted(_session(part, text, where) for part in plain.split())
    if len(sessions) > _MOST:
        raise InvalidHours(text, f"a date has at most {_MOST} sessions, these are {len(sessions)}", where)
    for (_, close), (opening, _) in pairwise(sessions):
        if opening < close:
            raise InvalidHours(text, "two sessions overlap", where)
    return tuple(sessions)


def _session(part: str, text: str, where: str) -> tuple[int, int]:
    match = _SESSION.fullmatch(part)
    if match is None:
        raise InvalidHours(text, f"{part!r} is no session", where)
    groups = match.groups()
    opening, close = _time(groups[:4], part, where), _time(groups[4:], part, where)
    if groups[0] == "24":
        raise InvalidHours(text, f"{part!r} opens at 24:00; write 00:00 of the next date", where)
    if close < opening and groups[7] is None:
        close += DAY
    if close <= opening:
        raise InvalidHours(text, f"{part!r} does not close after it opens; for a whole day write 00:00-24:00", where)
    if close - opening > DAY:
        raise InvalidHours(text, f"{part!r} is longer than 24 hours; write one session a date", where)
    return opening, close


def _time(groups: tuple[str | None, ...], part: str, where: str) -> int:
    hours, minutes, seconds = (int(group or 0) for group in groups[:3])
    if minutes > 59 or seconds > 59 or hours * 3600 + minutes * 60 + seconds > 86_400:
        raise InvalidHours(part, "there is no such time of day", where)
    return hours * HOUR + minutes * MINUTE + seconds * SECOND + int(groups[3] or 0) * DAY


def hours_text(hours: Hours) -> str:
    """Return the text of the sessions, as `parse_hours` reads it."""
    return " ".join(f"{_time_text(opening)}-{_time_text(close, closing=True)}" for opening, close in hours) or "closed"


def _time_text(us: int, *, closing: bool = False) -> str:
    day, rest = divmod(us, DAY)
    if closing and rest == 0:
        day, rest = day - 1, DAY
    minutes, seconds = divmod(rest // SECOND, 60)
    text = f"{minutes // 60:02d}:{minutes % 60:02d}" + (f":{seconds:02d}" if seconds else "")
    return f"{text}({day:+d})" if day else text


def parse_weekly(value: WeeklyText | tuple[Week, ...], where: str = "weekly") -> tuple[Week, ...]:
    """Return the weekly hours, in the order of the dates from which they hold.

    Args:
        value: text, or a mapping of weekdays (``"mon-thu"``) to hours; or a mapping of the dates from which hours hold
            (``"2018-05-02"``) to one of these.
        where: the place of the value, for messages.

    Raises:
        InvalidHours, InvalidTime: if something is not of that form, names a weekday twice or overlaps.
    """
    if isinstance(value, tuple):  # parsed before
        return value
    if isinstance(value, Mapping) and any(str(key)[:1].isdigit() for key in value):
        by_date = {to_date(key, where): days for key, days in value.items()}
        return tuple(Week(day.toordinal(), _week(by_date[day], f"{where}.{day}")) for day in sorted(by_date))
    return (Week(FOR_EVER, _week(value, where)),)


_FIRST: Final = "; name the weekdays first, as in 'mon-fri 09:00-17:00' (holidays and days off are the calendar's own)"


def _week(value: object, where: str) -> tuple[Hours, ...]:
    entries: list[tuple[str, str]]
    if isinstance(value, str):
        entries = entries_of(value)
    elif isinstance(value, Mapping):
        entries = list(value.items())
    else:
        raise InvalidHours(value, "weekly hours are text or a mapping of weekdays", where)
    week: dict[int, Hours] = {}
    for days, text in entries:
        if days == "":
            raise InvalidHours(value, f"it names no weekday; name the weekdays first, as in 'mon-fri {text}'", where)
        for weekday in _weekdays(days, where):
            if weekday in week:
                raise InvalidHours(days, f"{WEEKDAYS[weekday]} is given twice", where)
            week[weekday] = parse_hours(text, f"{where}.{days}")
    return tuple(week.get(weekday, ()) for weekday in range(7))


def _weekdays(text: str, where: str) -> list[int]:
    """Return the weekdays of ``"mon-thu"`` or ``"sat,sun"``."""
    found: list[int] = []
    named = entries_of(str(text)) or [("", "")]
    if len(named) > 1 or named[0][1]:
        raise InvalidHours(text, "weekdays alone are wanted here, as in 'mon-fri'", where)
    for part in named[0][0].split(","):
        first, dash, last = part.partition("-")
        ends = [weekday_of(word) for word in ((first, last) if dash else (first,))]
        for word, end in zip((first, last), ends, strict=False):
            if end is None:
                hint = nearest(word, WEEKDAYS) or _FIRST
                raise InvalidHours(text, f"{word!r} is no weekday{hint}", where)
        start, stop = ends[0] or 0, ends[-1] or 0
        found += [(start + step) % 7 for step in range((stop - start) % 7 + 1)]
    return found


def check_overlaps(schedule: Schedule, days: Iterable[int], where: str) -> None:
    """Refuse a schedule in which a session of one of the days overlaps a session of another date.

    Raises:
        InvalidHours: naming both dates and their hours.
    """
    checked = sorted({day + step for day in days for step in range(-2, 3)})
    last_close, last_day = -(1 << 62), 0
    for day in checked:
        hours = schedule(day)
        if not hours:
            continue
        if day * DAY + hours[0][0] < last_close:
            raise InvalidHours(
                hours_text(hours),
                f"on {date.fromordinal(day)} they overlap those of {date.fromordinal(last_day)}, "
                f"{hours_text(schedule(last_day))}",
                where,
            )
        last_close, last_day = day * DAY + hours[-1][1], day
