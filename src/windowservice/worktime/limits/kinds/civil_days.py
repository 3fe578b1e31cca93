"""Calendar days and months: limits to the end of a civil date.

A stop pushes them by the dates it overlaps; a last day that rolls skips those too.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from windowservice.worktime.limits.kinds.kind import (
    NUMBER,
    Counted,
    Start,
    Unit,
    Worded,
)
from windowservice.worktime.offsets import civil_days_on

if TYPE_CHECKING:
    from windowservice.worktime.clock.replay import Clock
    from windowservice.worktime.table import Table

__all__ = ["CalendarDays", "CivilDays", "Months", "add_months"]


class CivilDays(Counted):
    """Kinds that end with a civil date; `on` says with which."""

    __slots__ = ("_last", "_last_day", "_missing", "_roll", "_seen")
    takes_roll = True
    by_day = True
    by_date = True

    @staticmethod
    def on(day: int, count: int, missing: tuple[int, ...]) -> int:
        """Return the date by number after a day, or before it if negative; dates in `missing` the zone skipped."""
        raise NotImplementedError

    def __init__(self, limit: Worded, start: Start, table: Table, extra: int) -> None:
        self.table = table
        self._roll = limit.roll
        self._missing = table.missing
        self._last = self.on(start.day, limit.amount + extra, self._missing)
        self._seen = start.day + 1
        self._end_on(self._last)

    def last_day(self) -> int:
        return self._last_day

    def push(self, begin: int, end: int) -> None:
        low, high = max(self.table.date_of(begin), self._seen), self.table.date_of(end - 1)
        if low > high:
            return
        self._seen = high + 1
        if low <= self._last:
            overlapped = high - low + 1 - sum(low <= day <= high for day in self._missing)
            self._last = civil_days_on(self._last, overlapped, self._missing)
            self._end_on(self._last)
        elif low <= self._last_day <= high:
            self._end_on(high + 1)  # it was a rest day that moved on, and the day it moved to is touched

    def _end_on(self, day: int) -> None:
        self._last_day: int
        self.due, self._last_day = _ending(day, self.table, roll=self._roll)

    @classmethod
    def ends(cls, limit: Worded, day: int, table: Table) -> tuple[int, int]:
        return _ending(cls.on(day, limit.amount, table.missing), table, roll=limit.roll)

    @classmethod
    def back(cls, limit: Worded, amount: int, start: Start, table: Table) -> tuple[int, int | None]:
        day = cls.on(start.day, -amount, table.missing)
        if limit.roll:  # to the workday before, so that the notice is never too short
            day = table.nth_workday(table.workdays_before(day + 1) - 1)
        return table.end_of_date(day), day

    @classmethod
    def used(cls, limit: Worded, clock: Clock, now: int, table: Table) -> tuple[Unit, int, int]:
        today = max(table.date_of(now), clock.start_day)
        return "days", today - clock.start_day - _dates_stopped(clock, today, table), max(0, clock.last_day - today)


class CalendarDays(CivilDays):
    """Civil dates after the day of the start."""

    __slots__ = ()
    name = "calendar days"
    forms = (
        rf"{NUMBER} (?P<plain>calendar )?days?(?P<fixed> without roll)?",
        rf"{NUMBER}(?:(?P<plain>个?自然日|个?日历日)|天)(?P<fixed>不顺延)?",
    )
    examples = ("{} calendar days", "{}个自然日")
    one, many, chinese = "calendar day", "days", "个自然日"
    whole_days = True
    on = staticmethod(civil_days_on)


class Months(CivilDays):
    """The same day of the month, or the last day of a shorter one."""

    __slots__ = ()
    name = "months"
    forms = (rf"{NUMBER} months?(?P<fixed> without roll)?", rf"{NUMBER}个月(?P<fixed>不顺延)?")
    examples = ("{} months", "{}个月")
    one, many, chinese = "month", "months", "个月"
    largest: ClassVar[int] = 1_200

    @staticmethod
    def on(day: int, count: int, missing: tuple[int, ...]) -> int:
        return add_months(day, count)


def add_months(day: int, months: int) -> int:
    """Return the same day of the month some months on, or the last day of a shorter month."""
    start = date.fromordinal(day)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1])).toordinal()


def _ending(day: int, table: Table, *, roll: bool) -> tuple[int, int]:
    """Return when a limit ends that ends on a date, or on the workday to which it moves; and that day."""
    if roll:
        day = table.nth_workday(table.workdays_before(day))
    return table.end_of_date(day), day


def _dates_stopped(clock: Clock, today: int, table: Table) -> int:
    """Return the number of dates after the start, up to today, that a stop overlaps."""
    seen, count = clock.start_day, 0
    for begin, end, _ in clock.stops:
        low, high = max(table.date_of(begin), seen + 1), min(table.date_of(end - 1), today)
        if low <= high:
            count += high - low + 1
            seen = high
    return count
