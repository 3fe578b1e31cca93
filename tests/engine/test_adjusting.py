"""Adjusting a figure adds to its history, refuses what nothing has, and is idle where no rule reads the figure."""

from __future__ import annotations

from datetime import date, datetime
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines import built_in

import windowservice as ws
from windowservice.errors import InvalidRule, InvalidTime, InvalidValue, UnknownName
from windowservice.language.tree.figures import in_force

BASIS = ws.Basis("a branch", mark="assumption")
MOST = ws.Figure("most", int, {"a": {"2000-01-01": 5, "2010-01-01": 7}, "b": {"2000-01-01": 50}}, basis=BASIS)
FLAT = ws.Figure("flat", int, {"2000-01-01": 5}, basis=BASIS)


class box(ws.Facts, dated_by="at"):
    """A box."""

    id = ws.fact(str, "Number", required=True)
    kind = ws.fact(str, "Kind", required=True)
    n = ws.fact(int, "How many", required=True)
    at = ws.fact(datetime, "When", required=True)


FEW = ws.Rule("few", title="few", require=box.n <= MOST[box.kind])
ALL = ws.Rule("flat", title="flat", require=box.n <= FLAT)
PACKS = [
    ws.Pack("p", version="1", rules=[FEW, ALL]),
    ws.Pack("q", version="1", rules=[ws.Rule("n", title="n", require=box.n > 0)]),
]


@pytest.fixture(scope="module")
def engine() -> ws.Engine:
    """Return an engine with two packs, of which one reads figures."""
    return ws.Engine.load(packs=PACKS, installed=False, calendars=ws.WorkCalendar("UTC", "mon-sun 00:00-24:00"))


DAYS = st.dates(date(1999, 12, 30), date(2012, 1, 3))


@given(added=st.dictionaries(DAYS, st.integers(0, 9), min_size=1, max_size=4), day=DAYS)
def test_after_an_adjustment_the_latest_line_of_the_old_and_the_new_history_holds(added: Any, day: date) -> None:
    engine = ws.Engine.load(packs=PACKS, installed=False).amended(ws.Adjust("most", {"a": added}, BASIS))
    lines = {date(2000, 1, 1): 5, date(2010, 1, 1): 7} | added
    before = [line for line in lines if line <= day]
    dated = engine.figure_tables["most"]["a"]
    place = in_force(dated, day)
    assert (dated.values[place] if place >= 0 else None) == (lines[max(before)] if before else None)
    assert engine.figure_tables["most"]["b"] == MOST.table["b"]


def test_what_was_in_force_before_the_adjustment_is_judged_by_the_old_value(engine: ws.Engine) -> None:
    changed = engine.amended(ws.Adjust("most", {"a": {"2024-09-01": 4}}, BASIS))
    for day, verdict in (("2024-08-31", "pass"), ("2024-09-01", "fail")):
        record = {"id": "x", "kind": "a", "n": 5, "at": datetime.fromisoformat(f"{day}T12:00Z")}
        finding = changed.check(record, as_of="2025-01-01", of=box).finding("x", "few")
        assert str(finding.verdict) == verdict
        assert finding.evidence.figures[0].basis == BASIS  # of the figure and of the amendment alike


NOTHING_HAS: dict[str, tuple[str, Any]] = {
    "a figure": ("mosst", {"a": {"2000-01-01": 6}}),
    "a key": ("most", {"A": {"2000-01-01": 6}}),
    "a key beside one that is there": ("most", {"a": {"2000-01-01": 6}, "c": {"2000-01-01": 6}}),
}


@pytest.mark.parametrize("what", NOTHING_HAS)
def test_an_adjustment_of_what_nothing_has_is_refused(engine: ws.Engine, what: str) -> None:
    with pytest.raises(UnknownName, match="Adjust"):
        engine.amended(ws.Adjust(*NOTHING_HAS[what], BASIS))


