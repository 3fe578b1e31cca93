"""The clock of a record in whole numbers, as `windowservice.language.clocks.running` runs it.

Intervals are linked nodes of the next one, begin, end, and the code of the reason.
"""

from __future__ import annotations

from typing import Final

from windowservice.language.clocks import running
from windowservice.worktime.clock.standing import State
from windowservice.worktime.integers.bounds import bounds
from windowservice.worktime.integers.calendar import open_before
from windowservice.worktime.integers.clock import (
    CALENDAR_USED,
    DUE,
    EARLIEST,
    FIRST_START,
    HORIZON,
    LAST_DAY,
    LATEST,
    LIMIT,
    PIECE_COUNT,
    PROVISIONAL,
    START,
    STOPPED,
    new_clock,
)
from windowservice.worktime.integers.limits import BACKWARDS, IS_BOOKED, NEEDS_SLOT, REAL_TIME
from windowservice.worktime.integers.memory import CIVIL, DOUBT, EMPTY, END, NONE, Memory, calendar_named, most, take
from windowservice.worktime.integers.replay import NAMED as CLOCK_NAMES
from windowservice.worktime.integers.replay import NEXT_FREE, outcome, watch
from windowservice.worktime.integers.standing import at_risk, open_between, stopped_between, time_stopped_between
from windowservice.worktime.integers.stops import add_stop, note, own

__all__ = [
    "NAMED", "at_risk_at", "between_marks", "joined", "late_by", "no_rows", "overrun", "record_clock", "remaining",
    "state", "with_row", "worked",
]  # fmt: skip

# --- words of the head; other vocabularies' clocks name those before --------------------------------------------------

NO_BEGIN: Final = NEXT_FREE + 16
ENDS_FIRST: Final = NEXT_FREE + 17
MET: Final = NEXT_FREE + 18
LATE: Final = NEXT_FREE + 19
OVERDUE: Final = NEXT_FREE + 20
NOT_STARTED: Final = NEXT_FREE + 21
IS_STOPPED: Final = NEXT_FREE + 22
AT_RISK: Final = NEXT_FREE + 23
RUNNING: Final = NEXT_FREE + 24
NAMED: Final[dict[int, str | frozenset[str]]] = {
    **CLOCK_NAMES,
    NO_BEGIN: running.NO_BEGIN,
    ENDS_FIRST: running.ENDS_FIRST,
    MET: str(State.MET),
    LATE: str(State.LATE),
    OVERDUE: str(State.OVERDUE),
    NOT_STARTED: str(State.NOT_STARTED),
    IS_STOPPED: str(State.STOPPED),
    AT_RISK: running.AT_RISK,
    RUNNING: str(State.RUNNING),
}
"""What stands there."""

# --- an interval ----------------------------------------------------------------------------------------------------

NEXT: Final = 0
BEGIN: Final = 1
UNTIL: Final = 2
REASON: Final = 3
ROW_WORDS: Final = 4

# --- a mark ---------------------------------------------------------------------------------------------------------

MARK_BEGINS: Final = 1
MARK_BEGIN: Final = 2
MARK_REASON: Final = 3
MARK_ENDS: Final = 4
MARK_END: Final = 5


def record_clock(m: Memory, start: int, limit: int, stops: int, done: int, name: int, told: int, as_of: int) -> int:
    """Return the clock of a record; `NONE` without a slot or calendar that its limit needs.

    Args:
        m: the memory.
        start: the start, or the planned instant.
        limit: the limit.
        stops: the intervals that stop it.
        done: completion, or `NONE`.
        name: the code of the name of a calendar, or `NONE`.
        told: 1 if it is done, 0 if not yet; where nobody can tell, there is no clock.
        as_of: nothing later is seen.
    """
    if m[limit + NEEDS_SLOT] == 1:
        return NONE
    calendar = calendar_named(m, name)
    if calendar == 0:
        if m[limit + REAL_TIME] == 0:
            return NONE  # the record names no calendar, and there is no default
        calendar = m[CIVIL]
    clock = new_clock(m, limit, calendar, start, NONE)
    if m[DOUBT] == 1:
        return clock
    watch(m, clock, as_of, done, count_of(m, stops))
    if m[DOUBT] == 1:
        return clock
    if put_stops(m, clock, stops) == 0:
        return untold(m, clock)
    m[clock + STOPPED] = 0
    if m[limit + BACKWARDS] == 1 or m[limit + IS_BOOKED] == 1:
        m[clock + PIECE_COUNT] = 0
        return bounds(m, clock)  # nothing moves it
    outcome(m, clock)
    if done == NONE or done > as_of:
        m[clock + STOPPED] = stands_still(m, clock, stops)
    return clock


def untold(m: Memory, clock: int) -> int:
    """Leave nothing in a clock but why it cannot be told."""
    m[clock + DUE] = NONE
    m[clock + EARLIEST] = NONE
    m[clock + LATEST] = NONE
    m[clock + PROVISIONAL] = NONE
    m[clock + LAST_DAY] = NONE
    return clock


def put_stops(m: Memory, clock: int, stops: int) -> int:
    """Let intervals up to the horizon stop a clock; return 0, with a note, if one of them cannot be told."""
    row = stops
    horizon = m[clock + HORIZON]
    while row != 0:
        begin = m[row + BEGIN]
        end = m[row + UNTIL]
        if begin == NONE:
            note(m, clock, NO_BEGIN)
            return 0
        if begin <= horizon:
            if end != NONE and end < begin:
                note(m, clock, ENDS_FIRST)
                return 0
            until = horizon if end == NONE or end > horizon else end
            if begin < until:
                add_stop(m, clock, begin, until, m[row + REASON] if m[row + REASON] != NONE else m[EMPTY])
        row = m[row + NEXT]
    own(m, clock)
    return 1


