"""Row S1, a branch's own rules on service (服务工作管理办法): a pack as data, beside the built-in ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.engines import built_in
from tests.rules.ledgers import HOUR, Case, Group, cases

import windowservice as ws
from windowservice.cli.app import app
from windowservice.facts.records import RECORD_VOCABULARIES

PACK = Path(__file__).resolve().parents[2] / "docs" / "examples" / "service_rules.toml"
RATINGS = "id,clerk,asked_at,rated_at,grade,named,called_back_at,called_back_by"
TABLE = {
    "service_rules/bad_rating_called_back_at_once": Group(
        headers={"ratings": RATINGS}, key="G1", cases=[
            Case("the next working day", "G1,wang,2018-05-03 10:00,2018-05-03 10:05,2,yes,2018-05-04 17:00,li", "pass"),
            Case("the working day after", "G1,wang,2018-05-03 10:00,2018-05-03 10:05,2,yes,2018-05-07 09:00,li", "fail",
                 64 * HOUR, "late by 2 days 16 hours"),
            Case("before the rules were issued", "G1,wang,2018-01-03 10:00,2018-01-03 10:05,2,yes,,", "unknown", None,
                 "callback_at_once"),
            Case("whether there was a name is not written", "G1,wang,2018-05-03 10:00,2018-05-03 10:05,1,,,", "unknown",
                 None, "rating.named"),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "group", "case"), cases(TABLE))
def test_row_s1_says(rule: str, group: Group, case: Case, tmp_path: Path) -> None:
    """A pack in a TOML file judges like a built-in one, by the API and by ``windowservice audit --pack``."""
    ledger = group.write(case, tmp_path / "ledger")
    engine = built_in().with_pack(ws.read_pack(PACK, RECORD_VOCABULARIES))
    finding = engine.audit(ws.Ledger.read(ledger), as_of=case.as_of).finding(group.key, rule)
    assert finding.verdict == case.verdict, finding.explain()
    if case.number is not None:
        assert finding.shortfall.amount == case.number
    assert case.said in str(finding)
    options = ["--pack", str(PACK), "--as-of", case.as_of, "--format", "json", "--show", "all", "--fail-on", "none"]
    document = json.loads(CliRunner().invoke(app, ["audit", str(ledger), *options]).stdout)
    found = {(row["key"], row["rule"]): row for row in document["findings"]}
    assert found[group.key, rule]["verdict"] == case.verdict


def test_row_s1_the_rules_cite_the_branch() -> None:
    """Every rule of the pack names the branch's rules as its basis."""
    pack = ws.read_pack(PACK, RECORD_VOCABULARIES)
    assert {rule.basis.text for rule in pack.rules} == {"Rules on service work of the branch (服务工作管理办法)"}
