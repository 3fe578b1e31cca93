"""Matters in columns: what goes into their clocks, and what comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import attrs

from windowservice.worktime.columns.table import TableColumns

if TYPE_CHECKING:
    from windowservice.worktime.calendar import WorkCalendar
    from windowservice.worktime.clock.replay import Supplement
    from windowservice.worktime.columns.clocks.events import ExtensionColumns, NoticeColumns, StopColumns
    from windowservice.worktime.columns.frame import Bools, Ints
    from windowservice.worktime.columns.limits import BoundsColumns
    from windowservice.worktime.columns.spans import Places
    from windowservice.worktime.limits.limit import Limit

__all__ = ["NEVER", "Matters", "Service", "Told"]

NEVER: Final = 1 << 62
"""An instant that never comes: the horizon where neither `as_of` nor completion is known."""


class Service(NamedTuple):
    """What holds for all matters of one kind; `run_clock` explains the names."""

    limit: Limit
    calendar: WorkCalendar
    supplement: Supplement = "restart"
    local_reasons: frozenset[str] | None = None
    start_date_by: WorkCalendar | None = None

    def day_of(self, us: Ints) -> Ints:
        """Return the date from which a limit that starts at an instant is counted."""
        by = self.start_date_by
        return TableColumns(self.calendar.table).date_of(us) if by is None else TableColumns(by.table).business_day(us)


@attrs.frozen(eq=False)
class Matters:
    """Matters of one service.

    Attributes:
        start: their starts.
        horizon: the earlier of ``as_of`` and completion, `NEVER` if there is neither.
        frozen: whether completion came first, so that no clock can stand still any more.
        stops, notices, extensions: what happened, in the order of the rows; None if nothing ever did.
        booked_until: the ends of the booked slots with their grace.
    """

    start: Ints
    horizon: Ints
    frozen: Bools
    stops: StopColumns | None = None
    notices: NoticeColumns | None = None
    extensions: ExtensionColumns | None = None
    booked_until: Ints | None = None

    def of(self, rows: Places) -> Matters:
        """Return some of the matters."""
        return Matters(
            self.start[rows],
            self.horizon[rows],
            self.frozen[rows],
            None if self.stops is None else self.stops.of(rows),
            None if self.notices is None else self.notices.of(rows),
            None if self.extensions is None else self.extensions.of(rows),
            None if self.booked_until is None else self.booked_until[rows],
        )


@attrs.define(eq=False)
class Told:
    """What became of the clocks; `windowservice.worktime.clock.replay.Clock` explains the names it shares.

    Attributes:
        restarted_at: `NEVER` where nothing restarted.
        worked: the open time from the start to the horizon, stops left out; 0 where the horizon never comes.
        stopped_for: the open time of the stops in it.
        at_risk: `NEVER` where there is no time to share out.
        notes: the bits (`columns_events.NOTE_BITS`) of what was given and did not act.
        by_row: how many rows were run one by one.
    """

    due: Ints
    last_day: Ints
    provisional: Bools
    earliest: Ints
    latest: Ints
    start: Ints
    start_day: Ints
    restarted_at: Ints
    extra: Ints
    stopped: Bools
    fixed: Bools
    worked: Ints
    stopped_for: Ints
    at_risk: Ints
    notes: Ints
    by_row: int = 0

    def put(self, rows: Any, other: Told) -> None:
        """Put what became of some rows in their places."""
        for field in attrs.fields(Told)[:-1]:
            getattr(self, field.name)[rows] = getattr(other, field.name)
        self.by_row += other.by_row

    @classmethod
    def empty(cls, rows: int) -> Told:
        """Return as many rows of nothing."""
        import numpy as np

        flags = {"provisional", "stopped", "fixed"}
        columns: dict[str, Any] = {
            field.name: np.zeros(rows, dtype=bool if field.name in flags else np.int64)
            for field in attrs.fields(cls)[:-1]
        }
        return cls(**columns)

    @classmethod
    def plain(cls, found: BoundsColumns, start: Ints, day: Ints) -> Told:
        """Return clocks to which nothing happened."""
        import numpy as np

        rows = len(start)
        none, zero = np.zeros(rows, dtype=bool), np.zeros(rows, dtype=np.int64)
        never = np.full(rows, NEVER)
        return cls(*found, start, day, never, zero, none, none.copy(), zero, zero, never, zero.copy())
