"""Limits in workdays, as `windowservice.worktime.limits.kinds.workdays` counts them, in whole numbers."""

from __future__ import annotations

from windowservice.worktime.integers.calendar import (
    IN_ORDER,
    OPENS,
    OWNER,
    PIECE_WORDS,
    date_of,
    end_of_workday,
    first_open,
    last_close_of,
    next_open,
    nth_workday,
    own_end,
    piece_at,
    touches,
    wall_clock,
    workdays_before,
)
from windowservice.worktime.integers.clock import (
    CALENDAR_USED,
    DAY,
    DUE,
    EXTRA,
    FIRST_COUNTED,
    LAST_COUNTED,
    LIMIT,
    PIECE_COUNT,
    PIECES,
    START,
    STOP_END,
    STOP_WORDS,
    TIME_OF_DAY,
)
from windowservice.worktime.integers.limits import AMOUNT, AT, OWN_DAY, SAME_TIME, clipped_begin, counts, ends_on
from windowservice.worktime.integers.memory import DOUBT, NONE, Memory, least, most

__all__ = ["end_on_workday", "reach_workday"]


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
    if m[clock + PIECE_COUNT] > 0 and m[calendar + IN_ORDER] == 1 and m[clock + TIME_OF_DAY] == NONE:
        push_whole_days(m, clock)
        return end_on_workday(m, clock)
    end_on_workday(m, clock)
    for place in range(m[clock + PIECE_COUNT]):
        stop = m[clock + PIECES] + place * STOP_WORDS
        if counts(m, clock, stop) == 1:
            missing = newly_touched(m, clock, stop)
            if missing > 0:
                go_on(m, clock, stop, missing)
    return m[clock + DUE]


def push_whole_days(m: Memory, clock: int) -> int:
    """Put the last workday off by those that stops touch, all of each: those of one stop follow on one another."""
    calendar = m[clock + CALENDAR_USED]
    untouched = m[clock + FIRST_COUNTED]
    last = m[clock + LAST_COUNTED]
    stop = m[clock + PIECES]
    for _ in range(m[clock + PIECE_COUNT]):
        if m[stop + STOP_END] > m[clock + START]:
            first_touched = piece_at(m, calendar, clipped_begin(m, clock, stop))
            last_touched = piece_at(m, calendar, m[stop + STOP_END] - 1)
            if m[last_touched + OPENS] >= m[stop + STOP_END]:
                last_touched -= PIECE_WORDS
            if first_touched <= last_touched:
                low = most(m, workdays_before(m, calendar, m[first_touched + OWNER]), untouched)
                high = workdays_before(m, calendar, m[last_touched + OWNER])
                missing = least(m, high, last) - low + 1
                if missing > 0:
                    last = most(m, high, last) + missing
                    untouched = high + 1
        stop += STOP_WORDS
    m[clock + LAST_COUNTED] = last
    return clock


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
