"""When a limit ends: one loop for all kinds.

A limit is an axis that has reached a due instant. Stops come in order and do not overlap; the first that begins at or
after the due reached so far ends the loop, since it comes too late. All in integers: instants are microseconds UTC,
days are ordinals.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

import attrs

from windowservice.worktime.limits.kinds.kind import Kind, Start
from windowservice.worktime.table import Table

if TYPE_CHECKING:
    from windowservice.worktime.calendar import WorkCalendar
    from windowservice.worktime.limits.limit import Limit

__all__ = ["Bounds", "Reached", "bounds", "due_bounds", "due_us", "push", "reach"]


class Span(Protocol):
    """A stop piece; `windowservice.worktime.clock.stops.Piece` is one."""

    @property
    def begin(self) -> int: ...
    @property
    def end(self) -> int: ...


class Reached(NamedTuple):
    """Where a limit ends, and the last day it grants."""

    due: int
    last_day: int


# --- the loop -------------------------------------------------------------------------------------------------------


def reach(limit: Limit, start: Start, table: Table, pieces: Sequence[Span] = (), *, extra: int = 0) -> Reached:
    """Return where a limit ends that is counted from `start`, pushed by stop pieces that are in order and disjoint.

    Args:
        limit: the limit.
        start: from where it is counted; parts of stops before it are nothing to it.
        table: the calendar's table.
        pieces: the stops that may count.
        extra: what an extension adds to the amount, in the limit's own unit.

    Raises:
        InvalidValue: if the limit needs a booked slot and there is none.
    """
    if limit.before:
        return _backwards(limit, start, table)
    if limit.parts:
        return min(reach(part, start, table, pieces, extra=extra) for part in limit.parts)
    if pieces or extra:
        return push(limit.kind(limit, start, table, extra), start, pieces)
    due, last_day = limit.kind.plain(limit, start, table)
    return Reached(due, table.date_of(due - 1) if last_day is None else last_day)


def push(axis: Kind, start: Start, pieces: Sequence[Span]) -> Reached:
    """Return where an axis ends that stop pieces push; see `reach`."""
    for piece in pieces:
        if piece.begin >= axis.due:
            break
        if piece.end > start.us:
            axis.push(max(piece.begin, start.us), piece.end)
    return Reached(axis.due, axis.last_day())


def due_us(
    limit: Limit,
    start: int,
    calendar: WorkCalendar,
    pieces: Sequence[Span] = (),
    *,
    day: int | None = None,
    booked_until: int | None = None,
) -> int:
    """Return the due instant of a limit, in microseconds UTC.

    Args:
        limit: the limit.
        start: the start in microseconds UTC; for limits that run backwards, the planned instant.
        calendar: the calendar whose open time, workdays and dates count.
        pieces: stops that may count, in order and disjoint (see `windowservice.worktime.clock.stops.counted_pieces`).
        day: the ordinal of the start date, if it is not the civil one.
        booked_until: the end of the booked slot with its grace, in microseconds UTC.

    Raises:
        InvalidValue: if the limit needs a booked slot and there is none.
    """
    table = calendar.table
    return reach(limit, Start(start, table.date_of(start) if day is None else day, booked_until), table, pieces).due


def _backwards(limit: Limit, start: Start, table: Table) -> Reached:
    """Return where a limit ends that runs backwards from a planned instant; stops do not move it.

    The planned day does not count; a last day on a rest day moves back, so that the notice is never too short. Nor is
    a day whose sessions go on after the planned instant: the instant falls on that day's business.
    """
    due, last_day = limit.kind.back(limit, limit.amount, start, table)
    if due > start.us and limit.kind.whole_days:
        due, last_day = limit.kind.back(limit, limit.amount + 1, start, table)
    return Reached(due, table.date_of(due) if last_day is None else last_day)


# --- beyond what is announced ---------------------------------------------------------------------------------------

SLACK: Final = 7
"""Workdays by which a notice may put off a due that was counted from the days fixed by law (assumption).

