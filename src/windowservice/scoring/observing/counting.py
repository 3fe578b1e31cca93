"""Readings computed from records: what a ledger's messages, positions, filings and other tables say of each indicator.

An item belongs to the period in which its limit falls; one whose limit lies ahead belongs to none yet. Duplicates,
tests and withdrawn messages leave both sides and are counted. Only what a bank itself is to blame for is its own
reading; the rest stands beside it under the party, or under ``unknown``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast

import attrs

from windowservice.asked import told
from windowservice.domain.parties import Bank, Banks
from windowservice.domain.scorecard.readings import FaultParty, Reading
from windowservice.domain.scorecard.readings_period import ReportingPeriod, to_period
from windowservice.domain.scorecard.scorecard import Scorecard
from windowservice.engine.seen import ledger_us
from windowservice.engine.unread import unread_of
from windowservice.rules.indicators import REQUESTS, Indicator
from windowservice.rules.known_rows import scorecard_of
from windowservice.scoring.branch_files import indicators_of
from windowservice.scoring.observing.observed import Observed, SetAside, certain_from, check_indicators, in_order
from windowservice.scoring.observing.requests import RequestRows
from windowservice.scoring.observing.rows import ObjectRows, ObservedRow
from windowservice.scoring.observing.sum import OWN, UNKNOWN, Side, Sum, add_up
from windowservice.scoring.observing.windows import Window, windows_of
from windowservice.scoring.unread_scores import UnreadRows

if TYPE_CHECKING:
    from windowservice.engine.engine import Engine
    from windowservice.ledger.ledger import Ledger

__all__ = ["Counting", "observe"]


@told
def observe(
    engine: Engine,
    source: Ledger | Mapping[str, Any],
    period: ReportingPeriod | str,
    *,
    as_of: datetime | date | str | None = None,
    scorecard: Scorecard | None = None,
    indicators: Iterable[Indicator] | None = None,
    banks: Iterable[Bank] | None = None,
) -> Observed:
    """Return the readings of a period that records tell, over objects or in columns; see `Engine.observe`."""
    from windowservice.ledger.ledger import Ledger

    if not isinstance(source, Ledger):
        from windowservice.scoring.observing.frames import observe_columns

        return observe_columns(
            engine, source, period, as_of=as_of, scorecard=scorecard, indicators=indicators, banks=banks or ()
        ).observed()
    card = scorecard if scorecard is not None else scorecard_of(engine, source)
    return Counting.of(engine, source, card, indicators).observe(period, as_of, banks)


@attrs.frozen(eq=False)
class Counting:
    """The tables of a ledger made ready to be counted, for as many periods as are asked for.

    Attributes:
        engine: the engine of the ledger.
        ledger: the ledger.
        card: whose indicators are read.
        indicators: how they are counted.
    """

    engine: Engine
    ledger: Ledger
    card: Scorecard
    indicators: tuple[Indicator, ...]
    _tables: dict[str, ObjectRows | RequestRows]

    @classmethod
    def of(cls, engine: Engine, ledger: Ledger, card: Scorecard, indicators: Iterable[Indicator] | None) -> Counting:
        """Return a ledger made ready; indicators are those that go with it if None are given."""
        counted = indicators_of(engine, ledger, card) if indicators is None else tuple(indicators)
        check_indicators(counted, card)
        engine = engine.for_ledger(ledger)
        return cls(engine, ledger, card, counted, _tables(engine, ledger, counted))

    def observe(
        self,
        period: ReportingPeriod | str,
        as_of: datetime | date | str | None = None,
        banks: Iterable[Bank] | None = None,
    ) -> Observed:
        """Return what is counted in a period; see `observe`."""
        return _observed(self, to_period(period), as_of, banks, self._tables)


def _observed(
    of: Counting, wanted: ReportingPeriod, as_of: datetime | date | str | None, banks: Iterable[Bank] | None,
    tables: Mapping[str, ObjectRows | RequestRows],
) -> Observed:  # fmt: skip
    engine, source, card, counted = of.engine, of.ledger, of.card, of.indicators
    limit = None if as_of is None else ledger_us(engine, source, as_of)
    listed = Banks(source.banks if banks is None else banks)
    found = _Found(listed)
    lost = UnreadRows(engine, unread_of(source), listed) if source.unread else None
    for indicator in in_order(counted):
        rows = tables.get(indicator.table)
        if rows is None and lost is None:
            continue
        for window in windows_of(engine, indicator, card, wanted, limit):
            if rows is not None:
                found.take(indicator, window, rows)
            if lost is not None:
                found.lose(indicator, window, lost)
    return found.observed(tuple(tables), certain_from(card))


def _tables(engine: Engine, source: Ledger, indicators: Iterable[Indicator]) -> dict[str, ObjectRows | RequestRows]:
    """Return the tables that are there, each with the way in which its rows are computed."""
    tables: dict[str, ObjectRows | RequestRows] = {}
    for indicator in indicators:
        name = indicator.table
        if name in tables:
            continue
        if name in source.records:
            tables[name] = ObjectRows(engine.reader_of(indicator.of), source.records[name])
        elif name == REQUESTS and source.requests:
            tables[name] = RequestRows(engine.reader_of(indicator.of), source.requests)
    return tables


class _Found:
    """What was counted so far."""

    def __init__(self, banks: Banks) -> None:
        self._banks = banks
        self._readings: list[Reading] = []
        self._facts: dict[str, dict[str, int]] = {}
        self._aside: list[SetAside] = []
        self._untold: dict[tuple[str, str, ReportingPeriod], tuple[str, ...]] = {}
        self._unread: dict[tuple[str | None, str, ReportingPeriod], tuple[str, ...]] = {}
        self._told: dict[tuple[str, ReportingPeriod], set[tuple[str, int]]] = {}
        self._keys: dict[date, frozenset[str]] = {}

    def take(self, indicator: Indicator, window: Window, rows: ObjectRows | RequestRows) -> None:
        """Count one period of an indicator."""
        keys = self._keys_on(window.period.last_day) if window.key_only else None
        if keys is not None and not keys:
            return
        wanted = None if keys is None else (lambda bank, day: self._bank(bank, day) in keys)
        of_period = self._once(indicator, window, rows.rows(indicator, window, wanted))
        added = add_up(indicator, of_period, self._bank, window.business_days)
        name, period = indicator.name, window.period
        keep = _banks_of(added)
        for bank in keep:
            if bank in added.untold:
                before = self._untold.get((bank, name, period), ())
                self._untold[bank, name, period] = (*before, *added.untold[bank])
        self._aside += [
            SetAside(bank, name, period, reason, number)
            for (bank, reason), number in sorted(added.excluded.items())
            if bank in keep
        ]
        for (bank, party), side in sorted({**_own_sides(indicator, added), **added.sides}.items()):
            if bank not in keep or (party == UNKNOWN and side.denominator == 0):
                continue  # of the second kind only `untold` speaks: there is nothing to show a rate of
            if indicator.fact:
                self._fact(bank, indicator, side.numerator if party == OWN else 0)
            else:
                self._readings.append(_reading(bank, name, window, party, side))

    def lose(self, indicator: Indicator, window: Window, lost: UnreadRows) -> None:
        """Note which rows that could not be read may belong to a period of an indicator."""
        for bank, row in lost.of(indicator, window):
            key = (bank, indicator.name, window.period)
            self._unread[key] = (*self._unread.get(key, ()), str(row))

    def _once(self, indicator: Indicator, window: Window, rows: Iterable[ObservedRow]) -> Iterable[ObservedRow]:
        """Return the rows of a figure without those of a register on a bank's day that another table tells already."""
        if not indicator.fact:
            return rows
        told = self._told.setdefault((indicator.fact, window.period), set())
        of_period = list(rows)
        if indicator.register:
            return [row for row in of_period if (self._bank(row.bank, row.day), row.day) not in told]
        told |= {
            (self._bank(row.bank, row.day), row.day) for row in of_period if row.when is not False and row.numerator
        }
        return of_period

    def _fact(self, bank: str, indicator: Indicator, value: int) -> None:
        """Add to a figure that vetoes ask for, of which several tables may each tell a part."""
        of_bank = self._facts.setdefault(bank, {})
        before = of_bank.get(indicator.fact, 0)
        of_bank[indicator.fact] = max(before, value) if indicator.combine == "max" else before + value

    def _bank(self, named: str, day: int) -> str:
        bank = self._banks.known(named, date.fromordinal(day))
        return named if bank is None else bank.id  # a ledger need not list its banks

    def _keys_on(self, day: date) -> frozenset[str]:
        """Return the key institutions on a day."""
        if day not in self._keys:
            self._keys[day] = frozenset(bank.id for bank in self._banks if bank.is_key(day))
        return self._keys[day]

    def observed(self, tables: tuple[str, ...], certain: Mapping[str, int]) -> Observed:
        """Return all of it; a figure with a record of which nobody can tell is left unknown, if that may decide."""
        unknown = {(bank, name) for bank, name, _ in self._untold}
        facts = {
            bank: {
                fact: value
                for fact, value in of_bank.items()
                if (bank, fact) not in unknown or value >= certain.get(fact, value + 1)
            }
            for bank, of_bank in self._facts.items()
        }
        return Observed(
            readings=tuple(self._readings),
            facts={bank: told for bank, told in facts.items() if told},
            set_aside=tuple(self._aside),
            untold=self._untold,
            tables=tables,
            unread=self._unread,
        )


def _own_sides(indicator: Indicator, added: Sum) -> dict[tuple[str, str], Side]:
    """Return an empty side of its own for each bank of which all that was missed is known to be the fault of others."""
    banks = {bank for bank, _ in added.sides} - {bank for bank, party in added.sides if party in (OWN, UNKNOWN)}
    denominator = None if indicator.denominator is None else 0
    return {(bank, OWN): Side(0, denominator) for bank in banks}


def _reading(bank: str, indicator: str, window: Window, party: str, side: Side) -> Reading:
    return Reading(
        bank=bank, indicator=indicator, period=window.period, numerator=side.numerator, denominator=side.denominator,
        fault_party=cast("FaultParty", party), provisional=window.provisional, items=tuple(side.missed),
    )  # fmt: skip


def _banks_of(added: Sum) -> list[str]:
    found = {bank for bank, _ in (*added.sides, *added.excluded)} | set(added.untold)
    return sorted(found)
