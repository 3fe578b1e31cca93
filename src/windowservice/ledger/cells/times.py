"""Reading an instant or a date from a cell, however people write it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final

import attrs

from windowservice.domain.codes import plain
from windowservice.errors import InvalidTime, NaiveTime, TimeOutOfRange
from windowservice.instants import EARLIEST, LATEST, datetime_us
from windowservice.ledger.cells.time_formats import SWAPPED, TimePattern
from windowservice.ledger.cells.time_texts import SHORT_MINUTE, clock_text, moment_text, plain_clock

__all__ = [
    "EPOCHS",
    "DayAndTime",
    "TimeForm",
    "TimeNotes",
    "date_reader",
    "instant_reader",
    "is_steady",
    "usual_reader",
]

_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2199
_NUMBER: Final = re.compile(r"\d{1,6}(\.\d+)?\Z", re.ASCII)
_USUAL: Final = re.compile(
    r"\d{4}-\d\d-\d\d[ T](?:[01]\d|2[0-3]):\d\d(?::\d\d)?(?:Z|[+-](?:0\d|1[0-5]):[0-5]\d)?\Z", re.ASCII
)
_EXCEL_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a serial date has no zone of its own
_DAYS_TO_1904: Final = 1462
_MILLISECOND: Final = timedelta(milliseconds=1)
_DAY: Final = timedelta(days=1)
_UNIX_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
EPOCHS: Final = {"s": Decimal(10**6), "ms": Decimal(10**3), "us": Decimal(1), "ns": Decimal("0.001")}
"""The units in which times are counted from 1970, in microseconds."""
_OTHER_MIDNIGHT: Final = "dates written as midnight of another zone (its date was taken)"


@attrs.frozen
class DayAndTime:
    """A day and a time of day that stand in two columns."""

    day: Any
    time: Any

    def __str__(self) -> str:
        return f"{self.day} + {self.time}"


@attrs.define
class TimeNotes:
    """Counts of odd times, kept while a ledger is read.

    Attributes:
        ambiguous: local times that occur twice; the first was taken.
        skipped: local times that the clock skipped; read with the offset before the change.
        otherwise: cells that could be meant otherwise than they were read, by place and what is said of them.
    """

    ambiguous: int = 0
    skipped: int = 0
    otherwise: Counter[tuple[str, str]] = attrs.field(factory=Counter, kw_only=True)

    @property
    def counted(self) -> int:
        """How many odd cells were counted so far."""
        return self.ambiguous + self.skipped + self.otherwise.total()


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
        keeps_date: whether a bare date is given as the date that it is, where only the day may be known.
        midnight_is_date: whether a time at local midnight is a bare date, as where days are stored as times.
        epoch: the unit in which numbers count from 1970-01-01T00:00Z, one of `EPOCHS`; "" if they do not.
        from_1904: whether serial dates count from 1904, as in old workbooks of Macs.
        place: the file and column, for the report.
    """

    zone: tzinfo | None = None
    formats: tuple[str, ...] = ()
    shift: tuple[tzinfo, tzinfo] | None = None
    bare_date: str | None = None
    serial: bool = False
    keeps_date: bool = False
    midnight_is_date: bool = False
    epoch: str = ""
    from_1904: bool = False
    place: str = ""
    patterns: tuple[TimePattern, ...] = attrs.field(init=False)

    @patterns.default
    def _patterns(self) -> tuple[TimePattern, ...]:
        return tuple(map(TimePattern.of, self.formats))


def instant_reader(form: TimeForm, notes: TimeNotes) -> Callable[[Any], Any]:
    """Return a function that reads a cell as an aware datetime, or as a date where the form keeps bare dates.

    The function raises InvalidTime, NaiveTime or TimeOutOfRange.
    """

    def read(cell: object) -> datetime | date:
        value = _moment(cell, form, notes)
        if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
            raise _out_of_range(cell)
        if form.midnight_is_date and isinstance(value, datetime):
            value = _date_at_midnight(value, form)
        if not isinstance(value, datetime):
            if form.keeps_date:
                return value
            value = _from_date(value, form)
        found = value if value.tzinfo is not None else _localised(value, form, notes)
        near_edge = not _FIRST_YEAR < value.year < _LAST_YEAR  # elsewhere no offset leads out of the range
        if near_edge and not EARLIEST <= datetime_us(found) < LATEST:
            raise _out_of_range(cell)
        return found

    return read


