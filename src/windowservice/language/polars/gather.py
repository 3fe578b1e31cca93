"""Aggregates read off rows that stand in order of their record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from windowservice.errors import NotColumnar
from windowservice.language.polars.numbers import refuse_beyond
from windowservice.language.tree.nodes import Aggregate
from windowservice.language.tree.values import ValueType

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

__all__ = ["Gathered", "Gathering", "Rows", "certain", "masked"]

V = ValueType


@attrs.frozen(eq=False)
class Gathered:
    """One aggregate for every record: its value, and where a null is unknown rather than absent (None: nowhere)."""

    value: pl.Series
    unknown: pl.Series | None
    never_absent: bool = False


@attrs.frozen(eq=False)
class Rows:
    """Rows gathered for a kernel: one for each child, with the number of its record; in order."""

    row: np.ndarray[Any, Any]
    values: tuple[pl.Series, ...]
    unknown: np.ndarray[Any, Any] | None


def certain(series: pl.Series) -> np.ndarray[Any, Any]:
    """Return where a truth column is certainly true."""
    found: np.ndarray[Any, Any] = series.fill_null(False).to_numpy()
    return found


def masked(series: pl.Series, valid: np.ndarray[Any, Any]) -> pl.Series:
    """Return the column with nulls where it is not valid."""
    import polars as pl

    return pl.select(pl.when(pl.Series(valid)).then(series)).to_series()


class Gathering:
    """One aggregate over rows in order of their record."""

    def __init__(
        self, height: int, row: np.ndarray[Any, Any], values: list[pl.Series], holds: pl.Series | None
    ) -> None:
        import numpy as np

        self.np = np
        self.height = height
        self.values = values
        self.doubtful: np.ndarray[Any, Any] | None = None
        self.sure: np.ndarray[Any, Any] | None = None
        if holds is not None:
            if holds.null_count():
                self.doubtful = holds.is_null().to_numpy()
            self.sure = certain(holds)
        self.row = row

    def _counting(self) -> tuple[np.ndarray[Any, Any], list[pl.Series], np.ndarray[Any, Any]]:
        """Return the rows that certainly count, their values, and the records of those that may."""
        np = self.np
        maybe = self.row[self.doubtful] if self.doubtful is not None else np.zeros(0, np.int64)
        if self.sure is None:
            return self.row, self.values, maybe
        picked = np.flatnonzero(self.sure)
        return self.row[picked], [value.gather(picked) for value in self.values], maybe

    def _flags(self, rows: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        flags = self.np.zeros(self.height, bool)
        flags[rows] = True
        return flags

    def collect(self) -> Rows:
        """Return the rows that certainly count, and the records of those that may."""
        row, values, maybe = self._counting()
        return Rows(row, tuple(values), self._flags(maybe) if len(maybe) else None)

    def of(self, expr: Aggregate[Any]) -> Gathered:
        """Return the aggregate."""
        import polars as pl

        if expr.how == "count":
            row, _, maybe = self._counting()
            counts = pl.Series(self.np.bincount(row, minlength=self.height).astype(self.np.int64))
            return self._with_doubt(counts, maybe)
        if expr.how in ("any", "all"):
            return self._truth(expr.how)
        if expr.how in ("first", "last"):
            return self._end(expr.how)
        if expr.how == "union":
            return self._union()
        return self._total(expr)

    def _with_doubt(self, series: pl.Series, maybe: np.ndarray[Any, Any]) -> Gathered:
        import polars as pl

        if not len(maybe):
            return Gathered(series, None)
        doubt = self._flags(maybe)
        return Gathered(masked(series, ~doubt), pl.Series(doubt))

    def _truth(self, how: str) -> Gathered:
        import polars as pl

        np = self.np
        value = self.values[0]
        decisive = certain(value if how == "any" else ~value)
        unknown = value.is_null().to_numpy()
        sure = np.ones(len(self.row), bool) if self.sure is None else self.sure
        maybe = np.zeros(len(self.row), bool) if self.doubtful is None else self.doubtful
        settled = self._flags(self.row[sure & decisive])
        open_still = self._flags(self.row[(sure & unknown) | (maybe & (decisive | unknown))])
        result = settled if how == "any" else ~settled
        doubt = open_still & ~settled
        return Gathered(masked(pl.Series(result), ~doubt), None, never_absent=True)

    def _end(self, how: str) -> Gathered:
        import polars as pl

        np = self.np
        value = self.values[0]
        relevant = np.ones(len(self.row), bool) if self.sure is None else self.sure.copy()
        if self.doubtful is not None:
            relevant |= self.doubtful
        places = np.flatnonzero(relevant)
        row = self.row[places]
        edge = _firsts(np, row) if how == "first" else _lasts(np, row)
        chosen, at = places[edge], row[edge]
        taken = np.full(self.height, -1, np.int64)
        taken[at] = chosen
        found = value.gather(np.where(taken >= 0, taken, 0)) if len(self.row) else value.clear(self.height)
        valid = taken >= 0
        doubt = np.zeros(self.height, bool)
        if self.doubtful is not None:
            doubt[at] = self.doubtful[chosen]
        result = masked(found, valid & ~doubt)
        doubt |= valid & ~doubt & result.is_null().to_numpy()
        return Gathered(result, pl.Series(doubt) if doubt.any() else None)

    def _total(self, expr: Aggregate[Any]) -> Gathered:
        import polars as pl

        np = self.np
        row, values, maybe = self._counting()
        value = values[0]
        if value.dtype not in (pl.Int64, pl.Int32, pl.Int16, pl.Int8, pl.UInt32, pl.UInt16, pl.UInt8, pl.Float64):
            raise NotColumnar(str(expr), f"{expr.how} of a column of type {value.dtype}")
        if value.null_count():
            missing = value.is_null().to_numpy()
            maybe = np.concatenate([maybe, row[missing]])
            keep = np.flatnonzero(~missing)
            row, value = row[keep], value.gather(keep)
        array = value.to_numpy()
        edges = np.flatnonzero(_firsts(np, row))
        if expr.how == "sum" and value.dtype != pl.Float64 and len(row):
            largest = max(abs(int(array.min())), abs(int(array.max())))
            refuse_beyond(expr, largest * int(np.bincount(row).max()))
        reduce_by = {"sum": np.add, "min": np.minimum, "max": np.maximum}[expr.how]
        with np.errstate(invalid="ignore"):  # infinities that cancel out are missing
            totals = reduce_by.reduceat(array, edges) if len(edges) else array[:0]
        if value.dtype == pl.Float64:
            maybe = np.concatenate([maybe, row[edges][np.isnan(totals)]])
        out = np.zeros(self.height, array.dtype)
        out[row[edges]] = totals
        series = pl.Series(out)
        if expr.how != "sum":
            some = np.zeros(self.height, bool)
            some[row] = True
            series = masked(series, some)
        return self._with_doubt(series, maybe)

    def _union(self) -> Gathered:
        import polars as pl

        np = self.np
        row, values, maybe = self._counting()
        frame = pl.DataFrame({"row": row, "value": values[0]})
        maybe = np.concatenate([maybe, row[frame["value"].is_null().to_numpy()]])
        if isinstance(frame.schema["value"], pl.List):
            frame = frame.explode("value")
        frame = frame.with_columns(pl.col("value").cast(pl.String)).drop_nulls()
        sets = frame.group_by("row").agg(pl.col("value").unique().sort())
        every = pl.DataFrame({"row": np.arange(self.height)})
        joined = every.join(
            sets.with_columns(pl.col("row").cast(pl.Int64)), on="row", how="left", maintain_order="left"
        )
        empty = pl.lit(pl.Series([[]], dtype=pl.List(pl.String))).first()
        return self._with_doubt(joined.select(pl.col("value").fill_null(empty)).to_series(), maybe)


def _firsts(np: Any, row: np.ndarray[Any, Any]) -> Any:
    return np.concatenate([[True], row[1:] != row[:-1]]) if len(row) else np.zeros(0, bool)


def _lasts(np: Any, row: np.ndarray[Any, Any]) -> Any:
    return np.concatenate([row[1:] != row[:-1], [True]]) if len(row) else np.zeros(0, bool)
