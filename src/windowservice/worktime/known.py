"""How far the hours of a calendar are known, and what happens to results that rest on days beyond."""

from __future__ import annotations

import sys
import warnings
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import attrs

from windowservice.errors import CalendarNotAnnounced, InvalidValue, ProvisionalTime
from windowservice.instants import DAY, to_date
from windowservice.worktime.frame import EPOCH_ORDINAL
from windowservice.worktime.hours import FOR_EVER
from windowservice.worktime.offsets import Offsets

if TYPE_CHECKING:
    from datetime import tzinfo

    from windowservice.worktime.layers import DaySchedule

__all__ = ["KnownRange", "OnUnknown", "known_range"]

OnUnknown: TypeAlias = Literal["assume", "raise"]
"""Whether results beyond the known range are assumed and marked, or refused."""

_EVER: Final = 1 << 62
_EARLIEST: Final = date(1898, 1, 1)
_LATEST: Final = date(2201, 12, 31)
"""Beyond the years computed with, a known range has no end."""


@attrs.frozen
class KnownRange:
    """The dates whose hours are known, and the instants that depend on no other date.

    Attributes:
        name: the calendar's name, for messages.
        first, last: the first and last known date, None if there is no end on that side.
        begin, end: the instants ``[begin, end)`` that no session of an unknown date can reach.
        on_unknown: what to do with results beyond.
    """

    name: str
    first: date | None
    last: date | None
    begin: int
    end: int
    on_unknown: OnUnknown

    def check(self, begin: int, end: int) -> None:
        """Warn of, or refuse, a result that rests on the instants ``[begin, end)``."""
        if begin < self.begin or end > self.end:
            self.beyond(begin // DAY + EPOCH_ORDINAL, end // DAY + EPOCH_ORDINAL, 4)

    def check_days(self, first: int, last: int, stacklevel: int = 4) -> None:
        """Warn of, or refuse, a result that rests on the days from `first` to `last`, as ordinals."""
        if (self.first is not None and first < self.first.toordinal()) or (
            self.last is not None and last > self.last.toordinal()
        ):
            self.beyond(first, last, stacklevel)

    def beyond(self, first: int, last: int, stacklevel: int) -> None:
        """Warn or refuse; the text of the warning names no instant, so that it is given once, not for every result."""
        if self.on_unknown == "raise":
            needed = (date.fromordinal(first), date.fromordinal(last))
            raise CalendarNotAnnounced(self.name, *needed, self.first, self.last)
        warnings.warn(
            ProvisionalTime(
                f"calendar {self.name!r} is known from {self.first or 'ever'} until {self.last or 'ever'}; "
                f"results beyond are provisional: they assume the weekly hours and the days fixed by law"
            ),
            stacklevel=outside() if stacklevel > _OF_THE_CALLER else stacklevel,
        )


_OF_THE_CALLER: Final = 2
_HOUSE: Final = str(Path(__file__).parents[1])


def outside() -> int:
    """Return the stack level of the caller's code, as the function that asks has to give it to `warnings.warn`."""
    frame, level = sys._getframe(1), 1
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_HOUSE):
        frame, level = frame.f_back, level + 1
    return level


def known_range(
    name: str,
    known_from: date | str | None,
    known_until: date | str | None,
    on_unknown: OnUnknown,
    *,
    zone: tzinfo,
    schedule: DaySchedule,
) -> KnownRange:
    """Return the known range of a calendar.

    Args:
        name: the calendar's name.
        known_from: the first known date, None for ever back, or from the first date of weekly hours that have dates.
        known_until: the last known date, None for ever on.
        on_unknown: what to do with results beyond.
        zone: the zone whose wall clock the hours go by.
        schedule: all hours of the calendar. A night session of the date after the last known one may reach into that
            date,
            so the instants end that much earlier.

    Raises:
        InvalidTime: if a date is none.
        InvalidValue: if the range ends before it begins, or `on_unknown` is another word.
    """
    first = None if known_from is None else to_date(known_from, "known_from")
    if first is None and schedule.weeks[0].since != FOR_EVER:
        first = date.fromordinal(schedule.weeks[0].since)
    last = None if known_until is None else to_date(known_until, "known_until")
    if on_unknown not in ("assume", "raise"):
        raise InvalidValue("on_unknown", on_unknown, "'assume' or 'raise'", name)
    if first is not None and last is not None and last < first:
        raise InvalidValue("known_until", last.isoformat(), f"a date from {first} on", name)
    sessions = [session for hours in schedule.written() for session in hours]
    late = max(0, *(close - DAY for _, close in sessions))
    early = min(0, *(opening for opening, _ in sessions))
    begin = -_EVER if first is None else _instant_of(first.toordinal(), late, zone)
    end = _EVER if last is None else _instant_of(last.toordinal() + 1, early, zone)
    return KnownRange(name, first, last, begin, end, on_unknown)


def _instant_of(day: int, wall: int, zone: tzinfo) -> int:
    """Return the instant of a wall time of a date; beyond the years computed with, one before or after all others."""
    if day < _EARLIEST.toordinal():
        return -_EVER
    return _EVER if day > _LATEST.toordinal() else _instant((day - EPOCH_ORDINAL) * DAY + wall, zone)


def _instant(wall: int, zone: tzinfo) -> int:
    return Offsets(zone, wall - 3 * DAY, wall + 3 * DAY).first_at_or_after(wall)
