"""Calendars, limits and sets of words put down in a memory, where the texts in whole numbers find them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final

from windowservice.worktime.integers.calendar import PIECE_WORDS
from windowservice.worktime.integers.limits import (
    BOOKED,
    CALENDAR_DAYS,
    EARLIEST_OF,
    ELAPSED,
    MONTHS,
    SAME_WORKING_DAY,
    WORKING_DAYS,
    WORKING_TIME,
)
from windowservice.worktime.integers.memory import HEAD, NONE
from windowservice.worktime.limits.kinds.booked import Booked
from windowservice.worktime.limits.kinds.civil_days import CalendarDays, Months
from windowservice.worktime.limits.kinds.elapsed import Elapsed
from windowservice.worktime.limits.kinds.kind import EarliestOf, Kind
from windowservice.worktime.limits.kinds.open_time import WorkingTime
from windowservice.worktime.limits.kinds.workdays import SameWorkingDay, WorkingDays

if TYPE_CHECKING:
    from windowservice.worktime.calendar import WorkCalendar
    from windowservice.worktime.limits.limit import Limit
    from windowservice.worktime.table import Table

__all__ = ["Layout"]

_KINDS: Final[dict[type[Kind], int]] = {
    WorkingTime: WORKING_TIME,
    WorkingDays: WORKING_DAYS,
    SameWorkingDay: SAME_WORKING_DAY,
    CalendarDays: CALENDAR_DAYS,
    Months: MONTHS,
    Elapsed: ELAPSED,
    Booked: BOOKED,
    EarliestOf: EARLIEST_OF,
}
_UNKNOWN: Final = 0
"""The code of a kind that no text counts: the texts doubt."""
_EVER: Final = 1 << 62


class Layout:
    """A memory that grows, its head first; what is put down twice stands once.

    Args:
        begin, end: the instants, in microseconds UTC, of which a calendar holds all: of starts, stops and ``as_of``,
            with room for the limits that start there. Beyond, the texts doubt.

    Attributes:
        memory: the words so far.
    """

    def __init__(self, begin: int, end: int) -> None:
        self.memory: list[int] = [0] * HEAD
        self._begin, self._end = begin, end
        # by identity, with the object so that it lives on: hashing a limit costs more than the rest
        self._calendars: dict[int, tuple[WorkCalendar, int]] = {}
        self._limits: dict[int, tuple[Limit, int]] = {}

    def put(self, words: Iterable[int]) -> int:
        """Put words down and return the pointer to the first."""
        found = len(self.memory)
        self.memory.extend(words)
        return found

    def texts(self, codes: Iterable[int]) -> int:
        """Put down a set of texts, by the codes of the words."""
        node = 0
        for code in codes:
            node = self.put((code, node))
        return node

    def calendar(self, calendar: WorkCalendar) -> int:
        """Put down a calendar."""
        known = self._calendars.get(id(calendar))
        if known is None:
            refuses = calendar.known.on_unknown == "raise"
            known = calendar, self._table(calendar.table, refuses=refuses)
            self._calendars[id(calendar)] = known
        return known[1]

    def limit(self, limit: Limit) -> int:
        """Put down a limit, its parts with it."""
        known = self._limits.get(id(limit))
        if known is None:
            first, second = [self.limit(part) for part in limit.parts] or (0, 0)
            known = self._limits[id(limit)] = limit, self.put(_limit_words(limit, first, second))
        return known[1]

    def _table(self, table: Table, *, refuses: bool) -> int:
        frame = table.reaching(self._begin, self._end)
        day, offsets = frame.first_day, frame.offsets
        starts, spans = offsets.segments
        by_time = self._pieces(frame.opens, frame.closes, frame.before, frame.owners)
        own = [piece for pieces in frame.owned for piece in pieces]
        in_order = all(before <= after for before, after in pairwise(frame.owners))
        owned = by_time if in_order else self._pieces(*zip(*own, strict=True)) if own else by_time
        ends = accumulate((PIECE_WORDS * len(pieces) for pieces in frame.owned), initial=owned)
        missing = table.missing
        block = [
            frame.first_day,
            frame.last_day,
            frame.begin,
            frame.end,
            frame.low,
            frame.high,
            self.put([by_time + PIECE_WORDS * place for place in frame.by_time]) - frame.time_base,
            self.put([by_time + PIECE_WORDS * place for place in frame.by_work]) - frame.work_base,
            self.put(frame.counts) - day,
            self.put(frame.workdays) - frame.counts[0],
            frame.counts[0],
            frame.counts[0] + len(frame.workdays),
            self.put(ends) - day,
            len(starts),
            self.put(starts),
            self.put(spans),
            self.put(_turns(starts, spans)),
            offsets.end,
            -_EVER if table.known_from is None else table.known_from,
            _EVER if table.known_until is None else table.known_until,
            int(refuses),
            self.put(missing),
            len(missing),
            int(in_order),
            _more_tries(frame.by_time, bisect_right(frame.closes, frame.end)),
            _more_tries(frame.by_work, bisect_left(frame.before, frame.high, 1) - 1),
        ]
        return self.put(block)

    def _pieces(self, opens: Iterable[int], closes: Iterable[int], *more: Iterable[int]) -> int:
        columns = [list(column) for column in (opens, closes, *more)]
        flat = [0] * (PIECE_WORDS * len(columns[0]))
        for place, column in enumerate(columns):
            flat[place::PIECE_WORDS] = column
        return self.put(flat)


def _more_tries(first: list[int], last: int) -> int:
    """Return by how many pieces more than one the first to try in a bucket is at most away from the one meant."""
    return max(1, *(after - before for before, after in pairwise((*first, last)))) - 1


def _turns(starts: list[int], offsets: list[int]) -> list[int]:
    """Return the wall times from which the offset of the next span counts."""
    return [start + max(change) for start, change in zip(starts[1:], pairwise(offsets), strict=True)]


def _limit_words(limit: Limit, first: int, second: int) -> list[int]:
    kind = limit.kind
    words = [
        _KINDS.get(kind, _UNKNOWN),
        limit.amount,
        NONE if limit.at is None else limit.at,
        limit.same_time,
        limit.roll,
        limit.before,
        first,
        second,
        _KINDS.get(kind.unit(), _UNKNOWN),
        limit.needs_slot,
        kind.booked,
        kind.own_day,
        kind.whole_days,
        kind.by_date,
        kind.by_calendar,
        kind.real_time,
    ]
    return [int(word) for word in words]
