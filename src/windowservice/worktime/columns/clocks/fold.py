"""Stops, the wait for papers with its restart, and an extension folded over many clocks at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from windowservice.errors import InvalidLimit
from windowservice.worktime.clock.stops import Code
from windowservice.worktime.columns.clocks.events import NOTE_BITS
from windowservice.worktime.columns.clocks.matters import NEVER, Told
from windowservice.worktime.columns.clocks.standing import measure
from windowservice.worktime.columns.limits import BoundsColumns, LimitColumns
from windowservice.worktime.columns.spans import Spans
from windowservice.worktime.limits.kinds.kind import Starts
from windowservice.worktime.limits.limit import Limit

if TYPE_CHECKING:
    from fractions import Fraction

    from windowservice.worktime.columns.clocks.events import ExtensionColumns, NoticeColumns
    from windowservice.worktime.columns.clocks.matters import Matters, Service
    from windowservice.worktime.columns.frame import Bools, Ints
    from windowservice.worktime.columns.spans import Places

__all__ = ["Fold", "extended", "stop_notes"]


class Fold:
    """The clocks of many matters, each with at most one extension, and none beside a notice."""

    def __init__(self, service: Service, matters: Matters, share: Fraction) -> None:
        self.service = service
        self.matters = matters
        self.share = share
        self.limit = LimitColumns(service.limit, service.calendar)
        self.spans = self._counted()
        self.start = matters.start
        self.day = service.day_of(matters.start)
        self.waiting: Bools | None = None
        self.notes = stop_notes(service, matters)

    def _counted(self) -> Spans | None:
        """Return the stops that may count, cut at the horizon."""
        import numpy as np

        stops, horizon = self.matters.stops, self.matters.horizon
        if stops is None or not len(stops):
            return None
        end = stops.end.values if stops.end.valid is None else np.where(stops.end.valid, stops.end.values, NEVER)
        end = np.minimum(end, horizon[stops.row])
        counting = stops.counting(self.service.local_reasons)
        if counting.all():
            return Spans.of_rows(len(horizon), stops.row, stops.begin, end)
        return Spans.of_rows(len(horizon), stops.row[counting], stops.begin[counting], end[counting])

    def told(self) -> Told:
        """Return what became of the clocks."""
        import numpy as np

        first_start = self.matters.start
        restarted = np.full(len(first_start), NEVER)
        extra = np.zeros(len(first_start), dtype=np.int64)
        if self.matters.notices is not None and self.service.supplement != "none":
            restarted = self._wait(self.matters.notices)
        found = self.limit.bounds(Starts(self.start, self.day, self.matters.booked_until, self.spans))
        if self.matters.extensions is not None:
            found, extra = self._extend(self.matters.extensions, found)
        found = self._begun_now(found)
        told = Told.plain(found, self.start, self.day)
        told.restarted_at, told.extra, told.by_row = restarted, extra, self.limit.by_row
        told.stopped = self._stands_still(found.due)
        if self.spans is not None:
            self._note(self.spans.row[self.spans.begin >= found.due[self.spans.row]], Code.STOP_AFTER_DUE)
        told.notes = self.notes
        measure(told, self.service, self.matters, self.spans, first_start, self.share)
        return told

    def _note(self, rows: Places, code: Code) -> None:
        self.notes[rows] |= NOTE_BITS[code]

    # --- the wait for papers ----------------------------------------------------------------------------------------

    def _wait(self, notices: NoticeColumns) -> Ints:
        """Open the wait where the first notice came strictly before the due, end it, begin anew; return when."""
        import numpy as np

        matters = self.matters
        restarted, waiting = np.full(len(matters.start), NEVER), np.zeros(len(matters.start), dtype=bool)
        place = notices.firsts()
        again = np.ones(len(notices), dtype=bool)
        again[place] = False
        again &= notices.told <= matters.horizon[notices.row]
        self._note(notices.row[again], Code.NOTICE_REPEATED)
        completed = notices.completed.values.copy()
        if notices.completed.valid is not None:
            completed[~notices.completed.valid] = NEVER
        rows, told, completed = notices.row[place], notices.told[place], completed[place]
        rows, told, completed = _where((told <= matters.horizon[rows]) & (told <= completed), rows, told, completed)
        if not rows.size:
            return restarted
        heard = self._due_at(rows, told) > told
        self._note(rows[~heard], Code.NOTICE_AFTER_DUE)
        rows, told, completed = _where(heard, rows, told, completed)
        horizon = matters.horizon[rows]
        self._add(rows, told, np.minimum(completed, horizon))
        over = completed <= horizon
        waiting[rows] = ~over
        self.waiting = waiting
        if self.service.supplement == "restart":
            anew = over & (completed > matters.start[rows])
            rows, completed = rows[anew], completed[anew]
            self.start, self.day = self.start.copy(), self.day.copy()
            restarted[rows] = self.start[rows] = completed
            self.day[rows] = self.service.day_of(completed)
        return restarted

    def _due_at(self, rows: Places, at: Ints) -> Ints:
        """Return the dues of some rows as they stood at an instant of each."""
        starts = Starts(self.start, self.day, self.matters.booked_until, self.spans).of(rows)
        if starts.spans is not None:
            starts = starts._replace(spans=starts.spans.cut(at))
        return self.limit.due(starts)

    def _add(self, rows: Places, begin: Ints, end: Ints) -> None:
        """Add a stop to some rows."""
        import numpy as np

        if self.spans is not None:
            rows = np.concatenate([self.spans.row, rows])
            begin, end = np.concatenate([self.spans.begin, begin]), np.concatenate([self.spans.end, end])
        self.spans = Spans.of_rows(len(self.start), rows, begin, end)

    def _begun_now(self, found: BoundsColumns) -> BoundsColumns:
        """Let the limit begin at the horizon where papers are awaited beyond the due: if they came now, it would."""
        import numpy as np

        if self.waiting is None or self.service.supplement != "restart":
            return found
        rows = np.flatnonzero(self.waiting & (found.due <= self.matters.horizon))
        if not rows.size:
            return found
        now = self.matters.horizon[rows]
        return _replaced(found, rows, self.limit.bounds(Starts(now, self.service.day_of(now))))

    # --- extensions -------------------------------------------------------------------------------------------------

    def _extend(self, extensions: ExtensionColumns, found: BoundsColumns) -> tuple[BoundsColumns, Ints]:
        """Return the bounds with the extensions that are valid, and how much these add."""
        import numpy as np

        extra = np.zeros(len(self.start), dtype=np.int64)
        rows, approved = extensions.row, extensions.approved
        due = self._due_at(rows, approved)
        seen, in_time = approved <= self.matters.horizon[rows], approved <= due
        self._note(rows[seen & ~in_time], Code.EXTENSION_AFTER_DUE)
        late = (extensions.asked.values >= due) | (extensions.asked.values > approved)
        if extensions.asked.valid is not None:
            late &= extensions.asked.valid
        self._note(rows[seen & in_time & late], Code.EXTENSION_ASKED_LATE)
        valid = seen & in_time & ~late
        for code, by in enumerate(extensions.limits):
            hit = rows[valid & (extensions.limit == code)]
            longer = extended(self.service.limit, by)
            if longer is not None and hit.size:
                starts = Starts(self.start, self.day, None, self.spans).of(hit)
                longer_limit = LimitColumns(longer, self.service.calendar)
                found = _replaced(found, hit, longer_limit.bounds(starts))
                self.limit.count_by_row(longer_limit.by_row)
                extra[hit] = by.amount
        return found, extra

    # --- what came of it --------------------------------------------------------------------------------------------

    def _stands_still(self, due: Ints) -> Bools:
        """Return where a stop that counts, or the wait for papers, lasts at the horizon."""
        import numpy as np

        stops, now = self.matters.stops, self.matters.horizon
        found = np.zeros(len(now), dtype=bool) if self.waiting is None else self.waiting.copy()
        if stops is not None and len(stops):
            at = now[stops.row]
            lasts = (stops.begin <= at) & (stops.begin < due[stops.row]) & stops.counting(self.service.local_reasons)
            ended = stops.end.values <= at
            lasts &= ~(ended if stops.end.valid is None else ended & stops.end.valid)
            found[stops.row[lasts]] = True
        return found & ~self.matters.frozen


def stop_notes(service: Service, matters: Matters) -> Ints:
    """Return per matter the bits of why stops that were seen cannot count."""
    import numpy as np

    notes, stops = np.zeros(len(matters.start), dtype=np.int64), matters.stops
    if stops is not None:
        seen = stops.begin <= matters.horizon[stops.row]
        np.bitwise_or.at(notes, stops.row[seen], stops.objections(service.local_reasons)[seen])
    return notes


def _where(kept: Bools, *columns: Ints) -> tuple[Ints, ...]:
    return tuple(column[kept] for column in columns)


def _replaced(found: BoundsColumns, rows: Places, by: BoundsColumns) -> BoundsColumns:
    columns = BoundsColumns._make(column.copy() for column in found)
    for column, values in zip(columns, by, strict=True):
        column[rows] = values
    return columns


def extended(limit: Limit, by: Limit) -> Limit | None:
    """Return the limit with an extension of its own unit, which is the same as the limit with so much extra."""
    if limit.kind is not by.kind or by.before or limit.parts or not limit.amount:
        return None
    try:
        return attrs.evolve(limit, amount=limit.amount + by.amount)
    except InvalidLimit:  # more than a hundred years
        return None
