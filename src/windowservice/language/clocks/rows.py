"""The rows that a clock takes, in whole numbers: intervals and extensions, as `running` beside it has them.

They are linked nodes of the next one and three values; of an interval, begin, end and the code of the reason.
"""

from __future__ import annotations

from typing import Final

from windowservice.worktime.integers.memory import END, NONE, Memory, take

__all__ = ["between_marks", "joined", "never", "no_rows", "with_extension", "with_row"]

# --- an interval ----------------------------------------------------------------------------------------------------

NEXT: Final = 0
BEGIN: Final = 1
UNTIL: Final = 2
REASON: Final = 3
ROW_WORDS: Final = 4

# --- an extension, which is as long ---------------------------------------------------------------------------------

GRANTED: Final = 1
MORE: Final = 2
ASKED: Final = 3

# --- a mark ---------------------------------------------------------------------------------------------------------

MARK_BEGINS: Final = 1
MARK_BEGIN: Final = 2
MARK_REASON: Final = 3
MARK_ENDS: Final = 4
MARK_END: Final = 5


def no_rows(m: Memory) -> int:
    """Return no intervals."""
    return 0


def with_row(m: Memory, rows: int, begin: int, end: int, reason: int) -> int:
    """Return intervals with one more, unless it neither began nor ended."""
    if begin == NONE and end == NONE:
        return rows
    return put_row(m, rows, begin, end, reason)


def with_extension(m: Memory, rows: int, at: int, limit: int, asked: int) -> int:
    """Return extensions with one more, unless it was not granted."""
    return rows if at == NONE else put_row(m, rows, at, limit, asked)


def never(m: Memory) -> int:
    """Return no instant."""
    return NONE


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
