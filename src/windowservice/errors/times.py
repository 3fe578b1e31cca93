"""What is wrong with an instant, with hours, with a calendar or with a limit."""

from __future__ import annotations

from typing import Any

from windowservice.errors.root import WindowserviceError, WindowserviceWarning, meant, valued, written


@valued
class NaiveTime(WindowserviceError):
    """A time came without a zone."""

    value: Any
    where: str = ""

    says = (
        "the time {value!s} has no zone; write it with an offset, "
        "as in '2018-05-03T09:40+08:00', or name the zone of the whole ledger once "
        '(zone = "..." in ledger.toml, or --zone)'
    )


@valued
class InvalidTime(WindowserviceError):
    """Something that should be an instant or a date is not one."""

    value: Any
    wanted: str = "an ISO time with offset, as in '2018-05-03T09:40+08:00'"
    where: str = ""

    def _said(self) -> str:
        kind = "" if isinstance(self.value, str) else f" ({type(self.value).__name__})"
        return f"{written(self.value)}{kind} is not {self.wanted}"


@valued
class TimeOutOfRange(WindowserviceError):
    """An instant lies outside the years that the library computes with, or outside what a calendar knows."""

    value: Any
    earliest: Any
    latest: Any
    where: str = ""

    says = "{value!s} is out of range; wanted a time from {earliest!s} to {latest!s}"


@valued
class UnknownZone(WindowserviceError):
    """No IANA time zone has that name."""

    zone: str
    where: str = ""

    def _said(self) -> str:
        from windowservice.errors.zones import zone_meant

        hint = meant(zone_meant(self.zone))
        return f"unknown time zone {self.zone!r}{hint}; write an IANA name such as 'Asia/Shanghai'"


@valued
class InvalidHours(WindowserviceError):
    """Opening hours are written wrongly, or two sessions overlap."""

    text: Any
    problem: str
    where: str = ""

    says = (
        "the hours {text!r} cannot be used: {problem}; write sessions such as '08:30-11:30 13:30-17:00', "
        "'22:00-06:00(+1)' or '20:30(-1)-17:15'"
    )


@valued
class NoOpenTime(WindowserviceError):
    """A calendar has no open time where some is needed."""

    calendar: str
    when: str

    says = "calendar {calendar!r} has no open time {when}; check its weekly hours and closed days"


@valued
class NoDefaultCalendar(WindowserviceError):
    """Something needs a calendar or a zone and names none, and there is no default."""

    needs: str
    known: tuple[str, ...] = ()
    where: str = ""

    def _said(self) -> str:
        if not self.known:
            return f"{self.needs}, and no calendar was given; give one, as in calendars=cal"
        choices = ", ".join(self.known)
        return (
            f"{self.needs}, and there are several ({choices}); "
            f"name one of them, or give the default as calendars={{'window': ..., ...}} (in a pack in TOML as "
            "[calendars.window])"
        )


@valued
class CalendarNotAnnounced(WindowserviceError):
    """A result depends on days of which the calendar does not know whether they are worked."""

    calendar: str
    first: Any
    last: Any
    known_from: Any
    known_until: Any

    def _said(self) -> str:
        return (
            f"calendar {self.calendar!r} is known "
            f"from {self.known_from or 'ever'!s} until {self.known_until or 'ever'!s}, "
            f"but {self.first!s} to {self.last!s} is needed; add the days announced since, "
            f"or accept assumed ones with on_unknown='assume'"
        )


class ProvisionalTime(WindowserviceWarning):
    """A result of working time rests on days that are assumed, not announced."""


@valued
class InvalidLimit(WindowserviceError):
    """Something that should be a time limit is none."""

    text: Any
    problem: str
    where: str = ""
    meant: str = ""

    def _said(self) -> str:
        hint = meant(self.meant)
        return (
            f"the limit {self.text!r} cannot be used: {self.problem}{hint}; write it like "
            f"'30 working minutes', '3 working days', '1 working day at 12:00', 'same working day', "
            f"'15 calendar days', '3 months', '72 hours', "
            f"'10 working days before', 'booked session', '60 working minutes or 16:20 at the latest' or '3个工作日'"
        )


@valued
class AmbiguousLimit(InvalidLimit):
    """A number of days that does not say which days are meant."""

    choices: tuple[str, ...] = ()

    def _said(self) -> str:
        return f"the limit {self.text!r} {self.problem}; write one of: {', '.join(self.choices)}"
