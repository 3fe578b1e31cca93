"""When a limit ends, under stops and extensions: the text of `windowservice.worktime.limits` in whole numbers.

Each text counts the limit of a clock (see `windowservice.worktime.integers.clock`) and leaves where it ends there.
"""

from __future__ import annotations

from windowservice.worktime.integers.calendar import (
    civil_days_on,
    date_of,
    dates_skipped,
    end_of_date,
    instant_at,
    is_workday,
    last_instant_at,
    nth_workday,
    open_before,
    wall_clock,
    workdays_before,
)
from windowservice.worktime.integers.clock import (
    BOOKED_UNTIL,
    CALENDAR_USED,
    DAY,
    DUE,
    EXTRA,
    FIRST_COUNTED,
    LAST_COUNTED,
    LAST_DAY,
    LIMIT,
    PIECE_COUNT,
    PIECES,
    ROLLS,
    START,
    STOP_BEGIN,
    STOP_END,
    STOP_WORDS,
    TIME_OF_DAY,
)
from windowservice.worktime.integers.limits import (
    AMOUNT,
    AT,
    BACKWARDS,
    BOOKED,
    CALENDAR_DAYS,
    ELAPSED,
    FIRST_PART,
    KIND,
    MAY_ROLL,
    MONTHS,
    SAME_TIME,
    SAME_WORKING_DAY,
    SECOND_PART,
    WHOLE_DAYS,
    WORKING_DAYS,
    WORKING_TIME,
    clipped_begin,
    counts,
    ends_at,
    ends_on,
)
from windowservice.worktime.integers.memory import DOUBT, NONE, Memory, least, most
from windowservice.worktime.integers.workdays import end_on_workday, reach_workday

__all__ = ["add_months", "after_open_time", "after_real_time", "reach", "reach_date"]


def reach(m: Memory, clock: int) -> int:
    """Count the limit of a clock; leave the due and the last day in it, and return the due."""
    limit = m[clock + LIMIT]
    if m[limit + BACKWARDS] == 1:
        return reach_back(m, clock)
    if m[limit + FIRST_PART] == 0:
        return reach_one(m, clock)
    m[clock + LIMIT] = m[limit + SECOND_PART]
    second = reach_one(m, clock)
    last_day = m[clock + LAST_DAY]
    m[clock + LIMIT] = m[limit + FIRST_PART]
    first = reach_one(m, clock)
    m[clock + LIMIT] = limit
    if second < first or (second == first and last_day < m[clock + LAST_DAY]):
        m[clock + DUE] = second
        m[clock + LAST_DAY] = last_day
    return m[clock + DUE]


def reach_one(m: Memory, clock: int) -> int:
    """Count a limit that has no parts and runs forward."""
    limit = m[clock + LIMIT]
    kind = m[limit + KIND]
    m[clock + ROLLS] = m[limit + MAY_ROLL]
    if kind == WORKING_TIME:
        return reach_open_time(m, clock)
    if kind == WORKING_DAYS or kind == SAME_WORKING_DAY:
        return reach_workday(m, clock)
    if kind == CALENDAR_DAYS or kind == MONTHS:
        return reach_date(m, clock)
    if kind == ELAPSED:
        return reach_elapsed(m, clock)
    if kind != BOOKED or m[clock + BOOKED_UNTIL] == NONE:
        m[DOUBT] = 1
        return ends_at(m, clock, m[clock + START])
    return ends_at(m, clock, m[clock + BOOKED_UNTIL])


# --- open time and real time ----------------------------------------------------------------------------------------


def reach_open_time(m: Memory, clock: int) -> int:
    """Count open time."""
    return ends_at(m, clock, after_open_time(m, clock, m[m[clock + LIMIT] + AMOUNT] + m[clock + EXTRA]))


def after_open_time(m: Memory, clock: int, amount: int) -> int:
    """Return when an amount of open time has passed since the start of a clock; a stop pushes it by its open part.

    A stop begins before the due exactly if less open time lies before it than before the due, so no due is needed.
    """
    calendar = m[clock + CALENDAR_USED]
    start = m[clock + START]
    target = open_before(m, calendar, start) + amount
    stop = m[clock + PIECES]
    for _ in range(m[clock + PIECE_COUNT]):
        if m[stop + STOP_END] > start:
            begun = open_before(m, calendar, most(m, m[stop + STOP_BEGIN], start))
            pushed = target + open_before(m, calendar, m[stop + STOP_END]) - begun
            target = pushed if begun < target else target
        stop += STOP_WORDS
    return instant_at(m, calendar, target)


def reach_elapsed(m: Memory, clock: int) -> int:
    """Count real time."""
    return ends_at(m, clock, after_real_time(m, clock, m[m[clock + LIMIT] + AMOUNT] + m[clock + EXTRA]))


def after_real_time(m: Memory, clock: int, amount: int) -> int:
    """Return when an amount of real time has passed since the start of a clock; a stop pushes it in full."""
    start = m[clock + START]
    due = start + amount
    stop = m[clock + PIECES]
    for _ in range(m[clock + PIECE_COUNT]):
        if m[stop + STOP_END] > start and m[stop + STOP_BEGIN] < due:
            due += m[stop + STOP_END] - most(m, m[stop + STOP_BEGIN], start)
        stop += STOP_WORDS
    return due


# --- civil dates ----------------------------------------------------------------------------------------------------