def usual_reader(form: TimeForm) -> Callable[[str], datetime | None] | None:
    """Return a quick function for the texts that most columns of times hold; None if the form means others.

    It reads a date and a time of day as ISO writes them, with an offset or on a day on which clocks are not changed,
    and says None of all else. What it reads it reads as `instant_reader` does.
    """
    zone = form.zone
    if form.formats or form.epoch or form.shift or form.midnight_is_date:
        return None

    def read(text: str) -> datetime | None:
        if not _USUAL.match(text):
            return None
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return None
        if moment.tzinfo is not None:
            return moment if _FIRST_YEAR < moment.year < _LAST_YEAR else None
        return moment.replace(tzinfo=zone) if zone is not None and is_steady(text[:10], zone) else None

    return read


@lru_cache(maxsize=8_192)
def is_steady(day: str, zone: tzinfo) -> bool:
    """Whether a civil day, not at the edges of the years that are read, has one offset from its begin to its end."""
    begin = datetime.fromisoformat(day).replace(tzinfo=zone)
    if not _FIRST_YEAR < begin.year < _LAST_YEAR:
        return False
    moments = (begin, begin + _DAY / 2, begin + _DAY)
    return len({moment.replace(fold=fold).utcoffset() for moment in moments for fold in (0, 1)}) == 1


def date_reader(form: TimeForm, notes: TimeNotes | None = None) -> Callable[[Any], date]:
    """Return a function that reads a cell as a civil date; a time of day other than midnight is refused."""
    told = TimeNotes() if notes is None else notes

    def read(cell: object) -> date:
        value = _moment(cell, form, told)
        if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
            raise _out_of_range(cell)
        return _date_of(value, cell, form, told) if isinstance(value, datetime) else value

    return read


def _date_of(value: datetime, cell: object, form: TimeForm, notes: TimeNotes) -> date:
    """Return the date whose midnight a time is, by the zone of the ledger or else by its own."""
    local = value if value.tzinfo is None or form.zone is None else value.astimezone(form.zone)
    if _is_midnight(local):
        return local.date()
    if not _is_midnight(value):
        raise InvalidTime(cell, "a date, as in '2018-05-03'")
    notes.otherwise[form.place, _OTHER_MIDNIGHT] += 1
    return value.date()


def _is_midnight(value: datetime) -> bool:
    return not (value.hour or value.minute or value.second or value.microsecond)


def _out_of_range(cell: object) -> TimeOutOfRange:
    return TimeOutOfRange(cell, f"{_FIRST_YEAR}-01-01", f"{_LAST_YEAR}-12-31")


def _moment(cell: object, form: TimeForm, notes: TimeNotes) -> datetime | date:
    """Return what the cell says: an aware or naive datetime, or a bare date."""
    if isinstance(cell, str):
        return _from_text(plain(cell), form, notes)
    if isinstance(cell, date):  # a datetime is one
        return cell
    if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        return _from_number(cell, form, notes)
    if isinstance(cell, DayAndTime):
        return _joined(cell, form, notes)
    raise InvalidTime(cell)


def _from_text(text: str, form: TimeForm, notes: TimeNotes) -> datetime | date:
    if form.formats:
        return _by_format(text, form, notes)
    if form.epoch:
        return _from_epoch(text, form)
    if _NUMBER.match(text):
        if form.serial:
            return _from_serial(float(text), text, form)
        raise InvalidTime(text, "a time; if it is an Excel serial date, say excel_serial = true in the mapping")
    moment, short = moment_text(text)
    if short:
        notes.otherwise[form.place, SHORT_MINUTE] += 1
    return moment


def _by_format(text: str, form: TimeForm, notes: TimeNotes) -> datetime | date:
    read = [(pattern, found) for pattern in form.patterns if (found := pattern.read(text)) is not None]
    if not read:
        raise InvalidTime(text, f"a time written as {' or '.join(map(repr, form.formats))}")
    pattern, moment = read[0]
    said = [what for what, holds in pattern.notes if holds(moment)]
    if any(other != moment for _, other in read[1:]) and SWAPPED not in said:
        said.append("times that several formats read differently (the first was taken)")
    for what in said:
        notes.otherwise[form.place, what] += 1
    return pattern.said(moment)


def _from_number(cell: float | Decimal, form: TimeForm, notes: TimeNotes) -> datetime | date:
    if isinstance(cell, int) and cell.bit_length() > 200:
        raise _out_of_range("a number of over sixty digits")
    whole = _whole(cell)
    if form.formats and whole is not None and whole >= 0:
        widths = {pattern.width for pattern in form.patterns if pattern.width}
        for width in sorted(widths or {0}):
            text = str(whole).zfill(width)
            if any(pattern.read(text) is not None for pattern in form.patterns):
                return _by_format(text, form, notes)
        if not form.serial:
            return _by_format(str(whole), form, notes)
    if form.epoch:
        return _from_epoch(str(cell), form)
    if form.serial:
        return _from_serial(float(cell), cell, form)
    raise InvalidTime(
        cell,
        "a time; if the number is an Excel serial date, say excel_serial = true in the mapping; if its digits are a "
        "day and time of day, format = '%Y%m%d%H%M%S'; if it counts from 1970, epoch = 's' (or 'ms', 'us', 'ns')",
    )


