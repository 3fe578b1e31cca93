"""A deadline day by day: what was open, why not, what stopped the clock, and how much of the limit each day used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from windowservice.instants import from_us, to_date, to_us
from windowservice.worktime.clock.deadline import ClockSpan, Used, amount_of, make_clock, make_deadline
from windowservice.worktime.clock.standing import AT_RISK_SHARE, standing

if TYPE_CHECKING:
    from datetime import datetime

    import pendulum

    from windowservice.worktime.calendar import WorkCalendar
    from windowservice.worktime.clock.replay import Clock
    from windowservice.worktime.limits.kinds.kind import Unit
    from windowservice.worktime.limits.limit import Limit

__all__ = ["CalendarDay", "DeadlineDay", "calendar_day", "deadline_days"]


@attrs.frozen
class CalendarDay:
    """What a calendar says of one date.

    Attributes:
        day: the date.
        sessions: its open hours, each from and to; none if it is closed.
        reason: why it differs from the weekly hours, such as ``closed: Christmas``; an empty text if it does not.
        layer: the layer that decided so, such as ``statutory``; source: the notice or rule behind it.
        known: whether the hours are known, not assumed.
    """

    day: date
    sessions: tuple[tuple[pendulum.DateTime, pendulum.DateTime], ...]
    reason: str
    layer: str
    source: str
    known: bool


@attrs.frozen
class DeadlineDay:
    """One day on the way to a due.

    Attributes:
        calendar: what the calendar says of it.
        counted: what the day used of the limit, in the limit's own unit: open time, real time or a number of days.
        used: what was used by its end, or by the due.
        stops: the parts of it in which the clock stood still, each with its reason.
        restarted: whether the limit began anew on it, so that `used` counts from there.
    """

    calendar: CalendarDay
    counted: Used
    used: Used
    stops: tuple[ClockSpan, ...]
    restarted: bool


def calendar_day(calendar: WorkCalendar, day: date | str) -> CalendarDay:
    """Return what a calendar says of a date."""
    day = to_date(day)
    zone, layer = calendar.zone, calendar.decided_by(day)
    reason, name, source = ("", "", "") if layer is None else (layer.reason(day), layer.name, layer.source)
    sessions = tuple((from_us(a, zone), from_us(b, zone)) for a, b in calendar.table.pieces(day.toordinal()))
    return CalendarDay(day, sessions, reason, name, source, calendar.is_known(day))


def deadline_days(
    limit: Limit, start: datetime | str, *, calendar: WorkCalendar, as_of: datetime | date | str | None = None,
    done: datetime | str | None = None, at_risk_share: Fraction | Decimal | float | str = AT_RISK_SHARE, **said: Any,
) -> Iterator[DeadlineDay]:  # fmt: skip
    """Yield the days from the start to the due, as `Limit.deadline` counts them; it explains the arguments.

    What each day used is what the deadline tells when it is looked at as of the end of that day; nothing happens after
    `as_of`. A limit that runs backwards is told from its due on, in open time.
    """
    whole = make_deadline(limit, start, calendar=calendar, as_of=as_of, done=done, at_risk_share=at_risk_share, **said)
    clock, begin, table = whole.clock, to_us(start), calendar.table
    ends = begin if limit.before else max(begin, clock.due)
    moved = bool(clock.stops or clock.restarted_at or clock.extra)
    first, last = table.date_of(min(begin, clock.due)), max(clock.last_day, table.date_of(begin))

    def counted(now: int) -> tuple[int, Unit]:
        seen = clock._replace(horizon=now)
        if moved and now <= clock.horizon:  # what came later is not yet known
            seen = make_clock(limit, start, calendar=calendar, as_of=from_us(now, calendar.zone), **said)
        return _used(limit, seen, begin, calendar, now)

    before = 0
    for day in range(first, last + 1):
        morning, night = table.midnight(day), table.midnight(day + 1)
        used, unit = counted(min(night - 1, ends))
        if unit in ("open time", "real time"):  # a day is counted on its date, time up to its end
            used, unit = counted(min(night, ends))
        restarted = clock.restarted_at is not None and morning <= clock.restarted_at < night
        yield DeadlineDay(
            calendar_day(calendar, date.fromordinal(day)), amount_of(used - (0 if restarted else before), unit),
            amount_of(used, unit), tuple(_within(whole.stops, morning, night, calendar)), restarted,
        )  # fmt: skip
        before = used


def _used(limit: Limit, clock: Clock, begin: int, calendar: WorkCalendar, now: int) -> tuple[int, Unit]:
    table = calendar.table
    if limit.before:  # it has no start: what counts lies between the due and what is planned
        return table.open_before(now) - table.open_before(clock.due), "open time"
    found = standing(limit, clock, begin, calendar, as_of=now, done=None)
    return found.worked, found.unit


def _within(stops: Iterable[ClockSpan], morning: int, night: int, calendar: WorkCalendar) -> Iterator[ClockSpan]:
    """Yield the parts of stops that lie on a day."""
    for stop in stops:
        begin, end = max(to_us(stop.begin), morning), min(to_us(stop.end), night)
        if begin < end:
            yield ClockSpan(from_us(begin, calendar.zone), from_us(end, calendar.zone), stop.reason)
