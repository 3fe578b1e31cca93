"""What is looked up is told wherever it is asked for: by selections, by what settles a rule, by the command line."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

import windowservice as ws
from windowservice.cli.app import app


class contract(ws.Facts, rows=ws.Given("contracts")):
    """A contract."""

    id = ws.key("Number")
    customer = ws.code("Customer", required=True)
    tier = ws.fact(str, "Tier")


class step(ws.Facts, rows=ws.Given("steps"), happens="at"):
    """A step of a job."""

    at = ws.fact(datetime, "When", required=True)


class job(ws.Facts, rows=ws.Given("jobs"), children=step, happens="opened_at"):
    """A job."""

    id = ws.key("Number")
    customer = ws.code("Customer", required=True)
    opened_at = ws.fact(datetime, "When it was opened", required=True)
    parts = ws.fact(int, "How many parts")
    tier = ws.fact(ws.Lookup(contract.tier, on={"customer": customer}), "Tier of the contract")


TABLES = {
    "contracts": [{"id": "1", "customer": "A", "tier": "gold"}, {"id": "2", "customer": "B", "tier": "iron"}],
    "steps": [{"job": n, "at": "2026-01-02T00:00Z"} for n in "AB"],
    "jobs": [{"id": n, "customer": n, "opened_at": "2026-01-01T00:00Z", "parts": "1"} for n in "AB"],
}


def _report(rule: ws.Rule, *, columns: bool) -> ws.Report:
    calendar = ws.WorkCalendar("UTC", "mon-sun 00:00-24:00")
    pack = ws.Pack("p", version="1", rules=(rule,))
    engine = ws.Engine.load(packs=[pack], calendars=calendar, installed=False)
    return engine.audit(engine.read(TABLES), as_of="2026-02-01", columns=columns)


@pytest.mark.parametrize("columns", [False, True])
def test_a_report_is_read_by_what_no_rule_asks(columns):
    """By a fact that is looked up, though no rule rests on it."""
    report = _report(ws.Rule("some", title="Some parts", of=job, require=job.parts >= 1), columns=columns)
    assert list(report.by(job.tier)) == ["gold", "iron"]
    assert [finding.key for finding in report.filter(job.tier == "gold").of_rule("some")] == ["A"]


most = ws.Figure("most", int, {"2018-01-01": 5}, basis=ws.Basis("Ours"))


@pytest.mark.parametrize("columns", [False, True])
def test_what_settles_a_rule_may_be_looked_up(columns):
    """It is filled in as what the rule requires."""
    rule = ws.Rule("few", title="Few", of=job, require=step.at.count() <= 3, settled_when=job.tier == "gold")
    report = _report(rule, columns=columns)
    assert {finding.key: str(finding.verdict) for finding in report.of_rule("few")} == {"A": "pass", "B": "pending"}


def test_a_figure_that_only_settles_a_rule_is_amended_and_cited():
    """Who adjusts it is not told that nobody knows it."""
    rule = ws.Rule("few", title="Few", of=job, require=step.at.count() <= 3, settled_when=job.parts >= most)
    adjusted = ws.Adjust("most", {"2019-01-01": 7}, ws.Basis("Ours"))
    engine = ws.Engine.load(packs=[ws.Pack("p", version="1", rules=(rule,))], installed=False)
    assert engine.amended(adjusted).figure_tables["most"] != engine.figure_tables.get("most")
    assert engine.amended(adjusted).version != engine.version


PACK = """
schema_version = 1
name = "tiers"
version = "1"
basis.ours = { text = "Ours" }
[records.contract]
title = "A contract."
table = "contracts"
[records.contract.facts]
id = { type = "key", title = "Number" }
customer = { type = "code", title = "Customer", required = true }
tier = { type = "text", title = "Tier" }
[records.beside]
title = "What stands beside a request."
of = "request"
[records.beside.facts.tier]
title = "Tier of the bank"
lookup = { value = "contract.tier", on = { customer = "request.bank" } }
[[rules]]
name = "golden"
title = { en = "Only golden ones" }
require = "beside.tier == 'gold'"
basis = "ours"
"""


def test_explain_says_of_a_request_what_the_audit_says(tmp_path: Path):
    """Also of what is looked up."""
    pack, ledger = tmp_path / "tiers.toml", tmp_path / "ledger"
    ledger.mkdir()
    pack.write_text(PACK)
    (ledger / "requests.csv").write_text("id,bank,service\nR1,A,S10\nR2,B,S10\n")
    (ledger / "events.csv").write_text("request,at,kind\n" + "".join(
        f"R{n},2018-05-03T09:40+08:00,submitted\n" for n in (1, 2)
    ))  # fmt: skip
    (ledger / "contracts.csv").write_text("id,customer,tier\n1,A,gold\n2,B,iron\n")
    asked = ["--as-of", "2018-06-01", "--pack", str(pack)]
    for key, verdict in (("R1", "PASS"), ("R2", "FAIL")):
        said = CliRunner().invoke(app, ["explain", str(ledger), key, "golden", *asked]).output
        assert f"tiers/golden  {verdict}" in said
