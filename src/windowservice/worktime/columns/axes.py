"""How stops push a limit in columns: the axes of `windowservice.worktime.limits.axes`, row for row.

Spans are in order and disjoint, so each axis is one pass over the first span of every row, then the second, and so on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from windowservice.worktime.limits.axes import add_months

if TYPE_CHECKING:
    from windowservice.worktime.columns.frame import Ints
    from windowservice.worktime.columns.spans import Spans
    from windowservice.worktime.columns.table import TableColumns

__all__ = ["CivilDays", "months_on", "push_elapsed", "push_open_time", "push_workdays", "rolled"]


def _clipped(spans: Spans, start: Ints) -> tuple[Ints, Ints]:
    """Return the ends of the spans, without what lies before the start of their row."""
    import numpy as np

    since = start.take(spans.row)
    return np.maximum(spans.begin, since), np.maximum(spans.end, since)


def push_open_time(target: Ints, start: Ints, spans: Spans, table: TableColumns) -> Ints:
    """Return the open time at which each limit ends, given that at which it ended without stops.

    A stop begins before the due exactly if less open time lies before it than before the due, so no due is needed.
    """
    begin, end = (table.open_before(edge) for edge in _clipped(spans, start))
    end -= begin
    target = target.copy()
    for rows, place in spans.rounds():
        reached = target.take(rows)
        target[rows] = reached + end.take(place) * (begin.take(place) < reached)
    return target


def push_elapsed(due: Ints, start: Ints, spans: Spans) -> Ints:
    """Return where each limit in real time ends: a stop pushes in full."""
    begin, end = _clipped(spans, start)
    end = end - begin
    due = due.copy()
    for rows, place in spans.rounds():
        reached = due.take(rows)
        due[rows] = reached + end.take(place) * (spans.begin.take(place) < reached)
    return due


def push_workdays(index: Ints, first: Ints, start: Ints, spans: Spans, table: TableColumns) -> Ints:
    """Return the number of the workday on which each limit ends: workdays touched by a stop do not count.

    Args:
        index: the number of the last workday without stops.
        first: the number of the first one that counts.
        start: where each limit starts.
        spans: the stops.
        table: a table whose days own their pieces in the order of time: then a stop touches workdays in a row.
    """
    import numpy as np

    low, high = table.touched(*_clipped(spans, start))
    index, seen = index.copy(), first.copy()
    for rows, place in spans.rounds():
        until, last = high.take(place), index.take(rows)
        missing = np.minimum(until, last) - np.maximum(low.take(place), seen.take(rows)) + 1
        hit = np.flatnonzero(missing > 0)
        pushed = rows[hit]
        index[pushed] = np.maximum(until[hit], last[hit]) + missing[hit]
        seen[pushed] = until[hit] + 1
    return index


def rolled(day: Ints, table: TableColumns) -> Ints:
    """Return each day if it is a workday, else the next workday."""
    return table.nth_workday(table.workdays_before(day))


class CivilDays(NamedTuple):
    """Limits in civil dates as far as they have got: the last date by number, where it moved to, and its end."""

    last: Ints
    last_day: Ints
    due: Ints

    @classmethod
    def ending(cls, last: Ints, table: TableColumns, *, roll: bool) -> CivilDays:
        """Return limits that end on a date, or on the workday to which it moves."""
        day = rolled(last, table) if roll else last
        return cls(last, day, table.end_of_date(day))

    def push(self, day: Ints, start: Ints, spans: Spans, table: TableColumns, *, roll: bool) -> CivilDays:
        """Return the limits that started on `day`, pushed by the dates that stops overlap."""
        import numpy as np

        begin, end = _clipped(spans, start)
        low_of, high_of = table.date_of(begin), table.date_of(end - 1)
        real = begin < end
        last, last_day, due = (column.copy() for column in self)
        seen = day + 1
        for rows, place in spans.rounds():
            low, high = np.maximum(low_of[place], seen[rows]), high_of[place]
            counts = real[place] & (spans.begin[place] < due[rows]) & (low <= high)
            seen[rows[counts]] = high[counts] + 1
            within = counts & (low <= last[rows])
            moved_on = counts & ~within & (low <= last_day[rows]) & (last_day[rows] <= high)
            last[rows[within]] += (high - low + 1)[within]
            ends_on = np.where(within, last[rows], high + 1)
            hit = within | moved_on
            _, last_day[rows[hit]], due[rows[hit]] = CivilDays.ending(ends_on[hit], table, roll=roll)
        return CivilDays(last, last_day, due)


def months_on(day: Ints, months: int) -> Ints:
    """Return the same day of the month some months on, or the last day of a shorter month."""
    import numpy as np

    distinct, back = np.unique(day, return_inverse=True)
    moved = np.array([add_months(int(one), months) for one in distinct], dtype=np.int64)
    return moved[back]
