"""Rows of frames as those of a ledger are taken in: under the present ids of banks, and without counts below zero."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from windowservice.domain.parties import Bank, Banks
from windowservice.errors import InvalidValue
from windowservice.ledger.tables import BUILT_IN
from windowservice.scoring.observing.columns import former_ids, under_present_ids

if TYPE_CHECKING:
    import polars as pl

__all__ = ["by_present_ids_frame", "refuse_negative_counts"]


def by_present_ids_frame(rows: pl.DataFrame, at: pl.Series, banks: Iterable[Bank], timezone: str) -> pl.DataFrame:
    """Return rows that name each bank by its present id; a bank that is not listed keeps the id given.

    What `action_records.by_present_ids` does with a ledger.

    Args:
        rows: rows with a column `bank`.
        at: when each id was used, in microseconds UTC; null where that is not known.
        banks: the banks with the ids that they had.
        timezone: the zone of the days until which ids were used.
    """
    import polars as pl

    former = former_ids(Banks(banks))
    if former is None or "bank" not in rows.columns:
        return rows
    at_local = pl.lit(at).cast(pl.Datetime("us")).dt.replace_time_zone("UTC").dt.convert_time_zone(timezone)
    day = at_local.dt.date().cast(pl.Int64) + date(1970, 1, 1).toordinal()
    found = under_present_ids(rows.select(pl.col("bank").cast(pl.String), day=day), former)
    return rows.with_columns(found["bank"])


def refuse_negative_counts(rows: pl.DataFrame, table: str) -> None:
    """Refuse a count below zero, as a ledger does.

    Raises:
        InvalidValue: naming the column and the row.
    """
    for name in BUILT_IN.named(table).counted:
        if name in rows.columns and rows[name].dtype.is_numeric():
            below = (rows[name] < 0).fill_null(value=False).arg_true()
            if len(below):
                raise InvalidValue(f"{table}.{name}, row {below[0] + 1}", rows[name][below[0]], "0 or more")
