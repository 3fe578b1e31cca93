"""The traffic fines judged in columns: the rows become frames of requests and events by the words of the mapping."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import polars as pl

import windowservice as ws
from windowservice.blocks.blocks import Block, Heading
from windowservice.ledger.mapping.mapping import EventMap
from windowservice.ledger.mapping.reading import read_mapping

from .audits import FINES, MAPPINGS, Shown
from .views import verdict_table

__all__ = ["by_office", "by_office_blocks", "frames", "judged"]

_SENT = "fines/sent_in_time"


def frames(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the requests and the events that the rows stand for; of each row one event, as the mapping says."""
    events = pl.concat(_events(rows, said) for said in read_mapping(MAPPINGS / f"{FINES.name}.toml").table[0].event)
    cases = rows.select(id=pl.col("case").unique(maintain_order=True))
    return cases.with_columns(bank=pl.lit("offenders"), service=pl.lit("fine")), events


def _events(rows: pl.DataFrame, said: EventMap) -> pl.DataFrame:
    """Return the events that one part of the mapping makes of the rows."""
    words = {word: found for word, found in said.cells["kind"].words.items() if found != "ignore"}
    fields = {word: {"kind": found} if isinstance(found, str) else dict(found) for word, found in words.items()}
    activity = pl.col("activity").cast(pl.String)
    reasons = {word: found.get("reason") for word, found in fields.items()}
    return rows.filter(activity.is_in(list(words))).select(
        "seq",
        request="case",
        at=pl.col("ts").dt.offset_by("1d" if said.cells["at"].date == "end" else "0d"),
        kind=activity.replace_strict({word: found["kind"] for word, found in fields.items()}),
        reason=activity.replace_strict(reasons, return_dtype=pl.String),
    )


@cache
def judged(folder: Path) -> ws.Report:
    """Return the report on all fines, judged in columns."""
    rows = pl.read_parquet(folder / FINES.file, columns=["case", "seq", "ts", "activity"])
    recorded = read_mapping(MAPPINGS / f"{FINES.name}.toml").recorded
    return FINES.engine().audit(*frames(rows), as_of=FINES.as_of, recorded=recorded)


def by_office(folder: Path) -> dict[str, Counter[ws.Verdict]]:
    """Return how the limit for sending was kept by the office that made the fine out, the one with most fines first."""
    made = (
        pl.read_parquet(folder / FINES.file, columns=["case", "activity", "resource"])
        .filter(pl.col("activity") == "Create Fine")
        .select(key="case", office=pl.col("resource").cast(pl.String))
    )
    verdicts = judged(folder).verdict_frame().select("key", verdict=pl.col(_SENT).cast(pl.String))
    counted = verdicts.join(made, on="key").group_by("office", "verdict").len()
    found: dict[str, Counter[ws.Verdict]] = {}
    for office, verdict, number in counted.sort("office", "verdict").iter_rows():
        found.setdefault(office, Counter())[ws.Verdict(verdict)] = number
    return dict(sorted(found.items(), key=lambda row: (-row[1].total(), row[0])))


def by_office_blocks(folder: Path) -> Iterator[Block]:
    """Yield the view by office."""
    yield Heading("By the office that made the fine out")
    yield from verdict_table(by_office(folder), Shown("", "verdicts", rule=_SENT))