def _whole(cell: float | Decimal) -> int | None:
    """Return a whole number as an int; None if it is not whole, or too long for the float that it is."""
    if isinstance(cell, int):
        return int(cell)
    if isinstance(cell, Decimal):
        return (
            int(cell) if cell.is_finite() and abs(cell.adjusted()) < 30 and cell == cell.to_integral_value() else None
        )
    return int(cell) if abs(cell) < 2**53 and float(cell).is_integer() else None


def _from_epoch(text: str, form: TimeForm) -> datetime:
    wanted = f"a number that counts from 1970 (epoch = {form.epoch!r})"
    try:
        count = Decimal(text)
    except InvalidOperation:
        raise InvalidTime(text, wanted) from None
    if "_" in text or not count.is_finite():
        raise InvalidTime(text, wanted)
    if abs(count) >= 10**20:
        raise _out_of_range(text)
    us = int(count * EPOCHS[form.epoch] // 1)
    if not EARLIEST <= us < LATEST:
        raise _out_of_range(text)
    return _UNIX_EPOCH + timedelta(microseconds=us)


def _from_serial(days: float, cell: object, form: TimeForm) -> datetime:
    """Return the moment of an Excel serial date, to the millisecond, which is all that Excel keeps."""
    if form.from_1904:
        days += _DAYS_TO_1904
    if not 1 <= days < 109_939:  # 2200-01-01
        raise _out_of_range(cell)
    if 60 <= days < 61:
        raise InvalidTime(cell, "a day that exists: Excel's 60 is 29 February 1900")
    if days < 60:
        days += 1  # before that day, Excel's count is one behind
    return _EXCEL_EPOCH + round(days * 86_400_000) * _MILLISECOND


def _joined(cell: DayAndTime, form: TimeForm, notes: TimeNotes) -> datetime | date:
    """Return the moment of a day and a time of day that stand in two columns."""
    if form.formats:
        return _by_format(" ".join(_as_written(part) for part in (cell.day, cell.time)), form, notes)
    day = _moment(cell.day, form, notes)
    if isinstance(day, datetime):
        if day.tzinfo is not None or not _is_midnight(day):
            raise InvalidTime(str(cell), "a day with a time of day: the first column holds a time of day itself")
        day = day.date()
    clock = _clock_of(cell.time, form)
    return day if clock is None else moment_text(f"{day.isoformat()} {clock}")[0]


def _as_written(part: object) -> str:
    whole = _whole(part) if isinstance(part, float | Decimal) else None
    return plain("" if part is None else str(part if whole is None else whole))


def _clock_of(part: object, form: TimeForm) -> str | None:
    """Return a time of day as text; None if the cell says nothing."""
    if part is None or part != part or (isinstance(part, str) and not part.strip()):  # noqa: PLR0124 - NaN
        return None
    if isinstance(part, str):
        if form.serial and re.fullmatch(r"0?\.\d+", part.strip()):
            return _clock_of(float(part), form)
        return clock_text(plain(part))
    if isinstance(part, datetime) and (part.year, part.tzinfo) in ((1899, None), (1900, None), (1904, None)):
        part = part.time()  # a workbook's time of day without a day
    if isinstance(part, time) and part.tzinfo is None:
        return part.isoformat("microseconds")
    if isinstance(part, float) and form.serial and 0 <= part < 1:
        part = round(part * 86_400_000) * _MILLISECOND
    elif isinstance(part, int) and not isinstance(part, bool) and form.serial and part == 0:
        part = timedelta(0)
    if isinstance(part, timedelta) and timedelta(0) <= part <= _DAY:
        minutes, rest = divmod(part, timedelta(minutes=1))
        return plain_clock(*divmod(minutes, 60), rest.seconds, rest.microseconds)
    raise InvalidTime(part, "a time of day, as in 09:40")


def _date_at_midnight(value: datetime, form: TimeForm) -> datetime | date:
    """Return the date if the time is midnight by the wall clock of the form's zone, else the time."""
    local = value if value.tzinfo is None or form.zone is None else value.astimezone(form.zone)
    return local.date() if _is_midnight(local) else value


def _from_date(value: date, form: TimeForm) -> datetime:
    if form.bare_date is None:
        raise InvalidTime(
            value.isoformat(),
            "an instant: it is a bare date; give the time of day, or say date = 'start' or date = 'end' in the mapping",
        )
    moment = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - the zone is applied after
    return moment + _DAY if form.bare_date == "end" else moment


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
