"""A million messages grouped to months of banks and judged by three rules, beside a query with the same verdicts.

``python tests/benchmarks/bench_relations.py [messages]``. Ours is `engine.audit`, from a frame in hand to the store of
verdicts: reading and checking the frame, keys, children, rules. The hand-written query groups, counts and compares, and
takes the rows on trust. Verdicts are compared group by group before anything is told. Processor time, the two in turn,
smallest of all rounds: trust the ratio.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[2] / "src"), str(Path(__file__).parent)]

import numpy as np
import polars as pl

import windowservice as ws

MESSAGES = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
BANKS, ROUNDS, BAR = 5_000, 5, 1.5
ZONE = "Asia/Shanghai"
AS_OF = datetime(2018, 7, 1, tzinfo=UTC)
LONG, LONGEST, FEW = timedelta(hours=4), timedelta(hours=23), 25


class note(ws.Facts, rows=ws.Given("notes"), happens="received_at"):
    """A message."""

    id = ws.key("Number")
    bank = ws.code("Bank", required=True)
    received_at = ws.fact(datetime, "When it came", required=True)
    answered_at = ws.fact(datetime, "When it was answered")
    took = ws.fact(answered_at - received_at, "How long it took")


class bank_month(
    ws.Facts, rows=ws.Grouped(note, by={"bank": note.bank, "month": ws.period(note.received_at, "month")})
):
    """A month of a bank."""

    bank = ws.code("Bank", required=True)
    month = ws.fact(date, "First day of the month", required=True)
    notes = ws.fact(note.id.count(), "How many messages")
    slow = ws.fact(note.id.count(where=note.took > LONG), "How many took long")
    worst = ws.fact(note.took.max(), "How long the slowest took")


def _rule(name: str, require: Any) -> ws.Rule:
    return ws.Rule(name, title=f"A rule made up for a benchmark: {name}", of=bank_month, require=require)


PACK = ws.Pack(
    "months",
    version="1",
    rules=(
        _rule("few", bank_month.notes <= FEW),
        _rule("quick", bank_month.slow * 20 <= bank_month.notes),
        _rule("never_long", bank_month.worst <= LONGEST),
    ),
)
ENGINE = ws.Engine.load(packs=[PACK], installed=False, calendars=ws.WorkCalendar(ZONE, "mon-sun 00:00-24:00"))


def messages(number: int) -> pl.DataFrame:
    """Return seeded messages of half a year; one in a hundred is not answered."""
    rng = np.random.default_rng(2018)
    received = int(datetime(2018, 1, 1, tzinfo=UTC).timestamp()) + rng.integers(0, 180 * 86_400, number)
    took = np.where(rng.random(number) < 0.04, rng.integers(14_400, 86_400, number), rng.integers(60, 14_400, number))
    instant = pl.Datetime("us", "UTC")
    answered = pl.Series((received + took) * 1_000_000).cast(instant)
    return pl.DataFrame(
        {
            "id": [f"M{place}" for place in range(number)],
            "bank": pl.Series([f"{100_000_000_000 + n}" for n in range(BANKS)]).gather(rng.integers(0, BANKS, number)),
            "received_at": pl.Series(received * 1_000_000).cast(instant),
            "answered_at": pl.select(pl.when(pl.Series(rng.random(number) > 0.01)).then(answered)).to_series(),
        }
    )


def by_hand(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the verdicts as somebody who knows Polars would ask for them; null is unknown."""
    took = pl.col("answered_at") - pl.col("received_at")
    month = pl.col("received_at").dt.convert_time_zone(ZONE).dt.truncate("1mo").dt.date()
    groups = frame.group_by("bank", month.alias("month")).agg(
        pl.len().alias("notes"), (took > LONG).sum().alias("slow"), took.max().alias("worst"),
        took.is_null().any().alias("open"),
    )  # fmt: skip
    known = ~pl.col("open")
    return groups.select(
        "bank", "month", few=pl.col("notes") <= FEW,
        quick=pl.when(known).then(pl.col("slow") * 20 <= pl.col("notes")),
        never_long=pl.when(known).then(pl.col("worst") <= LONGEST),
    )  # fmt: skip


def ours(frame: pl.DataFrame) -> Any:
    """Return the store of verdicts."""
    return ENGINE.audit({"notes": frame}, as_of=AS_OF).stores[0]


def compared(frame: pl.DataFrame) -> int:
    """Return how many verdicts there are, once they are found to be the same."""
    wanted = by_hand(frame).with_columns(key=pl.format("{} {}", "bank", "month")).sort("key")
    store = ours(frame)
    found = store.verdict_frame().sort("key")
    assert found["key"].to_list() == wanted["key"].to_list()
    for rule in ("few", "quick", "never_long"):
        said = found[f"months/{rule}"].cast(pl.String).to_list()
        meant = ["unknown" if one is None else "pass" if one else "fail" for one in wanted[rule].to_list()]
        assert said == meant, rule
    return 3 * found.height


def spent(run: Callable[[], object]) -> float:
    """Return the processor time that a call takes."""
    begin = time.process_time()
    run()
    return time.process_time() - begin


def main() -> None:
    """Print the ratio."""
    frame = messages(MESSAGES)
    verdicts = compared(frame)
    rounds = [(spent(lambda: ours(frame)), spent(lambda: by_hand(frame))) for _ in range(ROUNDS)]
    mine, theirs = (min(column) for column in zip(*rounds, strict=True))
    print(f"{MESSAGES:,} messages, {verdicts:,} verdicts on months of banks, seconds of processor time")
    print(f"  by hand {theirs:.2f}   ours {mine:.2f}   ratio {mine / theirs:.2f} (wanted at most {BAR})")


if __name__ == "__main__":
    main()
