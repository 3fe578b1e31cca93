"""Readings of all banks of a period, counted in columns: what `counting.observe` says, as frames."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import attrs

from windowservice.domain.parties import Bank, Banks
from windowservice.domain.scorecard.readings import FaultParty, Reading
from windowservice.domain.scorecard.readings_period import ReportingPeriod, to_period
from windowservice.domain.scorecard.scorecard import Scorecard
from windowservice.engine.frames.frames import read_frames
from windowservice.engine.frames.records import refuse_unjudged
from windowservice.errors import UnknownName
from windowservice.instants import as_of_us
from windowservice.rules.indicators import REQUESTS, Indicator
from windowservice.scoring.observing.columns import ColumnRows, ColumnSum, add_up_columns, former_ids, under_present_ids
from windowservice.scoring.observing.observed import Observed, SetAside, certain_from, check_indicators, in_order
from windowservice.scoring.observing.requests import EVENTS, RequestColumns
from windowservice.scoring.observing.sum import OWN, UNKNOWN
from windowservice.scoring.observing.windows import Window, windows_of

if TYPE_CHECKING:
    import polars as pl

    from windowservice.engine.engine import Engine

__all__ = ["ObservedColumns", "observe_columns"]


@attrs.frozen(kw_only=True, eq=False)
class ObservedColumns:
    """What frames say of a period, in frames; as `counting.Observed`.

    Attributes:
        readings: `bank`, `indicator`, `period`, `fault_party`, `numerator`, `denominator`, `provisional` and `items`;
            `score_columns` takes them as they are.
        facts: the figures that vetoes ask for: `bank`, `fact` and `value`.
        set_aside: `bank`, `name`, `period`, `reason` and `number` of what left both sides.
        untold: `bank`, `name`, `period` and the `items` of which something needed is missing.
        tables: the tables that were counted.
    """

    readings: pl.DataFrame
    facts: pl.DataFrame
    set_aside: pl.DataFrame
    untold: pl.DataFrame
    tables: tuple[str, ...]

    def facts_by_bank(self) -> pl.DataFrame:
        """Return the figures that vetoes ask for with a column for each, as `score_columns` takes them."""
        return self.facts.pivot("fact", index="bank", values="value")

    def observed(self) -> Observed:
        """Return the same as values."""
        periods = {text: to_period(text) for frame in self._dated for text in frame["period"].unique().to_list()}
        facts: dict[str, dict[str, int]] = {}
        for bank, fact, value in self.facts.iter_rows():
            facts.setdefault(bank, {})[fact] = value
        return Observed(
            readings=tuple(_reading(row, periods) for row in self.readings.iter_rows(named=True)),
            facts=facts,
            set_aside=tuple(
                SetAside(bank, name, periods[period], reason, number)
                for bank, name, period, reason, number in self.set_aside.iter_rows()
            ),
            untold={
                (bank, name, periods[period]): tuple(items) for bank, name, period, items in self.untold.iter_rows()
            },
            tables=self.tables,
        )

    @property
    def _dated(self) -> tuple[pl.DataFrame, ...]:
        return self.readings, self.set_aside, self.untold


def _reading(row: dict[str, Any], periods: Mapping[str, ReportingPeriod]) -> Reading:
    return Reading(**{**row, "period": periods[row["period"]], "fault_party": cast("FaultParty", row["fault_party"])})


def observe_columns(
    engine: Engine,
    frames: Mapping[str, Any],
    period: ReportingPeriod | str,
    *,
    as_of: datetime | date | str | None = None,
    scorecard: Scorecard | None = None,
    indicators: Iterable[Indicator] | None = None,
    banks: Iterable[Bank] = (),
) -> ObservedColumns:
    """Return the readings of a period that frames tell, counted and added up in columns; arguments as of `observe`.

    Raises:
        UnknownName: for a table that no indicator counts, or an indicator of what the scorecard does not have.
        InvalidValue, MissingColumn: for a frame that cannot be what it has to be.
    """
    wanted = to_period(period)
    card = scorecard if scorecard is not None else engine.standards.scorecard
    counted = engine.standards.indicators_for(card) if indicators is None else tuple(indicators)
    check_indicators(counted, card)
    limit = None if as_of is None else as_of_us(as_of, engine.calendar.zone)
    tables = _tables(engine, frames, counted)
    found = _Found(Banks(banks))
    for indicator in in_order(counted):
        rows = tables.get(indicator.table)
        if rows is not None:
            for window in windows_of(engine, indicator, card, wanted, limit):
                found.take(indicator, window, rows)
    return found.observed(tuple(tables), certain_from(card))


Counted: TypeAlias = ColumnRows | RequestColumns


def _tables(engine: Engine, frames: Mapping[str, Any], indicators: Iterable[Indicator]) -> dict[str, Counted]:
    known = {indicator.table: indicator.of for indicator in indicators}
    beside = (EVENTS,) if REQUESTS in known and REQUESTS in frames else ()
    for name in frames:
        if name not in known and name not in beside:
            raise UnknownName("table", str(name), (*sorted(known), *beside))
    found: dict[str, Counted] = {}
    for name, of in known.items():
        if name not in frames:
            continue
        reader = engine.reader_of(of)
        if name == REQUESTS:
            found[name] = RequestColumns(reader, frames[name], frames.get(EVENTS))
        else:
            found[name] = ColumnRows(reader, refuse_unjudged(read_frames(frames[name], None, of, None)))
    return found


class _Found:
    """What was counted so far."""

    def __init__(self, banks: Banks) -> None:
        self._banks = tuple(banks)
        self._former = former_ids(banks)
        self._largest: set[str] = set()
        self._told: dict[tuple[str, ReportingPeriod], list[pl.DataFrame]] = {}
        self._parts: dict[str, list[pl.DataFrame]] = {"readings": [], "facts": [], "set_aside": [], "untold": []}

    def take(self, indicator: Indicator, window: Window, rows: Counted) -> None:
        """Count one period of an indicator."""
        keys = None
        if window.key_only:
            keys = [bank.id for bank in self._banks if bank.is_key(window.period.last_day)]
            if not keys:
                return
        of_period = rows.rows(indicator, window)
        if of_period is None:
            return
        of_period = self._once(indicator, window, under_present_ids(of_period, self._former))
        added = _kept(add_up_columns(indicator, of_period, window.business_days), keys)
        sides = _shown(indicator, added.sides)
        named = _named(indicator, window)
        self._parts["untold"].append(added.untold.sort("bank").select("bank", *named, "items"))
        aside = added.excluded.sort("bank", "reason")
        self._parts["set_aside"].append(aside.select("bank", *named, "reason", "number"))
        if indicator.fact:
            self._parts["facts"].append(_facts(indicator, sides))
            self._largest |= {indicator.fact} if indicator.combine == "max" else set()
        else:
            self._parts["readings"].append(_readings(indicator, window, sides))

    def _once(self, indicator: Indicator, window: Window, rows: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of a figure without those of a register on a bank's day that another table tells already."""
        import polars as pl

        if not indicator.fact:
            return rows
        told = self._told.setdefault((indicator.fact, window.period), [])
        if indicator.register:
            return rows.join(pl.concat(told), on=["bank", "day"], how="anti") if told else rows
        missed = pl.col("when").fill_null(value=True) & pl.col("numerator").cast(pl.Boolean)
        told.append(rows.filter(missed).select("bank", "day").unique())
        return rows

    def observed(self, tables: tuple[str, ...], certain: Mapping[str, int]) -> ObservedColumns:
        """Return all of it."""
        import polars as pl

        schemas = _schemas()
        frames = {
            name: pl.concat(parts, how="vertical_relaxed") if parts else pl.DataFrame(schema=schemas[name])
            for name, parts in self._parts.items()
        }
        frames["untold"] = (
            frames["untold"].group_by("bank", "name", "period", maintain_order=True).agg(pl.col("items").explode())
        )
        frames["facts"] = _told(frames["facts"], frames["untold"], self._largest, certain)
        return ObservedColumns(**frames, tables=tables)


