"""How opening hours are written, and what clock changes do to them."""

from __future__ import annotations

from datetime import date

import pytest

from windowservice.errors import InvalidHours, ProvisionalTime
from windowservice.worktime.calendar import WorkCalendar
from windowservice.worktime.hours import hours_text, parse_hours
from windowservice.worktime.spans import work


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("08:30-11:30 13:30-17:00", [(510, 690), (810, 1020)]),
        ("13:30-17:00, 8:30-11:30", [(510, 690), (810, 1020)]),
        ("22:00-06:00", [(1320, 1800)]),
        ("22:00-06:00(+1)", [(1320, 1800)]),
        ("20:30(-1)-17:15", [(-210, 1035)]),
        ("00:00-24:00", [(0, 1440)]),
        ("16:00(-1)-16:00", [(-480, 960)]),
        ("08:00-08:00(+1)", [(480, 1920)]),
        ("09:00-12:00 12:00-13:00", [(540, 720), (720, 780)]),
        ("closed", []),
        ("", []),
    ],
)
def test_sessions_are_read_and_written(text: str, minutes: list[tuple[int, int]]) -> None:
    """Sessions may begin the evening before, end the morning after or at 24:00; what is written is read the same."""
    hours = parse_hours(text)
    assert hours == tuple((opening * 60_000_000, close * 60_000_000) for opening, close in minutes)
    assert parse_hours(hours_text(hours)) == hours


def test_seconds_may_be_written() -> None:
    """A session may open and close on a second."""
    assert hours_text(parse_hours("09:00:30-12:00")) == "09:00:30-12:00"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("09:00", "no session"),
        ("9-5", "no session"),
        ("09:00-17:00(+2)", "no session"),
        ("25:00-26:00", "no such time"),
        ("09:60-10:00", "no such time"),
        ("09:00-24:01", "no such time"),
        ("24:00-06:00(+1)", "opens at 24:00"),
        ("08:00-08:00", "does not close after it opens"),
        ("08:00-07:00(-1)", "does not close after it opens"),
        ("20:00(-1)-20:01", "longer than 24 hours"),
        ("09:00-12:00 11:59-13:00", "overlap"),
        (9, "no text"),
    ],
)
def test_wrong_hours_are_refused(text: str, problem: str) -> None:
    """The message names the session and what is wrong with it."""
    with pytest.raises(InvalidHours, match=problem):
        parse_hours(text)


@pytest.mark.parametrize(
    ("weekly", "problem"),
    [
        ("09:00-17:00", "name the weekdays first"),
        ("mon-fry 09:00-17:00", "did you mean 'fri'"),
        ({"mon-wed": "09:00-12:00", "wed": "13:00-17:00"}, "wed is given twice"),
        ({"mon": "09:00-12:00 11:00-13:00"}, r"weekly\.mon"),
        (5, "text or a mapping"),
        ({"2018-01-01": 5}, "text or a mapping"),
        ("", "no date has any open hours"),
        ({"mon-sun": "closed"}, "no date has any open hours"),
    ],
)
def test_wrong_weekly_hours_are_refused(weekly: object, problem: str) -> None:
    """A weekday that is none, one given twice, and a week without any hours are errors."""
    with pytest.raises(InvalidHours, match=problem):
        WorkCalendar("Asia/Shanghai", weekly)


def test_weekdays_may_wrap_and_be_listed() -> None:
    """From Saturday to Monday are three days, and a list names single ones."""
    cal = WorkCalendar("Asia/Shanghai", "sat-mon 09:00-10:00; wed, 11:00-12:00; fri,thu 11:00-12:00".replace(", ", " "))
    assert [cal.is_workday(date(2018, 5, day)) for day in range(7, 14)] == [True, False, True, True, True, True, True]


