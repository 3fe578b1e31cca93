"""A million messages counted into readings, in columns, beside a query written by hand; as objects beside columns.

``python tests/benchmarks/bench_observe.py [messages]``. The hand-written query counts seven indicators on messages of
one month for one scorecard: it is given the limits as a table by kind and day, takes the rows on trust, and knows no
former ids, no weeks of key institutions, no day of a system that turns, and not why something cannot be told. Its
readings are held against the library's. Timed in turn in one run, best of several rounds: trust the ratios.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2] / "src"), str(Path(__file__).parent)]

import numpy as np
import polars as pl
from bench_scoring import best_of

import windowservice as ws
from windowservice.domain.records import Record
from windowservice.ledger.ledger import Ledger
from windowservice.ledger.reading.load_report import LoadReport
from windowservice.scoring.observing.frames import observe_columns

MESSAGES = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
BANKS, ROUNDS = 5_000, 5
AS_OBJECTS = 20_000
MONTH = "2018-05"
BEGIN, END = datetime(2018, 4, 30, 16, 0, tzinfo=UTC), datetime(2018, 5, 31, 16, 0, tzinfo=UTC)
ZONE = "Asia/Shanghai"
KINDS = ("inquiry", "own_inquiry", "return_request", "stop_request", "debit_item")
SYSTEMS = ("HVPS", "BEPS")
ENGINE = ws.Engine.load(installed=False)


def messages(number: int) -> pl.DataFrame:
    """Return seeded messages around May 2018, one in thirty late or unanswered, one in fifty left out of both sides."""
    rng = np.random.default_rng(2018)
    begin = int(datetime(2018, 4, 24, tzinfo=UTC).timestamp())
    received = begin + rng.integers(0, 40 * 86_400, number)
    late = rng.random(number) < 0.03
    took = np.where(late, rng.integers(86_400, 9 * 86_400, number), rng.integers(60, 14_400, number))
    instant = pl.Datetime("us", "UTC")
    frame = pl.DataFrame(
        {
            "id": [f"M{place}" for place in range(number)],
            "bank": pl.Series([f"{100_000_000_000 + n}" for n in range(BANKS)]).gather(rng.integers(0, BANKS, number)),
            "kind": pl.Series(KINDS).gather(rng.integers(0, len(KINDS), number)),
            "system": pl.Series(SYSTEMS).gather(rng.integers(0, 2, number)),
            "received_at": pl.Series(received * 1_000_000).cast(instant),
            "answered_at": pl.Series((received + took) * 1_000_000).cast(instant),
            "empty": rng.random(number) < 0.01,
            "excluded": pl.Series(["duplicate", "test", None]).gather(rng.choice(3, number, p=[0.01, 0.01, 0.98])),
            "fault_party": pl.Series(["telecom", "window", None]).gather(rng.choice(3, number, p=[0.01, 0.01, 0.98])),
        }
    )
    return frame.with_columns(due_day=pl.col("received_at").dt.convert_time_zone(ZONE).dt.date())


def limits() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the limits of replies by day of receipt, and of receipts by system and day: tables beside the query."""
    days = [date(2018, 4, 20) + timedelta(days=n) for n in range(60)]
    noon = timedelta(hours=4)  # 12:00 in China, by UTC
    window = ENGINE.calendar
    replies = [(day, datetime.combine(window.add_workdays(day, 1), datetime.min.time(), UTC) + noon) for day in days]
    receipts = []
    for system in SYSTEMS:
        table = ENGINE.calendars[system].table
        for day in days:
            close = table.last_close_of(table.nth_workday(table.workdays_before(day.toordinal())))
            receipts.append((system, day, datetime.fromtimestamp(close / 1_000_000, UTC)))
    instant = pl.Datetime("us", "UTC")
    return (
        pl.DataFrame(replies, schema={"day": pl.Date, "reply_due": instant}, orient="row"),
        pl.DataFrame(receipts, schema={"system": pl.String, "due_day": pl.Date, "receipt_due": instant}, orient="row"),
    )


