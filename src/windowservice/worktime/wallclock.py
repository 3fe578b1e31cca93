"""Instants in and out of a calendar, as `instants` does it but without asking the zone each time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import attrs

from windowservice.instants import DAY, EARLIEST, LATEST, SECOND, from_us, to_us

if TYPE_CHECKING:
    from datetime import tzinfo

    import pendulum

    from windowservice.worktime.offsets import Offsets

__all__ = ["WallClock", "fast_us"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
# The methods of the plain class: pendulum's own build an Interval or a Duration, twenty times slower.
_minus: Final = datetime.__sub__
_plus: Final = datetime.__add__


def fast_us(value: datetime | str) -> int:
    """Return the microseconds UTC of an instant, as `instants.to_us` does.

    Raises:
        NaiveTime, InvalidTime, TimeOutOfRange: as `instants.to_us`.
    """
    try:
        delta = _minus(value, _EPOCH)  # type: ignore[type-var]
    except TypeError:  # naive, text or no time at all
        return to_us(value)
    us = (delta.days * 86_400 + delta.seconds) * SECOND + delta.microseconds
    return us if EARLIEST <= us < LATEST else to_us(value)


@attrs.frozen(eq=False)
class WallClock:
    """The wall clock of one zone.

    Attributes:
        zone: the zone.
        origin: a time the clock shows, made by `instants.from_us`.
        origin_wall: the same as microseconds since 1970-01-01T00:00 by the wall clock.
    """

    zone: tzinfo
    origin: pendulum.DateTime
    origin_wall: int

    @classmethod
    def of(cls, zone: tzinfo) -> WallClock:
        """Return the wall clock of a zone."""
        origin = from_us(10 * 365 * DAY, zone)
        wall = _minus(origin.replace(tzinfo=None), _EPOCH.replace(tzinfo=None))
        return cls(zone, origin, wall // timedelta(microseconds=1))

    def shown(self, us: int, offsets: Offsets) -> pendulum.DateTime:
        """Return the instant as a pendulum DateTime in the zone."""
        offset = offsets.plain(us)
        if offset is None:
            return from_us(us, self.zone)
        seconds, microseconds = divmod(us + offset - self.origin_wall, SECOND)
        return _plus(self.origin, timedelta(0, seconds, microseconds))
