"""The score of a quarter or a year: the average of its months, weighted by their applicable points."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

import attrs

from windowservice.asked import told
from windowservice.domain.scorecard.readings import RefusedReading
from windowservice.domain.scorecard.readings_period import ReportingPeriod, to_period
from windowservice.errors import InvalidValue
from windowservice.scoring.shown import rounded
from windowservice.scoring.sum import is_covered
from windowservice.scoring.values import BankScore, VetoOutcome

__all__ = ["AverageScore", "average_scores"]


@attrs.frozen(kw_only=True)
class AverageScore:
    """The score of a bank for a quarter or a year.

    A veto has done its work in the month in which it fired; it is reported here and not applied again.

    Attributes:
        bank, period: whose and when.
        months: the scores that it is made of, in order.
        missing: the months of the period for which there is no score, or one of insufficient data.
        weights: the applicable points of the months that count, by month.
        coverage: the share of the period's applicable points whose value is known; 0 if nothing is applicable. A month
            without a score is taken to have had all points applicable and none known.
        exact: the exact total; None if the data are insufficient.
        refused: readings that the scores could not use, if they are those of a ledger.
    """

    bank: str
    period: ReportingPeriod
    months: tuple[BankScore, ...]
    missing: tuple[ReportingPeriod, ...]
    weights: dict[ReportingPeriod, Fraction]
    coverage: Fraction
    exact: Fraction | None
    refused: tuple[RefusedReading, ...] = ()

    @property
    def total(self) -> Decimal | None:
        """The total, rounded once, half up; None if the data are insufficient."""
        return None if self.exact is None else rounded(self.exact, self.months[-1].scorecard.places)

    @property
    def grade(self) -> str | None:
        """The grade of the rounded total, by the last month's bands; None if the data are insufficient.

        None too if rows that could not be read may change it.
        """
        if self.total is None or (any(month.unread for month in self.months) and len(self._extreme_grades()) > 1):
            return None
        return self.months[-1].scorecard.grade(self.total)

    def _extreme_grades(self) -> set[str | None]:
        """Return the grades at the worst and the best that the months may be; None among them if nobody can tell."""
        card, found = self.months[-1].scorecard, set[str | None]()
        for name in ("low", "exact", "high"):
            ends = [(self.weights[row.period], getattr(row, name)) for row in self.months if row.exact is not None]
            sum_ = sum((weight * end for weight, end in ends), Fraction(0))
            found.add(card.grade(rounded(sum_ / sum(weight for weight, _ in ends), card.places)))
        if any(month.unread and month.exact is None for month in self.months):
            found.add(None)
        return found

    @property
    def fired(self) -> tuple[tuple[ReportingPeriod, VetoOutcome], ...]:
        """The vetoes that fired, with their month."""
        return tuple((month.period, outcome) for month in self.months for outcome in month.fired)


@told
def average_scores(scores: Iterable[BankScore], period: ReportingPeriod | str) -> AverageScore:
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
    earned = sum((weights[row.period] * row.exact for row in months if row.exact is not None), Fraction(0))
    return AverageScore(
        bank=months[0].bank,
        period=period,
        months=months,
        missing=tuple(month for month in wanted if month not in weights),
        weights=weights,
        coverage=coverage,
        exact=earned / sum(weights.values()) if weights and is_covered(card, coverage) else None,
    )


def applicable_points(score: BankScore) -> Fraction:
    """Return the points of the indicators that are applicable, known or not."""
    return sum((row.indicator.exact_points for row in score.indicators if row.state != "not_applicable"), Fraction(0))


def _known(score: BankScore) -> Fraction:
    return sum((row.indicator.exact_points for row in score.indicators if row.state == "scored"), Fraction(0))
