"""Figures in columns: for each record the value in force on its day, for its key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from windowservice.errors import NotColumnar
from windowservice.instants import local_midnight
from windowservice.language.polars.numbers import refuse_beyond
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.expressions import structure
from windowservice.language.tree.figures import Dated, Figure, Key, key_of
from windowservice.language.tree.values import ValueType, span_us

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    from windowservice.language.polars.children import ChildColumns
    from windowservice.language.polars.compile import RecordColumns

    Ints = np.ndarray[Any, Any]

__all__ = ["figure_series", "key_codes", "told_apart"]

V = ValueType


def figure_series(run: RecordColumns | ChildColumns, figure: Figure[Any], keys: Sequence[Expr[Any]]) -> pl.Series:
    """Return the figure's value for every record; null before its first date, or for a key that it does not have.

    Args:
        run: the records.
        figure: the figure.
        keys: the expressions of the keys of each record, for a keyed figure.
    """
    import numpy as np
    import polars as pl

    if not keys and (latest := _latest_for_all(run, figure)) is not None:
        return _series(run, figure, [latest]).new_from_index(0, run.height)
    place, held = _places(run, figure, keys)
    values = _series(run, figure, [value for _, value, _ in held])
    found = values.gather(np.where(place >= 0, place, 0)) if held else values.clear(run.height)
    return pl.select(pl.when(pl.Series(place >= 0)).then(found)).to_series()


def _latest_for_all(run: RecordColumns | ChildColumns, figure: Figure[Any]) -> Any:
    """Return the latest value of a figure if it is in force for every record, as it mostly is; else None."""
    dated = run.binding.figures.get(figure.name, figure.table).get("")
    if dated is None or figure.type is V.DECIMAL:
        return None
    when = run.dated()
    first: Any = None if when.null_count() else when.min()
    since = local_midnight(dated.dates[-1], run.binding.calendar.zone)
    return dated.values[-1] if first is not None and first >= since else None


def _places(
    run: RecordColumns | ChildColumns, figure: Figure[Any], keys: Sequence[Expr[Any]]
) -> tuple[np.ndarray[Any, Any], list[tuple[Key, Any, date]]]:
    """Return for every record which value of the figure is in force, as a place in the list of its values; else -1.

    Each value stands with the key of its line and the day from which it is in force.
    """
    import numpy as np

    table: Mapping[Key, Dated] = run.binding.figures.get(figure.name, figure.table)
    when = run.dated()
    known = when.is_not_null().to_numpy()
    instants = when.fill_null(0).to_numpy()
    held: list[tuple[Key, Any, date]] = []
    place = np.full(run.height, -1, np.int64)
    if not keys:
        _place(run, "", table.get("", None), held, place, instants, np.flatnonzero(known))
    else:
        codes, lines = key_codes(run, keys)
        order = np.argsort(codes, kind="stable")  # the records of each line together, so that each is looked at once
        bounds = np.searchsorted(codes[order], np.arange(len(lines) + 1))
        for code, line in enumerate(lines):
            if line in table:
                rows = order[bounds[code] : bounds[code + 1]]
                _place(run, line, table[line], held, place, instants, rows[known[rows]])
    return place, held


def key_codes(run: RecordColumns | ChildColumns, keys: Sequence[Expr[Any]]) -> tuple[np.ndarray[Any, Any], list[Key]]:
    """Return for every record which key it has, as a number, and the keys; where one is missing, None stands in it.

    Raises:
        WindowserviceError: if a key cannot be told by columns.
    """
    import numpy as np

    asked = tuple(map(structure, keys))
    if asked not in run.keyed:
        found = [_codes(run, key) for key in keys]
        joined, firsts = np.zeros(run.height, np.int64), np.zeros(min(run.height, 1), np.int64)
        for codes, words in found:  # numbered anew each time, so that no number grows beyond 64 bits
            number = len(words) + 1
            firsts, joined = told_apart(joined * number + codes + 1, len(firsts) * number)
        told = ([(words, codes[first]) for codes, words in found] for first in firsts.tolist())
        lines = [key_of([None if code < 0 else words[code] for words, code in each]) for each in told]
        run.keyed[asked] = joined, lines
    return run.keyed[asked]


def told_apart(numbers: Ints, below: int) -> tuple[Ints, Ints]:
    """Return where each of some numbers stands first, in their order, and all of them as places among these.

    Args:
        numbers: none is less than 0.
        below: all are less.
    """
    import numpy as np

    if below > max(2 * len(numbers), 1_000):
        found = np.unique(numbers, return_index=True, return_inverse=True)
        return found[1], found[2]
    first = np.full(below, -1, np.int64)  # there are few different ones: nothing has to be sorted
    first[numbers[::-1]] = np.arange(len(numbers))[::-1]
    there = first >= 0
    return first[there], (np.cumsum(there) - 1)[numbers]


def _codes(run: RecordColumns | ChildColumns, key: Expr[Any]) -> tuple[np.ndarray[Any, Any], list[Any]]:
    """Return a column as numbers, -1 where it is missing, and the values that they stand for."""
    import numpy as np

    series = run.series(key)
    if key.type is V.TEXT:
        return run.codes(series)
    values, codes = np.unique(series.fill_null(strategy="zero").to_numpy(), return_inverse=True)
    return np.where(series.is_null().to_numpy(), -1, codes), values.tolist()


def _place(
    run: RecordColumns | ChildColumns, key: Key, dated: Dated | None, held: list[tuple[Key, Any, date]],
    place: np.ndarray[Any, Any], instants: np.ndarray[Any, Any], rows: np.ndarray[Any, Any],
) -> None:  # fmt: skip
    """Note for the rows which of the dated values is in force, as a place in the list of all values."""
    import numpy as np

    if dated is None or not len(rows):
        return
    first = len(held)
    held.extend((key, value, day) for value, day in zip(dated.values, dated.dates, strict=True))
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
    if kind is V.INT:
        refuse_beyond(figure, max(map(abs, values), default=0))
    if kind in (V.BOOL, V.INT, V.TEXT, V.FLOAT):
        types = {V.BOOL: pl.Boolean, V.INT: pl.Int64, V.TEXT: pl.String, V.FLOAT: pl.Float64}
        return pl.Series(values, dtype=types[kind])
    if kind is V.DECIMAL:
        return pl.Series(values, dtype=pl.Object)  # only kernels take it, as a value of its own
    raise NotColumnar(str(figure), f"a figure of the type {kind}")
