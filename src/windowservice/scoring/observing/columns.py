"""Indicators in columns: the rows behind readings, and their sums by bank and fault party, a column at a time.

The numbers are those of `sum.add_up`, to the last item. Sums that 64 bits might not hold are added in 128.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import attrs

from windowservice.domain.parties import Banks
from windowservice.engine.frames.frames import Frames
from windowservice.engine.frames.seen import happened, there
from windowservice.engine.running import Runner
from windowservice.instants import LATEST, MINUTE
from windowservice.language.tree.expressions import Expr
from windowservice.language.tree.values import ValueType
from windowservice.rules.indicators import Indicator
from windowservice.scoring.observing.sum import OWN, UNKNOWN
from windowservice.scoring.observing.windows import Window

if TYPE_CHECKING:
    import polars as pl

    from windowservice.language.polars.compile import RecordColumns

__all__ = ["PARTS", "ColumnRows", "ColumnSum", "add_up_columns", "column_of", "former_ids", "under_present_ids"]

V = ValueType
PARTS: Final = ("when", "excluded", "numerator", "denominator", "fault_party", "group")
"""The parts of an indicator, in the order of `Indicator.parts`."""
_SURELY_HELD: Final = 2.0**62
"""Sums of whole numbers, none below 0, that come to less than this as floats are held by 64 bits."""


class ColumnRows:
    """Records of a frame, looked at in columns.

    Args:
        runner: calendars and figures for their vocabulary.
        frames: the frame, as it was taken in.
    """

    def __init__(self, runner: Runner, frames: Frames) -> None:
        self._runner = runner
        self._frames = frames
        self._at_first = self._run(frames.records, LATEST)
        self._days: dict[Indicator, tuple[pl.Series, pl.Series]] = {}

    def _run(self, records: pl.DataFrame, us: int) -> RecordColumns:
        from windowservice.language.polars.compile import RecordColumns

        return RecordColumns(records, None, us, self._runner.calls(), printed=self._frames.is_large)

    def rows(self, indicator: Indicator, window: Window) -> pl.DataFrame | None:
        """Return the records whose day lies in the window, seen as of its instant; None if there are none.

        Columns: `id`, `bank` as the record names it, `day` (ordinal) and the parts of the indicator: `when`,
        `excluded`, `numerator`, `denominator`, `fault_party`, `group`; null where it cannot be told, spans in
        microseconds.
        """
        import polars as pl

        day, on = self._dated(indicator)
        of, zone = self._runner.vocabulary, self._runner.binding.calendar.zone
        chosen = (day.is_between(window.first, window.last) & (on <= window.cut)).fill_null(value=False)
        chosen &= there(self._frames.records, of, window.cut, zone)
        if not chosen.any():
            return None
        run = self._run(happened(self._frames.records.filter(chosen), of, window.cut, zone), window.cut)
        parts = {name: column_of(run, expr) for name, expr in zip(PARTS, indicator.parts, strict=True)}
        if indicator.when is None:
            parts["when"] = pl.Series([True]).new_from_index(0, run.height)
        keys = [run.frame[name].cast(pl.String).alias(name) for name in ("id", "bank")]
        named = [series.alias(name) for name, series in parts.items()]
        told = pl.DataFrame([*keys, day.filter(chosen).alias("day"), *named])
        return told.filter(told["when"].fill_null(value=True))  # what nobody can tell may belong

    def _dated(self, indicator: Indicator) -> tuple[pl.Series, pl.Series]:
        """Return the day and the instant that decide the period of each record; null for what does not belong."""
        from windowservice.language.tree.kernels import DATE

        if indicator not in self._days:
            run = self._at_first
            day, on = run.series(DATE(indicator.on)), run.series(indicator.on)
            if indicator.when is not None and indicator.stays:
                on = on.set(~column_of(run, indicator.when).fill_null(value=True), None)
            self._days[indicator] = day, on
        return self._days[indicator]


def column_of(run: RecordColumns, expr: Expr[Any] | None) -> pl.Series:
    """Return the values of an expression, one for each record."""
    import polars as pl

    if expr is None:
        return pl.Series([None]).new_from_index(0, run.height)
    if expr.type is V.BOOL:
        truth = run.truth(expr).value  # first: it may put columns into the frame
        series = run.frame.select(truth.alias("truth")).to_series()
    else:
        series = run.series(expr)
    if len(series) != run.height:
        series = series.new_from_index(0, run.height)
    return series.cast(pl.String) if expr.type is V.TEXT else series


def former_ids(banks: Banks) -> pl.DataFrame | None:
    """Return the former ids of banks: `bank`, `present`, `until` (ordinal; null if for ever); None if there are none.

    Another bank may have an id again that was a former one of somebody else: it then stands for that one to a day.
    """
    import polars as pl

    present = {bank.id for bank in banks}
    rows = [
        (former.id, bank.id, former.until.toordinal() if former.id in present else None)
        for bank in banks
        for former in bank.former_ids
    ]
    schema = {"bank": pl.String, "present": pl.String, "until": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row") if rows else None


@attrs.frozen(eq=False)
class ColumnSum:
    """An indicator added up, in frames; as `sum.Sum`.

    Attributes:
        sides: `bank`, `party`, `numerator`, `denominator`, and the keys of what was `missed`.
        excluded: `bank`, `reason` and `number` of the records that left both sides.
        untold: `bank` and the `items` of which something needed is missing.
    """

    sides: pl.DataFrame
    excluded: pl.DataFrame
    untold: pl.DataFrame


def add_up_columns(indicator: Indicator, rows: pl.DataFrame, business_days: Sequence[int] = ()) -> ColumnSum:
    """Return the rows of an indicator added up.

    Args:
        indicator: what is counted.
        rows: the records of the period, as `ColumnRows.rows` gives them, under present ids of banks.
        business_days: the days out of which those of a bank are counted, whether they have a record or not.
    """
    import polars as pl

    leaves = rows["excluded"].is_not_null()
    excluded = rows.filter(leaves).group_by("bank", pl.col("excluded").alias("reason"))
    kept = rows.filter(~leaves).with_columns(untold=_is_untold(indicator, rows.schema))
    untold = kept.filter("untold").group_by("bank", maintain_order=True).agg(items="id")
    items, missed = _days(indicator, kept) if indicator.each == "day" else _items(indicator, kept)
    if business_days:
        items = pl.concat([items, _silent(rows, kept, items, business_days)])
    sides = _sides(indicator, items, missed)
    return ColumnSum(sides, excluded.agg(number=pl.len().cast(pl.Int64)), untold)


def _silent(rows: pl.DataFrame, kept: pl.DataFrame, items: pl.DataFrame, business_days: Sequence[int]) -> pl.DataFrame:
    """Return the business days of which a bank has no record, as days on which nothing was missed."""
    import polars as pl

    every = pl.DataFrame({"day": business_days}, schema={"day": rows.schema["day"]})
    days = kept.select("bank").unique(maintain_order=True).join(every, how="cross")
    said = {"party": OWN, "numerator": 0, "denominator": 1}
    return days.join(rows, on=["bank", "day"], how="anti").select(
        pl.lit(said[name], kind).alias(name)
        if name in said
        else (pl.col(name) if name == "bank" else pl.lit(None, kind).alias(name))
        for name, kind in items.schema.items()
    )


def under_present_ids(rows: pl.DataFrame, former: pl.DataFrame | None) -> pl.DataFrame:
    """Return the records under present ids of banks; `former` as `former_ids` gives it."""
    import polars as pl

    if former is None:
        return rows
    then = pl.col("until").is_null() | (pl.col("day") <= pl.col("until"))
    bank = pl.when(then).then(pl.coalesce("present", "bank")).otherwise("bank")
    joined = rows.join(former, on="bank", how="left", maintain_order="left")
    return joined.with_columns(bank=bank).select(rows.columns)


def _is_untold(indicator: Indicator, schema: Any) -> pl.Expr:
    """Return where a part that is needed is missing, or contradicts the other."""
    import polars as pl

    number = pl.col("numerator")
    if schema["numerator"] != pl.Decimal:
        number = number.cast(pl.Int64)
    told = pl.col("when").is_not_null() & (number >= 0)
    if indicator.denominator is not None:
        told &= pl.col("denominator") >= number
    return ~told.fill_null(value=False)


def _party(indicator: Indicator) -> pl.Expr:
    """Return whose fault it is if one was missed."""
    import polars as pl

    if indicator.fault_party is None:
        return pl.lit(OWN)
    party = pl.col("fault_party")
    return pl.when(party != "").then(party).otherwise(pl.lit(UNKNOWN))


def _items(indicator: Indicator, kept: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return each record under the party whose it is, and those in which something was missed."""
    import polars as pl

    untold, number = pl.col("untold"), pl.when(~pl.col("untold")).then(pl.col("numerator").cast(pl.Int64)).otherwise(0)
    total = pl.lit(0, pl.Int64) if indicator.denominator is None else pl.col("denominator").cast(pl.Int64).fill_null(0)
    is_missed = (number > 0) if indicator.numerator_is == "missed" else (number < total)
    missed = ~untold & is_missed
    party = pl.when(untold).then(pl.lit(UNKNOWN)).when(missed).then(_party(indicator)).otherwise(pl.lit(OWN))
    items = kept.select("bank", "group", "id", party=party, numerator=number, denominator=total, missed=missed)
    return items, items.filter("missed")


