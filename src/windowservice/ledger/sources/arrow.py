"""Reading Parquet files and frames that are in hand, by way of Arrow, and plain lists of dicts."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from windowservice.errors import InvalidValue, MissingExtra, UnreadableFile
from windowservice.ledger.sources.table import MANY, Columns, Row, SourceTable, column_names, places_of

__all__ = ["cells_of", "frame_table", "parquet_table", "records_table"]

_FIRST_DAY: Final = -719_161
_END_DAY: Final = 2_932_895
"""From the second day of the year 1 to the last but one of 9999, in days since 1970; within, any zone has a date."""
_ROWS: Final = 20_000
"""Rows turned into Python values at a time."""


def parquet_table(path: Path) -> SourceTable:
    """Open a Parquet file; needs Polars, or pyarrow if that is what is installed.

    Raises:
        MissingExtra: if neither is installed.
        UnreadableFile: if the file is cut off, or no Parquet.
    """
    names = _parquet_columns(path)
    columns = column_names(names, path.name)

    def frame(wanted: Sequence[str]) -> tuple[Any, list[str]]:
        chosen = [names[place] for place in places_of(columns, wanted, path.name)]
        return _parquet_frame(path, chosen), chosen

    return SourceTable(
        file=path.name,
        name=path.name.rpartition(".")[0],
        columns=columns,
        rows=lambda wanted: _rows(*frame(wanted)),
        whole=lambda wanted: _whole(*frame(wanted)),
    )


def frame_table(name: str, frame: object) -> SourceTable:
    """Take a frame that offers Arrow data (Polars, pandas, pyarrow, DuckDB ...).

    Raises:
        MissingExtra: if neither Polars nor pyarrow is installed.
        InvalidValue: if it is no such frame.
    """
    if not hasattr(frame, "__arrow_c_stream__"):
        raise InvalidValue(name, frame, "a frame that offers Arrow data (__arrow_c_stream__), or a list of dicts")
    table = _arrow_frame(name, frame)
    names = [str(column) for column in _names(table)]
    columns = column_names(names, name)

    def chosen(wanted: Sequence[str]) -> list[str]:
        return [names[place] for place in places_of(columns, wanted, name)]

    return SourceTable(
        file=name,
        name=name,
        columns=columns,
        rows=lambda wanted: _rows(table, chosen(wanted)),
        whole=lambda wanted: _whole(table, chosen(wanted)),
    )


def records_table(name: str, records: Iterable[Mapping[str, Any]]) -> SourceTable:
    """Take rows that are dicts; a key that a row lacks is an empty cell."""
    held = list(records)
    for record in held:
        if not isinstance(record, Mapping):
            raise InvalidValue(name, record, "a list of dicts, one for each row")
    columns = tuple(dict.fromkeys(str(key) for record in held for key in record))

    def rows(wanted: Sequence[str]) -> Iterator[Row]:
        for number, record in enumerate(held, 1):
            yield number, [record.get(column) for column in wanted]

    return SourceTable(file=name, name=name, columns=columns, rows=rows)


def _parquet_columns(path: Path) -> Sequence[str]:
    polars, pyarrow = _readers(f"{path.name}: reading Parquet")
    with _parquet(path):
        if polars is None:
            return list(pyarrow.parquet.read_schema(path).names)
        with path.open("rb") as file:  # a path would be taken for a pattern
            return list(polars.read_parquet_schema(file))


def _parquet_frame(path: Path, columns: list[str]) -> Any:
    polars, pyarrow = _readers(f"{path.name}: reading Parquet")
    with _parquet(path):
        if polars is None:
            return pyarrow.parquet.ParquetFile(path).read(columns=columns)
        return polars.read_parquet(path, columns=columns, glob=False, hive_partitioning=False)


@contextmanager
def _parquet(path: Path) -> Iterator[None]:
    """Turn whatever a reader of Parquet raises, and what it gives up with, into an error that names the file."""
    try:
        yield
    except BaseException as error:
        if not _of_reader(error):
            raise
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        problem = f"it is cut off, damaged or no Parquet ({first})"
        raise UnreadableFile(path.name, problem, "copy it again") from error


def _of_reader(error: BaseException) -> bool:
    """Return whether an error is one of a library of columns: those written in Rust give up with no `Exception`."""
    return isinstance(error, Exception) or type(error).__name__ == "PanicException"


def _arrow_frame(name: str, frame: object) -> Any:
    polars, pyarrow = _readers(f"{name}: reading a frame")
    try:
        return polars.DataFrame(frame) if polars is not None else pyarrow.table(frame)
    except BaseException as error:
        if not _of_reader(error):
            raise
        raise InvalidValue(name, type(frame).__name__, f"a frame that can be read ({error})") from error


def _readers(purpose: str) -> tuple[Any, Any]:
    """Return Polars and None, or None and pyarrow, whichever is installed."""
    polars = _library("polars")
    if polars is not None:
        return polars, None
    pyarrow = _library("pyarrow")
    if pyarrow is None or _library("pyarrow.parquet") is None:
        raise MissingExtra("polars", "columns", purpose)
    return None, pyarrow


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _names(frame: Any) -> Sequence[str]:
    names: Sequence[str] = frame.columns if hasattr(frame, "iter_slices") else frame.column_names
    return names


def _rows(frame: Any, wanted: Sequence[str]) -> Iterator[Row]:
    number = 0
    for begin in range(0, len(frame), _ROWS):
        part = frame.slice(begin, _ROWS)
        for cells in zip(*(_values(part, column) for column in wanted), strict=True):
            number += 1
            yield number, cells


def _whole(frame: Any, wanted: Sequence[str]) -> Columns | None:
    """Return the rows as columns; None for few rows, or of a library that is not looked at so."""
    if not hasattr(frame, "iter_slices") or len(frame) < MANY or _library("numpy") is None:
        return None
    import numpy as np

    return Columns(frame.select(wanted), np.arange(1, len(frame) + 1), (), cells_of)


def cells_of(frame: Any) -> Iterator[Sequence[Any]]:
    """Yield the rows of a Polars frame as Python has them."""
    yield from zip(*(_values(frame, column) for column in frame.columns), strict=True)


def _values(frame: Any, column: str) -> list[Any]:
    values = frame[column]
    if _beyond(values):
        return _bounded(values)
    try:
        found: list[Any] = values.to_list() if hasattr(frame, "iter_slices") else values.to_pylist()
    except BaseException as error:  # an instant that Python cannot say, beyond the year 9999 or in a zone that is none
        if not _of_reader(error):
            raise
        return [_value(values, place) for place in range(len(values))]
    return found


def _bounds(kind: str, unit: str) -> tuple[int, int]:
    """Return the first and last whole number of a column of days or instants that Python has a value for."""
    day = {"ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}.get(unit, 1) if kind == "Datetime" else 1
    return _FIRST_DAY * day, _END_DAY * day - 1


def _beyond(values: Any) -> bool:
    """Return whether a Polars column holds days or instants outside of the years 1 to 9999, a day left for any zone."""
    kind = type(getattr(values, "dtype", None)).__name__
    if kind not in ("Datetime", "Date"):
        return False
    low, high = _bounds(kind, getattr(values.dtype, "time_unit", None) or "")
    least, most = values.to_physical().min(), values.to_physical().max()
    return least is not None and (least < low or most > high)


def _bounded(values: Any) -> list[Any]:
    """Return the values, and a text that is refused with its row for each that Python cannot say."""
    kind, unit = type(values.dtype).__name__, getattr(values.dtype, "time_unit", None) or "days"
    low, high = _bounds(kind, unit)
    return [
        values[place] if number is None or low <= number <= high else f"{number} {unit} after 1970"
        for place, number in enumerate(values.to_physical().to_list())
    ]


def _value(values: Any, place: int) -> Any:
    """Return one value, or a text that is refused with its row where Python has no value for it."""
    try:
        value = values[place]
        return value.as_py() if hasattr(value, "as_py") else value
    except BaseException as error:
        if not _of_reader(error):
            raise
        return f"a value that cannot be read ({str(error).splitlines()[0] if str(error) else type(error).__name__})"
