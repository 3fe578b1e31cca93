"""Requests: order of events, what was known when, and the cycles of a reopened matter."""

from __future__ import annotations

import pickle
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from windowservice.domain.requests.event import Event
from windowservice.domain.requests.request import Request
from windowservice.errors import InvalidValue
from windowservice.instants import SECOND, from_us, get_zone, to_us

SHANGHAI = get_zone("Asia/Shanghai")
START = to_us("2018-05-03T09:00+08:00")


def event(second, kind="noted", **fields):
    """Return an event so many seconds after 09:00."""
    return Event(from_us(START + second * SECOND, SHANGHAI), kind, **fields)


def request(*events, **fields):
    """Return a request with the events."""
    return Request(**{"id": "R-1", "bank": "105221000018", "service": "S10", "events": events} | fields)


def kinds(of):
    """Return the kinds of a timeline."""
    return [found.kind for found in of.timeline]


def test_events_keep_the_input_order_and_the_timeline_sorts_them():
    """The order given is evidence; the timeline goes by instant."""
    late, early = event(9, "decided"), event(1, "submitted")
    made = request(late, early)
    assert made.events == (late, early)
    assert made.timeline == (early, late)


def test_ties_go_by_seq_and_else_by_input_order():
    """At one instant the sequence number decides; without it, the place in the input."""
    assert kinds(request(event(1, "accepted"), event(1, "decided"))) == ["accepted", "decided"]
    assert kinds(request(event(1, "decided", seq=2), event(1, "accepted", seq=1))) == ["accepted", "decided"]
    assert kinds(request(event(1, "decided", seq=1), event(1, "accepted", seq=1))) == ["decided", "accepted"]


def test_contradictory_times_are_taken():
    """Accepted before submitted is a finding about the data, never an exception."""
    assert kinds(request(event(5, "submitted"), event(1, "accepted"))) == ["accepted", "submitted"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"id": ""}, "id must be a non-empty text"),
        ({"bank": 105221000018}, "bank must be a non-empty text"),
        ({"service": None}, "service must be a non-empty text"),
        ({"channel": ""}, "channel must be"),
        ({"previous": 3}, "previous must be"),
        ({"amount": 12.5}, "exact"),
        ({"amount": float("nan")}, "exact"),
        ({"amount": "500"}, "amount must be an int or a Decimal"),
        ({"amount": True}, "amount must be"),
        ({"amount": Decimal("NaN")}, "amount must be"),
        ({"amount": 10**18}, "amount must be"),
        ({"amount": Decimal("1e-19")}, "18 decimal places"),
        ({"events": [{"kind": "noted"}]}, "Request.from_dict"),
        ({"recorded": "submitted"}, "set of event kinds"),
        ({"recorded": ["submitted", ["decided"]]}, "set of event kinds"),
    ],
)
def test_wrong_fields_are_refused(fields, said):
    """Each field refuses what it is not."""
    with pytest.raises(InvalidValue, match=said):
        request(**fields)


def test_amounts_are_exact():
    """Integers and decimals stay what they are; a whole float is the integer it is."""
    assert request(amount=Decimal("0.1")).amount == Decimal("0.1")
    assert type(request(amount=500_000.0).amount) is int
    assert request(amount=-(10**18) + 1).amount == -999_999_999_999_999_999


def test_recorded_kinds_tell_not_yet_from_not_recorded():
    """Without a statement every kind is recorded."""
    assert request().records("notified")
    assert request(recorded=["submitted"]).recorded == frozenset({"submitted"})
    assert not request(recorded=["submitted"]).records("notified")


def test_requests_hash_and_pickle():
    """A request is a value."""
    made = request(event(1, "submitted"), extra={"zone": "east"}, recorded={"submitted"}, amount=Decimal("1.50"))
    again = pickle.loads(pickle.dumps(made))
    assert again == made
    assert hash(again) == hash(made)
    assert again.timeline == made.timeline


