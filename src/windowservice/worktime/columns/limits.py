"""Limits in columns: where one limit ends for many starts, and how early or late it may end.

The same as `windowservice.worktime.limits.due`, row for row, over arrays of whole numbers without nulls: instants in
microseconds UTC, days as ordinals.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import attrs

from windowservice.worktime.clock.stops import Piece
from windowservice.worktime.columns.table import TableColumns
from windowservice.worktime.limits.due import reach, widened
from windowservice.worktime.limits.kinds.kind import Start, Starts
from windowservice.worktime.limits.limit import Limit

if TYPE_CHECKING:
    from windowservice.worktime.calendar import WorkCalendar
    from windowservice.worktime.columns.frame import Bools, Ints
    from windowservice.worktime.columns.spans import Spans

__all__ = ["BoundsColumns", "LimitColumns", "ReachedColumns", "Starts"]

_SPARSE = 4_000
"""Days that may be counted for nothing, eleven years of them."""


class ReachedColumns(NamedTuple):
    """Where limits end, and the last days they grant; None if those are the dates on which they end."""

    due: Ints
    last_day: Ints | None


class BoundsColumns(NamedTuple):
    """As `windowservice.worktime.limits.due.Bounds`, in columns."""

    due: Ints
    last_day: Ints
    provisional: Bools
    earliest: Ints
    latest: Ints


class LimitColumns:
    """One limit in one calendar, asked for many starts.

    Attributes:
        limit, calendar: the two.
        table: the calendar's table in columns.
        parts: the limits of which the earlier counts.
    """

    def __init__(self, limit: Limit, calendar: WorkCalendar) -> None:
        self.limit = limit
        self.calendar = calendar
        self.table = TableColumns(calendar.table)
        self.parts = [LimitColumns(part, calendar) for part in limit.parts]
        self._own_by_row = 0
        self._by_day: _ByDay | None = None
        if limit.kind.by_day and not limit.same_time:
            self._by_day = _ByDay(self._ends)

    @property
    def by_row(self) -> int:
        """How many rows were counted one by one."""
        return self._own_by_row + sum(part.by_row for part in self.parts)

    def count_by_row(self, rows: int) -> None:
        """Count rows that were counted one by one elsewhere."""
        self._own_by_row += rows

    def day_of(self, us: Ints, start_date_by: WorkCalendar | None = None) -> Ints:
        """Return the date from which a limit that starts at an instant is counted: the civil or a business date."""
        if start_date_by is None:
            return self.table.date_of(us)
        return TableColumns(start_date_by.table).business_day(us)

    # --- where it ends ----------------------------------------------------------------------------------------------

    def reach(self, starts: Starts) -> ReachedColumns:
        """Return where the limit ends for each start, and the last day it grants.

        Raises:
            InvalidValue: if the limit needs a booked slot and there is none.
            NoOpenTime, TimeOutOfRange: if a due lies beyond the years computed with.
        """
        limit = self.limit
        if limit.parts:
            return self._earlier(*(part.reach(starts) for part in self.parts))
        if limit.before:
            return self._backwards(starts)
        if starts.spans is None or limit.kind.booked:
            return self._plain(starts)
        if limit.kind.together(limit, self.table):
            return ReachedColumns(*limit.kind.pushed(limit, starts, starts.spans, self.table))
        return self._row_by_row(starts, starts.spans)

    def due(self, starts: Starts) -> Ints:
        """Return where the limit ends for each start, and nothing else; errors as `reach`."""
        by_day_alone = not self.limit.kind.own_day and not self.limit.before
        if self._by_day is not None and starts.spans is None and by_day_alone:
            due: Ints = self._by_day(starts.day, 1)[0]
            return due
        return self.reach(starts).due

    def last_day(self, reached: ReachedColumns) -> Ints:
        """Return the last days granted."""
        if reached.last_day is not None:
            return reached.last_day
        return self.table.date_of(reached.due if self.limit.before else reached.due - 1)

    def _earlier(self, one: ReachedColumns, other: ReachedColumns) -> ReachedColumns:
        first, second = (part.last_day(reached) for part, reached in zip(self.parts, (one, other), strict=True))
        return ReachedColumns(*_earlier(one.due, first, other.due, second))

    def _backwards(self, starts: Starts) -> ReachedColumns:
        import numpy as np

        limit, table = self.limit, self.table
        if self._by_day is not None:
            due, last = (column.copy() for column in self._by_day(starts.day))
        else:
            due, last = limit.kind.back(limit, limit.amount, starts, table)
        rows = np.flatnonzero(due > starts.us)
        if rows.size and limit.kind.whole_days:  # a day whose sessions go on after the planned instant is none
            due[rows], last[rows] = limit.kind.back(limit, limit.amount + 1, starts.of(rows), table)
        return ReachedColumns(due, last)

    def _ends(self, day: Ints) -> tuple[Ints, ...]:
        """Return where the limit ends by the day of its start alone; with it the end of that day, if it may be it."""
        limit, table = self.limit, self.table
        if limit.before:
            return limit.kind.back(limit, limit.amount, Starts(day, day), table)  # of the instants nothing is asked
        own_end = (table.own_end(day, limit.at),) if limit.kind.own_day else ()
        return *limit.kind.ends(limit, day, table), *own_end

    def _plain(self, starts: Starts) -> ReachedColumns:
        """Return where the limit ends without stops."""
        import numpy as np

        if self._by_day is None:
            return ReachedColumns(*self.limit.kind.plain(self.limit, starts, self.table))
        due, last, *own = self._by_day(starts.day)
        if not own:
            return ReachedColumns(due, last)
        today = starts.us < own[0]
        return ReachedColumns(np.where(today, own[0], due), np.where(today, starts.day, last))

    def _row_by_row(self, starts: Starts, spans: Spans) -> ReachedColumns:
        """Return where the limit ends, rows with stops one by one."""
        import numpy as np

        plain = self._plain(starts)
        due, day = plain.due.copy(), self.last_day(plain).copy()
        for row in np.flatnonzero(np.diff(spans.first)):
            places = range(spans.first[row], spans.first[row + 1])
            pieces = [Piece(int(spans.begin[place]), int(spans.end[place]), "") for place in places]
            start = Start(int(starts.us[row]), int(starts.day[row]))
            due[row], day[row] = reach(self.limit, start, self.calendar.table, pieces)
            self._own_by_row += 1
        return ReachedColumns(due, day)

    # --- beyond what is announced -----------------------------------------------------------------------------------

    def bounds(self, starts: Starts) -> BoundsColumns:
        """Return where the limit ends, and the earliest and latest it can end once all days are announced.

        Raises:
            CalendarNotAnnounced: beyond the known range of a calendar that refuses it.
            InvalidValue, NoOpenTime, TimeOutOfRange: as `reach`.
        """
        import numpy as np

        if self.parts:
            one, other = (part.bounds(starts) for part in self.parts)
            due, day = _earlier(one.due, one.last_day, other.due, other.last_day)
            earliest, latest = np.minimum(one.earliest, other.earliest), np.minimum(one.latest, other.latest)
            return BoundsColumns(due, day, one.provisional | other.provisional, earliest, latest)
        reached = self.reach(starts)
        day = self.last_day(reached)
        provisional = self._provisional(starts.day, day)
        found = BoundsColumns(reached.due, day, provisional, reached.due, reached.due)
        rows = np.flatnonzero(provisional)
        if rows.size:
            some, widest = starts.of(rows), (found.due.copy(), found.due.copy())
            of_rows = widened(self.limit, some, found.due[rows], day[rows], self.table, lambda: self._unrolled(some))
            for column, values in zip(widest, of_rows, strict=True):
                column[rows] = values
            found = found._replace(earliest=widest[0], latest=widest[1])
        return found

    def _unrolled(self, starts: Starts) -> Ints:
        """Return the last days if a last day on a rest day did not move on."""
        plain = LimitColumns(attrs.evolve(self.limit, roll=False), self.calendar)
        return plain.last_day(plain.reach(starts))

    def _provisional(self, day: Ints, last_day: Ints) -> Bools:
        """Return which limits rest on days that are not known."""
        import numpy as np

        table = self.calendar.table
        found = np.zeros(len(day), dtype=bool)
        if not self.limit.kind.by_calendar:
            return found
        low, high = (last_day, day) if self.limit.before else (day, last_day)
        for end in (low, high):
            if table.known_from is not None and end.size and int(end.min()) < table.known_from:
                found |= end < table.known_from
            if table.known_until is not None and end.size and int(end.max()) > table.known_until:
                found |= end > table.known_until
        if self.calendar.known.on_unknown == "raise" and found.any():
            row = int(found.argmax())
            self.calendar.known.beyond(int(low[row]), int(high[row]), 2)
        return found


def _earlier(due: Ints, day: Ints, other_due: Ints, other_day: Ints) -> tuple[Ints, Ints]:
    """Return the earlier of two dues with its last day; of two that are the same, the earlier day."""
    import numpy as np

    days = np.where(due == other_due, np.minimum(day, other_day), np.where(due < other_due, day, other_day))
    return np.minimum(due, other_due), days


class _ByDay:
    """What a limit is by the day of its start: counted once for every day from the first start to the last."""

    def __init__(self, count: Callable[[Ints], tuple[Ints, ...]]) -> None:
        self._count = count
        self._low = 0
        self._counted: tuple[Ints, ...] = ()

    def __call__(self, day: Ints, parts: int | None = None) -> tuple[Ints, ...]:
        """Return the first `parts` of what is counted, for each day."""
        import numpy as np

        if not day.size:
            return self._count(day)[:parts]
        low, high = int(day.min()), int(day.max())
        if not self._counted or low < self._low or high >= self._low + len(self._counted[0]):
            if high - low > _SPARSE + 8 * len(day):
                return self._count(day)[:parts]
            self._low = low
            self._counted = self._count(np.arange(low, high + 1, dtype=np.int64))
        place = day - self._low
        return tuple([column.take(place, mode="clip") for column in self._counted[:parts]])