def hand_written(frame: pl.DataFrame, replies: pl.DataFrame, receipts: pl.DataFrame) -> pl.DataFrame:
    """Return the readings by a query that somebody writes for these seven indicators."""
    answered = pl.when(pl.col("answered_at") < END).then("answered_at")
    rows = (
        frame.lazy()
        .filter(pl.col("excluded").is_null())
        .with_columns(day=pl.col("received_at").dt.convert_time_zone(ZONE).dt.date(), answered_at=answered)
        .join(replies.lazy(), on="day", how="left")
        .join(receipts.lazy(), on=["system", "due_day"], how="left")
        .with_columns(due=pl.when(pl.col("kind") == "debit_item").then("receipt_due").otherwise("reply_due"))
    )
    due = rows.filter(pl.col("due").is_between(BEGIN, END, closed="left"))
    in_time = (pl.col("answered_at") <= pl.col("due")).fill_null(value=False)
    is_answered = pl.col("answered_at").is_not_null()
    sent = rows.filter(pl.col("answered_at").is_between(BEGIN, END, closed="left"))
    asked = {
        "C1": (due, ["inquiry"], in_time), "C2": (sent, ["inquiry"], ~pl.col("empty")),
        "C3": (due, ["own_inquiry"], in_time), "C4": (due, ["return_request"], is_answered),
        "C5": (due, ["stop_request"], is_answered), "C6": (due, ["return_request", "stop_request"], in_time),
        "C7": (due, ["debit_item"], in_time),
    }  # fmt: skip
    parts = []
    for indicator, (of, kinds, kept) in asked.items():
        fault = pl.lit("institution") if indicator == "C2" else pl.col("fault_party").fill_null("institution")
        own = of.filter(pl.col("kind").is_in(kinds)).with_columns(kept=kept)
        party = pl.when(pl.col("kept")).then(pl.lit("institution")).otherwise(fault)
        good = pl.col("kept").sum() if indicator not in ("C2", "C6") else (~pl.col("kept")).sum()
        missed = pl.col("id").filter(~pl.col("kept"))
        sums = own.group_by("bank", fault_party=party).agg(
            numerator=good.cast(pl.Int64), denominator=pl.len().cast(pl.Int64), items=missed
        )
        parts.append(sums.with_columns(indicator=pl.lit(indicator)))
    return pl.concat(pl.collect_all(parts))


def held_against(ours: pl.DataFrame, theirs: pl.DataFrame) -> int:
    """Return in how many readings the two differ; empty ones of a bank's own are the library's only."""
    keys = ["bank", "indicator", "fault_party"]
    numbers = ["numerator", "denominator"]
    both = ours.filter(pl.col("denominator") > 0).select(*keys, *numbers).join(theirs, on=keys, how="full", suffix="_")
    differ = pl.any_horizontal(~pl.col(name).eq_missing(pl.col(f"{name}_")) for name in numbers)
    return int(both.select(differ.sum()).item())


def as_ledger(frame: pl.DataFrame) -> Ledger:
    """Return the rows as the records of a ledger."""
    rows = tuple(Record("messages", row) for row in frame.iter_rows(named=True))
    return Ledger(banks=(), records={"messages": rows}, report=LoadReport(), zone=ZONE)


def main() -> None:
    frame, (replies, receipts) = messages(MESSAGES), limits()
    tables = {"messages": frame}
    ledger, few = as_ledger(frame.head(AS_OBJECTS)), {"messages": frame.head(AS_OBJECTS)}
    calls: dict[str, Callable[[], object]] = {
        "hand-written": lambda: hand_written(frame, replies, receipts),
        "observe_columns": lambda: observe_columns(ENGINE, tables, MONTH),
        "observe": lambda: ENGINE.observe(tables, MONTH),
    }
    best = best_of(calls, ROUNDS)
    print(f"{MESSAGES:,} messages of {BANKS:,} banks; best of {ROUNDS} rounds\n")
    print(f"{'':28}{'s':>8}{'ratio':>8}")
    for name, seconds in best.items():
        print(f"{name:28}{seconds:8.3f}{seconds / best['hand-written']:8.2f}")
    ours = observe_columns(ENGINE, tables, MONTH).readings
    other = held_against(ours, hand_written(frame, replies, receipts))
    print(f"\nreadings: {ours.height:,}; the hand-written query differs in {other:,}")
    one = best_of(
        {
            "objects": lambda: ENGINE.observe(ledger, MONTH),
            "columns": lambda: ENGINE.observe(few, MONTH),
        },
        ROUNDS,
    )
    print(f"{AS_OBJECTS:,} as objects: {one['objects']:.3f} s, in columns {one['columns']:.3f} s")


if __name__ == "__main__":
    main()
