"""Every row of the coverage table that an audit judges, seen in ``windowservice audit`` on the sample ledger.

A row passes somewhere, fails somewhere with its number, and cannot be told somewhere.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.engines import built_in
from tests.sample.write import write_sample

from windowservice.cli.app import app

JUDGED = {  # row: packs, or single rules
    "W1": ("first_contact",),
    "W2": ("told_once",),
    "W3": ("in_time",),
    "W4": ("commitment/commitment_kept", "commitment/commitment_published", "commitment/commitment_within_statute"),
    "W5": ("commitment/service_offered", "told_once/asked_from_posted_list"),
    "W7": ("roll_out",),
    "L1": ("lectures",),
    "L2": (
        "filings/emergency_reported_at_once", "filings/reported_within_days", "filings/filed_in_advance",
        "filings/periodic_report_in_time",
    ),
    "L3": ("meetings",),
    "L4": ("capability", "own_training"),
    "T1": (
        "training/trained_before_new_rule", "training/trained_in_time", "training/request_answered",
        "training/risk_taught_online", "training/test_passed", "training/taught_in_another_form",
        "training/new_need_listed", "training/error_prone_bank_listed", "training/common_error_listed",
    ),
    "T2": ("training/training_had_effect", "training/errors_fell_like_peers"),
    "M1": ("messages", "incidents"),
    "M2": (
        "exchange/presented_without_own_error", "exchange/exchange_error_corrected_in_time",
        "exchange/returned_within_session", "exchange/returned_for_valid_reason",
    ),
    "M3": ("actions",),
    "A2": (
        "exchange/booked_without_own_error", "exchange/accounting_error_corrected_in_time",
        "exchange/own_error_in_circular", "reconciliation",
    ),
    "A3": ("positions",),
    "R1": ("inspections",),
    "R2": ("filings/warning_acknowledged_in_time", "filings/warning_acted_on_in_time"),
    "S2": ("etiquette",),
    "S3": ("admission",),
    "S4": ("integrity",),
    "S5": ("postings",),
    "S6": ("supervision",),
    "S7": ("outside", "inspections/closing_verified"),
    "D1": ("duty_matrix",),
    "D2": ("front_and_back/no_ping_pong", "front_and_back/not_left_between"),
    "D3": ("front_and_back/takes_expected_time",),
    "D4": ("standard",),
    "D5": ("initiative",),
    "D6": ("at_once",),
    "D7": ("breaches",),
    "E1": ("commitment/finished_before_at_risk",),
}  # fmt: skip
NO_ROW = {"duties"}  # whatever duties a branch adds, of no row in particular
NOT_JUDGED = {
    "W6": "a report read by principle; each rule names one",
    "A1": "a scorecard: points, not verdicts (windowservice score)",
    "S1": "rules of a branch's own, which it brings as a pack",
    "E2": "what stands beside every finding",
    "E3": "another audit with other figures, and the changes",
}
ALWAYS_TOLD = {  # rows that the sample always tells, and what would have to be missing
    "W7": "the list of banks",
    "R2": "a calendar of the year, or a limit: a warning that lacks something is pending or late",
    "D3": "a ledger that does not record all that begins a wait",
    "D5": "a calendar of the year",
}


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """The findings of an audit of a small sample, by rule and verdict, but for those that do not apply."""
    folder = write_sample(tmp_path_factory.mktemp("sample"), seed=1, requests=50)
    words = ["audit", str(folder), "--as-of", "2018-12-31", "--format", "json", "--show", "pass,fail,unknown"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 1, result.stderr
    found: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for finding in json.loads(result.stdout)["findings"]:
        found[finding["rule"]][finding["verdict"]].append(finding)
    return found


def _rules(named: tuple[str, ...]) -> list[str]:
    every = [rule.name for rule in built_in().rules]
    return [rule for rule in every if rule in named or rule.partition("/")[0] in named]


def test_the_table_has_every_row_of_the_page_and_every_rule() -> None:
    """A row is judged or it is said why not; a rule belongs to a row."""
    page = (Path(__file__).resolve().parents[3] / "docs" / "coverage.md").read_text("utf-8")
    assert {*JUDGED, *NOT_JUDGED} == set(re.findall(r"^\| ([A-Z]\d) \|", page, re.MULTILINE))
    placed = {rule for named in (*JUDGED.values(), tuple(NO_ROW)) for rule in _rules(named)}
    assert placed == {rule.name for rule in built_in().rules}


@pytest.mark.parametrize("row", JUDGED)
def test_a_row_passes_and_fails_with_its_number_and_cannot_be_told(row: str, findings: Any) -> None:
    """Each in at least one finding; of the rows of `ALWAYS_TOLD` none is ever unknown in the sample."""
    of_row = [findings[rule] for rule in _rules(JUDGED[row])]
    assert any(verdicts["pass"] for verdicts in of_row)
    failed = [finding for verdicts in of_row for finding in verdicts["fail"]]
    assert any(finding["shortfall"] and finding["shortfall"]["amount"] is not None for finding in failed)
    unknown = [finding for verdicts in of_row for finding in verdicts["unknown"]]
    assert bool(unknown) != (row in ALWAYS_TOLD)
