"""A national month scored in columns beside hand-written Polars; one bank's month as objects beside ``engine.check``.

``python tests/benchmarks/bench_scoring.py [banks]``. 200,000 banks with 32 readings each. The hand-written query scores
only: one join for the figures, the share by form, a sum for each category, spread over what is applicable, rounded half
up in floats. It takes the readings on trust: it looks for no rows twice, impossible numbers or restatements, has no
vetoes, and is off by a cent where a float falls on the wrong side of an edge; how often is printed. Both are timed in
turn in one run, best of several rounds: trust the ratios.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[2] / "src"), str(Path(__file__).parent)]

import numpy as np
import polars as pl
from bench_check import request

import windowservice as ws
from windowservice.domain.scorecard.indicators import Linear, PerEvent, Steps
from windowservice.domain.scorecard.readings import Reading, Readings
from windowservice.domain.scorecard.scorecard import Scorecard
from windowservice.scoring.columns.columns import score_columns
from windowservice.scoring.columns.indicators import indicator_columns
from windowservice.scoring.scoring import score

BANKS = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
ROUNDS = 7
PERIOD = "2018-12"
BAR_COLUMNS, BAR_OBJECTS = 1.5, 100.0
CARD = Scorecard.default()


def readings(banks: int) -> pl.DataFrame:
    """Return seeded readings of all indicators: mostly good, some empty, some missing."""
    rng = np.random.default_rng(2018)
    parts = []
    names = pl.Series("bank", [f"{100_000_000_000 + number}" for number in range(banks)])
    for place, indicator in enumerate(CARD):
        base = rng.choice([0, 5, 20, 40, 100, 250, 1000], banks)
        few = rng.binomial(np.maximum(base, 1), 0.01)
        numerator = np.minimum(few, base) if indicator.direction == "lower" else base - np.minimum(few, base)
        if not indicator.is_ratio:
            numerator = rng.poisson(20 if indicator.unit == "minute" else 0.3, banks)
        denominator = pl.Series(base) if indicator.is_ratio else pl.repeat(None, banks, dtype=pl.Int64, eager=True)
        period = str(indicator.candidates(ws_period())[1][0])
        parts.append(
            pl.DataFrame({"bank": names, "place": place, "indicator": indicator.id, "period": period}).with_columns(
                numerator=pl.Series(numerator), denominator=denominator
            )
        )
    frame = pl.concat(parts).sort("bank", "place").drop("place")
    return frame.filter(pl.Series(rng.random(frame.height) >= 0.02))


def ws_period() -> Any:
    from windowservice.domain.scorecard.readings_period import ReportingPeriod

    return ReportingPeriod.parse(PERIOD)


def figures() -> pl.DataFrame:
    """Return the figures of the scorecard as a table, as somebody would write it beside the query."""
    rows = []
    for indicator in CARD:
        form, row = indicator.form, {"floor": None, "target": None, "deduct": None}
        if isinstance(form, Linear):
            row |= {"floor": float(form.floor), "target": float(form.target)}
        elif isinstance(form, PerEvent):
            row |= {"deduct": float(form.deduct)}
        rows.append(
            {
                "indicator": indicator.id,
                "period": str(indicator.candidates(ws_period())[1][0]),
                "category": indicator.category,
                "points": float(indicator.points),
                **row,
            }
        )
    return pl.DataFrame(rows, schema_overrides={"floor": pl.Float64, "target": pl.Float64, "deduct": pl.Float64})


def hand_written(frame: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """Return the totals by a query that somebody writes for this scorecard."""
    value = pl.when(pl.col("denominator").is_null()).then(pl.col("numerator").cast(pl.Float64)).otherwise(
        pl.when(pl.col("denominator") > 0).then(pl.col("numerator") / pl.col("denominator"))
    )  # fmt: skip
    linear = ((pl.col("value") - pl.col("floor")) / (pl.col("target") - pl.col("floor"))).clip(0, 1)
    deducted = (1 - pl.col("deduct") * pl.col("value") / pl.col("points")).clip(0, 1)
    stepped = pl.when(False).then(0.0)
    for indicator in CARD:
        if isinstance(indicator.form, Steps):
            for step in indicator.form.steps:
                at = (pl.col("indicator") == indicator.id) & (pl.col("value") <= float(step.bound))
                stepped = stepped.when(at).then(float(step.share))
    share = (
        pl.when(pl.col("floor").is_not_null())
        .then(linear)
        .when(pl.col("deduct").is_not_null())
        .then(deducted)
        .otherwise(stepped.otherwise(0.0))
    )
    of_category = {category.id: float(category.points) for category in CARD.categories}
    return (
        frame.lazy()
        .join(table.lazy(), on=["indicator", "period"])
        .with_columns(value=value)
        .with_columns(share=share)
        .group_by("bank", "category")
        .agg(
            known=pl.col("points").filter(pl.col("value").is_not_null()).sum(),
            dropped=pl.col("points").filter(pl.col("value").is_null()).sum(),
            earned=(pl.col("points") * pl.col("share")).filter(pl.col("value").is_not_null()).sum(),
        )
        .with_columns(whole=pl.col("category").replace_strict(of_category))
        .with_columns(counts=pl.col("known") > 0)
        .group_by("bank")
        .agg(
            earned=(pl.col("whole") * pl.col("earned") / pl.col("known")).filter("counts").sum(),
            alive=pl.col("whole").filter("counts").sum(),
            known=pl.col("known").sum(),
            applicable=100.0 - pl.col("dropped").sum(),
        )
        .with_columns(total=((pl.col("earned") * 100 / pl.col("alive")) * 100 + 0.5).floor() / 100)
        .with_columns(total=pl.when(pl.col("known") >= 0.6 * pl.col("applicable")).then(pl.col("total")))
        .select("bank", "total")
        .collect()
    )


def best_of(calls: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Return the least seconds of each call, all timed in turn."""
    best = dict.fromkeys(calls, float("inf"))
    gc.disable()
    for _ in range(rounds):
        for name, call in calls.items():
            begun = time.perf_counter()
            call()
            best[name] = min(best[name], time.perf_counter() - begun)
    gc.enable()
    return best


