"""The one door for time: aware datetimes and pendulum outside, integer microseconds UTC inside.

An instant inside the library is an ``int``: microseconds since 1970-01-01T00:00Z. It never passes through a float.
Everything that comes from outside enters by `to_us`, everything that leaves does so by `from_us`.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from windowservice.errors import InvalidTime, NaiveTime, TimeOutOfRange, UnknownZone

if TYPE_CHECKING:
    import pendulum

__all__ = [
    "DAY",
    "EARLIEST",
    "HOUR",
    "LATEST",
    "MINUTE",
    "SECOND",
    "as_of_us",
    "as_written",
    "datetime_us",
    "day_in_range",
    "from_us",
    "get_zone",
    "is_bare_date",
    "iso_datetime",
    "local_midnight",
    "moment_of",
    "shown_zone",
    "to_date",
    "to_us",
    "utc_datetime",
    "utc_offset_us",
    "within_day",
]

SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_ORDINAL: Final = _EPOCH.toordinal()
_ONE_DAY: Final = timedelta(days=1)

EARLIEST: Final = (date(1900, 1, 1).toordinal() - _EPOCH_ORDINAL) * DAY
"""The first instant that is taken in: 1900-01-01T00:00Z, in microseconds."""
LATEST: Final = (date(2200, 1, 1).toordinal() - _EPOCH_ORDINAL) * DAY
"""The first instant that is no longer taken in: 2200-01-01T00:00Z, in microseconds."""

_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2199
_DATE_ONLY: Final = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_CANONICAL: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ][0-2]\d:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:\d{2})?\Z", re.ASCII
)
_ISO: Final = re.compile(
    r"(?:(\d{4})(-?)(\d{2})\2(\d{2})|(\d{4})-?W(\d{2})-?([1-7]))"
    r"(?:[Tt]|\s+)(\d{2})(:?)(\d{2})(?:\9(\d{2})(?:[.,](\d+))?)?"
    r"\s*(Z|z|[+-]\d{2}(?::?\d{2}(?::?\d{2}(?:\.\d{1,6})?)?)?)?\Z",
    re.ASCII,
)
"""What ISO 8601 calls a date with a time of day, in full: Python's own reader takes any sign between the two, and so
makes another hour of ``20180503123456+0800`` and a time of day of the offset in ``2018-05-03+08:00``."""


_NO_PLACE: Final = ("right/", "posix/", "localtime", "posixrules", "Factory")
"""What the zone database holds beside zones: the machine's own zone, and copies that count leap seconds."""


def get_zone(name: str, where: str = "") -> tzinfo:
    """Return the time zone of an IANA name.

    Raises:
        UnknownZone: if there is no such zone, or it is that of the machine or one with leap seconds; the nearest name
            is offered.
    """
    if not isinstance(name, str) or name.startswith(_NO_PLACE):
        raise UnknownZone(name, where)
    try:
        return _zone(name)
    except (KeyError, ValueError, OSError):
        raise UnknownZone(name, where) from None


@functools.lru_cache(maxsize=256)
def _zone(name: str) -> tzinfo:
    return ZoneInfo(name)


def datetime_us(value: datetime) -> int:
    """Return the microseconds UTC of an aware datetime, exactly, without checking range or awareness."""
    # pendulum's own subtraction builds an Interval, twenty times slower
    delta = value - _EPOCH if type(value) is datetime else datetime.__sub__(value, _EPOCH)
    return (delta.days * 86_400 + delta.seconds) * SECOND + delta.microseconds


def to_us(value: datetime | str, *, zone: tzinfo | None = None, where: str = "") -> int:
    """Return the microseconds UTC of an instant.

    Args:
        value: an aware datetime (pendulum's too), or ISO text with an offset.
        zone: the zone of values that name none; without it they are refused. A local time that occurs twice means the
            first.
        where: the place of the value, for the message.

    Raises:
        NaiveTime: if neither the value nor `zone` names a zone.
        InvalidTime: if the value is no instant.
        TimeOutOfRange: before 1900 or from 2200 on.
    """
    if isinstance(value, str):
        value = _parse(value, where)
    elif not isinstance(value, datetime):
        raise InvalidTime(value, where=where)
    if value.utcoffset() is None:
        if zone is None:
            raise NaiveTime(value, where)
        value = value.replace(tzinfo=zone, fold=0)
    us = datetime_us(value)
    if not EARLIEST <= us < LATEST:
        raise TimeOutOfRange(value, "1900-01-01", "2199-12-31", where)
    return us


