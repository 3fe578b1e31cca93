"""Reading the tables and views of a SQLite or DuckDB file: for reading only, and nothing but the file itself.

What a database holds may come from anybody. A name in it is never more than a name, a view reads nothing outside of the
file, fetches no code and has an end.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from windowservice.errors import MissingExtra, UnreadableFile
from windowservice.ledger.sources.table import Row, SourceTable, column_names, places_of

__all__ = ["database_tables", "is_duckdb", "is_image_cache", "is_sqlite"]

_ROWS: Final = 10_000
_MOST_ROWS: Final = 2_000_000
"""Rows of a view; one that never ends is told from one that is long. Tables may have any number."""
_STEPS: Final = 1_000_000
_MOST_STEPS: Final = 100
"""Millions of steps that SQLite may take to count or to read a view: some seconds."""
_SECONDS: Final = 30.0
"""How long DuckDB may count the rows of a view."""
_LONGEST: Final = 1 << 26
"""Bytes of a cell of a SQLite file."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_CLOSED: Final[dict[str, str | bool | int | float | list[str]]] = {
    "enable_external_access": "false", "autoinstall_known_extensions": "false", "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
}  # fmt: skip
"""With which DuckDB reads no other file and loads no code; the file itself still opens."""


def _begins(path: Path, mark: bytes, place: int = 0) -> bool:
    with path.open("rb") as file:
        return file.read(place + len(mark))[place:] == mark


def is_sqlite(path: Path) -> bool:
    """Return whether the file begins as SQLite files do, whatever its name."""
    return _begins(path, b"SQLite format 3\0")


def is_duckdb(path: Path) -> bool:
    """Return whether the file begins as DuckDB files do, whatever its name."""
    return _begins(path, b"DUCK", 8)


def is_image_cache(path: Path) -> bool:
    """Return whether it is a cache of small pictures that Windows leaves in folders, ``Thumbs.db``."""
    return path.suffix.lower() == ".db" and _begins(path, b"\xd0\xcf\x11\xe0")


def database_tables(path: Path) -> tuple[SourceTable, ...]:
    """Open the tables and views of a SQLite file, or of a DuckDB file (needs duckdb).

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
    def table(connection: sqlite3.Connection, name: str, *, view: bool) -> SourceTable:
        try:
            described = connection.execute(f"pragma table_xinfo({_quoted(name)})").fetchall()
            columns = [row[1] for row in described if row[6] != _HIDDEN]
            shown = column_names(columns, f"{path.name}[{name}]")
        except (sqlite3.Error, UnreadableFile) as error:
            return _unread(path, name, error)

        def rows(wanted: Sequence[str]) -> Iterator[Row]:
            asked = f"from {_quoted(name)}"
            picked = ", ".join(_quoted(columns[place]) for place in places_of(shown, wanted, path.name))
            with _sqlite(path) as database:
                if view:
                    database.set_progress_handler(_bounded(), _STEPS)
                    (count,) = database.execute(f"select count(*) {_some(asked)}").fetchone()
                    _refuse_endless(path, name, count)
                    database.set_progress_handler(_bounded(), _STEPS)
                database.text_factory = _sqlite_text
                yield from enumerate(database.execute(f"select {picked} {asked}"), 1)

        return SourceTable(file=path.name, name=name, columns=shown, rows=rows, inner=True)

    with _sqlite(path) as connection:
        found = connection.execute(
            "select name, type from sqlite_master where type in ('table', 'view') "
            r"and name not like 'sqlite\_%' escape '\' order by name"
        ).fetchall()
        return tuple(table(connection, name, view=kind == "view") for name, kind in found)


_HIDDEN: Final = 1
"""How SQLite marks a column of a virtual table that is none of its data; generated columns are data."""


@contextmanager
def _sqlite(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the file for reading; what goes wrong with it is an error that names it."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
            connection.execute("pragma trusted_schema = off")
            yield connection
    except (sqlite3.Error, UnicodeDecodeError, OverflowError) as error:
        raise _damaged(path, error) from error


def _bounded() -> Callable[[], bool]:
    """Return what ends a query that has taken too many steps."""
    left = iter(range(_MOST_STEPS))
    return lambda: next(left, None) is None


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

    @contextmanager
    def connect() -> Iterator[Any]:
        try:
            with closing(duckdb.connect(str(path), read_only=True, config=_CLOSED)) as connection:
                yield connection
        except duckdb.Error as error:
            raise _damaged(path, error) from error

    def table(connection: Any, schema: str, name: str, *, view: bool) -> SourceTable:
        place = f"{_quoted(schema)}.{_quoted(name)}"  # without its schema a name may be taken for that of a file
        try:
            types = {row[0]: row[1] for row in connection.execute(f"describe {place}").fetchall()}
            columns = list(types)
            shown = column_names(columns, f"{path.name}[{name}]")
        except (duckdb.Error, UnreadableFile) as error:
            return _unread(path, name, error)

        def rows(wanted: Sequence[str]) -> Iterator[Row]:
            chosen = [columns[number] for number in places_of(shown, wanted, path.name)]
            picked = ", ".join(_picked(column, types[column]) for column in chosen)
            convert = _converter([types[column] for column in chosen])
            with connect() as database:
                if view:
                    timer = threading.Timer(_SECONDS, database.interrupt)
                    timer.start()
                    try:
                        (count,) = database.execute(f"select count(*) {_some(f'from {place}')}").fetchone()
                    finally:
                        timer.cancel()
                    _refuse_endless(path, name, count)
                result = database.execute(f"select {picked} from {place}")  # noqa: S608 - names are quoted
                parts = iter(lambda: result.fetchmany(_ROWS), [])
                yield from enumerate((convert(cells) for part in parts for cells in part), 1)

        return SourceTable(file=path.name, name=name, columns=shown, rows=rows, inner=True)

    with connect() as connection:
        found = connection.execute(
            "select schema_name, table_name, false from duckdb_tables() "
            "where not internal and database_name = current_database() "
            "union all select schema_name, view_name, true from duckdb_views() "
            "where not internal and database_name = current_database() order by 2, 1"
        ).fetchall()
        return tuple(table(connection, schema, name, view=view) for schema, name, view in found)


def _damaged(path: Path, error: Exception) -> UnreadableFile:
    first = str(error).splitlines()[0] if str(error) else type(error).__name__
    if "interrupt" in first.lower():
        return UnreadableFile(path.name, "a view of it takes too long, or never ends", "write its rows into a table")
    return UnreadableFile(path.name, f"the database cannot be read ({first})", "copy it again")


def _unread(path: Path, name: str, error: Exception) -> SourceTable:
    """Return a table or view that cannot be read, which matters only if somebody asks for it."""
    problem = error.problem if isinstance(error, UnreadableFile) else str(error).splitlines()[0]
    return SourceTable(file=path.name, name=name, columns=(), rows=lambda _: iter(()), inner=True, problem=problem)


def _some(asked: str) -> str:
    return f"from (select 1 {asked} limit {_MOST_ROWS + 1})"


def _refuse_endless(path: Path, name: str, count: int) -> None:
    if count > _MOST_ROWS:
        problem = f"the view has over {_MOST_ROWS:,} rows, or never ends"
        raise UnreadableFile(f"{path.name}[{name}]", problem, "write its rows into a table")


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
                values[place] = _instant(values[place])
        return values

    return convert


def _instant(microseconds: int) -> datetime | str:
    """Return the instant, or what is refused with its row: one that no date of ours can say."""
    try:
        return _EPOCH + timedelta(microseconds=microseconds)
    except OverflowError:
        return f"{microseconds} microseconds after 1970"
