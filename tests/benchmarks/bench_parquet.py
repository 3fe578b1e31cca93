"""Sorted events in Parquet to findings in Parquet: five rules beside a hand-written Polars query of the same verdicts.

``python tests/benchmarks/bench_parquet.py [--requests 200000]``. Both read the same files, judge the same rules and
write what failed or cannot be told. That their verdicts are the same is checked before anything is timed. Beside them:
all packs for requests, and only reading the columns that they need. Processor time (all threads) is compared, the
smallest of some rounds taken in turn; trust the ratios. The hand-written query gives no shortfalls, bases or versions.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[2] / "src"), str(Path(__file__).parent)]

import polars as pl
from large_ledger import AS_OF, write_parts

import windowservice as ws
from windowservice.engine.scale.column_function import ColumnFunction, column_function
from windowservice.facts import event as e
from windowservice.facts import request as r

BAR = 1.5
ROUNDS = 3
HOUR = timedelta(hours=1)
FIVE = (
    ws.Rule("in_order", "Accepted before it was decided", r.accepted_at <= r.decided_at),
    ws.Rule("kept", "Handed over once at most", r.handovers <= 1),
    ws.Rule("soon", "Accepted within an hour", r.accepted_at - r.submitted_at <= HOUR),
    ws.Rule("written", "Notices are in writing", e.written.all(where=e.kind == "notified"), when=r.notices > 0),
    ws.Rule("named", "Everything names a clerk", e.by.is_known().all()),
)


def by_hand(folder: Path) -> pl.DataFrame:
    """Return the verdicts of the five rules, written as anybody would write them in Polars."""
    kind, at = pl.col("kind"), pl.col("at")
    events = pl.scan_parquet(folder / "events" / "*.parquet")
    notices = kind == "notified"
    facts = events.group_by("request").agg(
        *(at.filter(kind == name).first().alias(name) for name in ("submitted", "accepted", "decided")),
        (kind == "handed_over").sum().alias("handovers"), notices.sum().alias("notices"),
        pl.col("written").filter(notices).eq(False).any().alias("spoken"),
        pl.col("written").filter(notices).is_null().any().alias("unsaid"),
        pl.col("by").is_not_null().all().alias("named"),
    )  # fmt: skip
    requests = pl.scan_parquet(folder / "requests" / "*.parquet").select("id", "bank", "service")
    said = requests.join(facts, left_on="id", right_on="request", how="left")
    told = {
        "in_order": _verdict(pl.col("accepted") <= pl.col("decided")),
        "kept": _once_settled(pl.col("handovers").fill_null(0) <= 1),
        "soon": _verdict(pl.col("accepted") - pl.col("submitted") <= HOUR),
        "written": pl.when(pl.col("notices").fill_null(0) == 0)
        .then(pl.lit("not_applicable"))
        .otherwise(_once_settled(~pl.col("spoken"), unknown=pl.col("unsaid"))),
        "named": _once_settled(pl.col("named").fill_null(True)),
    }
    return said.select("id", "bank", "service", *(expr.alias(name) for name, expr in told.items())).collect()


def _verdict(holds: pl.Expr) -> pl.Expr:
    return pl.when(holds).then(pl.lit("pass")).when(~holds).then(pl.lit("fail")).otherwise(pl.lit("unknown"))


def _once_settled(holds: pl.Expr, *, unknown: pl.Expr | None = None) -> pl.Expr:
    """What is counted may still be broken while the matter is open."""
    lacking = pl.lit(False) if unknown is None else unknown
    words = pl.when(lacking).then(pl.lit("unknown")).when(pl.col("decided").is_null()).then(pl.lit("pending"))
    return pl.when(~holds).then(pl.lit("fail")).otherwise(words.otherwise(pl.lit("pass")))


def write_by_hand(folder: Path) -> None:
    names = [rule.name for rule in FIVE]
    rows = by_hand(folder).unpivot(names, index=["id", "bank", "service"], variable_name="rule", value_name="verdict")
    rows.filter(pl.col("verdict").is_in(["fail", "unknown"])).write_parquet(folder / "by_hand.parquet")


def frames(folder: Path, function: ColumnFunction) -> tuple[pl.DataFrame, pl.DataFrame]:
    needed = function.needed_columns()
    read: list[pl.DataFrame] = []
    for table, of in (("requests", needed.of_requests), ("events", needed.of_events)):
        lazy = pl.scan_parquet(folder / table / "*.parquet")
        read.append(lazy.select(of(lazy.collect_schema().names())).collect())
    return read[0], read[1]


def write_findings(folder: Path, function: ColumnFunction) -> None:
    function(*frames(folder, function)).findings.write_parquet(folder / "findings.parquet")


def smallest(folder: Path, runs: dict[str, Callable[[Path], Any]]) -> dict[str, tuple[float, float]]:
    """Return the smallest processor time of each, and the seconds by the clock beside it."""
    best: dict[str, tuple[float, float]] = {}
    for _ in range(ROUNDS):
        for name, run in runs.items():
            clock, processor = time.perf_counter(), time.process_time()
            run(folder)
            took = time.process_time() - processor, time.perf_counter() - clock
            best[name] = min(best.get(name, took), took)
    return best


def refuse_difference(folder: Path, function: ColumnFunction) -> None:
    """Both must say the same of every request, or there is nothing to compare."""
    ours = function.verdicts(*frames(folder, function)).verdict_frame().sort("key")
    hand = by_hand(folder).sort("id")
    for rule in FIVE:
        mine, theirs = ours[f"own/{rule.name}"].cast(pl.String), hand[rule.name]
        if not mine.equals(theirs):
            raise SystemExit(f"{rule.name}: {mine.value_counts()} {theirs.value_counts()}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=200_000)
    size = parser.parse_args().requests
    packs = ws.Engine.load(installed=False)
    five = column_function(ws.Engine.load(packs=[], installed=False).with_rules(*FIVE), as_of=AS_OF)
    every = column_function(packs, as_of=AS_OF)
    with tempfile.TemporaryDirectory() as base:
        folder = Path(base)
        events = write_parts(folder, 1, size)
        refuse_difference(folder, five)
        best = smallest(folder, {
            "reading the columns": lambda folder: frames(folder, every),
            "five rules by hand, in Polars": write_by_hand,
            "five rules": lambda folder: write_findings(folder, five),
            "all packs for requests": lambda folder: write_findings(folder, every),
        })  # fmt: skip
    hand = best["five rules by hand, in Polars"][0]
    print(f"{size:,} requests, {events:,} events                processor s   ratio   requests/s   seconds")
    for name, (processor, clock) in best.items():
        print(f"{name:<44} {processor:>12.2f} {processor / hand:>7.2f} {size / clock:>12,.0f} {clock:>9.2f}")
    ratio = best["five rules"][0] / hand
    print(f"five rules: {ratio:.2f} of the hand-written query, wanted at most {BAR}: {'yes' if ratio <= BAR else 'NO'}")
    return 0 if ratio <= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
