"""Columns counted row by row, in whole numbers over a memory: what a compiled module does for a piece of columns.

The head of the memory says where the columns stand. A row in doubt is remembered, and counted by objects; each text
returns how many such rows there are. What is the same for all rows is read before the first.
"""

from __future__ import annotations

from typing import Final

from windowservice.worktime.integers.bounds import bounds
from windowservice.worktime.integers.calendar import (
    business_date,
    date_of,
    instant_at,
    last_instant_at,
    open_before,
    workdays_before,
)
from windowservice.worktime.integers.clock import (
    BOOKED_UNTIL,
    CALENDAR_USED,
    DAY,
    DUE,
    LAST_DAY,
    LIMIT,
    PIECE_COUNT,
    PIECES,
    PROVISIONAL,
    START,
    STOP_BEGIN,
    STOP_END,
    STOP_WORDS,
    new_clock,
)
from windowservice.worktime.integers.clock import EARLIEST as EARLIEST_DUE
from windowservice.worktime.integers.clock import LATEST as LATEST_DUE
from windowservice.worktime.integers.limits import AMOUNT, BACKWARDS, ELAPSED, KIND, WORKING_TIME
from windowservice.worktime.integers.memory import BASE, DOUBT, FREE, NONE, TOP, Memory, least, most
from windowservice.worktime.integers.reach import after_open_time, after_real_time, reach

__all__ = ["TEXTS"]

# --- words of the head: where columns begin, 0 for one that is not given --------------------------------------------

BY_ROW: Final = FREE
"""1 if limits or calendars differ, or there are slots or stops; otherwise the first limit and calendar hold for all."""
CALENDARS: Final = FREE + 1
LIMITS: Final = FREE + 2
STARTS: Final = FREE + 3
"""Instants; of `workdays`, days."""
ENDS: Final = FREE + 4
"""As `STARTS`; of `reached`, amounts of open time."""
BOOKED: Final = FREE + 5
DAY_BY: Final = FREE + 6
"""The calendar whose business date is the date of the start, 0 for the civil date."""
FIRST_STOPS: Final = FREE + 7
"""For each row, and once more at the end, where its stops stand among `STOP_BEGINS` and `STOP_ENDS`."""
STOP_BEGINS: Final = FREE + 8
STOP_ENDS: Final = FREE + 9
DOUBTS: Final = FREE + 10
"""The rows in doubt, one after another."""
FOUND: Final = FREE + 11
LAST_DAYS: Final = FREE + 12
PROVISIONALS: Final = FREE + 13
EARLIESTS: Final = FREE + 14
LATESTS: Final = FREE + 15
DUE_BY_DAY: Final = FREE + 16
"""Where the due stands of a limit that depends on the date of its start alone, by that date less the first one held;
`NONE` as long as it has not been counted."""
ALIKE: Final = FREE + 17
"""1 if the limit and the calendar are the same for all rows."""


def dues(m: Memory, rows: int) -> int:
    """Leave where limits end. Of one in time neither day is asked; one that goes by its day is counted once a day."""
    clock = first_clock(m)
    limit = m[clock + LIMIT]
    starts = m[STARTS]
    found = m[FOUND]
    by_row = m[BY_ROW]
    by_day = m[DUE_BY_DAY]
    if m[ALIKE] == 1 and m[limit + KIND] == WORKING_TIME and m[limit + BACKWARDS] == 0:
        return dues_in_open_time(m, rows, m[clock + CALENDAR_USED], m[limit + AMOUNT])
    doubts = 0
    for row in range(rows):
        m[clock + START] = m[starts + row]
        if by_row == 1:
            limit = turn_to(m, clock, row)
        kind = m[limit + KIND] if m[limit + BACKWARDS] == 0 else 0
        if kind == WORKING_TIME:
            m[found + row] = after_open_time(m, clock, m[limit + AMOUNT])
        elif kind == ELAPSED:
            m[found + row] = after_real_time(m, clock, m[limit + AMOUNT])
        else:
            day = begin_day(m, clock)
            due = m[by_day + day] if by_day != 0 else NONE
            if due == NONE:
                due = reach(m, clock)
                if by_day != 0 and m[DOUBT] == 0:
                    m[by_day + day] = due
            m[found + row] = due
        if m[DOUBT] != 0:
            doubts = doubted(m, row, doubts)
    return doubts


def dues_in_open_time(m: Memory, rows: int, calendar: int, amount: int) -> int:
    """Leave where an amount of open time ends, as `after_open_time` has it.

    In turns of one look-up each, which then overlap in the processor. What is in doubt is `NONE` until the last turn.
    """
    in_open_time(m, rows, calendar, m[STARTS], m[FOUND])
    found = m[FOUND]
    firsts = m[FIRST_STOPS]
    begins = m[STOP_BEGINS]
    ends = m[STOP_ENDS]
    if firsts != 0:
        in_open_time(m, m[firsts + rows], calendar, begins, begins)
        in_open_time(m, m[firsts + rows], calendar, ends, ends)
    stop = 0
    for row in range(rows):
        start = m[found + row]
        target = start + amount
        if firsts != 0:
            for _ in range(m[firsts + row + 1] - stop):
                begun = m[begins + stop]
                ended = m[ends + stop]
                stop += 1
                if least(m, begun, ended) == NONE:
                    start = NONE
                pushed = target + most(m, ended, start) - most(m, begun, start)
                target = pushed if begun < target else target
        m[found + row] = target if start != NONE else NONE
    doubts = 0
    for row in range(rows):
        m[found + row] = instant_at(m, calendar, m[found + row])
        if m[DOUBT] != 0:
            doubts = doubted(m, row, doubts)
    return doubts


