"""Finding the tables of a ledger: in a folder, a file, a database, or in frames that are in hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final, TypeAlias

import attrs

from windowservice.errors import EmptyLedger, InvalidValue, UnknownName, UnreadableFile
from windowservice.files import no_file
from windowservice.ledger.sources.arrow import frame_table, parquet_table, records_table
from windowservice.ledger.sources.csv_file import csv_table
from windowservice.ledger.sources.database import database_tables, is_image_cache
from windowservice.ledger.sources.excel import excel_tables
from windowservice.ledger.sources.table import Columns, Row, SourceTable

__all__ = ["Frames", "Source", "SourceForm", "source_of"]

Frames: TypeAlias = Mapping[str, Any]
"""Table names with frames (anything that offers Arrow data) or lists of dicts."""

_CSV: Final = (".csv", ".tsv", ".csv.gz", ".tsv.gz")
_EXCEL: Final = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
_DATABASE: Final = (".db", ".sqlite", ".sqlite3", ".duckdb")
_OF_SYSTEMS: Final = frozenset({"thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "icon\r"})
"""Files that Windows and macOS leave in folders; others begin with a point."""
_ALL: Final = (*_CSV, ".parquet", *_EXCEL, *_DATABASE)


@attrs.frozen(kw_only=True)
class SourceForm:
    """How the tables of a file are laid out; see the attributes of `TableMap`."""

    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    header: int = 1


@attrs.frozen
class Source:
    """Where the tables of a ledger are.

    Attributes:
        label: what was given, in words.
        files: the names of its files; for frames the names of the tables.
        other: files that hold no table.
        open: given a file name and its form, opens its tables.
        folder: the folder of the files, where a ``ledger.toml`` may lie; None for frames.
    """

    label: str
    files: tuple[str, ...]
    other: tuple[str, ...]
    open: Callable[[str, SourceForm], tuple[SourceTable, ...]] = attrs.field(repr=False)
    folder: Path | None = None

    def matching(self, pattern: str, where: str = "") -> tuple[str, ...]:
        """Return the files of that name, or that fit the pattern; an empty one means the only file.

        Raises:
            UnknownName: if there is none, or an empty pattern and several files.
        """
        if not pattern and len(self.files) == 1:
            return self.files
        if pattern in self.files:  # a name is never a pattern, whatever signs are in it
            return (pattern,)
        alike = tuple(name for name in self.files if name.casefold() == pattern.casefold())
        found = alike or tuple(name for name in self.files if fnmatchcase(name, pattern))
        if not found:
            raise UnknownName("file", pattern, self.files, where or self.label)
        return found


def source_of(path: str | Path | Frames | object) -> Source:
    """Return the source for a folder, a file, a mapping of table names to frames, or one frame.

    Raises:
        EmptyLedger: if there is nothing there.
        UnreadableFile: if the file is of no kind that is read.
        InvalidValue: if what is given is none of these.
    """
    if isinstance(path, str | Path):
        return _path_source(Path(path))
    if isinstance(path, Mapping):
        return _frames_source(path)
    if hasattr(path, "__arrow_c_stream__") or isinstance(path, list | tuple):
        return _frames_source({"rows": path})
    raise InvalidValue(
        "a ledger", path, "a folder, a file, a frame, or a mapping from table names to frames or lists of dicts"
    )


def _path_source(path: Path) -> Source:
    problem = no_file(path)
    if problem.startswith("it is a folder"):
        files, other = _in_folder(path)
        if not files:
            raise EmptyLedger(str(path), "the folder holds no table (CSV, Parquet, workbook or database)")
        return Source(f"{path.name}/", files, other, lambda name, form: _open(path / name, form), path)
    if problem.startswith("there is no"):
        raise EmptyLedger(str(path), "there is no such file or folder")
    if problem:
        raise UnreadableFile(path.name, problem)
    return Source(path.name, (path.name,), (), lambda _, form: _open(path, form), path.parent)


def _in_folder(folder: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the tables of a folder, and what else is there and is not read; what a system leaves there is neither.

    Raises:
        UnreadableFile: if something has the name of a table and is a link to nothing, a pipe or a device.
    """
    files: list[str] = []
    other: list[str] = []
    for entry in sorted(folder.iterdir()):
        name = entry.name
        table = name.lower().endswith(_ALL)
        if name.startswith((".", "~$")) or name.lower() in _OF_SYSTEMS:
            continue
        problem = no_file(entry)
        if problem.startswith("it is a folder"):
            other += [f"{name} ({problem})"] if table else []
        elif problem and table:
            raise UnreadableFile(name, problem, "mend it, or take it out of the folder")
        elif problem:
            other.append(f"{name} ({problem})")
        elif table and not is_image_cache(entry):
            files.append(name)
        else:
            other.append(name)
    return tuple(files), tuple(other)


def _open(path: Path, form: SourceForm) -> tuple[SourceTable, ...]:
    name, stamp = path.name.lower(), _stamp(path)
    if name.endswith(_CSV):
        tables: Iterable[SourceTable] = (
            csv_table(path, encoding=form.encoding, delimiter=form.delimiter, header=form.header),
        )
    elif name.endswith(".parquet"):
        tables = (parquet_table(path),)
    elif name.endswith(_EXCEL):
        tables = excel_tables(path, header=form.header, sheet=form.sheet)
    elif name.endswith(_DATABASE):
        tables = database_tables(path)
    else:
        raise UnreadableFile(path.name, "no kind of table has that ending", f"it must be one of {', '.join(_ALL)}")
    found = tuple(tables)
    if not name.endswith(_DATABASE):  # a database sees to that itself, while others write to it
        found = tuple(_steady(path, stamp, table) for table in found)
    if not form.sheet:
        return found
    chosen = tuple(table for table in found if table.name == form.sheet) or tuple(
        table for table in found if table.name.strip().casefold() == form.sheet.strip().casefold()
    )
    if not chosen:
        raise UnknownName("sheet or table", form.sheet, tuple(table.name for table in found), path.name)
    return chosen


def _stamp(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _steady(path: Path, stamp: tuple[int, int], table: SourceTable) -> SourceTable:
    """Return the table, refused at the end of its rows if the file was written to while it was read."""

    def check() -> None:
        if _stamp(path) != stamp:
            raise UnreadableFile(table.label, "it was changed while it was read", "read it again when it is whole")

    def rows(wanted: Sequence[str]) -> Iterator[Row]:
        yield from table.rows(wanted)
        check()

    def whole(wanted: Sequence[str]) -> Columns | None:
        found = table.whole(wanted)
        check()
        return found

    return attrs.evolve(table, rows=rows, whole=whole)


def _frames_source(frames: Frames) -> Source:
    if not frames:
        raise EmptyLedger("the mapping of tables")

    def open_frame(name: str, _: SourceForm) -> tuple[SourceTable, ...]:
        frame = frames[name]
        return (records_table(name, frame) if isinstance(frame, list | tuple) else frame_table(name, frame),)

    return Source("tables in hand", tuple(map(str, frames)), (), open_frame)
