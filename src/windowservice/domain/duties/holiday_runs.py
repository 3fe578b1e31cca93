"""Runs of days off that hold a holiday: the named days with the weekends and shifted rest days joined to them."""

from __future__ import annotations

from datetime import date

import attrs

from windowservice.worktime.calendar import WorkCalendar

__all__ = ["HolidayRun", "holiday_runs"]

_SEPARATOR = "、"


@attrs.frozen
class HolidayRun:
    """Days off that follow each other without a workday between them.

    Attributes:
        names: the holidays they hold, in the order in which they come.
        first, last: the first and last of the days.
    """

    names: tuple[str, ...]
    first: date
    last: date


def holiday_runs(calendar: WorkCalendar, first: date, last: date, wanted: frozenset[str]) -> list[HolidayRun]:
    """Return the runs that begin between two dates, both included, and hold a named day off.

    A list of holidays may hold only the named days and not the weekend beside them, so the days off that touch them
    are joined. A named day that is worked after all (a later notice) names nothing.

    Args:
        calendar: its layers name the days: "春节", or several as in "国庆节、中秋节".
        first: the first date on which a run may begin.
        last: the last one.
        wanted: the names that count.
    """
    table = calendar.table
    named = _named_days(calendar, wanted)
    found: list[HolidayRun] = []
    # a run that begins within the span has its named days from its beginning on: no older year is laid out
    for day in sorted(day for day in named if day >= first.toordinal()):
        if found and found[-1].first > last:
            break
        if table.is_workday(day) or (found and day <= found[-1].last.toordinal()):
            continue
        begin = end = day
        while not table.is_workday(begin - 1):
            begin -= 1
        while not table.is_workday(end + 1):
            end += 1
        names = dict.fromkeys(name for one in range(begin, end + 1) for name in named.get(one, ()))
        found.append(HolidayRun(tuple(names), date.fromordinal(begin), date.fromordinal(end)))
    return [run for run in found if first <= run.first <= last]


def _named_days(calendar: WorkCalendar, wanted: frozenset[str]) -> dict[int, tuple[str, ...]]:
    """Return the wanted names of each day that a layer closes; a later layer wins."""
    named: dict[int, tuple[str, ...]] = {}
    for layer in calendar.layers:
        for day, text in layer.closed:
            names = tuple(name for name in text.split(_SEPARATOR) if name in wanted)
            if names:
                named[day.toordinal()] = names
    return named
