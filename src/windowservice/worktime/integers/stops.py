"""The stops of a clock in order and without overlap, as `windowservice.worktime.clock.stops` has them."""

from __future__ import annotations

from typing import Final

from windowservice.worktime.clock.stops import STATUTORY_REASONS, Code
from windowservice.worktime.integers.clock import (
    HORIZON,
    NOTES,
    PIECE_COUNT,
    PIECES,
    STOP_BEGIN,
    STOP_END,
    STOP_REASON,
    STOP_SPLIT,
    STOP_WORDS,
)
from windowservice.worktime.integers.memory import FREE, NONE, Memory, has, most, with_text

__all__ = ["NAMED", "add_stop", "note", "own", "stop"]

# --- words of the head ----------------------------------------------------------------------------------------------

STATUTORY: Final = FREE
"""The set of statutory reasons."""
NOT_WRITTEN: Final = FREE + 1
UNKNOWN_REASON: Final = FREE + 2
NAMED: Final[dict[int, str | frozenset[str]]] = {
    STATUTORY: STATUTORY_REASONS,
    NOT_WRITTEN: str(Code.STOP_NOT_WRITTEN),
    UNKNOWN_REASON: str(Code.STOP_UNKNOWN_REASON),
}
"""What stands there."""


def note(m: Memory, clock: int, code: int) -> int:
    """Note that something did not act, and why: the place of a word in the head."""
    m[clock + NOTES] = with_text(m, m[clock + NOTES], m[code])
    return clock


def stop(m: Memory, clock: int, begin: int, end: int, reason: int, written: int, local: int) -> int:
    """Let time stop a clock up to its horizon, if it may count; otherwise note why not.

    Args:
        m: the memory.
        clock: the clock, with room for one more stop.
        begin: when it began.
        end: the first instant that counts again; `NONE` while it lasts.
        reason: the code of its reason.
        written: 1 if the applicant was told in writing.
        local: the set of reasons that count beside the statutory ones; `NONE` for any.
    """
    horizon = m[clock + HORIZON]
    if begin > horizon:
        return clock
    if has(m, m[STATUTORY], reason) == 1:
        if written != 1:
            return note(m, clock, NOT_WRITTEN)
    elif local != NONE and has(m, local, reason) == 0:
        return note(m, clock, UNKNOWN_REASON)
    until = horizon if end == NONE or end > horizon else end
    if begin < until:
        add_stop(m, clock, begin, until, reason)
    return clock


def add_stop(m: Memory, clock: int, begin: int, end: int, reason: int) -> int:
    """Put a stop in its place among those of a clock: by their begin, the longest first."""
    first = m[clock + PIECES]
    place = first + m[clock + PIECE_COUNT] * STOP_WORDS
    while place > first and comes_later(m, place - STOP_WORDS, begin, end) == 1:
        for word in range(STOP_WORDS):
            m[place + word] = m[place - STOP_WORDS + word]
        place -= STOP_WORDS
    m[place + STOP_BEGIN] = begin
    m[place + STOP_END] = end
    m[place + STOP_REASON] = reason
    m[place + STOP_SPLIT] = NONE
    m[clock + PIECE_COUNT] += 1
    return place


def comes_later(m: Memory, place: int, begin: int, end: int) -> int:
    """Return 1 if a stop stands behind one with that begin and end, else 0."""
    if m[place + STOP_BEGIN] == begin:
        return 1 if m[place + STOP_END] < end else 0
    return 1 if m[place + STOP_BEGIN] > begin else 0


def own(m: Memory, clock: int) -> int:
    """Let each instant belong to the stop that began first, and drop stops of which nothing is left."""
    kept = m[clock + PIECES] - STOP_WORDS
    reached = NONE
    began = NONE
    for number in range(m[clock + PIECE_COUNT]):
        place = m[clock + PIECES] + number * STOP_WORDS
        begin = m[place + STOP_BEGIN]
        if m[place + STOP_END] > reached:
            kept += STOP_WORDS
            m[kept + STOP_BEGIN] = most(m, begin, reached)
            m[kept + STOP_END] = m[place + STOP_END]
            m[kept + STOP_REASON] = m[place + STOP_REASON]
            m[kept + STOP_SPLIT] = m[place + STOP_SPLIT]
            reached = m[place + STOP_END]
            began = begin
        elif begin == began and m[place + STOP_REASON] != m[kept + STOP_REASON] and m[place + STOP_END] < reached:
            m[kept + STOP_SPLIT] = most(m, m[kept + STOP_SPLIT], m[place + STOP_END])
    m[clock + PIECE_COUNT] = (kept - m[clock + PIECES]) // STOP_WORDS + 1
    return clock
