"""The score of a quarter or a year: the average of its months, weighted by their applicable points."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from windowservice.asked import told
from windowservice.domain.scorecard.readings_period import ReportingPeriod, to_period
from windowservice.errors import InvalidValue
from windowservice.scoring.sum import is_covered
from windowservice.scoring.values import Score

__all__ = ["average_scores"]


@told
def average_scores(scores: Iterable[Score], period: ReportingPeriod | str) -> Score:
    """Return the score of a quarter or a year from those of its months.

    Args:
        scores: of one bank; each month of the period at most once.
        period: the quarter or year.

    Raises:
        InvalidValue: if there is no score, the period is no quarter or year, a score is of no month of it or of another
            bank, or a month comes twice.
    """
    period = to_period(period)
    months = tuple(sorted(scores, key=lambda row: row.period))
    wanted = period.split("month")
    if period.kind not in ("quarter", "year"):
        raise InvalidValue("period", str(period), "a quarter or a year")
    if not months:
        raise InvalidValue("scores", months, "at least one month's score")
    for place, row in enumerate(months):
        if row.bank != months[0].bank:
            raise InvalidValue("bank", row.bank, f"one bank ({months[0].bank})")
        if row.period not in wanted or (place and row.period == months[place - 1].period):
            raise InvalidValue("period", str(row.period), f"a month of {period}, each once")
    weights = {row.period: applicable_points(row) for row in months if row.exact is not None}
    known = sum((_known(row) for row in months if row.exact is not None), Fraction(0))
    card = months[-1].scorecard
    lacking = {row.period: applicable_points(row) for row in months}
    whole = sum((lacking.get(month, Fraction(card.total_points)) for month in wanted), Fraction(0))
    coverage = known / whole if whole else Fraction(0)
    enough = weights and is_covered(card, coverage)
    exact, low, high = (_average(months, weights, name) if enough else None for name in ("exact", "low", "high"))
    return Score(
        scorecard=card, bank=months[0].bank, name=months[-1].name, period=period, coverage=coverage, exact=exact,
        low=low, high=high, months=months, missing=tuple(month for month in wanted if month not in weights),
        weights=weights,
    )  # fmt: skip


def _average(months: Iterable[Score], weights: Mapping[ReportingPeriod, Fraction], name: str) -> Fraction:
    """Return the average of a total of the months that have one."""
    whole = (weights[row.period] * getattr(row, name) for row in months if row.exact is not None)
    return sum(whole, Fraction(0)) / sum(weights.values())


def applicable_points(score: Score) -> Fraction:
    """Return the points of the indicators that are applicable, known or not."""
    return sum((row.indicator.exact_points for row in score.indicators if row.state != "not_applicable"), Fraction(0))


def _known(score: Score) -> Fraction:
    return sum((row.indicator.exact_points for row in score.indicators if row.state == "scored"), Fraction(0))
