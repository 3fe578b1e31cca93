"""The clock of one matter under stops, a notice and extensions, as `windowservice.worktime.clock.replay` runs it.

Notices and extensions are given in the order in which they happened.
"""

from __future__ import annotations

from typing import Final

from windowservice.worktime.clock.stops import WAITING_FOR_PAPERS, Code
from windowservice.worktime.integers.bounds import bounds
from windowservice.worktime.integers.clock import (
    ANSWER_LAST,
    COMPLETED,
    DAY,
    DUE,
    EXTENDED,
    EXTRA,
    FIRST_START,
    HORIZON,
    LIMIT,
    PIECE_COUNT,
    PIECES,
    RESTARTS,
    START,
    STOP_BEGIN,
    STOP_SPLIT,
    STOP_WORDS,
    TOLD,
    WAITING,
    WAITS_FOR,
    begin_at,
)
from windowservice.worktime.integers.limits import AMOUNT, BACKWARDS, FIRST_PART, KIND, UNIT
from windowservice.worktime.integers.memory import DOUBT, FREE, NONE, Memory, take
from windowservice.worktime.integers.reach import reach
from windowservice.worktime.integers.stops import NAMED as STOP_NAMES
from windowservice.worktime.integers.stops import add_stop, note, own

__all__ = ["NAMED", "extend", "notify", "outcome", "papers_before", "watch"]

# --- words of the head ----------------------------------------------------------------------------------------------

SUPPLEMENT: Final = FREE + 3
STOP_AFTER_DUE: Final = FREE + 4
NOTICE_AFTER_DUE: Final = FREE + 5
NOTICE_REPEATED: Final = FREE + 6
EXTENSION_AFTER_DUE: Final = FREE + 7
EXTENSION_ASKED_LATE: Final = FREE + 8
EXTENSION_OTHER_UNIT: Final = FREE + 9
EXTENSION_REPEATED: Final = FREE + 10
EXTENSION_LAPSED: Final = FREE + 11
NEXT_FREE: Final = FREE + 12
NAMED: Final[dict[int, str | frozenset[str]]] = {
    **STOP_NAMES,
    SUPPLEMENT: WAITING_FOR_PAPERS,
    STOP_AFTER_DUE: str(Code.STOP_AFTER_DUE),
    NOTICE_AFTER_DUE: str(Code.NOTICE_AFTER_DUE),
    NOTICE_REPEATED: str(Code.NOTICE_REPEATED),
    EXTENSION_AFTER_DUE: str(Code.EXTENSION_AFTER_DUE),
    EXTENSION_ASKED_LATE: str(Code.EXTENSION_ASKED_LATE),
    EXTENSION_OTHER_UNIT: str(Code.EXTENSION_OTHER_UNIT),
    EXTENSION_REPEATED: str(Code.EXTENSION_REPEATED),
    EXTENSION_LAPSED: str(Code.EXTENSION_LAPSED),
}
"""What stands there."""

_NEVER: Final = 1 << 62


def watch(m: Memory, clock: int, as_of: int, done: int, stops: int) -> int:
    """Begin to run a clock.

    Args:
        m: the memory.
        clock: a new clock.
        as_of: nothing later is seen; `NONE` sees all.
        done: first completion, or `NONE`.
        stops: how many stops there are at most; there is room for the wait for papers beside them.
    """
    horizon = _NEVER if as_of == NONE else as_of
    m[clock + HORIZON] = done if done != NONE and done < horizon else horizon
    m[clock + FIRST_START] = m[clock + START]
    m[clock + WAITING] = 0
    m[clock + TOLD] = NONE
    m[clock + COMPLETED] = NONE
    m[clock + ANSWER_LAST] = 0
    m[clock + RESTARTS] = 0
    m[clock + EXTENDED] = 0
    m[clock + PIECES] = take(m, (stops + 1) * STOP_WORDS)
    return clock


# --- what happens; at one instant a completion comes first, then an extension, then a notice -----------------------


def notify(m: Memory, clock: int, told: int, completed: int, restarts: int, reason: int) -> int:
    """Remember the first notice of missing papers; it acts when its time comes, and stops the clock for a reason."""
    m[clock + WAITS_FOR] = reason
    m[clock + TOLD] = told
    m[clock + COMPLETED] = completed
    m[clock + ANSWER_LAST] = 1 if told == completed else 0
    m[clock + RESTARTS] = restarts
    return clock