def _parse(text: str, where: str) -> datetime:
    text = text.strip()
    if _DATE_ONLY.match(text):
        raise InvalidTime(text, "an instant: it is a bare date; add the time of day and the offset", where)
    try:
        moment = iso_datetime(text)
    except ValueError:
        raise InvalidTime(text, "a time that exists, as in '2018-05-03T09:40+08:00'", where) from None
    if moment is None:
        raise InvalidTime(text, where=where)
    return moment


def iso_datetime(text: str) -> datetime | None:
    """Return the moment that a text in ISO 8601 says, aware if it names an offset; None if it is not written so.

    Date and time of day are there in full, with ``T`` or spaces between; 24:00 is midnight of the next day; what is
    below a microsecond is left out.

    Raises:
        ValueError: if there is no such moment.
    """
    if _CANONICAL.match(text) and text[11:13] != "24":
        return datetime.fromisoformat(text)
    found = _ISO.match(text)
    if found is None:
        return None
    year, _, month, day, iso_year, week, weekday, hour, _, minute, second, fraction, offset_text = found.groups()
    if year is None:
        civil = date.fromisocalendar(int(iso_year), int(week), int(weekday))
    else:
        civil = date(int(year), int(month), int(day))
    return moment_of(civil, int(hour), int(minute), int(second or 0), fraction or "", offset_text)


def moment_of(
    day: date, hour: int, minute: int, second: int = 0, fraction: str = "", offset: str | None = None
) -> datetime:
    """Return the moment of a day at a time of day; 24:00 is midnight of the next day.

    Args:
        day: the civil date.
        hour: from 0 to 24.
        minute: from 0 to 59.
        second: from 0 to 59.
        fraction: the digits behind the second; those after the sixth are left out.
        offset: an offset from UTC, as in ``+08:00``, or ``Z``; without it the moment is naive.

    Raises:
        ValueError: if there is no such moment.
    """
    micro = int(fraction[:6].ljust(6, "0"))
    zone = None if offset is None else _offset_zone(offset)
    if hour == 24:
        if minute or second or micro:
            raise ValueError("a day ends at 24:00")
        if day == date.max:
            raise ValueError("there is no day after it")
        following = day + _ONE_DAY
        return datetime(following.year, following.month, following.day, tzinfo=zone)
    return datetime(day.year, day.month, day.day, hour, minute, second, micro, tzinfo=zone)


def _offset_zone(text: str) -> tzinfo | None:
    return UTC if text in ("Z", "z") else datetime.strptime(text if len(text) > 3 else f"{text}00", "%z").tzinfo


def utc_datetime(us: int) -> datetime:
    """Return the instant as a plain datetime in UTC."""
    return _EPOCH + timedelta(microseconds=us)


def from_us(us: int, zone: tzinfo) -> pendulum.DateTime:
    """Return the instant as a pendulum DateTime in the zone."""
    shown = shown_zone(zone)
    local = (_EPOCH + timedelta(microseconds=us)).astimezone(shown)
    return _shown_class()(
        local.year,
        local.month,
        local.day,
        local.hour,
        local.minute,
        local.second,
        local.microsecond,
        tzinfo=shown,
        fold=local.fold,
    )


@functools.cache
def _shown_class() -> type[pendulum.DateTime]:
    import pendulum  # a fifth of what an engine loads, for whoever reads a time that is given out

    return pendulum.DateTime


@functools.lru_cache(maxsize=256)
def shown_zone(zone: tzinfo) -> tzinfo:
    """Return pendulum's own zone for another: what it adds to a time in a foreign zone loses the zone and shifts."""
    import pendulum

    if isinstance(zone, pendulum.Timezone):
        return zone
    if isinstance(zone, ZoneInfo) and zone.key:
        return pendulum.Timezone(zone.key)
    if isinstance(zone, timezone):
        seconds = zone.utcoffset(None).total_seconds()
        return pendulum.UTC if not seconds else pendulum.FixedTimezone(int(seconds)) if seconds.is_integer() else zone
    return zone