China's notices for 2008 to 2026 put off limits of 1 to 60 working days by at most five.
"""


class Bounds(NamedTuple):
    """A due instant with what days not yet announced can do to it, in microseconds UTC.

    Attributes:
        due: the due instant; beyond the known range it assumes weekly hours and the days fixed by law.
        last_day: the last day granted, as an ordinal.
        provisional: whether it rests on assumed days.
        earliest: the due if every unknown date were worked.
        latest: the due if a notice took off `SLACK` more workdays.
    """

    due: int
    last_day: int
    provisional: bool
    earliest: int
    latest: int


def bounds(
    limit: Limit, start: Start, calendar: WorkCalendar, pieces: Sequence[Span] = (), *, extra: int = 0
) -> Bounds:
    """Return where a limit ends, and the earliest and latest it can end once all days are announced.

    Raises:
        CalendarNotAnnounced: beyond the known range of a calendar that refuses it.
        InvalidValue: as `reach`.
    """
    if limit.parts:
        parts = [bounds(part, start, calendar, pieces, extra=extra) for part in limit.parts]
        due, last_day, *_ = min(parts)
        provisional = any(part.provisional for part in parts)
        return Bounds(
            due, last_day, provisional, min(part.earliest for part in parts), min(part.latest for part in parts)
        )
    table = calendar.table
    due, last_day = reach(limit, start, table, pieces, extra=extra)
    low, high = (last_day, start.day) if limit.before else (start.day, last_day)
    if (table.is_known(low) and table.is_known(high)) or not limit.kind.by_calendar:
        return Bounds(due, last_day, False, due, due)
    if calendar.known.on_unknown == "raise":
        calendar.known.beyond(low, high, 2)

    if limit.before:
        return Bounds(due, last_day, True, *_widened_back(start, due, last_day, table))
    if limit.kind.by_date:
        first = reach(attrs.evolve(limit, roll=False), start, table, pieces, extra=extra).last_day
    else:
        first = _first_possible(limit, start.day, last_day, table)
    from_midnight = due - table.midnight(last_day)
    earliest = max(from_midnight + table.midnight(first), start.us)
    latest = table.midnight(last_day + 1)  # it is the last day whatever happens, if not its hours
    if limit.roll:
        latest = from_midnight + table.midnight(table.nth_workday(table.workdays_before(last_day) + SLACK))
    return Bounds(due, last_day, True, earliest, max(latest, due))


def _widened_back(start: Start, due: int, last_day: int, table: Table) -> tuple[int, int]:
    """Return the earliest and latest a limit can end that runs backwards and rests on assumed days."""
    before, from_midnight = table.workdays_before(last_day), due - table.midnight(last_day)
    workdays = table.workdays_before(start.day) - before
    earliest = from_midnight + table.midnight(table.nth_workday(before - SLACK))
    latest = from_midnight + table.midnight(max(start.day - workdays, last_day))
    return earliest, min(latest, max(due, start.us))


def _first_possible(limit: Limit, start_day: int, last_day: int, table: Table) -> int:
    """Return the day on which the limit would end if every unknown date were worked."""
    unknown = start_day if limit.kind.own_day else start_day + 1
    if table.known_until is not None and last_day > table.known_until:
        unknown = max(unknown, table.known_until + 1)
    workdays = table.workdays_before(last_day + 1) - table.workdays_before(unknown)
    return min(unknown + max(workdays, 1) - 1, last_day)


def due_bounds(
    limit: Limit,
    start: int,
    calendar: WorkCalendar,
    pieces: Sequence[Span] = (),
    *,
    day: int | None = None,
    booked_until: int | None = None,
) -> Bounds:
    """Return the due instant of a limit with its bounds; arguments and errors as `due_us` and `bounds`."""
    from_day = calendar.table.date_of(start) if day is None else day
    return bounds(limit, Start(start, from_day, booked_until), calendar, pieces)
