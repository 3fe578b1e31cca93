"""A stretch of days laid out as sorted open pieces, with buckets to find a piece by; built once, never changed."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Final, Protocol

import attrs

from windowservice.instants import DAY
from windowservice.worktime.offsets import EPOCH_ORDINAL, Offsets, Piece

if TYPE_CHECKING:
    from datetime import tzinfo

__all__ = ["EPOCH_ORDINAL", "REACH", "SHIFT", "Anchor", "Frame", "Schedule", "build"]

SHIFT: Final = 34
"""A bucket is 2**34 microseconds, about 4.8 hours: it seldom holds more than one opening."""
REACH: Final = 2
"""A session lies within its date and the two beside it: instants this many days inside the edge miss no session."""
_NEVER: Final = 1 << 62


class Schedule(Protocol):
    """The hours of a date, by the wall clock."""

    def __call__(self, day: int, /) -> tuple[Piece, ...]:
        """Return the sessions the date owns, in order, in microseconds from its 00:00 by the wall clock."""


@attrs.frozen
class Anchor:
    """The instant and the day from which open time and workdays are counted, the same in all frames of a table."""

    instant: int
    day: int


@attrs.frozen(eq=False, repr=False)
class Frame:
    """The open pieces of the days ``[first_day, last_day)``.

    Attributes:
        first_day, last_day: the days held, as ordinals.
        begin, end: the instants ``[begin, end)`` of which every session is held.
        low, high: the open time before `begin` and before `end`, counted from the anchor.
        opens, closes, owners: per piece its ends and the day that owns it; one piece that never comes closes the lists.
        before: per piece the open time before it.
        by_time: the first piece to try for an instant t, at ``(t >> SHIFT) - (begin >> SHIFT)``.
        by_work: the first piece to try for an open time w, at ``(w >> SHIFT) - (low >> SHIFT)``.
        owned: per day its pieces.
        counts: per day the workdays before it, counted from the anchor.
        workdays: the days that own open time; ``workdays[n - counts[0]]`` has n workdays before it.
        offsets: what the wall clock shows.
    """

    first_day: int
    last_day: int
    begin: int
    end: int
    low: int
    high: int
    opens: list[int]
    closes: list[int]
    owners: list[int]
    before: list[int]
    time_base: int
    by_time: list[int]
    work_base: int
    by_work: list[int]
    owned: list[tuple[Piece, ...]]
    counts: list[int]
    workdays: list[int]
    offsets: Offsets

    def piece_at(self, t: int) -> int:
        """Return the index of the first piece that closes after the instant."""
        piece = self.by_time[(t >> SHIFT) - self.time_base]
        closes = self.closes
        while closes[piece] <= t:
            piece += 1
        return piece


def build(zone: tzinfo, schedule: Schedule, first_day: int, last_day: int, anchor: Anchor) -> Frame:
    """Lay out the days ``[first_day, last_day)``, the anchor's among them."""
    first_wall, last_wall = (first_day - EPOCH_ORDINAL) * DAY, (last_day - EPOCH_ORDINAL) * DAY
    offsets = Offsets(zone, first_wall - 5 * DAY, last_wall + 5 * DAY)
    begin, end = offsets.first_at_or_after(first_wall + REACH * DAY), offsets.first_at_or_after(last_wall - REACH * DAY)

    owned = [_pieces(offsets, schedule(day), (day - EPOCH_ORDINAL) * DAY) for day in range(first_day, last_day)]
    laid = sorted((*piece, day) for day, pieces in enumerate(owned, first_day) for piece in pieces)
    opens = [piece[0] for piece in laid] + [_NEVER]
    closes = [piece[1] for piece in laid] + [_NEVER]
    before = list(accumulate((piece[1] - piece[0] for piece in laid), initial=0))
    by_time = _buckets(closes, begin >> SHIFT, end >> SHIFT, strict=True)

    raw = _open_before(opens, closes, before, (begin, end, anchor.instant))
    before = [w - raw[2] for w in before]
    low, high = raw[0] - raw[2], raw[1] - raw[2]
    counts = list(accumulate((1 if pieces else 0 for pieces in owned), initial=0))
    from_anchor = counts[anchor.day - first_day]
    return Frame(
        first_day=first_day,
        last_day=last_day,
        begin=begin,
        end=end,
        low=low,
        high=high,
        opens=opens,
        closes=closes,
        owners=[piece[2] for piece in laid] + [last_day],
        before=before,
        time_base=begin >> SHIFT,
        by_time=by_time,
        work_base=low >> SHIFT,
        by_work=_buckets(before[1:], low >> SHIFT, high >> SHIFT, strict=False),
        owned=owned,
        counts=[count - from_anchor for count in counts],
        workdays=[day for day, pieces in enumerate(owned, first_day) if pieces],
        offsets=offsets,
    )


def _pieces(offsets: Offsets, sessions: tuple[Piece, ...], midnight: int) -> tuple[Piece, ...]:
    """Return the sessions of the date whose 00:00 by the wall clock is `midnight` as instants."""
    if not sessions:
        return ()
    offset = offsets.constant(midnight - 2 * DAY, midnight + 3 * DAY)
    if offset is not None:
        shift = midnight - offset
        return tuple([(opening + shift, closing + shift) for opening, closing in sessions])
    found = [piece for s in sessions for piece in offsets.instants_between(midnight + s[0], midnight + s[1])]
    return tuple(sorted(found))


def _buckets(ends: list[int], first: int, last: int, *, strict: bool) -> list[int]:
    """Return for each bucket the first piece whose end lies after its beginning (or at it, unless strict)."""
    buckets = []
    piece, pieces = 0, len(ends)
    for bucket in range(first, last + 1):
        start = (bucket << SHIFT) + strict
        while piece < pieces and ends[piece] < start:
            piece += 1
        buckets.append(piece)
    return buckets


def _open_before(opens: list[int], closes: list[int], before: list[int], instants: tuple[int, ...]) -> list[int]:
    """Return the open time before each instant, counted from the first piece."""
    found = []
    for t in instants:
        piece = bisect_right(closes, t)
        found.append(before[piece] + max(0, t - opens[piece]))
    return found
