"""An audit in numbers: verdicts by rule, policy, principle, service, bank and clerk, counted."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

import attrs

from windowservice.engine.verdicts import Verdict
from windowservice.language.tree.rule import SEVERITIES

if TYPE_CHECKING:
    from windowservice.engine.report.report import Report

__all__ = ["Counts", "Summary", "share_kept", "summarise"]

Counts: TypeAlias = Counter[Verdict]
"""How many verdicts there are of each kind."""


@attrs.frozen(eq=False)
class Summary:
    """The numbers of an audit.

    Attributes:
        records: how many records were judged; a reopened request is one for each of its cycles.
        further: how many of them are rows of further tables, such as messages or positions.
        failed_records: how many of them failed any rule.
        counts: all verdicts.
        severities: the failures by severity, all severities named.
        error_severities: the same of rules that could not be run.
        by: the verdicts by ``rule``, ``policy``, ``principle``, ``service``, ``bank`` and ``clerk``, each
            sorted by name.
    """

    records: int
    further: int
    failed_records: int
    counts: Counts
    severities: dict[str, int]
    error_severities: dict[str, int]
    by: dict[str, dict[str, Counts]]


def share_kept(counts: Counts) -> Fraction | None:
    """Return passed verdicts as a share of those that came to pass or fail; None if none did."""
    judged = counts[Verdict.PASS] + counts[Verdict.FAIL]
    return Fraction(counts[Verdict.PASS], judged) if judged else None


def summarise(report: Report) -> Summary:
    """Return the numbers of an audit; of a selection, those of it."""
    by_rule = report.by("rule")
    rules = {loaded.name: loaded.rule for loaded in report.engine.rules}
    by = {"rule": by_rule}
    for field in ("policy", "principle", "severity"):  # what a rule says is counted from the counts of the rules
        folded: dict[str, Counts] = {}
        for name, counts in by_rule.items():
            folded.setdefault(str(getattr(rules[name], field)), Counter()).update(counts)
        by[field] = dict(sorted(folded.items()))
    by |= {name: report.by(name) for name in ("service", "bank", "clerk")}
    by_severity = by.pop("severity")
    severities, errors = (
        {severity: by_severity.get(severity, Counter())[verdict] for severity in reversed(SEVERITIES)}
        for verdict in (Verdict.FAIL, Verdict.ERROR)
    )
    further = sum(len(store) for store in report.stores if store.runner.vocabulary.options.table is not None)
    return Summary(len(report.subjects), further, report.failed_records, report.counts, severities, errors, by)