def test_what_came_later_is_hidden():
    """Known at an instant are the events up to and at it."""
    made = request(event(9, "decided"), event(1, "submitted"), event(5, "accepted"))
    assert kinds(made.known_at(START + 5 * SECOND)) == ["submitted", "accepted"]
    assert kinds(made.known_at(START)) == []
    assert made.known_at(START + 9 * SECOND) is made


def test_corrections_made_later_are_undone():
    """Before a correction the old event counts, with its own instant; afterwards the new one."""
    old = event(5, "decided", by="wang")
    made = request(event(1, "submitted"), old.amended(from_us(START + 100 * SECOND, SHANGHAI), "li", at=event(50).at))
    assert made.is_amended
    assert made.timeline[-1].us == START + 50 * SECOND
    before = made.known_at(START + 60 * SECOND)
    assert before.timeline[-1].us == START + 5 * SECOND
    assert before.timeline[-1].by == "wang"
    assert kinds(made.known_at(START + 4 * SECOND)) == ["submitted"]
    assert made.known_at(START + 100 * SECOND).timeline[-1].us == START + 50 * SECOND


def test_a_matter_that_was_not_reopened_is_one_cycle():
    """The request itself is its only cycle."""
    made = request(event(1, "submitted"), event(2, "decided"))
    assert made.cycles() == (made,)
    assert request().cycles() == (request(),)


def test_a_reopened_matter_is_a_new_cycle_linked_to_the_old():
    """Each cycle names the one before; the first keeps its events and so its verdicts."""
    made = request(
        event(1, "submitted"), event(2, "decided"), event(3, "reopened"), event(4, "decided"), event(5, "reopened")
    )
    cycles = made.cycles()
    assert [(cycle.id, cycle.previous) for cycle in cycles] == [("R-1", None), ("R-1#2", "R-1"), ("R-1#3", "R-1#2")]
    assert [kinds(cycle) for cycle in cycles] == [["submitted", "decided"], ["reopened", "decided"], ["reopened"]]
    assert {cycle.service for cycle in cycles} == {"S10"}


def test_cutting_a_cycle_again_gives_the_cycle():
    """A cycle that begins with reopened is not cut before it."""
    second = request(event(1, "decided"), event(3, "reopened"), event(4, "decided")).cycles()[1]
    assert second.cycles() == (second,)


histories = st.lists(
    st.builds(
        event,
        st.integers(0, 4),
        st.sampled_from(["submitted", "decided", "reopened"]),
        seq=st.none() | st.integers(0, 3),
    ),
    max_size=8,
)


def test_a_matter_that_is_open_is_not_reopened():
    """Only an end can be followed by a new cycle; what is reopened twice without one begins one cycle."""
    assert len(request(event(1, "submitted"), event(3, "reopened"), event(4, "decided")).cycles()) == 1
    ends = ["decided", "refused", "withdrawn", "closed", "delivered"]
    for kind in ends:
        made = request(event(1, "submitted"), event(2, kind), event(3, "reopened"), event(4, "reopened"))
        assert [len(cycle.timeline) for cycle in made.cycles()] == [2, 2], kind


@given(histories)
def test_cycles_together_are_the_timeline(events):
    """No event is lost, doubled or moved by cutting a matter into cycles, ties and mixed sequence numbers included."""
    made = request(*events)
    joined = [(found.us, found.kind) for cycle in made.cycles() for found in cycle.timeline]
    assert joined == [(found.us, found.kind) for found in made.timeline]


@given(histories, st.integers(-1, 5))
def test_what_is_known_is_the_beginning_of_the_timeline(events, second):
    """Hiding what came later never changes the order of the rest."""
    made = request(*events)
    us = START + second * SECOND
    known = [(found.us, found.kind) for found in made.known_at(us).timeline]
    assert known == [(found.us, found.kind) for found in made.timeline if found.us <= us]


@given(st.permutations([event(place % 3, seq=place) for place in range(6)]))
def test_permuting_the_input_changes_nothing(events):
    """With sequence numbers the order of rows does not matter."""
    assert [found.seq for found in request(*events).timeline] == [0, 3, 1, 4, 2, 5]
