"""When a matter is at risk, and what open time it took, as `windowservice.worktime.clock.standing` has it."""

from __future__ import annotations

from typing import Final

from windowservice.worktime.integers.calendar import open_before
from windowservice.worktime.integers.clock import (
    CALENDAR_USED,
    DUE,
    EXTRA,
    FIRST_START,
    HORIZON,
    LIMIT,
    PIECE_COUNT,
    PIECES,
    START,
    STOP_BEGIN,
    STOP_END,
    STOP_WORDS,
)
from windowservice.worktime.integers.limits import (
    AMOUNT,
    BACKWARDS,
    IS_BOOKED,
    REAL_TIME,
)
from windowservice.worktime.integers.memory import DOUBT, NONE, Memory, least, most
from windowservice.worktime.integers.reach import after_open_time, after_real_time

__all__ = [
    "at_risk", "net_open_time", "net_time", "stopped_open_time", "time_allowed", "time_used",
]  # fmt: skip

_LARGEST: Final = 1 << 31
"""Shares of a larger denominator do not fit into 64 bits."""


def at_risk(m: Memory, clock: int, numerator: int, denominator: int) -> int:
    """Return the instant from which a matter is at risk of being late, or `NONE` if there is no time to share out."""
    limit = m[clock + LIMIT]
    if m[limit + BACKWARDS] == 1:
        return NONE
    if m[limit + REAL_TIME] == 1:
        return after_real_time(m, clock, share_of(m, m[limit + AMOUNT] + m[clock + EXTRA], numerator, denominator))
    start = m[clock + START]
    due = m[clock + DUE]
    net = open_between(m, clock, start, due) - stopped_between(m, clock, start, due)
    if net <= 0:
        return NONE
    return after_open_time(m, clock, share_of(m, net, numerator, denominator))


def share_of(m: Memory, whole: int, numerator: int, denominator: int) -> int:
    """Return a share of a time, at least 1: multiplied in two parts, so that nothing overflows."""
    if denominator > _LARGEST:
        m[DOUBT] = 1
    found = whole // denominator * numerator + whole % denominator * numerator // denominator
    return most(m, found, 1)


def net_open_time(m: Memory, clock: int) -> int:
    """Return the open time from the first start to the horizon, stops taken out."""
    start = m[clock + FIRST_START]
    until = most(m, m[clock + HORIZON], start)
    return open_between(m, clock, start, until) - stopped_between(m, clock, start, until)


def stopped_open_time(m: Memory, clock: int) -> int:
    """Return the open time of the stops from the first start to the horizon."""
    start = m[clock + FIRST_START]
    return stopped_between(m, clock, start, most(m, m[clock + HORIZON], start))


def time_used(m: Memory, clock: int) -> int:
    """Return the time of its limit that a clock used, stops taken out; `NONE` if it runs backwards."""
    if m[m[clock + LIMIT] + BACKWARDS] == 1:
        return NONE
    return most(m, net_time(m, clock, m[clock + START], most(m, m[clock + HORIZON], m[clock + START])), 0)


def time_allowed(m: Memory, clock: int) -> int:
    """Return the time that a limit gave in all, stops taken out; `NONE` if it runs backwards."""
    if m[m[clock + LIMIT] + BACKWARDS] == 1:
        return NONE
    return most(m, net_time(m, clock, m[clock + START], m[clock + DUE]), 0)


def net_time(m: Memory, clock: int, begin: int, until: int) -> int:
    """Return the time between two instants, stops taken out: open time; of elapsed limits that move, real time."""
    limit = m[clock + LIMIT]
    if m[limit + REAL_TIME] == 1 and m[limit + BACKWARDS] == 0 and m[limit + IS_BOOKED] == 0:
        return until - begin - time_stopped_between(m, clock, begin, until)
    return open_between(m, clock, begin, until) - stopped_between(m, clock, begin, until)


def open_between(m: Memory, clock: int, begin: int, end: int) -> int:
    """Return the open time between two instants, by the calendar of a clock."""
    calendar = m[clock + CALENDAR_USED]
    return open_before(m, calendar, end) - open_before(m, calendar, begin)


def stopped_between(m: Memory, clock: int, begin: int, end: int) -> int:
    """Return the open time of the stops of a clock between two instants."""
    found = 0
    for number in range(m[clock + PIECE_COUNT]):
        stop = m[clock + PIECES] + number * STOP_WORDS
        if m[stop + STOP_END] > begin and m[stop + STOP_BEGIN] < end:
            found += open_between(m, clock, most(m, m[stop + STOP_BEGIN], begin), least(m, m[stop + STOP_END], end))
    return found


def time_stopped_between(m: Memory, clock: int, begin: int, end: int) -> int:
    """Return the real time of the stops of a clock between two instants."""
    found = 0
    for number in range(m[clock + PIECE_COUNT]):
        stop = m[clock + PIECES] + number * STOP_WORDS
        if m[stop + STOP_END] > begin and m[stop + STOP_BEGIN] < end:
            found += least(m, m[stop + STOP_END], end) - most(m, m[stop + STOP_BEGIN], begin)
    return found
