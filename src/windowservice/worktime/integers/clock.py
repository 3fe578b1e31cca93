"""One limit under way: the words of its block, which begins with the parts of a clock that expressions read.

The room for a clock is taken from the memory anew for each, so a clock lives as long as the record that it is of.
"""

from __future__ import annotations

from typing import Final

from windowservice.worktime.integers.calendar import date_of
from windowservice.worktime.integers.memory import NONE, Memory, take

__all__ = ["new_clock"]

# --- what expressions read, in the order of `CLOCK_PARTS` -----------------------------------------------------------

DUE: Final = 0
EARLIEST: Final = 1
LATEST: Final = 2
PROVISIONAL: Final = 3
LAST_DAY: Final = 4
NOTES: Final = 5

# --- what is counted ------------------------------------------------------------------------------------------------

LIMIT: Final = 6
CALENDAR_USED: Final = 7
START: Final = 8
"""From where the limit is counted: the start, or the restart."""
DAY: Final = 9
"""The date it is counted from."""
BOOKED_UNTIL: Final = 10
EXTRA: Final = 11
"""What an extension adds to the amount."""
ROLLS: Final = 12
"""1 if a last day on a rest day moves on."""
PIECES: Final = 13
PIECE_COUNT: Final = 14
"""The stops, in order and disjoint."""

# --- how far counting has come: a civil limit uses the last two otherwise than one in workdays --------------------

TIME_OF_DAY: Final = 15
FIRST_COUNTED: Final = 16
"""The number of the first workday that counts; the first civil date that no stop has touched yet."""
LAST_COUNTED: Final = 17
"""The number of the last workday; the last civil date before it rolls."""

# --- what became of it, for the clock of a matter ---------------------------------------------------

FIRST_START: Final = 18
HORIZON: Final = 19
"""The earlier of ``as_of`` and completion: nothing later is looked at."""
WAITING: Final = 20
"""1 while papers are missing."""
TOLD: Final = 21
COMPLETED: Final = 22
"""When the notice that may act was given and answered; `NONE` if there is none, or once it acted."""
ANSWER_LAST: Final = 23
"""1 if papers were complete when they were asked for: what else happens at that instant comes first."""
RESTARTS: Final = 24
"""1 if the limit begins anew when the papers are complete."""
EXTENDED: Final = 25
STOPPED: Final = 26
"""1 if it stands still at the horizon, for clocks that are asked for it."""
WAITS_FOR: Final = 27
"""The reason of the stop while papers are missing."""
CLOCK_WORDS: Final = 28

# --- a stop ---------------------------------------------------------------------------------------------------------

STOP_BEGIN: Final = 0
STOP_END: Final = 1
STOP_REASON: Final = 2
STOP_SPLIT: Final = 3
"""The last end of another stop that began with it: by the names of their reasons, it may end there and one begin."""
STOP_WORDS: Final = 4


def new_clock(m: Memory, limit: int, calendar: int, start: int, booked_until: int) -> int:
    """Return a clock that is to count a limit from a start, without stops."""
    clock = take(m, CLOCK_WORDS)
    m[clock + NOTES] = 0
    m[clock + LIMIT] = limit
    m[clock + CALENDAR_USED] = calendar
    m[clock + BOOKED_UNTIL] = booked_until
    m[clock + EXTRA] = 0
    m[clock + PIECES] = 0
    m[clock + PIECE_COUNT] = 0
    m[clock + TIME_OF_DAY] = NONE
    begin_at(m, clock, start)
    return clock


def begin_at(m: Memory, clock: int, start: int) -> int:
    """Let the limit of a clock be counted from an instant."""
    m[clock + START] = start
    m[clock + DAY] = date_of(m, m[clock + CALENDAR_USED], start)
    return clock
