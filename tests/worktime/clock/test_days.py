"""A deadline day by day says what the deadline itself says, looked at as of the end of each day."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

import windowservice as ws

CALENDAR = ws.WorkCalendar(
    "Europe/Amsterdam", "mon-fri 09:00-12:00 13:00-17:00",
    layers=[ws.Layer("branch", closed={"2018-04-27": "King's Day", "2018-04-30": ""}, source="letter 7")],
)  # fmt: skip
START = "2018-04-25T15:00+02:00"
HEARING = ws.Stop("2018-04-26T10:00+02:00", "2018-05-02T10:00+02:00", "hearing", written=True)
WAIT = ws.Notice("2018-04-26T11:00+02:00", "2018-05-03T09:00+02:00")
LIMITS = ("4 working days", "12 working hours", "9 calendar days", "80 hours", "same working day", "1 month")


def _worked(limit: str, day: ws.Limit, **said):
    end = datetime.fromisoformat(f"{day.calendar.day}T00:00") + timedelta(days=1)
    return ws.Limit.parse(limit).deadline(
        START, calendar=CALENDAR, as_of=f"{end - timedelta(microseconds=1):%Y-%m-%dT%H:%M:%S.%f}+02:00", **said
    )


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("said", [{}, {"stops": [HEARING]}, {"notices": [WAIT]}], ids=["alone", "stop", "wait"])
def test_each_day_used_what_the_deadline_says_at_its_end(limit: str, said: dict) -> None:
    days = list(ws.Limit.parse(limit).by_day(START, calendar=CALENDAR, **said))
    due = ws.Limit.parse(limit).deadline(START, calendar=CALENDAR, as_of="2018-07-01T00:00+02:00", **said)
    assert days[-1].calendar.day == due.last_day
    for day in days[:-1]:
        seen, used = _worked(limit, day, **said).worked, day.used
        if isinstance(used, ws.WorkSpan):
            assert abs(used.us - seen.us) <= 1
        elif isinstance(used, timedelta):
            assert abs(used - seen) <= timedelta(microseconds=1)
        else:
            assert used == seen


@pytest.mark.parametrize("limit", ["4 working days", "12 working hours", "80 hours"])
def test_what_the_days_count_is_the_limit(limit: str) -> None:
    for said in ({}, {"stops": [HEARING]}):
        days = list(ws.Limit.parse(limit).by_day(START, calendar=CALENDAR, **said))
        counted = days[0].counted
        for day in days[1:]:
            counted += day.counted
        wanted = {"4 working days": 4, "12 working hours": ws.work(hours=12), "80 hours": timedelta(hours=80)}[limit]
        assert counted == days[-1].used == wanted


def test_a_day_says_why_it_is_closed_and_who_says_so() -> None:
    days = {
        str(day.calendar.day): day.calendar for day in ws.Limit.parse("3 working days").by_day(START, calendar=CALENDAR)
    }
    holiday, plain = days["2018-04-27"], days["2018-04-26"]
    assert (holiday.reason, holiday.layer, holiday.source) == ("closed: King's Day", "branch", "letter 7")
    assert (holiday.sessions, plain.reason, len(plain.sessions)) == ((), "", 2)
    assert days["2018-04-28"].reason == ""


def test_after_a_restart_days_count_anew() -> None:
    days = list(ws.Limit.parse("3 working days").by_day(START, calendar=CALENDAR, notices=[WAIT]))
    (anew,) = [day for day in days if day.restarted]
    assert str(anew.calendar.day) == "2018-05-03"
    assert anew.used == 0
    assert days[-1].used == 3


def test_stops_are_cut_to_their_days() -> None:
    days = list(ws.Limit.parse("12 working hours").by_day(START, calendar=CALENDAR, stops=[HEARING]))
    parts = [part for day in days for part in day.stops]
    assert sum((part.elapsed for part in parts), timedelta()) == timedelta(days=6)
    assert all(part.reason == "hearing" for part in parts)


def test_backwards_the_days_from_the_due_count_open_time() -> None:
    days = list(ws.Limit.parse("2 working days before").by_day("2018-05-03T15:00+02:00", calendar=CALENDAR))
    assert str(days[0].calendar.day) == "2018-05-01"
    assert days[-1].used == ws.work(hours=12)
