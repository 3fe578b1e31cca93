"""What an audit came to: its exit code above all."""

from __future__ import annotations

import pytest

import windowservice as ws
from windowservice.engine.report.report import Report
from windowservice.engine.verdicts import Verdict
from windowservice.errors import UnknownName
from windowservice.language.tree.rule import SEVERITIES
from windowservice.reports.audit import FAIL_ON, take_stock


@pytest.mark.parametrize("fail_on", FAIL_ON)
def test_exit_code_is_1_from_the_severity_on(report: Report, fail_on: str) -> None:
    """Failures below the severity do not count, and with none nothing does."""
    gravest = max(SEVERITIES.index(finding.severity) for finding in report.failures)
    wanted = int(fail_on != "none" and SEVERITIES.index(fail_on) <= gravest)
    audit = take_stock(report, fail_on=fail_on)
    assert audit.exit_code == wanted
    if fail_on != "none":
        assert audit.grave == len(report.at_least(fail_on))


def test_nothing_evaluated_is_3(engine: ws.Engine) -> None:
    """No records, or records of which all is unknown, are never clean."""
    assert take_stock(engine.audit([], as_of="2018-05-15")).exit_code == 3
    unknown = ws.Request("r", "B", "S10", recorded=frozenset({"noted"}))
    audit = take_stock(engine.audit([unknown], as_of="2018-05-15"), fail_on="note")
    assert audit.summary.counts[Verdict.UNKNOWN] > 0
    assert audit.exit_code == 3


def test_gaps_name_what_is_missing(engine: ws.Engine) -> None:
    """Each rule that could not be told stands once, with how often, an example and the facts it lacks."""
    requests = [ws.Request(f"r{n}", "B", "S10", recorded=frozenset({"noted"})) for n in range(3)]
    gaps = take_stock(engine.audit(requests, as_of="2018-05-15")).gaps
    assert len({gap.rule for gap in gaps}) == len(gaps) > 0
    assert {(gap.count, gap.first.key) for gap in gaps} == {(3, "r0")}
    assert all(gap.missing for gap in gaps)


def test_a_list_is_cut_and_still_counted(report: Report) -> None:
    """With a limit the gravest are listed, and how many there are is told."""
    audit = take_stock(report, limit=2)
    assert len(audit.findings) == 2
    assert audit.found == len(report.failures)


def test_another_severity_is_refused(report: Report) -> None:
    """With the nearest name."""
    with pytest.raises(UnknownName, match="did you mean 'major'"):
        take_stock(report, fail_on="mayor")


def test_the_command_line_knows_the_same_severities() -> None:
    """The choices of --fail-on are written there so that help need not load the engine."""
    from windowservice.cli.commands.audit import FAIL_ON as CHOICES

    assert CHOICES == FAIL_ON
