"""A bank among its peers: rank, median, percentile and change; of the others it is told nothing but the group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from statistics import median
from typing import Final

import attrs

from windowservice.asked import told
from windowservice.domain.scorecard.readings_period import ReportingPeriod
from windowservice.errors import InvalidValue
from windowservice.scoring.values import Score

__all__ = ["FEWEST_PEERS", "PeerStanding", "compare_scores"]

FEWEST_PEERS: Final = 3
"""Scored banks a group must have before its median is shown: with two, each could work out the other's (assumption)."""


@attrs.frozen(kw_only=True)
class PeerStanding:
    """Where a bank stands in its peer group; no other bank is named.

    Attributes:
        bank, period: whose and when.
        group: the peer group; None if the bank is in none, and so is compared with nobody.
        total: its own rounded total; None if its data are insufficient.
        scored: how many banks of the group have a score.
        unscored: how many have none, their data being insufficient.
        rank: its place among the scored, 1 the best; equal totals share a rank.
        median: the median of the group's totals.
        percentile: the share of the other scored banks that it is better than, equals counting half.
        change: its total less that of the period before; None if either is missing.
        volume: the sum of the denominators behind its score: a rank from few items says little.
    """

    bank: str
    period: ReportingPeriod
    group: str | None
    total: Decimal | None
    scored: int
    unscored: int
    rank: int | None
    median: Decimal | None
    percentile: Fraction | None
    change: Decimal | None
    volume: int


@told
def compare_scores(
    scores: Iterable[Score],
    groups: Mapping[str, str | None],
    *,
    previous: Iterable[Score] = (),
    fewest: int = FEWEST_PEERS,
) -> dict[str, PeerStanding]:
    """Return where each bank stands in its peer group, by bank.

    Args:
        scores: of one period, one a bank.
        groups: the peer group of each bank; None or absent: compared with nobody.
        previous: the scores of the period before, for the change.
        fewest: how many scored banks a group must have before rank, median and percentile are given.

    Raises:
        InvalidValue: if a bank comes twice, or the scores are of several periods or scorecards.
    """
    rows = _one_each(scores)
    before = {bank: row.total for bank, row in _one_each(previous).items()}
    members: dict[str, list[Score]] = {}
    for row in rows.values():
        group = groups.get(row.bank)
        if group is not None:
            members.setdefault(group, []).append(row)
    return {
        bank: _standing(row, groups.get(bank), members.get(groups.get(bank) or "", []), before.get(bank), fewest)
        for bank, row in rows.items()
    }


def _one_each(scores: Iterable[Score]) -> dict[str, Score]:
    found: dict[str, Score] = {}
    for row in scores:
        if row.bank in found:
            raise InvalidValue("bank", row.bank, "scored once in a comparison")
        first = next(iter(found.values()), row)
        if row.period != first.period:
            raise InvalidValue("period", str(row.period), f"one for all banks that are compared ({first.period})")
        if row.scorecard != first.scorecard:
            raise InvalidValue(
                "scorecard", row.scorecard.id, f"one for all banks that are compared ({first.scorecard.id})"
            )
        found[row.bank] = row
    return found


def _standing(own: Score, group: str | None, peers: list[Score], before: Decimal | None, fewest: int) -> PeerStanding:
    total = own.total
    totals = [row.total for row in peers if row.total is not None]
    shown = total is not None and len(totals) >= max(fewest, 1)
    better = sum(other > total for other in totals) if total is not None else 0
    equal = sum(other == total for other in totals) - 1
    others = len(totals) - 1
    return PeerStanding(
        bank=own.bank,
        period=own.period,
        group=group,
        total=total,
        scored=len(totals),
        unscored=len(peers) - len(totals),
        rank=better + 1 if shown else None,
        median=median(totals) if shown else None,
        percentile=Fraction(2 * (others - better - equal) + equal, 2 * others) if shown and others else None,
        change=None if total is None or before is None else total - before,
        volume=sum(row.reading.denominator or 0 for row in own.indicators if row.reading is not None),
    )
