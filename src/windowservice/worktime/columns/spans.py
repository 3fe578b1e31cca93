"""Stops of many rows: flat, in order, and disjoint within each row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from windowservice.worktime.columns.frame import Ints

    Places = NDArray[np.intp]

__all__ = ["Spans"]


@attrs.frozen(eq=False)
class Spans:
    """Spans ``[begin, end)`` of rows, those of one row in order and without overlap.

    Attributes:
        first: per row the place of its first span; one more at the end.
        row: per span its row.
        begin, end: per span its ends, in microseconds UTC.
    """

    first: Ints
    row: Ints
    begin: Ints
    end: Ints

    @classmethod
    def of_rows(cls, rows: int, row: Ints, begin: Ints, end: Ints) -> Spans:
        """Return the spans of `rows` rows: put in order unless they are, and united where they overlap.

        What is empty or ends before it begins is left out.
        """
        import numpy as np

        real = begin < end
        if not real.all():
            row, begin, end = row[real], begin[real], end[real]
        same = row[1:] == row[:-1]
        if bool((row[1:] < row[:-1]).any() or (same & (begin[1:] < begin[:-1])).any()):
            order = np.lexsort((begin, row))
            row, begin, end = row[order], begin[order], end[order]
            same = row[1:] == row[:-1]
        first = np.zeros(rows + 1, dtype=np.int64)
        np.cumsum(np.bincount(row, minlength=rows), out=first[1:])
        spans = cls(first, row, begin, end)
        if not bool((same & (begin[1:] < end[:-1])).any()):
            return spans
        reached = np.full(rows, np.iinfo(np.int64).min)
        begin = begin.copy()
        for rows_left, place in spans.rounds():
            begin[place] = np.maximum(begin[place], reached[rows_left])
            reached[rows_left] = np.maximum(reached[rows_left], end[place])
        return cls.of_rows(rows, row, begin, end)

    def rounds(self) -> Iterator[tuple[Places, Places]]:
        """Yield the rows that have a first span and its place, then those with a second one, and so on."""
        import numpy as np

        left = np.diff(self.first)
        rows = np.flatnonzero(left)
        left, place = left.take(rows), self.first.take(rows)
        while rows.size:
            yield rows, place
            more = np.flatnonzero(left > 1)
            rows, left, place = rows.take(more), left.take(more) - 1, place.take(more) + 1

    def of(self, rows: Places) -> Spans:
        """Return the spans of some rows, each once and in order, which are numbered anew."""
        import numpy as np

        if len(rows) == len(self.first) - 1:
            return self
        counts = np.diff(self.first)[rows]
        first = np.zeros(len(rows) + 1, dtype=np.int64)
        np.cumsum(counts, out=first[1:])
        place = np.arange(first[-1]) + np.repeat(self.first[rows] - first[:-1], counts)
        return Spans(first, np.repeat(np.arange(len(rows)), counts), self.begin[place], self.end[place])

    def cut(self, until: Ints) -> Spans:
        """Return what of the spans lies before an instant of each row."""
        import numpy as np

        return Spans.of_rows(len(until), self.row, self.begin, np.minimum(self.end, until[self.row]))

    def sums(self, values: Ints) -> Ints:
        """Return per row the sum of a value of its spans."""
        import numpy as np

        total = np.zeros(len(values) + 1, dtype=np.int64)
        np.cumsum(values, out=total[1:])
        found: Ints = total[self.first[1:]] - total[self.first[:-1]]
        return found
