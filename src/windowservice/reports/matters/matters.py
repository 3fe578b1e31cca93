"""The matters behind the verdicts on commitments: what is open, who holds it and until when, and how much was used."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal, cast

import attrs

from windowservice.engine.report.stores.objects import ObjectStore
from windowservice.engine.verdicts import Verdict
from windowservice.facts.requests.request import request as r
from windowservice.instants import datetime_us, from_us
from windowservice.reports.matters.columns import TIMES, kept_by_service, shares_by_service

if TYPE_CHECKING:
    import pendulum

    from windowservice.engine.report.finding import Finding
    from windowservice.engine.report.report import Report
    from windowservice.engine.report.stores.columns import ColumnStore

__all__ = ["AT_RISK_RULE", "KEPT_RULE", "OpenMatter", "Promise", "State", "open_matters", "promises"]

State = Literal["overdue", "at risk", "due next"]
KEPT_RULE: Final = "commitment/commitment_kept"
AT_RISK_RULE: Final = "commitment/finished_before_at_risk"
_ORDER: Final = ("overdue", "at risk", "due next")


@attrs.frozen
class OpenMatter:
    """A matter that is not finished (row-E1).

    Attributes:
        state: overdue (its commitment is missed), at risk (most of its time is used), or due next.
        key: the id of the request.
        bank: the bank that asked.
        service: the kind of business.
        holder: the clerk who owns it now; None if nobody does.
        in_transfer: whether it is handed over and not yet taken; then the holder is the giver.
        due: when it is due by the published commitment.
    """

    state: State
    key: str
    bank: str
    service: str
    holder: str | None
    in_transfer: bool
    due: pendulum.DateTime


def _requests(report: Report, rule: str, *verdicts: Verdict) -> Iterator[Finding]:
    """Yield what a rule found of requests, with one of the verdicts; those in error under any rule are left out."""
    for finding in report.of_rule(rule, *verdicts):
        if finding.subject.runner.vocabulary is r and not finding.subject.verdicts.errors:
            yield finding


def open_matters(report: Report) -> list[OpenMatter] | None:
    """Return the matters that are open under a commitment, overdue ones first, then by due; None without those rules.

    Of the rule ``commitment/finished_before_at_risk`` they are those that failed while still open, and those pending.
    """
    if all(loaded.name != AT_RISK_RULE for loaded in report.engine.rules):
        return None
    us, found = datetime_us(report.as_of), []
    exprs = (r.finished_at, r.commitment_due, r.owner, r.in_transfer)
    for finding in _requests(report, AT_RISK_RULE, Verdict.FAIL, Verdict.PENDING):
        subject, verdict = finding.subject, finding.verdict
        finished, due, owner, moving = subject.runner.values("open matters", exprs, subject.record, us)
        if finished is not None or due is None:
            continue
        state: State = "due next" if verdict is Verdict.PENDING else "overdue" if due < us else "at risk"
        when = from_us(due, report.engine.zone)
        found.append(
            OpenMatter(state, subject.key, subject.read("bank"), subject.read("service"), owner, moving is True, when)
        )
    return sorted(found, key=lambda m: (_ORDER.index(m.state), m.due, m.key))


@attrs.frozen
class Promise:
    """How the commitment for one kind of business is kept (row-W4).

    Attributes:
        service: the kind of business.
        kept: how many matters were finished within it.
        missed: how many were not.
        open: how many can still go either way.
        median_used: the median share of the limit that finished matters used, stops taken out; above 1 is late.
        p95_used: the 95th percentile of it.
    """

    service: str
    kept: int
    missed: int
    open: int
    median_used: Fraction | None
    p95_used: Fraction | None

    @property
    def share_kept(self) -> Fraction | None:
        """The share kept of those decided."""
        return Fraction(self.kept, self.kept + self.missed) if self.kept + self.missed else None


def promises(report: Report) -> dict[str, Promise]:
    """Return how the commitments are kept, by kind of business."""
    store = next((store for store in report.stores if KEPT_RULE in store.runner.names), None)
    if store is None:
        return {}
    if isinstance(store, ObjectStore):
        verdicts, used = _kept_and_used(report)
    else:
        columns = cast("ColumnStore", store)
        verdicts, used = kept_by_service(columns, KEPT_RULE), shares_by_service(columns, KEPT_RULE)
    return {
        service: Promise(
            service,
            counts.get(Verdict.PASS, 0),
            counts.get(Verdict.FAIL, 0),
            counts.get(Verdict.PENDING, 0),
            _median(used.get(service)),
            _quantile(used.get(service), 95),
        )
        for service, counts in sorted(verdicts.items())
    }


def _kept_and_used(report: Report) -> tuple[dict[str, dict[Verdict, int]], dict[str, list[Fraction]]]:
    """Return by kind of business how often the commitment was kept, and the shares of it that matters used."""
    us = datetime_us(report.as_of)
    verdicts: dict[str, dict[Verdict, int]] = {}
    used: dict[str, list[Fraction]] = {}
    for finding in _requests(report, KEPT_RULE, Verdict.PASS, Verdict.FAIL, Verdict.PENDING):
        subject, verdict = finding.subject, finding.verdict
        service = str(subject.read("service"))
        counts = verdicts.setdefault(service, {})
        counts[verdict] = counts.get(verdict, 0) + 1
        if verdict is not Verdict.PENDING:
            one, whole, done = subject.runner.values("promises", (*TIMES, r.finished_at), subject.record, us)
            if done is not None and one is not None and whole:
                used.setdefault(service, []).append(Fraction(one, whole))
    return verdicts, used


def _median(values: list[Fraction] | None) -> Fraction | None:
    """Return the median: of an even number of values, the mean of the middle two."""
    if not values:
        return None
    ordered = sorted(values, key=float)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def _quantile(values: list[Fraction] | None, percent: int) -> Fraction | None:
    """Return the nearest-rank percentile: the smallest value that so many percent of the values do not exceed."""
    if not values:
        return None
    return sorted(values, key=float)[-(-len(values) * percent // 100) - 1]  # floats keep the order, and are quicker
