"""How a matter stands under its clock, and what days not announced do to it, case by case."""

from __future__ import annotations

import pickle
import warnings
from datetime import timedelta
from fractions import Fraction

import pytest
from tests.worktime.clock.clock_cases import at, deadline, due, stop

from windowservice.errors import CalendarNotAnnounced, ProvisionalTime
from windowservice.worktime.calendar import WorkCalendar
from windowservice.worktime.clock.stops import Notice
from windowservice.worktime.limits.limit import Limit
from windowservice.worktime.spans import WorkSpan, work

# --- standing -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "done", "state"),
    [
        ("6 10:00", None, "not_started"),
        ("7 10:00", None, "running"),
        ("7 13:45", None, "stopped"),
        ("8 12:30", None, "stopped"),
        ("8 13:30", None, "running"),
        ("9 17:00", None, "running"),
        ("9 17:01", None, "overdue"),
        ("9 18:00", "9 17:00", "met"),
        ("9 17:30", "9 17:31", "overdue"),  # completion lies after what is seen
        (None, "9 17:01", "late"),
        (None, None, "running"),
    ],
)
def test_state(as_of: str | None, done: str | None, state: str) -> None:
    """The state goes by instants; done at the due is in time, and what lies after `as_of` is not known."""
    found = deadline(
        "1 working day",
        "7 10:00",
        stops=[stop("7 13:45", "7 14:00"), stop("8 12:00", "8 13:30"), stop("8 16:00", "8 16:30")],
        as_of=None if as_of is None else at(as_of),
        done=None if done is None else at(done),
    )
    assert found.state == state
    assert (found.done is None) is (state not in ("met", "late"))


def test_stop_that_begins_at_the_due_does_not_stop_the_clock() -> None:
    """At the due instant the matter is still in time, and nothing stands still."""
    found = deadline("1 working day", "7 10:00", stops=[stop("8 17:00", None)], as_of=at("8 17:00"))
    assert (found.state, found.remarks) == ("running", ())


@pytest.mark.parametrize(
    ("limit", "now", "worked", "remaining"),
    [
        ("3 working hours", "7 14:00", work(hours=2), work(hours=1)),
        ("3 working hours", "8 09:00", work(hours=5, minutes=30), work()),
        ("3 working days", "7 16:00", 0, 3),
        ("3 working days", "9 09:00", 2, 1),
        ("3 working days", "11 09:00", 4, 0),
        ("same working day", "7 16:00", 1, 0),
        ("5 days", "9 09:00", 2, 5),  # it ends on Monday
        ("5 days", "14 09:00", 7, 0),
        ("1 month", "9 09:00", 2, 29),
        ("72 hours", "8 10:00", timedelta(hours=24), timedelta(hours=48)),
        ("72 hours", "11 10:00", timedelta(hours=96), timedelta(0)),
        ("3 working hours or 16:20 at the latest", "7 14:00", work(hours=2), work(hours=1)),
        ("9 working hours or 16:20 at the latest", "7 14:00", 1, 0),
    ],
)
def test_time_used_and_left_in_the_own_unit(limit: str, now: str, worked: object, remaining: object) -> None:
    """Open time, workdays, days or real time, as the limit counts."""
    found = deadline(limit, "7 10:00", as_of=at(now))
    assert (found.worked, found.remaining) == (worked, remaining)


def test_stops_are_left_out_of_the_time_used() -> None:
    """A date that was stopped is not used up, nor is stopped open time."""
    stops = [stop("8 09:00", "8 10:00"), stop("8 10:30", "9 11:00")]
    assert deadline("5 days", "7 10:00", stops=stops, as_of=at("10 09:00")).worked == 1
    assert deadline("5 working days", "7 10:00", stops=stops, as_of=at("10 09:00")).worked == 1
    assert deadline("20 working hours", "7 10:00", stops=stops, as_of=at("8 17:00")).worked == work(hours=6)
    assert deadline("99 hours", "7 10:00", stops=stops, as_of=at("8 10:15")).worked == timedelta(hours=23, minutes=15)


def test_late_by_is_real_time_and_overrun_open_time() -> None:
    """Done at night after the due, a matter is late by real time although no open time was lost."""
    found = deadline("1 working day", "7 10:00", done=at("8 20:00"))
    assert (found.late_by, found.overrun) == (timedelta(hours=3), WorkSpan())
    later = deadline("1 working day", "7 10:00", as_of=at("9 09:30"))
    assert (later.late_by, later.overrun) == (timedelta(hours=16, minutes=30), work(hours=1))


def test_at_risk_after_three_quarters_of_the_net_open_time() -> None:
    """The warning never falls at night, stops are left out, and elapsed limits warn by real time."""
    assert deadline("4 working hours", "7 08:30").at_risk == deadline("3 working hours", "7 08:30").due
    stopped = deadline("4 working hours", "7 08:30", stops=[stop("7 09:00", "7 10:00")]).at_risk
    assert stopped is not None
    assert f"{stopped:%H:%M}" == "14:30"
    night = deadline("72 hours", "7 10:00").at_risk
    assert night is not None
    assert f"{night:%d %H:%M}" == "09 16:00"
    half = deadline("4 working hours", "7 08:30", at_risk_share=Fraction(1, 2)).at_risk
    assert half is not None
    assert f"{half:%H:%M}" == "10:30"
    noon = deadline("same working day at 12:00", "7 09:30", stops=[stop("7 11:45", "7 15:00")]).at_risk
    assert noon is not None
    assert (
        f"{noon:%H:%M}" == "11:00"
    )  # two hours until half past eleven; what was stopped after the due is no part of it
    assert deadline("1 calendar day without roll", "11 18:00").at_risk is None  # nothing is open until its end


