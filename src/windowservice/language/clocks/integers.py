"""The clock of a record in whole numbers, as `windowservice.language.clocks.running` runs it."""

from __future__ import annotations

from typing import Final

from windowservice.language.clocks import running
from windowservice.language.clocks.rows import ASKED, BEGIN, GRANTED, MORE, NEXT, REASON, UNTIL
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
    WAITING,
    new_clock,
)
from windowservice.worktime.integers.limits import BACKWARDS, IS_BOOKED, NEEDS_SLOT, counted_by
from windowservice.worktime.integers.memory import DOUBT, EMPTY, NONE, Memory, most
from windowservice.worktime.integers.replay import NAMED as CLOCK_NAMES
from windowservice.worktime.integers.replay import (
    NEXT_FREE,
    NOTICE_REPEATED,
    extend,
    notify,
    outcome,
    papers_before,
    watch,
)
from windowservice.worktime.integers.standing import at_risk, net_time
from windowservice.worktime.integers.stops import add_stop, note, own

__all__ = ["NAMED", "at_risk_at", "late_by", "overrun", "record_clock", "remaining", "state", "worked"]

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
NO_AMOUNT: Final = NEXT_FREE + 25
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
    NO_AMOUNT: running.NO_AMOUNT,
}
"""What stands there."""


def record_clock(
    m: Memory, start: int, limit: int, stops: int, restarts: int, extensions: int, done: int, name: int, told: int,
    as_of: int,
) -> int:  # fmt: skip
    """Return the clock of a record; `NONE` without a slot or calendar that its limit needs.

    Args:
        m: the memory.
        start: the start, or the planned instant.
        limit: the limit.
        stops: the intervals that stop it.
        restarts: the intervals that stop it and at whose end it begins anew.
        extensions: what gives it more time.
        done: completion, or `NONE`.
        name: the code of the name of a calendar, or `NONE`.
        told: 1 if it is done, 0 if not yet; where nobody can tell, there is no clock.
        as_of: nothing later is seen.
    """
    if m[limit + NEEDS_SLOT] == 1:
        return NONE
    calendar = counted_by(m, limit, name)
    if calendar == 0:
        return NONE  # the record names no calendar, and there is no default
    clock = new_clock(m, limit, calendar, start, NONE)
    if m[DOUBT] == 1:
        return clock
    watch(m, clock, as_of, done, count_of(m, stops))
    if m[DOUBT] == 1:
        return clock
    if put_stops(m, clock, stops) == 0 or are_told(m, clock, restarts) == 0:
        return untold(m, clock)
    if have_amounts(m, clock, extensions) == 0:
        return untold(m, clock)
    m[clock + STOPPED] = 0
    if m[limit + BACKWARDS] == 1 or m[limit + IS_BOOKED] == 1:
        m[clock + PIECE_COUNT] = 0
        return bounds(m, clock)  # nothing moves it
    put_restarts(m, clock, restarts)
    put_extensions(m, clock, extensions)
    papers_before(m, clock, m[clock + HORIZON] + 1)
    outcome(m, clock)
    if done == NONE or done > as_of:
        m[clock + STOPPED] = 1 if m[clock + WAITING] == 1 else stands_still(m, clock, stops)
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


def are_told(m: Memory, clock: int, rows: int) -> int:
    """Return 0, with a note, if an interval up to the horizon cannot be told, else 1."""
    row = rows
    while row != 0:
        begin = m[row + BEGIN]
        if begin == NONE:
            note(m, clock, NO_BEGIN)
            return 0
        if begin <= m[clock + HORIZON] and m[row + UNTIL] != NONE and m[row + UNTIL] < begin:
            note(m, clock, ENDS_FIRST)
            return 0
        row = m[row + NEXT]
    return 1


def put_restarts(m: Memory, clock: int, rows: int) -> int:
    """Let the first interval stop a clock and begin it anew; note the others. What was over by the start does not."""
    first = 0
    told = 0
    row = rows
    while row != 0:
        if m[row + BEGIN] <= m[clock + HORIZON] and (m[row + UNTIL] == NONE or m[row + UNTIL] > m[clock + FIRST_START]):
            told += 1
            if first == 0 or m[row + BEGIN] < m[first + BEGIN]:
                first = row
        row = m[row + NEXT]
    if first != 0:
        reason = m[first + REASON] if m[first + REASON] != NONE else m[EMPTY]
        notify(m, clock, m[first + BEGIN], m[first + UNTIL], 1, reason)
    if told > 1:
        note(m, clock, NOTICE_REPEATED)
    return clock


def have_amounts(m: Memory, clock: int, rows: int) -> int:
    """Return 0, with a note, if an extension up to the horizon does not say when, or by how much, else 1."""
    row = rows
    while row != 0:
        at = m[row + GRANTED]
        if at == NONE or (at <= m[clock + HORIZON] and m[row + MORE] == NONE):
            note(m, clock, NO_AMOUNT)
            return 0
        row = m[row + NEXT]
    return 1


def put_extensions(m: Memory, clock: int, rows: int) -> int:
    """Extend a clock by what was granted up to its horizon, in the order of time."""
    at = first_after(m, rows, NONE, m[clock + HORIZON])
    while at != NONE:
        row = rows
        while row != 0:
            if m[row + GRANTED] == at:
                papers_before(m, clock, at)
                extend(m, clock, at, m[row + MORE], m[row + ASKED])
            row = m[row + NEXT]
        at = first_after(m, rows, at, m[clock + HORIZON])
    return clock


def first_after(m: Memory, rows: int, at: int, last: int) -> int:
    """Return when the first extension was granted after an instant, up to the last; `NONE` if none was."""
    found = NONE
    row = rows
    while row != 0:
        granted = m[row + GRANTED]
        if granted > at and granted <= last and (found == NONE or granted < found):
            found = granted
        row = m[row + NEXT]
    return found


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


# --- how it stands --------------------------------------------------------------------------------------------------


def worked(m: Memory, clock: int, done: int) -> int:
    """Return the time used."""
    if m[clock + DUE] == NONE:
        return NONE
    start = m[clock + FIRST_START]
    return net_time(m, clock, start, most(m, start, m[clock + HORIZON]))


def remaining(m: Memory, clock: int) -> int:
    """Return the time left, never below 0."""
    if m[clock + DUE] == NONE:
        return NONE
    return most(m, 0, net_time(m, clock, most(m, m[clock + START], m[clock + HORIZON]), m[clock + DUE]))


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
