"""An audit in numbers: verdicts by rule, institution, principle, service and bank, counted from the masks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

import attrs

from windowservice.engine.finding import Finding
from windowservice.engine.verdicts import Verdict
from windowservice.instants import datetime_us
from windowservice.language.rule import SEVERITIES

if TYPE_CHECKING:
    from windowservice.engine.report import Report
    from windowservice.engine.running import Runner
    from windowservice.engine.verdicts import Verdicts

__all__ = ["Counts", "Summary", "pick", "share_kept", "summarise"]

Counts: TypeAlias = Counter[Verdict]
"""How many verdicts there are of each kind."""


@attrs.frozen(eq=False)
class Summary:
    """The numbers of an audit.

    Attributes:
        records: how many records were judged; a reopened request is one for each of its cycles.
        failed_records: how many of them failed any rule.
        counts: all verdicts.
        severities: the failures by severity, all severities named.
        error_severities: the same of rules that could not be run.
        by: the verdicts by ``rule``, ``institution``, ``principle``, ``service`` and ``bank``, each sorted by name.
    """

    records: int
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
    """Return the numbers of a whole audit (a selection made by `Report.filter` is not regarded)."""
    by: dict[str, dict[str, Counts]] = {name: {} for name in ("rule", "institution", "principle", "service", "bank")}
    severities, errors = (dict.fromkeys(reversed(SEVERITIES), 0) for _ in range(2))
    for runner, verdicts, number in _alike(report):
        for verdict in Verdict:
            for position in verdicts.positions(verdict):
                rule = runner.rules[position].rule
                named = (
                    ("rule", runner.names[position]),
                    ("institution", rule.institution),
                    ("principle", rule.principle),
                )
                for selector, name in named:
                    by[selector].setdefault(name, Counter())[verdict] += number
                if verdict is Verdict.FAIL:
                    severities[rule.severity] += number
                elif verdict is Verdict.ERROR:
                    errors[rule.severity] += number
    for selector in ("service", "bank"):
        _count_records(report, selector, by[selector])
    failed = sum(1 for subject in report.subjects if subject.verdicts.masks[0])
    sorted_by = {selector: dict(sorted(found.items())) for selector, found in by.items()}
    return Summary(len(report.subjects), failed, report.counts, severities, errors, sorted_by)


def _alike(report: Report) -> Iterator[tuple[Runner, Verdicts, int]]:
    """Yield the verdicts that records have, each once with how many have them: they are few, the records many."""
    numbers: Counter[tuple[Runner, tuple[int, ...], tuple[int, ...]]] = Counter()
    first: dict[tuple[Runner, tuple[int, ...], tuple[int, ...]], Verdicts] = {}
    for subject in report.subjects:
        key = (subject.runner, subject.verdicts.masks, tuple(subject.verdicts.errors))
        numbers[key] += 1
        first.setdefault(key, subject.verdicts)
    yield from ((key[0], first[key], number) for key, number in numbers.items())


def _count_records(report: Report, selector: str, into: dict[str, Counts]) -> None:
    for subject in report.subjects:
        name = str(subject.read(selector) or "")
        counts = into.get(name)
        if counts is None:
            counts = into[name] = Counter()
        verdicts = subject.verdicts
        for verdict in Verdict:
            counts[verdict] += verdicts.mask(verdict).bit_count()


def pick(report: Report, verdicts: tuple[Verdict, ...]) -> list[Finding]:
    """Return the findings with one of the verdicts: the gravest first, in the order of the records among equals."""
    us, version = datetime_us(report.as_of), report.engine.version
    rank = {severity: -place for place, severity in enumerate(SEVERITIES)}
    found = [
        Finding(subject, position, us, version)
        for subject in report.subjects
        for position in subject.verdicts.positions(*verdicts)
    ]
    found.sort(key=lambda finding: rank[finding.severity])
    return found
