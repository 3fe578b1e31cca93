"""What the escalation ladder proposes for the banks of a ledger, with the scores that some of its rows want."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

import attrs

from windowservice.asked import told
from windowservice.domain.scorecard.readings_period import PeriodKind, ReportingPeriod
from windowservice.domain.scorecard.scorecard import Scorecard
from windowservice.engine.seen import ledger_us, seen_ledger
from windowservice.escalation.calls import seen_proposals
from windowservice.escalation.proposals import Proposals
from windowservice.escalation.records import first_day
from windowservice.instants import datetime_us, from_us, utc_datetime
from windowservice.rules.escalation.ladder import Ladder, LookBack
from windowservice.rules.indicators import Indicator
from windowservice.rules.known_rows import ladder_of, scorecard_of
from windowservice.scoring.average import average_scores
from windowservice.scoring.ledger import Ready, score_month
from windowservice.scoring.values import Score

if TYPE_CHECKING:
    from windowservice.domain.scorecard.readings import RefusedReading
    from windowservice.engine.engine import Engine
    from windowservice.ledger.ledger import Ledger

__all__ = ["last_month_scores", "pending_admissions", "propose_ledger"]

_MONTHS: Final = 4
"""How many closed months the rows on indicators look at."""


@told
def propose_ledger(
    engine: Engine,
    ledger: Ledger,
    *,
    as_of: datetime | date | str,
    ladder: Ladder | None = None,
    scorecard: Scorecard | None = None,
    indicators: Iterable[Indicator] | None = None,
) -> Proposals:
    """Return what the ladder proposes for the banks of a ledger; see `Engine.propose`."""
    engine = engine.for_ledger(ledger)
    ladder = ladder or ladder_of(engine, ledger)
    us = ledger_us(engine, ledger, as_of)
    ledger = seen_ledger(ledger, us, engine.calendar.zone)
    card = scorecard if scorecard is not None else scorecard_of(engine, ledger)
    ready = Ready.of(engine, ledger, card, indicators)
    months: dict[ReportingPeriod, tuple[Score, ...]] = {}
    refused: dict[str, RefusedReading] = {}

    def scores(month: ReportingPeriod) -> tuple[Score, ...]:
        if month not in months:
            seen = utc_datetime(us)
            found = score_month(ready, month, seen)
            months[month] = found.all
            refused.update((str(row), row) for row in found.refused)
        return months[month]

    last_day = from_us(us, engine.calendar.zone).date()
    read = [score for month in _closed("month", last_day, _MONTHS) if card.in_force(month) for score in scores(month)]
    quarters = [
        average
        for quarter in _quarters(last_day, ladder.look_back)
        for average in _averages(quarter, [scores(month) for month in quarter.split("month") if card.in_force(month)])
    ]
    admissions = pending_admissions(ledger, us)
    found = seen_proposals(engine, ledger, us, ladder, scores=read, quarters=quarters, admissions=admissions)
    return attrs.evolve(found, refused=tuple(refused.values()))


def last_month_scores(engine: Engine, ledger: Ledger, us: int) -> list[Score]:
    """Return the scores of all banks in the last month that had ended, and in those before it that its ladder reads."""
    card, day = scorecard_of(engine, ledger), from_us(us, engine.calendar.zone).date()
    ready = Ready.of(engine, ledger, card, None)
    return [
        row
        for month in _closed("month", day, _MONTHS)
        if card.in_force(month)
        for row in score_month(ready, month, utc_datetime(us))
    ]


def pending_admissions(ledger: Ledger, us: int) -> dict[str, bool | None]:
    """Return the institutions whose admission is under way, and whether they passed the test before it.

    Under way is an application of which a stage began, and that neither failed a stage nor was opened. Of a stage that
    was gone through again, and of several applications of one institution, the last to begin counts. None: the test is
    not yet over, or not recorded.
    """
    begun = (row for row in ledger.records.get("admission_stages", ()) if datetime_us(row["began_at"]) <= us)
    found: dict[tuple[str, str], dict[str, bool | None]] = {}
    for row in sorted(begun, key=lambda row: (datetime_us(row["began_at"]), row["id"])):
        ended = row.get("ended_at") is not None and datetime_us(row["ended_at"]) <= us
        stages = found.pop((row["bank"], row["application"]), {})
        found[row["bank"], row["application"]] = {**stages, row["stage"]: row.get("passed") if ended else None}
    return {
        bank: stages.get("test")
        for (bank, _), stages in found.items()
        if "opening" not in stages and not any(passed is False and stage != "test" for stage, passed in stages.items())
    }


def _closed(kind: PeriodKind, day: date, number: int) -> Iterator[ReportingPeriod]:
    """Yield the last periods of a kind that had ended when a day began, the latest first."""
    period = ReportingPeriod.of(kind, day)
    for _ in range(number):
        period = period.previous
        yield period


def _quarters(day: date, look_back: LookBack) -> Iterator[ReportingPeriod]:
    """Yield the quarters that ended within the look-back, and the one before: a run may begin there."""
    first = first_day(day, look_back)
    for quarter in _closed("quarter", day, 8):
        yield quarter
        if quarter.last_day < first:
            return


def _averages(quarter: ReportingPeriod, months: Iterable[tuple[Score, ...]]) -> Iterator[Score]:
    by_bank: dict[str, list[Score]] = {}
    for scores in months:
        for score in scores:
            by_bank.setdefault(score.bank, []).append(score)
    for of_bank in by_bank.values():
        yield average_scores(of_bank, quarter)
