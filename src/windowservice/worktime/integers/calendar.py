"""Open time, workdays and the wall clock of one calendar, as `windowservice.worktime.table.Table` has them.

A calendar is a block whose words are named here; `windowservice.worktime.integers.layout` puts them down. Whatever lies
outside the days laid out sets `DOUBT` and stands for the nearest that is held, so that no read goes astray.
"""

from __future__ import annotations

from typing import Final

from windowservice.instants import DAY
from windowservice.worktime.frame import EPOCH_ORDINAL, SHIFT
from windowservice.worktime.integers.memory import DOUBT, NONE, Memory, least, most
from windowservice.worktime.table import NEVER_OPEN

__all__ = [
    "at_wall_clock", "business_date", "civil_days_on", "date_of", "end_of_date", "end_of_workday", "first_open",
    "instant_at", "is_known", "is_workday", "last_close_of", "last_instant_at", "midnight", "next_open", "nth_workday",
    "open_before", "own_end", "touches", "wall_clock", "workdays_before",
]  # fmt: skip

# --- the block of a calendar; "shifted" tables are pointers less the first key, so that a key is an index ---------

FIRST_DAY: Final = 0
LAST_DAY: Final = 1
"""The first day that is not held."""
FIRST_INSTANT: Final = 2
LAST_INSTANT: Final = 3
LEAST_WORK: Final = 4
MOST_WORK: Final = 5
BY_TIME: Final = 6
"""Shifted: the first piece to try for an instant, by ``t >> SHIFT``."""
BY_WORK: Final = 7
"""Shifted: the first piece to try for an open time, by ``w >> SHIFT``."""
COUNTS: Final = 8
"""Shifted: the workdays before a day."""
WORKDAYS: Final = 9
"""Shifted: the workday by number."""
FIRST_NUMBER: Final = 10
LAST_NUMBER: Final = 11
"""The first number of a workday that is not held."""
OWNED: Final = 12
"""Shifted: the first piece that a day owns; they end where those of the next day begin."""
SEGMENTS: Final = 13
"""How many spans of constant offset there are."""
STARTS: Final = 14
OFFSETS: Final = 15
TURNS: Final = 16
"""The wall times from which the offset of the next span counts."""
LAST_START: Final = 17
"""The end of the last span."""
KNOWN_FROM: Final = 18
KNOWN_UNTIL: Final = 19
REFUSES: Final = 20
"""1 if results beyond the known days are refused."""
MISSING: Final = 21
MISSING_COUNT: Final = 22
"""The civil dates that the zone skipped, and how many they are."""
IN_ORDER: Final = 23
"""1 if days own their pieces in the order of time, as nearly everywhere."""
MORE_BY_TIME: Final = 24
MORE_BY_WORK: Final = 25
"""By how many pieces beyond one the first to try, for an instant and an open time, is at most off.

As many are tried always: a processor does not guess well when to stop.
"""

# --- a piece of open time; pieces stand in the order of time, or in that of their days -----------------------------

OPENS: Final = 0
CLOSES: Final = 1
BEFORE: Final = 2
OWNER: Final = 3
PIECE_WORDS: Final = 4


# --- instants and open time -----------------------------------------------------------------------------------------


def held_instant(m: Memory, calendar: int, t: int) -> int:
    """Return the instant if it is held, else one that is, with doubt."""
    if t >= m[calendar + FIRST_INSTANT] and t < m[calendar + LAST_INSTANT]:
        return t
    m[DOUBT] = 1
    return m[calendar + FIRST_INSTANT]


def piece_at(m: Memory, calendar: int, t: int) -> int:
    """Return the first piece that closes after the instant."""
    held = held_instant(m, calendar, t)
    piece = m[m[calendar + BY_TIME] + (held >> SHIFT)]
    piece += PIECE_WORDS if m[piece + CLOSES] <= held else 0
    for _ in range(m[calendar + MORE_BY_TIME]):
        piece += PIECE_WORDS if m[piece + CLOSES] <= held else 0
    return piece


def open_before(m: Memory, calendar: int, t: int) -> int:
    """Return the open time before the instant, counted from a point that is fixed for the calendar."""
    piece = piece_at(m, calendar, t)
    inside = t - m[piece + OPENS]
    return m[piece + BEFORE] + most(m, inside, 0)