def in_open_time(m: Memory, count: int, calendar: int, instants: int, found: int) -> int:
    """Leave the open time before instants, `NONE` where that is in doubt."""
    for place in range(count):
        m[found + place] = open_before(m, calendar, m[instants + place])
        if m[DOUBT] != 0:
            m[found + place] = NONE
            m[DOUBT] = 0
    return found


def all_bounds(m: Memory, rows: int) -> int:
    """Leave where limits end and may end."""
    clock = first_clock(m)
    by_row = m[BY_ROW]
    doubts = 0
    for row in range(rows):
        m[clock + START] = m[m[STARTS] + row]
        if by_row == 1:
            turn_to(m, clock, row)
        begin_day(m, clock)
        bounds(m, clock)
        m[m[FOUND] + row] = m[clock + DUE]
        m[m[LAST_DAYS] + row] = m[clock + LAST_DAY]
        m[m[PROVISIONALS] + row] = m[clock + PROVISIONAL]
        m[m[EARLIESTS] + row] = m[clock + EARLIEST_DUE]
        m[m[LATESTS] + row] = m[clock + LATEST_DUE]
        if m[DOUBT] != 0:
            doubts = doubted(m, row, doubts)
    return doubts


def worked(m: Memory, rows: int) -> int:
    """Leave the open time between two instants."""
    doubts = 0
    for row in range(rows):
        calendar = calendar_of(m, row)
        before = open_before(m, calendar, m[m[STARTS] + row])
        m[m[FOUND] + row] = open_before(m, calendar, m[m[ENDS] + row]) - before
        if m[DOUBT] != 0:
            doubts = doubted(m, row, doubts)
    return doubts


def reached(m: Memory, rows: int) -> int:
    """Leave the instants reached after open time: the earliest, for a negative amount the latest."""
    doubts = 0
    for row in range(rows):
        calendar = calendar_of(m, row)
        found = m[m[STARTS] + row]
        amount = m[m[ENDS] + row]
        target = open_before(m, calendar, found) + amount
        if amount > 0:
            found = instant_at(m, calendar, target)
        elif amount < 0:
            found = last_instant_at(m, calendar, target)
        m[m[FOUND] + row] = found
        if m[DOUBT] != 0:
            doubts = doubted(m, row, doubts)
    return doubts


def workdays(m: Memory, rows: int) -> int:
    """Leave the workdays from the first date up to the second, without that."""
    doubts = 0
    for row in range(rows):
        calendar = calendar_of(m, row)
        before = workdays_before(m, calendar, m[m[STARTS] + row])
        m[m[FOUND] + row] = workdays_before(m, calendar, m[m[ENDS] + row]) - before
        if m[DOUBT] != 0:
            doubts = doubted(m, row, doubts)
    return doubts


def dates(m: Memory, rows: int) -> int:
    """Leave civil dates."""
    doubts = 0
    for row in range(rows):
        m[m[FOUND] + row] = date_of(m, calendar_of(m, row), m[m[STARTS] + row])
        if m[DOUBT] != 0:
            doubts = doubted(m, row, doubts)
    return doubts


TEXTS: Final = (dues, all_bounds, worked, reached, workdays, dates)
"""What a module is made of."""


def doubted(m: Memory, row: int, doubts: int) -> int:
    """Remember that a row was in doubt, and return how many are."""
    m[m[DOUBTS] + doubts] = row
    m[DOUBT] = 0
    return doubts + 1


def calendar_of(m: Memory, row: int) -> int:
    """Return the calendar of a row."""
    return m[m[CALENDARS] + (row if m[BY_ROW] == 1 else 0)]


def first_clock(m: Memory) -> int:
    """Return the clock that all rows use, one after another; its stops stand behind it."""
    m[DOUBT] = 0
    m[TOP] = m[BASE]
    clock = new_clock(m, m[m[LIMITS]], m[m[CALENDARS]], m[m[STARTS]], NONE)
    m[DOUBT] = 0
    m[clock + PIECES] = m[TOP]
    return clock


def turn_to(m: Memory, clock: int, row: int) -> int:
    """Let a clock turn to what a row has beside its start, and return its limit."""
    limit = m[m[LIMITS] + row]
    m[clock + LIMIT] = limit
    m[clock + CALENDAR_USED] = m[m[CALENDARS] + row]
    if m[BOOKED] != 0:
        m[clock + BOOKED_UNTIL] = m[m[BOOKED] + row]
    if m[FIRST_STOPS] != 0:
        first = m[m[FIRST_STOPS] + row]
        last = m[m[FIRST_STOPS] + row + 1]
        m[clock + PIECE_COUNT] = last - first
        stop = m[clock + PIECES]
        for place in range(first, last):
            m[stop + STOP_BEGIN] = m[m[STOP_BEGINS] + place]
            m[stop + STOP_END] = m[m[STOP_ENDS] + place]
            stop += STOP_WORDS
    return limit


def begin_day(m: Memory, clock: int) -> int:
    """Leave the date of the start in a clock."""
    if m[DAY_BY] == 0:
        day = date_of(m, m[clock + CALENDAR_USED], m[clock + START])
    else:
        day = business_date(m, m[DAY_BY], m[clock + START])
    m[clock + DAY] = day
    return day
