"""Scoring a bank's period by a scorecard: exact inside, rounded once, every figure with its evidence."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Final

import attrs

from windowservice.asked import told
from windowservice.domain.scorecard.indicators import ScoredIndicator, exact
from windowservice.domain.scorecard.parts import Veto
from windowservice.domain.scorecard.readings import Reading, Readings
from windowservice.domain.scorecard.readings_period import ReportingPeriod, to_period
from windowservice.domain.scorecard.scorecard import Scorecard
from windowservice.domain.words import OWN_PARTY
from windowservice.errors import InvalidValue, UnknownName
from windowservice.scoring.sum import Sum, capped, coverage_of, is_covered, sum_up, zeroed_by
from windowservice.scoring.values import CategoryScore, IndicatorScore, Score, State, VetoOutcome

__all__ = ["score"]

_NO_READING: Final = "no reading"
_NOT_DECLARED: Final = "nothing to measure, and the source does not declare the period complete"
_NOTHING: Final = "nothing to measure"
_COMPLETE: Final = "no reading, and the source declares the period complete"
_DECLARED: Final = "nothing to measure, and the source declares the period complete"
_NOT_DUE: Final = "not due in this period"
_WHOSE: Final = "whose fault it was is unknown"


@told
def score(
    scorecard: Scorecard,
    readings: Readings,
    bank: str,
    period: ReportingPeriod | str,
    *,
    facts: Mapping[str, int | Decimal | str | None] | None = None,
    key: bool = False,
) -> Score:
    """Return the score of a bank for a day, week or month.

    Args:
        scorecard: by what it is scored.
        readings: what was counted.
        bank: id of the bank, as it is in `readings`.
        period: the period or its text; quarters and years are averages of months, see `average.average_scores`.
        facts: the figures that vetoes ask for, by name; one that is missing or None makes its vetoes unknown.
        key: whether it is read as a key institution, with the shorter frequencies.

    Raises:
        InvalidValue: if the period is longer than a month, or the scorecard is not in force on its first day.
        UnknownName: if a figure is given of which the scorecard knows nothing.
    """
    period = to_period(period)
    if period.kind in ("quarter", "year"):
        raise InvalidValue("period", str(period), "a day, week or month; a longer one is the average of its months")
    if not scorecard.in_force(period):
        span = f"from {scorecard.since} until {scorecard.until}"
        raise InvalidValue("period", str(period), f"one for which scorecard {scorecard.id} is in force ({span})")
    rows = tuple(_indicator(row, readings, bank, period, scorecard, key) for row in scorecard)
    outcomes = _outcomes(scorecard, facts or {})
    known = {row.indicator.id: row.share for row in rows if row.share is not None}
    unknown = [row.indicator.id for row in rows if row.state == "unknown"]
    coverage = coverage_of(scorecard, known, unknown)
    result = Score(
        scorecard=scorecard, bank=bank, period=period, key=key, indicators=rows, vetoes=outcomes, coverage=coverage
    )
    return _summed(result, known, unknown) if is_covered(scorecard, coverage) else result


def _summed(found: Score, known: Mapping[str, Fraction], unknown: Collection[str]) -> Score:
    """Return the score with its sums: points spread, vetoes applied, and the range that the unknown leaves."""
    card = found.scorecard
    fired = [row.veto for row in found.vetoes if row.state == "fired"]
    maybe = [row.veto for row in found.vetoes if row.state != "clear"]
    before = sum_up(card, known)
    zeroed = zeroed_by(fired)
    after = sum_up(card, known, zeroed) if zeroed else before
    total = capped(after.total, fired)

    def extreme(share: int, vetoes: Collection[Veto]) -> Fraction:
        if not unknown and len(vetoes) == len(fired):
            return total
        shares = {**known, **dict.fromkeys(unknown, Fraction(share))}
        return capped(sum_up(card, shares, zeroed_by(vetoes)).total, vetoes)

    def weight(row: IndicatorScore) -> Fraction:
        return row.indicator.exact_points * before.rates[row.indicator.category]

    return attrs.evolve(
        found,
        indicators=tuple(
            attrs.evolve(row, weight=weight(row)) if row.share is not None else row for row in found.indicators
        ),
        categories=tuple(
            CategoryScore(row, after.earned[row.id], after.categories[row.id])
            for row in card.categories
            if row.id in after.categories
        ),
        vetoes=tuple(attrs.evolve(row, decisive=_decides(row, before, after, total)) for row in found.vetoes),
        exact=total,
        before_vetoes=before.total,
        low=extreme(0, maybe),
        high=extreme(1, fired),
    )


def _decides(outcome: VetoOutcome, before: Sum, after: Sum, total: Fraction) -> bool:
    """Return whether the total is what it is because of a veto: the strictest cap, or zeroing where no cap bites."""
    if outcome.state != "fired":
        return False
    if outcome.veto.cap is not None:
        return total < after.total and total == Fraction(outcome.veto.cap)
    return total == after.total < before.total


def _indicator(
    indicator: ScoredIndicator, readings: Readings, bank: str, period: ReportingPeriod, scorecard: Scorecard, key: bool
) -> IndicatorScore:
    """Return what one indicator gave, its weight still open."""
    due, periods = indicator.candidates(period, key=key)
    if not periods:
        return IndicatorScore(indicator=indicator, state="not_applicable", reason=_NOT_DUE)
    for one in periods:
        unread = readings.why_untold(bank, indicator.id, one)
        if unread:
            return IndicatorScore(indicator=indicator, state="unknown", reason=unread, unread=True)
        found = _found(readings, bank, indicator, one)
        if not found.is_empty:
            break
    else:
        return IndicatorScore(indicator=indicator, state="unknown", reason=_NO_READING)
    if found.own is None and any(row.fault_party == "unknown" for row in found.others):
        return IndicatorScore(indicator=indicator, state="unknown", reason=_WHOSE, set_aside=found.others)
    if found.own is None and not found.complete:
        return IndicatorScore(indicator=indicator, state="unknown", reason=_NO_READING, set_aside=found.others)
    return _observed(indicator, found, readings, scorecard, carried=not due)


@attrs.frozen
class _Found:
    """What is there of an indicator and a period: the reading of the bank's own fault, those of others."""

    own: Reading | None
    others: tuple[Reading, ...]
    is_complete: Callable[[], bool]

    @property
    def complete(self) -> bool:
        return self.is_complete()

    @property
    def is_empty(self) -> bool:
        return self.own is None and not self.others and not self.complete


