"""Scores of all banks of a period at once, in columns: the same numbers as the objects give, to the last digit.

Shares and sums are computed as floats. All of it is adding, multiplying and dividing numbers that are not negative, so
a total is off by less than ``64 * 2**-53`` of itself. A row nearer than a thousand times that to a rounding edge is
summed again in exact fractions. Bands and coverage are compared as whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import ceil, floor, lcm
from typing import TYPE_CHECKING, Any, Final

import attrs

from windowservice.asked import told
from windowservice.domain.scorecard.readings import CompletePeriod
from windowservice.domain.scorecard.readings_period import ReportingPeriod, to_period
from windowservice.domain.scorecard.scorecard import Scorecard
from windowservice.errors import InvalidValue, UnknownName
from windowservice.scoring.columns.cells import Cells, read_cells
from windowservice.scoring.shown import rounded
from windowservice.scoring.sum import capped, sum_up, zeroed_by

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    Array = np.ndarray[Any, Any]

__all__ = ["ColumnScores", "score_columns"]

_NEAR: Final = 64_000 * 2.0**-53
"""How near to a rounding edge, as a share of the total, a row is summed again exactly: a thousand times the error."""


@attrs.frozen(eq=False)
class ColumnScores:
    """The scores of the banks of a period.

    Attributes:
        scores: a row for each bank: `bank`, `period`, `total` (decimal; null if the data are insufficient), `grade`,
            `coverage`, `vetoes` (ids of those that fired, blank between), `unknown_vetoes` (likewise).
        refused: the rows of the readings that were refused: `row` (from 0) and `problem`.
        recomputed: how many rows lay so near to a rounding edge that they were summed again exactly.
        cells: the share of each indicator and bank behind them.
    """

    scores: pl.DataFrame
    refused: pl.DataFrame
    recomputed: int
    cells: Cells


@told
def score_columns(
    scorecard: Scorecard,
    readings: pl.DataFrame,
    period: ReportingPeriod | str,
    *,
    facts: pl.DataFrame | None = None,
    key: bool = False,
    complete: Iterable[CompletePeriod] = (),
    banks: Iterable[str] = (),
) -> ColumnScores:
    """Return the scores of all banks for a day, week or month; `total` and `grade` are those of `scoring.score`.

    Args:
        scorecard: by what they are scored.
        readings: columns `bank`, `indicator`, `period` (text), `numerator`, `denominator` (integers), and where there
            are faults of others or restatements `fault_party`, `id`, `restated_from`. Banks by their present ids.
        period: the period or its text.
        facts: the figures that vetoes ask for: a column `bank` and integer columns by the names of the facts; what is
            missing makes its vetoes unknown.
        key: whether the banks are read as key institutions.
        complete: periods that their sources declare complete for all banks.
        banks: banks that get a row even if they have no reading.

    Raises:
        MissingColumn: if the readings lack a column.
        InvalidValue: if a column is of the wrong type, a bank has figures twice, a period is declared complete for one
            bank only, the period is longer than a month, or the scorecard is not in force on its first day.
        UnknownName: if there is a figure of which the scorecard knows nothing.
    """
    import polars as pl

    period, complete = to_period(period), tuple(complete)
    if period.kind in ("quarter", "year"):
        raise InvalidValue("period", str(period), "a day, week or month; a longer one is the average of its months")
    if not scorecard.in_force(period):
        raise InvalidValue("period", str(period), f"one for which scorecard {scorecard.id} is in force")
    for word in complete:
        scorecard[word.indicator]  # refuses an unknown one
        if word.bank is not None:
            raise InvalidValue(
                "complete", word.bank, "declared for all banks; in columns there is none for a single one"
            )
    cells = read_cells(scorecard, readings, period, key=key, complete=complete, banks=tuple(banks))
    fired, unknown = _vetoes(scorecard, cells.banks, facts)
    units, coverage, recomputed = _totals(scorecard, cells, fired)
    scores = pl.DataFrame(
        {
            "bank": cells.banks,
            "period": pl.repeat(str(period), len(cells.banks), eager=True),
            "total": _decimal(units, scorecard.places),
            "grade": _grades(scorecard, units),
            "coverage": pl.Series(coverage).fill_nan(None),
            "vetoes": _listed(scorecard, fired),
            "unknown_vetoes": _listed(scorecard, unknown),
        }
    )
    problems = cells.rows.problems
    refused = pl.DataFrame(
        {"row": sorted(problems), "problem": [problems[row] for row in sorted(problems)]},
        schema={"row": pl.Int64, "problem": pl.String},
    )
    return ColumnScores(scores.filter(pl.col("bank").is_not_null()), refused, recomputed, cells)


def _totals(scorecard: Scorecard, cells: Cells, fired: Array) -> tuple[Array, Array, int]:
    """Return the totals in units of the last place (-1: insufficient), the coverage, and how many were summed again."""
    import numpy as np

    points = _points(scorecard)
    scored = ~np.isnan(cells.share)
    known = scored.astype(float) @ points
    lacking = (~scored & ~cells.inapplicable).astype(float) @ points.sum(axis=1)
    earned = np.where(scored, cells.share, 0.0) @ points
    have = known.sum(axis=1)
    need = have + lacking
    least = Fraction(scorecard.min_coverage)
    enough = (have > 0) & (have * least.denominator >= need * least.numerator)  # whole numbers: exact
    total = _sum(scorecard, points, known, earned, fired)
    with np.errstate(divide="ignore", invalid="ignore"):
        coverage = have / need
    units = np.where(enough, np.floor(total + 0.5), -1).astype(np.int64)
    near = np.abs(total - np.floor(total) - 0.5) <= np.maximum(total, 1.0) * _NEAR
    again = np.flatnonzero(enough & near).tolist()
    for place in again:
        units[place] = _exact_units(scorecard, cells, place, fired[place])
    return units, coverage, len(again)


def _points(scorecard: Scorecard) -> Array:
    """Return the points of each indicator (row) in the column of its category, scaled to whole numbers."""
    import numpy as np

    scale = lcm(*(row.exact_points.denominator for row in scorecard))
    columns = {category.id: place for place, category in enumerate(scorecard.categories)}
    points = np.zeros((len(scorecard), len(columns)))
    for place, indicator in enumerate(scorecard):
        points[place, columns[indicator.category]] = int(indicator.exact_points * scale)
    return points


def _sum(scorecard: Scorecard, points: Array, known: Array, earned: Array, fired: Array) -> Array:
    """Return the totals after vetoes, in units of the last place."""
    import numpy as np

    unit = 10**scorecard.places
    alive = known > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.where(alive, earned / known, 0.0)
    for veto, column in zip(scorecard.vetoes, fired.T, strict=True):
        for place, category in enumerate(scorecard.categories):
            if category.id == veto.zero_category:
                shares[column, place] = 0.0
                alive[column, place] = True
    of_category = points.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        total: Array = (shares @ of_category) * float(scorecard.total_points * unit) / (alive @ of_category)
    for veto, column in zip(scorecard.vetoes, fired.T, strict=True):
        if veto.cap is not None:
            total = np.where(column, np.minimum(total, float(veto.cap * unit)), total)
    return total


def _exact_units(scorecard: Scorecard, cells: Cells, place: int, fired: Array) -> int:
    """Return the total of one bank in units of the last place, summed in exact fractions."""
    vetoes = [veto for veto, is_so in zip(scorecard.vetoes, fired.tolist(), strict=True) if is_so]
    total = sum_up(scorecard, cells.exact_shares(scorecard, place), zeroed_by(vetoes)).total
    return int(rounded(capped(total, vetoes), scorecard.places).scaleb(scorecard.places))


def _vetoes(scorecard: Scorecard, banks: pl.Series, facts: pl.DataFrame | None) -> tuple[Array, Array]:
    """Return which vetoes fired and which are unknown, banks x vetoes."""
    import numpy as np
    import polars as pl

    known = tuple(fact.id for fact in scorecard.facts)
    facts = pl.DataFrame({"bank": pl.Series([], dtype=pl.String)}) if facts is None else facts
    for name, kind in facts.schema.items():
        if name != "bank" and name not in known:
            raise UnknownName("fact", name, known, f"scorecard {scorecard.id}")
        if name != "bank" and not (kind.is_integer() or kind == pl.Null):
            raise InvalidValue(name, str(kind), "a column of integers")
    if (twice := facts["bank"].filter(facts["bank"].is_duplicated())).len():
        raise InvalidValue("bank", twice[0], "in one row of the figures that vetoes ask for")
    beside = pl.DataFrame({"bank": banks}).join(facts, on="bank", how="left", maintain_order="left")
    size = (len(banks), len(scorecard.vetoes))
    fired, unknown = np.zeros(size, np.bool_), np.ones(size, np.bool_)
    for place, veto in enumerate(scorecard.vetoes):
        name, operator, bound = veto.condition
        if name in beside.columns:
            value = beside[name].cast(pl.Int64)
            says = _compared(value, operator, Fraction(bound))
            fired[:, place], unknown[:, place] = says.fill_null(False).to_numpy(), value.is_null().to_numpy()
    return fired, unknown


def _compared(value: pl.Series, operator: str, bound: Fraction) -> pl.Series:
    """Return the truth of ``value operator bound`` for whole numbers and any bound, exactly."""
    whole = bound.denominator == 1
    if operator in ("==", "!="):
        same = (value == int(bound)) if whole else (value != value)  # noqa: PLR0124 - false, or null if it is missing
        return same if operator == "==" else ~same
    least = floor(bound) + 1 if operator in (">", "<=") else ceil(bound)  # the least number that is over it
    over = value >= least
    return over if operator in (">", ">=") else ~over


def _decimal(units: Array, places: int) -> pl.Series:
    """Return whole numbers of units of the last place as decimals; those below 0 as null."""
    import polars as pl

    whole = pl.Series(units)
    value = whole.cast(pl.Decimal(38, places)) / pl.Series([10**places], dtype=pl.Int64).cast(pl.Decimal(38, 0))
    return value.cast(pl.Decimal(38, places)).set(whole < 0, None)


def _grades(scorecard: Scorecard, units: Array) -> pl.Series:
    """Return the grades of totals in units of the last place; null if there is none."""
    import numpy as np
    import polars as pl

    edges = [ceil(band.min * 10**scorecard.places) for band in scorecard.bands]
    codes = np.select([units >= edge for edge in edges], list(range(len(edges))), len(edges))
    names = pl.Series([*(band.grade for band in scorecard.bands), None], dtype=pl.String)
    return names.gather(codes).cast(pl.Enum([band.grade for band in scorecard.bands]))


def _listed(scorecard: Scorecard, which: Array) -> pl.Series:
    """Return the ids of the vetoes that are so, blank between."""
    import numpy as np
    import polars as pl

    ids = [veto.id for veto in scorecard.vetoes]
    first, place = np.unique(which @ (1 << np.arange(len(ids))), return_index=True, return_inverse=True)[1:]
    texts = [" ".join(id_ for id_, is_so in zip(ids, which[row], strict=True) if is_so) for row in first]
    return pl.Series(texts, dtype=pl.String).gather(place)
