"""Reading Parquet files and frames that are in hand, by way of Arrow, and plain lists of dicts."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from windowservice.errors import InvalidValue, MissingExtra, UnreadableFile
from windowservice.ledger.tables import Row, SourceTable, column_names

__all__ = ["frame_table", "parquet_table", "records_table"]

_ROWS: Final = 20_000
"""Rows turned into Python values at a time."""


def parquet_table(path: Path) -> SourceTable:
    """Open a Parquet file; needs Polars, or pyarrow if that is what is installed.

    Raises:
        MissingExtra: if neither is installed.
        UnreadableFile: if the file is cut off, or no Parquet.
    """
    columns = column_names(_parquet_columns(path), path.name)

    def rows(wanted: Sequence[str]) -> Iterator[Row]:
        return _rows(_parquet_frame(path, list(wanted)), wanted)

    return SourceTable(file=path.name, name=path.name.rpartition(".")[0], columns=columns, rows=rows)


def frame_table(name: str, frame: object) -> SourceTable:
    """Take a frame that offers Arrow data (Polars, pandas, pyarrow, DuckDB ...).

    Raises:
        MissingExtra: if neither Polars nor pyarrow is installed.
        InvalidValue: if it is no such frame.
    """
    if not hasattr(frame, "__arrow_c_stream__"):
        raise InvalidValue(name, frame, "a frame that offers Arrow data (__arrow_c_stream__), or a list of dicts")
    table = _arrow_frame(name, frame)
    columns = column_names([str(column) for column in _names(table)], name)
    return SourceTable(file=name, name=name, columns=columns, rows=lambda wanted: _rows(table, wanted))


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
    try:
        if polars is not None:
            return list(polars.read_parquet_schema(path))
        return list(pyarrow.parquet.read_schema(path).names)
    except Exception as error:
        raise _damaged(path, error) from error


def _parquet_frame(path: Path, columns: list[str]) -> Any:
    polars, pyarrow = _readers(f"{path.name}: reading Parquet")
    try:
        if polars is not None:
            return polars.read_parquet(path, columns=columns)
        return pyarrow.parquet.read_table(path, columns=columns)
    except Exception as error:
        raise _damaged(path, error) from error


def _damaged(path: Path, error: Exception) -> UnreadableFile:
    first = str(error).splitlines()[0] if str(error) else type(error).__name__
    return UnreadableFile(path.name, f"it is cut off, damaged or no Parquet ({first})", "copy it again")


def _arrow_frame(name: str, frame: object) -> Any:
    polars, pyarrow = _readers(f"{name}: reading a frame")
    return polars.DataFrame(frame) if polars is not None else pyarrow.table(frame)


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


def _values(frame: Any, column: str) -> list[Any]:
    values: list[Any] = frame[column].to_list() if hasattr(frame, "iter_slices") else frame[column].to_pylist()
    return values
