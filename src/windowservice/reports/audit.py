"""What an audit came to, in one value that all forms of the report are written from."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import attrs

from windowservice.engine.verdicts import Verdict
from windowservice.errors import UnknownName
from windowservice.language.tree.rule import SEVERITIES
from windowservice.reports.matters.matters import OpenMatter, Promise, open_matters, promises
from windowservice.reports.summary import Summary, code_of, grave_of, summarise

if TYPE_CHECKING:
    from collections.abc import Mapping

    from windowservice.engine.report.finding import Finding
    from windowservice.engine.report.report import Report

__all__ = ["FAIL_ON", "Audit", "Gap", "take_stock"]

FAIL_ON = (*SEVERITIES, "none")
"""From which severity on findings make an audit fail; ``none`` means never."""


@attrs.frozen
class Gap:
    """A rule that could not be told of some records.

    Attributes:
        rule: its name.
        count: of how many records.
        first: the finding on the first of them.
    """

    rule: str
    count: int
    first: Finding

    @property
    def missing(self) -> tuple[str, ...]:
        """The facts and figures that are missing there; looked for when it is asked for, for few gaps are shown."""
        return self.first.missing


@attrs.frozen(eq=False)
class Audit:
    """An audit, counted and selected, ready to be written.

    Attributes:
        report: the report itself.
        summary: its numbers.
        open: the matters that are open, overdue first; None if the rule that tells was not run.
        promises: how commitments are kept, by kind of business.
        gaps: rules that could not be told, and what is missing.
        findings: the findings to be listed, gravest first, at most as many as were asked for.
        listed: the verdicts of which findings are listed.
        found: how many findings have these verdicts.
        fail_on: from which severity on findings make the audit fail.
        bank_names: names of banks by id, as far as the ledger gives them.
    """

    report: Report
    summary: Summary
    open: list[OpenMatter] | None
    promises: dict[str, Promise]
    gaps: list[Gap]
    findings: list[Finding]
    listed: tuple[Verdict, ...]
    found: int
    fail_on: str
    bank_names: Mapping[str, str]

    @property
    def grave(self) -> int:
        """How many failures, and rules that could not be run, are at or above `fail_on` and not waived."""
        waived = Counter[str](
            one.severity for one in self.report.marked("waived") if one.verdict is not Verdict.UNKNOWN
        )
        counted = (self.summary.severities, self.summary.error_severities)
        return grave_of(counted, self.fail_on) - grave_of((waived, {}), self.fail_on)

    @property
    def exit_code(self) -> int:
        """The exit code, as `summary.exit_code`."""
        return code_of(self.report, self.grave)


def take_stock(
    report: Report,
    *,
    listed: tuple[Verdict, ...] = (Verdict.FAIL, Verdict.ERROR),
    limit: int | None = None,
    fail_on: str = "minor",
    bank_names: Mapping[str, str] | None = None,
) -> Audit:
    """Return what an audit came to.

    Args:
        report: the report of a whole audit.
        listed: the verdicts of which findings are listed.
        limit: how many of them at most; None for all.
        fail_on: one of `FAIL_ON`.
        bank_names: names of banks by id.

    Raises:
        UnknownName: for another `fail_on`.
    """
    if fail_on not in FAIL_ON:
        raise UnknownName("severity", fail_on, FAIL_ON)
    chosen, summary = report.gravest(*listed), summarise(report)
    return Audit(
        report, summary, open_matters(report), promises(report), _gaps(report, summary), list(chosen[:limit]), listed,
        len(chosen), fail_on, bank_names or {},
    )  # fmt: skip


def _gaps(report: Report, summary: Summary) -> list[Gap]:
    gaps = []
    for rule, counts in summary.by["rule"].items():
        if counts[Verdict.UNKNOWN]:
            gaps.append(Gap(rule, counts[Verdict.UNKNOWN], report.of_rule(rule, Verdict.UNKNOWN)[0]))
    return sorted(gaps, key=lambda gap: (-gap.count, gap.rule))