def to_date(value: date | str, where: str = "") -> date:
    """Return the civil date of a date or of ISO text such as ``"2018-05-03"``.

    Raises:
        InvalidTime: for a datetime (say which zone's date is meant) or anything else.
    """
    if isinstance(value, str) and _DATE_ONLY.match(value.strip()):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            raise InvalidTime(value, "a date, as in '2018-05-03'", where) from None
    if isinstance(value, date) and not isinstance(value, datetime):
        return date(value.year, value.month, value.day)
    raise InvalidTime(value, "a date, as in '2018-05-03'", where)


def local_midnight(day: date, zone: tzinfo) -> int:
    """Return the microseconds UTC at which the civil date begins in the zone."""
    return datetime_us(datetime(day.year, day.month, day.day, tzinfo=zone))


_AS_WRITTEN: Final = re.compile(
    r"(\d{4})\s*[-/.\u5e74]\s*(\d{1,2})\s*[-/.\u6708]\s*(\d{1,2})\s*\u65e5?(?:(?:T|\s+)\s*(\d{1,2})(:\d\d.*)|\s*)\Z",
    re.ASCII,
)
_COMPACT: Final = re.compile(r"(\d{4})(\d\d)(\d\d)()()\Z", re.ASCII)


def as_written(text: str) -> str:
    """Return a date, or a date and time, as people write it in ISO form: 2018/5/3, 2018-5-3, 2018.5.3 9:40, 20180503.

    What is written in no such way is returned as it is.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    found = _AS_WRITTEN.match(plain) or _COMPACT.match(plain)
    if found is None:
        return text.strip()
    year, month, day, hour, rest = found.groups()
    time = f"T{int(hour):02}{rest.strip()}" if hour else ""
    return f"{year}-{int(month):02}-{int(day):02}{time}"


_BY_A_CLOCK: Final = ("now", "now()", "today", "yesterday")
_NO_CLOCK: Final = (
    "an instant or a date: nothing here reads the clock, so that a report can be repeated; write datetime.now(UTC)"
)


def as_of_us(value: datetime | date | str, zone: tzinfo, where: str = "as_of", *, naive: tzinfo | None = None) -> int:
    """Return the microseconds UTC of an ``as_of``; a bare date means 24:00 of it in the zone.

    Args:
        value: an instant, a date, or text as `as_written` takes it.
        zone: the zone of bare dates.
        where: the place of the value, for the message.
        naive: the zone of times that name none; without it they are refused.

    Raises:
        NaiveTime, InvalidTime, TimeOutOfRange: as `to_us`.
    """
    if isinstance(value, str):
        if not _DATE_ONLY.match(value):  # nearly always it is a bare date
            value = as_written(value)
        if _DATE_ONLY.match(value):
            value = to_date(value, where)
        elif value.strip().lower() in _BY_A_CLOCK:
            raise InvalidTime(value, _NO_CLOCK, where)
    if not isinstance(value, datetime) and isinstance(value, date):
        day = day_in_range(value, where)
        following = date(day.year, day.month, day.day) + _ONE_DAY
        if following.year == _LAST_YEAR + 1:  # 24:00 of the last day lies outside as an instant
            raise TimeOutOfRange(day, "1900-01-01", f"{_LAST_YEAR}-12-30", where)
        return to_us(datetime(following.year, following.month, following.day, tzinfo=zone), where=where)
    return to_us(value, zone=naive, where=where)


def day_in_range(day: date, where: str = "") -> date:
    """Return a date of the years that the library computes with.

    Raises:
        TimeOutOfRange: for any other.
    """
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise TimeOutOfRange(day, f"{_FIRST_YEAR}-01-01", f"{_LAST_YEAR}-12-31", where)
    return day


def within_day(us: int, zone: tzinfo) -> int:
    """Return an instant that ends a date as the last one within it: days count from the date that ends at 24:00."""
    return us - 1 if us == local_midnight(from_us(us, zone).date(), zone) else us


def is_bare_date(value: object) -> bool:
    """Whether a value is a date without a time of day, as a date or as ISO text."""
    if isinstance(value, str):
        return bool(_DATE_ONLY.match(as_written(value)))
    return isinstance(value, date) and not isinstance(value, datetime)


def utc_offset_us(us: int, zone: tzinfo) -> int:
    """Return the zone's offset from UTC at an instant, in microseconds."""
    offset = (_EPOCH + timedelta(microseconds=us)).astimezone(zone).utcoffset()
    return 0 if offset is None else (offset.days * 86_400 + offset.seconds) * SECOND + offset.microseconds