def _schemas() -> dict[str, dict[str, Any]]:
    import polars as pl

    text, items = pl.String, pl.List(pl.String)
    return {
        "readings": {
            "bank": text, "indicator": text, "period": text, "fault_party": text, "numerator": pl.Int64,
            "denominator": pl.Int64, "provisional": pl.Boolean, "items": items,
        },
        "facts": {"bank": text, "fact": text, "value": pl.Int64},
        "set_aside": {"bank": text, "name": text, "period": text, "reason": text, "number": pl.Int64},
        "untold": {"bank": text, "name": text, "period": text, "items": items},
    }  # fmt: skip


def _kept(added: ColumnSum, keys: list[str] | None) -> ColumnSum:
    """Return what was added up of those banks only; of all, if None."""
    import polars as pl

    if keys is None:
        return added
    ours = pl.col("bank").is_in(keys)
    return ColumnSum(added.sides.filter(ours), added.excluded.filter(ours), added.untold.filter(ours))


def _shown(indicator: Indicator, sides: pl.DataFrame) -> pl.DataFrame:
    """Return the sides that are readings, in order.

    A bank of which all that was missed is known to be the fault of others has an empty side of its own. Of what nobody
    can tell nothing is shown where there is no rate: `untold` speaks of it.
    """
    import polars as pl

    theirs = sides.group_by("bank").agg(~pl.col("party").is_in([OWN, UNKNOWN]).any()).filter("party")
    own = theirs.select(
        "bank", party=pl.lit(OWN), numerator=pl.lit(0, sides.schema["numerator"]),
        denominator=pl.lit(None if indicator.denominator is None else 0, sides.schema["denominator"]),
        missed=pl.lit(pl.Series([[]], dtype=pl.List(pl.String))).first(),
    )  # fmt: skip
    hidden = (pl.col("party") == UNKNOWN) & (pl.col("denominator") == 0).fill_null(value=False)
    return pl.concat([sides, own]).filter(~hidden).sort("bank", "party")


