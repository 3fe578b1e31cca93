"""A bank's score as plain values, for documents and tables; its text is made by `BankScore.explain`."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from windowservice.domain.readings import Reading
    from windowservice.engine.scoring_ledger import LedgerScore
    from windowservice.engine.scoring_values import IndicatorScore

__all__ = ["score_document", "score_notes"]


def score_document(found: LedgerScore) -> dict[str, Any]:
    """Return a score as plain values: exact numbers as texts such as "2/251", points rounded as the scorecard says.

    Keys: ``format`` (``windowservice.score``), ``format_version`` (1), ``bank``, ``period``, ``key``, ``scorecard``,
    ``total``, ``grade``, ``low``, ``high`` (null if the data are insufficient), ``coverage``, ``provisional``,
    ``indicators``, ``vetoes``, ``set_aside``, ``untold``, ``overridden``, ``refused``.
    """
    score = found.score
    return {
        "format": "windowservice.score",
        "format_version": 1,
        "bank": score.bank,
        "period": str(score.period),
        "key": score.key,
        "scorecard": {"id": score.scorecard.id, "version": score.scorecard.version},
        "total": None if score.total is None else str(score.total),
        "grade": score.grade,
        "coverage": _exact(score.coverage),
        "low": _exact(score.low),
        "high": _exact(score.high),
        "provisional": score.provisional,
        "indicators": [_indicator(row) for row in score.indicators],
        "vetoes": [
            {
                "id": row.veto.id, "when": row.veto.when, "state": row.state, "decisive": row.decisive,
                "value": None if row.value is None else str(row.value),
            }
            for row in score.vetoes
        ],
        "set_aside": [
            {"indicator": row.name, "period": str(row.period), "reason": row.reason, "number": row.number}
            for row in found.measured.set_aside
            if row.bank == score.bank
        ],
        "untold": [
            {"indicator": name, "period": str(period), "items": list(items)}
            for (bank, name, period), items in found.measured.untold.items()
            if bank == score.bank
        ],
        "overridden": [_reading(row) for row in found.overridden if row.bank == score.bank],
        "refused": [str(row) for row in found.refused],
    }  # fmt: skip


def score_notes(found: LedgerScore) -> str:
    """Return what a reader of the score has to know beside it: what left both sides, could not be told, was refused."""
    bank = found.score.bank
    lines = [
        f"{row.name} {row.period}: {row.number} left both sides ({row.reason})"
        for row in found.measured.set_aside
        if row.bank == bank
    ]
    lines += [
        f"{name} {period}: {len(items)} cannot be told: {', '.join(items[:5])}{' ...' if len(items) > 5 else ''}"
        for (whose, name, period), items in found.measured.untold.items()
        if whose == bank
    ]
    lines += [
        f"{row.indicator} {row.period}: {row} was computed, and another reading was given: the given one counts"
        for row in found.overridden
        if row.bank == bank
    ]
    lines += [f"reading refused, {row}" for row in found.refused]
    return "".join(f"{line}\n" for line in lines)


def _indicator(row: IndicatorScore) -> dict[str, Any]:
    return {
        "id": row.indicator.id,
        "category": row.indicator.category,
        "state": row.state,
        "reason": row.reason,
        "reading": None if row.reading is None else _reading(row.reading),
        "value": _exact(row.value),
        "share": _exact(row.share),
        "weight": _exact(row.weight),
        "points": _exact(row.points),
        "lost": _exact(row.lost),
        "severity": row.severity,
        "carried": row.carried,
        "small_sample": row.small_sample,
        "not_scored": [_reading(other) for other in row.set_aside],
    }


def _reading(row: Reading) -> dict[str, Any]:
    return {
        "indicator": row.indicator, "period": str(row.period), "numerator": row.numerator,
        "denominator": row.denominator, "fault_party": row.fault_party, "provisional": row.provisional,
        "items": list(row.items),
    }  # fmt: skip


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else str(value)
