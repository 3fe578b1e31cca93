"""Civil days of a calendar's zone, up to the instant judged."""

from __future__ import annotations

from datetime import date, datetime

from windowservice.domain.periods import Every, Span, span_of
from windowservice.instants import from_us, to_us
from windowservice.worktime.calendar import WorkCalendar

__all__ = ["CivilDays"]


class CivilDays:
    """Civil days of a calendar's zone, up to an instant in microseconds UTC."""

    def __init__(self, calendar: WorkCalendar, us: int) -> None:
        self.calendar = calendar
        self.us = us
        self.last = from_us(us - 1, calendar.zone).date()
        """The last date that is seen, in part or as a whole."""

    def of(self, at: datetime) -> date:
        """Return the date of an instant."""
        return date.fromordinal(self.calendar.table.date_of(to_us(at)))

    def ended_by(self, at: datetime) -> date:
        """Return the date of what goes on until an instant: midnight ends the day before."""
        return date.fromordinal(self.calendar.table.date_of(to_us(at) - 1))

    def begins(self, day: date) -> datetime:
        """Return when a date begins."""
        return from_us(self.calendar.table.midnight(day.toordinal()), self.calendar.zone)

    def are_over(self, last: date) -> bool:
        """Return whether a date, and so all before it, is over."""
        return self.calendar.table.midnight(last.toordinal() + 1) <= self.us

    def workdays(self, first: date, last: date) -> list[int]:
        """Return the workdays between two dates, both included, as ordinals."""
        days = range(first.toordinal(), last.toordinal() + 1)
        return [day for day in days if self.calendar.table.is_workday(day)]

    def number_of_workdays(self, first: date, last: date) -> int:
        """Return how many workdays lie between two dates, both included."""
        table = self.calendar.table
        return table.workdays_before(last.toordinal() + 1) - table.workdays_before(first.toordinal())

    def period(self, every: Every, at: datetime) -> Span | None:
        """Return the period of an instant if it is over, else None."""
        found = span_of(every, self.of(at))
        return found if self.are_over(found.last) else None
