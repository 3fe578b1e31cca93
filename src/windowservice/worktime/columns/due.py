"""Where limits end, over columns, with nulls in and out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import attrs

from windowservice.errors import WindowserviceError
from windowservice.instants import EARLIEST, LATEST
from windowservice.worktime.columns import rows as at
from windowservice.worktime.columns.counting import Counted, count
from windowservice.worktime.columns.data import Choice, Column
from windowservice.worktime.columns.given import Asked, ask
from windowservice.worktime.columns.stops import StopColumns
from windowservice.worktime.integers.memory import NONE
from windowservice.worktime.limits.due import Span, bounds, due_us, reach
from windowservice.worktime.limits.kinds.kind import Start

if TYPE_CHECKING:
    from windowservice.worktime.calendar import WorkCalendar
    from windowservice.worktime.columns.data import Bools, Ints
    from windowservice.worktime.limits.limit import Limit
    from windowservice.worktime.spans import WorkSpan

__all__ = ["DueBounds", "due", "due_bounds"]


@attrs.frozen(eq=False)
class DueBounds:
    """Where limits end, in columns; `windowservice.worktime.limits.due.Bounds` explains the attributes."""

    due: Column
    last_day: Column
    provisional: Bools
    earliest: Column
    latest: Column


def due(
    start: Any,
    limit: Limit | WorkSpan | str | Choice,
    calendar: WorkCalendar | Choice,
    *,
    stops: StopColumns | None = None,
    booked_until: Any = None,
    start_date_by: WorkCalendar | None = None,
) -> Column:
    """Return the due instants of a column of starts, as `limits.due.due_us` gives them one by one.

    Args:
        start: instants, as `data.read_instants` takes them; for limits that run backwards, what is planned.
        limit: the limit, or a `Choice` over limits; where it is null, the due is null.
        calendar: the calendar, or a `Choice` over calendars.
        stops: stops that all count.
        booked_until: the ends of the booked slots with their grace; where a limit needs one and it is null, the due is.
        start_date_by: the calendar whose business date is the date of the start, instead of the civil date.

    Raises:
        InvalidValue: if a limit needs a booked slot and there is no such column, or columns differ in length.
        TimeOutOfRange, NoOpenTime: before 1900 or from 2200 on; row and value are told.
        NaiveTime, InvalidTime: if a column does not hold instants.
        CalendarNotAnnounced: beyond the known range of a calendar that refuses it.
    """
    asked = ask(start, limit, calendar, booked_until, start_date_by, stops)
    if any(one.known.on_unknown == "raise" for one in asked.calendar.options):
        return Column(_counted(asked, "all_bounds", _BOUNDS)[0], asked.valid)
    return Column(_counted(asked, "dues", (at.FOUND,))[0], asked.valid)


def due_bounds(
    start: Any,
    limit: Limit | WorkSpan | str | Choice,
    calendar: WorkCalendar | Choice,
    *,
    stops: StopColumns | None = None,
    booked_until: Any = None,
    start_date_by: WorkCalendar | None = None,
) -> DueBounds:
    """Return the due instants with their last days, and the earliest and latest they can be; arguments as `due`."""
    asked = ask(start, limit, calendar, booked_until, start_date_by, stops)
    found = _counted(asked, "all_bounds", _BOUNDS)
    due_, last_day, earliest, latest = (Column(found[place], asked.valid) for place in (0, 1, 3, 4))
    return DueBounds(due_, last_day, found[2].astype(bool), earliest, latest)


_BOUNDS = (at.FOUND, at.LAST_DAYS, at.PROVISIONALS, at.EARLIESTS, at.LATESTS)


def _counted(asked: Asked, text: str, found: Sequence[int]) -> list[Ints]:
    import numpy as np

    rows = len(asked.start)
    columns = {at.STARTS: asked.start}
    if asked.booked is not None:
        slots = asked.booked.values
        columns[at.BOOKED] = slots if asked.booked.valid is None else np.where(asked.booked.valid, slots, NONE)
    counted = Counted(
        text, found, asked.calendar, asked.limit, columns, lambda: _span(asked), asked.day_by, asked.stops,
        asked.firsts,
    )  # fmt: skip
    return count(rows, asked.valid, counted, lambda row: _one(asked, row, len(found)))


def _span(asked: Asked) -> tuple[int, int]:
    """Return between which instants calendars are asked: from the first start to the furthest due, or back."""
    known = asked.start if asked.valid is None else asked.start[asked.valid]
    first, last = int(known.min()), int(known.max())
    if asked.stops is not None:
        first, last = min(first, int(asked.stops.begin.min())), max(last, int(asked.stops.end.max()))
    if asked.booked is not None:
        first, last = min(first, int(asked.booked.values.min())), max(last, int(asked.booked.values.max()))
    begin, end = first, last
    for limit in asked.limit.options:
        for calendar in asked.calendar.options:
            try:
                reached = due_us(limit, first if limit.before else last, calendar, booked_until=last)
            except WindowserviceError:
                reached = EARLIEST if limit.before else LATEST
            begin, end = min(begin, reached), max(end, reached)
    return begin, end


def _one(asked: Asked, row: int, wanted: int) -> tuple[int, ...]:
    """Return by objects where the limit of a row ends, or all of `Bounds` if that is wanted."""
    limit, calendar = asked.limit.at(row), asked.calendar.at(row)
    us = int(asked.start[row])
    day = calendar.table.date_of(us) if asked.day_by is None else asked.day_by.table.business_day(us)
    slot = None
    if asked.booked is not None and (asked.booked.valid is None or asked.booked.valid[row]):
        slot = int(asked.booked.values[row])
    start = Start(us, day, slot)
    pieces: Sequence[Span] = ()
    if asked.stops is not None and asked.firsts is not None:
        pieces = asked.stops.pieces(int(asked.firsts[row]), int(asked.firsts[row + 1]))
    if wanted == 1:
        return reach(limit, start, calendar.table, pieces)[:1]
    return bounds(limit, start, calendar, pieces)
