"""What `check_pack` finds in packs that break a law, and what it lets through."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import find, given, settings
from tests.testing.desk import answered, desk, engine, status, ticket

import windowservice as ws
from windowservice.testing import a, check_pack, coverage_of, random_records, random_values, register_strategies


def test_a_sound_pack_keeps_the_laws():
    """The help desk's rules do."""
    check_pack(desk, engine=engine, examples=40)


def _function(name, computed):
    kind = ws.ValueType.INT
    return ws.Function(name, (kind,), kind, lambda binding: computed)


def test_a_rule_that_breaks_a_law_is_found():
    """Python of one's own that raises on nought is found with the smallest record."""
    over = _function("over", lambda number: 6 // number)
    odd = ws.Rule("odd", title="Odd", of=ticket, require=over(ticket.replies) > 0)
    with pytest.raises(AssertionError, match="broken/odd: ends in an error") as caught:
        check_pack(ws.Pack("broken", version="1", rules=(odd,)), examples=100)
    assert "'replies': 0" in str(caught.value)


def test_random_records_reach_both_sides_of_a_threshold():
    """Values just below, at and just above what a rule asks for are drawn often, and so are words and gaps."""
    drafts = random_records(ticket, near=[answered])
    for wanted in (1, None):
        assert find(drafts, lambda draft, n=wanted: draft.said.get("replies") == n and "priority" in draft.said)
    assert find(drafts, lambda draft: len(draft.happened) == 5)


@given(random_records(status), random_values(ws.ValueType.DECIMAL))
def test_random_values_are_of_their_type(draft, amount):
    """A draft holds what its facts can hold, and the other values are of their types."""
    assert isinstance(draft.said["at"], datetime)
    assert draft.said["to"] in ("open", "waiting", "resolved")
    assert isinstance(amount, Decimal)


def test_classes_of_the_domain_are_drawn_by_their_annotation():
    """After `register_strategies`, hypothesis knows limits, calendars, amounts of open time, requests and events."""
    register_strategies()
    from hypothesis import strategies as st

    for cls in (ws.Limit, ws.WorkSpan, ws.WorkCalendar, ws.Request, ws.Event):
        assert isinstance(find(st.from_type(cls), lambda _: True), cls)


def test_coverage_names_what_records_never_show():
    """Of a rule that was only seen to pass, the other verdicts and conditions are named."""
    one = a(ticket, priority="P1", replies=2, opened_at="2018-10-22T09:00+02:00")
    shown = coverage_of(engine, [(one, "2018-10-23")])
    found = shown.rules["desk/answered"]
    assert str(found) == (
        "desk/answered: never seen to be fail; never seen to be unknown; "
        "never false: ticket.priority == 'P1'; never false: ticket.replies >= 2"
    )
    whole = [
        (one, "2018-10-23"),
        (one.replies(1), "2018-10-23"),
        (one.replies(None), "2018-10-23"),
        (one.priority("P2"), "2018-10-23"),
    ]
    assert not [gap for gap in coverage_of(engine, whole).gaps if gap.rule == "desk/answered"]


def test_rules_on_requests_keep_the_laws():
    """Requests are drawn as ledgers can hold them: no half slots, and kinds of business that there are."""
    request = ws.Engine.load(installed=False).rules[0].rule.of
    taken = ws.Rule("taken", title="It is accepted", of=request, require=request.accepted_at.is_known())
    check_pack(ws.Pack("mine", version="1", rules=(taken,)), examples=60)


def test_types_that_are_dated_by_a_date_keep_the_laws():
    """What lies ahead by its date alone has not happened, and is waited for before the law is tried."""

    class visit(ws.Facts, happens="day"):
        day = ws.fact(date, "The day", required=True)
        closed_on = ws.fact(date, "When it was closed", after=day)
        n = ws.fact(int, "How many", required=True)

    rules = (
        ws.Rule("many", title="Many", of=visit, require=visit.n >= 1),
        ws.Rule("closed", title="Closed", of=visit, when=visit.closed_on.is_known(), require=visit.n >= 0),
    )
    check_pack(ws.Pack("visits", version="1", rules=rules), examples=60)


def test_a_frame_that_loses_a_record_is_found(monkeypatch):
    """Unless the record begins later, it has to be a row of the report on the frame."""
    nothing = engine.audit([], as_of="2018-10-31", of=ticket)
    monkeypatch.setattr("windowservice.testing.laws.in_columns", lambda *_: nothing)
    with pytest.raises(AssertionError, match="but None in a frame"):
        check_pack(desk, engine=engine, examples=20)


@pytest.mark.parametrize("kind", [kind for kind in ws.ValueType if kind not in (ws.ValueType.ROWS, ws.ValueType.CLOCK)])
def test_every_type_has_random_values(kind):
    """Ten of each can be drawn."""

    @settings(max_examples=10, database=None)
    @given(random_values(kind))
    def drawn(value):
        assert value is not None

    drawn()


def test_a_rule_that_ends_in_an_error_is_covered_by_that_alone():
    """Its conditions cannot be told; the error is counted."""
    over = _function("over", lambda number: 6 // number)
    odd = ws.Rule("odd", title="Odd", of=ticket, require=over(ticket.replies) > 0)
    judge = ws.Engine.load(packs=[ws.Pack("p", version="1", rules=(odd,))], installed=False)
    draft = a(ticket, replies=0, opened_at="2018-10-22T09:00+02:00")
    assert coverage_of(judge, [(draft, "2018-11-01T00:00Z")]).rules["p/odd"].verdicts[ws.Verdict.ERROR] == 1


def test_a_pack_in_toml_is_checked_by_its_path(tmp_path):
    """As an engine takes it."""
    text = """
schema_version = 1
name = "desk"
version = "1"
basis.house = { text = "House rule" }
[records.parcel]
title = "A parcel."
table = "parcels"
facts.id = { type = "key", title = "Number" }
facts.weight = { type = "integer", title = "Weight" }
[[rules]]
name = "light"
title = "Light"
require = "parcel.weight < 30"
basis = "house"
"""
    (tmp_path / "desk.toml").write_text(text)
    check_pack(tmp_path / "desk.toml", examples=10)
    check_pack(ws.DataPack.read(text), examples=10)
