"""What would have kept a rule: each change keeps it, nothing less does, and what is found is the nearest there is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines import built_in

import windowservice as ws

BASIS = ws.Basis("contract")
DESK = ws.WorkCalendar("UTC", "mon-fri 09:00-17:00", name="desk")
MONDAY = datetime(2024, 7, 1, 9, tzinfo=UTC)


class ticket(ws.Facts):
    """A ticket."""

    id = ws.key("Id")
    opened = ws.fact(datetime, "Opened", required=True)
    solved = ws.fact(datetime, "Solved")
    replies = ws.fact(int, "Replies")
    customer = ws.fact(str, "Customer")


least = ws.Figure("least", int, {"A": {"2024-01-01": 3}, "B": {"2024-01-01": 5}}, basis=BASIS)
limit = ws.Figure("limit", ws.Limit, {"2024-01-01": "4 working hours"}, basis=BASIS)
answered = ws.Rule("answered", title="Answered", require=ticket.replies >= least[ticket.customer])
few = ws.Rule("few", title="Few", require=ticket.replies < 10)
solved = ws.Rule("solved", title="Solved", require=ticket.solved.by(ws.due(ticket.opened, limit)))
ENGINE = ws.Engine.load(
    packs=[ws.Pack("desk", version="1", rules=[answered, few, solved])], calendars=DESK, installed=False
)


def _record(**said: Any) -> dict[str, Any]:
    return {"id": "T", "opened": MONDAY, "solved": None, "replies": 4, "customer": "A", **said}


def _nearest(rule: str, record: dict[str, Any]) -> dict[str, Any]:
    finding = ENGINE.check(record, as_of="2024-08-01", of=ticket).finding("T", rule)
    return {one.what: one.instead for one in ENGINE.nearest_changes(finding)}


@given(st.integers(0, 9), st.sampled_from("AB"))
def test_numbers_and_figures_are_changed_by_no_more_than_needed(replies: int, customer: str) -> None:
    """The fact rises to the line of its customer, or that line falls to the fact."""
    line = {"A": 3, "B": 5}[customer]
    if replies < line:
        found = _nearest("answered", _record(replies=replies, customer=customer))
        assert found == {"ticket.replies": line, f"least[{customer}]": replies}


@given(st.integers(10, 99))
def test_a_strict_bound_is_passed_by_one(replies: int) -> None:
    """Below ten means nine."""
    assert _nearest("few", _record(replies=replies)) == {"ticket.replies": 9}


@given(st.integers(1, 3_000))
def test_a_time_and_a_limit_are_the_nearest_that_a_search_finds(minutes: int) -> None:
    """The time is the due; the limit is the least number of hours with which a plain search keeps the rule."""
    done = MONDAY + timedelta(hours=4, minutes=minutes)
    found = _nearest("solved", _record(solved=done))
    limits = (ws.Limit.parse(f"{hours} working hours") for hours in range(4, 60))
    enough = next(one for one in limits if one.deadline(MONDAY, calendar=DESK).due >= done)
    assert found == {"done": MONDAY + timedelta(hours=4), "limit": enough}


def test_an_event_of_a_request_is_moved() -> None:
    """The request as it would be, with its last event at the due, keeps the commitment."""
    days = [("03T09:00", "submitted"), ("03T09:10", "accepted"), ("14T09:00", "checked"), ("14T10:00", "decided")]
    late = ws.Request("R", "B", "S10", events=[ws.Event(f"2018-05-{at}+08:00", kind, by="w") for at, kind in days])
    engine = built_in()
    finding = engine.check(late, as_of="2018-05-20").finding("R", "commitment_kept")
    said = [str(one) for one in engine.nearest_changes(finding)]
    assert said == [
        "done 3 days 17 hours earlier, at 2018-05-10 17:00+0800",
        "commitment[S10] = 7 working days instead of 5 working days",
    ]


def test_what_cannot_be_changed_is_not_spoken_of() -> None:
    """Still open and late: no time keeps it any more, a longer limit does."""
    assert _nearest("solved", _record()).keys() == {"limit"}


@pytest.mark.parametrize("rule", ["answered", "few"])
def test_only_of_a_failure_it_is_asked(rule: str) -> None:
    """Of a pass nothing has to change."""
    finding = ENGINE.check(_record(), as_of="2024-08-01", of=ticket).finding("T", rule)
    with pytest.raises(ws.WindowserviceError, match="a failure"):
        ENGINE.nearest_changes(finding)


def test_objects_of_other_kinds_are_changed_too() -> None:
    """A dataclass as a mapping."""
    from dataclasses import make_dataclass

    made = make_dataclass("made", list(_record()))
    finding = ENGINE.check(made(**_record(replies=1)), as_of="2024-08-01", of=ticket).finding("T", "answered")
    assert {one.what: one.instead for one in ENGINE.nearest_changes(finding)} == {"ticket.replies": 3, "least[A]": 1}
