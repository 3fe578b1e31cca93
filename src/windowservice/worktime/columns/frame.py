"""A frame of the table as numpy arrays, made once for each frame; what `columns_table` looks things up in."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Final

import attrs

from windowservice.instants import DAY
from windowservice.worktime.frame import EPOCH_ORDINAL, SHIFT, Frame

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

__all__ = ["Arrays", "Finder", "arrays_of"]

_SHIFTS: Final = (SHIFT, SHIFT - 1, SHIFT - 2, SHIFT - 3)
_MOST_BUCKETS: Final = 1 << 18
"""Smaller buckets save a correction only while their table stays in the cache."""
_MIXED: Final = 1 << 62
"""Stands in a bucket in which the offset changes."""


@attrs.frozen(eq=False, repr=False)
class Finder:
    """Finds the first end beyond a value: a bucket says where to begin, and a few corrections end it.

    Attributes:
        ends: what is searched, in order.
        strict: whether an end equal to the value is passed over.
        shift, base: the bucket of a value is ``(value >> shift) - base``.
        first: per bucket where to begin.
        tries: how many corrections are needed at most.
    """

    ends: Ints
    strict: bool
    shift: int
    base: int
    first: NDArray[np.intp]
    tries: int

    @classmethod
    def over(cls, ends: Ints, low: int, high: int, *, strict: bool) -> Finder:
        """Return a finder for the values from `low` to `high`, with the widest buckets that need one correction."""
        import numpy as np

        made = []
        for shift in _SHIFTS:
            base = low >> shift
            starts = np.arange(base, (high >> shift) + 2, dtype=np.int64) << shift
            first = np.searchsorted(ends, starts, "right" if strict else "left").astype(np.intp)
            tries = int(np.diff(first).max())
            made.append(cls(ends, strict, shift, base, first[:-1], tries))
            if tries <= 1 or len(first) > _MOST_BUCKETS:
                break
        return min(made, key=lambda finder: finder.tries)

    def __call__(self, values: Ints) -> NDArray[np.intp]:
        """Return the index of the first end beyond each value, which must lie between `low` and `high`."""
        import numpy as np

        buckets = values >> self.shift
        buckets -= self.base
        found = self.first.take(buckets, mode="clip")  # nothing is clipped: the caller has checked the range
        passed = np.less_equal if self.strict else np.less
        for _ in range(self.tries):
            found += passed(self.ends.take(found, mode="clip"), values)
        return found


@attrs.frozen(eq=False, repr=False, slots=False)
class Arrays:
    """A frame in numpy; `windowservice.worktime.frame.Frame` explains the attributes of the same name.

    Attributes:
        ahead: per piece ``opens - before``: how far the wall runs ahead of open time.
        by_close: finds the piece that contains an instant, or else the next one.
        by_work: finds the piece in which an open time is reached; `by_more`, in which it is exceeded.
        counts: per day the workdays before it, one more than there are days.
        first_opens, last_closes: per day its first opening and last close; 0 for a day without.
        places: per piece the number of its workday.
        in_order: whether the days own their pieces in the order of time, as nearly everywhere.
    """

    frame: Frame
    opens: Ints
    closes: Ints
    before: Ints
    ahead: Ints
    by_close: Finder
    by_work: Finder
    by_more: Finder
    owners: Ints
    counts: Ints
    workdays: Ints
    first_opens: Ints
    last_closes: Ints
    places: Ints
    in_order: bool
    starts: Ints
    offsets: Ints
    turns: Ints

    @functools.cached_property
    def offset_by_bucket(self) -> Ints:
        """Per bucket of time the offset, or `_MIXED` where it changes within."""
        import numpy as np

        edges = np.arange(self.frame.begin >> SHIFT, (self.frame.end >> SHIFT) + 2, dtype=np.int64) << SHIFT
        at_edge = np.searchsorted(self.starts, edges, "right") - 1
        found = self.offsets[at_edge[:-1]].copy()
        found[at_edge[:-1] != at_edge[1:]] = _MIXED
        return found

    @functools.cached_property
    def midnights(self) -> Ints:
        """Per day the instant at which it begins, one more than there are days."""
        import numpy as np

        frame = self.frame
        days = range(frame.first_day, frame.last_day + 1)
        if frame.offsets.only is not None:
            return (np.array(days, dtype=np.int64) - EPOCH_ORDINAL) * DAY - frame.offsets.only
        first = frame.offsets.first_at_or_after
        return np.array([first((day - EPOCH_ORDINAL) * DAY) for day in days], dtype=np.int64)

    def offset_at(self, t: Ints) -> Ints | int:
        """Return the offset from UTC at each instant, one number if it is the same throughout."""
        import numpy as np

        if self.frame.offsets.only is not None:
            return self.frame.offsets.only
        found = self.offset_by_bucket.take((t >> SHIFT) - self.frame.time_base, mode="clip")
        mixed = np.flatnonzero(found == _MIXED)
        if mixed.size:
            found[mixed] = self.offsets[np.searchsorted(self.starts, t[mixed], "right") - 1]
        return found


@functools.lru_cache(maxsize=32)
def arrays_of(frame: Frame) -> Arrays:
    """Return a frame in numpy; a frame never changes, so the last few are kept."""
    import numpy as np

    def whole(values: Any) -> Ints:
        return np.array(values, dtype=np.int64)

    opens, closes, before = whole(frame.opens), whole(frame.closes), whole(frame.before)
    owners, counts = whole(frame.owners), whole(frame.counts)
    starts, offsets = (whole(values) for values in frame.offsets.segments)
    return Arrays(
        frame=frame,
        opens=opens,
        closes=closes,
        before=before,
        ahead=opens - before,
        by_close=Finder.over(closes, frame.begin, frame.end, strict=True),
        by_work=Finder.over(before[1:], frame.low, frame.high, strict=False),
        by_more=Finder.over(before[1:], frame.low, frame.high, strict=True),
        owners=owners,
        counts=counts,
        workdays=whole(frame.workdays),
        first_opens=whole([pieces[0][0] if pieces else 0 for pieces in frame.owned]),
        last_closes=whole([pieces[-1][1] if pieces else 0 for pieces in frame.owned]),
        places=counts[owners - frame.first_day],
        in_order=bool((np.diff(owners) >= 0).all()),
        starts=starts,
        offsets=offsets,
        turns=starts[1:] + np.maximum(offsets[:-1], offsets[1:]),
    )
