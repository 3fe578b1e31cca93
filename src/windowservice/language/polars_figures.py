"""Figures in columns: for each record the value in force on its day, for its key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from windowservice.errors import NotColumnar
from windowservice.instants import local_midnight
from windowservice.language.figures import Dated, Figure
from windowservice.language.values import ValueType, span_us

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    from windowservice.language.polars_children import ChildColumns
    from windowservice.language.to_polars import RecordColumns

__all__ = ["figure_series"]

V = ValueType


def figure_series(run: RecordColumns | ChildColumns, figure: Figure[Any], key: pl.Series | None) -> pl.Series:
    """Return the figure's value for every record; null before its first date, or for a key that it does not have.

    Args:
        run: the records.
        figure: the figure.
        key: the key of each record, for a keyed figure.
    """
    import numpy as np
    import polars as pl

    table: Mapping[str, Dated] = run.binding.figures.get(figure.name, figure.table)
    when = run.dated()
    known = when.is_not_null().to_numpy()
    instants = when.fill_null(0).to_numpy()
    values: list[Any] = []
    place = np.full(run.height, -1, np.int64)
    if key is None:
        _place(run, table.get("", None), values, place, instants, np.flatnonzero(known))
    else:
        codes, words = run.codes(key)
        for code, word in enumerate(words):
            if word in table:
                rows = np.flatnonzero((codes == code) & known)
                _place(run, table[word], values, place, instants, rows)
    held = _series(run, figure, values)
    found = held.gather(np.where(place >= 0, place, 0)) if values else held.clear(run.height)
    return pl.select(pl.when(pl.Series(place >= 0)).then(found)).to_series()


def _place(
    run: RecordColumns | ChildColumns, dated: Dated | None, values: list[Any], place: np.ndarray[Any, Any],
    instants: np.ndarray[Any, Any], rows: np.ndarray[Any, Any],
) -> None:  # fmt: skip
    """Note for the rows which of the dated values is in force, as a place in the list of all values."""
    import numpy as np

    if dated is None or not len(rows):
        return
    first = len(values)
    values.extend(dated.values)
    starts = np.array([local_midnight(day, run.binding.calendar.zone) for day in dated.dates], np.int64)
    at = np.searchsorted(starts, instants[rows], side="right") - 1
    place[rows] = np.where(at >= 0, first + at, -1)


def _series(run: RecordColumns | ChildColumns, figure: Figure[Any], values: list[Any]) -> pl.Series:
    import polars as pl

    kind = figure.type
    if kind is V.LIMIT:
        return pl.Series([run.limit_code(value) for value in values], dtype=pl.Int64)
    if kind is V.TEXTS:
        return pl.Series([sorted(value) for value in values], dtype=pl.List(pl.String))
    if kind is V.DATE:
        return pl.Series([value.toordinal() for value in values], dtype=pl.Int64)
    if kind is V.SPAN:
        return pl.Series([span_us(value) for value in values], dtype=pl.Int64)
    if kind is V.WORK:
        return pl.Series([value.us for value in values], dtype=pl.Int64)
    if kind in (V.BOOL, V.INT, V.TEXT, V.FLOAT):
        types = {V.BOOL: pl.Boolean, V.INT: pl.Int64, V.TEXT: pl.String, V.FLOAT: pl.Float64}
        return pl.Series(values, dtype=types[kind])
    if kind is V.DECIMAL:
        return pl.Series(values, dtype=pl.Object)  # only kernels take it, as a value of its own
    raise NotColumnar(str(figure), f"a figure of the type {kind}")