def _named(indicator: Indicator, window: Window) -> list[pl.Expr]:
    import polars as pl

    return [pl.lit(indicator.name).alias("name"), pl.lit(str(window.period)).alias("period")]


def _readings(indicator: Indicator, window: Window, sides: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    return sides.select(
        "bank", pl.lit(indicator.name).alias("indicator"), pl.lit(str(window.period)).alias("period"),
        pl.col("party").alias("fault_party"), "numerator", "denominator",
        pl.lit(window.provisional).alias("provisional"), pl.col("missed").alias("items"),
    )  # fmt: skip


def _facts(indicator: Indicator, sides: pl.DataFrame) -> pl.DataFrame:
    """Return what one table tells of a figure of each bank."""
    import polars as pl

    own = pl.col("numerator").filter(pl.col("party") == OWN).sum()
    value = sides.group_by("bank").agg(value=own)
    return value.select("bank", pl.lit(indicator.fact).alias("fact"), "value")


def _told(facts: pl.DataFrame, untold: pl.DataFrame, largest: set[str], certain: Mapping[str, int]) -> pl.DataFrame:
    """Return the figures, each from all tables that tell it.

    One with a record of which nobody can tell is left out, unless what is certain decides its vetoes.
    """
    import polars as pl

    sums = facts.group_by("bank", "fact", maintain_order=True).agg(
        added=pl.col("value").sum(), largest=pl.col("value").max()
    )
    value = pl.when(pl.col("fact").is_in(sorted(largest))).then("largest").otherwise("added")
    found = sums.select("bank", "fact", value=value)
    doubt = untold.select("bank", fact="name", doubt=pl.lit(value=True)).unique()
    least = pl.col("fact").replace_strict(dict(certain), default=None, return_dtype=pl.Int64)
    decides = pl.col("doubt").is_null() | (pl.col("value") >= least).fill_null(value=False)
    joined = found.join(doubt, on=["bank", "fact"], how="left", maintain_order="left")
    return joined.filter(decides).select("bank", "fact", "value")
