"""The numbers of an audit, against counting finding by finding."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest

import windowservice as ws
from windowservice.engine.report.report import Report
from windowservice.engine.verdicts import Verdict
from windowservice.reports.summary import share_kept, summarise


@pytest.mark.parametrize("selector", ["rule", "policy", "principle", "service", "bank"])
def test_counts_by_selector_are_those_of_the_findings(report: Report, selector: str) -> None:
    """Counting by masks gives what counting the findings gives."""
    counted = {name: +counts for name, counts in summarise(report).by[selector].items()}
    assert counted == {name: +counts for name, counts in report.by(selector).items()}


def test_totals_are_those_of_the_findings(report: Report) -> None:
    """Verdicts, failures by severity and records that failed."""
    summary = summarise(report)
    assert summary.records == 6
    assert +summary.counts == +Counter(finding.verdict for finding in report)
    failures = Counter(finding.severity for finding in report.failures)
    assert summary.severities == {s: failures[s] for s in ("severe", "major", "minor", "note")}
    assert summary.failed_records == len({finding.key for finding in report.failures})
    assert list(summary.severities) == ["severe", "major", "minor", "note"]


def test_share_kept_regards_what_is_decided() -> None:
    """Pending, unknown and not applicable verdicts are neither kept nor broken; without others there is no share."""
    assert share_kept(Counter({Verdict.PASS: 2, Verdict.FAIL: 1, Verdict.UNKNOWN: 9, Verdict.PENDING: 9})) == Fraction(
        2, 3
    )
    assert share_kept(Counter({Verdict.UNKNOWN: 9, Verdict.PENDING: 9})) is None


def test_findings_are_picked_gravest_first(report: Report) -> None:
    """All findings with the verdicts are there, and the order among equals is that of the records."""
    found = report.gravest(Verdict.FAIL, Verdict.PENDING)
    assert Counter(f.verdict for f in found) == Counter(
        f.verdict for f in report if f.verdict in (Verdict.FAIL, Verdict.PENDING)
    )
    ranks = [("severe", "major", "minor", "note").index(finding.severity) for finding in found]
    assert ranks == sorted(ranks)
    order = {subject.key: place for place, subject in enumerate(report.subjects)}
    majors = [order[finding.key] for finding in found if finding.severity == "major"]
    assert majors == sorted(majors)


def test_an_audit_of_records_of_ones_own_without_a_row_has_numbers() -> None:
    """On a quiet day nothing is counted by banks or services that nobody has."""

    class quiet(ws.Facts, carries=("team",)):
        """A ticket."""

        id = ws.key("Id")
        team = ws.fact(str, "Team")
        replies = ws.fact(int, "Replies")

    rule = ws.Rule("answered", title="Answered", require=quiet.replies > 0)
    engine = ws.Engine.load(packs=[ws.Pack("desk", version="1", rules=[rule])], installed=False)
    found = summarise(engine.audit([], as_of="2024-01-01"))
    assert found.by.keys() == {"rule", "team", "clerk"}
    assert found.records == 0