def columns() -> bool:
    frame, table = readings(BANKS), figures()
    facts = pl.DataFrame({"bank": frame["bank"].unique(maintain_order=True)}).with_columns(
        pl.lit(0).alias(fact.id) for fact in CARD.facts
    )
    calls: dict[str, Callable[[], object]] = {
        "hand-written": lambda: hand_written(frame, table),
        "score_columns": lambda: score_columns(CARD, frame, PERIOD),
        "score_columns with vetoes": lambda: score_columns(CARD, frame, PERIOD, facts=facts),
        "and severities of all": lambda: indicator_columns(CARD, score_columns(CARD, frame, PERIOD, facts=facts).cells),
    }
    best = best_of(calls, ROUNDS)
    print(f"{BANKS:,} banks, {frame.height:,} readings; best of {ROUNDS} rounds\n")
    print(f"{'':28}{'s':>8}{'ratio':>8}{'bar':>7}")
    for name, seconds in best.items():
        bar = f"{BAR_COLUMNS:7.1f}" if name == "score_columns" else ""
        print(f"{name:28}{seconds:8.3f}{seconds / best['hand-written']:8.2f}{bar}")
    ours, theirs = score_columns(CARD, frame, PERIOD), hand_written(frame, table)
    cents = (pl.col("total").cast(pl.Float64) * 100).round().cast(pl.Int64)
    both = ours.scores.select("bank", cents.alias("ours")).join(theirs.select("bank", cents.alias("theirs")), on="bank")
    other = both.filter(~pl.col("ours").eq_missing(pl.col("theirs")))
    again, off = ours.recomputed, len(other)
    print(f"\nsummed again exactly: {again:,} of {len(both):,}; the hand-written query differs in {off:,}")
    return best["score_columns"] / best["hand-written"] <= BAR_COLUMNS


def objects() -> bool:
    frame = readings(1)
    rows = [Reading(**{k: v for k, v in row.items() if v is not None}) for row in frame.iter_rows(named=True)]
    held, bank = Readings(rows, CARD), frame["bank"][0]
    facts = dict.fromkeys((fact.id for fact in CARD.facts), 0)
    engine, one = ws.Engine.load(installed=False), request()
    as_of = "2018-05-15T09:00+08:00"
    calls: dict[str, Callable[[], object]] = {
        "engine.check": lambda: engine.check(one, as_of=as_of),
        "score": lambda: score(CARD, held, bank, PERIOD, facts=facts),
    }
    best = best_of(calls, 100 * ROUNDS)  # one call at a time: other work disturbs long ones more
    ratio = best["score"] / best["engine.check"]
    own, check = (best[name] * 1e6 for name in ("score", "engine.check"))
    print(f"one bank's month as objects: {own:,.0f} us, engine.check {check:,.0f}")
    print(f"ratio {ratio:.1f}, bar {BAR_OBJECTS:.0f}\n")
    return ratio <= BAR_OBJECTS


if __name__ == "__main__":
    sys.exit(0 if all([objects(), columns()]) else 1)
