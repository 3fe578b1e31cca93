"""The one folder that an assistant may read: plain files in it or below, each of a bounded size."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Final

import attrs

from windowservice.errors import InvalidValue
from windowservice.files import no_file

__all__ = ["MOST_BYTES", "Folder"]

MOST_BYTES: Final = 1 << 20
"""Bytes of one record or calendar."""
_MOST_OF_LEDGER: Final = 32 << 20
_MOST_FILES: Final = 500
_LEAST_OF_CELL: Final = 8
"""Bytes of a cell of Parquet once it is read, at the least."""
_TABLES: Final = frozenset({".csv", ".tsv", ".xlsx", ".parquet", ".toml"})
"""What a ledger may consist of here. A database is none: what it holds may read files elsewhere."""
_WANTED: Final = "a path inside the folder, written from it and with /, as in 'records/R-1.json'"


def _absolute(path: Path | None) -> Path | None:
    return None if path is None else path.absolute()


@attrs.frozen
class Folder:
    """The folder, or none: then nothing is read from files.

    Attributes:
        root: the folder.
    """

    root: Path | None = attrs.field(default=None, converter=_absolute)

    def __attrs_post_init__(self) -> None:
        if self.root is not None and not self.root.is_dir():
            raise InvalidValue("--folder", str(self.root), "a folder that is there")

    def file(self, name: str, what: str) -> Path:
        """Return the path of a file in the folder.

        Raises:
            InvalidValue: if it is elsewhere, behind a link, no file, or too large.
        """
        path = self._inside(name, what)
        if problem := no_file(path):
            raise InvalidValue(what, name, f"a file in the folder: {problem}")
        if path.stat().st_size > MOST_BYTES:
            raise InvalidValue(what, name, f"a file of at most {MOST_BYTES >> 10:,} KiB")
        return path

    def ledger(self, name: str) -> Path:
        """Return the path of a ledger in the folder: a folder of tables, all of it plain files.

        Raises:
            InvalidValue: if it is elsewhere, holds a link or a database, or is too large.
        """
        path = self._inside(name, "ledger")
        if not path.is_dir():
            raise InvalidValue("ledger", name, "a folder of tables, as in 'ledger'")
        bytes_, number = 0, 0
        for file in _below(path):
            number += 1
            if file.is_symlink():
                raise InvalidValue("ledger", name, f"without links; {file.name!r} is one: put a copy in its place")
            if file.is_dir():
                continue
            if problem := no_file(file):
                raise InvalidValue("ledger", name, f"made of plain files; {file.name!r}: {problem}")
            if file.suffix.lower() not in _TABLES and file.suffix:
                wanted = f"made of tables ({', '.join(sorted(_TABLES))}); move {file.name!r} elsewhere"
                raise InvalidValue("ledger", name, wanted)
            bytes_ += _unpacked(file)
            if bytes_ > _MOST_OF_LEDGER or number > _MOST_FILES:
                wanted = f"at most {_MOST_OF_LEDGER >> 20} MiB in {_MOST_FILES} files; use `windowservice audit` for it"
                raise InvalidValue("ledger", name, wanted)
        return path

    def without(self, text: str) -> str:
        """Return a message that does not tell where on the machine the folder lies."""
        return text if self.root is None else text.replace(f"{self.root}/", "").replace(str(self.root), "the folder")

    def _inside(self, name: str, what: str) -> Path:
        if self.root is None:
            raise InvalidValue(what, name, "left out: no folder was given at start (--folder)")
        parts = PurePosixPath(name).parts
        odd = (
            "\0" in name
            or "\\" in name
            or not (parts or name == ".")
            or PureWindowsPath(name).drive
            or name.startswith("/")
        )
        if odd or ".." in parts:
            raise InvalidValue(what, name, _WANTED)
        path = self.root
        for part in parts:
            path /= part
            if path.is_symlink():
                raise InvalidValue(what, name, f"{_WANTED}; {part!r} is a link: put a copy in its place")
        return path


def _unpacked(file: Path) -> int:
    """Return how many bytes a file takes when it is read: of one that is packed, not what it takes on disk."""
    if file.suffix.lower() == ".xlsx":
        with zipfile.ZipFile(file) as book:
            return sum(part.file_size for part in book.infolist())
    if file.suffix.lower() == ".parquet":
        import pyarrow.parquet

        meta = pyarrow.parquet.ParquetFile(file).metadata
        return int(max(meta.num_rows * meta.num_columns * _LEAST_OF_CELL, file.stat().st_size))
    return file.stat().st_size


def _below(folder: Path) -> Iterator[Path]:
    """Yield what stands in a folder and below; links are not followed."""
    for path in folder.iterdir():
        yield path
        if path.is_dir() and not path.is_symlink():
            yield from _below(path)
