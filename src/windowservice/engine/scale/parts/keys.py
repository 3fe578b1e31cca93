"""Keys that stand in two parts, found in bounded memory before anything is judged.

The smallest and largest key of each file, which Parquet keeps beside its rows, tell of most ledgers that no two parts
can share a key. Only of files whose ranges meet are the keys themselves read: as hashes, a share at a time, and those
that are alike are then compared as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs

from windowservice.engine.scale.parts.files import Cursor, open_parquet
from windowservice.errors import SharedKey, UnreadableFile

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    Hashes = np.ndarray[Any, Any]

__all__ = ["refuse_shared_keys"]

_AT_ONCE: Final = 50_000_000
"""Hashes held at a time: 400 MB."""
_ROWS: Final = 1_000_000
_SEED: Final = 2018


@attrs.frozen
class _Range:
    """The smallest and largest key of a file, or bounds of them; None if they are not known."""

    path: Path
    rows: int
    bounds: tuple[Any, Any] | None


def refuse_shared_keys(files: Iterable[Path], column: str, *, at_once: int = _AT_ONCE) -> None:
    """Refuse files of which two hold a record of the same key; files that cannot be read are left out.

    Raises:
        SharedKey: naming the key and both files with their rows.
    """
    ranges = []
    for path in files:
        try:
            ranges.append(_range(path, column))
        except UnreadableFile:
            continue
    if suspects := _overlapping(ranges):
        passes = -(-sum(found.rows for found in suspects) // at_once)
        for share in range(passes):
            _refuse_share([found.path for found in suspects], column, share, passes)


def _range(path: Path, column: str) -> _Range:
    file = open_parquet(path)
    with file:
        rows = file.metadata.num_rows
        place = file.schema_arrow.get_field_index(column)
        low: Any = None
        high: Any = None
        for group in range(file.num_row_groups):
            found = _chunk_bounds(file.metadata.row_group(group), column)
            if place < 0 or found is None or (low is not None and type(found[0]) is not type(low)):
                return _Range(path, rows, None)
            low, high = found if low is None else (min(low, found[0]), max(high, found[1]))
        return _Range(path, rows, None if low is None else (low, high))


def _chunk_bounds(group: Any, column: str) -> tuple[Any, Any] | None:
    """Return the bounds of a column in a row group; what is cut short in the file still bounds it."""
    for place in range(group.num_columns):
        chunk = group.column(place)
        if chunk.path_in_schema == column:
            known = chunk.is_stats_set and chunk.statistics.has_min_max
            low, high = (chunk.statistics.min, chunk.statistics.max) if known else (None, None)
            return (low, high) if isinstance(low, int | str) else None
    return None


def _overlapping(ranges: list[_Range]) -> list[_Range]:
    """Return the files whose range of keys meets that of another; all, if the range of one is not known."""
    filled = [found for found in ranges if found.rows]
    known = [(*found.bounds, found) for found in filled if found.bounds is not None]
    if len(known) < len(filled) or len({type(low) for low, _, _ in known}) > 1:
        return filled if len(filled) > 1 else []
    suspects: dict[Path, _Range] = {}
    widest: tuple[Any, _Range] | None = None
    for low, high, found in sorted(known, key=lambda bounds: bounds[:2]):
        if widest is not None and low <= widest[0]:
            suspects |= {widest[1].path: widest[1], found.path: found}
        if widest is None or high > widest[0]:
            widest = high, found
    return list(suspects.values())


def _refuse_share(paths: list[Path], column: str, share: int, passes: int) -> None:
    import numpy as np

    parts = []
    for path in paths:
        for _, _, hashes in _hashed(path, column):
            parts.append(hashes[hashes % passes == share] if passes > 1 else hashes)
    every = np.concatenate(parts) if parts else np.zeros(0, np.uint64)
    every.sort()
    alike = np.unique(every[1:][every[1:] == every[:-1]])
    if len(alike):
        _refuse_alike(paths, column, alike)


def _refuse_alike(paths: list[Path], column: str, alike: Hashes) -> None:
    """Refuse the first key that stands twice; hashes may be alike by chance, so the keys themselves are compared."""
    import numpy as np

    seen: dict[str, str] = {}
    for path in paths:
        for first, keys, hashes in _hashed(path, column):
            for place in np.flatnonzero(np.isin(hashes, alike)).tolist():
                key, where = keys[place], f"{path.name} (row {first[place] + 1})"
                if key in seen:
                    raise SharedKey(key, seen[key], where)
                seen[key] = where


def _hashed(path: Path, column: str) -> Iterator[tuple[Any, pl.Series, Hashes]]:
    """Yield the keys of a file as text, those that are missing left out, with the numbers of their rows and hashes."""
    import polars as pl

    try:
        with closing(Cursor(path)) as cursor:
            cursor.columns = [name for name in cursor.columns if name == column]
            while cursor.columns and (rows := cursor.take(_ROWS)).height:
                keys = rows[column].cast(pl.String)
                known = keys.is_not_null().arg_true()
                keys = keys.drop_nulls()
                yield known + (cursor.row - rows.height), keys, keys.hash(_SEED).to_numpy()
    except UnreadableFile:  # told when it is judged
        return
