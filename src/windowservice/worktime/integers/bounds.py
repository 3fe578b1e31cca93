"""Where a limit ends and may end, as `windowservice.worktime.limits.due.bounds` has it, in whole numbers."""

from __future__ import annotations

from windowservice.worktime.integers.calendar import (
    KNOWN_UNTIL,
    REFUSES,
    is_known,
    midnight,
    nth_workday,
    workdays_before,
)
from windowservice.worktime.integers.clock import (
    CALENDAR_USED,
    DAY,
    DUE,
    EARLIEST,
    LAST_DAY,
    LATEST,
    LIMIT,
    PROVISIONAL,
    ROLLS,
    START,
)
from windowservice.worktime.integers.limits import (
    BACKWARDS,
    BY_CALENDAR,
    BY_DATE,
    FIRST_PART,
    MAY_ROLL,
    OWN_DAY,
    SECOND_PART,
    ends_on,
)
from windowservice.worktime.integers.memory import DOUBT, Memory, least, most
from windowservice.worktime.integers.reach import reach, reach_date
from windowservice.worktime.limits.due import SLACK

__all__ = ["bounds"]


def bounds(m: Memory, clock: int) -> int:
    """Count the limit of a clock; leave in it where the limit ends and may end, and return the clock."""
    limit = m[clock + LIMIT]
    if m[limit + FIRST_PART] == 0:
        return bounds_of_one(m, clock)
    m[clock + LIMIT] = m[limit + SECOND_PART]
    bounds_of_one(m, clock)
    due = m[clock + DUE]
    last_day = m[clock + LAST_DAY]
    earliest = m[clock + EARLIEST]
    latest = m[clock + LATEST]
    provisional = m[clock + PROVISIONAL]
    m[clock + LIMIT] = m[limit + FIRST_PART]
    bounds_of_one(m, clock)
    m[clock + LIMIT] = limit
    if due < m[clock + DUE] or (due == m[clock + DUE] and last_day < m[clock + LAST_DAY]):
        ends_on(m, clock, due, last_day)
    m[clock + EARLIEST] = least(m, earliest, m[clock + EARLIEST])
    m[clock + LATEST] = least(m, latest, m[clock + LATEST])
    m[clock + PROVISIONAL] = most(m, provisional, m[clock + PROVISIONAL])
    return clock


def bounds_of_one(m: Memory, clock: int) -> int:
    """Count a limit that has no parts, as `bounds`."""
    limit = m[clock + LIMIT]
    calendar = m[clock + CALENDAR_USED]
    due = reach(m, clock)
    m[clock + EARLIEST] = due
    m[clock + LATEST] = due
    m[clock + PROVISIONAL] = 0
    if m[limit + BY_CALENDAR] == 0:
        return clock
    if is_known(m, calendar, m[clock + LAST_DAY]) == 1 and is_known(m, calendar, m[clock + DAY]) == 1:
        return clock
    if m[calendar + REFUSES] == 1:
        m[DOUBT] = 1
    m[clock + PROVISIONAL] = 1
    return widen_back(m, clock) if m[limit + BACKWARDS] == 1 else widen(m, clock)


def widen(m: Memory, clock: int) -> int:
    """Leave the earliest and latest due of a limit that rests on assumed days."""
    limit = m[clock + LIMIT]
    calendar = m[clock + CALENDAR_USED]
    due = m[clock + DUE]
    last_day = m[clock + LAST_DAY]
    first = unrolled(m, clock) if m[limit + BY_DATE] == 1 else first_possible(m, clock)
    from_midnight = due - midnight(m, calendar, last_day)
    m[clock + EARLIEST] = most(m, from_midnight + midnight(m, calendar, first), m[clock + START])
    latest = midnight(m, calendar, last_day + 1)  # it is the last day whatever happens, if not its hours
    if m[limit + MAY_ROLL] == 1:
        put_off = nth_workday(m, calendar, workdays_before(m, calendar, last_day) + SLACK)
        latest = from_midnight + midnight(m, calendar, put_off)
    m[clock + LATEST] = most(m, latest, due)
    return clock


def unrolled(m: Memory, clock: int) -> int:
    """Return the last day of a limit by dates if it does not roll."""
    due = m[clock + DUE]
    last_day = m[clock + LAST_DAY]
    m[clock + ROLLS] = 0
    reach_date(m, clock)
    found = m[clock + LAST_DAY]
    ends_on(m, clock, due, last_day)
    return found


def first_possible(m: Memory, clock: int) -> int:
    """Return the day on which the limit would end if every unknown date were worked."""
    calendar = m[clock + CALENDAR_USED]
    last_day = m[clock + LAST_DAY]
    unknown = m[clock + DAY] + 1 - m[m[clock + LIMIT] + OWN_DAY]
    if last_day > m[calendar + KNOWN_UNTIL]:
        unknown = most(m, unknown, m[calendar + KNOWN_UNTIL] + 1)
    workdays = workdays_before(m, calendar, last_day + 1) - workdays_before(m, calendar, unknown)
    return least(m, unknown + most(m, workdays, 1) - 1, last_day)


def widen_back(m: Memory, clock: int) -> int:
    """Leave the earliest and latest due of a limit that runs backwards and rests on assumed days."""
    calendar = m[clock + CALENDAR_USED]
    due = m[clock + DUE]
    last_day = m[clock + LAST_DAY]
    before = workdays_before(m, calendar, last_day)
    workdays = workdays_before(m, calendar, m[clock + DAY]) - before
    from_midnight = due - midnight(m, calendar, last_day)
    m[clock + EARLIEST] = from_midnight + midnight(m, calendar, nth_workday(m, calendar, before - SLACK))
    latest = from_midnight + midnight(m, calendar, most(m, m[clock + DAY] - workdays, last_day))
    m[clock + LATEST] = least(m, latest, most(m, due, m[clock + START]))
    return clock
