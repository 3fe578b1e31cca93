"""What the wall clock of a zone shows: the spans of constant offset, and which instants lie between two wall times.

Wall times are integers here: microseconds since 1970-01-01T00:00 by the wall clock, as if there were no zone.
"""

from __future__ import annotations

import functools
import itertools
from bisect import bisect_right
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from windowservice.instants import DAY, utc_offset_us

if TYPE_CHECKING:
    from datetime import tzinfo

__all__ = ["EPOCH_ORDINAL", "Offsets", "Piece", "civil_days_on", "missing_days"]

Piece = tuple[int, int]
"""A half-open span of instants ``[open, close)``, in microseconds UTC."""

EPOCH_ORDINAL: Final = date(1970, 1, 1).toordinal()
_PROBE: Final = DAY
"""Offsets are compared this far apart; no zone changes its clocks twice within it (the shortest time is four days)."""


class Offsets:
    """The offsets of a zone between two instants, found once and never changed afterwards.

    Attributes:
        begin: the first instant covered, in microseconds UTC.
        end: the first instant not covered.
        only: the offset if there is only one, else None.
    """

    __slots__ = ("_offsets", "_repeats", "_starts", "_turns", "begin", "end", "only")

    def __init__(self, zone: tzinfo, begin: int, end: int) -> None:
        self.begin = begin
        self.end = end
        self._starts = [begin]
        self._offsets = [utc_offset_us(begin, zone)]
        probes = [*range(begin, end, _PROBE), end]
        for left, right in pairwise(probes):
            offset = utc_offset_us(right, zone)
            if offset != self._offsets[-1]:
                self._starts.append(_change(zone, left, right, offset))
                self._offsets.append(offset)
        self.only = self._offsets[0] if len(self._offsets) == 1 else None
        changes = list(zip(self._starts[1:], *zip(*pairwise(self._offsets), strict=True), strict=True))
        self._repeats = [begin, *(start + max(0, before - after) for start, before, after in changes)]
        self._turns = [start + max(before, after) for start, before, after in changes]

    @property
    def segments(self) -> tuple[list[int], list[int]]:
        """The instants from which each offset holds, and the offsets, for those who look them up in columns."""
        return list(self._starts), list(self._offsets)

    def at(self, t: int) -> int:
        """Return the offset from UTC at an instant, in microseconds."""
        return self._offsets[bisect_right(self._starts, t) - 1]

    def plain(self, t: int) -> int | None:
        """Return the offset at an instant, or None if the wall clock shows its time for the second time."""
        segment = bisect_right(self._starts, t) - 1
        return self._offsets[segment] if t >= self._repeats[segment] else None

    def of_wall(self, wall: int) -> int:
        """Return the offset at a wall time: at the first showing if it repeats, from before the change if skipped."""
        return self._offsets[bisect_right(self._turns, wall)]

    def constant(self, begin: int, end: int) -> int | None:
        """Return the offset if it is the same throughout ``[begin, end]``, else None."""
        first = bisect_right(self._starts, begin)
        return self._offsets[first - 1] if bisect_right(self._starts, end) == first else None

    def instants_between(self, begin: int, end: int) -> list[Piece]:
        """Return the instants at which the wall clock shows a time in ``[begin, end)``.

        In a skipped hour there are none; in a repeated hour there are two pieces, unless they touch.
        """
        pieces: list[Piece] = []
        for start, stop, offset in self._segments(begin, end):
            left, right = max(start, begin - offset), min(stop, end - offset)
            if left < right:
                if pieces and pieces[-1][1] == left:
                    left = pieces.pop()[0]
                pieces.append((left, right))
        return pieces

    def first_at_or_after(self, wall: int) -> int:
        """Return the first instant at which the wall clock shows `wall`, or if it skips that, the first one beyond."""
        for start, stop, offset in self._segments(wall, wall + DAY):
            instant = max(start, wall - offset)
            if instant < stop:
                return instant
        raise AssertionError("offsets are built with a margin around every wall time asked for")  # pragma: no cover

    def _segments(self, begin: int, end: int) -> list[tuple[int, int, int]]:
        """Return (start, stop, offset) of the segments that may show wall times from `begin` to `end`."""
        starts, offsets = self._starts, self._offsets
        low = max(bisect_right(starts, begin - 2 * DAY) - 1, 0)
        high = bisect_right(starts, end + 2 * DAY)
        stops = [*starts[low + 1 : high], self.end if high == len(starts) else starts[high]]
        return list(zip(starts[low:high], stops, offsets[low:high], strict=True))


@functools.lru_cache(maxsize=256)
def missing_days(zone: tzinfo) -> tuple[int, ...]:
    """Return the civil dates that a zone skipped as a whole, as ordinals: where it moved over the date line."""
    years = [(date(year, 1, 1).toordinal() - EPOCH_ORDINAL) * DAY for year in range(1900, 2201)]
    found: list[int] = []
    for begin, end in itertools.pairwise(years):
        if utc_offset_us(end, zone) - utc_offset_us(begin, zone) < DAY // 2:
            continue
        offsets = Offsets(zone, begin - DAY, end + DAY)
        for start, (before, after) in zip(
            offsets.segments[0][1:], itertools.pairwise(offsets.segments[1]), strict=True
        ):
            first, last = -(-(start + before) // DAY), (start + after) // DAY  # days that lie within the skipped times
            found += range(first + EPOCH_ORDINAL, last + EPOCH_ORDINAL)
    return tuple(found)


def civil_days_on(day: int, count: int, missing: tuple[int, ...]) -> int:
    """Return the date that lies so many civil dates after a date, or before it if negative; skipped dates are none."""
    last = day + count
    for one in missing if count > 0 else reversed(missing):
        if day < one <= last:
            last += 1
        elif last <= one < day:
            last -= 1
    return last


def _change(zone: tzinfo, left: int, right: int, offset: int) -> int:
    """Return the first instant in ``(left, right]`` at which the offset is `offset`."""
    while right - left > 1:
        middle = (left + right) // 2
        if utc_offset_us(middle, zone) == offset:
            right = middle
        else:
            left = middle
    return right
