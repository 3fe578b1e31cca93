"""A part of the sample, for tests that ask whether two ways say the same: every so many matters and rows of it."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Final

__all__ = ["thin_sample"]

_MANY: Final = 100
"""Tables with fewer rows are kept whole: others refer to them, and little is saved."""


def thin_sample(folder: Path, every: int) -> Path:
    """Keep every so many requests, with their events, and as many rows of the large tables; return the folder."""
    kept: set[str] = set()
    _thin(folder / "requests.csv", lambda place, row: place % every == 0 and not kept.add(row["id"]))
    _thin(folder / "events.csv", lambda _, row: row["request"] in kept)
    for file in folder.glob("*.csv"):
        if file.stem not in ("requests", "events", "planted"):
            _thin(file, lambda place, _: place % every == 0, many=_MANY)
    return folder


def _thin(file: Path, is_kept: Callable[[int, dict[str, str]], bool], many: int = 0) -> None:
    with file.open(encoding="utf-8", newline="") as read:
        rows = csv.DictReader(read)
        every, header = list(rows), rows.fieldnames or ()
    if len(every) < many:
        return
    with file.open("w", encoding="utf-8", newline="") as written:
        out = csv.DictWriter(written, header, lineterminator="\n")
        out.writeheader()
        out.writerows(row for place, row in enumerate(every) if is_kept(place, row))
