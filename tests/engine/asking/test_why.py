"""Why: the least conditions that decide a verdict. With their facts alone it is the same, without one it is open."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines import built_in

import windowservice as ws

NAMES = tuple("abcde")


class thing(ws.Facts):
    """A thing with flags that may be missing."""

    id = ws.key("Id")
    a = ws.fact(bool, "a")
    b = ws.fact(bool, "b")
    c = ws.fact(bool, "c")
    d = ws.fact(bool, "d")
    e = ws.fact(bool, "e")


_FLAGS = [getattr(thing, name) for name in NAMES]
_conditions = st.recursive(
    st.sampled_from(_FLAGS),
    lambda below: st.one_of(
        st.tuples(below, below).map(lambda two: two[0] & two[1]),
        st.tuples(below, below).map(lambda two: two[0] | two[1]),
        below.map(lambda one: ~one),
    ),
    max_leaves=7,
)
_records = st.dictionaries(st.sampled_from(NAMES), st.booleans())


def _judged(rule: ws.Rule, record: dict[str, Any]) -> ws.Finding:
    engine = ws.Engine.load(packs=[ws.Pack("p", version="1", rules=[rule])], installed=False)
    return engine.check({"id": "x", **record}, as_of="2024-01-01", of=thing).finding("x", "rule")


@given(st.none() | _conditions, _conditions, _records)
def test_the_facts_that_decide_are_enough_and_none_is_idle(when: Any, require: Any, record: dict[str, bool]) -> None:
    """A record of these facts alone has the same verdict; take one of them away and it is another."""
    rule = ws.Rule("rule", title="t", when=when, require=require)
    finding = _judged(rule, record)
    if finding.verdict not in ("pass", "fail", "not_applicable"):
        return
    decisive = {name.removeprefix("thing.") for name in finding.why().facts}
    assert decisive <= record.keys()
    least = {name: record[name] for name in decisive}
    assert _judged(rule, least).verdict == finding.verdict
    reasons = [*finding.why().applies, *finding.why().requires]
    if len(reasons) == len(decisive):  # a flag that stands in two conditions may decide by either
        for name in decisive:
            fewer = {other: said for other, said in least.items() if other != name}
            assert _judged(rule, fewer).verdict != finding.verdict


@given(st.none() | _conditions, _conditions, _records)
def test_what_cannot_be_told_names_only_what_is_missing(when: Any, require: Any, record: dict[str, bool]) -> None:
    """Of an unknown verdict no fact is named that the record states."""
    finding = _judged(ws.Rule("rule", title="t", when=when, require=require), record)
    if finding.verdict == "unknown":
        named = {name.removeprefix("thing.") for name in finding.why().facts}
        assert named
        assert not named & record.keys()


@pytest.mark.parametrize(
    ("events", "verdict", "facts"),
    [
        ([("03T09:00", "submitted"), ("03T09:10", "accepted"), ("14T10:00", "decided")], "fail", "request.finished_at"),
        (
            [("03T09:00", "submitted"), ("03T09:10", "accepted"), ("04T10:00", "decided")],
            "pass",
            "request.commitment_due",
        ),
        ([("03T09:00", "submitted"), ("03T09:10", "accepted")], "pending", "request.finished_at"),
    ],
)
def test_a_deadline_names_when_it_was_due_and_done(events: list[tuple[str, str]], verdict: str, facts: str) -> None:
    """With their values, as a person may read them."""
    said = [ws.Event(f"2018-05-{at}+08:00", kind, by="w") for at, kind in events]
    report = built_in().check(
        ws.Request("R", "B", "S10", events=said),
        as_of="2018-05-14T12:00+08:00" if verdict != "pending" else "2018-05-04",
    )
    why = report.finding("R", "commitment_kept").why()
    assert why.verdict == verdict
    assert facts in why.facts
    assert "2018-05-10 17:00" in str(why)


def test_every_verdict_of_an_audit_has_a_reason() -> None:
    """Aggregates, figures with keys, looked-up facts and clocks among them; one that could not be run has none."""
    events = [
        ws.Event("2018-05-03T09:00+08:00", "submitted"),
        ws.Event("2018-05-20T09:10+08:00", "notified", items={"x"}),
    ]
    for finding in built_in().audit([ws.Request("R", "B", "S10", events=events)], as_of="2018-06-01"):
        why = finding.why()
        assert why.verdict == finding.verdict
        assert " object at 0x" not in str(why)
        if finding.verdict in ("pass", "fail"):
            assert why.requires, finding.rule
