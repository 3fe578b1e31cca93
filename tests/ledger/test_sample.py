"""The sample ledger: what was planted is what is found, nothing more and nothing less, whatever the seed."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import timedelta

import pytest

import windowservice as ws
from windowservice.errors import InvalidValue
from windowservice.facts.request import request as request_vocabulary
from windowservice.ledger.sample import AS_OF, PLANTED_FILE, make_sample, write_sample

FEW = 150  # matters in order beside the planted ones: enough for every kind of business, quick to audit
ENGINE = ws.Engine.load(installed=False)
FURTHER = (  # packs whose tables the sample has
    "messages", "exchange", "positions", "incidents", "filings",
    "inspections", "lectures", "meetings", "outside", "initiative", "supervision",
    "integrity", "postings", "etiquette", "breaches", "roll_out", "measures", "admission",
)  # fmt: skip
LEFT_OUT = {"integrity/bank_not_of_one_clerk"}  # it wants more matters of one bank than a small sample has
RULES = sorted(
    rule.name
    for rule in ENGINE.rules
    if rule.rule.of is request_vocabulary or (rule.name.partition("/")[0] in FURTHER and rule.name not in LEFT_OUT)
)


@pytest.fixture(scope="module", params=[1, 2, 3, 4, 2018])
def audited(request, tmp_path_factory):
    """A sample of one seed: its list of what was planted, and the report of its audit."""
    folder = write_sample(tmp_path_factory.mktemp("sample"), seed=request.param, requests=FEW)
    with (folder / PLANTED_FILE).open(encoding="utf-8", newline="") as file:
        planted = list(csv.DictReader(file))
    return planted, ENGINE.audit(ws.Ledger.read(folder), as_of=AS_OF)


def test_the_failures_are_the_planted_faults(audited):
    """As sets of request and rule they are equal, so no near miss and nothing in order is among them."""
    planted, report = audited
    faults = {(row["request"], row["rule"]) for row in planted if row["kind"] == "fault"}
    near = {(row["request"], row["rule"]) for row in planted if row["kind"] == "near_miss"}
    assert {(finding.key, finding.rule) for finding in report.failures} == faults
    assert not near & faults


def test_every_listed_verdict_comes_out_with_its_number(audited):
    """Near misses pass or do not apply, as listed; a fault is missed by the number, or the real time, that was put."""
    planted, report = audited
    for row in planted:
        finding = report.finding(row["request"], row["rule"])
        assert finding.verdict == row["expected"], row
        if row["number"]:
            assert finding.shortfall.amount == int(row["number"]), row
        if row["late_by_seconds"]:
            late = timedelta(seconds=float(row["late_by_seconds"]))
            assert finding.shortfall.amount == late, row


def test_every_rule_has_five_faults_and_five_near_misses(audited):
    """No built-in rule of requests, or of the further tables in the sample, is left out."""
    planted, _ = audited
    for kind in ("fault", "near_miss"):
        number = Counter(row["rule"] for row in planted if row["kind"] == kind)
        assert sorted(number) == RULES
        assert min(number.values()) >= 5, (kind, number)


def test_nothing_in_the_sample_is_unknown_or_in_error(audited):
    """It records everything, and no row of it is refused."""
    _, report = audited
    assert (len(report.unknowns), len(report.errors)) == (0, 0)
    assert report.load.rejected == 0
    assert report.load.read == report.load.accepted


def test_a_request_is_listed_once_for_a_rule(audited):
    """A fault is not planted on a near miss of the same rule."""
    planted, _ = audited
    listed = Counter((row["request"], row["rule"]) for row in planted)
    assert max(listed.values()) == 1


def test_the_same_seed_gives_the_same_sample():
    """And another seed another one."""
    assert make_sample(7, 20) == make_sample(7, 20)
    assert make_sample(7, 20) != make_sample(8, 20)


def test_without_matters_in_order_the_planted_ones_stand_alone():
    """Whoever wants only faults and near misses asks for none."""
    matters, expected = make_sample(7, 0)
    assert {matter.id for matter in matters} == {row.request for row in expected}


@pytest.mark.parametrize(("name", "value"), [("seed", -1), ("seed", 1.5), ("requests", -1), ("requests", True)])
def test_a_number_that_makes_no_sense_is_refused(name, value):
    """The message names it."""
    with pytest.raises(InvalidValue, match=name):
        make_sample(**{name: value})
