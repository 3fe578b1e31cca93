"""A fail of an appointment is never undone by what happens later in the same cycle: booking anew mends nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.rules.matters import engine
from tests.trials import trials

import windowservice as ws
from windowservice.engine.frames.requests import request_frames

RULES = ("at_once/appointment_kept_by_bank", "at_once/appointment_kept_by_window")
_BEGIN = datetime(2018, 5, 7, 1, 0, tzinfo=UTC)
_STEP = timedelta(minutes=15)
LATER = 2**62


@st.composite
def _histories(draw: st.DrawFn) -> list[ws.Event]:
    """Draw bookings, arrivals and cancellations quarters of an hour apart, now and then a second earlier or later."""
    found = []
    at = _BEGIN
    for _ in range(draw(st.integers(1, 7))):
        at += draw(st.integers(0, 6)) * _STEP + draw(st.sampled_from([0, 0, 0, 1, -1])) * timedelta(seconds=1)
        kind = draw(st.sampled_from(["booked", "booked", "arrived", "cancelled", "withdrawn"]))
        begin = at + draw(st.integers(0, 4)) * _STEP
        slot = (begin, begin + draw(st.integers(1, 2)) * _STEP) if kind == "booked" else None
        found.append(ws.Event(max(at, _BEGIN), kind, slot=slot))
    return found


@trials(0.5)
@given(events=_histories(), steps=st.lists(st.integers(0, 40), min_size=2, max_size=4).map(sorted))
def test_an_appointment_that_was_not_kept_stays_so_whatever_is_booked_later(
    events: list[ws.Event], steps: list[int]
) -> None:
    """As time goes on a fail stays a fail; objects and columns say the same at every instant."""
    request = ws.Request("R-1", "105221000018", "S08", events=events)
    judging = engine().only(*RULES)
    frames = request_frames([request], LATER, [])
    failed: set[str] = set()
    for step in steps:
        as_of = _BEGIN + step * _STEP + timedelta(seconds=1)
        report = judging.check(request, as_of=as_of)
        assert judging.audit(*frames, as_of=as_of).counts == judging.audit([request], as_of=as_of).counts
        fails = {rule for rule in RULES if report.finding("R-1", rule).verdict == "fail"}
        assert failed <= fails, (failed - fails, as_of, events)
        failed = fails