def test_risk_is_measured_from_a_restart() -> None:
    """After a restart the share counts from there, and stops before it are nothing to it."""
    papers = [Notice(at("7 10:00"), at("7 14:00"))]
    found = deadline("4 working hours", "7 08:30", notices=papers, as_of=at("8 09:00"))
    assert found.at_risk == deadline("3 working hours", "7 14:00").due


def test_spans_tell_where_the_time_went() -> None:
    """Time is laid out from start to completion: before the restart, waiting, open, closed, after the due."""
    found = deadline(
        "1 working hour",
        "7 10:00",
        notices=[Notice(at("7 10:30"), at("7 11:00"))],
        stops=[stop("7 14:15", "7 14:30", "appraisal")],
        done=at("7 15:00"),
    )
    assert [(f"{s.begin:%H:%M}", s.reason) for s in found.spans] == [
        ("10:00", "before_restart"),
        ("10:30", "supplement"),
        ("11:00", "running"),
        ("11:30", "off_hours"),
        ("13:30", "running"),
        ("14:00", "after_due"),
    ]
    assert sum(found.time_by_reason.values(), timedelta()) == timedelta(hours=5)
    assert found.time_by_reason["after_due"] == timedelta(hours=1)
    assert deadline("1 working hour", "7 10:00").spans == ()
    assert deadline("1 working hour", "7 10:00", as_of=at("6 10:00")).spans == ()
    cut = deadline("1 working hour", "7 10:00", stops=[stop("7 10:30", "7 11:00")], as_of=at("7 10:30"))
    assert [span.reason for span in cut.spans] == ["running"]


def test_changing_the_goal_keeps_start_and_stops() -> None:
    """Another limit over the same history is counted as if it had been in force from the start."""
    history = {"stops": [stop("8 09:00", "8 10:00")], "as_of": at("8 16:00")}
    assert due("1 working day", "7 10:00", **history) == "9 17:00"
    assert due("3 working days", "7 10:00", **history) == "11 17:00"


def test_deadline_is_a_plain_value() -> None:
    """A deadline compares and pickles, and a bare date as `as_of` means its end."""
    found = deadline("1 working day", "7 10:00", as_of="2018-05-07", done=at("8 10:00"))
    assert pickle.loads(pickle.dumps(found)) == found
    assert found.as_of is not None
    assert found.as_of.isoformat() == "2018-05-08T00:00:00+08:00"
    assert found.done is None


# --- days not announced ---------------------------------------------------------------------------------------------

SHORT = {
    "timezone": "Asia/Shanghai",
    "weekly": "mon-fri 08:30-17:00",
    "known_from": "2018-01-01",
    "known_until": "2018-05-09",
}


@pytest.mark.parametrize(
    ("limit", "start", "due", "earliest", "latest"),
    [
        ("4 working days", "7 10:00", "11 17:00", "11 17:00", "22 17:00"),
        ("6 working days", "7 10:00", "15 17:00", "13 17:00", "24 17:00"),
        ("2 working days", "14 10:00", "16 17:00", "16 17:00", "25 17:00"),
        ("20 working hours", "8 16:00", "11 10:30", "11 10:30", "22 10:30"),
        ("5 days", "7 10:00", "14 17:00", "12 17:00", "23 17:00"),
        ("5 days without roll", "7 10:00", "13 00:00", "13 00:00", "13 00:00"),
        ("4 days without roll", "7 10:00", "11 17:00", "11 17:00", "12 00:00"),
        ("same working day", "12 10:00", "14 17:00", "12 17:00", "23 17:00"),
        ("1 working day before", "15 10:00", "14 17:00", "3 17:00", "14 17:00"),
        ("2 working days before", "15 10:00", "11 17:00", "2 17:00", "13 17:00"),
        ("6 working days or 12 working days at the latest", "7 10:00", "15 17:00", "13 17:00", "24 17:00"),
    ],
)
def test_due_beyond_the_known_days_has_bounds(limit: str, start: str, due: str, earliest: str, latest: str) -> None:
    """A result that rests on assumed days says so, warns, and tells how early and how late it may come to lie."""
    with pytest.warns(ProvisionalTime):
        found = Limit.parse(limit).deadline(at(start), calendar=WorkCalendar(**SHORT))  # type: ignore[arg-type]
    assert found.provisional
    times = [f"{t.day} {t:%H:%M}" for t in (found.due, found.earliest_due, found.latest_due)]
    assert times == [due, earliest, latest]


def test_due_before_the_known_days_is_provisional() -> None:
    """Nor is what lies before the first known date taken for known."""
    with pytest.warns(ProvisionalTime):
        found = Limit.parse("1 working day").deadline("2017-12-29T10:00+08:00", calendar=WorkCalendar(**SHORT))  # type: ignore[arg-type]
    assert found.earliest_due < found.due < found.latest_due


def test_limits_that_need_no_days_are_never_provisional() -> None:
    """Real time and a booked slot rest on no calendar."""
    calendar = WorkCalendar(**SHORT, on_unknown="raise")  # type: ignore[arg-type]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not Limit.parse("72 hours").deadline(at("8 10:00"), calendar=calendar).provisional
        booked = Limit.parse("booked session").deadline(at("20 10:00"), calendar=calendar, slot_end=at("20 11:00"))
    assert not booked.provisional


def test_calendar_may_refuse_what_is_not_announced() -> None:
    """A calendar that assumes nothing refuses such a due, with the days it would need."""
    calendar = WorkCalendar(**SHORT, on_unknown="raise")  # type: ignore[arg-type]
    assert Limit.parse("2 working days").deadline(at("7 10:00"), calendar=calendar).due.day == 9
    with pytest.raises(CalendarNotAnnounced):
        Limit.parse("3 working days").deadline(at("7 10:00"), calendar=calendar)
