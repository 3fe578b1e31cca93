"""Events of frames of which only the date is known: a column of dates, or rows marked by ``date_only``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, Final

from windowservice.domain.requests.kinds import rank_of
from windowservice.facts.requests.event import event
from windowservice.instants import DAY, utc_datetime
from windowservice.language.polars.children import ROW
from windowservice.language.tree.facts import Facts

if TYPE_CHECKING:
    from datetime import datetime

    import polars as pl

__all__ = ["STANDS", "begun_date", "dated_rows", "midnight_of", "placed_by_date", "with_dates"]

STANDS: Final = "__stands"
"""The column of children by which they are put in order, where only the date of some is known."""
_MARK: Final = event.date_only.name
_AT: Final = event.at.name
_US: Final = event.at.read or _AT


def with_dates(children: pl.DataFrame, child: type[Facts], zone: tzinfo) -> pl.DataFrame:
    """Return events as they came in, with the midnight of each date in the zone where a column holds dates.

    A row marked by ``date_only`` that states an hour is put back to the midnight of its date in the zone of its column.
    """
    import polars as pl

    if child is not event:
        return children
    if _MARK not in children.columns:
        children = children.with_columns(pl.lit(False).alias(_MARK))
    elif children.schema[_MARK] == pl.Boolean:
        children = children.with_columns(pl.col(_MARK).fill_null(False))
    if _AT not in children.columns:
        return children
    dtype = children.schema[_AT]
    if dtype == pl.Date:
        at = pl.col(_AT).cast(pl.Datetime("us")).dt.replace_time_zone(str(zone), ambiguous="earliest")
        return children.with_columns(at, pl.col(_AT).is_not_null().alias(_MARK))
    is_marked = children.schema.get(_MARK) == pl.Boolean and children[_MARK].any()
    if is_marked and isinstance(dtype, pl.Datetime) and dtype.time_zone is not None:
        return children.with_columns(
            pl.when(pl.col(_MARK)).then(pl.col(_AT).dt.truncate("1d")).otherwise(_AT).alias(_AT)
        )
    return children


def begun_date(children: pl.DataFrame) -> pl.DataFrame:
    """Return typed children with each date a microsecond later: at 24:00 of the day before it has not begun."""
    import polars as pl

    if _MARK not in children.columns or not children[_MARK].any():
        return children
    return children.with_columns(pl.col(_US) + pl.col(_MARK).fill_null(False).cast(pl.Int64))


def placed_by_date(children: pl.DataFrame, kinds: Iterable[str] = ()) -> pl.DataFrame:
    """Return typed children with a column `STANDS`, as `Request` places its events; as they are if all have an hour.

    Args:
        children: the events.
        kinds: the names of the kinds that are known, those of plugins knowing their kinds.
    """
    import polars as pl

    if _MARK not in children.columns or not children[_MARK].any():
        return children
    words = children[event.kind.name].cast(pl.String)
    known = {name: name for name in kinds}
    ranks = {word: float(rank_of(known.get(word, word))) for word in words.drop_nulls().unique().to_list()}
    told = children.select(ROW, pl.col(_US), pl.col(_MARK).fill_null(False)).with_row_index("place").with_columns(
        rank=words.replace_strict(list(ranks), list(ranks.values()), default=None, return_dtype=pl.Float64)
    )  # fmt: skip
    dated, timed = told.filter(pl.col(_MARK)), told.filter(~pl.col(_MARK))
    first = (
        dated.join(timed, on=ROW, suffix="_of")
        .filter((pl.col(f"{_US}_of") >= pl.col(_US)) & (pl.col(f"{_US}_of") < pl.col(_US) + DAY))
        .filter(pl.col("rank_of") < pl.col("rank"))
        .group_by("place")
        .agg((2 * pl.col(f"{_US}_of").max() + 1).alias(STANDS))
    )
    stands = told.join(first, on="place", how="left", maintain_order="left")[STANDS].fill_null(2 * children[_US])
    return children.with_columns(stands.alias(STANDS))


def dated_rows(children: pl.DataFrame) -> list[int]:
    """Return the numbers of the records of which some event is known by its date only."""
    import polars as pl

    if _MARK not in children.columns or not children[_MARK].any():
        return []
    return sorted(children.filter(pl.col(_MARK))[ROW].drop_nulls().unique().to_list())


def midnight_of(us: int) -> datetime:
    """Return the instant at which a date begins as midnight of an offset from 12 hours west to 14 hours east."""
    ahead = -us % DAY
    offset = timedelta(microseconds=ahead if ahead <= 14 * DAY // 24 else ahead - DAY)
    return utc_datetime(us).astimezone(timezone(offset))
