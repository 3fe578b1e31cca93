"""Stops of many rows: flat, in order, and disjoint within each row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs

from windowservice.errors import InvalidValue, MissingColumn
from windowservice.worktime.clock.stops import Piece
from windowservice.worktime.columns.data import Column, read_instants, read_whole

if TYPE_CHECKING:
    import polars as pl

    from windowservice.worktime.columns.data import Ints

__all__ = ["StopColumns"]

_FIELDS: Final = ("begin", "end")


@attrs.frozen(eq=False)
class StopColumns:
    """Time that does not count, which ends: the spans of one row in order, without overlap, none of them empty.

    Attributes:
        first: where the stops of each row begin, and once more at the end; of rows behind the last that has any, not.
        begin, end: the ends of each stop in microseconds UTC.
    """

    first: Ints
    begin: Ints
    end: Ints

    def __len__(self) -> int:
        return len(self.begin)

    @classmethod
    def flat(cls, row: Any, begin: Any, end: Any) -> StopColumns:
        """Return stops from columns that have a row each stop, in any order, overlapping or not.

        Args:
            row: numbers of the rows that the stops belong to.
            begin: instants.
            end: instants.

        Raises:
            InvalidValue: if one is null, a column is shorter than another, or a row lies before the first.
            NaiveTime, InvalidTime, TimeOutOfRange: for a time that cannot be used.
        """
        import numpy as np

        rows = _given(read_whole(row, "stops.row"), "stops.row")
        if rows.size and int(rows.min()) < 0:
            raise InvalidValue("stops.row", int(rows.min()), "numbers of rows, from 0 on")
        both = [_given(read_instants(at, name), name) for at, name in ((begin, "stops.begin"), (end, "stops.end"))]
        for name, column in zip(_FIELDS, both, strict=True):
            if len(column) != len(rows):
                raise InvalidValue(name, len(column), f"a column of {len(rows)} rows, one each stop")
        rows, begins, ends = _united(*_in_order(rows, *both))
        return cls(np.append(0, np.cumsum(np.bincount(rows))), begins, ends)

    @classmethod
    def from_lists(cls, lists: pl.Series) -> StopColumns:
        """Return stops from lists of structs with the fields begin and end; a null list holds none.

        Raises:
            InvalidValue, MissingColumn: if it is no such column; else as `flat`.
        """
        import numpy as np
        import polars as pl

        if not isinstance(lists.dtype, pl.List) or not isinstance(lists.dtype.inner, pl.Struct):
            raise InvalidValue("stops", str(lists.dtype), "a list column of structs with begin and end")
        fields = [field.name for field in lists.dtype.inner.fields]
        for name in _FIELDS:
            if name not in fields:
                raise MissingColumn("stops", name, "the clock", tuple(fields))
        lengths = lists.list.len().fill_null(0).to_numpy().astype(np.int64)
        structs = lists.filter(pl.Series(lengths > 0)).explode()
        return cls.flat(np.repeat(np.arange(len(lengths)), lengths), *map(structs.struct.field, _FIELDS))

    def firsts(self, rows: int) -> Ints:
        """Return where the stops of each row of a column begin, one number more than there are rows.

        Raises:
            InvalidValue: if there are stops of further rows, which would be lost without a word.
        """
        import numpy as np

        more = rows + 1 - len(self.first)
        if more < 0:
            raise InvalidValue("stops.row", len(self.first) - 2, f"a place in a column of {rows} rows")
        return np.append(self.first, np.full(more, len(self))) if more else self.first

    def pieces(self, first: int, last: int) -> list[Piece]:
        """Return some of the stops as single values."""
        part = slice(first, last)
        return [
            Piece(begin, end, "") for begin, end in zip(self.begin[part].tolist(), self.end[part].tolist(), strict=True)
        ]


def _given(column: Column, where: str) -> Ints:
    if column.valid is not None and not column.valid.all():
        raise InvalidValue(where, None, "given for every stop", f"stop {int(column.valid.argmin())}")
    return column.values


def _in_order(row: Ints, begin: Ints, end: Ints) -> tuple[Ints, Ints, Ints]:
    """Return the stops in the order of rows and begins, without those that are empty or end before they begin."""
    import numpy as np

    real = begin < end
    if not real.all():
        row, begin, end = row[real], begin[real], end[real]
    later = (row[1:] > row[:-1]) | ((row[1:] == row[:-1]) & (begin[1:] >= begin[:-1]))
    if later.all():
        return row, begin, end
    order = np.lexsort((begin, row))
    return row[order], begin[order], end[order]


def _united(row: Ints, begin: Ints, end: Ints) -> tuple[Ints, Ints, Ints]:
    """Return stops in order, of those that overlap the later one without what the earlier one holds."""
    import numpy as np

    overlaps = (row[1:] == row[:-1]) & (begin[1:] < end[:-1])
    if not overlaps.any():
        return row, begin, end
    begin, reached = begin.copy(), end.copy()
    number = np.arange(len(row)) - np.searchsorted(row, row)  # of each stop among those of its row
    for which in range(1, int(number.max()) + 1):
        place = np.flatnonzero(number == which)
        begin[place] = np.maximum(begin[place], reached[place - 1])
        reached[place] = np.maximum(reached[place], reached[place - 1])
    real = begin < end
    return row[real], begin[real], end[real]