def reach_date(m: Memory, clock: int) -> int:
    """Count civil days or months; a stop pushes them by the dates it overlaps."""
    calendar = m[clock + CALENDAR_USED]
    amount = m[m[clock + LIMIT] + AMOUNT] + m[clock + EXTRA]
    m[clock + LAST_COUNTED] = date_on(m, clock, amount)
    m[clock + FIRST_COUNTED] = m[clock + DAY] + 1
    end_on_date(m, clock, m[clock + LAST_COUNTED])
    stop = m[clock + PIECES]
    for _ in range(m[clock + PIECE_COUNT]):
        if counts(m, clock, stop) == 1:
            low = date_of(m, calendar, clipped_begin(m, clock, stop))
            low = most(m, low, m[clock + FIRST_COUNTED])
            high = date_of(m, calendar, m[stop + STOP_END] - 1)
            if low <= high:
                push_dates(m, clock, low, high)
        stop += STOP_WORDS
    return m[clock + DUE]


def push_dates(m: Memory, clock: int, low: int, high: int) -> int:
    """Put a limit off by the dates from the first to the last, which a stop overlaps."""
    calendar = m[clock + CALENDAR_USED]
    m[clock + FIRST_COUNTED] = high + 1
    if low <= m[clock + LAST_COUNTED]:
        overlapped = high - low + 1 - dates_skipped(m, calendar, low, high)
        m[clock + LAST_COUNTED] = civil_days_on(m, calendar, m[clock + LAST_COUNTED], overlapped)
        return end_on_date(m, clock, m[clock + LAST_COUNTED])
    if low <= m[clock + LAST_DAY] and m[clock + LAST_DAY] <= high:
        return end_on_date(m, clock, high + 1)  # it was a rest day that moved on, and the day it moved to is touched
    return m[clock + DUE]


def end_on_date(m: Memory, clock: int, day: int) -> int:
    """Let a limit end on a date, or on the workday to which it moves."""
    calendar = m[clock + CALENDAR_USED]
    last_day = day
    if m[clock + ROLLS] == 1:
        last_day = nth_workday(m, calendar, workdays_before(m, calendar, day))
    return ends_on(m, clock, end_of_date(m, calendar, last_day), last_day)


def date_on(m: Memory, clock: int, count: int) -> int:
    """Return the date so many days or months after that from which a clock counts, or before it if negative."""
    if m[m[clock + LIMIT] + KIND] == MONTHS:
        return add_months(m, m[clock + DAY], count)
    return civil_days_on(m, m[clock + CALENDAR_USED], m[clock + DAY], count)


def add_months(m: Memory, day: int, months: int) -> int:
    """Return the same day of the month some months on, or the last day of a shorter month."""
    number = month_of(m, day)
    place = day + 305 - month_begin(m, number)
    begin = month_begin(m, number + months)
    length = month_begin(m, number + months + 1) - begin
    return begin + least(m, place, length - 1) - 305


def month_of(m: Memory, day: int) -> int:
    """Return the number of a date's month since 0000-03."""
    since = day + 305  # days after 0000-03-01: with years that begin in March, the leap day is the last of its year
    era = since // 146_097  # 400 years
    rest = since % 146_097
    year = (rest - rest // 1_460 + rest // 36_524 - rest // 146_096) // 365
    day_of_year = rest - (365 * year + year // 4 - year // 100)
    month = (5 * day_of_year + 2) // 153
    return (era * 400 + year) * 12 + month


def month_begin(m: Memory, number: int) -> int:
    """Return the days from 0000-03-01 to the month with so many months before it since then."""
    year = number // 12
    month = number % 12  # of 31, 30, 31, 30, 31 days, over and over
    return year * 365 + year // 4 - year // 100 + year // 400 + (153 * month + 2) // 5


# --- backwards ------------------------------------------------------------------------------------------------------


def reach_back(m: Memory, clock: int) -> int:
    """Count a limit that runs backwards from a planned instant; stops do not move it.

    The planned day does not count, nor does a day whose sessions go on after the planned instant.
    """
    limit = m[clock + LIMIT]
    m[clock + ROLLS] = m[limit + MAY_ROLL]
    count_back(m, clock, m[limit + AMOUNT])
    if m[clock + DUE] > m[clock + START] and m[limit + WHOLE_DAYS] == 1:
        count_back(m, clock, m[limit + AMOUNT] + 1)
    return m[clock + DUE]


def count_back(m: Memory, clock: int, amount: int) -> int:
    """Count an amount backwards."""
    limit = m[clock + LIMIT]
    calendar = m[clock + CALENDAR_USED]
    kind = m[limit + KIND]
    start = m[clock + START]
    if kind == WORKING_TIME or kind == ELAPSED:
        due = start - amount
        if kind == WORKING_TIME:
            due = last_instant_at(m, calendar, open_before(m, calendar, start) - amount)
        return ends_on(m, clock, due, date_of(m, calendar, due))
    if kind == WORKING_DAYS:
        m[clock + TIME_OF_DAY] = wall_clock(m, calendar, start) if m[limit + SAME_TIME] == 1 else m[limit + AT]
        m[clock + LAST_COUNTED] = workdays_before(m, calendar, m[clock + DAY]) - amount
        return end_on_workday(m, clock)
    if kind == CALENDAR_DAYS or kind == MONTHS:
        day = date_on(m, clock, -amount)
        if m[clock + ROLLS] == 1 and is_workday(m, calendar, day) == 0:
            day = nth_workday(m, calendar, workdays_before(m, calendar, day) - 1)
        return ends_on(m, clock, end_of_date(m, calendar, day), day)
    m[DOUBT] = 1
    return ends_at(m, clock, start)
