"""Ten rules over a million records in columns: beside hand-written Polars, and beside ten plain Python functions.

``python tests/benchmarks/bench_columns_rules.py [rows]``. The rules and the plain functions are those of
``bench_rules.py``; the hand-written query gives the same four verdicts for each, on the same columns of the same types
(texts as enumerations). Rows are timed in turn and the smallest of all rounds counts; plain Python is timed on a
sample and scaled. The verdicts of ours and of the hand-written query are compared cell by cell before anything is told.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[2] / "src"), str(Path(__file__).parent)]

import numpy as np
import polars as pl
from bench_rules import PLAIN, _rules, case, cases

import windowservice as ws
from windowservice.engine.frames.frames import read_frames
from windowservice.instants import datetime_us
from windowservice.language.polars.calls import Calls
from windowservice.language.polars.compile import RecordColumns, verdict_columns
from windowservice.language.tree.kernels import Binding
from windowservice.worktime.calendar import WorkCalendar

ROUNDS = 7
BAR_POLARS, BAR_PLAIN = 1.2, 120.0
PASS, FAIL, UNKNOWN, SKIPPED = 0, 1, 2, 4
SERVICES = [f"S{n:02}" for n in range(1, 21)]
CHANNELS = ["counter", "phone", "online"]
CLERKS = ["wang", "li", "zhao", "", "unknown"]
NOW = datetime(2018, 6, 30, tzinfo=UTC)


def records(count: int) -> pl.DataFrame:
    """Return seeded records with the fields of `bench_rules.Case`; four of them have gaps."""
    rng = np.random.default_rng(4)
    submitted = np.datetime64("2018-01-01T09:00", "us") + rng.integers(0, 150 * 86_400, count) * np.timedelta64(
        10**6, "us"
    )

    def later(base: Any, hours: int) -> Any:
        return base + rng.integers(-3_600, hours * 3_600, count) * np.timedelta64(10**6, "us")

    def gaps(values: pl.Series, share: float) -> pl.Series:
        return pl.select(pl.when(pl.Series(rng.random(count) >= share)).then(values)).to_series()

    def instants(values: Any) -> pl.Series:
        return pl.Series(values).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")

    def words(known: list[str]) -> pl.Series:
        return pl.Series(known, dtype=pl.Enum(sorted(known))).gather(rng.integers(0, len(known), count))

    decided, accepted = later(submitted, 240), later(submitted, 4)
    return pl.DataFrame({
        "service": words(SERVICES), "channel": words(CHANNELS), "clerk": words(CLERKS),
        "copies": rng.integers(1, 4, count), "visits": rng.integers(1, 4, count), "notices": rng.integers(0, 3, count),
        "amount": gaps(pl.Series(rng.integers(1, 10**6, count)), 0.1),
        "score": gaps(pl.Series(rng.integers(1, 6, count)), 0.3),
        "submitted_at": instants(submitted), "accepted_at": instants(accepted),
        "answer_due": instants(submitted + np.timedelta64(3_600_000_000, "us")),
        "due_at": instants(submitted + np.timedelta64(5 * 86_400 * 10**6, "us")),
        "decided_at": gaps(instants(decided), 0.05), "delivered_at": gaps(instants(later(decided, 48)), 0.1),
    })  # fmt: skip


def by_hand(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the verdicts as somebody who knows Polars would ask for them."""
    col = pl.col

    def verdict(require: pl.Expr, when: pl.Expr | None = None) -> pl.Expr:
        found = pl.when(require).then(PASS).when(~require).then(FAIL).otherwise(UNKNOWN)
        if when is not None:
            found = pl.when(when).then(found).otherwise(SKIPPED)
        return found.cast(pl.UInt8)

    return frame.select(
        service_is_offered=verdict(col("service").is_in(SERVICES[:19])),
        accepted_after_submitted=verdict(col("submitted_at") <= col("accepted_at")),
        answered_in_time=verdict(col("accepted_at") <= col("answer_due")),
        decided_in_time=verdict(col("decided_at") <= col("due_at")),
        delivered_after_decided=verdict(col("decided_at") <= col("delivered_at")),
        told_once=verdict(col("notices") <= 1),
        one_visit_online=verdict(col("visits") <= 1, col("channel") == "online"),
        large_cash_in_two_copies=verdict((col("amount") < 500_000) | (col("copies") >= 2), col("service") == "S08"),
        rated_well=verdict(col("score") >= 3),
        clerk_is_named=verdict((col("clerk") != "") & (col("clerk") != "unknown")),
    )


def best(call: Callable[[], object]) -> float:
    """Return the smallest time of one call, in seconds."""
    gc.collect()
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    frame, rules = records(count), _rules(conditional=True)
    binding = Binding(WorkCalendar(timezone="UTC", weekly="mon-fri 09:00-17:00"))
    us = datetime_us(NOW)
    read = read_frames(frame, None, case, us)
    engine = ws.Engine.load(packs=[], installed=False).with_rules(*rules)
    sample = cases(5_000)

    def ours() -> list[pl.Series]:
        run = RecordColumns(read.records, read.children, us, Calls(case, binding))
        return verdict_columns(run, rules)[0]

    def plain() -> None:
        for one in sample:
            for rule in PLAIN:
                rule(one)

    mine, theirs = ours(), by_hand(frame)
    for rule, series in zip(rules, mine, strict=True):
        if not (series.cast(pl.UInt8) == theirs[rule.name]).all():
            raise SystemExit(f"{rule.name}: the two do not agree; nothing is told")
    calls: dict[str, Callable[[], object]] = {
        "hand-written Polars": lambda: by_hand(frame),
        "ours: verdicts of frames read before": ours,
        "ours: engine.audit, frame to counts": lambda: engine.audit(frame, as_of=NOW + timedelta(0), of=case).counts,
        "plain Python: ten functions": plain,
    }
    times = dict.fromkeys(calls, float("inf"))
    for _ in range(ROUNDS):
        for name, call in calls.items():
            times[name] = min(times[name], best(call))
    times["plain Python: ten functions"] *= count / len(sample)
    hand, slow = times["hand-written Polars"], times["plain Python: ten functions"]
    print(f"{count:,} records, ten rules; smallest of {ROUNDS} rounds; every verdict the same in both\n")
    print(f"{'':40}{'ns a record':>12}{'of Polars':>11}{'plain / it':>12}")
    for name, seconds in times.items():
        print(f"{name:40}{seconds / count * 1e9:12.1f}{seconds / hand:11.2f}{slow / seconds:12.0f}")
    mine_ratio = times["ours: verdicts of frames read before"] / hand
    gain = slow / times["ours: verdicts of frames read before"]
    print(f"\nbars: at most {BAR_POLARS} of hand-written Polars ({mine_ratio:.2f}),")
    print(f"at least {BAR_PLAIN:.0f} times plain Python ({gain:.0f})")
    return 0 if mine_ratio <= BAR_POLARS and gain >= BAR_PLAIN else 1


if __name__ == "__main__":
    sys.exit(main())
