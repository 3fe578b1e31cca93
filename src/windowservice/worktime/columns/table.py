"""The table of working time over whole arrays: the same functions as `table.Table`, row for row.

All arrays are of whole numbers without nulls: instants in microseconds UTC, days as ordinals. Every look-up checks the
smallest and the largest value first; what lies outside the frame extends the table or raises, so that no index ever
wraps around or is clipped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from windowservice.instants import DAY
from windowservice.worktime.columns.frame import Arrays, arrays_of
from windowservice.worktime.frame import EPOCH_ORDINAL
from windowservice.worktime.table import NEVER_OPEN

if TYPE_CHECKING:
    from collections.abc import Callable

    from windowservice.worktime.columns.frame import Bools, Ints
    from windowservice.worktime.table import Table

__all__ = ["TableColumns"]


@attrs.frozen(eq=False)
class TableColumns:
    """Working time over arrays.

    Attributes:
        table: the table looked up in; it grows as it does for single instants.
    """

    table: Table

    # --- the arrays that hold what is asked -------------------------------------------------------------------------

    def _at_instants(self, t: Ints) -> Arrays:
        if not t.size:
            return arrays_of(self.table.frame or self.table.reaching(0))
        return arrays_of(self.table.reaching(int(t.min()), int(t.max())))

    def _at_days(self, days: Ints, ahead: int = 0) -> Arrays:
        table = self.table
        if days.size:
            table.workdays_before(int(days.min()))
            table.workdays_before(int(days.max()) + ahead)
        return arrays_of(table.frame or table.reaching(0))

    def _at_work(self, w: Ints, *, last: bool = False) -> Arrays:
        table = self.table
        if w.size:
            ask = table.last_instant_at if last else table.instant_at
            ask(int(w.max()))
            ask(int(w.min()))
        return arrays_of(table.frame or table.reaching(0))

    # --- instants and open time -------------------------------------------------------------------------------------

    def open_before(self, t: Ints) -> Ints:
        """Return W(t): the open time before each instant."""
        import numpy as np

        arrays = self._at_instants(t)
        piece = arrays.by_close(t)
        found: Ints = t - arrays.ahead.take(piece, mode="clip")
        return np.maximum(found, arrays.before.take(piece, mode="clip"), out=found)

    def instant_at(self, w: Ints) -> Ints:
        """Return the EARLIEST instant x with W(x) == w.

        Raises:
            NoOpenTime: as `Table.instant_at`.
        """
        arrays = self._at_work(w)
        found: Ints = arrays.ahead.take(arrays.by_work(w), mode="clip")
        found += w
        return found

    def last_instant_at(self, w: Ints) -> Ints:
        """Return the LATEST instant x with W(x) == w, which is open.

        Raises:
            NoOpenTime: as `Table.last_instant_at`.
        """
        arrays = self._at_work(w, last=True)
        found: Ints = arrays.ahead.take(arrays.by_more(w), mode="clip")
        found += w
        return found

    def is_open(self, t: Ints) -> Bools:
        """Return whether a session contains each instant."""
        arrays = self._at_instants(t)
        return arrays.opens.take(arrays.by_close(t), mode="clip") <= t

    def next_open(self, t: Ints) -> Ints:
        """Return the instant itself where it is open, else the next opening."""
        import numpy as np

        return np.where(self.is_open(t), t, self.last_instant_at(self.open_before(t)))

    def business_day(self, t: Ints) -> Ints:
        """Return the day that owns the session containing the instant, or else the next session."""
        opened = self.next_open(t)
        arrays = self._at_instants(opened)
        return arrays.owners.take(arrays.by_close(opened), mode="clip")

    # --- the wall clock ---------------------------------------------------------------------------------------------

    def date_of(self, t: Ints) -> Ints:
        """Return the civil date of each instant in the zone."""
        import numpy as np

        wall = t + self._at_instants(t).offset_at(t)
        wall += EPOCH_ORDINAL * DAY  # above 0 now, and dividing without sign is quicker
        days = wall.view(np.uint64)
        days //= np.uint64(DAY)
        return days.view(np.int64)

    def wall_clock(self, t: Ints) -> Ints:
        """Return what the wall clock shows, in microseconds after 00:00."""
        wall: Ints = (t + self._at_instants(t).offset_at(t)) % DAY
        return wall

    def midnight(self, day: Ints) -> Ints:
        """Return the instant at which each civil date begins."""
        arrays = self._at_days(day)
        return arrays.midnights.take(day - arrays.frame.first_day, mode="clip")

    def at_wall_clock(self, day: Ints, clock: Ints | int) -> Ints:
        """Return the first instant at which the wall clock shows a time of day, or the first beyond a skipped hour."""
        import numpy as np

        arrays = self._at_days(day)
        wall = (day - EPOCH_ORDINAL) * DAY + clock
        found: Ints = wall - arrays.offsets[np.searchsorted(arrays.turns, wall, "right")]
        if arrays.turns.size:
            shown = arrays.offsets[np.searchsorted(arrays.starts, found, "right") - 1]
            for row in np.flatnonzero(found + shown != wall):
                found[row] = arrays.frame.offsets.first_at_or_after(int(wall[row]))
        return found

    # --- days -------------------------------------------------------------------------------------------------------

    def is_workday(self, day: Ints) -> Bools:
        """Return whether each date owns open time."""
        arrays = self._at_days(day)
        index = day - arrays.frame.first_day
        return arrays.counts.take(index + 1, mode="clip") > arrays.counts.take(index, mode="clip")

    def workdays_before(self, day: Ints) -> Ints:
        """Return the number of workdays strictly before each date."""
        arrays = self._at_days(day)
        return arrays.counts.take(day - arrays.frame.first_day, mode="clip")

    def nth_workday(self, n: Ints) -> Ints:
        """Return the workday with ``workdays_before(day) == n``.

        Raises:
            NoOpenTime: as `Table.nth_workday`.
        """
        table = self.table
        if n.size:
            table.nth_workday(int(n.max()))
            table.nth_workday(int(n.min()))
        arrays = arrays_of(table.frame or table.reaching(0))
        return arrays.workdays.take(n - int(arrays.counts[0]), mode="clip")

    def first_open(self, day: Ints) -> Ints:
        """Return the first opening of each date, which must be a workday."""
        self._check_workdays(day)
        arrays = self._at_days(day)
        return arrays.first_opens.take(day - arrays.frame.first_day, mode="clip")

    def last_close_of(self, day: Ints) -> Ints:
        """Return the last close of each date, which must be a workday.

        Raises:
            NoOpenTime: if one owns no open time.
        """
        self._check_workdays(day)
        arrays = self._at_days(day)
        return arrays.last_closes.take(day - arrays.frame.first_day, mode="clip")

    def _check_workdays(self, day: Ints) -> None:
        import numpy as np

        rest = np.flatnonzero(~self.is_workday(day))
        if rest.size:
            self.table.last_close_of(int(day[rest[0]]))  # which raises

    def end_of_date(self, day: Ints) -> Ints:
        """Return when each civil date ends: at its last close, or at 24:00 if it owns no open time."""
        import numpy as np

        arrays = self._at_days(day)
        index = day - arrays.frame.first_day
        worked = arrays.counts.take(index + 1, mode="clip") > arrays.counts.take(index, mode="clip")
        midnight = arrays.midnights.take(index + 1, mode="clip")
        return np.where(worked, arrays.last_closes.take(index, mode="clip"), midnight)

    def end_of_workday(self, day: Ints, clock: Ints | int | None, *, keep: bool = False) -> Ints:
        """Return when each workday ends: at its last close, or at a time of day; as `Table.end_of_workday`."""
        import numpy as np

        close = self.last_close_of(day)
        if clock is None:
            return close
        end, opening = self.at_wall_clock(day, clock), self.first_open(day)
        return np.where(end <= opening, opening if keep else close, np.minimum(end, close))

    def own_end(self, day: Ints, clock: int | None) -> Ints:
        """Return when each date ends, as `end_of_workday`; for a rest day an instant before all others."""
        import numpy as np

        found = np.full(len(day), NEVER_OPEN)
        worked = np.flatnonzero(self.is_workday(day))
        found[worked] = self.end_of_workday(day[worked], clock)
        return found

    @property
    def known_until(self) -> int | None:
        """The last day whose hours are known, None for ever on."""
        return self.table.known_until

    @property
    def missing(self) -> tuple[int, ...]:
        """The civil dates that the zone skipped as a whole."""
        return self.table.missing

    def each(self, day: Ints, function: Callable[[int], int]) -> Ints:
        """Return what a function of single days makes of each day."""
        import numpy as np

        distinct, back = np.unique(day, return_inverse=True)
        made = np.array([function(one) for one in distinct.tolist()], dtype=np.int64)
        return made[back]

    def touched(self, begin: Ints, end: Ints) -> tuple[Ints, Ints]:
        """Return the first and last workday whose open time ``[begin, end)`` overlaps, by number; first > last if none.

        Only where days own their pieces in the order of time (`Arrays.in_order`).
        """
        import numpy as np

        self._at_instants(begin)
        arrays = self._at_instants(end)  # which holds the begins too: a frame only grows
        first, last = arrays.by_close(begin), arrays.by_close(end - 1)
        last -= arrays.opens.take(last, mode="clip") >= end
        low, high = arrays.places.take(first, mode="clip"), arrays.places.take(last, mode="clip")
        return low, np.where((first <= last) & (begin < end), high, low - 1)

    @property
    def in_order(self) -> bool:
        """Whether the days of the stretch laid out so far own their pieces in the order of time."""
        return arrays_of(self.table.frame or self.table.reaching(0)).in_order
