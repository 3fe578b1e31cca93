"""The records that the escalation ladder judges, as frames: banks within the look-back, and indicators as scored.

What `action_records` makes of a ledger and of scores bank by bank, for all banks at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from windowservice.domain.parties import Bank
from windowservice.domain.scorecard.readings_period import ReportingPeriod, to_period
from windowservice.domain.scorecard.scorecard import Scorecard
from windowservice.engine.frames.columns import convert
from windowservice.engine.frames.frames import is_frame, to_polars_frame
from windowservice.errors import InvalidValue, MissingColumn
from windowservice.escalation.columns.bank_ids import by_present_ids_frame, refuse_negative_counts
from windowservice.escalation.records import first_day
from windowservice.facts.escalation.bank_period import LASTING_KINDS
from windowservice.facts.escalation.bank_reading import bank_reading
from windowservice.instants import as_of_us, from_us, local_midnight, utc_datetime
from windowservice.language.tree.values import ValueType
from windowservice.rules.escalation.ladder import LookBack
from windowservice.scoring.columns.columns import ColumnScores
from windowservice.scoring.columns.indicators import indicator_columns, is_breach

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    from windowservice.engine.engine import Engine

    Array = np.ndarray[Any, Any]

__all__ = ["bank_period_frames", "bank_reading_frame"]

_PERIODS: Final = 4
"""Over how many periods breaches are counted."""


def bank_period_frames(
    engine: Engine,
    banks: Iterable[Bank] | Any,
    occurrences: Any,
    *,
    as_of: datetime | date | str,
    look_back: LookBack | None = None,
    admissions: Mapping[str, bool | None] | None = None,
) -> dict[str, pl.DataFrame]:
    """Return the tables ``bank_periods`` and ``occurrences``: every bank with what happened within the look-back.

    Args:
        engine: whose calendar gives the civil dates.
        banks: the banks, to which what happened under an id that one had is led back; or a frame of them, which has
            present ids only: `bank`, and whether it is `key` or a `new_bank` on the day judged.
        occurrences: a frame of what happened, columns as of the ledger's table; what is later is not seen.
        as_of: the instant judged; a bare date means 24:00 of it.
        look_back: how far back it counts; what is open and lasts counts however old it is.
        admissions: banks whose admission is under way, and whether they passed the test before it (None: not known).

    Raises:
        MissingColumn, InvalidValue, NaiveTime, TimeOutOfRange: for a frame that cannot be what it has to be, or with a
            count below zero.
    """
    import polars as pl

    banks = banks if is_frame(banks) else tuple(banks)
    zone = engine.calendar.zone
    us = as_of_us(as_of, zone)
    last = from_us(us - 1, zone).date()
    begin = local_midnight(first_day(last, look_back or LookBack()), zone)
    pending = admissions or {}
    passed = {bank: said for bank, said in pending.items() if said is not None}
    periods = _banks(banks, last).select(
        pl.concat_str("bank", pl.lit(f" {last.isoformat()}")).alias("id"), "bank",
        pl.lit(utc_datetime(us)).alias("until"), "key", "new_bank",
        pl.col("bank").is_in(list(pending)).alias("admission_pending"),
        pl.col("bank").replace_strict(passed, default=None, return_dtype=pl.Boolean).alias("admission_test_passed"),
    )  # fmt: skip
    happened = to_polars_frame(occurrences, "occurrences")
    refuse_negative_counts(happened, "occurrences")
    if not is_frame(banks) and "happened_at" in happened.columns:
        at = convert(happened["happened_at"], ValueType.INSTANT, "occurrences.happened_at")
        happened = by_present_ids_frame(happened, at, banks, engine.calendar.timezone)
    return {"bank_periods": periods, "occurrences": _within(happened, begin, us)}


def _within(happened: pl.DataFrame, begin: int, us: int) -> pl.DataFrame:
    """Return what happened from an instant until another, and what lasts and is open still."""
    import polars as pl

    for name in ("happened_at", "kind"):
        if name not in happened.columns:
            raise MissingColumn("occurrences", name, "the look-back", tuple(happened.columns))
    at = convert(happened["happened_at"], ValueType.INSTANT, "occurrences.happened_at")
    lasting = happened["kind"].cast(pl.String).is_in(LASTING_KINDS)
    if "closed_at" in happened.columns:
        closed = convert(happened["closed_at"], ValueType.INSTANT, "occurrences.closed_at")
        is_open = closed.is_null() | (closed > us)
        happened = happened.with_columns(pl.when(~pl.lit(is_open)).then("closed_at").alias("closed_at"))
        lasting &= is_open
    counts = (at <= us) & ((at >= begin) | lasting)
    return happened.filter(counts.fill_null(value=True))  # without its time a row is refused when it is read


def _banks(banks: Iterable[Bank] | Any, day: date) -> pl.DataFrame:
    """Return `bank`, `key` and `new_bank` of each bank on a day; null where that is not known."""
    import polars as pl

    schema = {"bank": pl.String, "key": pl.Boolean, "new_bank": pl.Boolean}
    if not is_frame(banks):
        rows = [(bank.id, bank.is_key(day), bank.is_new(day)) for bank in banks]
        return pl.DataFrame(rows, schema=schema, orient="row")
    frame = to_polars_frame(banks, "banks")
    if "bank" not in frame.columns:
        raise MissingColumn("banks", "bank", "naming each", tuple(frame.columns))
    lacking = [pl.lit(None, kind).alias(name) for name, kind in schema.items() if name not in frame.columns]
    found = frame.with_columns(pl.col("bank").cast(pl.String), *lacking).select(*schema)
    if (twice := found["bank"].filter(found["bank"].is_duplicated())).len():
        raise InvalidValue("banks.bank", twice[0], "in one row only")
    return found


def bank_reading_frame(
    scorecard: Scorecard, scores: Iterable[ColumnScores], banks: Iterable[Bank] | Any, *, zone: Any
) -> pl.DataFrame:
    """Return the table ``bank_readings``: a row for every bank and indicator of the last period scored.

    Args:
        scorecard: by what they were scored.
        scores: the scores of all banks in one period each, earlier periods too: those in breach are counted over four.
            A bank of which fewer are given has no such count, which is then unknown.
        banks: the banks; or a frame of them: `bank`, and whether it is `key` or a `new_bank` on the last day. Of one
            that is not there it is unknown.
        zone: the zone in which periods end.
    """
    import polars as pl

    given = {to_period(one.scores["period"][0]): one for one in scores if one.scores.height}
    words = bank_reading.given["severity"].words
    if not given:
        return pl.DataFrame(schema={"id": pl.String, "bank": pl.String})
    period = max(given)
    cells = given[period].cells
    end = utc_datetime(local_midnight(period.last_day + timedelta(days=1), zone))
    severity = pl.col("severity").cast(pl.Enum(sorted(words))).fill_null("none")
    beside = pl.DataFrame({"bank": cells.banks}).join(
        _banks(banks, period.last_day), on="bank", how="left", maintain_order="left"
    )
    width, found = len(scorecard), indicator_columns(scorecard, cells)
    now = found["severity"].is_not_null().to_numpy().reshape(cells.share.shape)
    return (
        found.with_columns(
            pl.lit(str(period)).alias("period"), pl.lit(end).alias("until"),
            pl.when(pl.col("state") != "unknown").then(severity).alias("severity"),
            _breaches(scorecard, given, period, now).alias("breaches_of_four"),
            _ranks(cells.share).alias("rank_from_bottom"),
            *(_repeated(beside[name], width) for name in ("key", "new_bank")),
        )
        .filter((pl.col("state") != "not_applicable") & pl.col("bank").is_not_null())
        .select(
            pl.concat_str("bank", pl.col("indicator").cast(pl.String), "period", separator=" ").alias("id"),
            "bank", "indicator", "period", "until", "severity", "small_sample", "breaches_of_four", "rank_from_bottom",
            "key", "new_bank",
        )
    )  # fmt: skip


def _repeated(series: pl.Series, times: int) -> pl.Series:
    import numpy as np

    return series.gather(np.repeat(np.arange(len(series)), times))


def _breaches(
    scorecard: Scorecard, given: Mapping[ReportingPeriod, ColumnScores], period: ReportingPeriod, now: Array
) -> pl.Series:
    """Return in how many of the last periods each cell was in breach, as it is `now`; null if one is not known."""
    import numpy as np
    import polars as pl

    banks, one = given[period].cells.banks, period
    count, known = np.zeros((len(banks), len(scorecard)), np.int64), np.ones((len(banks), len(scorecard)), np.bool_)
    for _ in range(_PERIODS):
        if one not in given:
            known[:] = False
            break
        cells = given[one].cells
        there = pl.DataFrame({"bank": cells.banks, "place": np.arange(len(cells.banks))})
        joined = pl.DataFrame({"bank": banks}).join(there, on="bank", how="left", maintain_order="left")["place"]
        place = joined.fill_null(0).to_numpy()
        count += (now if one == period else is_breach(scorecard, cells))[place]
        known &= (~np.isnan(cells.share) | cells.inapplicable)[place]
        known &= joined.is_not_null().to_numpy()[:, None]
        one = one.previous
    return pl.Series(count.reshape(-1)).set(pl.Series(~known.reshape(-1)), None)


def _ranks(share: Array) -> pl.Series:
    """Return the place of each bank among all by each indicator, the worst being 1; equal ones share a place.

    Shares are the nearest floats: equal ones are equal, and two others differ as long as fewer than 2**20 items stand
    behind each.
    """
    import numpy as np
    import polars as pl

    found = np.zeros(share.shape, np.int64)
    for place, column in enumerate(share.T):
        found[:, place] = np.searchsorted(np.sort(column[~np.isnan(column)]), column) + 1
    return pl.Series(found.reshape(-1)).set(pl.Series(np.isnan(share).reshape(-1)), None)
