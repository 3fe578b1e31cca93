"""What moves the due of a clock, case by case, as a caller sees it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.worktime.clock.clock_cases import WINDOW, at, deadline, due, stop

from windowservice.errors import InvalidTime, InvalidValue, NaiveTime
from windowservice.worktime.calendar import WorkCalendar
from windowservice.worktime.clock.stops import STATUTORY_REASONS, Code, Notice, Stop
from windowservice.worktime.limits.limit import Extension, Limit, working_days
from windowservice.worktime.spans import WorkSpan, work

# --- kinds ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "start", "expected"),
    [
        ("3 working hours", "7 08:30", "7 11:30"),  # used up exactly at a close
        ("30 working minutes", "7 11:30", "7 14:00"),
        ("1 working day", "4 18:00", "7 17:00"),
        ("1 working day", "5 10:00", "7 17:00"),  # from a rest day
        ("1 working day at 12:00", "4 10:00", "7 12:00"),  # within the break
        ("1 working day at 23:00", "4 10:00", "7 17:00"),  # after the close
        ("1 working day at 08:30", "4 10:00", "7 17:00"),  # nothing is open before it
        ("2 working days at the same time", "7 10:00", "9 10:00"),
        ("2 working days at the same time", "5 10:00", "9 08:30"),  # off hours: from the next opening
        ("1 working day at the same time", "7 12:00", "8 13:30"),
        ("same working day", "7 10:00", "7 17:00"),
        ("same working day", "7 17:00", "8 17:00"),  # started at its end
        ("same working day", "5 10:00", "7 17:00"),
        ("same working day at 12:00", "7 11:59", "7 12:00"),
        ("same working day at 12:00", "7 12:00", "8 12:00"),
        ("5 days", "7 10:00", "14 17:00"),  # Saturday moves to Monday
        ("5 days without roll", "7 10:00", "13 00:00"),  # 24:00 of Saturday
        ("4 days", "7 10:00", "11 17:00"),
        ("1 month", "7 10:00", "7 17:00"),
        ("72 hours", "7 10:00", "10 10:00"),
        ("60 working minutes or 16:20 at the latest", "7 15:00", "7 16:00"),
        ("60 working minutes or 16:20 at the latest", "7 16:00", "7 16:20"),
        ("2 working days or 3 days at the latest", "7 16:00", "9 17:00"),
    ],
)
def test_limits_end_where_the_table_says(limit: str, start: str, expected: str) -> None:
    """Each kind ends as the semantics say, at its edges too."""
    assert due(limit, start) == expected


def test_due_at_midnight_keeps_its_last_day() -> None:
    """A limit that ends at 24:00 ends on the day before."""
    found = deadline("5 days without roll", "7 10:00")
    assert found.last_day == date(2018, 5, 12)
    assert deadline("14 hours", "7 10:00").last_day == date(2018, 5, 7)


def test_month_ends_on_the_last_day_of_a_shorter_one() -> None:
    """One month from 31 January ends in February."""
    found = Limit.parse("1 month without roll").deadline("2018-01-31T10:00+08:00", calendar=WINDOW)
    assert found.last_day == date(2018, 2, 28)
    leap = Limit.parse("1 month").deadline("2020-01-31T10:00+08:00", calendar=WINDOW)
    assert leap.last_day == date(2020, 3, 2)


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        ("1 working day at 15:00 before", "9 15:00"),
        ("1 working day before", "9 17:00"),
        ("1 working day at the same time before", "9 10:00"),
        ("90 working minutes before", "10 08:30"),
        ("2 working hours before", "9 16:30"),
        ("24 hours before", "9 10:00"),
        ("3 days before", "7 17:00"),
        ("4 days before", "4 17:00"),  # Sunday moves back, so that the notice is not too short
        ("4 days without roll before", "7 00:00"),
    ],
)
def test_limits_run_backwards_from_a_planned_instant(limit: str, expected: str) -> None:
    """What must be done so long before ends there; stops do not move it."""
    assert due(limit, "10 10:00") == expected
    assert due(limit, "10 10:00", stops=[stop("3 08:30", "9 16:00")]) == expected
    month = Limit.parse("1 month before").deadline("2018-06-11T10:00+08:00", calendar=WINDOW)
    assert month.due.isoformat() == "2018-05-11T17:00:00+08:00"


def test_backward_limit_has_a_standing() -> None:
    """A duty to be done before an event runs until its due, then it is overdue; no risk is told."""
    early = deadline("1 working day at 15:00 before", "10 10:00", as_of=at("9 10:00"))
    assert (early.state, early.worked, early.remaining) == ("running", WorkSpan(), work(hours=3))
    assert early.at_risk is None
    assert deadline("1 working day at 15:00 before", "10 10:00", as_of=at("9 16:00")).state == "overdue"
    assert deadline("1 working day at 15:00 before", "10 10:00", done=at("9 15:00")).state == "met"


def test_booked_session_ends_with_slot_and_grace() -> None:
    """The limit ends with the slot and the grace; stops do not move it, and without a slot it is refused."""
    slot = {"slot_end": at("7 10:30"), "grace": timedelta(minutes=10)}
    assert due("booked session", "7 10:00", **slot) == "7 10:40"
    found = deadline("booked session", "7 10:00", stops=[stop("7 10:05", "7 12:00")], as_of=at("7 10:20"), **slot)
    assert (f"{found.due:%H:%M}", found.worked, found.remaining) == ("10:40", work(minutes=20), work(minutes=20))
    either = deadline("booked session or 10:20 at the latest", "7 10:00", as_of=at("7 10:15"), **slot)
    assert (f"{either.due:%H:%M}", either.remaining) == ("10:20", 0)  # in workdays, as the binding part counts
    other = deadline("booked session or 16:20 at the latest", "7 10:00", as_of=at("7 10:15"), **slot)
    assert (f"{other.due:%H:%M}", other.remaining) == ("10:40", work(minutes=25))
    with pytest.raises(InvalidValue, match="slot_end"):
        deadline("booked session", "7 10:00")


def test_agreed_due_is_moved_by_nothing() -> None:
    """A due that was agreed stands, whatever stops, and time is told in open time."""
    found = deadline(
        "3 working days", "7 08:30", fixed_due=at("8 12:00"), stops=[stop("7 09:00", "7 16:00")], as_of=at("7 10:30")
    )
    assert (f"{found.due:%d %H:%M}", found.last_day, found.state) == ("08 12:00", date(2018, 5, 8), "running")
    assert (found.worked, found.remaining) == (work(hours=2), work(hours=7, minutes=30))
    assert found.stops == ()


def test_time_of_day_in_a_skipped_hour_is_the_first_one_beyond() -> None:
    """A limit until 02:30 in the night in which the clock jumps from 02:00 to 03:00 ends at 03:00."""
    night = WorkCalendar("Europe/Amsterdam", "mon-sun 00:00-06:00")
    found = Limit.parse("1 working day at 02:30").deadline("2018-03-24T01:00+01:00", calendar=night)
    assert found.due.isoformat() == "2018-03-25T03:00:00+02:00"


# --- stops ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "begin", "end", "expected"),
    [
        ("60 working minutes", "7 11:00", "7 14:00", "7 14:30"),  # only its open part
        ("60 working minutes", "7 11:00", "7 15:00", "7 15:30"),
        ("60 working minutes", "7 11:30", "7 15:00", "7 11:30"),  # begins at the due
        ("1 working day", "8 12:00", "8 13:00", "8 17:00"),  # within the break: touches no day
        ("1 working day", "8 16:59", "8 17:30", "9 17:00"),
        ("1 working day", "8 17:00", "9 10:00", "8 17:00"),
        ("1 working day at 12:00", "8 11:45", "8 15:00", "8 12:00"),  # nothing open between 11:45 and 12:00
        ("1 working day at 12:00", "8 11:15", "8 15:00", "9 12:00"),
        ("2 working days at 12:00", "8 14:00", "8 15:00", "10 12:00"),  # a middle day counts whole
        ("2 days", "8 20:00", "8 21:00", "10 17:00"),  # a date counts even at night
        ("5 days", "14 09:00", "14 10:00", "15 17:00"),  # the day to which it rolled is touched
        ("5 days", "13 09:00", "13 10:00", "14 17:00"),  # a rest day over which it rolled
        ("5 days", "11 09:00", "11 10:00", "14 17:00"),  # the fifth day is now Sunday
        ("72 hours", "8 20:00", "8 21:00", "10 11:30"),
        ("same working day", "7 11:00", "7 11:10", "8 17:00"),
        ("60 working minutes or 16:20 at the latest", "7 11:00", "7 14:00", "7 14:30"),
    ],
)
def test_stops_push_in_the_unit_of_the_limit(limit: str, begin: str, end: str, expected: str) -> None:
    """Open time, workdays touched, dates overlapped or real time: each kind is pushed by its own measure."""
    assert due(limit, "7 10:30", stops=[stop(begin, end)]) == expected


@pytest.mark.parametrize("reason", sorted(STATUTORY_REASONS))
def test_statutory_stop_needs_writing(reason: str) -> None:
    """Without a written notice the time counts, and the deadline says so."""
    assert (
        due("1 working day", "7 10:00", stops=[Stop(at("8 09:00"), at("8 10:00"), reason, written=True)]) == "9 17:00"
    )
    found = deadline("1 working day", "7 10:00", stops=[Stop(at("8 09:00"), at("8 10:00"), reason)])
    assert (found.due.day, found.stops) == (8, ())
    assert [(remark.code, remark.what) for remark in found.remarks] == [(Code.STOP_NOT_WRITTEN, reason)]


def test_local_reasons_can_be_named() -> None:
    """A service may say which other reasons stop the clock; without that any reason does."""
    stops = [Stop(at("8 09:00"), at("8 10:00"), "system_outage")]
    assert due("1 working day", "7 10:00", stops=stops) == "9 17:00"
    assert due("1 working day", "7 10:00", stops=stops, local_reasons={"system_outage"}) == "9 17:00"
    found = deadline("1 working day", "7 10:00", stops=stops, local_reasons=["upper_level_reply"])
    assert (found.due.day, found.remarks[0].code) == (8, Code.STOP_UNKNOWN_REASON)


def test_overlap_belongs_to_the_reason_that_began_first() -> None:
    """Time that two stops claim counts once."""
    stops = [stop("7 11:00", "7 14:30", "appraisal"), stop("7 10:00", "7 11:15"), stop("7 10:15", "7 10:30", "tender")]
    found = deadline("3 working hours", "7 09:00", stops=stops, as_of=at("7 16:00"))
    assert [(f"{s.begin:%H:%M}", f"{s.end:%H:%M}", s.reason) for s in found.stops] == [
        ("10:00", "11:15", "hearing"),
        ("11:15", "14:30", "appraisal"),
    ]
    assert found.time_by_reason["hearing"] == timedelta(hours=1, minutes=15)
    assert f"{found.due:%H:%M}" == "16:30"


def test_stop_after_the_due_is_remarked() -> None:
    """A stop that comes too late moves nothing, and the deadline says so."""
    found = deadline("60 working minutes", "7 09:00", stops=[stop("7 10:00", "7 11:00")])
    assert [remark.code for remark in found.remarks] == [Code.STOP_AFTER_DUE]


def test_stop_is_hidden_and_cut_by_as_of() -> None:
    """What begins after `as_of` is not seen; what lasts is cut there, and the clock stands still."""
    stops = [stop("8 09:00", None)]
    assert due("1 working day", "7 10:00", stops=stops, as_of=at("7 12:00")) == "8 17:00"
    lasting = deadline("1 working day", "7 10:00", stops=stops, as_of=at("9 12:00"))
    assert (lasting.due.day, lasting.state, lasting.worked, lasting.remaining) == (10, "stopped", 0, 1)
    assert deadline("1 working day", "7 10:00", stops=stops, done=at("8 16:00")).state == "met"
    with pytest.raises(InvalidValue, match="as_of"):
        deadline("1 working day", "7 10:00", stops=stops)
    with pytest.raises(InvalidValue, match="as_of"):
        deadline("1 working day", "7 10:00", notices=[Notice(at("8 09:00"))])


def test_remarks_on_later_stops_are_hidden_too() -> None:
    """A stop that begins after `as_of` leaves no trace."""
    late = Stop(at("8 09:00"), at("8 10:00"), "hearing")
    assert deadline("1 working day", "7 10:00", stops=[late], as_of=at("8 08:00")).remarks == ()


def test_due_at_an_opening_is_not_moved_by_a_stop_that_reaches_over_it() -> None:
    """At the same time on a day that opens then: up to the due nothing was open, and what comes after is too late."""
    short = WorkCalendar("Asia/Shanghai", "mon-fri 08:30-17:00", special={"2018-05-12": "09:00-12:00"})
    found = Limit.parse("1 working day at the same time").deadline(
        at("10 09:00"), calendar=short, stops=[stop("11 08:30", "12 09:30")]
    )
    assert found.due.isoformat() == "2018-05-12T09:00:00+08:00"


def test_day_that_is_no_longer_the_last_is_touched_whole() -> None:
    """Once a day before it is stopped, the former last day counts as touched after its due too."""
    assert due("2 working days at the same time", "7 08:30") == "9 08:30"
    assert due("2 working days at the same time", "7 08:30", stops=[stop("8 16:00", "9 09:30")]) == "11 08:30"
    assert due("2 working days at the same time", "7 08:30", stops=[stop("8 18:00", "9 09:30")]) == "9 08:30"


def test_stop_written_in_dates_includes_its_last_date() -> None:
    """A bare date begins at 00:00 and ends at 24:00."""
    assert (
        due("1 working day", "7 10:00", stops=[Stop("2018-05-08", date(2018, 5, 9), "hearing", written=True)])
        == "10 17:00"
    )
    assert due("48 hours", "7 10:00", stops=[Stop(date(2018, 5, 8), "2018-05-08", "outage")]) == "10 10:00"


def test_stop_that_cannot_be_is_refused() -> None:
    """A stop must not end before it begins, and its times need a zone."""
    with pytest.raises(InvalidValue, match="not before its begin"):
        deadline("1 working day", "7 10:00", stops=[stop("8 10:00", "8 09:00")])
    with pytest.raises(NaiveTime):
        deadline("1 working day", "7 10:00", stops=[Stop("2018-05-08T10:00", None, "hearing")], as_of=at("9 10:00"))
    with pytest.raises(InvalidTime):
        deadline("1 working day", "7 10:00", stops=[Stop("2018-05-xx", None, "hearing")], as_of=at("9 10:00"))


# --- papers and extensions ------------------------------------------------------------------------------------------


def test_notice_at_the_due_opens_no_wait() -> None:
    """Only a notice strictly before the due stops the clock."""
    papers = [Notice(at("8 17:00"), at("9 10:00"))]
    found = deadline("1 working day", "7 10:00", notices=papers)
    assert (found.due.day, found.remarks[0].code) == (8, Code.NOTICE_AFTER_DUE)
    assert due("1 working day", "7 10:00", notices=[Notice(at("8 16:59"), at("9 10:00"))]) == "10 17:00"


def test_second_notice_restarts_nothing() -> None:
    """The limit begins anew once."""
    papers = [Notice(at("10 10:00"), at("11 10:00")), Notice(at("7 11:00"), at("8 10:00"))]
    found = deadline("3 working days", "7 10:00", notices=papers)
    assert (found.due.day, found.remarks[0].code) == (11, Code.NOTICE_REPEATED)
    assert found.restarted_at is not None
    assert found.restarted_at.day == 8


def test_notice_stops_the_earlier_of_two_limits() -> None:
    """Both limits begin anew when the papers are complete; the notice must come before the earlier due."""
    limit = "60 working minutes or 16:20 at the latest"
    assert due(limit, "7 15:45", notices=[Notice(at("7 16:15"), at("8 09:00"))]) == "8 10:00"
    assert due(limit, "7 15:45", notices=[Notice(at("7 16:20"), at("8 09:00"))]) == "7 16:20"


def test_extension_at_the_instant_of_a_restart_extends_the_new_limit() -> None:
    """At one instant a completion comes before an extension, and an extension before a notice."""
    papers = [Notice(at("8 10:00"), at("9 10:00"))]
    assert (
        due("1 working day", "7 10:00", notices=papers, extensions=[Extension(at("9 10:00"), working_days(1))])
        == "11 17:00"
    )
    assert (
        due("1 working day", "7 10:00", notices=papers, extensions=[Extension(at("8 10:00"), working_days(1))])
        == "10 17:00"
    )
    at_once = deadline("1 working day", "7 10:00", notices=[Notice(at("8 10:00"), at("8 10:00"))])
    assert (at_once.due.day, at_once.stops) == (9, ())


def test_waiting_for_papers_stands_still_until_a_restart() -> None:
    """While papers are awaited nothing is overdue, even if no open time was touched before a due within the break."""
    papers = [Notice(at("8 11:45"), at("8 15:00"))]
    waiting = deadline("1 working day at 12:00", "7 10:00", notices=papers, as_of=at("8 13:00"))
    assert (waiting.state, waiting.due.day) == ("stopped", 9)
    after = deadline("1 working day at 12:00", "7 10:00", notices=papers, as_of=at("8 16:00"))
    assert (after.state, after.due.day, after.start.day, after.restarted_at is not None) == ("running", 9, 7, True)
    decided = deadline("1 working day at 12:00", "7 10:00", notices=[Notice(at("8 11:45"))], done=at("8 14:00"))
    assert decided.state == "met"


def test_papers_complete_before_the_start_or_before_the_notice_do_nothing() -> None:
    """What was settled before acceptance is no matter of this clock, nor is a record that contradicts itself."""
    assert deadline("1 working day", "7 10:00", notices=[Notice(at("3 10:00"), at("4 10:00"))]).restarted_at is None
    found = deadline("1 working day", "7 10:00", notices=[Notice(at("8 10:00"), at("8 09:00"))])
    assert (found.due.day, found.restarted_at) == (8, None)


@pytest.mark.parametrize(
    ("asked", "approved", "amount", "code"),
    [
        ("9 16:00", "10 17:00", "2 working days", None),  # approved at the due
        (None, "10 17:00", "2 working days", None),  # not recorded when it was asked
        ("9 16:00", "11 09:00", "2 working days", Code.EXTENSION_AFTER_DUE),
        ("10 17:00", "10 17:00", "2 working days", Code.EXTENSION_ASKED_LATE),  # asked at the due
        ("10 12:00", "10 11:00", "2 working days", Code.EXTENSION_ASKED_LATE),  # asked after it was approved
        ("9 16:00", "10 11:00", "2 days", Code.EXTENSION_OTHER_UNIT),
        ("9 16:00", "10 11:00", "2 working days before", Code.EXTENSION_OTHER_UNIT),
    ],
)
def test_extension_acts_only_if_it_is_valid(asked: str | None, approved: str, amount: str, code: Code | None) -> None:
    """The same kind of unit, approved at or before the due, asked before it; otherwise it is void, and why."""
    extension = Extension(at(approved), Limit.parse(amount), None if asked is None else at(asked))
    found = deadline("3 working days", "7 10:00", extensions=[extension])
    assert found.due.day == (14 if code is None else 10)
    assert [remark.code for remark in found.remarks] == ([] if code is None else [code])


def test_extension_acts_once_and_lapses_at_a_restart() -> None:
    """A second extension is void; a restart begins the limit as it was, without the extension."""
    twice = [Extension(at("8 10:00"), work(hours=1)), Extension(at("8 11:00"), "30 working minutes")]
    found = deadline("20 working hours", "7 08:30", extensions=twice)
    assert (found.remarks[0].code, found.remarks[0].what) == (Code.EXTENSION_REPEATED, "30 working minutes")
    lapsed = deadline(
        "3 working days",
        "7 10:00",
        extensions=[Extension(at("7 11:00"), "5 working days")],
        notices=[Notice(at("8 10:00"), at("9 10:00"))],
    )
    assert (lapsed.due.day, lapsed.remarks[0].code) == (14, Code.EXTENSION_LAPSED)
    assert due("same working day", "7 10:00", extensions=[Extension(at("7 11:00"), working_days(1))]) == "8 17:00"
    void = deadline("1 working hour or 16:20 at the latest", "7 10:00", extensions=[twice[1]])
    assert [remark.code for remark in void.remarks] == [Code.EXTENSION_OTHER_UNIT]
