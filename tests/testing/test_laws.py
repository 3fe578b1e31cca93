"""What `check_pack` finds in packs that break a law, and what it lets through."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import find, given
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
        check_pack(ws.Pack("broken", version="1", rules=(odd,)), examples=30)
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