def test_a_kind_of_business_of_the_catalogue_may_be_given_its_first_commitment() -> None:
    engine = built_in()
    without = [s.id for s in engine.catalogue if not s.commitment]
    without = without or ["S10"]
    engine.amended(ws.Adjust("commitment", {without[0]: {"2018-01-01": "3 working days"}}, BASIS))
    with pytest.raises(UnknownName, match="S99"):
        engine.amended(ws.Adjust("commitment", {"S99": {"2018-01-01": "3 working days"}}, BASIS))


NO_VALUES: dict[str, Any] = {
    "a number": 6, "a text": "5 working days", "nothing": None, "no dates": {}, "a list": [("2024-01-01", 5)],
    "a key without dates": {"a": {}}, "a key without a date": {"a": 5}, "no date": {"2024-13-01": 5},
    "keys and dates": {"a": {"2024-01-01": 5}, "2024-01-01": 5}, "a key within a key": {"a": {"b": {"c": 5}}},
    "an instant": {datetime.fromisoformat("2024-01-01T00:00Z"): 5},
}  # fmt: skip


@pytest.mark.parametrize("what", NO_VALUES)
def test_values_without_a_date_are_refused_when_the_figure_or_the_adjustment_is_built(what: str) -> None:
    for build in (
        lambda: ws.Adjust("flat", NO_VALUES[what], BASIS),
        lambda: ws.Figure("f", int, NO_VALUES[what], basis=BASIS),
    ):
        with pytest.raises((InvalidRule, InvalidTime)):
            build()


WRONG_PARTS = [
    lambda: ws.Adjust(None, {"2024-01-01": 5}, BASIS),
    lambda: ws.Adjust("flat", {"2024-01-01": 5}, "a notice"),
    lambda: ws.Withdraw(FEW, BASIS),
    lambda: ws.Withdraw("p/few", None),
    lambda: ws.Replace("p/few", "few", BASIS),
    lambda: ws.Replace("p/few", FEW, "a notice"),
]


@pytest.mark.parametrize("build", WRONG_PARTS)
def test_an_amendment_of_wrong_parts_is_refused_when_it_is_built(build: Any) -> None:
    with pytest.raises(InvalidValue):
        build()


AMENDMENTS: dict[str, Any] = {
    "adjust": ws.Adjust("most", {"a": {"2024-01-01": 4}}, BASIS),
    "withdraw": ws.Withdraw("p/few", BASIS),
    "replace": ws.Replace("p/few", ws.Rule("few", title="few", require=box.n == 0), BASIS),
}


@pytest.mark.parametrize("what", AMENDMENTS)
@pytest.mark.parametrize("kept", [("q",), ("q/n",), ("p/flat",), ("p/flat", "q"), ("p",)], ids=str)
def test_any_choice_of_rules_leaves_amendments_of_others_idle(
    engine: ws.Engine, what: str, kept: tuple[str, ...]
) -> None:
    chosen = engine.amended(AMENDMENTS[what]).only(*kept)
    assert len(chosen.rules) == len(engine.only(*kept).rules) - (what == "withdraw" and kept == ("p",))
    assert len(chosen.only(*kept).rules) == len(chosen.rules)
    with pytest.raises(UnknownName):
        chosen.amended(ws.Adjust("mosst", {"a": {"2024-01-01": 4}}, BASIS))


def test_a_figure_of_a_rule_that_is_withdrawn_may_be_adjusted(engine: ws.Engine) -> None:
    for order in (("adjust", "withdraw"), ("withdraw", "adjust")):
        assert len(engine.amended(*(AMENDMENTS[name] for name in order)).rules) == 2


def test_packs_of_ones_own_load_beside_a_plugin_that_amends_other_packs() -> None:
    made = ModuleType("branch")

    @ws.hookimpl
    def windowservice_amendments() -> list[Any]:
        return [
            ws.Adjust("commitment", {"S10": {"2018-01-01": "3 working days"}}, BASIS),
            ws.Withdraw(_any_rule(), BASIS),
        ]

    made.windowservice_amendments = windowservice_amendments  # type: ignore[attr-defined]
    assert len(ws.Engine.load(packs=PACKS, plugins=[made], installed=False).rules) == 3


def _any_rule() -> str:
    return built_in().rules[0].name
