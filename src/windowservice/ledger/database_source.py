"""Reading the tables of a SQLite or DuckDB file; the file is opened for reading only."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from windowservice.errors import MissingExtra, UnreadableFile
from windowservice.ledger.tables import Row, SourceTable, column_names

__all__ = ["database_tables", "is_duckdb", "is_sqlite"]

_ROWS: Final = 10_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def is_sqlite(path: Path) -> bool:
    """Return whether the file begins as SQLite files do, whatever its name."""
    with path.open("rb") as file:
        return file.read(16) == b"SQLite format 3\0"


def is_duckdb(path: Path) -> bool:
    """Return whether the file begins as DuckDB files do, whatever its name."""
    with path.open("rb") as file:
        return file.read(12)[8:] == b"DUCK"


def database_tables(path: Path) -> tuple[SourceTable, ...]:
    """Open the tables of a SQLite file, or of a DuckDB file (needs duckdb).

    Raises:
        MissingExtra: if the file is DuckDB's and duckdb is not installed.
        UnreadableFile: if the file is damaged, or of neither kind.
    """
    if is_sqlite(path):
        return _sqlite_tables(path)
    if is_duckdb(path):
        return _duckdb_tables(path)
    raise UnreadableFile(path.name, "it is neither a SQLite nor a DuckDB file")


def _sqlite_tables(path: Path) -> tuple[SourceTable, ...]:
    def table(name: str, columns: tuple[str, ...]) -> SourceTable:
        def rows(wanted: Sequence[str]) -> Iterator[Row]:
            query = f"select {', '.join(map(_quoted, wanted))} from {_quoted(name)}"  # noqa: S608 - names are quoted
            with _sqlite(path) as connection:
                connection.text_factory = _sqlite_text
                yield from enumerate(connection.execute(query), 1)

        return SourceTable(file=path.name, name=name, columns=columns, rows=rows, inner=True)

    with _sqlite(path) as connection:
        found = connection.execute(
            "select name from sqlite_master where type in ('table', 'view') and name not like 'sqlite_%' order by name"
        ).fetchall()
        return tuple(
            table(name, tuple(row[1] for row in connection.execute(f"pragma table_info({_quoted(name)})")))
            for (name,) in found
        )


@contextmanager
def _sqlite(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the file for reading; what goes wrong with it is an error that names it."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            yield connection
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise _damaged(path, error) from error


def _sqlite_text(raw: bytes) -> str | bytes:
    """Return the text of a cell, or its bytes if they are not UTF-8, so that its row is refused and not the table."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw


def _duckdb_tables(path: Path) -> tuple[SourceTable, ...]:
    try:
        import duckdb
    except ImportError:
        raise MissingExtra("duckdb", "database", f"{path.name}: reading a DuckDB file") from None

    def connect() -> AbstractContextManager[Any]:
        return closing(duckdb.connect(str(path), read_only=True))

    def table(name: str, types: dict[str, str]) -> SourceTable:
        def rows(wanted: Sequence[str]) -> Iterator[Row]:
            picked = ", ".join(_picked(column, types[column]) for column in wanted)
            convert = _converter([types[column] for column in wanted])
            try:
                with connect() as connection:
                    result = connection.execute(f"select {picked} from {_quoted(name)}")  # noqa: S608 - names are quoted
                    parts = iter(lambda: result.fetchmany(_ROWS), [])
                    yield from enumerate((convert(cells) for part in parts for cells in part), 1)
            except duckdb.Error as error:
                raise _damaged(path, error) from error

        return SourceTable(
            file=path.name, name=name, columns=column_names(list(types), path.name), rows=rows, inner=True
        )

    try:
        with connect() as connection:
            names = [
                row[0] for row in connection.execute("select table_name from duckdb_tables() order by 1").fetchall()
            ]
            described = [(name, connection.execute(f"describe {_quoted(name)}").fetchall()) for name in names]
    except duckdb.Error as error:
        raise _damaged(path, error) from error
    return tuple(table(name, {row[0]: row[1] for row in rows}) for name, rows in described)


def _damaged(path: Path, error: Exception) -> UnreadableFile:
    return UnreadableFile(path.name, f"the database cannot be read ({error})", "copy it again")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _picked(column: str, kind: str) -> str:
    """Return how a column is selected: an instant as microseconds UTC, which needs no time-zone package."""
    return f"epoch_us({_quoted(column)})" if kind == "TIMESTAMP WITH TIME ZONE" else _quoted(column)


def _converter(kinds: list[str]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    places = [place for place, kind in enumerate(kinds) if kind == "TIMESTAMP WITH TIME ZONE"]
    if not places:
        return lambda cells: cells

    def convert(cells: Sequence[Any]) -> Sequence[Any]:
        values = list(cells)
        for place in places:
            if values[place] is not None:
                values[place] = _EPOCH + timedelta(microseconds=values[place])
        return values

    return convert
