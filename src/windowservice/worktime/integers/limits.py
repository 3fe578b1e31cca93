"""When a limit ends, under stops and extensions: the text of `windowservice.worktime.limits` in whole numbers.

A limit is a block whose words are named here. Each text counts the limit of a clock (see
`windowservice.worktime.integers.clock`) and leaves where it ends in the clock.
"""

from __future__ import annotations

from typing import Final

from windowservice.worktime.integers.calendar import (
    civil_days_on,
    date_of,
    dates_skipped,
    end_of_date,
    end_of_workday,
    first_open,
    instant_at,
    is_workday,
    last_close_of,
    last_instant_at,
    next_open,
    nth_workday,
    open_before,
    own_end,
    touches,
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
from windowservice.worktime.integers.memory import DOUBT, NONE, Memory, least, most

__all__ = ["add_months", "reach"]

# --- the block of a limit -------------------------------------------------------------------------------------------

KIND: Final = 0
AMOUNT: Final = 1
AT: Final = 2
SAME_TIME: Final = 3
MAY_ROLL: Final = 4
BACKWARDS: Final = 5
FIRST_PART: Final = 6
"""The two limits of which the earlier counts; 0 for any other limit."""
SECOND_PART: Final = 7
UNIT: Final = 8
"""The kind in which an extension is given."""
NEEDS_SLOT: Final = 9
IS_BOOKED: Final = 10
OWN_DAY: Final = 11
WHOLE_DAYS: Final = 12
BY_DATE: Final = 13
BY_CALENDAR: Final = 14
REAL_TIME: Final = 15
"""These say of its kind what `Kind` says, 1 or 0."""

WORKING_TIME: Final = 1
WORKING_DAYS: Final = 2
SAME_WORKING_DAY: Final = 3
CALENDAR_DAYS: Final = 4
MONTHS: Final = 5
ELAPSED: Final = 6
BOOKED: Final = 7
EARLIEST_OF: Final = 8
"""The kinds."""


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


def ends_at(m: Memory, clock: int, due: int) -> int:
    """Let a limit end at an instant; a due at 24:00 belongs to the day it ends."""
    m[clock + DUE] = due
    m[clock + LAST_DAY] = date_of(m, m[clock + CALENDAR_USED], due - 1)
    return due


def ends_on(m: Memory, clock: int, due: int, last_day: int) -> int:
    """Let a limit end on a day."""
    m[clock + DUE] = due
    m[clock + LAST_DAY] = last_day
    return due


# --- stops: the first that begins at or after the due reached so far comes too late, and with it all others -----------


def counts(m: Memory, clock: int, stop: int) -> int:
    """Return 1 if a stop begins before the due and ends after the start, else 0."""
    return 1 if m[stop + STOP_BEGIN] < m[clock + DUE] and m[stop + STOP_END] > m[clock + START] else 0


def clipped_begin(m: Memory, clock: int, stop: int) -> int:
    """Return where a stop begins, or the start if that is later."""
    return most(m, m[stop + STOP_BEGIN], m[clock + START])


# --- open time and real time ----------------------------------------------------------------------------------------


def reach_open_time(m: Memory, clock: int) -> int:
    """Count open time; a stop pushes it by its open part."""
    return count_open_time(m, clock, m[m[clock + LIMIT] + AMOUNT] + m[clock + EXTRA])


def count_open_time(m: Memory, clock: int, amount: int) -> int:
    """Count an amount of open time from the start of a clock, whatever its limit."""
    calendar = m[clock + CALENDAR_USED]
    target = open_before(m, calendar, m[clock + START]) + amount
    m[clock + DUE] = instant_at(m, calendar, target)
    stop = m[clock + PIECES]
    for _ in range(m[clock + PIECE_COUNT]):
        if counts(m, clock, stop) == 1:
            open_part = open_before(m, calendar, m[stop + STOP_END])
            open_part -= open_before(m, calendar, clipped_begin(m, clock, stop))
            if open_part != 0:
                target += open_part
                m[clock + DUE] = instant_at(m, calendar, target)
        stop += STOP_WORDS
    return ends_at(m, clock, m[clock + DUE])


def reach_elapsed(m: Memory, clock: int) -> int:
    """Count real time; a stop pushes it in full."""
    return count_elapsed(m, clock, m[m[clock + LIMIT] + AMOUNT] + m[clock + EXTRA])


def count_elapsed(m: Memory, clock: int, amount: int) -> int:
    """Count an amount of real time from the start of a clock, whatever its limit."""
    m[clock + DUE] = m[clock + START] + amount
    stop = m[clock + PIECES]
    for _ in range(m[clock + PIECE_COUNT]):
        if counts(m, clock, stop) == 1:
            m[clock + DUE] += m[stop + STOP_END] - clipped_begin(m, clock, stop)
        stop += STOP_WORDS
    return ends_at(m, clock, m[clock + DUE])


# --- workdays -------------------------------------------------------------------------------------------------------


def reach_workday(m: Memory, clock: int) -> int:
    """Count workdays; a stop pushes them by those it touches, of the last one only before the due."""
    limit = m[clock + LIMIT]
    calendar = m[clock + CALENDAR_USED]
    begun = m[clock + START]
    day = m[clock + DAY]
    m[clock + TIME_OF_DAY] = m[limit + AT]
    if m[limit + SAME_TIME] == 1:
        begun = next_open(m, calendar, begun)
        if begun != m[clock + START] and date_of(m, calendar, begun) > day:
            day = date_of(m, calendar, begun)
        m[clock + TIME_OF_DAY] = wall_clock(m, calendar, begun)
    first = workdays_before(m, calendar, day + 1)
    if m[limit + OWN_DAY] == 1 and begun < own_end(m, calendar, day, m[limit + AT]):
        first -= 1
    amount = most(m, m[limit + AMOUNT], 1)
    m[clock + FIRST_COUNTED] = first
    m[clock + LAST_COUNTED] = first + amount + m[clock + EXTRA] - 1
    end_on_workday(m, clock)
    for place in range(m[clock + PIECE_COUNT]):
        stop = m[clock + PIECES] + place * STOP_WORDS
        if counts(m, clock, stop) == 1:
            missing = newly_touched(m, clock, stop)
            if missing > 0:
                go_on(m, clock, stop, missing)
    return m[clock + DUE]


def end_on_workday(m: Memory, clock: int) -> int:
    """Let the limit end on the last workday counted."""
    day = nth_workday(m, m[clock + CALENDAR_USED], m[clock + LAST_COUNTED])
    return ends_on(m, clock, workday_end(m, clock, day), day)


def workday_end(m: Memory, clock: int, day: int) -> int:
    """Return when a workday ends for the limit of a clock."""
    keep = m[m[clock + LIMIT] + SAME_TIME]
    return end_of_workday(m, m[clock + CALENDAR_USED], day, m[clock + TIME_OF_DAY], keep)


def newly_touched(m: Memory, clock: int, stop: int) -> int:
    """Return how many workdays counted so far a stop touches that none before it did."""
    calendar = m[clock + CALENDAR_USED]
    begin = clipped_begin(m, clock, stop)
    # a session reaches at most into the dates beside its own
    low = workdays_before(m, calendar, date_of(m, calendar, begin) - 1)
    high = workdays_before(m, calendar, date_of(m, calendar, m[stop + STOP_END] - 1) + 2)
    missing = 0
    for number in range(most(m, low, m[clock + FIRST_COUNTED]), least(m, high, m[clock + LAST_COUNTED] + 1)):
        day = nth_workday(m, calendar, number)
        until = m[stop + STOP_END]
        # still the last day, unless one before it is touched
        if number == m[clock + LAST_COUNTED] and missing == 0:
            until = least(m, until, m[clock + DUE])
        if touches(m, calendar, day, begin, until) == 1 and touched_up_to(m, clock, stop - STOP_WORDS, day, until) == 0:
            missing += 1
    return missing


def touched_up_to(m: Memory, clock: int, last: int, day: int, until: int) -> int:
    """Return 1 if a stop, up to the last one given, touches a workday before an instant, else 0.

    A stop that touched a day only after its end for the limit ended the loop over stops, so of stops before this one
    the end of the day does not matter.
    """
    calendar = m[clock + CALENDAR_USED]
    opening = first_open(m, calendar, day)
    stop = last
    while stop >= m[clock + PIECES]:
        if m[stop + STOP_END] <= opening or m[stop + STOP_END] <= m[clock + START]:
            return 0
        end = least(m, m[stop + STOP_END], until)
        if touches(m, calendar, day, clipped_begin(m, clock, stop), end) == 1:
            return 1
        stop -= STOP_WORDS
    return 0


def go_on(m: Memory, clock: int, stop: int, missing: int) -> int:
    """Let the limit go on by as many workdays as are missing that no stop up to this one touches."""
    calendar = m[clock + CALENDAR_USED]
    left = missing
    while left > 0 and m[DOUBT] == 0:
        m[clock + LAST_COUNTED] += 1
        day = nth_workday(m, calendar, m[clock + LAST_COUNTED])
        until = workday_end(m, clock, day) if left == 1 else last_close_of(m, calendar, day)
        if touched_up_to(m, clock, stop, day, until) == 0:
            left -= 1
    return end_on_workday(m, clock)


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
    since = day + 305  # days after 0000-03-01: with years that begin in March, the leap day is the last of its year
    era = since // 146_097  # 400 years
    rest = since % 146_097
    year = (rest - rest // 1_460 + rest // 36_524 - rest // 146_096) // 365
    day_of_year = rest - (365 * year + year // 4 - year // 100)
    month = (5 * day_of_year + 2) // 153
    number = (era * 400 + year) * 12 + month
    place = since - month_begin(m, number)
    begin = month_begin(m, number + months)
    length = month_begin(m, number + months + 1) - begin
    return begin + least(m, place, length - 1) - 305


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