def stands_still(m: Memory, clock: int, stops: int) -> int:
    """Return 1 if an interval that counts lasts at the horizon, else 0."""
    row = stops
    while row != 0:
        if m[row + BEGIN] <= m[clock + HORIZON] and m[row + BEGIN] < m[clock + DUE]:
            if m[row + UNTIL] == NONE or m[row + UNTIL] > m[clock + HORIZON]:
                return 1
        row = m[row + NEXT]
    return 0


def count_of(m: Memory, rows: int) -> int:
    """Return how many rows there are."""
    row = rows
    found = 0
    while row != 0:
        found += 1
        row = m[row + NEXT]
    return found


# --- rows of intervals ----------------------------------------------------------------------------------------------


def no_rows(m: Memory) -> int:
    """Return no intervals."""
    return 0


def with_row(m: Memory, rows: int, begin: int, end: int, reason: int) -> int:
    """Return intervals with one more, unless it neither began nor ended."""
    if begin == NONE and end == NONE:
        return rows
    return put_row(m, rows, begin, end, reason)


def put_row(m: Memory, following: int, begin: int, end: int, reason: int) -> int:
    """Return an interval before those that follow; only those if there is no room."""
    row = take(m, ROW_WORDS)
    if row == m[END]:
        return following
    m[row + NEXT] = following
    m[row + BEGIN] = begin
    m[row + UNTIL] = end
    m[row + REASON] = reason
    return row


def joined(m: Memory, rows: int, others: int) -> int:
    """Return the intervals of both, those of the first copied."""
    first = others
    last = 0
    row = rows
    while row != 0:
        copied = put_row(m, others, m[row + BEGIN], m[row + UNTIL], m[row + REASON])
        if copied == others:
            return first  # no room
        if last == 0:
            first = copied
        else:
            m[last + NEXT] = copied
        last = copied
        row = m[row + NEXT]
    return first


def between_marks(m: Memory, rows: int) -> int:
    """Return the intervals from each mark that begins one to the next that ends it; `NONE` if that cannot be told."""
    first = 0
    last = 0
    lasting = 0  # the first that has not ended
    mark = rows
    while mark != 0:
        if m[mark + MARK_BEGINS] == NONE or m[mark + MARK_ENDS] == NONE:
            return NONE
        if m[mark + MARK_ENDS] == 1:
            if m[mark + MARK_END] == NONE:
                return NONE
            while lasting != 0:
                m[lasting + UNTIL] = m[mark + MARK_END]
                lasting = m[lasting + NEXT]
        if m[mark + MARK_BEGINS] == 1:
            row = put_row(m, 0, m[mark + MARK_BEGIN], NONE, m[mark + MARK_REASON])
            if row == 0:
                return first  # no room
            if first == 0:
                first = row
            else:
                m[last + NEXT] = row
            last = row
            if lasting == 0:
                lasting = row
        mark = m[mark + NEXT]
    return first


# --- how it stands --------------------------------------------------------------------------------------------------


def net(m: Memory, clock: int, begin: int, until: int) -> int:
    """Return the time between two instants, stops taken out: open time; for elapsed limits real time."""
    limit = m[clock + LIMIT]
    if m[limit + REAL_TIME] == 1 and m[limit + BACKWARDS] == 0:
        return until - begin - time_stopped_between(m, clock, begin, until)
    return open_between(m, clock, begin, until) - stopped_between(m, clock, begin, until)


def worked(m: Memory, clock: int, done: int) -> int:
    """Return the time used."""
    if m[clock + DUE] == NONE:
        return NONE
    start = m[clock + FIRST_START]
    return net(m, clock, start, most(m, start, m[clock + HORIZON]))


def remaining(m: Memory, clock: int) -> int:
    """Return the time left, never below 0."""
    if m[clock + DUE] == NONE:
        return NONE
    return most(m, 0, net(m, clock, most(m, m[clock + START], m[clock + HORIZON]), m[clock + DUE]))


def at_risk_at(m: Memory, clock: int, numerator: int, denominator: int) -> int:
    """Return when a share of the time is used; `NONE` if there is no time to share out."""
    if m[clock + DUE] == NONE:
        return NONE
    return at_risk(m, clock, numerator, denominator)


def late_by(m: Memory, clock: int, done: int) -> int:
    """Return the real time after the due."""
    if m[clock + DUE] == NONE:
        return NONE
    return most(m, 0, m[clock + HORIZON] - m[clock + DUE])


def overrun(m: Memory, clock: int, done: int) -> int:
    """Return the open time after the due."""
    if m[clock + DUE] == NONE:
        return NONE
    if m[clock + HORIZON] <= m[clock + DUE]:
        return 0
    calendar = m[clock + CALENDAR_USED]
    return open_before(m, calendar, m[clock + HORIZON]) - open_before(m, calendar, m[clock + DUE])


def state(m: Memory, clock: int, numerator: int, denominator: int, done: int, as_of: int) -> int:
    """Return the code of the word for how it stands."""
    if m[clock + DUE] == NONE:
        return NONE
    late = 1 if m[clock + HORIZON] > m[clock + DUE] else 0
    if done != NONE and done <= as_of:
        return m[LATE] if late == 1 else m[MET]
    if late == 1:
        return m[OVERDUE]
    if as_of < m[clock + FIRST_START] and m[m[clock + LIMIT] + BACKWARDS] == 0:
        return m[NOT_STARTED]
    if m[clock + STOPPED] == 1:
        return m[IS_STOPPED]
    warned = at_risk(m, clock, numerator, denominator)
    return m[AT_RISK] if warned != NONE and as_of >= warned else m[RUNNING]