def _found(readings: Readings, bank: str, indicator: ScoredIndicator, period: ReportingPeriod) -> _Found:
    rows = readings.in_force(bank, indicator.id, period)
    own = next((row for row in rows if row.fault_party == OWN_PARTY), None)
    others = tuple(row for row in rows if row is not own)
    return _Found(own, others, partial(readings.is_complete, bank, indicator.id, period))


def _observed(
    indicator: ScoredIndicator, found: _Found, readings: Readings, scorecard: Scorecard, *, carried: bool
) -> IndicatorScore:
    """Return what a reading says, or that nothing happened where the source declares the period complete."""
    reading = found.own
    value = None if reading is None else reading.value
    share = indicator.share(value) if value is not None else None
    state: State = "scored"
    reason = ""
    if share is None:
        state, reason = _nothing(indicator, reading, found.complete)
        share = Fraction(1) if state == "scored" else None
    return IndicatorScore(
        indicator=indicator,
        state=state,
        reason=reason,
        reading=reading,
        former=() if reading is None or reading.restated_from is None else tuple(_former(readings, reading)),
        set_aside=found.others,
        value=value,
        share=share,
        severity=None if share is None else scorecard.severities.of(share),
        carried=carried,
        small_sample=value is not None and reading is not None and _is_small(indicator, reading),
    )


def _nothing(indicator: ScoredIndicator, reading: Reading | None, complete: bool) -> tuple[State, str]:
    """Return what it means that there was nothing to measure."""
    if indicator.zero_denominator == "not_applicable":
        return "not_applicable", _NOTHING
    if not complete:
        return "unknown", _NOT_DECLARED
    return "scored", _COMPLETE if reading is None else _DECLARED


def _is_small(indicator: ScoredIndicator, reading: Reading) -> bool:
    return indicator.min_sample is not None and (reading.denominator or 0) < indicator.min_sample


def _former(readings: Readings, reading: Reading) -> Iterator[Reading]:
    """Yield the versions that a reading replaces, oldest first."""
    by_id = {row.id: row for row in readings.history(reading.bank, reading.indicator, reading.period) if row.id}
    if reading.restated_from is not None and reading.restated_from in by_id:
        former = by_id[reading.restated_from]
        yield from _former(readings, former)
        yield former


def _outcomes(scorecard: Scorecard, facts: Mapping[str, int | Decimal | str | None]) -> tuple[VetoOutcome, ...]:
    """Return what came of each veto, before it is known which one decides."""
    known = tuple(row.id for row in scorecard.facts)
    for name in facts:
        if name not in known:
            raise UnknownName("fact", name, known, f"scorecard {scorecard.id}")
    return tuple(_outcome(veto, facts.get(veto.condition[0])) for veto in scorecard.vetoes)


def _outcome(veto: Veto, given: int | Decimal | str | None) -> VetoOutcome:
    if given is None:
        return VetoOutcome(veto, "unknown", None)
    value = given if type(given) is int else exact(given)
    return VetoOutcome(veto, "fired" if veto.fires(value) else "clear", value)
