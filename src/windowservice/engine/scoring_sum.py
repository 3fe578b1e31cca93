"""The sum of a score: exact fractions, points of what does not count spread over the rest, vetoes last."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction

import attrs

from windowservice.domain.scorecard import Scorecard, Veto

__all__ = ["Sum", "capped", "coverage_of", "is_covered", "sum_up", "zeroed_by"]


@attrs.frozen
class Sum:
    """The exact total before caps, with the points that each part stood for.

    Attributes:
        total: the sum of all points earned.
        weights: the points that each indicator stood for, by id.
        earned: the points that each category earned, by id.
        categories: the points that each category stood for, by id.
    """

    total: Fraction
    weights: Mapping[str, Fraction]
    earned: Mapping[str, Fraction]
    categories: Mapping[str, Fraction]


def sum_up(scorecard: Scorecard, shares: Mapping[str, Fraction], zeroed: Collection[str] = ()) -> Sum:
    """Return the total of what counts; something must.

    Args:
        scorecard: whose points.
        shares: the share of its points that each indicator earned; one that is not there does not count, and its points
            are spread over the rest of its category, those of a whole category over the others.
        zeroed: categories that earn nothing, whatever their indicators say. They always count.
    """
    inside: dict[str, Fraction] = {}
    parts: dict[str, Fraction] = {}
    for indicator in scorecard:
        if indicator.id in shares:
            points = indicator.exact_points
            inside[indicator.category] = inside.get(indicator.category, Fraction(0)) + points
            parts[indicator.category] = parts.get(indicator.category, Fraction(0)) + points * shares[indicator.id]
    alive = [row for row in scorecard.categories if row.id in inside or row.id in zeroed]
    spread = Fraction(scorecard.total_points) / sum((Fraction(row.points) for row in alive), Fraction(0))
    categories = {row.id: Fraction(row.points) * spread for row in alive}
    rates = {id_: categories[id_] / points for id_, points in inside.items()}
    weights = {row.id: row.exact_points * rates[row.category] for row in scorecard if row.id in shares}
    earned = {id_: Fraction(0) if id_ in zeroed or id_ not in parts else parts[id_] * rates[id_] for id_ in categories}
    return Sum(sum(earned.values(), Fraction(0)), weights, earned, categories)


def zeroed_by(vetoes: Collection[Veto]) -> frozenset[str]:
    """Return the categories that vetoes zero."""
    return frozenset(veto.zero_category for veto in vetoes if veto.zero_category is not None)


def capped(total: Fraction, vetoes: Collection[Veto]) -> Fraction:
    """Return a total under the strictest cap of the vetoes that fired."""
    return min([total, *(Fraction(veto.cap) for veto in vetoes if veto.cap is not None)])


def coverage_of(scorecard: Scorecard, known: Collection[str], unknown: Collection[str]) -> Fraction | None:
    """Return the share of the applicable points whose value is known; None if nothing is applicable."""
    points = {row.id: row.exact_points for row in scorecard}
    have = sum((points[id_] for id_ in known), Fraction(0))
    lack = sum((points[id_] for id_ in unknown), Fraction(0))
    return have / (have + lack) if have + lack else None


def is_covered(scorecard: Scorecard, coverage: Fraction | None) -> bool:
    """Return whether enough is known for a score."""
    return coverage is not None and coverage >= Fraction(scorecard.min_coverage)
