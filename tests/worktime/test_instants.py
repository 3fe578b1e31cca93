"""Instants that the library gives out are whole pendulum times: what is added to them keeps its zone."""

from __future__ import annotations

import pickle
from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pendulum
import pytest

import windowservice as ws
from windowservice.instants import from_us, get_zone, to_us

ZONES = [get_zone("America/New_York"), ZoneInfo("America/New_York"), UTC, timezone(timedelta(hours=8))]


@pytest.mark.parametrize("zone", ZONES, ids=repr)
def test_what_is_added_to_an_instant_keeps_its_zone(zone: tzinfo) -> None:
    """By pendulum's `add` and by a timedelta; across a change of clocks an hour is an hour."""
    before = to_us("2018-03-11T06:30Z")  # half an hour before New York's clocks go forward
    instant = from_us(before, zone)
    for later in (instant.add(hours=1), instant + timedelta(hours=1)):
        assert to_us(later) - before == 3_600_000_000
        assert later.utcoffset() == (later.astimezone(zone)).utcoffset()
    assert instant.timezone_name is not None
    assert pickle.loads(pickle.dumps(instant)) == instant


def test_a_due_instant_may_be_reckoned_with() -> None:
    """As in the README's example of a calendar: half past ten and an hour is half past eleven, local time."""
    due = ws.WorkCalendar.china("08:30-11:30 13:30-17:00").add("2018-04-27T16:00+08:00", ws.work(hours=3))
    assert due.add(hours=1) == pendulum.datetime(2018, 4, 28, 11, 30, tz="Asia/Shanghai")
    assert due.start_of("day").isoformat() == "2018-04-28T00:00:00+08:00"
