"""The working-time calls of the rule language in whole numbers, as `windowservice.language.tree.kernels` has them.

The name of a calendar is the code of a word, or `NONE`; a limit is a pointer. A clock is a pointer to its parts, `NONE`
if there is none. Arguments that may not be missing are not.
"""

from __future__ import annotations

from windowservice.worktime.integers.bounds import bounds
from windowservice.worktime.integers.calendar import (
    business_date,
    date_of,
    last_close_of,
    midnight,
    nth_workday,
    open_before,
    workdays_before,
)
from windowservice.worktime.integers.clock import new_clock
from windowservice.worktime.integers.limits import NEEDS_SLOT, counted_by
from windowservice.worktime.integers.memory import CIVIL, DOUBT, EMPTY, NONE, Memory, calendar_named
from windowservice.worktime.integers.reach import month_begin, month_of

__all__ = [
    "begin_of", "business_day", "close_of", "date", "dated", "due", "first_of_month", "first_of_quarter",
    "first_of_week", "first_of_year", "workdays", "worked",
]  # fmt: skip


def due(m: Memory, start: int, limit: int, name: int) -> int:
    """Return the clock of a limit that starts at an instant; none without a slot or calendar that it needs."""
    if m[limit + NEEDS_SLOT] == 1:
        return NONE
    calendar = counted_by(m, limit, name)
    if calendar == 0:
        return NONE  # the record names no calendar, and there is no default
    return bounds(m, new_clock(m, limit, calendar, start, NONE))


def worked(m: Memory, start: int, end: int, name: int) -> int:
    """Return the open time between two instants, signed; none without a calendar."""
    calendar = calendar_named(m, name)
    if calendar == 0:
        return NONE
    return open_before(m, calendar, end) - open_before(m, calendar, start)


def date(m: Memory, at: int) -> int:
    """Return the civil date of an instant."""
    return date_of(m, m[CIVIL], at)


def dated(m: Memory, at: int, name: int) -> int:
    """Return when the date begins, in the zone of civil dates, that an instant has in the zone of a calendar."""
    calendar = m[CIVIL] if name == m[EMPTY] else calendar_named(m, name)
    return midnight(m, m[CIVIL], date_of(m, calendar, at))


def begin_of(m: Memory, day: int) -> int:
    """Return when a date begins, in the zone of civil dates."""
    return midnight(m, m[CIVIL], day)


def workdays(m: Memory, first: int, last: int) -> int:
    """Return the working days after the first date up to and with the second."""
    calendar = counting(m, NONE)
    return workdays_before(m, calendar, last + 1) - workdays_before(m, calendar, first + 1)


def business_day(m: Memory, at: int, name: int) -> int:
    """Return when the date begins on which an instant falls by a calendar whose day turns at another time."""
    calendar = counting(m, name)
    return midnight(m, calendar, business_date(m, calendar, at))


def close_of(m: Memory, day: int, name: int) -> int:
    """Return when a date ends by a calendar; a rest day ends when the next workday does."""
    calendar = counting(m, name)
    return last_close_of(m, calendar, nth_workday(m, calendar, workdays_before(m, calendar, day)))


def counting(m: Memory, name: int) -> int:
    """Return a calendar that counts, by name; with doubt if there is none."""
    calendar = calendar_named(m, name)
    if calendar == 0:
        m[DOUBT] = 1
        return m[CIVIL]
    return calendar


def first_of_week(m: Memory, day: int) -> int:
    """Return the Monday of a date's week, as ISO 8601 has it."""
    return day - (day - 1) % 7


def first_of_month(m: Memory, day: int) -> int:
    """Return the first day of a date's month."""
    return month_begin(m, month_of(m, day)) - 305


def first_of_quarter(m: Memory, day: int) -> int:
    """Return the first day of a date's quarter."""
    number = month_of(m, day)  # of which April is the first, and each third from there on begins a quarter
    return month_begin(m, number - (number - 1) % 3) - 305


def first_of_year(m: Memory, day: int) -> int:
    """Return the first day of a date's year."""
    number = month_of(m, day)
    return month_begin(m, number - (number - 10) % 12) - 305
