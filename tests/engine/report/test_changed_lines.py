"""What an adjustment of one line would change, with the line as it was and as it is, in objects and columns."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

import windowservice as ws

SIGNED = ws.Basis("the contract", mark="known")
ANNEX = ws.Basis("annex 2", mark="known")
LINES = {("ACME", "P1"): {"2018-01-01": 4}, ("ACME", "P2"): {"2018-01-01": 8}, ("Bahn", "P1"): {"2018-01-01": 4}}
MOST = ws.Figure("most", int, LINES, unit="hours", basis=SIGNED)
SHARE = ws.Figure("share", int, {"2018-01-01": 10}, basis=SIGNED)


class job(ws.Facts, dated_by="at"):
    """A job."""

    id = ws.key("Number")
    customer = ws.fact(str, "Customer", required=True)
    priority = ws.fact(str, "Priority", required=True)
    at = ws.fact(datetime, "When", required=True)
    hours = ws.fact(int, "Hours", required=True)


SHORT = ws.Rule("short", title="Short", require=(job.hours <= MOST[job.customer, job.priority]) & (job.hours < SHARE))
PACK = ws.Pack("jobs", version="1", rules=[SHORT, ws.Rule("some", title="Some", require=job.hours > 0)])
JOBS = [
    ("a", "ACME", "P1", "2018-06-30", 3),
    ("b", "ACME", "P1", "2018-07-01", 3),
    ("c", "ACME", "P2", "2018-07-01", 3),
    ("d", "Bahn", "P1", "2018-07-01", 3),
    ("e", "ACME", "P1", "2018-07-02", 2),
]
CHANGED = "most[ACME, P1] = 4 hours since 2018-01-01 -> 2 hours since 2018-07-01"


def objects() -> Any:
    return [
        {"id": name, "customer": of, "priority": p, "at": datetime.fromisoformat(day).replace(tzinfo=UTC), "hours": h}
        for name, of, p, day, h in JOBS
    ]


@pytest.mark.parametrize("records", [objects(), pl.DataFrame(objects())], ids=["objects", "columns"])
@pytest.mark.parametrize("many", [1, 1_000])
def test_the_line_as_it_was_and_as_it_is(monkeypatch: pytest.MonkeyPatch, records: Any, many: int) -> None:
    monkeypatch.setattr("windowservice.engine.report.changes._MANY", many)
    engine = ws.Engine.load(packs=[PACK], installed=False)
    amended = engine.amended(ws.Adjust("most", {("ACME", "P1"): {"2018-07-01": 2}}, ANNEX))
    found = engine.audit(records, as_of="2019-01-01", of=job).compare(
        amended.audit(records, as_of="2019-01-01", of=job)
    )
    (change,) = found
    assert str(change) == f"b jobs/short: pass -> fail; {CHANGED}"
    ((was, now),) = change.lines
    assert was is not None
    assert now is not None
    assert (was.name, was.value, was.since, was.basis) == ("most[ACME, P1]", 4, date(2018, 1, 1), SIGNED)
    assert (now.value, now.since, now.basis) == (2, date(2018, 7, 1), ANNEX)
    assert found.by_line == {("jobs/short", CHANGED): {("pass", "fail"): 1}}
    assert str(found) == f"1 of 10 verdicts change\n  jobs/short: pass -> fail: 1\n    {CHANGED}: 1"
    assert found.to_frame().rows() == [("b", "jobs/short", "pass", "fail", CHANGED)]


def test_a_change_that_no_figure_makes_names_no_line() -> None:
    engine = ws.Engine.load(packs=[PACK], installed=False)
    basis = ws.Basis("notice", mark="known")
    stricter = ws.Rule("some", title="Some", require=job.hours > 2)
    other = engine.amended(ws.Replace("jobs/some", stricter, basis))
    found = engine.audit(objects(), as_of="2019-01-01", of=job).compare(
        other.audit(objects(), as_of="2019-01-01", of=job)
    )
    assert str(found) == "1 of 10 verdicts change\n  jobs/some: pass -> fail: 1"
    assert found.to_frame()["lines"].to_list() == [None]


def test_a_line_that_comes_into_force() -> None:
    """Another day's figures: what had none in force has one."""
    engine = ws.Engine.load(packs=[PACK], installed=False)
    early = [{**objects()[0], "at": datetime(2017, 5, 1, tzinfo=UTC)}]
    other = engine.what_if(figures_as_of=date(2018, 2, 1))
    found = engine.audit(early, as_of="2019-01-01", of=job).compare(other.audit(early, as_of="2019-01-01", of=job))
    assert "most[ACME, P1]: none in force -> 4 hours since 2018-01-01; share" in str(found)
