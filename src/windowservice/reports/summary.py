"""An audit in numbers: verdicts by rule, policy, principle, service, bank and clerk, counted."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

import attrs

from windowservice.engine.report.dimensions import BANKS, OF_RULES, carried, said_of_rules
from windowservice.engine.verdicts import Verdict
from windowservice.language.tree.rule import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from windowservice.engine.engine import Engine
    from windowservice.engine.report.report import Report

__all__ = [
    "Counts",
    "Summary",
    "by_severity",
    "calendar_versions",
    "code_of",
    "exit_code",
    "grave_of",
    "share_kept",
    "summarise",
]

Counts: TypeAlias = Counter[Verdict]
"""How many verdicts there are of each kind."""


@attrs.frozen(eq=False)
class Summary:
    """The numbers of an audit.

    Attributes:
        records: how many records were judged, of a selection those in it; a reopened request is one for each of its
            cycles.
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


def calendar_versions(engine: Engine) -> dict[str, str]:
    """Return the versions of the calendars that an engine may count by: without rules on the branch, those given."""
    known = engine.calendars if engine.bank else engine.given or ()
    return {name: engine.calendars[name].version for name in sorted(known) if name in engine.calendars}


def by_severity(report: Report) -> tuple[dict[str, int], dict[str, int]]:
    """Return how many failures there are by severity, all severities named, and how many rules could not be run."""
    return _of_severities(report.by("severity"))


def _of_severities(counts: Mapping[str, Counts]) -> tuple[dict[str, int], dict[str, int]]:
    failed, errors = (
        {severity: counts.get(severity, Counter())[verdict] for severity in reversed(SEVERITIES)}
        for verdict in (Verdict.FAIL, Verdict.ERROR)
    )
    return failed, errors


def share_kept(counts: Counts) -> Fraction | None:
    """Return passed verdicts as a share of those that came to pass or fail; None if none did."""
    judged = counts[Verdict.PASS] + counts[Verdict.FAIL]
    return Fraction(counts[Verdict.PASS], judged) if judged else None


def summarise(report: Report) -> Summary:
    """Return the numbers of an audit; of a selection, those of it."""
    by_rule = report.by("rule")
    rules = {loaded.name: loaded.rule for store in report.stores for loaded in store.runner.rules}
    said: dict[str, dict[str, Counts]] = {"policy": {}, "principle": {}, "severity": {}}
    for field, folded in said.items():  # what a rule says is counted from the counts of the rules
        for name, counts in by_rule.items():
            folded.setdefault(str(getattr(rules[name], field)), Counter()).update(counts)
    severities, errors = _of_severities(said.pop("severity"))
    by = {"rule": by_rule, **{field: dict(sorted(folded.items())) for field, folded in said.items()}}
    runners = [store.runner for store in report.stores]
    if not runners and not report.engine.bank:  # nothing was there to judge, of what is somebody's own
        runners = [report.engine.runner_of(None, of) for of in report.engine.judged_vocabularies]
    kept = said_of_rules(runners) if runners else OF_RULES
    by = {name: counts for name, counts in by.items() if name == "rule" or name in kept}
    carried_by = carried(runner.vocabulary for runner in runners) if runners else BANKS
    by |= {name: report.by(name) for name in (*reversed(carried_by), "clerk")}
    selected = {store.runner.vocabulary.options.table: store.selected for store in report.stores}
    further = sum(number for table, number in selected.items() if table is not None)
    return Summary(sum(selected.values()), further, report.failed_records, report.counts, severities, errors, by)


def grave_of(counts: tuple[Mapping[str, int], Mapping[str, int]], fail_on: str) -> int:
    """Return how many of what is counted by severity are at or above one; of `none`, none."""
    if fail_on == "none":
        return 0
    return sum(found.get(severity, 0) for found in counts for severity in SEVERITIES[SEVERITIES.index(fail_on) :])


def code_of(report: Report, grave: int) -> int:
    """Return the exit code of a report with so many grave findings."""
    if grave:
        return 1
    return 0 if report.evaluated and not (report.load is not None and report.load.rejected) else 3


def exit_code(report: Report, fail_on: str) -> int:
    """Return 0: clean; 1: findings at or above `fail_on`; 3: nothing could be evaluated, or rows were rejected.

    What was not read never looks clean.
    """
    return code_of(report, grave_of(by_severity(report), fail_on))
