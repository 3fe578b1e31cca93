"""Three limits of the traffic fines log (561,470 events) from Parquet to verdicts, beside plain Polars and pm4py.

``python tests/benchmarks/bench_fines.py FOLDER`` (the folder of the real logs). The limits: a fine is sent, or paid,
within 90 days of its creation; it is paid within 60 days of its notification; an appeal comes within 60 days of the
notification, and a last day on a rest day moves to the next workday. pm4py is asked if it is installed; its licence
(AGPL) keeps it out of our dependency groups. Rows are timed in turn and the smallest of all rounds counts.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

import polars as pl

import windowservice as ws

ROUNDS = 5
AS_OF = "2013-06-30"
FILE = "road_traffic_fines.parquet"
CREATED, SENT, NOTIFIED, PAID = "Create Fine", "Send Fine", "Insert Fine Notification", "Payment"
APPEALS = ("Insert Date Appeal to Prefecture", "Appeal to Judge")


class step(ws.Facts, happens="at", kind="activity"):
    """One step of a fine."""

    at = ws.fact(datetime, "When it happened", required=True)
    activity = ws.fact(str, "What happened", required=True)


class fine(ws.Facts, children=step, under="steps"):
    """A fine."""

    created_at = ws.fact(step.at.first(where=step.activity == CREATED), "When it was made out")
    sent_at = ws.fact(step.at.first(where=step.activity == SENT), "When it was sent")
    notified_at = ws.fact(step.at.first(where=step.activity == NOTIFIED), "When the offender was told")
    paid_at = ws.fact(step.at.first(where=step.activity == PAID), "When money first came")
    appealed_at = ws.fact(step.at.first(where=step.activity.one_of(*APPEALS)), "When the offender first appealed")


RULES = (
    ws.Rule(
        "sent_in_time", title="A fine is sent or paid within 90 days",
        require=fine.sent_at.otherwise(fine.paid_at).by(ws.due(fine.created_at, "90 days without roll")),
    ),
    ws.Rule(
        "paid_in_time", title="A fine is paid within 60 days of its notification", when=fine.notified_at.happened(),
        require=fine.paid_at.by(ws.due(fine.notified_at, "60 days without roll")),
    ),
    ws.Rule(
        "appealed_in_time", title="An appeal comes within 60 days, the last day rolling",
        when=fine.notified_at.happened() & fine.appealed_at.happened(),
        require=fine.appealed_at.by(ws.due(fine.notified_at, "60 days")),
    ),
)  # fmt: skip


def engine() -> ws.Engine:
    """Return an engine with the three rules and the Italian calendar."""
    calendar = ws.WorkCalendar.from_holidays("IT", weekly="mon-sat 00:00-24:00")
    return ws.Engine.load(packs=[], installed=False, calendars=calendar).with_rules(*RULES)


def ours(judge: ws.Engine, path: Path) -> Any:
    """Return the report, from the file."""
    events = pl.read_parquet(path, columns=["case", "seq", "ts", "activity"])
    # the log holds days, stored as midnight: noon stands for each, or what came on the day after a last day was in time
    steps = events.select(pl.col("case").alias("fine"), "seq", pl.col("ts").dt.offset_by("12h").alias("at"), "activity")
    fines = steps.select(pl.col("fine").unique(maintain_order=True).alias("id"))
    return judge.audit(fines, steps, as_of=AS_OF, of=fine)


def by_hand(path: Path) -> pl.DataFrame:
    """Return late or not for the first two limits, as a Polars user would: days are added, nothing rolls or waits."""
    activity = pl.col("activity").cast(pl.String)
    firsts = {
        "created": CREATED, "sent": SENT, "notified": NOTIFIED, "paid": PAID,
    }  # fmt: skip
    found = (
        pl.scan_parquet(path)
        .select("case", "ts", activity)
        .group_by("case")
        .agg(**{name: pl.col("ts").filter(pl.col("activity") == word).min() for name, word in firsts.items()},
             appealed=pl.col("ts").filter(pl.col("activity").is_in(APPEALS)).min())
    )  # fmt: skip

    def end(column: str, days: int) -> pl.Expr:
        return pl.col(column).dt.truncate("1d").dt.offset_by(f"{days + 1}d")

    return found.select(
        "case",
        sent_late=pl.col("sent").fill_null(pl.col("paid")) >= end("created", 90),
        paid_late=pl.col("paid") >= end("notified", 60),
        appealed_late=pl.col("appealed") >= end("notified", 60),
    ).collect()


def by_pm4py(path: Path) -> dict[str, int] | None:
    """Return how many cases exceed a number of days between two activities, as pm4py counts; None without it."""
    try:
        import pm4py
    except ImportError:
        return None
    frame = pl.read_parquet(path, columns=["case", "ts", "activity"]).with_columns(pl.col("activity").cast(pl.String))
    log = pm4py.format_dataframe(frame.to_pandas(), case_id="case", activity_key="activity", timestamp_key="ts")
    day = 86_400
    pairs = {"sent_in_time": (CREATED, SENT, 90), "paid_in_time": (NOTIFIED, PAID, 60)}
    found = {}
    for name, (first, then, days) in pairs.items():
        late = pm4py.filter_paths_performance(log, (first, then), days * day, 1e12)  # directly following steps only
        found[name] = late["case:concept:name"].nunique()
    return found


def main() -> int:
    path = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[3] / "shared" / "data") / FILE
    if not path.is_file():
        print(f"{path.name} is not in {path.parent}; name the folder of the logs")
        return 0
    judge = engine()
    report, hand = ours(judge, path), by_hand(path)
    calls: dict[str, Callable[[], object]] = {
        "reading the four columns": lambda: pl.read_parquet(path, columns=["case", "seq", "ts", "activity"]),
        "plain Polars, no calendar": lambda: by_hand(path),
        "ours, Parquet to verdicts": lambda: ours(judge, path).counts,
    }
    other = by_pm4py(path)
    if other is not None:
        calls["pm4py, two of the limits"] = lambda: by_pm4py(path)
    times = dict.fromkeys(calls, float("inf"))
    for _ in range(ROUNDS):
        for name, call in calls.items():
            begun = time.perf_counter()
            call()
            times[name] = min(times[name], time.perf_counter() - begun)
    base = times["plain Polars, no calendar"]
    print(f"{'':30}{'seconds':>9}{'of Polars':>11}")
    for name, seconds in times.items():
        print(f"{name:30}{seconds:9.2f}{seconds / base:11.2f}")
    print("\nours, by rule:")
    for rule, counts in report.by("rule").items():
        print(
            f"  {rule:24}" + "  ".join(f"{verdict} {number:,}" for verdict, number in sorted(counts.items()) if number)
        )
    print("plain Polars: " + ", ".join(f"{name} {int(hand[name].sum()):,}" for name in hand.columns[1:]))
    print("  it cannot say what is still open and in time (pending), what cannot be told (unknown), or that a last day")
    print("  rolls; a fine never sent nor paid is null there, and late here once its day is over")
    if other is None:
        print("pm4py: not installed")
    else:
        print("pm4py: " + ", ".join(f"{name} {number:,} late" for name, number in other.items()))
        print("  it filters directly following steps by the time between them: no calendar, no open cases, no findings")
    return 0


if __name__ == "__main__":
    sys.exit(main())
