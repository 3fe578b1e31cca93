"""Reading an instant or a date from a cell, however people write it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any, Final

import attrs

from windowservice.errors import InvalidTime, NaiveTime, TimeOutOfRange

__all__ = ["TimeForm", "TimeNotes", "date_reader", "instant_reader", "plain"]

_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2199
_DATE: Final = r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?"
_LOOSE_DATE: Final = re.compile(_DATE + r"\Z", re.ASCII)
_LOOSE_TIME: Final = re.compile(
    _DATE
    + r"(?:T|\s*)(\d{1,2})(?::|时|点)(\d{1,2})(?:(?::|分)(\d{1,2})(?:\.(\d{1,6}))?秒?|分)?\s*(Z|[+-]\d{2}:?\d{2})?\Z",
    re.ASCII,
)
"""Year first, so that nothing can be mistaken: ``2018/5/3 9:40``, ``2018年5月3日 9:40``."""
_COMPACT_DATE: Final = re.compile(r"(\d{4})(\d{2})(\d{2})\Z", re.ASCII)
_NUMBER: Final = re.compile(r"\d{1,6}(\.\d+)?\Z", re.ASCII)
_EXCEL_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a serial date has no zone of its own
_MILLISECOND: Final = timedelta(milliseconds=1)


@attrs.define
class TimeNotes:
    """Counts of odd local times, kept while a ledger is read.

    Attributes:
        ambiguous: local times that occur twice; the first was taken.
        skipped: local times that the clock skipped; read with the offset before the change.
    """

    ambiguous: int = 0
    skipped: int = 0


@attrs.frozen
class TimeForm:
    """How the times of one column are written.

    Attributes:
        zone: the zone of times that name none; None refuses them.
        formats: `strptime` patterns, tried in order; without any, ISO and year-first forms are read.
        shift: two zones (read_as, show_in) that undo a conversion made once too often: the wall clock is read in the
            first, the same instant is shown in the second, and that wall clock is then the local time.
        bare_date: what a bare date means where an instant is wanted: its "start", its "end" (24:00); None refuses it.
        serial: whether a number is an Excel serial date.
        midnight_is_date: whether a time at local midnight is a bare date, as where days are stored as times.
    """

    zone: tzinfo | None = None
    formats: tuple[str, ...] = ()
    shift: tuple[tzinfo, tzinfo] | None = None
    bare_date: str | None = None
    serial: bool = False
    midnight_is_date: bool = False


def plain(text: str) -> str:
    """Return the text without surrounding space, full-width characters made plain."""
    return (text if text.isascii() else unicodedata.normalize("NFKC", text)).strip()


def instant_reader(form: TimeForm, notes: TimeNotes) -> Callable[[Any], datetime]:
    """Return a function that reads a cell as an aware datetime.

    The function raises InvalidTime, NaiveTime or TimeOutOfRange.
    """

    def read(cell: object) -> datetime:
        value = _moment(cell, form)
        if form.midnight_is_date and isinstance(value, datetime):
            value = _date_at_midnight(value, form)
        if not isinstance(value, datetime):
            value = _from_date(value, form)
        if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
            raise _out_of_range(cell)
        return value if value.tzinfo is not None else _localised(value, form, notes)

    return read


def date_reader(form: TimeForm) -> Callable[[Any], date]:
    """Return a function that reads a cell as a civil date; a time of day other than midnight is refused."""

    def read(cell: object) -> date:
        value = _moment(cell, form)
        if isinstance(value, datetime):
            if (value.hour, value.minute, value.second, value.microsecond) != (0, 0, 0, 0):
                raise InvalidTime(cell, "a date, as in '2018-05-03'")
            value = value.date()
        if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
            raise _out_of_range(cell)
        return value

    return read


def _out_of_range(cell: object) -> TimeOutOfRange:
    return TimeOutOfRange(cell, f"{_FIRST_YEAR}-01-01", f"{_LAST_YEAR}-12-31")


def _moment(cell: object, form: TimeForm) -> datetime | date:
    """Return what the cell says: an aware or naive datetime, or a bare date."""
    if isinstance(cell, str):
        return _from_text(plain(cell), form)
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        if form.serial:
            return _from_serial(float(cell), cell)
        raise InvalidTime(cell, "a time; if the number is an Excel serial date, say excel_serial = true in the mapping")
    raise InvalidTime(cell)


def _from_text(text: str, form: TimeForm) -> datetime | date:
    if form.formats:
        return _by_format(text, form.formats)
    if len(text) > 10 or ":" in text:  # shorter ISO text is a date, which fromisoformat would make midnight of
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    try:
        return _by_pattern(text, form)
    except ValueError:
        raise InvalidTime(text, "a time that exists, as in '2018-05-03T09:40+08:00'") from None


def _by_pattern(text: str, form: TimeForm) -> datetime | date:
    found = _LOOSE_DATE.match(text) or _COMPACT_DATE.match(text)
    if found:
        return date(*map(int, found.groups()))
    found = _LOOSE_TIME.match(text)
    if found:
        year, month, day, hour, minute, second, fraction, offset = found.groups()
        micro = int((fraction or "").ljust(6, "0"))
        value = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0), micro)  # noqa: DTZ001
        return value if offset is None else value.replace(tzinfo=datetime.strptime(offset, "%z").tzinfo)
    if _NUMBER.match(text):
        if form.serial:
            return _from_serial(float(text), text)
        raise InvalidTime(text, "a time; if it is an Excel serial date, say excel_serial = true in the mapping")
    raise InvalidTime(text)


def _by_format(text: str, formats: tuple[str, ...]) -> datetime | date:
    for pattern in formats:
        try:
            value = datetime.strptime(text, pattern)  # noqa: DTZ007 - the zone of the column is applied after
        except ValueError:
            continue
        return value if _has_time(pattern) else value.date()
    raise InvalidTime(text, f"a time written as {' or '.join(map(repr, formats))}")


def _has_time(pattern: str) -> bool:
    return any(code in pattern for code in ("%H", "%I", "%X", "%c"))


def _from_serial(days: float, cell: object) -> datetime:
    """Return the moment of an Excel serial date, to the millisecond, which is all that Excel keeps."""
    if not 1 <= days < 109_939:  # 2200-01-01
        raise _out_of_range(cell)
    if 60 <= days < 61:
        raise InvalidTime(cell, "a day that exists: Excel's 60 is 29 February 1900")
    if days < 60:
        days += 1  # before that day, Excel's count is one behind
    return _EXCEL_EPOCH + round(days * 86_400_000) * _MILLISECOND


def _date_at_midnight(value: datetime, form: TimeForm) -> datetime | date:
    """Return the date if the time is midnight by the wall clock of the form's zone, else the time."""
    local = value if value.tzinfo is None or form.zone is None else value.astimezone(form.zone)
    return value if local.hour or local.minute or local.second or local.microsecond else local.date()


def _from_date(value: date, form: TimeForm) -> datetime:
    if form.bare_date is None:
        raise InvalidTime(
            value.isoformat(),
            "an instant: it is a bare date; give the time of day, or say date = 'start' or date = 'end' in the mapping",
        )
    moment = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - the zone is applied after
    if form.bare_date == "end":
        return moment + timedelta(days=1)
    return moment


def _localised(value: datetime, form: TimeForm, notes: TimeNotes) -> datetime:
    if form.shift is not None:
        read_as, show_in = form.shift
        value = value.replace(tzinfo=read_as).astimezone(show_in).replace(tzinfo=None)
    if form.zone is None:
        raise NaiveTime(value)
    first = value.replace(tzinfo=form.zone, fold=0)
    before = first.utcoffset()
    after = value.replace(tzinfo=form.zone, fold=1).utcoffset()
    if before != after and before is not None and after is not None:
        if before > after:
            notes.ambiguous += 1
        else:
            notes.skipped += 1
    return first
