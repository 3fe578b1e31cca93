"""Scoring the banks of a ledger: readings computed from its records, and readings that it was given from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

import attrs

from windowservice.asked import told
from windowservice.domain.parties import Bank, Banks
from windowservice.domain.scorecard.readings import Reading, Readings, RefusedReading, Untold
from windowservice.domain.scorecard.readings_period import ReportingPeriod, to_period
from windowservice.domain.scorecard.scorecard import Scorecard
from windowservice.engine.seen import ledger_us, seen_readings
from windowservice.engine.unread import unread_of
from windowservice.errors import InvalidValue, UnknownName
from windowservice.rules.given_readings import GIVEN, GivenRows, banks_of, key_of
from windowservice.rules.known_rows import scorecard_of
from windowservice.rules.measurements import Measurement
from windowservice.scoring.average import AverageScore, average_scores
from windowservice.scoring.observing.counting import Counting
from windowservice.scoring.observing.observed import Observed, certain_from
from windowservice.scoring.scoring import score
from windowservice.scoring.unread_scores import unread_readings
from windowservice.scoring.values import BankScore, IndicatorScore

if TYPE_CHECKING:
    from windowservice.engine.engine import Engine
    from windowservice.ledger.ledger import Ledger

__all__ = [
    "LedgerScore",
    "average_ledger",
    "ledger_readings",
    "score_banks",
    "score_ledger",
    "worst_first",
]

Scored = TypeVar("Scored", "LedgerScore", BankScore, AverageScore)


@attrs.frozen(kw_only=True)
class LedgerScore:
    """The score of a bank of a ledger, with what it rests on.

    Attributes:
        score: the score.
        readings: all readings used, those given and those computed.
        observed: what was computed, with what was set aside and what could not be told.
        overridden: computed readings for which one was given: the given one counts.
        untold_facts: why the ledger does not tell a figure that vetoes ask for, by the name of the figure.
        name: the bank's name; empty if the ledger does not list it.
    """

    score: BankScore
    readings: Readings
    observed: Observed
    overridden: tuple[Reading, ...]
    untold_facts: Mapping[str, str] = attrs.field(factory=dict)
    name: str = ""

    @property
    def refused(self) -> tuple[RefusedReading, ...]:
        """Readings that could not be used, each with the reason."""
        return self.readings.refused

    @property
    def bank(self) -> str:
        """Id of the bank."""
        return self.score.bank

    @property
    def total(self) -> Decimal | None:
        """The total, rounded once; None if the data are insufficient."""
        return self.score.total

    @property
    def grade(self) -> str | None:
        """The grade; None if the data are insufficient."""
        return self.score.grade

    @property
    def lost(self) -> tuple[IndicatorScore, ...]:
        """The indicators that lost points, the largest loss first, each with the items behind it."""
        return self.score.lost


def ledger_readings(
    ledger: Ledger, observed: Observed, scorecard: Scorecard, given_rows: GivenRows | None = None
) -> tuple[Readings, tuple[Reading, ...]]:
    """Return a ledger's readings, given and computed, and those computed for which one was given.

    A row of the table ``readings`` that says ``complete`` declares its period complete as well; one without a number
    does nothing else. ``ledger.toml`` may say so of all periods since a day.
    """
    banks = banks_of(ledger)
    read = given_rows or GivenRows.of(ledger, scorecard)
    given, complete, ours = read.rows, read.complete, read.keys
    places = list(read.places)
    kept = [row for row in observed.readings if key_of(row) not in ours]
    overridden = tuple(row for row in observed.readings if key_of(row) in ours)
    places += [f"{row.indicator} counted from {', '.join(row.items) or 'its records'}" for row in kept]
    readings = Readings(
        [*given, *kept], scorecard, banks=banks, complete=complete, complete_since=ledger.complete_since, places=places,
        untold=[
            *unread_readings(unread_of(ledger), Banks(ledger.banks)),
            *(Untold(id_, None, None, str(row)) for id_, row in ledger.banks_in_doubt.items()),
            *(Untold(bank, name, period, why[0]) for (bank, name, period), why in observed.unread.items()),
        ],
    )  # fmt: skip
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
        cls, engine: Engine, ledger: Ledger, scorecard: Scorecard | None, measurements: Iterable[Measurement] | None,
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
        return cls(Counting.of(engine, ledger, card, measurements), GivenRows.of(ledger, card))


class _Scoring:
    """A period of a ledger, observed once, of which banks are scored."""

    def __init__(
        self, engine: Engine, ledger: Ledger, period: ReportingPeriod | str, as_of: datetime | date | str | None,
        scorecard: Scorecard | None, measurements: Iterable[Measurement] | None, ready: Ready | None = None,
    ) -> None:  # fmt: skip
        self.period = to_period(period)
        ready = ready or Ready.of(engine, ledger, scorecard, measurements, as_of)
        self.card, self._counted = ready.counting.card, ready.counting.measurements
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

    def of(self, bank: str) -> LedgerScore:
        """Return the score of a bank."""
        id_, one = self.find(bank)
        facts, untold = self._facts(id_)
        key = one is not None and one.is_key(self.period.last_day)
        return LedgerScore(
            score=score(self.card, self.readings, id_, self.period, facts=facts, key=key),
            readings=self.readings,
            observed=self._found,
            overridden=self._overridden,
            untold_facts=untold,
            name=self._names.get(id_, ""),
        )

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
            return "no measurement counts it"
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
        scorecard: by what it is scored; that of the ledger or else the default one if not given.
        measurements: how indicators are counted; those of the ledger or else the default ones if not given.

    Raises:
        UnknownName: if neither the ledger's banks nor its readings know the bank.
        InvalidValue: if the period is longer than a month, or the scorecard is not in force.
    """
    return _Scoring(engine, ledger, period, as_of, scorecard, measurements).of(bank)


