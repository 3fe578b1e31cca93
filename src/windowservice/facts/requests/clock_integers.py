"""The clock of a request in whole numbers, as `windowservice.facts.requests.clock_kernel` runs it.

The events that concern it come as rows in their order: linked nodes of the next one, the instant, and the codes of
kind, reason and amount, with whether it was written before the last.
"""

from __future__ import annotations

from typing import Final

from windowservice.worktime.integers.bounds import bounds
from windowservice.worktime.integers.clock import FIRST_START, HORIZON, PIECE_COUNT, new_clock
from windowservice.worktime.integers.limits import BACKWARDS, IS_BOOKED
from windowservice.worktime.integers.memory import (
    CIVIL,
    DOUBT,
    EMPTY,
    LIMIT_OF,
    NONE,
    WORDS,
    Memory,
    calendar_named,
)
from windowservice.worktime.integers.replay import NAMED as CLOCK_NAMES
from windowservice.worktime.integers.replay import (
    NEXT_FREE,
    NOTICE_REPEATED,
    SUPPLEMENT,
    extend,
    notify,
    outcome,
    papers_before,
    watch,
)
from windowservice.worktime.integers.standing import (
    at_risk,
    net_open_time,
    stopped_open_time,
    time_allowed,
    time_used,
)
from windowservice.worktime.integers.stops import note, own, stop

__all__ = ["NAMED", "at_risk", "request_clock", "stopped_for", "time_allowed", "time_used", "worked_on"]

# --- words of the head ----------------------------------------------------------------------------------------------

SUSPENDED: Final = NEXT_FREE
RESUMED: Final = NEXT_FREE + 1
NOTIFIED: Final = NEXT_FREE + 2
SUPPLEMENTED: Final = NEXT_FREE + 3
REQUESTED: Final = NEXT_FREE + 4
APPROVED: Final = NEXT_FREE + 5
RESTART: Final = NEXT_FREE + 6
NO_SUPPLEMENT: Final = NEXT_FREE + 7
NAMED: Final[dict[int, str | frozenset[str]]] = {
    **CLOCK_NAMES,
    SUSPENDED: "suspended",
    RESUMED: "resumed",
    NOTIFIED: "notified",
    SUPPLEMENTED: "supplemented",
    REQUESTED: "extension_requested",
    APPROVED: "extended",
    RESTART: "restart",
    NO_SUPPLEMENT: "none",
}
"""What stands there: a word, or a set of words, whose codes whoever lays out a memory puts into its head."""

# --- a row ----------------------------------------------------------------------------------------------------------

NEXT: Final = 0
ROW_AT: Final = 1
ROW_KIND: Final = 2
ROW_REASON: Final = 3
ROW_WRITTEN: Final = 4
ROW_AMOUNT: Final = 5


def request_clock(
    m: Memory, start: int, limit: int, rows: int, done: int, policy: int, local: int, name: int, slot_end: int,
    grace: int, as_of: int,
) -> int:  # fmt: skip
    """Return the clock of a request; `NONE` if it ends with a booked slot that there is not.

    Args:
        m: the memory.
        start: the start, or the planned instant.
        limit: the limit.
        rows: the events that concern it.
        done: first completion, or `NONE`.
        policy: the code of what completing the papers does; a restart if it is not said.
        local: the set of reasons that stop the clock beside the statutory ones; `NONE` for any.
        name: the code of the name of a calendar, or `NONE`.
        slot_end: the end of the booked slot, or `NONE`.
        grace: what the service adds to it, or `NONE`.
        as_of: nothing later is seen.
    """
    calendar = calendar_named(m, name)
    booked_until = slot_end if slot_end == NONE or grace == NONE else slot_end + grace
    if m[limit + IS_BOOKED] == 1 and booked_until == NONE:
        return NONE
    clock = new_clock(m, limit, calendar if calendar != 0 else m[CIVIL], start, booked_until)
    if m[DOUBT] == 1:
        return clock
    watch(m, clock, as_of, done, count_of(m, rows, m[SUSPENDED]))
    if m[DOUBT] == 1:
        return clock
    put_stops(m, clock, rows, local)
    if m[limit + BACKWARDS] == 1 or m[limit + IS_BOOKED] == 1:
        m[clock + PIECE_COUNT] = 0
        return bounds(m, clock)  # nothing moves it
    if policy != m[NO_SUPPLEMENT]:
        restarts = 1 if policy == NONE or policy == m[EMPTY] or policy == m[RESTART] else 0
        put_notices(m, clock, rows, restarts)
    put_extensions(m, clock, rows)
    papers_before(m, clock, m[clock + HORIZON] + 1)
    return outcome(m, clock)


