"""The sample ledger: what was planted is what is found, nothing more and nothing less, whatever the seed."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import timedelta

import pytest
from tests.engines import built_in
from tests.sample.write import make_sample, write_sample

import windowservice as ws
from windowservice.errors import InvalidValue
from windowservice.ledger.sample import AS_OF, PLANTED_FILE, unpack_sample

FEW = 150  # matters in order beside the planted ones: enough for every kind of business, quick to audit
ENGINE = built_in()
RULES = sorted(rule.name for rule in ENGINE.rules)
ALWAYS_TOLD = {"initiative", "outside", "reconciliation", "roll_out"}
"""Packs whose rules can tell of any row that the sample may hold: see the command line's test of rows."""


@pytest.fixture(scope="module", params=[1, 2018])
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
    """A near miss passes or does not apply; a fault is missed by the number, or the real time, that was put."""
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


def test_what_cannot_be_told_is_the_planted_unknowns(audited):
    """As sets they are equal, every pack has one, and each names what is missing."""
    planted, report = audited
    unknown = {(row["request"], row["rule"]) for row in planted if row["kind"] == "unknown"}
    assert {(finding.key, finding.rule) for finding in report.unknowns} == unknown
    packs = {rule.partition("/")[0] for rule in RULES} - ALWAYS_TOLD
    assert {rule.partition("/")[0] for _, rule in unknown} == packs
    assert all(finding.evidence.missing for finding in report.unknowns)


def test_nothing_in_the_sample_is_refused_or_in_error(audited):
    """Every row is read, and every rule can be run."""
    _, report = audited
    assert len(report.errors) == 0
    assert report.load.rejected == 0
    assert report.load.read == report.load.accepted


def test_a_request_is_listed_once_for_a_rule(audited):
    """A fault is not planted on a near miss of the same rule."""
    planted, _ = audited
    listed = Counter((row["request"], row["rule"]) for row in planted)
    assert max(listed.values()) == 1


@pytest.mark.slow
def test_months_that_are_long_by_chance_are_listed_too(tmp_path):
    """At full size a clerk, or a post, may take half as long again as usual: seed 36 has three such months."""
    folder = write_sample(tmp_path / "sample", seed=36)
    with (folder / PLANTED_FILE).open(encoding="utf-8", newline="") as file:
        planted = list(csv.DictReader(file))
    report = ENGINE.only("front_and_back").audit(ws.Ledger.read(folder), as_of=AS_OF)
    faults = {(row["request"], row["rule"]) for row in planted if row["kind"] == "fault"}
    failed = {(finding.key, finding.rule) for finding in report.failures}
    assert failed == {fault for fault in faults if fault[1].startswith("front_and_back/")}
    assert sum(row["what"] == "a long month" for row in planted) == 3


def test_what_is_shipped_is_what_is_made(tmp_path):
    """File by file; after a change of what makes it: ``python -m tests.sample.write``."""
    shipped, made = unpack_sample(tmp_path / "shipped"), write_sample(tmp_path / "made")
    names = sorted(file.name for file in made.iterdir())
    assert names == sorted(file.name for file in shipped.iterdir())
    assert [name for name in names if (made / name).read_bytes() != (shipped / name).read_bytes()] == []


def test_the_same_seed_gives_the_same_sample():
    """And another seed another one."""
    assert make_sample(7, 20) == make_sample(7, 20)
    assert make_sample(7, 20) != make_sample(8, 20)


def test_without_matters_in_order_the_planted_ones_stand_alone():
    """Whoever wants only what was planted asks for none; what is listed of requests is there."""
    matters, expected = make_sample(7, 0)
    ids = {matter.id for matter in matters}
    assert {row.request.partition(" ")[0] for row in expected if row.request.startswith("R-")} <= ids
    assert len(make_sample(7, 20)[0]) == len(matters) + 20


@pytest.mark.parametrize(("name", "value"), [("seed", -1), ("seed", 1.5), ("requests", -1), ("requests", True)])
def test_a_number_that_makes_no_sense_is_refused(name, value):
    """The message names it."""
    with pytest.raises(InvalidValue, match=name):
        make_sample(**{name: value})
