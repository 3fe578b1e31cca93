"""A time of which only the date is known, as the integer microseconds that all instants are."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from windowservice.errors import InvalidTime
from windowservice.instants import local_midnight

__all__ = ["DateOnly", "date_only_us"]


class DateOnly(int):
    """The instant at which a date begins (microseconds UTC), for what happened on it at an hour that nobody wrote down.

    It is put in order with another instant by its date: before it only if the date is over by then, after it only if
    the date begins then or later. So it is at or before every due on its date, whatever the hour, and after one at
    24:00 of the day before; and two things of one date are neither before nor after one another. Whatever else is
    computed with it is computed with the beginning of the date.

    Attributes:
        end: the instant at which the date is over.
    """

    end: int

    def __new__(cls, begin: int, end: int) -> DateOnly:  # noqa: D102 - the class says it
        found = super().__new__(cls, begin)
        found.end = end
        return found

    def __getnewargs__(self) -> tuple[int, int]:  # type: ignore[override]
        return int(self), self.end

    @property
    def last(self) -> int:
        """The last microsecond of the date."""
        return self.end - 1

    def __lt__(self, other: Any) -> bool:
        return int(self) < int(other) if isinstance(other, DateOnly) else self.end <= other

    def __gt__(self, other: Any) -> bool:
        return int(self) > int(other) if isinstance(other, DateOnly) else int(self) >= other

    def __le__(self, other: Any) -> bool:
        return not self > other

    def __ge__(self, other: Any) -> bool:
        return not self < other

    __hash__ = int.__hash__


def date_only_us(at: datetime) -> DateOnly:
    """Return the date on which an instant falls in the zone it is written in, which it has to have."""
    day = at.date()
    if at.tzinfo is None:
        raise InvalidTime(at, "an instant with a zone")
    return DateOnly(local_midnight(day, at.tzinfo), local_midnight(day + timedelta(days=1), at.tzinfo))
