"""Days that differ from the weekly hours, in layers: statutory, system or business kind, place, branch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeAlias

import attrs

from windowservice.asked import told
from windowservice.errors import InvalidHours, InvalidTime, InvalidValue, TimeOutOfRange
from windowservice.instants import to_date
from windowservice.worktime.hours import Hours, Week, check_overlaps, hours_text, parse_hours
from windowservice.worktime.hours_spelling import weekday_of

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Closed", "DaySchedule", "Layer", "Special", "days_of", "resolve"]

Closed: TypeAlias = "Mapping[date | str, str] | Iterable[date | str | tuple[date | str, str]]"
"""Closed dates, or runs of dates such as ``"2018-10-01..2018-10-07"``, optionally each with a reason."""
Special: TypeAlias = "Mapping[date | str, str]"
"""Dates or runs of dates with hours of their own, or ``"as mon"`` for those of a weekday."""

_EARLIEST: Final = date(1898, 1, 1)
_LATEST: Final = date(2201, 12, 31)
"""Instants of 1900 to 2199 are computed with, and results some days beyond."""


def days_of(value: date | str, where: str = "") -> Iterator[date]:
    """Yield the dates of one date or of a run written ``"2018-10-01..2018-10-07"``, both ends included.

    A run may go beyond the years computed with ("closed for ever"); only its dates within them are yielded.

    Raises:
        InvalidTime: if it is neither, or the run ends before it begins.
        TimeOutOfRange: if none of its dates lies within the years computed with.
    """
    if type(value) is date and _EARLIEST <= value <= _LATEST:  # nearly always
        yield value
        return
    if isinstance(value, str) and ".." in value:
        first, last = (to_date(part, where) for part in value.split("..", 1))
        if last < first:
            raise InvalidTime(value, "a run of dates: it ends before it begins", where)
    else:
        first = last = to_date(value, where)
    if last < _EARLIEST or first > _LATEST:
        raise TimeOutOfRange(value, _EARLIEST, _LATEST, where)
    for ordinal in range(max(first, _EARLIEST).toordinal(), min(last, _LATEST).toordinal() + 1):
        yield date.fromordinal(ordinal)


def _closed(value: Closed) -> tuple[tuple[date, str], ...]:
    if isinstance(value, (str, date)) or not isinstance(value, Iterable):
        raise InvalidTime(value, "a list of dates, or a mapping of dates to reasons", "closed")
    pairs = value.items() if isinstance(value, Mapping) else (_with_reason(days) for days in value)
    return tuple(sorted({day: reason for days, reason in pairs for day in days_of(days, "closed")}.items()))


def _with_reason(value: date | str | tuple[date | str, str]) -> tuple[date | str, str]:
    if isinstance(value, tuple) and (len(value) != 2 or not isinstance(value[1], str)):
        raise InvalidTime(value, "a date, or a pair of a date and a reason", "closed")
    return value if isinstance(value, tuple) else (value, "")


def _special(value: Special | tuple[tuple[date, str], ...] | None) -> tuple[tuple[date, str], ...]:
    if not value:
        return ()
    if isinstance(value, tuple):  # parsed before
        value = dict(value)
    if not isinstance(value, Mapping):
        raise InvalidHours(value, "special days are a mapping of dates to hours", "special")
    found: dict[date, str] = {}
    for days, text in value.items():
        for day in days_of(days, "special"):
            if day in found:
                raise InvalidHours(text, f"{day} is given twice", "special")
            _day_hours(text, f"special.{day}")
            found[day] = text
    return tuple(sorted(found.items()))


def _day_hours(text: str, where: str) -> Hours | int:
    """Return the hours written, or the weekday whose hours are meant."""
    weekday = weekday_of(text[3:]) if isinstance(text, str) and text[:3].lower() == "as " else None
    return parse_hours(text, where) if weekday is None else weekday


def _issued(value: date | str | None) -> date | None:
    return None if value is None else to_date(value, "issued")


def _count(days: tuple[tuple[date, str], ...]) -> str:
    return f"<{len(days)} days>"


@told
@attrs.frozen
class Layer:
    """Days of one source. A later layer wins over an earlier one; within a layer `closed` wins over `special`.

    Attributes:
        name: what it is, such as "statutory", "system" or "branch".
        closed: the closed dates, each with the reason or an empty text.
        special: the dates with hours of their own, each with the hours as text or ``"as mon"``.
        source: the notice, rule or decision that says so.
        issued: its date, if known.
    """

    name: str
    closed: tuple[tuple[date, str], ...] = attrs.field(default=(), converter=_closed, repr=_count)
    special: tuple[tuple[date, str], ...] = attrs.field(default=(), converter=_special, repr=_count)
    source: str = ""
    issued: date | None = attrs.field(default=None, converter=_issued)

    def days(self) -> dict[int, Hours | int]:
        """Return the days that differ: hours, none if closed, or the weekday whose hours are meant."""
        return dict(self._days)

    @cached_property
    def _days(self) -> dict[int, Hours | int]:
        """The same, laid out once: the statutory layers stand in many calendars."""
        days = {day.toordinal(): _day_hours(text, f"special.{day}") for day, text in self.special}
        return days | {day.toordinal(): () for day, _ in self.closed}

    def reason(self, day: date) -> str:
        """Return what the layer says of a date: the reason of the closure or the hours; an empty text if nothing."""
        closed = dict(self.closed)
        if day in closed:
            return f"closed: {closed[day]}" if closed[day] else "closed"
        return dict(self.special).get(day, "")


def resolve(layers: Iterable[Layer]) -> dict[int, Hours | int]:
    """Return the days that differ from the weekly hours once every layer has had its say, in order."""
    days: dict[int, Hours | int] = {}
    for layer in layers:
        if not isinstance(layer, Layer):
            raise InvalidValue("layers", layer, "layers, as in Layer('branch', closed=['2024-05-06'])")
        days |= layer.days()
    return dict(sorted(days.items()))


@attrs.frozen(eq=False)
class DaySchedule:
    """The hours of every date: what the layers say of it, else the weekly hours then in force.

    Attributes:
        weeks: the weekly hours, by the date from which they hold; the first ones hold before it too.
        days: the days that differ: their hours, or the weekday whose hours they have.
    """

    weeks: tuple[Week, ...]
    days: dict[int, Hours | int]

    def written(self) -> set[Hours]:
        """Return every set of hours that some date may have."""
        own = {hours for hours in self.days.values() if isinstance(hours, tuple)}
        return own | {hours for week in self.weeks for hours in week.days}

    def content(self) -> tuple[list[object], list[object]]:
        """Return the weeks and the days as text and numbers only, always in the same order."""
        weeks: list[object] = [[week.since, [hours_text(hours) for hours in week.days]] for week in self.weeks]
        days = [[day, hours_text(hours) if isinstance(hours, tuple) else hours] for day, hours in self.days.items()]
        return weeks, list(days)

    def check(self, name: str) -> None:
        """Refuse hours that overlap from one date to another, or that are never open.

        Raises:
            InvalidHours: saying which.
        """
        if not any(self.written()):
            raise InvalidHours("", "no date has any open hours", name)
        # The beginning and one round of each week, and the surroundings of dates with hours of their own: no other can.
        begins = [max(week.since, date.min.toordinal() + 9) for week in self.weeks]
        ordinary = [day for begin in begins for day in range(begin, begin + 9)]
        check_overlaps(DaySchedule(self.weeks, {}), ordinary, name)
        check_overlaps(self, [day for day, hours in self.days.items() if hours != ()], name)

    def __call__(self, day: int, /) -> Hours:
        """Return the sessions that the date owns."""
        hours = self.days.get(day)
        if hours is None:
            hours = (day - 1) % 7
        if isinstance(hours, tuple):
            return hours
        week = self.weeks[0]
        for later in self.weeks[1:]:
            if later.since <= day:
                week = later
        return week.days[hours]