def put_stops(m: Memory, clock: int, rows: int, local: int) -> int:
    """Let the stops that the events tell of stop a clock."""
    row = rows
    while row != 0:
        if m[row + ROW_KIND] == m[SUSPENDED]:
            reason = m[row + ROW_REASON] if m[row + ROW_REASON] != NONE else m[EMPTY]
            stop(m, clock, m[row + ROW_AT], end_of(m, row, reason), reason, m[row + ROW_WRITTEN], local)
        row = m[row + NEXT]
    return own(m, clock)


def end_of(m: Memory, row: int, reason: int) -> int:
    """Return when a stop ends: at the next `resumed` that names its reason or none; `NONE` while it lasts."""
    later = m[row + NEXT]
    while later != 0:
        if m[later + ROW_KIND] == m[RESUMED] and (m[later + ROW_REASON] == NONE or m[later + ROW_REASON] == reason):
            return m[later + ROW_AT]
        later = m[later + NEXT]
    return NONE


def put_notices(m: Memory, clock: int, rows: int, restarts: int) -> int:
    """Give a clock the first notice of missing papers that were not complete by the start; note the others."""
    row = rows
    told = 0
    while row != 0:
        if m[row + ROW_KIND] == m[NOTIFIED]:
            completed = answer_to(m, row)
            if completed == NONE or completed > m[clock + FIRST_START]:
                told += 1
                if told == 1:
                    notify(m, clock, m[row + ROW_AT], completed, restarts, m[SUPPLEMENT])
                elif m[row + ROW_AT] <= m[clock + HORIZON]:
                    note(m, clock, NOTICE_REPEATED)
        row = m[row + NEXT]
    return clock


def answer_to(m: Memory, row: int) -> int:
    """Return when papers were complete: at the first `supplemented` after a notice; `NONE` while they are not."""
    later = m[row + NEXT]
    while later != 0:
        if m[later + ROW_KIND] == m[SUPPLEMENTED]:
            return m[later + ROW_AT]
        later = m[later + NEXT]
    return NONE


def put_extensions(m: Memory, clock: int, rows: int) -> int:
    """Extend a clock by what was approved up to its horizon; it was asked for at the last request before."""
    row = rows
    asked = NONE
    while row != 0 and m[row + ROW_AT] <= m[clock + HORIZON]:
        at = m[row + ROW_AT]
        if m[row + ROW_KIND] == m[REQUESTED]:
            asked = at
        elif m[row + ROW_KIND] == m[APPROVED] and m[row + ROW_AMOUNT] != NONE:
            more = limit_of(m, m[row + ROW_AMOUNT])
            if more != 0:  # else it is no limit and approves nothing
                papers_before(m, clock, at)
                extend(m, clock, at, more, asked)
        row = m[row + NEXT]
    return clock


def limit_of(m: Memory, text: int) -> int:
    """Return the limit of a text by its code, 0 if it is none; with doubt for a word that no table holds."""
    if text >= m[WORDS]:
        m[DOUBT] = 1
        return 0
    return m[m[LIMIT_OF] + text]


def count_of(m: Memory, rows: int, kind: int) -> int:
    """Return how many events are of a kind."""
    row = rows
    found = 0
    while row != 0:
        if m[row + ROW_KIND] == kind:
            found += 1
        row = m[row + NEXT]
    return found


def worked_on(m: Memory, clock: int, done: int) -> int:
    """Return the open time that a matter took so far, stops taken out."""
    return net_open_time(m, clock)


def stopped_for(m: Memory, clock: int, done: int) -> int:
    """Return the open time for which a clock was stopped so far."""
    return stopped_open_time(m, clock)
