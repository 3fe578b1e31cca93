"""The parts of a ledger too large for memory: pairs of Parquet files, read forwards and a row group at a time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import attrs

from windowservice.errors import EmptyLedger, InvalidValue, MissingExtra, UnreadableFile
from windowservice.files import no_file

if TYPE_CHECKING:
    import polars as pl
    import pyarrow.parquet as pq

__all__ = ["Cursor", "Files", "Part", "Stamp", "open_parquet", "parts_of", "sortable"]

Files: TypeAlias = str | PathLike[str] | Iterable[str | PathLike[str]]
"""A folder of Parquet files, one such file, or a list of them."""
_BATCH: Final = 65_536
"""Rows decoded at a time."""
_NUMBERED: Final = re.compile(r"(part-\d+)-.*")
"""How Spark names the files that it writes; what follows the number is different for every table."""


@attrs.frozen
class Stamp:
    """By what a file is told from a changed one."""

    file: str
    size: int
    modified: int

    @classmethod
    def of(cls, path: Path) -> Stamp:
        """Return the stamp of a file: its size in bytes and when it was last written, in nanoseconds."""
        found = path.stat()
        return cls(path.name, found.st_size, found.st_mtime_ns)


@attrs.frozen
class Part:
    """Requests that are judged apart from others, with all their events.

    Attributes:
        name: what it is called; findings bear the same name.
        requests: the file of requests.
        events: the file of their events; None for records that have none.
    """

    name: str
    requests: Path
    events: Path | None

    def stamps(self) -> list[Stamp]:
        """Return the stamps of its files."""
        return [Stamp.of(path) for path in (self.requests, self.events) if path is not None]


def parts_of(requests: Files, events: Files | None) -> list[Part]:
    """Return the parts of a ledger in the order of their names.

    Two folders hold parts of the same names; of files as Spark names them, ``part-00007-...``, the number counts. Lists
    correspond by place. Two files are one part.

    Raises:
        EmptyLedger: if there is no Parquet file.
        InvalidValue: if requests and events do not correspond.
    """
    above = _named(requests, "requests")
    if events is None:
        return [Part(name, path, None) for name, path in above.items()]
    below = _named(events, "events")
    if not (_is_folder(requests) and _is_folder(events)):
        if len(above) != len(below):
            raise InvalidValue("events", f"{len(below)} files", f"as many as there are of requests, {len(above)}")
        return [Part(name, path, other) for (name, path), other in zip(above.items(), below.values(), strict=True)]
    for mine, theirs, table in ((above, below, "events"), (below, above, "requests")):
        if alone := [name for name in mine if name not in theirs]:
            wanted = f"a file for each part; there is none for {', '.join(alone[:5])} ({len(alone)} in all)"
            raise InvalidValue(table, f"{len(theirs)} files", wanted)
    return [Part(name, path, below[name]) for name, path in above.items()]


def _is_folder(files: Files) -> bool:
    return isinstance(files, str | PathLike) and Path(files).is_dir()


def _named(files: Files, table: str) -> dict[str, Path]:
    """Return files by the names of their parts, in order."""
    if not isinstance(files, str | PathLike):
        paths = [Path(path) for path in files]
        for place, path in enumerate(paths):
            if path in paths[:place]:
                raise InvalidValue(table, str(path), "different files; this one is named twice")
        named = {f"{place:04d}-{path.stem}": path for place, path in enumerate(paths)}
    elif _is_folder(files):
        folder = Path(files)
        found = (path for path in folder.rglob("*.parquet") if not path.name.startswith((".", "_")))
        paths = sorted(path for path in found if not path.is_dir())
        named = _by_name(paths, folder, table)
    else:
        named = {Path(files).stem: Path(files)}
    if not named:
        raise EmptyLedger(str(files), f"no Parquet file of {table} is there")
    for path in named.values():
        if problem := no_file(path):
            raise UnreadableFile(str(path), problem)
    return dict(sorted(named.items()))


def _by_name(paths: list[Path], folder: Path, table: str) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for path in paths:
        numbered = _NUMBERED.fullmatch(path.stem)
        name = (path.relative_to(folder).parent / (numbered[1] if numbered else path.stem)).as_posix()
        if name in found:
            raise InvalidValue(table, path.name, f"files of different names; {found[name].name} is of the same part")
        found[name] = path
    return found


def open_parquet(path: Path) -> pq.ParquetFile:
    """Open a Parquet file.

    Raises:
        MissingExtra: without pyarrow.
        UnreadableFile: if it is cut off, or no Parquet.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise MissingExtra("pyarrow", "large", "an audit in parts") from error
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise UnreadableFile(path.name, _told(error), "write it again") from error