def papers_before(m: Memory, clock: int, at: int) -> int:
    """Let the notice and its completion act, as far as they come before whatever else happens at an instant."""
    told = m[clock + TOLD]
    if told != NONE and told < at:
        m[clock + TOLD] = NONE
        wait(m, clock, told)
    completed = m[clock + COMPLETED]
    if completed != NONE and completed <= m[clock + HORIZON] and completed < at + 1 - m[clock + ANSWER_LAST]:
        m[clock + COMPLETED] = NONE
        complete(m, clock, completed)
    return clock


def wait(m: Memory, clock: int, told: int) -> int:
    """Open the wait for papers, if the notice comes strictly before the due."""
    if told >= reach(m, clock):
        return note(m, clock, NOTICE_AFTER_DUE)
    m[clock + WAITING] = 1
    until = m[clock + HORIZON]
    if m[clock + COMPLETED] != NONE and m[clock + COMPLETED] < until:
        until = m[clock + COMPLETED]
    if told < until:
        add_stop(m, clock, told, until, m[clock + WAITS_FOR])
        own(m, clock)
    return clock


def complete(m: Memory, clock: int, completed: int) -> int:
    """End the wait; the limit begins anew if the service has it so."""
    if m[clock + WAITING] == 0:
        return clock
    m[clock + WAITING] = 0
    if m[clock + RESTARTS] == 1 and completed > m[clock + FIRST_START]:
        if m[clock + EXTRA] != 0:
            note(m, clock, EXTENSION_LAPSED)
        m[clock + EXTRA] = 0
        begin_at(m, clock, completed)
    return clock


def extend(m: Memory, clock: int, approved: int, more: int, asked: int) -> int:
    """Add an extension, a limit, that was approved and asked for then (`NONE`: not recorded), unless it is void."""
    limit = m[clock + LIMIT]
    if m[limit + UNIT] != m[more + KIND] or m[more + BACKWARDS] == 1 or m[limit + FIRST_PART] != 0:
        return note(m, clock, EXTENSION_OTHER_UNIT)
    due = reach(m, clock)
    if approved > due:
        return note(m, clock, EXTENSION_AFTER_DUE)
    if asked != NONE and (asked >= due or asked > approved):
        return note(m, clock, EXTENSION_ASKED_LATE)
    if m[clock + EXTENDED] == 1:
        return note(m, clock, EXTENSION_REPEATED)
    m[clock + EXTENDED] = 1
    m[clock + EXTRA] = m[more + AMOUNT]
    return clock


# --- what came of it ------------------------------------------------------------------------------------------------


def outcome(m: Memory, clock: int) -> int:
    """Leave in a clock how it stands at the horizon; of the stops it keeps those that began before the due."""
    bounds(m, clock)
    if m[clock + WAITING] == 1 and m[clock + RESTARTS] == 1 and m[clock + DUE] <= m[clock + HORIZON]:
        begin_now(m, clock)
    counted = 0
    for number in range(m[clock + PIECE_COUNT]):
        stop = m[clock + PIECES] + number * STOP_WORDS
        if m[stop + STOP_BEGIN] >= m[clock + DUE]:
            note(m, clock, STOP_AFTER_DUE)
        else:
            counted += 1
            if m[stop + STOP_SPLIT] >= m[clock + DUE]:
                m[DOUBT] = 1  # the names of two reasons say whether a stop began after the due
    m[clock + PIECE_COUNT] = counted
    return clock


def begin_now(m: Memory, clock: int) -> int:
    """Leave the due as if the papers had come at the horizon: the wait touched no open time before the due."""
    start = m[clock + START]
    day = m[clock + DAY]
    extra = m[clock + EXTRA]
    count = m[clock + PIECE_COUNT]
    m[clock + EXTRA] = 0
    m[clock + PIECE_COUNT] = 0
    bounds(m, begin_at(m, clock, m[clock + HORIZON]))
    m[clock + START] = start
    m[clock + DAY] = day
    m[clock + EXTRA] = extra
    m[clock + PIECE_COUNT] = count
    return clock
