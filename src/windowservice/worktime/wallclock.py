"""Instants in and out of a calendar: as `instants` does it, but by the offsets of a table, not by asking the zone."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Final

import attrs

from windowservice.instants import DAY, EARLIEST, LATEST, SECOND, datetime_us, from_us, shown_zone, to_us
from windowservice.worktime.frame import EPOCH_ORDINAL

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    import pendulum

    from windowservice.worktime.frame import Frame

__all__ = ["WallClock"]

_EPOCH_SECONDS: Final = EPOCH_ORDINAL * 86_400


@attrs.frozen
class WallClock:
    """The wall clock of one zone.

    Attributes:
        zone: the zone.
    """

    zone: tzinfo

    @cached_property
    def shown_zone(self) -> tzinfo:
        """The zone in the instants given out, as `instants.from_us` has it."""
        return shown_zone(self.zone)

    @cached_property
    def make(self) -> type[pendulum.DateTime]:
        """The class of the instants given out, the one that `instants.from_us` uses."""
        return type(from_us(0, self.zone))

    def us(self, value: datetime | str, frame: Frame | None) -> int:
        """Return the microseconds UTC of an instant, as `instants.to_us`; quicker if it is in this zone and frame.

        Raises:
            NaiveTime, InvalidTime, TimeOutOfRange: as `instants.to_us`.
        """
        try:
            # A repeated hour at its second showing is left to the long way.
            if value.tzinfo is self.shown_zone and not value.fold and frame is not None:  # type: ignore[union-attr]
                seconds = value.toordinal() * 86_400 + value.hour * 3600 + value.minute * 60 + value.second  # type: ignore[union-attr]
                wall = (seconds - _EPOCH_SECONDS) * SECOND + value.microsecond  # type: ignore[union-attr]
                offsets = frame.offsets
                us = wall - (offsets.of_wall(wall) if offsets.only is None else offsets.only)
                if frame.begin <= us < frame.end and EARLIEST <= us < LATEST:
                    return us
            us = datetime_us(value)  # type: ignore[arg-type]
        except (AttributeError, TypeError):  # text, naive or no time at all
            return to_us(value)
        return us if EARLIEST <= us < LATEST else to_us(value)

    def shown(self, us: int, frame: Frame) -> pendulum.DateTime:
        """Return the instant, which lies in the frame, as a pendulum DateTime in the zone."""
        offsets = frame.offsets
        offset = offsets.plain(us) if offsets.only is None else offsets.only
        if offset is None:
            return from_us(us, self.zone)
        days, rest = divmod(us + offset, DAY)
        day = date.fromordinal(days + EPOCH_ORDINAL)
        seconds, microsecond = divmod(rest, SECOND)
        minutes, second = divmod(seconds, 60)
        hour, minute = divmod(minutes, 60)
        return self.make(day.year, day.month, day.day, hour, minute, second, microsecond, self.shown_zone)
