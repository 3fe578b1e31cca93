"""Seeded parts of a made-up ledger of any size: requests with about six events each, sorted, as Parquet.

Every share below is an assumption: most matters go the short way, some are told what is missing, handed over, stopped,
decided late or not at all, so that all rules find something to say and the columns of stops and notices are not empty.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

__all__ = ["AS_OF", "frames_of_part", "write_parts"]

AS_OF: Final = "2018-12-31"
_SECOND: Final = 1_000_000
_HOUR: Final = 3_600 * _SECOND
_DAY: Final = 24 * _HOUR
_FIRST: Final = int(datetime(2018, 1, 8, 0, 30, tzinfo=UTC).timestamp()) * _SECOND
"""08:30 of a Monday in China."""
_DAYS: Final = 300
_CLERKS: Final = np.array(["wang", "li", "zhao", "chen", "sun", "zhou"])
_BANKS: Final = np.array([f"{105221000018 + number * 1_000_003}" for number in range(140)])
_SERVICES: Final = np.array([f"S{number:02d}" for number in range(1, 20)])
_CHANNELS: Final = np.array(["counter", "online"])


def frames_of_part(number: int, size: int, *, seed: int = 2018) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the requests and events of one part; the ids of parts follow one another."""
    rng = np.random.default_rng([seed, number])
    ids = pl.Series(np.arange(number * size, (number + 1) * size)).cast(pl.String).str.zfill(12)
    ids = pl.Series("id", "R" + ids)
    requests = pl.DataFrame([
        ids,
        pl.Series("bank", _BANKS[rng.integers(0, len(_BANKS), size)]),
        pl.Series("service", _SERVICES[rng.integers(0, len(_SERVICES), size)]),
        pl.Series("amount", rng.integers(1, 1_000_000, size)),
        pl.Series("channel", _CHANNELS[rng.integers(0, 2, size)]),
    ])  # fmt: skip
    return requests, _events(ids, rng)


def _events(ids: pl.Series, rng: np.random.Generator) -> pl.DataFrame:
    """Return the events of some requests, by request and time."""
    size = len(ids)
    begun = _FIRST + rng.integers(0, _DAYS, size) * _DAY + rng.integers(0, 8 * 3_600, size) * _SECOND
    accepted = begun + rng.integers(60, 3_600, size) * _SECOND
    decided = accepted + rng.integers(1, 12 * 24, size) * _HOUR
    draw = rng.random((9, size))
    middle = accepted + ((decided - accepted) * draw[8]).astype(np.int64)
    clerk, other = rng.integers(0, len(_CLERKS), (2, size))
    steps: list[tuple[str, Any, Any, Any, dict[str, Any]]] = [
        ("asked", draw[0] < 0.6, begun - 300 * _SECOND, clerk, {}),
        ("submitted", draw[0] < 0.999, begun, clerk, {}),
        ("notified", draw[1] < 0.3, begun + 40 * _SECOND, clerk, {"written": draw[2] < 0.9, "items": True}),
        ("supplemented", draw[1] < 0.25, begun + 50 * _SECOND, clerk, {"items": True}),
        ("accepted", draw[0] < 0.99, accepted, clerk, {}),
        ("handed_over", draw[3] < 0.3, accepted + 10 * _SECOND, clerk, {"to": other}),
        ("taken_over", draw[3] < 0.28, accepted + 15 * 60 * _SECOND, other, {}),
        ("suspended", draw[4] < 0.12, middle, other, {"written": draw[5] < 0.9, "reason": "hearing"}),
        ("resumed", draw[4] < 0.11, middle + 26 * _HOUR, other, {}),
        ("checked", draw[6] < 0.9, decided - 600 * _SECOND, (clerk + 1) % len(_CLERKS), {}),
        ("decided", draw[6] < 0.96, decided, clerk, {}),
        ("delivered", draw[7] < 0.5, decided + 300 * _SECOND, clerk, {}),
    ]
    frame = pl.concat([_step(place, step, size) for place, step in enumerate(steps)])
    frame = frame.sort("row", "at", "step")
    at = frame["at"].cast(pl.Datetime("us", "UTC")).alias("at")
    return frame.with_columns(ids.gather(frame["row"]).alias("request"), at).select(
        "request", "at", "kind", "by", "to", "items", "reason", "written"
    )


def _step(place: int, step: tuple[str, Any, Any, Any, dict[str, Any]], size: int) -> pl.DataFrame:
    kind, happens, at, by, said = step
    rows = np.flatnonzero(happens)
    written, to = said.get("written"), said.get("to")
    return pl.DataFrame({
        "row": rows, "step": place, "at": at[rows], "kind": kind, "by": _CLERKS[by[rows]],
        "to": pl.Series([None] * len(rows) if to is None else _CLERKS[to[rows]], dtype=pl.String),
        "items": pl.Series(["S10-M1" if "items" in said else None], dtype=pl.String).new_from_index(0, len(rows)),
        "reason": pl.Series([said.get("reason")], dtype=pl.String).new_from_index(0, len(rows)),
        "written": pl.Series([None] * len(rows) if written is None else written[rows], dtype=pl.Boolean),
    })  # fmt: skip


def write_parts(folder: Path, parts: int, size: int, *, seed: int = 2018, row_group: int | None = None) -> int:
    """Write parts of so many requests each, as ``requests/part-0000.parquet`` and ``events/...``; return the events."""
    events_written = 0
    for name in ("requests", "events"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for number in range(parts):
        requests, events = frames_of_part(number, size, seed=seed)
        for name, frame in (("requests", requests), ("events", events)):
            frame.write_parquet(folder / name / f"part-{number:04d}.parquet", row_group_size=row_group)
        events_written += events.height
    return events_written
