"""A national month in columns: scores, actions and training of 200,000 banks, beside a query for the scores alone.

``python tests/benchmarks/bench_national_month.py [banks]``. 32 readings each, scored as in `bench_scoring`, whose
hand-written query is the yardstick: it scores only. The bar of 1.5 is on the scores; what else a month asks for is
reported beside, part by part and together: three former months for the breaches of four periods, what happened at the
banks within the year, the ladder with its 36 rows over both, and training from a quarter's accounting errors. All
timed in turn in one run, best of several rounds: trust the ratios.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[2] / "src"), str(Path(__file__).parent)]

import numpy as np
import polars as pl
from bench_scoring import BANKS, CARD, best_of, figures, hand_written, readings

import windowservice as ws
from windowservice.engine.made.training_frames import need_frame
from windowservice.escalation.columns.banks import bank_period_frames, bank_reading_frame
from windowservice.facts.accounting.exchange import ACCOUNTING_ERRORS
from windowservice.facts.escalation.bank_period import OCCURRENCE_KINDS
from windowservice.facts.training.training_record import need_shown
from windowservice.scoring.columns.columns import ColumnScores, score_columns

ROUNDS = 3
PERIOD, FORMER, AS_OF = "2018-12", ("2018-11", "2018-10", "2018-09"), "2018-12-31"
ZONE = "Asia/Shanghai"
BAR = 1.5


def banks_of(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the banks: one in a hundred is key, one in two hundred is new."""
    rng = np.random.default_rng(3)
    banks = frame.select(pl.col("bank").unique(maintain_order=True))
    drawn = rng.random((2, banks.height))
    new = pl.Series(drawn[1] < 0.005)
    return banks.with_columns(key=pl.Series(drawn[0] < 0.01) & ~new, new_bank=new)


def occurrences(banks: pl.DataFrame) -> pl.DataFrame:
    """Return what happened at the banks within a year and a half: three to two banks."""
    rng = np.random.default_rng(4)
    number = banks.height * 3 // 2
    at = pl.Series(rng.integers(0, 540 * 86_400, number)) * 1_000_000
    first = pl.lit(date(2017, 7, 10)).cast(pl.Datetime("us", ZONE))
    kind = pl.Series(rng.choice([*OCCURRENCE_KINDS], number))
    frame = pl.DataFrame(
        {
            "id": pl.Series([f"O{place}" for place in range(number)]),
            "bank": banks["bank"].gather(rng.integers(0, banks.height, number)),
            "kind": kind,
            "at": at,
            "system": pl.Series(rng.choice(["HVPS", "BEPS", "IBPS"], number)),
            "seconds": pl.Series(rng.integers(60, 20_000, number)),
            "affects_others": pl.Series(rng.random(number) < 0.1),
            "major_damage": pl.Series(rng.random(number) < 0.02),
            "in_a_row": pl.Series(rng.integers(1, 3, number)),
            "about": pl.Series(rng.choice(["interview", "onsite_check", "circular"], number)),
        }
    )
    happened = first + pl.col("at").cast(pl.Duration("us"))
    closed = pl.when(pl.col("id").hash(1) % 4 > 0).then(happened + pl.duration(days=20))
    return frame.with_columns(happened_at=happened, closed_at=closed).drop("at")


def actions(banks: pl.DataFrame, happened: pl.DataFrame) -> pl.DataFrame:
    """Return an action for every twentieth thing that happened, half of them open."""
    some = happened.filter(pl.int_range(pl.len()) % 20 == 0)
    released = pl.col("happened_at") + pl.duration(days=40)
    return some.select(
        pl.format("M{}", "id").alias("id"), "bank", pl.lit("circular").alias("action"),
        pl.concat_list("id").alias("cause"), pl.lit([], pl.List(pl.String)).alias("rows"),
        (pl.col("happened_at") + pl.duration(days=2)).alias("proposed_at"),
        pl.when(pl.int_range(pl.len()) % 2 == 0).then(released).alias("released_at"),
    )  # fmt: skip


