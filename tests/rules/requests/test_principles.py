"""Row W6, the principles: each rule names the one it serves, and a report can be read by principle."""

from __future__ import annotations

import json
from typing import get_args

import pytest
from click.testing import CliRunner
from tests.rules.matters import LATER, Case, engine, judged

from windowservice.cli.app import app
from windowservice.domain.catalogue.service import Principle
from windowservice.facts import request as r

TAKEN = "05-03 09:40 submitted wang; 10:00 accepted wang"
NOTICED = "05-03 09:40 submitted wang; 10:00 notified wang items=S10-M2 written"

# principle, a rule that serves it, what happened, verdict, kinds that are not recorded
ROWS = [
    ("lawful", "standard/checked_by_another", f"{TAKEN}; 10:10 checked zhao; 10:30 decided li", "pass", ""),
    ("lawful", "standard/checked_by_another", f"{TAKEN}; 10:10 checked li; 10:30 decided li", "fail", ""),
    ("lawful", "standard/checked_by_another", f"{TAKEN}; 10:10 checked; 10:30 decided li", "unknown", ""),
    ("good_service", "commitment/commitment_kept", f"{TAKEN}; 05-10 17:00 decided li", "pass", ""),
    ("good_service", "commitment/commitment_kept", f"{TAKEN}; 05-10 17:00:01 decided li", "fail", ""),
    ("good_service", "commitment/commitment_kept", "05-03 09:40 submitted wang", "unknown", "accepted"),
    ("satisfied_banks", "told_once/told_once", f"{NOTICED}; 05-04 10:00 decided li", "pass", ""),
    ("satisfied_banks", "told_once/told_once", f"{NOTICED}; 11:00 notified wang items=S10-M3", "fail", ""),
    ("satisfied_banks", "told_once/told_once", f"{TAKEN}; 05-04 10:00 decided li", "unknown", "notified"),
]


def test_row_w6_each_rule_of_requests_names_a_principle() -> None:
    """One of the four of the account; the rules of requests serve three, the fourth is an attribute of posts."""
    named = {loaded.rule.principle for loaded in engine().rules if loaded.rule.of is r}
    assert named == {"lawful", "good_service", "satisfied_banks"}
    assert named < set(get_args(Principle))


@pytest.mark.parametrize(("principle", "rule", "events", "verdict", "unrecorded"), ROWS)
def test_row_w6_by_the_api(principle: str, rule: str, events: str, verdict: str, unrecorded: str) -> None:
    """The verdict counts for its principle, and the report can be narrowed to it."""
    report = judged(Case("", events, verdict, unrecorded=unrecorded))
    finding = report.finding("R-1", rule)
    assert (finding.verdict, finding.principle) == (verdict, principle)
    assert report.by("principle")[principle][finding.verdict] >= 1
    narrowed = list(report.filter(principle=principle, verdict=verdict))
    assert rule in {found.rule for found in narrowed}
    assert {found.principle for found in narrowed} == {principle}


@pytest.mark.parametrize(("principle", "rule", "events", "verdict", "unrecorded"), ROWS)
def test_row_w6_by_the_command_line(principle: str, rule: str, events: str, verdict: str, unrecorded: str) -> None:
    """A program gets the principle with each finding."""
    request = Case("", events, verdict, unrecorded=unrecorded).request()
    words = ["check", "-", "--as-of", LATER, "--format", "json"]
    document = json.loads(CliRunner().invoke(app, words, input=request.to_json()).stdout)
    found = {finding["rule"]: finding for finding in document["findings"]}[rule]
    assert (found["verdict"], found["principle"]) == (verdict, principle)
    if verdict == "fail":
        assert found["shortfall"]["amount"] == 1


def test_row_w6_an_audit_is_read_by_principle(tmp_path) -> None:
    """The counts by principle add up to all verdicts, in the document and in the text."""
    for name, text in (
        ("ledger.toml", 'zone = "Asia/Shanghai"\n'),
        ("requests.csv", "id,bank,service\nR-1,105221000018,S10\n"),
        ("events.csv", "request,at,kind,by\nR-1,2018-05-03 09:40,submitted,wang\nR-1,2018-05-11 09:40,decided,li\n"),
    ):
        (tmp_path / name).write_text(text, "utf-8")
    words = ["audit", str(tmp_path), "--as-of", LATER]
    document = json.loads(CliRunner().invoke(app, [*words, "--format", "json"]).stdout)
    rows = document["by"]["principle"]
    assert {"lawful", "good_service", "satisfied_banks"} <= set(rows)
    for verdict in ("pass", "fail", "unknown"):
        assert sum(row[verdict] for row in rows.values()) == document["counts"][verdict]
    assert "By principle" in CliRunner().invoke(app, words).stdout
