"""Scoring a bank of a ledger: readings computed from its records, and readings that it was given from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

import attrs

from windowservice.domain.parties import Banks
from windowservice.domain.readings import CompletePeriod, Reading, Readings, RefusedReading
from windowservice.domain.readings_period import ReportingPeriod, to_period
from windowservice.domain.scorecard import Scorecard
from windowservice.engine.measuring import Measured, measure
from windowservice.engine.scoring import score
from windowservice.engine.scoring_values import BankScore
from windowservice.errors import UnknownName, WindowserviceError
from windowservice.rules.measurements import Measurement, default_measurements

if TYPE_CHECKING:
    from windowservice.domain.records import Record
    from windowservice.engine.engine import Engine
    from windowservice.ledger.ledger import Ledger

__all__ = ["LedgerScore", "ledger_readings", "score_ledger"]

_GIVEN: Final = "readings"


@attrs.frozen(kw_only=True)
class LedgerScore:
    """The score of a bank of a ledger, with what it rests on.

    Attributes:
        score: the score.
        readings: all readings used, those given and those computed.
        measured: what was computed, with what was set aside and what could not be told.
        overridden: computed readings for which one was given: the given one counts.
    """

    score: BankScore
    readings: Readings
    measured: Measured
    overridden: tuple[Reading, ...]

    @property
    def refused(self) -> tuple[RefusedReading, ...]:
        """Readings that could not be used, each with the reason."""
        return self.readings.refused


def ledger_readings(ledger: Ledger, measured: Measured, scorecard: Scorecard) -> tuple[Readings, tuple[Reading, ...]]:
    """Return a ledger's readings, given and computed, and those computed for which one was given.

    A row of the table ``readings`` that says ``complete`` declares its period complete as well.
    """
    banks = Banks(ledger.banks) if ledger.banks else None
    given, complete, ours = [], [], set()
    for row in ledger.records.get(_GIVEN, ()):
        given.append(_values(row))
        try:
            period = to_period(row["period"])
            bank = row["bank"] if banks is None else banks.find(row["bank"], period.last_day).id
            ours.add((bank, row["indicator"], period))
            if row.get("complete"):
                scorecard[row["indicator"]]  # refuses an unknown one
                complete.append(CompletePeriod(indicator=row["indicator"], period=period, bank=bank))
        except WindowserviceError:
            continue  # the readings refuse the row, and say why
    kept = [row for row in measured.readings if (row.bank, row.indicator, row.period) not in ours]
    overridden = tuple(row for row in measured.readings if (row.bank, row.indicator, row.period) in ours)
    return Readings([*given, *kept], scorecard, banks=banks, complete=complete), overridden


def _values(row: Record) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("complete", "extra")}


def score_ledger(
    engine: Engine,
    ledger: Ledger,
    bank: str,
    period: ReportingPeriod | str,
    *,
    as_of: datetime | date | str | None = None,
    scorecard: Scorecard | None = None,
    measurements: Iterable[Measurement] | None = None,
) -> LedgerScore:
    """Return the score of a bank for a day, week or month, from what the ledger's records say and what it was given.

    Args:
        engine: whose figures and calendars are meant.
        ledger: the records, and the table ``readings`` of what was counted elsewhere.
        bank: id of the bank; a former one will do.
        period: the period, or its text.
        as_of: the instant from which on nothing is seen; the end of the period if not given.
        scorecard: by what it is scored; the default one if not given.
        measurements: how indicators are counted; the default ones if not given.

    Raises:
        UnknownName: if neither the ledger's banks nor its readings know the bank.
        InvalidValue: if the period is longer than a month, or the scorecard is not in force.
    """
    wanted = to_period(period)
    card = scorecard if scorecard is not None else Scorecard.default()
    counted = default_measurements() if measurements is None else tuple(measurements)
    found = measure(engine, ledger, wanted, as_of=as_of, scorecard=card, measurements=counted)
    readings, overridden = ledger_readings(ledger, found, card)
    banks = Banks(ledger.banks)
    if not ledger.banks and bank not in readings.banks:
        raise UnknownName("bank", bank, readings.banks, "the readings of the ledger")
    one = banks.find(bank, wanted.last_day) if ledger.banks else None
    name = bank if one is None else one.id
    facts: dict[str, Any] = dict(found.facts.get(name, {}))
    for measurement in counted:
        is_open = (
            measurement.fact
            and measurement.fact not in facts
            and not found.untold.get((name, measurement.fact, wanted))
        )
        if is_open and measurement.complete_with and readings.is_complete(name, measurement.complete_with, wanted):
            facts[measurement.fact] = 0
    key = one is not None and one.is_key(wanted.last_day)
    return LedgerScore(
        score=score(card, readings, name, wanted, facts=facts, key=key), readings=readings, measured=found,
        overridden=overridden,
    )  # fmt: skip
