"""One happening that two tables tell counts once: it has a key, and one table is the place for it.

``occurrences`` holds what no other table holds. A row there whose bank, civil day and kind (and system, or what it is
about, if it says so) another table tells of as well is the same happening: the other table says whose fault it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, Final

from windowservice.domain.records import Record
from windowservice.instants import datetime_us, from_us

if TYPE_CHECKING:
    import polars as pl

__all__ = ["DETAIL", "PLACES", "once", "once_frame"]

PLACES: Final[Mapping[str, str]] = {
    "queued_at_close": "positions",
    "window_opened": "positions",
    "urge_missed": "positions",
    "outage": "incidents",
    "own_failure": "incidents",
    "filing_missed": "filings",
    "action_overdue": "actions",
    "rectification_failed": "actions",
}
"""The table that is the place for each kind of occurrence which another table than ``occurrences`` tells."""
DETAIL: Final[Mapping[str, str]] = {
    "outage": "system", "own_failure": "system", "filing_missed": "about", "action_overdue": "about",
    "rectification_failed": "about",
}  # fmt: skip
"""What beside bank and day tells two happenings of a kind apart."""
DAILY: Final = ("queued_at_close", "window_opened")
"""The kinds that happen to a bank once a day at most, however many checkpoints tell of them."""

Key = tuple[str, Any, str, Any]


def once(given: Iterable[Record], made: Iterable[tuple[bool, Record]], zone: tzinfo) -> list[Record]:
    """Return what happened, each happening once.

    Args:
        given: the rows of ``occurrences``.
        made: what the other tables tell, each with whether it is held against the bank; what is not is the fault of
            others, and is told all the same.
        zone: the zone of civil days.
    """

    def key(row: Mapping[str, Any]) -> Key:
        day = from_us(datetime_us(row["happened_at"]), zone).date()
        return row["bank"], day, row["kind"], row.get(DETAIL.get(row["kind"], ""))

    rows = list(given)
    entered: dict[Key, Record] = {}
    for row in sorted(rows, key=lambda row: (datetime_us(row["happened_at"]), row["id"])):
        if row["kind"] in PLACES:
            entered.setdefault(key(row), row)
    told, days, kept = set[Key](), set[Key](), list[Record]()
    for held, row in sorted(made, key=lambda pair: (bool(pair[1].get("doubtful")), not pair[0], pair[1]["id"])):
        one = key(row)
        any_detail = (*one[:3], None)
        if row.get("doubtful"):
            if one in entered or any_detail in entered or (row["kind"] in DAILY and one in told):
                continue  # somebody does say whether it happened
        elif one not in told:
            told |= {one, any_detail}
            row = _filled(row, entered.get(one) or entered.get(any_detail))  # noqa: PLW2901
        if held and not (row["kind"] in DAILY and one in days):
            days.add(one)
            kept.append(row)
    return [row for row in rows if row["kind"] not in PLACES or key(row) not in told] + kept


def _filled(row: Record, other: Record | None) -> Record:
    """Return the row with what only the row entered by hand says."""
    if other is None:
        return row
    more = {
        name: value
        for name, value in other.items()
        if name not in ("doubtful", "extra") and value is not None and row.get(name) is None
    }
    return Record(row.table, {**row, **more}, row.place) if more else row


def once_frame(given: pl.DataFrame, made: pl.DataFrame, timezone: str) -> pl.DataFrame:
    """Return what `once` returns, of frames: instants in microseconds, and of `made` whether it is `held`."""
    import polars as pl

    given, made = (frame.with_columns(_key(timezone)) for frame in (given, made))
    doubt = pl.col("doubtful").fill_null(value=False)
    made = made.sort(doubt, ~pl.col("held"), "id", maintain_order=True).with_row_index("place")
    rows = given.filter(pl.col("kind").is_in(list(PLACES))).sort("happened_at", "id", maintain_order=True)
    entered = rows.unique(_KEY, keep="first", maintain_order=True)
    bare = entered.filter(pl.col("detail").is_null())
    certain = made.filter(~doubt)
    told = certain.unique(_KEY, keep="first", maintain_order=True)
    exact = told.join(entered, on=_KEY, how="semi", nulls_equal=True)
    others = told.join(entered, on=_KEY, how="anti", nulls_equal=True)
    more = certain.join(told.select("place"), on="place", how="anti")
    unsaid = made.filter(doubt)
    for known, by in ((entered, _KEY), (bare, _KEY[:3]), (told.filter(pl.col("kind").is_in(DAILY)), _KEY)):
        unsaid = unsaid.join(known, on=by, how="anti", nulls_equal=True)
    parts = [_filled_frame(exact, entered, _KEY), _filled_frame(others, bare, _KEY[:3]), more, unsaid]
    held = pl.concat([part.select(made.columns) for part in parts]).filter("held").sort("place")
    of_day = held["kind"].is_in(DAILY) & ~held.select(pl.struct(_KEY).is_first_distinct()).to_series()
    again = given.join(told, on=_KEY, how="semi", nulls_equal=True)
    again = pl.concat([again, given.filter(pl.col("detail").is_null()).join(told, on=_KEY[:3], how="semi")])
    ours = ~pl.col("kind").is_in(list(PLACES)) | ~pl.col("row").is_in(again["row"].implode())
    columns = [name for name in given.columns if name not in ("day", "detail", "row")]
    return pl.concat([given.filter(ours).select(columns), held.filter(~of_day).select(columns)])


_KEY: Final = ["bank", "day", "kind", "detail"]


def _key(timezone: str) -> list[pl.Expr]:
    import polars as pl

    at = pl.from_epoch("happened_at", "us").dt.replace_time_zone("UTC").dt.convert_time_zone(timezone)
    detail = pl.coalesce(
        pl.when(pl.col("kind") == kind).then(pl.col(column).cast(pl.String)) for kind, column in DETAIL.items()
    )
    return [at.dt.date().alias("day"), detail.alias("detail"), pl.int_range(pl.len()).alias("row")]


def _filled_frame(rows: pl.DataFrame, other: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Return the rows with what only those entered by hand say."""
    import polars as pl

    names = [name for name in other.columns if name not in (*_KEY, "row", "id", "happened_at", "doubtful")]
    found = rows.join(
        other.select(*by, *names), on=by, how="left", suffix=" entered", nulls_equal=True, maintain_order="left"
    )
    return found.with_columns(pl.coalesce(name, f"{name} entered") for name in names)