def _days(indicator: Indicator, kept: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return each day under the party whose it is, and the records missed by it.

    A day is missed if one of its records is, by the bank's own fault before that of others.
    """
    import polars as pl

    missed = ~pl.col("untold") & pl.col("numerator").cast(pl.Boolean)
    ordered = kept.sort("bank", "day", "id").select(
        "bank", "id", "untold", missed=missed, whose=_party(indicator), place=pl.struct("bank", "day").rle_id()
    )
    whose = pl.col("whose").filter("missed")
    days = ordered.group_by("place", maintain_order=True).agg(
        pl.col("bank").first(), pl.col("missed").any(), pl.col("untold").any(), own=(whose == OWN).any(),
        first=whose.first(),
    )  # fmt: skip
    party = (
        pl.when("own").then(pl.lit(OWN)).when("missed").then("first")
        .when("untold").then(pl.lit(UNKNOWN)).otherwise(pl.lit(OWN))
    )  # fmt: skip
    days = days.with_columns(
        party=party, group=pl.lit(None, pl.String), numerator=pl.col("missed").cast(pl.Int64), denominator=pl.lit(1)
    )
    of_day = days["party"].gather(ordered["place"])
    found = ordered.with_columns(party=of_day, group=pl.lit(None, pl.String))
    return days, found.filter(pl.col("missed") & (pl.col("whose") == pl.col("party")))


def _sides(indicator: Indicator, items: pl.DataFrame, missed: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    by = ["bank", "party"] if indicator.worst_of is None else ["bank", "party", "group"]
    numerator = pl.col("numerator").max() if indicator.combine == "max" else pl.col("numerator").sum()
    sums = _wide(items).group_by(by, maintain_order=True).agg(numerator, pl.col("denominator").sum())
    keys = missed.group_by(by, maintain_order=True).agg(missed="id")
    sides = sums.join(keys, on=by, how="left", nulls_equal=True, maintain_order="left")
    none = pl.lit(pl.Series([[]], dtype=pl.List(pl.String))).first()
    sides = sides.with_columns(pl.col("missed").fill_null(none))
    if indicator.numerator.type is V.SPAN:
        sides = sides.with_columns((pl.col("numerator") + (MINUTE - 1)) // MINUTE)  # a minute begun counts
    if indicator.denominator is None:
        sides = sides.with_columns(denominator=pl.lit(None, pl.Int64))
    if indicator.worst_of is not None:
        worst = pl.col("numerator") == pl.col("numerator").max().over("bank", "party")
        sides = sides.filter(worst).unique(["bank", "party"], keep="first", maintain_order=True)
    return sides.select("bank", "party", "numerator", "denominator", "missed")


def _wide(items: pl.DataFrame) -> pl.DataFrame:
    """Return the items with numbers of 128 bits, if a sum of them might need those."""
    import polars as pl

    names = ("numerator", "denominator")
    together = items.select(pl.col(names).cast(pl.Float64).sum()).row(0)
    if max(together) < _SURELY_HELD:
        return items
    return items.with_columns(pl.col(names).cast(pl.Int128))
