"""A limit in whole numbers: the words of its block, and what all kinds of limits do with the stops of a clock."""

from __future__ import annotations

from typing import Final

from windowservice.worktime.integers.calendar import date_of
from windowservice.worktime.integers.clock import CALENDAR_USED, DUE, LAST_DAY, START, STOP_BEGIN, STOP_END
from windowservice.worktime.integers.memory import CIVIL, Memory, calendar_named, most

__all__ = ["clipped_begin", "counted_by", "counts", "ends_at", "ends_on"]

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


def counted_by(m: Memory, limit: int, name: int) -> int:
    """Return the calendar by which a limit is counted, by the code of its name; 0 if it needs one and there is none."""
    calendar = calendar_named(m, name)
    return m[CIVIL] if calendar == 0 and m[limit + REAL_TIME] == 1 else calendar


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