def errors(banks: pl.DataFrame) -> pl.DataFrame:
    """Return the accounting errors of a quarter: four to five banks."""
    rng = np.random.default_rng(5)
    number = banks.height * 4 // 5
    begin = pl.lit(datetime(2018, 7, 2, 9, 0)).dt.replace_time_zone(ZONE)  # noqa: DTZ001 - the zone follows
    return (
        pl.DataFrame(
            {
                "id": pl.Series([f"E{place}" for place in range(number)]),
                "bank": banks["bank"].gather(rng.integers(0, banks.height, number)),
                "kind": pl.Series(ACCOUNTING_ERRORS).gather(rng.integers(0, len(ACCOUNTING_ERRORS), number)),
                "items": pl.Series(rng.geometric(0.4, number)),
                "fault_party": pl.Series(["institution", "window"]).gather(rng.choice(2, number, p=[0.9, 0.1])),
                "days": rng.integers(0, 88, number),
            }
        )
        .with_columns(booked_at=begin + pl.duration(days="days"))
        .drop("days")
    )


class Month:
    """The frames of a month, and its parts."""

    def __init__(self) -> None:
        self.engine, self.ladder = ws.Engine.load(installed=False), ws.Ladder.default()
        self.readings, self.figures = readings(BANKS), figures()
        self.banks = banks_of(self.readings)
        self.happened = occurrences(self.banks)
        self.actions = actions(self.banks, self.happened)
        self.errors = errors(self.banks)
        self.former = [self._former(period) for period in FORMER]

    def _former(self, period: str) -> ColumnScores:
        moved = pl.when(pl.col("period") == PERIOD).then(pl.lit(period)).otherwise("period")
        return score_columns(CARD, self.readings.with_columns(period=moved), period)

    def scores(self) -> ColumnScores:
        return score_columns(CARD, self.readings, PERIOD)

    def records(self, scores: ColumnScores) -> dict[str, Any]:
        zone = self.engine.calendar.zone
        read = bank_reading_frame(CARD, [scores, *self.former], self.banks, zone=zone)
        periods = bank_period_frames(self.engine, self.banks, self.happened, as_of=AS_OF)
        return {**periods, "bank_readings": read}

    def training(self) -> Any:
        needs = need_frame(self.engine, as_of=AS_OF, errors=self.errors, banks=self.banks)
        return self.engine.audit(needs, as_of=AS_OF, of=need_shown)

    def proposals(self, records: dict[str, Any]) -> Any:
        return ws.escalation.propose(self.ladder, records, as_of=AS_OF, engine=self.engine, actions=self.actions)


def main() -> bool:
    month, made = Month(), dict[str, Any]()

    def step(name: str, call: Callable[[], Any]) -> Callable[[], object]:
        def run() -> None:
            made[name] = None  # what the round before made is given back first
            made[name] = call()

        return run

    best = best_of(
        {
            "hand-written, scores only": lambda: hand_written(month.readings, month.figures),
            "scores": step("scores", month.scores),
            "readings and periods": step("records", lambda: month.records(made["scores"])),
            "actions": step("proposals", lambda: month.proposals(made["records"])),
            "training": step("training", month.training),
        },
        ROUNDS,
    )
    of_query = best.pop("hand-written, scores only")
    print(f"{BANKS:,} banks, {month.readings.height:,} readings, {month.happened.height:,} occurrences", end="; ")
    print(f"best of {ROUNDS} rounds\n\n{'':28}{'s':>8}{'ratio':>8}{'bar':>7}")
    print(f"{'hand-written, scores only':28}{of_query:8.3f}{1:8.2f}")
    for name, seconds in best.items():
        bar = f"{BAR:7.1f}" if name == "scores" else ""
        print(f"{name:28}{seconds:8.3f}{seconds / of_query:8.2f}{bar}")
    print(f"{'all of it':28}{sum(best.values()):8.3f}{sum(best.values()) / of_query:8.2f}")
    found, training = made["proposals"], made["training"]
    print(f"\nrows that match: {found.matches.height:,}, not told: {found.unknown.height:,}, run one by one:", end=" ")
    print(f"{len(found.slow)}; banks with an action proposed: {found.proposals.height:,}")
    print(f"needs shown: {training.intake.records:,}; to be put on the list: {training.counts['fail']:,}")
    return best["scores"] / of_query <= BAR


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