@told
def score_banks(
    engine: Engine,
    ledger: Ledger,
    period: ReportingPeriod | str,
    *,
    as_of: datetime | date | str | None = None,
    scorecard: Scorecard | None = None,
    measurements: Iterable[Measurement] | None = None,
    ready: Ready | None = None,
) -> tuple[LedgerScore, ...]:
    """Return the scores of all banks of a ledger for a day, week or month, in its order.

    The arguments are those of `score_ledger`, and what was made ready for several periods. Of a ledger that lists no
    banks, those that have a reading.
    """
    scoring = _Scoring(engine, ledger, period, as_of, scorecard, measurements, ready)
    return tuple(scoring.of(bank) for bank in scoring.ids)


@told
def average_ledger(
    engine: Engine,
    ledger: Ledger,
    bank: str | None,
    period: ReportingPeriod | str,
    *,
    as_of: datetime | date | str | None = None,
    scorecard: Scorecard | None = None,
    measurements: Iterable[Measurement] | None = None,
) -> tuple[AverageScore, ...]:
    """Return the scores of a bank of a ledger, or of all, for a quarter or a year: the averages of its months.

    Args:
        engine: whose figures and calendars are meant.
        ledger: the records, and the table ``readings``.
        bank: id of the bank; None: all banks of the ledger.
        period: the quarter or year, or its text.
        as_of: the instant from which on nothing is seen; the end of each month if not given.
        scorecard: by what the months are scored; that of the ledger or else the default one if not given.
        measurements: how indicators are counted; those of the ledger or else the default ones if not given.

    Raises:
        UnknownName: if the ledger does not know the bank.
        InvalidValue: if the period is no quarter or year, or the scorecard is not in force.
    """
    wanted = to_period(period)
    if wanted.kind not in ("quarter", "year"):
        raise InvalidValue("period", str(wanted), "a quarter or a year")
    ready = Ready.of(engine, ledger, scorecard, measurements, as_of)
    months = [_Scoring(engine, ledger, month, as_of, scorecard, None, ready) for month in wanted.split("month")]
    every = dict.fromkeys(id_ for month in months for id_ in month.ids)
    ids = tuple(every) if bank is None else (_present_id(months, bank),)
    refused = tuple({str(row): row for month in months for row in month.readings.refused}.values())
    return tuple(
        attrs.evolve(
            average_scores([month.of(id_).score for month in months if id_ in month.ids], wanted), refused=refused
        )
        for id_ in ids
    )


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


@told
def worst_first(scores: Iterable[Scored]) -> list[Scored]:
    """Return scores of banks in order, the least total first; those of insufficient data stand at the end."""
    return sorted(scores, key=lambda row: (row.total is None, row.total or Decimal(0), row.bank))