def instant_at(m: Memory, calendar: int, w: int) -> int:
    """Return the earliest instant before which so much open time lies."""
    held = m[calendar + MOST_WORK]
    if w > m[calendar + LEAST_WORK] and w <= held:
        held = w
    else:
        m[DOUBT] = 1
    piece = m[m[calendar + BY_WORK] + (held >> SHIFT)]
    piece += PIECE_WORDS if m[piece + PIECE_WORDS + BEFORE] < held else 0
    for _ in range(m[calendar + MORE_BY_WORK]):
        piece += PIECE_WORDS if m[piece + PIECE_WORDS + BEFORE] < held else 0
    return m[piece + OPENS] + held - m[piece + BEFORE]


def last_instant_at(m: Memory, calendar: int, w: int) -> int:
    """Return the latest instant before which so much open time lies; it is open."""
    held = w
    if w < m[calendar + LEAST_WORK] or w >= m[calendar + MOST_WORK]:
        m[DOUBT] = 1
        held = m[calendar + LEAST_WORK]
    piece = m[m[calendar + BY_WORK] + (held >> SHIFT)]
    piece += PIECE_WORDS if m[piece + PIECE_WORDS + BEFORE] <= held else 0
    for _ in range(m[calendar + MORE_BY_WORK]):
        piece += PIECE_WORDS if m[piece + PIECE_WORDS + BEFORE] <= held else 0
    return m[piece + OPENS] + held - m[piece + BEFORE]


def next_open(m: Memory, calendar: int, t: int) -> int:
    """Return the instant itself if it is open, else the next opening."""
    opening = m[piece_at(m, calendar, t) + OPENS]
    if opening <= t:
        return t
    if opening >= m[calendar + LAST_INSTANT]:
        m[DOUBT] = 1
        return m[calendar + FIRST_INSTANT]
    return opening


def business_date(m: Memory, calendar: int, t: int) -> int:
    """Return the day that owns the session containing the instant, or else the next session."""
    return m[piece_at(m, calendar, next_open(m, calendar, t)) + OWNER]


# --- the wall clock -------------------------------------------------------------------------------------------------


def up_to(m: Memory, array: int, count: int, value: int) -> int:
    """Return how many numbers of an ascending array are at most the value."""
    low = 0
    high = count
    while low < high:
        middle = (low + high) >> 1
        if value < m[array + middle]:
            high = middle
        else:
            low = middle + 1
    return low


def offset_at(m: Memory, calendar: int, t: int) -> int:
    """Return the offset from UTC at an instant that is held."""
    if m[calendar + SEGMENTS] == 1:
        return m[m[calendar + OFFSETS]]
    segment = up_to(m, m[calendar + STARTS], m[calendar + SEGMENTS], t)
    return m[m[calendar + OFFSETS] + most(m, segment - 1, 0)]


def date_of(m: Memory, calendar: int, t: int) -> int:
    """Return the civil date of the instant."""
    held = held_instant(m, calendar, t)
    return (held + offset_at(m, calendar, held)) // DAY + EPOCH_ORDINAL


def wall_clock(m: Memory, calendar: int, t: int) -> int:
    """Return what the wall clock shows, in microseconds after 00:00."""
    return (t + offset_at(m, calendar, t)) % DAY


def first_at_or_after(m: Memory, calendar: int, wall: int) -> int:
    """Return the first instant at which the wall clock shows a wall time, or if it skips that, the first beyond."""
    starts = m[calendar + STARTS]
    count = m[calendar + SEGMENTS]
    before = up_to(m, starts, count, wall - 2 * DAY)
    for segment in range(most(m, before - 1, 0), count):
        instant = most(m, wall - m[m[calendar + OFFSETS] + segment], m[starts + segment])
        if instant < (m[starts + segment + 1] if segment + 1 < count else m[calendar + LAST_START]):
            return instant
    m[DOUBT] = 1
    return m[calendar + FIRST_INSTANT]


def at_wall_clock(m: Memory, calendar: int, day: int, clock: int) -> int:
    """Return the first instant at which the wall clock shows a time of day, or the first beyond a skipped hour."""
    wall = (day - EPOCH_ORDINAL) * DAY + clock
    if m[calendar + SEGMENTS] == 1:
        return wall - m[m[calendar + OFFSETS]]
    turned = up_to(m, m[calendar + TURNS], m[calendar + SEGMENTS] - 1, wall)
    offset = m[m[calendar + OFFSETS] + turned]
    if offset_at(m, calendar, wall - offset) == offset:
        return wall - offset
    return first_at_or_after(m, calendar, wall)


def midnight(m: Memory, calendar: int, day: int) -> int:
    """Return the instant at which the civil date begins."""
    return first_at_or_after(m, calendar, (held_day(m, calendar, day) - EPOCH_ORDINAL) * DAY)


