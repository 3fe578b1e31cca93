"""Instants in and out of a calendar: as `instants` does it, but by the offsets of a table, not by asking the zone."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from windowservice.instants import DAY, EARLIEST, LATEST, SECOND, datetime_us, from_us, shown_zone, to_us
from windowservice.worktime.frame import EPOCH_ORDINAL

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    import pendulum

    from windowservice.worktime.frame import Frame

__all__ = ["WallClock"]

_EPOCH_SECONDS: Final = EPOCH_ORDINAL * 86_400


class WallClock:
    """The wall clock of one zone.

    Attributes:
        zone: the zone.
    """

    __slots__ = ("_make", "_shown", "zone")
    _make: type[pendulum.DateTime] | None
    _shown: object

    def __init__(self, zone: tzinfo) -> None:
        self.zone = zone
        self._make = None  # the class of the instants given out, as `instants.from_us` makes them
        self._shown = self  # their zone; until one is given out no time has it, nor has a naive one

    def __reduce__(self) -> tuple[type[WallClock], tuple[tzinfo]]:
        return WallClock, (self.zone,)

    @property
    def shown_zone(self) -> tzinfo:
        """The zone in the instants given out, as `instants.from_us` has it."""
        return shown_zone(self.zone)

    def _load(self) -> type[pendulum.DateTime]:
        self._shown = self.shown_zone
        self._make = type(from_us(0, self.zone))
        return self._make

    def us(self, value: datetime | str, frame: Frame | None) -> int:
        """Return the microseconds UTC of an instant, as `instants.to_us`; quicker if it is in this zone and frame.

        Raises:
            NaiveTime, InvalidTime, TimeOutOfRange: as `instants.to_us`.
        """
        try:
            # A repeated hour at its second showing is left to the long way.
            if value.tzinfo is self._shown and not value.fold and frame is not None:  # type: ignore[union-attr]
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
        make = self._make or self._load()
        return make(day.year, day.month, day.day, hour, minute, second, microsecond, self._shown)  # type: ignore[arg-type]
