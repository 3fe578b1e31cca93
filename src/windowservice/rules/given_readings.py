"""The table ``readings`` of a ledger: what was counted elsewhere, read once for all periods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import attrs

from windowservice.domain.parties import Bank, Banks
from windowservice.domain.scorecard.readings import CompletePeriod, Reading, Readings, reading_or_row
from windowservice.domain.scorecard.readings_period import ReportingPeriod
from windowservice.domain.scorecard.scorecard import Scorecard
from windowservice.errors import WindowserviceError

if TYPE_CHECKING:
    from windowservice.domain.records import Record
    from windowservice.ledger.ledger import Ledger

__all__ = ["GIVEN", "GivenRows", "banks_of", "key_of"]

GIVEN: Final = "readings"
"""The name of the table."""


def banks_of(ledger: Ledger) -> Banks | None:
    """Return the banks of a ledger, of which a rejected row may tell no more than the id; None if it lists none."""
    every = [*ledger.banks, *(Bank(id=id_) for id_ in ledger.banks_in_doubt)]
    return Banks(every) if every else None


@attrs.frozen(eq=False)
class GivenRows:
    """The table ``readings`` of a ledger, read once.

    Attributes:
        readings: its readings, with the rows that are none refused.
        keys: bank, indicator and period of the readings; one that is refused takes nobody's place.
    """

    readings: Readings
    keys: frozenset[tuple[str, str, ReportingPeriod]]

    @classmethod
    def of(cls, ledger: Ledger, scorecard: Scorecard) -> GivenRows:
        """Return the table of a ledger."""
        banks = banks_of(ledger)
        rows: list[Mapping[str, Any]] = []
        places, complete = [], []
        for row in ledger.records.get(GIVEN, ()):
            word = _word_on_period(row, scorecard, banks)
            if word is not None:
                complete.append(word)
            if row.get("numerator") is not None or word is None:
                rows.append(_values(row))
                places.append(row.where)
        readings = Readings(
            [reading_or_row(row) for row in rows], scorecard, banks=banks, complete=complete,
            complete_since=ledger.complete_since, places=places,
        )  # fmt: skip
        return cls(readings, frozenset(map(key_of, readings)))


def key_of(row: Reading) -> tuple[str, str, ReportingPeriod]:
    """Return what a reading is of: bank, indicator and period."""
    return row.bank, row.indicator, row.period


def _word_on_period(row: Record, scorecard: Scorecard, banks: Banks | None) -> CompletePeriod | None:
    """Return a row's word that a period is complete; None if it does not say so, or names what nobody knows."""
    if not row.get("complete"):
        return None
    try:
        word = CompletePeriod(indicator=row["indicator"], period=row["period"], bank=row["bank"])
        scorecard[word.indicator]  # refuses an unknown one
        if banks is not None:
            banks.find(row["bank"], word.period.last_day)
    except WindowserviceError:
        return None  # the readings refuse the row, and say why
    return word


def _values(row: Record) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("complete", "extra")}