def _told(error: Exception) -> str:
    first = str(error).splitlines()[0] if str(error) else type(error).__name__
    return f"it is cut off, damaged or no Parquet ({first})"


class Cursor:
    """A Parquet file read forwards, a batch of rows at a time.

    Attributes:
        path: the file.
        row: the number of rows that were taken or skipped.
        height: the number of rows of the file.
        columns: the names of the columns that are read; at first all of them.
    """

    def __init__(self, path: Path, *, skip: int = 0) -> None:
        self.path = path
        self.row = skip
        self._file = open_parquet(path)
        self.height: int = self._file.metadata.num_rows
        self.columns: list[str] = list(self._file.schema_arrow.names)
        self._held: pl.DataFrame | None = None
        self._batches = self._read(skip)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _read(self, skip: int) -> Iterator[pl.DataFrame]:
        import polars as pl
        import pyarrow as pa

        for group in range(self._file.num_row_groups):
            height = self._file.metadata.row_group(group).num_rows
            if skip >= height:
                skip -= height
                continue
            try:
                for batch in self._file.iter_batches(_BATCH, row_groups=[group], columns=self.columns):
                    frame = pl.DataFrame(pa.Table.from_batches([batch]))
                    if skip < frame.height:
                        yield frame[skip:]
                    skip = max(0, skip - frame.height)
            except (pa.ArrowException, OSError) as error:
                where = f"{self.path.name}, row group {group + 1} of {self._file.num_row_groups}"
                raise UnreadableFile(where, _told(error), "write it again") from error

    def group_of(self, row: int) -> int:
        """Return the number of the row group in which a row lies, counted from 1."""
        for group in range(self._file.num_row_groups):
            row -= self._file.metadata.row_group(group).num_rows
            if row < 0:
                return group + 1
        return int(self._file.num_row_groups)

    def _next(self) -> pl.DataFrame | None:
        """Return the next rows, those that were put back first; None at the end."""
        held, self._held = self._held, None
        return held if held is not None else next(self._batches, None)

    def _put_back(self, rows: pl.DataFrame) -> None:
        if rows.height:
            self._held = rows

    def take(self, number: int | None = None) -> pl.DataFrame:
        """Return so many rows, or what is left."""
        import polars as pl

        found: list[pl.DataFrame] = []
        wanted = self.height if number is None else number
        while wanted > 0 and (rows := self._next()) is not None:
            found.append(rows[:wanted])
            self._put_back(rows[wanted:])
            wanted -= found[-1].height
        taken = pl.concat(found) if found else self.empty()
        self.row += taken.height
        return taken

    def take_until(self, column: str, last: Any, *, after: Any) -> pl.DataFrame:
        """Return the rows up to and with a key.

        Args:
            column: the column by which the rows are sorted.
            last: the last key that is wanted; None takes all that are left.
            after: the last key that was taken before; None if nothing was.

        Raises:
            InvalidValue: if the rows are not sorted, naming the row group.
        """
        import polars as pl

        found: list[pl.DataFrame] = []
        before, like = after, type(after if last is None else last)
        while (rows := self._next()) is not None:
            keys = sortable(rows[column], like)
            self.refuse_unsorted(keys, column, before, self.row)
            place = rows.height if last is None else int(keys.search_sorted(last, side="right"))
            self._put_back(rows[place:])
            found.append(rows[:place])
            self.row += place
            if place < rows.height:
                break
            before = keys[-1]
        return pl.concat(found) if found else self.empty()

    def refuse_unsorted(self, keys: pl.Series, column: str, before: Any, row: int, *, twice: bool = True) -> None:
        """Refuse keys that are not sorted, or stand twice where that is not allowed.

        Raises:
            InvalidValue: naming row group and row.
        """
        shifted = keys.shift(1, fill_value=before)
        wrong = (shifted > keys) if twice else (shifted >= keys)
        places = (wrong.fill_null(False) | keys.is_null()).arg_true()
        if len(places):
            at = row + int(places[0])
            where = f"{self.path.name}, row group {self.group_of(at)}, row {at + 1}"
            wanted = "sorted and never missing" if twice else "sorted, never missing, and different in every row"
            wanted += " in a part with more requests than are judged at once; sort both files by it, or cut the part"
            raise InvalidValue(f"{where}: {column}", keys[places[0]], wanted)

    def empty(self) -> pl.DataFrame:
        """Return a frame of no rows with the columns of the file."""
        import polars as pl

        return pl.DataFrame(self._file.schema_arrow.empty_table().select(self.columns))


def sortable(keys: pl.Series, like: type | None = None) -> pl.Series:
    """Return keys so that they can be put in order: whole numbers as they are (unless text is asked for), else text."""
    import polars as pl

    if keys.dtype.is_integer() and like is not str:
        return keys
    return keys.cast(pl.String)
