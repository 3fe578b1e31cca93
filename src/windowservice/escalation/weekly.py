"""The weekly list: the banks that are watched week by week, since when, why, and until when.

A bank with many errors comes on it when that is known, and stays on it until, after a training, its errors of the kind
taught fell no less than those of its peers. Key institutions are on it for as long as they are such.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import attrs

from windowservice.asked import told
from windowservice.clean import for_line
from windowservice.domain.parties import Bank
from windowservice.domain.periods import Span, span_of
from windowservice.engine.made.civil_days import CivilDays
from windowservice.engine.made.training_effects import ERROR_NEEDS, EVERY_KIND
from windowservice.engine.report.finding import Finding
from windowservice.engine.seen import seen_ledger
from windowservice.engine.verdicts import Verdict
from windowservice.errors import UnknownName
from windowservice.facts.training.training_record import training_effect
from windowservice.instants import datetime_us

if TYPE_CHECKING:
    from windowservice.engine.report.report import Report
    from windowservice.ledger.ledger import Ledger

__all__ = ["WeeklyEntry", "WeeklyList", "weekly_list"]

RULE: Final = "training/errors_fell_like_peers"
"""The rule by which a bank leaves the list, or stays on it."""
State: TypeAlias = Literal["to_train", "being_measured", "fell_less", "not_told", "fell", "key"]
_SAID: Final[dict[State, str]] = {
    "to_train": "its training is not held yet",
    "being_measured": "the days after its training are not over yet",
    "fell_less": "its errors fell less than those of its peers",
    "not_told": "it cannot be told whether its errors fell like those of its peers",
    "fell": "its errors fell no less than those of its peers",
    "key": "it is a key institution",
}


@attrs.frozen
class WeeklyEntry:
    """Why one bank is, or was, on the weekly list.

    Attributes:
        bank: the bank.
        need: the number of the training need that brought it there; None for a key institution.
        since: the first day.
        until: the last day; None while it stays.
        state: how matters stand as of the instant judged.
        finding: the verdict on the last training that was measured: the evidence for leaving or staying.
    """

    bank: str
    need: str | None
    since: date
    until: date | None
    state: State
    finding: Finding | None

    @property
    def why(self) -> str:
        """The state in words, with what nobody wrote down, or how many errors there were and should have been."""
        said, found = _SAID[self.state], self.finding
        if found is not None and self.state == "not_told":
            given = [name for name, fact in training_effect.given.items() if fact.definition is None]
            missing = [name for name in given if f"training_effect.{name}" in found.missing]
            return f"{said}: {', '.join(missing)} missing"
        if found is not None and found.shortfall is not None:
            short = found.shortfall
            return f"{said}: {short.actual} {short.unit}, wanted {short.sign} {short.bound}"
        return said

    def is_on(self, week: Span) -> bool:
        """Return whether the bank was on the list on any day of a week."""
        return self.since <= week.last and (self.until is None or week.first <= self.until)

    def __str__(self) -> str:
        until = "" if self.until is None else f" until {self.until}"
        need = "" if self.need is None else f" for {self.need}"
        return for_line(f"{self.bank} since {self.since}{until}{need}: {self.why}")


@attrs.frozen
class WeeklyList:
    """The entries of the weekly list as of an instant, those that were left included.

    Attributes:
        entries: by bank and first day.
        last: the last day that is seen.
    """

    entries: tuple[WeeklyEntry, ...]
    last: date

    def in_week(self, day: date | None = None) -> tuple[WeeklyEntry, ...]:
        """Return the entries of the week that a day lies in (Monday to Sunday), by default the last one seen."""
        week = span_of("week", self.last if day is None else day)
        return tuple(entry for entry in self.entries if entry.is_on(week))

    def banks(self, day: date | None = None) -> tuple[str, ...]:
        """Return the banks on the list in a week, each once."""
        return tuple(dict.fromkeys(entry.bank for entry in self.in_week(day)))

    def __str__(self) -> str:
        found = self.in_week()
        return "\n".join(
            [f"weekly list {span_of('week', self.last).name}: {len(self.banks())} banks", *map(str, found)]
        )


@told
def weekly_list(report: Report, ledger: Ledger) -> WeeklyList:
    """Return the weekly list that follows from an audit of a ledger.

    A bank comes on it when a need for training on its errors is known (`many_errors`, `no_effect`), and leaves it on
    the last of the 60 days after a training on the same kinds of error in which they fell no less than those of its
    peers. While that is not known, or cannot be told, it stays.

    Args:
        report: the report on the ledger, by an engine that has the rule ``training/errors_fell_like_peers``.
        ledger: its training needs and banks.

    Raises:
        UnknownName: if the engine of the report does not have the rule.
    """
    us = datetime_us(report.as_of)
    days = CivilDays(report.engine.calendar, us)
    ledger = seen_ledger(ledger, us, report.engine.calendar.zone)
    measured: dict[str, list[Finding]] = {}
    names = tuple(rule.name for rule in report.engine.rules)
    if RULE not in names:
        raise UnknownName("rule", RULE, names, "the weekly list")
    for finding in report.of_rule(RULE, *Verdict):
        measured.setdefault(finding.record["bank"], []).append(finding)
    found = [
        _of_need(row, measured.get(row["bank"], []), days)
        for row in ledger.records.get("training_needs", ())
        if row["kind"] in ERROR_NEEDS and row.get("bank") and datetime_us(row["arisen_at"]) <= us
    ]  # fmt: skip
    found += [entry for bank in ledger.banks for entry in _of_key(bank, days.last)]
    return WeeklyList(tuple(sorted(found, key=lambda entry: (entry.bank, entry.since, entry.need or ""))), days.last)


def _of_need(need: Any, measured: list[Finding], days: CivilDays) -> WeeklyEntry:
    bank, since = need["bank"], days.of(need["arisen_at"])
    about = sorted((f for f in measured if _is_about(f.record, need)), key=lambda f: f.record["held_at"])
    for finding in about:
        if finding.verdict == Verdict.PASS:
            return WeeklyEntry(bank, need["id"], since, finding.record["measured_on"], "fell", finding)
    if about:
        state: State = "fell_less" if about[-1].verdict == Verdict.FAIL else "not_told"
        return WeeklyEntry(bank, need["id"], since, None, state, about[-1])
    held = need.get("held_at")
    state = "being_measured" if held is not None and datetime_us(held) <= days.us else "to_train"
    return WeeklyEntry(bank, need["id"], since, None, state, None)


def _is_about(effect: Any, need: Any) -> bool:
    """Return whether an effect is of the need's own training, or of a later one that taught all of the need's kinds."""
    if effect["need"] == need["id"]:
        return True
    wanted, taught = need.get("error_kinds"), effect.get("error_kinds")
    if not wanted or not taught or effect["held_at"] < need["arisen_at"]:
        return False
    return EVERY_KIND in taught or wanted <= taught


def _of_key(bank: Bank, last: date) -> Iterator[WeeklyEntry]:
    for period in bank.key_periods:
        since = period.since or bank.joined or date.min
        while since <= last and bank.is_new(since):
            since += timedelta(days=1)
        if since <= last and (period.until is None or since <= period.until):
            until = period.until if period.until is not None and period.until <= last else None
            yield WeeklyEntry(bank.id, None, since, until, "key", None)