# --- days -----------------------------------------------------------------------------------------------------------


def held_day(m: Memory, calendar: int, day: int) -> int:
    """Return the day if it is held, else one that is, with doubt."""
    if day >= m[calendar + FIRST_DAY] and day < m[calendar + LAST_DAY]:
        return day
    m[DOUBT] = 1
    return m[calendar + FIRST_DAY]


def first_piece(m: Memory, calendar: int, day: int) -> int:
    """Return the first piece of a day; it is also that of the next one if the day owns none."""
    return m[m[calendar + OWNED] + held_day(m, calendar, day)]


def end_of_pieces(m: Memory, calendar: int, day: int) -> int:
    """Return where the pieces of a day end."""
    return m[m[calendar + OWNED] + held_day(m, calendar, day) + 1]


def is_workday(m: Memory, calendar: int, day: int) -> int:
    """Return 1 if the date owns open time, else 0."""
    return 1 if first_piece(m, calendar, day) < end_of_pieces(m, calendar, day) else 0


def first_open(m: Memory, calendar: int, day: int) -> int:
    """Return the first opening of a workday."""
    return m[first_piece(m, calendar, day) + OPENS]


def last_close_of(m: Memory, calendar: int, day: int) -> int:
    """Return the last close of a workday."""
    return m[end_of_pieces(m, calendar, day) - PIECE_WORDS + CLOSES]


def end_of_workday(m: Memory, calendar: int, day: int, clock: int, keep: int) -> int:
    """Return when a workday ends: at its last close, or at a time of day; as `Table.end_of_workday`."""
    close = last_close_of(m, calendar, day)
    if clock == NONE:
        return close
    end = at_wall_clock(m, calendar, day, clock)
    opening = first_open(m, calendar, day)
    if end <= opening:
        return opening if keep == 1 else close
    return least(m, end, close)


def own_end(m: Memory, calendar: int, day: int, clock: int) -> int:
    """Return when a date ends, as `end_of_workday`; for a rest day an instant before all others."""
    return end_of_workday(m, calendar, day, clock, 0) if is_workday(m, calendar, day) == 1 else NEVER_OPEN


def end_of_date(m: Memory, calendar: int, day: int) -> int:
    """Return when a civil date ends: at its last close, or at 24:00 if it owns no open time."""
    if is_workday(m, calendar, day) == 1:
        return last_close_of(m, calendar, day)
    return midnight(m, calendar, day + 1)


def touches(m: Memory, calendar: int, day: int, begin: int, end: int) -> int:
    """Return 1 if the span ``[begin, end)`` overlaps open time that the day owns, else 0."""
    piece = first_piece(m, calendar, day)
    last = end_of_pieces(m, calendar, day)
    while piece < last:
        if begin < m[piece + CLOSES] and m[piece + OPENS] < end:
            return 1
        piece += PIECE_WORDS
    return 0


def workdays_before(m: Memory, calendar: int, day: int) -> int:
    """Return the number of workdays strictly before the date."""
    return m[m[calendar + COUNTS] + held_day(m, calendar, day)]


def nth_workday(m: Memory, calendar: int, number: int) -> int:
    """Return the workday with so many before it."""
    held = number
    if number < m[calendar + FIRST_NUMBER] or number >= m[calendar + LAST_NUMBER]:
        m[DOUBT] = 1
        held = m[calendar + LAST_NUMBER] - 1
    return m[m[calendar + WORKDAYS] + held]


def is_known(m: Memory, calendar: int, day: int) -> int:
    """Return 1 if the hours of the date are known rather than assumed, else 0."""
    return 1 if day >= m[calendar + KNOWN_FROM] and day <= m[calendar + KNOWN_UNTIL] else 0


def dates_skipped(m: Memory, calendar: int, first: int, last: int) -> int:
    """Return how many dates from the first to the last the zone skipped."""
    found = 0
    for place in range(m[calendar + MISSING_COUNT]):
        day = m[m[calendar + MISSING] + place]
        if day >= first and day <= last:
            found += 1
    return found


def civil_days_on(m: Memory, calendar: int, day: int, count: int) -> int:
    """Return the date that lies so many civil dates after a date, or before it if negative; skipped dates are none."""
    last = day + count
    missing = m[calendar + MISSING]
    number = m[calendar + MISSING_COUNT]
    for place in range(number):
        if count > 0:
            one = m[missing + place]
            if one > day and one <= last:
                last += 1
        else:
            one = m[missing + number - 1 - place]
            if one >= last and one < day:
                last -= 1
    return last
