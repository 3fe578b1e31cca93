"""The calendars of the payment systems, and those that a service catalogue's hours make."""

from __future__ import annotations

from datetime import date

from windowservice.domain.catalogue.catalogue import Catalogue
from windowservice.worktime.calendar import WorkCalendar
from windowservice.worktime.published.systems import system_calendars

__all__ = ["catalogue_calendars"]

CHINA = "Asia/Shanghai"


def catalogue_calendars(catalogue: Catalogue) -> dict[str, WorkCalendar]:
    """Return a calendar for each one that the catalogue gives hours for; in China with its statutory days off.

    Those of the payment systems are there too, unless the catalogue has one of the same name.
    """
    hours: dict[str, dict[date, str]] = {}
    for row in catalogue.hours:
        hours.setdefault(row.calendar, {})[row.since] = row.weekly
    found: dict[str, WorkCalendar] = dict(system_calendars())
    for name, by_date in hours.items():
        weekly = next(iter(by_date.values())) if len(by_date) == 1 else by_date
        if catalogue.timezone == CHINA:
            found[name] = WorkCalendar.china(weekly, name=name)
        else:
            found[name] = WorkCalendar(timezone=catalogue.timezone, weekly=weekly, name=name)
    if "window" not in found:
        found["window"] = WorkCalendar.china("08:30-11:30 13:30-17:00", name="window")
    return found
