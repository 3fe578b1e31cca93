"""The laws that every rule over requests keeps, tried on the rules that come with the library and random histories."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.engines import built_in

import windowservice as ws

_CHINA = timedelta(hours=8)
_TIMES = [(8, 30), (9, 40), (11, 30), (12, 0), (13, 30), (16, 20), (17, 0), (17, 1), (23, 59)]
_DAYS = [datetime(2018, 4, 27, tzinfo=UTC) + timedelta(days=day) for day in (0, 1, 3, 6, 7, 8, 9, 10, 14, 40)]
INSTANTS = sorted(day - _CHINA + timedelta(hours=hour, minutes=minute) for day in _DAYS for hour, minute in _TIMES)
"""At and around the edges of open time, before and after the rest days of May 2018."""
FLOW = ["asked", "submitted", "notified", "supplemented", "accepted", "decided", "delivered"]
BESIDE = [
    "refused", "handed_over", "taken_over", "suspended", "resumed", "extension_requested", "extended", "referred",
    "checked", "withdrawn", "booked", "arrived", "served", "rated", "complained", "answered", "closed",
]  # fmt: skip
CLERKS = st.sampled_from(["wang", "li", None])


@cache
def engine() -> ws.Engine:
    """Return the engine with the rules that come with the library."""
    return built_in()


@st.composite
def events(draw: Any, at: datetime) -> ws.Event:
    """An event at the instant, with what its kind needs or without."""
    kind = draw(st.sampled_from([*FLOW, *FLOW, *BESIDE]))
    given: dict[str, Any] = {"by": draw(CLERKS)}
    if kind in ("notified", "supplemented"):
        given["items"] = draw(st.sampled_from([{"S10-M1"}, {"S10-M2"}, {"S10-M1", "S10-M2"}, None]))
        given["reason"] = draw(st.sampled_from([None, None, "applicant_change"]))
    if kind in ("notified", "suspended", "refused"):
        given["written"] = draw(st.sampled_from([True, True, False, None]))
    if kind in ("accepted", "refused"):
        given["slip"] = draw(st.sampled_from(["N-1", None]))
    if kind == "suspended":
        given["reason"] = draw(st.sampled_from(["hearing", "lunch", None]))
    if kind in ("extended", "extension_requested"):
        given["amount"] = draw(st.sampled_from(["2 working days", None]))
    if kind in ("handed_over", "taken_over", "referred"):
        given["to"] = draw(CLERKS)
    return ws.Event(at, kind, **given)


@st.composite
def requests(draw: Any) -> ws.Request:
    """A request and what happened to it, each at an instant of its own; most begin as requests do."""
    moments = draw(st.lists(st.sampled_from(INSTANTS), max_size=8, unique=True).map(sorted))
    found = [draw(events(at)) for at in moments]
    if found and draw(st.sampled_from([True, True, True, False])):
        found[0] = ws.Event(found[0].at, "submitted", by=draw(CLERKS))
    recorded = draw(st.sampled_from([None, None, None, [*FLOW, "refused", "withdrawn"]]))
    return ws.Request(
        "R-1", "B-1", draw(st.sampled_from(["S01", "S05", "S10", "S13"])), events=found, recorded=recorded
    )


AT_RISK = "commitment/finished_before_at_risk"
"""The early warning, which alone breaks two laws: see `test_an_early_warning_speaks_of_the_clock_as_it_stands`."""


def verdicts(request: ws.Request, as_of: datetime) -> dict[str, str]:
    """Return what each rule says."""
    return {name: str(verdict) for name, verdict in engine().check(request, as_of=as_of).verdicts.items()}


MOMENTS = st.sampled_from(INSTANTS)
KEPT = ("fail", "unknown")


@given(requests(), MOMENTS, MOMENTS)
def test_pass_fail_and_not_applicable_never_change_by_time_alone(
    request_: ws.Request, one: datetime, other: datetime
) -> None:
    """Only what waits for time, or for something unknown, may turn between two events."""
    first, then = sorted((one, other))
    assume(not any(first < event.at <= then for event in request_.events))
    before, after = verdicts(request_, first), verdicts(request_, then)
    final = {name: said for name, said in before.items() if said not in ("pending", "unknown") and name != AT_RISK}
    assert {name: after[name] for name in final} == final


@given(requests(), st.data())
def test_a_fail_is_never_undone_by_a_later_event(request_: ws.Request, data: st.DataObject) -> None:
    """Whatever happens after it in the same cycle, a failure stays; a count may become unknown."""
    last = max((event.at for event in request_.events), default=INSTANTS[0])
    later = data.draw(events(last + timedelta(hours=1)))
    before = verdicts(request_, last)
    after = verdicts(attrs.evolve(request_, events=[*request_.events, later]), later.at)
    undone = {name: after[name] for name, said in before.items() if said == "fail" and after[name] not in KEPT}
    undone.pop(AT_RISK, None)
    assert undone == {}


def test_an_early_warning_speaks_of_the_clock_as_it_stands() -> None:
    """A notice given after three quarters of the time were used stops the clock: there is nothing to warn of then.

    The warning is no breach, so it may end; whether the limit was kept is another rule, whose failure stays.
    """
    submitted = ws.Event("2018-04-27T08:30+08:00", "submitted", by="wang")
    notified = ws.Event("2018-05-04T16:20+08:00", "notified", by="wang", items={"S01-M1"}, written=True)
    request = ws.Request("R-1", "B-1", "S01", events=[submitted, notified])
    assert verdicts(request, datetime(2018, 5, 4, 8, 19, tzinfo=UTC))[AT_RISK] == "fail"
    assert verdicts(request, datetime(2018, 5, 4, 8, 21, tzinfo=UTC))[AT_RISK] == "pending"


@given(requests(), MOMENTS)
def test_replaying_events_up_to_an_instant_is_judging_as_of_it(request_: ws.Request, moment: datetime) -> None:
    """What came later is not seen: a history cut off at the instant gives the same verdicts."""
    past = attrs.evolve(request_, events=[event for event in request_.events if event.at <= moment])
    if not past.events and request_.events:  # a matter that begins later is not there: no rule applies to it
        assert set(verdicts(request_, moment).values()) == {"not_applicable"}
    else:
        assert verdicts(past, moment) == verdicts(request_, moment)


@given(requests(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(request_: ws.Request, chance: Any) -> None:
    """Events of different instants may come in any order."""
    shuffled = list(request_.events)
    chance.shuffle(shuffled)
    assert verdicts(attrs.evolve(request_, events=shuffled), INSTANTS[-1]) == verdicts(request_, INSTANTS[-1])


@given(requests(), MOMENTS)
def test_what_is_missing_is_never_a_pass(request_: ws.Request, moment: datetime) -> None:
    """A request of which a ledger records nothing passes nothing that its events would decide."""
    silent = attrs.evolve(request_, events=[], recorded=[])
    assert "pass" not in verdicts(silent, moment).values()


@pytest.mark.parametrize("as_of", INSTANTS[:: len(INSTANTS) // 4])
def test_a_report_of_nothing_passes_not(as_of: datetime) -> None:
    """A request without any event is not passed as a whole: nothing was shown."""
    assert not engine().check(ws.Request("R-1", "B-1", "S10"), as_of=as_of).passed
