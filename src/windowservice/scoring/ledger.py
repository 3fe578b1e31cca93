"""Scoring the banks of a ledger: readings computed from its records, and readings that it was given from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from itertools import chain
from typing import TYPE_CHECKING

import attrs

from windowservice.asked import told
from windowservice.domain.parties import Bank, Banks
from windowservice.domain.scorecard.readings import Reading, Readings, Untold
from windowservice.domain.scorecard.readings_period import ReportingPeriod, to_period
from windowservice.domain.scorecard.scorecard import Scorecard
from windowservice.engine.seen import ledger_us, seen_readings
from windowservice.engine.unread import unread_of
from windowservice.errors import UnknownName
from windowservice.rules.given_readings import GIVEN, GivenRows, banks_of, key_of
from windowservice.rules.indicators import Indicator
from windowservice.rules.known_rows import scorecard_of
from windowservice.scoring.average import average_scores
from windowservice.scoring.observing.counting import Counting
from windowservice.scoring.observing.observed import Observed, certain_from
from windowservice.scoring.scores import Scores
from windowservice.scoring.scoring import score
from windowservice.scoring.unread_scores import unread_readings
from windowservice.scoring.values import Score

if TYPE_CHECKING:
    from windowservice.engine.engine import Engine
    from windowservice.ledger.ledger import Ledger

__all__ = ["Ready", "ledger_readings", "score_ledger", "score_month"]


def ledger_readings(
    ledger: Ledger, observed: Observed, scorecard: Scorecard, given_rows: GivenRows | None = None
) -> tuple[Readings, tuple[Reading, ...]]:
    """Return a ledger's readings, given and computed, and those computed for which one was given.

    A row of the table ``readings`` that says ``complete`` declares its period complete as well; one without a number
    does nothing else. ``ledger.toml`` may say so of all periods since a day.
    """
    given = given_rows or GivenRows.of(ledger, scorecard)
    kept = [row for row in observed.readings if key_of(row) not in given.keys]
    overridden = tuple(row for row in observed.readings if key_of(row) in given.keys)
    readings = given.readings.joined(
        kept,
        places=[f"{row.indicator} counted from {', '.join(row.items) or 'its records'}" for row in kept],
        untold=[
            *unread_readings(unread_of(ledger), Banks(ledger.banks)),
            *(Untold(id_, None, None, str(row)) for id_, row in ledger.banks_in_doubt.items()),
            *(Untold(bank, name, period, why[0]) for (bank, name, period), why in observed.unread.items()),
        ],
    )
    return readings, overridden


@attrs.frozen(eq=False)
class Ready:
    """A ledger made ready to be scored, for as many periods as are asked for.

    Attributes:
        counting: its tables.
        given: its readings.
    """

    counting: Counting
    given: GivenRows

    @classmethod
    def of(
        cls, engine: Engine, ledger: Ledger, scorecard: Scorecard | None, indicators: Iterable[Indicator] | None,
        as_of: datetime | date | str | None = None,
    ) -> Ready:  # fmt: skip
        """Return a ledger made ready; what is not given is that which goes with it.

        Readings of periods that begin after `as_of` are not there yet.
        """
        rows = ledger.records.get(GIVEN, ())
        if rows and as_of is not None:
            seen = seen_readings(rows, ledger_us(engine, ledger, as_of), engine.zone)
            ledger = attrs.evolve(ledger, records={**ledger.records, GIVEN: seen})
        card = scorecard if scorecard is not None else scorecard_of(engine, ledger)
        return cls(Counting.of(engine, ledger, card, indicators), GivenRows.of(ledger, card))


class _Scoring:
    """A period of a ledger, observed once, of which banks are scored."""

    def __init__(self, ready: Ready, period: ReportingPeriod, as_of: datetime | date | str | None) -> None:
        ledger = ready.counting.ledger
        self.period = period
        self.card, self._counted = ready.counting.card, ready.counting.indicators
        self._found = ready.counting.observe(self.period, as_of)
        self.readings, self._overridden = ledger_readings(ledger, self._found, self.card, ready.given)
        listed = banks_of(ledger)
        self._listed = listed is not None
        self._names = ledger.bank_names
        self.banks = listed or Banks(())

    @property
    def ids(self) -> tuple[str, ...]:
        """The banks of the ledger; of one that lists none, those that have a reading."""
        return tuple(bank.id for bank in self.banks) if self._listed else self.readings.banks

    def find(self, bank: str) -> tuple[str, Bank | None]:
        """Return the present id of a bank, and the bank if the ledger lists it.

        Raises:
            UnknownName: if the ledger knows nothing of it, with the nearest.
        """
        if self._listed:
            one = self.banks.find(bank, self.period.last_day)
            return one.id, one
        if bank not in self.readings.banks:
            raise UnknownName("bank", bank, self.readings.banks, "the readings of the ledger")
        return bank, None

    def scores(self, ids: Iterable[str]) -> Scores:
        """Return the scores of banks."""
        return Scores(
            period=self.period, all=tuple(map(self._score, ids)), readings=tuple(self.readings),
            overridden=self._overridden, refused=self.readings.refused, set_aside=self._found.set_aside,
            untold=self._found.untold,
        )  # fmt: skip

    def _score(self, bank: str) -> Score:
        id_, one = self.find(bank)
        facts, untold = self._facts(id_)
        key = one is not None and one.is_key(self.period.last_day)
        found = score(self.card, self.readings, id_, self.period, facts=facts, key=key)
        vetoes = (attrs.evolve(row, why=untold.get(row.veto.condition[0], "")) for row in found.vetoes)
        return attrs.evolve(found, name=self._names.get(id_, ""), vetoes=tuple(vetoes))

    def _facts(self, bank: str) -> tuple[dict[str, int], dict[str, str]]:
        """Return the figures that vetoes ask for, and why each of the others is not told."""
        facts = dict(self._found.facts.get(bank, {}))
        untold, certain = {}, certain_from(self.card)
        for name in (row.id for row in self.card.facts):
            if self._lost(bank, name) and facts.get(name, -1) < certain.get(name, facts.get(name, 0) + 1):
                facts.pop(name, None)  # one more may have been among what could not be read
            if name not in facts:
                why = self._untold(bank, name)
                if why:
                    untold[name] = why
                else:
                    facts[name] = 0
        return facts, untold

    def _lost(self, bank: str, fact: str) -> tuple[str, ...]:
        unread = self._found.unread
        return (*unread.get((bank, fact, self.period), ()), *unread.get((None, fact, self.period), ()))

    def _untold(self, bank: str, fact: str) -> str:
        """Return why nobody can tell a figure of which nothing was counted; empty if that means that it is 0."""
        lost = self._lost(bank, fact)
        if lost:
            return "; ".join(lost)
        items = self._found.untold.get((bank, fact, self.period))
        if items:
            return f"these do not say enough: {', '.join(items)}"
        ways = [one for one in self._counted if one.fact == fact]
        if not ways:
            return "no indicator counts it"
        for way in ways:
            is_complete = way.complete_with and self.readings.is_complete(bank, way.complete_with, self.period)
            if is_complete or (way.register and way.table in self._found.tables):
                return ""
        tables = " and ".join(dict.fromkeys(way.table for way in ways))
        told = [way.table for way in ways if way.table in self._found.tables]
        if not told:
            return f"the ledger has no table of {tables.replace(' and ', ' or ')}"
        declared = " or ".join(dict.fromkeys(way.complete_with for way in ways if way.complete_with))
        return f"{', '.join(told)} hold nothing of the bank" + (
            f", and the period is not declared complete for {declared}" if declared else ""
        )


@told
def score_ledger(
    engine: Engine,
    ledger: Ledger,
    period: ReportingPeriod | str,
    bank: str | None = None,
    *,
    as_of: datetime | date | str | None = None,
    scorecard: Scorecard | None = None,
    indicators: Iterable[Indicator] | None = None,
) -> Scores:
    """Return the scores of the banks of a ledger; see `Engine.score`."""
    wanted = to_period(period)
    ready = Ready.of(engine, ledger, scorecard, indicators, as_of)
    if wanted.kind not in ("quarter", "year"):
        return score_month(ready, wanted, as_of, bank)
    months = [_Scoring(ready, month, as_of) for month in wanted.split("month")]
    id_ = None if bank is None else _present_id(months, bank)
    found = [month.scores(one for one in month.ids if id_ in (None, one)) for month in months]
    by_bank: dict[str, list[Score]] = {}
    for one in chain.from_iterable(found):
        by_bank.setdefault(one.bank, []).append(one)
    return Scores(
        period=wanted,
        all=tuple(average_scores(of_bank, wanted) for of_bank in by_bank.values()),
        readings=tuple(dict.fromkeys(row for month in found for row in month.readings)),
        overridden=tuple(dict.fromkeys(row for month in found for row in month.overridden)),
        refused=tuple({str(row): row for month in found for row in month.refused}.values()),
        set_aside=tuple(dict.fromkeys(row for month in found for row in month.set_aside)),
        untold={key: items for month in found for key, items in month.untold.items()},
    )


def score_month(
    ready: Ready, period: ReportingPeriod, as_of: datetime | date | str | None, bank: str | None = None
) -> Scores:
    """Return the scores of a day, week or month of a ledger that was made ready."""
    scoring = _Scoring(ready, period, as_of)
    return scoring.scores(scoring.ids if bank is None else (scoring.find(bank)[0],))


def _present_id(months: Iterable[_Scoring], bank: str) -> str:
    """Return the id of a bank that any of the months knows."""
    problem: UnknownName | None = None
    for month in months:
        try:
            return month.find(bank)[0]
        except UnknownName as error:
            problem = error
    assert problem is not None  # noqa: S101 - a quarter has months
    raise problem