@pytest.mark.parametrize(
    ("weekly", "special"),
    [
        ({"mon": "22:00-06:00(+1)", "tue": "05:00-12:00"}, {}),
        ({"mon": "09:00-08:00(+1)", "sun": "20:00-10:00(+1)"}, {}),
        ({"mon": "22:00-06:00(+1)"}, {"2018-05-08": "05:59-12:00"}),
        ({"mon": "12:00-11:00(+1)", "wed": "10:00(-1)-09:00"}, {}),
        ({"2018-01-01": "mon-fri 09:00-08:00(+1)", "2018-05-02": "mon-fri 07:00-17:00"}, {}),
    ],
)
def test_sessions_of_different_dates_may_not_overlap(weekly: dict, special: dict) -> None:
    """Overlaps with the day after, over the weekend, with a special day or where hours change are refused."""
    with pytest.raises(InvalidHours, match="overlap"):
        WorkCalendar("Asia/Shanghai", weekly, special=special)


def test_an_overlap_that_a_closed_day_removes_is_none() -> None:
    """What counts is the hours a date has in the end."""
    cal = WorkCalendar(
        "Asia/Shanghai", {"mon": "22:00-06:00(+1)"}, special={"2018-05-08": "05:00-12:00"}, closed=["2018-05-07"]
    )
    assert cal.worked("2018-05-07T00:00+08:00", "2018-05-09T00:00+08:00") == work(hours=7)


DATED = {date(2018, 5, 3): "mon-fri 08:00-12:00", date(2018, 1, 1): "mon-fri 09:00-17:00"}


def test_hours_by_date() -> None:
    """Weekly hours may change on a date; before the first date they are assumed."""
    cal = WorkCalendar(
        "Asia/Shanghai",
        {"2018-01-01": "mon-fri 09:00-17:00", "2018-05-03": {"mon-fri": "08:00-12:00"}},
        known_until="2018-12-31",
    )
    assert cal.worked("2018-05-02T00:00+08:00", "2018-05-04T00:00+08:00") == work(hours=12)
    assert cal.known_from == date(2018, 1, 1)
    assert cal.weeks == WorkCalendar("Asia/Shanghai", DATED).weeks
    with pytest.warns(ProvisionalTime):
        assert cal.worked("2017-12-29T00:00+08:00", "2017-12-30T00:00+08:00") == work(hours=8)


# --- clock changes ---------------------------------------------------------------------------------------------------


def night(zone: str, hours: str) -> WorkCalendar:
    return WorkCalendar(zone, f"mon-sun {hours}")


@pytest.mark.parametrize(
    ("hours", "sessions"),
    [
        ("02:15-04:00", [("03:00+02:00", "04:00+02:00")]),
        ("01:00-02:30", [("01:00+01:00", "03:00+02:00")]),
        ("02:10-02:50", []),
    ],
)
def test_in_a_skipped_hour_a_session_opens_at_the_first_existing_instant(
    hours: str, sessions: list[tuple[str, str]]
) -> None:
    """On 2018-03-25 02:00 to 03:00 does not exist in Amsterdam; a session within it alone has no time at all."""
    cal = night("Europe/Amsterdam", hours)
    found = [(f"{a:HH:mmZ}", f"{b:HH:mmZ}") for a, b in cal.sessions("2018-03-25", "2018-03-26")]
    assert found == sessions
    assert cal.is_workday("2018-03-25") is bool(sessions)


@pytest.mark.parametrize(
    ("hours", "sessions"),
    [
        ("01:00-02:30", [("01:00+02:00", "02:30+02:00"), ("02:00+01:00", "02:30+01:00")]),
        ("02:30-04:00", [("02:30+02:00", "02:00+01:00"), ("02:30+01:00", "04:00+01:00")]),
        ("01:00-05:00", [("01:00+02:00", "05:00+01:00")]),
    ],
)
def test_in_a_repeated_hour_a_session_is_open_both_times(hours: str, sessions: list[tuple[str, str]]) -> None:
    """On 2018-10-28 02:00 to 03:00 comes twice in Amsterdam, and counts twice."""
    cal = night("Europe/Amsterdam", hours)
    found = [(f"{a:HH:mmZ}", f"{b:HH:mmZ}") for a, b in cal.sessions("2018-10-28", "2018-10-29")]
    assert found == sessions
