"""The sum of a score: exact fractions, points of what does not count spread over the rest, vetoes last."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction

import attrs

from windowservice.domain.scorecard.indicators import ScoredIndicator
from windowservice.domain.scorecard.parts import Veto
from windowservice.domain.scorecard.scorecard import Scorecard

__all__ = ["Sum", "capped", "coverage_of", "is_covered", "sum_up", "zeroed_by"]


@attrs.frozen
class Sum:
    """The exact total before caps, with what each category stood for.

    Attributes:
        total: the sum of all points earned.
        earned: the points that each category earned, by id.
        categories: the points that each category stood for, by id.
        rates: what a point of an indicator was worth after spreading, by the id of its category.
    """

    total: Fraction
    earned: Mapping[str, Fraction]
    categories: Mapping[str, Fraction]
    rates: Mapping[str, Fraction]


def sum_up(scorecard: Scorecard, shares: Mapping[str, Fraction], zeroed: Collection[str] = ()) -> Sum:
    """Return the total of what counts; something must.

    Args:
        scorecard: whose points.
        shares: the share of its points that each indicator earned; one that is not there does not count, and its points
            are spread over the rest of its category, those of a whole category over the others.
        zeroed: categories that earn nothing, whatever their indicators say. They always count.
    """
    parts = {category: _part(rows, shares) for category, rows in _by_category(scorecard).items()}
    alive = [row for row in scorecard.categories if row.id in zeroed or parts[row.id][0]]
    spread = Fraction(scorecard.total_points) / Fraction(sum(row.points for row in alive))
    categories = {row.id: Fraction(row.points) * spread for row in alive}
    rates = {id_: points / parts[id_][0] for id_, points in categories.items() if parts[id_][0]}
    earned = {
        id_: Fraction(0) if id_ in zeroed or id_ not in rates else parts[id_][1] * rates[id_] for id_ in categories
    }
    return Sum(sum(earned.values(), Fraction(0)), earned, categories, rates)


def _by_category(scorecard: Scorecard) -> dict[str, list[ScoredIndicator]]:
    found: dict[str, list[ScoredIndicator]] = {category.id: [] for category in scorecard.categories}
    for indicator in scorecard:
        found[indicator.category].append(indicator)
    return found


def _part(indicators: Collection[ScoredIndicator], shares: Mapping[str, Fraction]) -> tuple[Fraction, Fraction]:
    """Return the points of a category that count, and those of them that were earned.

    The sum is kept as one quotient of whole numbers, for reducing it at each step costs more than all the rest.
    """
    points, upper, lower = Fraction(0), 0, 1
    for indicator in indicators:
        share = shares.get(indicator.id)
        if share is not None:
            own = indicator.exact_points
            points += own
            below = own.denominator * share.denominator
            upper, lower = upper * below + own.numerator * share.numerator * lower, lower * below
    return points, Fraction(upper, lower)


def zeroed_by(vetoes: Collection[Veto]) -> frozenset[str]:
    """Return the categories that vetoes zero."""
    return frozenset(veto.zero_category for veto in vetoes if veto.zero_category is not None)


def capped(total: Fraction, vetoes: Collection[Veto]) -> Fraction:
    """Return a total under the strictest cap of the vetoes that fired."""
    return min([total, *(Fraction(veto.cap) for veto in vetoes if veto.cap is not None)])


def coverage_of(scorecard: Scorecard, known: Collection[str], unknown: Collection[str]) -> Fraction | None:
    """Return the share of the applicable points whose value is known; None if nothing is applicable."""
    have = sum(scorecard[id_].points for id_ in known)
    lack = sum(scorecard[id_].points for id_ in unknown)
    return Fraction(have) / Fraction(have + lack) if have + lack else None


def is_covered(scorecard: Scorecard, coverage: Fraction | None) -> bool:
    """Return whether enough is known for a score."""
    return coverage is not None and coverage >= Fraction(scorecard.min_coverage)
