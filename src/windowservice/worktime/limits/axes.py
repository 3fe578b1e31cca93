"""What limits are measured along: open time, real time, workdays, civil dates.

An axis has reached a due instant. A stop that begins before it may push it: by its open part, in full, or by the days
it touches. All in integers: instants are microseconds UTC, days are ordinals.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Final, NamedTuple

from windowservice.errors import InvalidValue
from windowservice.instants import DAY
from windowservice.worktime.frame import EPOCH_ORDINAL
from windowservice.worktime.limits.words import Kind, Worded
from windowservice.worktime.offsets import civil_days_on, missing_days
from windowservice.worktime.table import Table

__all__ = ["AXES", "Axis", "Start", "add_months", "end_of_date", "end_of_workday", "wall_clock"]


class Start(NamedTuple):
    """From where a limit is counted.

    Attributes:
        us: the instant.
        day: the day of the start; it may be another calendar's business date.
        booked_until: the end of the booked slot with its grace, for limits that need it.
    """

    us: int
    day: int
    booked_until: int | None = None


# --- the axes -------------------------------------------------------------------------------------------------------


class _OpenTime:
    """An axis of open time: a stop pushes by its open part."""

    __slots__ = ("_target", "due", "table")

    def __init__(self, limit: Worded, start: Start, table: Table, extra: int) -> None:
        self.table = table
        self._target = table.open_before(start.us) + limit.amount + extra
        self.due = table.instant_at(self._target)

    @property
    def last_day(self) -> int:
        return self.table.date_of(self.due - 1)

    def push(self, begin: int, end: int) -> None:
        open_part = self.table.open_before(end) - self.table.open_before(begin)
        if open_part:
            self._target += open_part
            self.due = self.table.instant_at(self._target)


class _RealTime:
    """An axis of real time: a stop pushes in full."""

    __slots__ = ("due", "table")

    def __init__(self, limit: Worded, start: Start, table: Table, extra: int) -> None:
        self.table = table
        self.due = start.us + limit.amount + extra

    @property
    def last_day(self) -> int:
        return self.table.date_of(self.due - 1)

    def push(self, begin: int, end: int) -> None:
        self.due += end - begin


class _Workdays:
    """An axis of workdays: a stop pushes by the workdays it touches.

    It touches a day if it overlaps open time of that day's own sessions; of the last day only what lies before the due.
    """

    __slots__ = ("_clock", "_first", "_index", "_pieces", "_same_time", "_touched", "due", "last_day", "table")

    def __init__(self, limit: Worded, start: Start, table: Table, extra: int) -> None:
        self.table = table
        self._clock = limit.at
        self._same_time = limit.same_time
        if limit.same_time:
            moved = table.next_open(start.us)
            self._clock = wall_clock(moved, table)
            start = start if moved == start.us else Start(moved, max(start.day, table.date_of(moved)))
        self._first = table.workdays_before(start.day + 1)
        if limit.kind is Kind.SAME_WORKING_DAY and table.is_workday(start.day) and start.us < self._end_of(start.day):
            self._first -= 1
        self._index = self._first + (limit.amount or 1) + extra - 1
        self._touched: set[int] = set()
        self._pieces: list[tuple[int, int]] = []
        self.last_day = table.nth_workday(self._index)
        self.due = self._end_of(self.last_day)

    def push(self, begin: int, end: int) -> None:
        table = self.table
        self._pieces.append((begin, end))
        # a session reaches at most into the dates beside its own
        low = max(table.workdays_before(table.date_of(begin) - 1), self._first)
        high = min(table.workdays_before(table.date_of(end - 1) + 2), self._index + 1)
        missing = 0
        for index in range(low, high):
            ends_limit = index == self._index and not missing  # still the last day, unless one before it is touched
            until = min(end, self.due) if ends_limit else end
            if index not in self._touched and _overlap(table.pieces(table.nth_workday(index)), begin, until):
                self._touched.add(index)
                missing += 1
        if missing:
            self._go_on(missing)

    def _go_on(self, missing: int) -> None:
        """Go on by as many untouched workdays as are missing."""
        while missing:
            self._index += 1
            day = self.table.nth_workday(self._index)
            sessions = self.table.pieces(day)
            until = self._end_of(day) if missing == 1 else sessions[-1][1]
            for begin, end in self._pieces:
                if _overlap(sessions, begin, min(end, until)):
                    self._touched.add(self._index)
                    break
            else:
                missing -= 1
        self.last_day = day
        self.due = self._end_of(day)

    def _end_of(self, day: int) -> int:
        return end_of_workday(day, self._clock, self.table, keep=self._same_time)


def _overlap(sessions: tuple[tuple[int, int], ...], begin: int, end: int) -> bool:
    for opening, close in sessions:  # noqa: SIM110 half the time of any() over a generator
        if begin < close and opening < end:
            return True
    return False


class _CivilDays:
    """An axis of civil dates: a stop pushes by the dates it overlaps; a last day that rolls skips those too."""

    __slots__ = ("_last", "_missing", "_roll", "_seen", "due", "last_day", "table")

    def __init__(self, limit: Worded, start: Start, table: Table, extra: int) -> None:
        self.table = table
        self._roll = limit.roll
        count = limit.amount + extra
        self._missing = missing_days(table.zone)
        months = limit.kind is Kind.MONTHS
        self._last = add_months(start.day, count) if months else civil_days_on(start.day, count, self._missing)
        self._seen = start.day + 1
        self._end_on(self._last)

    def push(self, begin: int, end: int) -> None:
        low, high = max(self.table.date_of(begin), self._seen), self.table.date_of(end - 1)
        if low > high:
            return
        self._seen = high + 1
        if low <= self._last:
            overlapped = high - low + 1 - sum(low <= day <= high for day in self._missing)
            self._last = civil_days_on(self._last, overlapped, self._missing)
            self._end_on(self._last)
        elif low <= self.last_day <= high:
            self._end_on(high + 1)  # it was a rest day that moved on, and the day it moved to is touched

    def _end_on(self, day: int) -> None:
        table = self.table
        if self._roll:
            day = table.nth_workday(table.workdays_before(day))
        self.last_day = day
        self.due = end_of_date(day, table)


class _Fixed:
    """No axis: a booked slot or an agreed due is not moved by stops."""

    __slots__ = ("due", "table")

    def __init__(self, limit: Worded, start: Start, table: Table, extra: int) -> None:
        del extra
        if start.booked_until is None:
            raise InvalidValue("slot_end", None, f"given: the limit '{limit}' ends with the booked slot")
        self.table = table
        self.due = start.booked_until

    @property
    def last_day(self) -> int:
        return self.table.date_of(self.due - 1)

    def push(self, begin: int, end: int) -> None:
        """Leave the due where it is."""


Axis = _OpenTime | _RealTime | _Workdays | _CivilDays | _Fixed
AXES: Final[dict[Kind, type[Axis]]] = {
    Kind.WORKING_TIME: _OpenTime,
    Kind.WORKING_DAYS: _Workdays,
    Kind.SAME_WORKING_DAY: _Workdays,
    Kind.CALENDAR_DAYS: _CivilDays,
    Kind.MONTHS: _CivilDays,
    Kind.ELAPSED: _RealTime,
    Kind.BOOKED: _Fixed,
}


# --- ends of days ---------------------------------------------------------------------------------------------------


def end_of_workday(day: int, clock: int | None, table: Table, *, keep: bool = False) -> int:
    """Return when a workday ends: at its last close, or at a time of day.

    A time later than the last close means the close; a time before which nothing is open means the close too, since a
    limit cannot end before its last day began; with `keep` it means the first opening instead.
    """
    close = table.last_close_of(day)
    if clock is None:
        return close
    end = at_wall_clock(day, clock, table)
    opening = table.first_open(day)
    if end <= opening:
        return opening if keep else close
    return min(end, close)


def end_of_date(day: int, table: Table) -> int:
    """Return when a civil date ends: at its last close, or at 24:00 if it owns no open time."""
    pieces = table.pieces(day)
    return pieces[-1][1] if pieces else table.midnight(day + 1)


def at_wall_clock(day: int, clock: int, table: Table) -> int:
    """Return the first instant at which the wall clock shows a time of day, or the first one beyond a skipped hour."""
    wall = (day - EPOCH_ORDINAL) * DAY + clock
    offsets = table.reaching(wall).offsets
    offset = offsets.of_wall(wall)
    if offsets.at(wall - offset) == offset:
        return wall - offset
    return offsets.first_at_or_after(wall)


def wall_clock(us: int, table: Table) -> int:
    """Return what the wall clock shows at an instant, in microseconds after 00:00."""
    return (us + table.reaching(us).offsets.at(us)) % DAY


def add_months(day: int, months: int) -> int:
    """Return the same day of the month some months on, or the last day of a shorter month."""
    start = date.fromordinal(day)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1])).toordinal()
