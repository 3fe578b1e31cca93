"""Children that say when they happened are judged in that order, however they are given."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations

import polars as pl
import pytest
from tests.testing.desk import engine, ticket

import windowservice as ws


def _at(hour: int, minute: int = 0) -> datetime:
    return datetime(2018, 10, 22, hour, minute, tzinfo=UTC)


PAUSED = [
    {"at": _at(8), "to": "waiting"}, {"at": _at(9), "to": "open"}, {"at": _at(12), "to": "waiting"},
    {"at": _at(12, 30), "to": "resolved"},
]  # fmt: skip
"""Opened at seven: two hours of open time, an hour of waiting, the lunch break, an hour, half an hour of waiting."""


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
def test_the_order_given_changes_nothing(order):
    """Each order of the changes of a ticket's status gives one verdict and one evidence, in hand and in a frame."""
    told = [PAUSED[place] for place in order]
    record = {"id": "T1", "opened_at": _at(7), "statuses": told}
    finding = engine.check(record, as_of="2018-10-31").finding("T1", "resolved")
    assert finding.verdict is ws.Verdict.PASS
    assert [stop.begin.hour for stop in finding.clocks["ticket.resolution"].stops] == [10, 14]
    below = pl.DataFrame([{"ticket": "T1", **one} for one in told])
    found = engine.audit(pl.DataFrame([{"id": "T1", "opened_at": _at(7)}]), below, as_of="2018-10-31", of=ticket)
    assert found.finding("T1", "resolved").verdict is ws.Verdict.PASS


def test_children_of_one_instant_stand_as_given_and_those_without_a_time_last():
    """The order given breaks ties."""

    class step(ws.Facts, happens="on"):
        on = ws.fact(datetime, "When")
        what = ws.fact(str, "What", required=True)

    class job(ws.Facts, children=step):
        id = ws.key("Number")
        first = ws.fact(step.what.first(), "What came first")
        last = ws.fact(step.what.last(), "What came last")

    rule = ws.Rule("kept", title="From b to c", of=job, require=(job.first == "b") & (job.last == "c"))
    judge = ws.Engine.load(packs=[ws.Pack("p", version="1", rules=(rule,))], installed=False)
    steps = [
        {"on": None, "what": "c"}, {"on": _at(9), "what": "x"}, {"on": _at(8), "what": "b"},
        {"on": _at(8), "what": "y"},
    ]  # fmt: skip
    assert judge.check({"id": "1", "steps": steps}, as_of="2018-10-31").verdicts["p/kept"] is ws.Verdict.PASS
    frame = pl.DataFrame([{"job": "1", **one} for one in steps])
    found = judge.audit(pl.DataFrame({"id": ["1"]}), frame, as_of="2018-10-31", of=job)
    assert found.finding("1", "kept").verdict is ws.Verdict.PASS
