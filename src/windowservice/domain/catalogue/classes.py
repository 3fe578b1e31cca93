"""What stands in a catalogue beside the kinds of business: their classes, and the hours of the calendars they name."""

from __future__ import annotations

from datetime import date
from typing import Final

import attrs

from windowservice.domain.basis import Basis
from windowservice.instants import to_date
from windowservice.worktime.hours import parse_weekly

__all__ = ["WHAT", "CalendarHours", "ServiceClass"]

WHAT: Final = "a service catalogue"


def _is_weekly(_instance: object, _field: object, value: str) -> None:
    parse_weekly(value)


@attrs.frozen
class ServiceClass:
    """A class of business: done at once, within a commitment, a licence ...; its name in Chinese and English."""

    id: str
    zh: str
    en: str


@attrs.frozen
class CalendarHours:
    """The weekly hours of a calendar, in force from a day on.

    Attributes:
        calendar: name of the calendar.
        since: the first day (local) on which they hold.
        weekly: the hours, as "mon-fri 08:30-11:30 13:30-17:00".
        basis: what sets them.
    """

    calendar: str
    since: date = attrs.field(converter=to_date)
    weekly: str = attrs.field(validator=_is_weekly)
    basis: Basis
