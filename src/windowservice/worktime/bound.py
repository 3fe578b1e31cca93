"""The functions of working time that generated code calls, each for the calendars and figures that it is bound to.

Instants are microseconds UTC, dates are ordinals, spans are microseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any
from zoneinfo import available_timezones

import attrs

from windowservice.date_only import DateOnly
from windowservice.errors import NoDefaultCalendar, UnknownName, WindowserviceError
from windowservice.worktime.calendar import WorkCalendar
from windowservice.worktime.limits.due import Bounds
from windowservice.worktime.limits.due_by_day import NO_NOTES, DueByDay
from windowservice.worktime.limits.limit import Limit

__all__ = [
    "Binding", "bind_begin_of", "bind_business_day", "bind_close_of", "bind_date", "bind_dated", "bind_due",
    "bind_workdays", "bind_worked", "started_within",
]  # fmt: skip


@attrs.frozen(eq=False)
class Binding:
    """What generated code is bound to: calendars by name, and the figures that replace or date others.

    Attributes:
        calendar: the calendar used where none is named; its zone gives civil dates.
        calendars: the calendars by name.
        figures: tables that stand in for a figure's own, by the figure's name.
        figures_as_of: the day whose figures are asked for, instead of each record's own.
        has_default: whether `calendar` may count; otherwise it only gives civil dates.
    """

    calendar: WorkCalendar
    calendars: Mapping[str, WorkCalendar] = attrs.field(factory=dict)
    figures: Mapping[str, Any] = attrs.field(factory=dict)
    figures_as_of: date | None = None
    has_default: bool = True

    def calendar_named(self, name: str) -> WorkCalendar:
        """Return a calendar by name; the empty name means the default.

        Raises:
            UnknownName: with the nearest known name.
        """
        if not name:
            return self.calendar
        try:
            return self.calendars[name]
        except KeyError:
            raise UnknownName("calendar", name, tuple(self.calendars)) from None

    def in_zone(self, name: str) -> WorkCalendar:
        """Return a calendar of the zone that a name says: that of a calendar, or one as in Europe/Berlin.

        Raises:
            UnknownName: for a name that is neither.
        """
        if not name or name in self.calendars:
            return self.calendar_named(name)
        try:
            return WorkCalendar(name, "mon-sun 00:00-24:00", name=name)
        except WindowserviceError:
            raise UnknownName("zone or calendar", name, (*self.calendars, *available_timezones())) from None

    def counting(self, name: str) -> WorkCalendar:
        """Return a calendar that counts, by name.

        Raises:
            UnknownName: with the nearest known name.
            NoDefaultCalendar: if none is named and there is no default.
        """
        if not name and not self.has_default:
            raise NoDefaultCalendar("no calendar is named", tuple(self.calendars))
        return self.calendar_named(name)


def bind_due(binding: Binding) -> Callable[..., Any]:
    """Return what gives the clock of a limit that starts at an instant."""
    dues = {name: DueByDay(binding.calendar_named(name)) for name in ("", *binding.calendars)}

    def due_clock(start: int, limit: Limit, name: str | None) -> tuple[Any, ...] | None:
        if (known := dues.get(name or "")) is not None and (found := known.clock(limit, start)) is not None:
            return found  # nearly always
        if limit.needs_slot:
            return None  # without a booked slot it has no end
        if not name and not binding.has_default and not limit.kind.real_time:
            return None  # the record names no calendar, and there is no default
        known = known or _unknown(binding, name)
        due, last_day, provisional, earliest, latest = started_within(start, partial(known.bounds, limit))
        return due, earliest, latest, provisional, last_day, NO_NOTES

    return due_clock


def started_within(start: int, run: Callable[[int], Bounds]) -> Bounds:
    """Return when a limit ends that is run from a start; from a date alone, between its first and its last instant.

    The due is then the last possible one; a limit in days ends at the same time whatever the hour.
    """
    if not isinstance(start, DateOnly):
        return run(start)
    first, last = run(int(start)), run(start.last)
    return last._replace(
        provisional=first.provisional or last.provisional,
        earliest=min(first.earliest, last.earliest), latest=max(first.latest, last.latest),
    )  # fmt: skip


def _unknown(binding: Binding, name: str | None) -> DueByDay:
    return DueByDay(binding.calendar_named(name or ""))  # which raises, with the nearest name


def bind_worked(binding: Binding) -> Callable[..., Any]:
    """Return what gives the open time between two instants."""
    default = binding.calendar.table if binding.has_default else None

    def worked_between(start: int, end: int, name: str | None) -> int | None:
        table = binding.calendar_named(name).table if name else default
        if table is None:
            return None  # the record names no calendar, and there is no default
        return table.open_before(end) - table.open_before(start)

    return worked_between


def bind_date(binding: Binding) -> Callable[..., Any]:
    """Return what gives the civil date of an instant."""
    return binding.calendar.table.date_of


def bind_begin_of(binding: Binding) -> Callable[..., Any]:
    """Return what gives when a date begins."""
    return binding.calendar.table.midnight


def bind_dated(binding: Binding) -> Callable[..., Any]:
    """Return what gives when the date begins, in the default zone, that an instant has in a zone of its own."""
    begins, tables = binding.calendar.table.midnight, dict[str, Any]()

    def dated(at: int, zone: str) -> int:
        if isinstance(at, DateOnly):
            return at  # a date alone is that date everywhere
        if zone not in tables:
            tables[zone] = binding.in_zone(zone).table
        return begins(tables[zone].date_of(at))

    return dated


def bind_workdays(binding: Binding) -> Callable[..., Any]:
    """Return what gives the working days after the first date up to and with the second."""
    table = binding.calendar.table

    def taken(first: int, last: int) -> int:
        return table.workdays_before(last + 1) - table.workdays_before(first + 1)

    return taken


def bind_business_day(binding: Binding) -> Callable[..., Any]:
    """Return what gives when the date begins on which an instant falls by a calendar."""

    def begins(at: int, name: str) -> int:
        table = binding.counting(name).table
        return table.midnight(table.business_day(at))

    return begins


def bind_close_of(binding: Binding) -> Callable[..., Any]:
    """Return what gives when a date ends by a calendar."""

    def ends(day: int, name: str) -> int:
        table = binding.counting(name).table
        return table.last_close_of(table.nth_workday(table.workdays_before(day)))

    return ends
