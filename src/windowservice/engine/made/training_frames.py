"""Training needs that frames show, in columns: what `training_records` makes of a ledger, for all banks at once.

The rules on them (`need_shown` in the pack ``training``) say from which figures on training is called for; a need that
fails them is not on the list yet, and so is to be proposed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from windowservice.domain.parties import Bank
from windowservice.domain.periods import span_of
from windowservice.domain.words import OWN_PARTY
from windowservice.engine.frames.frames import is_frame, read_frames, to_polars_frame
from windowservice.engine.frames.records import like, refuse_unjudged
from windowservice.engine.made.training_records import (
    LOOKED_BACK,
    MANY_ERRORS,
    lists_of,
    many_from,
    median_rate_doubled,
)
from windowservice.errors import MissingColumn
from windowservice.facts.accounting.accounting import voucher_count
from windowservice.facts.accounting.exchange import accounting_error
from windowservice.facts.duties.initiative import rule_notice
from windowservice.facts.training.training_need import training_need
from windowservice.instants import as_of_us, local_midnight

if TYPE_CHECKING:
    import polars as pl

    from windowservice.engine.engine import Engine

__all__ = ["need_frame"]


def need_frame(
    engine: Engine,
    *,
    as_of: datetime | date | str,
    errors: Any = None,
    banks: Iterable[Bank] | Any = (),
    rule_notices: Any = None,
    needs: Any = None,
    voucher_counts: Any = None,
) -> pl.DataFrame:
    """Return the table ``needs_shown``: banks and kinds of errors of each quarter that is over, new rules, new banks.

    Args:
        engine: whose calendar gives civil days.
        as_of: the instant judged; a bare date means 24:00 of it. What is later is not seen.
        errors: a frame of accounting errors, columns as of the ledger's table.
        banks: the banks; or a frame of them: `bank`, and the day it `joined`.
        rule_notices: a frame of new rules, as of the ledger's table.
        needs: a frame of the needs that are listed, as of the ledger's table. Without one nothing is listed, and new
            banks show nothing: who joined before the list begins cannot be on it.
        voucher_counts: a frame of vouchers, as of the ledger's table: by their number errors are rates.

    Raises:
        MissingColumn, InvalidValue, NaiveTime, TimeOutOfRange: for a frame that cannot be what it has to be.
    """
    import polars as pl

    us = as_of_us(as_of, engine.calendar.zone)
    listed = (
        None
        if needs is None
        else refuse_unjudged(read_frames(needs, None, training_need, us, zone=engine.calendar.zone)).records
    )
    every = _banks(banks)
    parts = [_none()]
    if errors is not None:
        read = refuse_unjudged(read_frames(errors, None, accounting_error, us, zone=engine.calendar.zone)).records
        parts += _of_errors(engine, read, every["bank"], _vouchers(engine, voucher_counts, us), us)
    rules: list[str] = []
    if rule_notices is not None:
        read = refuse_unjudged(read_frames(rule_notices, None, rule_notice, us, zone=engine.calendar.zone)).records
        rules = read["id"].cast(pl.String).to_list()
        parts.append(
            read.select(
                pl.lit("new_rule").alias("kind"), topic="id", shown_at="published_at", since="published_at",
                in_force="effective_on",
            )
        )  # fmt: skip
    if listed is not None and listed.height:
        parts.append(_of_new_banks(engine, every, listed))
    shown = pl.concat([like(part, parts[0]) for part in parts]).filter(pl.col("shown_at") <= us)
    return _with_list(shown, listed, rules)


def _none() -> pl.DataFrame:
    import polars as pl

    text, number = pl.String, pl.Int64
    return pl.DataFrame(
        schema={
            "kind": text, "bank": text, "topic": text, "shown_at": number, "since": number, "said": text,
            "errors": number, "median_doubled": number, "vouchers": number, "many_from": number,
            "banks": number, "of_banks": number, "in_force": pl.Date,
        }
    )  # fmt: skip


def _banks(banks: Iterable[Bank] | Any) -> pl.DataFrame:
    import polars as pl

    schema = {"bank": pl.String, "joined": pl.Date}
    if not is_frame(banks):
        return pl.DataFrame([(bank.id, bank.joined) for bank in banks], schema=schema, orient="row")
    frame = to_polars_frame(banks, "banks")
    if "bank" not in frame.columns:
        raise MissingColumn("banks", "bank", "naming each", tuple(frame.columns))
    return like(frame, pl.DataFrame(schema=schema))


def _vouchers(engine: Engine, counts: Any, us: int) -> pl.DataFrame:
    """Return the vouchers of each bank in each quarter; null of a bank with a row that does not say how many."""
    import polars as pl

    if counts is None:
        return pl.DataFrame(schema={"quarter": pl.Date, "bank": pl.String, "vouchers": pl.Int64})
    rows = refuse_unjudged(read_frames(counts, None, voucher_count, us, zone=engine.zone)).records
    at = pl.from_epoch(pl.col("counted_at") - 1, "us").dt.replace_time_zone("UTC")
    local = at.dt.convert_time_zone(engine.calendar.timezone)
    dated = rows.select(pl.col("bank").cast(pl.String), "vouchers", quarter=local.dt.truncate("1q").dt.date())
    number = pl.when(pl.col("vouchers").null_count() == 0).then(pl.col("vouchers").sum())
    return dated.group_by("quarter", "bank").agg(vouchers=number)


def _of_errors(
    engine: Engine, errors: pl.DataFrame, every: pl.Series, vouchers: pl.DataFrame, us: int
) -> list[pl.DataFrame]:
    """Return, for each quarter that is over, every bank with errors, and every kind of error with its banks."""
    import polars as pl

    zone = engine.calendar.zone
    local = pl.from_epoch("booked_at", "us").dt.replace_time_zone("UTC").dt.convert_time_zone(engine.calendar.timezone)
    dated = errors.select(
        pl.col("bank", "kind").cast(pl.String), "items", "fault_party", quarter=local.dt.truncate("1q")
    )
    dated = dated.with_columns(pl.col("quarter").dt.date())
    found = []
    for (first,), rows in dated.group_by("quarter"):
        quarter = span_of("quarter", first)
        end = local_midnight(quarter.last + timedelta(days=1), zone)
        if end <= us:
            at = {"shown_at": pl.lit(end), "since": pl.lit(end)}
            own = _own_errors(rows)
            bank = own.select("bank", "errors", said=pl.format("{} / {}", pl.lit(quarter.name), "bank"), **at)
            typical = pl.lit(_median_doubled(own, every), pl.Int64)
            volumes = vouchers.filter(pl.col("quarter") == first).select("bank", "vouchers")
            bank = _with_many_from(bank.join(volumes, on="bank", how="left"), own, volumes, every)
            found.append(bank.with_columns(kind=pl.lit(MANY_ERRORS), median_doubled=typical))
            kinds = rows.group_by("kind").agg(banks=pl.col("bank").n_unique()).rename({"kind": "topic"})
            said = pl.format("{} / {}", pl.lit(quarter.name), "topic")
            of_banks = pl.lit(len(every) or None, pl.Int64)
            found.append(kinds.with_columns(kind=pl.lit("common_problem"), of_banks=of_banks, said=said, **at))
    return found


def _own_errors(rows: pl.DataFrame) -> pl.DataFrame:
    """Return how many errors each bank made by its own fault."""
    import polars as pl

    ours = pl.col("fault_party").cast(pl.String).fill_null(OWN_PARTY) == OWN_PARTY
    return rows.filter(ours).group_by("bank").agg(errors=pl.col("items").fill_null(1).sum())


def _median_doubled(own: pl.DataFrame, every: pl.Series) -> int | None:
    """Return twice the median of all banks' errors, those without any included."""
    import polars as pl

    if not len(every):
        return None
    numbers = pl.DataFrame({"bank": every}).join(own, on="bank", how="left")["errors"].fill_null(0).sort()
    return int(numbers[(len(numbers) - 1) // 2] + numbers[len(numbers) // 2])


def _with_many_from(bank: pl.DataFrame, own: pl.DataFrame, volumes: pl.DataFrame, every: pl.Series) -> pl.DataFrame:
    """Return the banks with from how many errors on each has twice the median rate of all."""
    import polars as pl

    doubled = median_rate_doubled(dict(own.select("bank", "errors").rows()), dict(volumes.rows()), every.to_list())
    found = [many_from(number, doubled) for number in bank["vouchers"]]
    return bank.with_columns(pl.Series("many_from", found, dtype=pl.Int64))


def _of_new_banks(engine: Engine, every: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    first = int(listed["arisen_at"].min())  # type: ignore[arg-type]
    days = every["joined"].drop_nulls().unique()
    at = pl.DataFrame(
        {"joined": days, "shown_at": [local_midnight(day, engine.calendar.zone) for day in days]},
        schema={"joined": pl.Date, "shown_at": pl.Int64},
    )
    known = every.join(at, on="joined").filter(pl.col("shown_at") >= first - LOOKED_BACK // timedelta(microseconds=1))
    return known.select(pl.lit("new_bank").alias("kind"), "bank", "shown_at", since=pl.lit(first))


def _with_list(shown: pl.DataFrame, needs: pl.DataFrame | None, rules: list[str]) -> pl.DataFrame:
    """Return the needs with their ids, and the number of the first listed need that answers each."""
    import polars as pl

    shown = shown.with_columns(about=pl.when(pl.col("bank").is_not_null()).then("bank").otherwise("topic"))
    listed, may_be = pl.lit(None, pl.String), pl.lit(None, pl.Boolean)
    if needs is not None:
        texts = pl.col("id", "kind", "bank", "topic").cast(pl.String)
        lists = lists_of(needs.select(texts, pl.col("effective_on").cast(pl.Date), "arisen_at").rows(named=True), rules)
        asked = shown.select("kind", "since", "about", "in_force").iter_rows()
        found = [lists[kind].listed(*one) for kind, *one in asked]
        listed = pl.lit(pl.Series([one["listed_as"] for one in found], dtype=pl.String))
        may_be = pl.lit(pl.Series([one.get("may_be_listed") for one in found], dtype=pl.Boolean))
    return shown.select(
        pl.format("{} / {}", "kind", pl.coalesce("said", "about")).alias("id"), "kind", "bank", "topic",
        pl.from_epoch("shown_at", "us").dt.replace_time_zone("UTC"), listed.alias("listed_as"),
        may_be.alias("may_be_listed"), "errors", "median_doubled", "vouchers", "many_from", "banks", "of_banks",
    )  # fmt: skip
