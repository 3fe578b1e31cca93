"""The laws of working time, on calendars with nights, breaks, special days and clock changes, beside a slow oracle."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from tests.trials import trials
from tests.worktime.oracle_calendar import CHANGES, Oracle, amounts, instants, situations

from windowservice.instants import DAY, MINUTE, datetime_us, from_us
from windowservice.worktime.calendar import WorkCalendar
from windowservice.worktime.spans import WorkSpan
from windowservice.worktime.table import Table

moderate = trials(1, suppress_health_check=[HealthCheck.too_slow])
ZONES = sorted(CHANGES)
EPOCH = date(1970, 1, 1).toordinal()


@moderate
@given(situations(), st.data())
def test_the_table_agrees_with_the_oracle(situation: tuple[Oracle, dict[str, Any]], data: st.DataObject) -> None:
    """Open or not, open time, next opening, last close and owner are what a walk over the wall clock finds."""
    oracle, arguments = situation
    table = WorkCalendar(**arguments).table
    some = data.draw(st.lists(instants(oracle), min_size=4, max_size=8))
    for t in some:
        assert table.is_open(t) == oracle.is_open(t)
        assert table.open_before(t) - table.open_before(some[0]) == oracle.worked(some[0], t)
        if (opening := oracle.next_open(t)) is not None:
            assert table.next_open(t) == opening
            assert date.fromordinal(table.business_day(t)) == oracle.owner(t)
        if (close := oracle.last_close(t)) is not None:
            assert table.last_close(t) == close


@moderate
@given(situations(), st.data())
def test_adding_agrees_with_the_oracle(situation: tuple[Oracle, dict[str, Any]], data: st.DataObject) -> None:
    """Adding gives the earliest instant, taking away the latest, at which the open time is used up exactly."""
    oracle, arguments = situation
    calendar = WorkCalendar(**arguments)
    for _ in range(4):
        t, w = data.draw(instants(oracle)), data.draw(amounts(oracle))
        shown = from_us(t, calendar.zone)
        if (later := oracle.add(t, w)) is not None:
            assert datetime_us(calendar.add(shown, WorkSpan(w))) == later
        if (earlier := oracle.subtract(t, w)) is not None:
            assert datetime_us(calendar.add(shown, WorkSpan(-w))) == earlier
        assert calendar.add(shown, WorkSpan(0)) == shown


@moderate
@given(situations(), st.data())
def test_laws_of_working_time(situation: tuple[Oracle, dict[str, Any]], data: st.DataObject) -> None:
    """Worked is additive and antisymmetric, adding is its inverse and monotone, and what adding gives is earliest."""
    oracle, arguments = situation
    calendar = WorkCalendar(**arguments)
    a, b, c = (from_us(t, calendar.zone) for t in data.draw(st.tuples(*[instants(oracle)] * 3)))
    w = WorkSpan(data.draw(amounts(oracle)))
    assert calendar.worked(a, b) + calendar.worked(b, c) == calendar.worked(a, c)
    assert calendar.worked(a, b) == -calendar.worked(b, a)
    due = calendar.add(a, w)
    assert calendar.worked(a, due) == w
    just_before = from_us(datetime_us(due) - 1, calendar.zone)
    assert calendar.worked(a, just_before) < w
    assert calendar.worked(calendar.add(a, -w), a) == w
    # As instants: datetimes of one zone compare by the wall clock, which goes back when an hour repeats.
    assert datetime_us(b) < datetime_us(a) or datetime_us(calendar.add(b, w)) >= datetime_us(due)
    assert datetime_us(calendar.add(a, w + WorkSpan(1))) > datetime_us(due)
    assert calendar.is_open(calendar.next_open(a))
    assert calendar.worked(a, calendar.next_open(a)) == WorkSpan(0)


@moderate
@given(situations(), st.data())
def test_sessions_are_the_open_time(situation: tuple[Oracle, dict[str, Any]], data: st.DataObject) -> None:
    """The clipped sessions between two instants are in order and add up to the time worked."""
    oracle, arguments = situation
    calendar = WorkCalendar(**arguments)
    a, b = sorted(data.draw(st.tuples(instants(oracle), instants(oracle))))
    found = calendar.sessions(from_us(a, calendar.zone), from_us(b, calendar.zone))
    ends = [datetime_us(end) for session in found for end in session]
    assert ends == sorted(ends)
    assert all(a <= end <= b for end in ends)
    assert sum(close - opening for opening, close in zip(ends[::2], ends[1::2], strict=True)) == oracle.worked(a, b)


@moderate
@given(situations(), st.integers(-3, 3), st.integers(-3, 3), st.integers(-12, 12))
def test_laws_of_workdays(situation: tuple[Oracle, dict[str, Any]], a: int, b: int, n: int) -> None:
    """Workdays are the dates that own open time; counting is additive and signed, and adding is its inverse."""
    oracle, arguments = situation
    calendar = WorkCalendar(**arguments)
    middle = CHANGES[arguments["timezone"]]
    first, second = middle + timedelta(days=a), middle + timedelta(days=b)
    worked_on = [step for step in range(-3, 4) if calendar.is_workday(middle + timedelta(days=step))]
    if first != date(2011, 12, 30):
        assert (a in worked_on) == oracle.owns_time(first)
    if a <= b:
        assert calendar.workdays_between(first, second) == sum(a <= step < b for step in worked_on)
        assert calendar.workdays_taken(first, second) == sum(a < step <= b for step in worked_on)
    assert calendar.workdays_between(first, second) == -calendar.workdays_between(second, first)
    assert calendar.workdays_taken(first, second) == -calendar.workdays_taken(second, first)
    assert calendar.add_workdays(first, 0) == first
    reached = calendar.add_workdays(first, n)
    if n > 0:
        assert calendar.workdays_taken(first, reached) == n
        assert calendar.is_workday(reached)
    if n < 0:
        assert calendar.workdays_between(reached, first) == -n
        assert calendar.is_workday(reached)
    assert calendar.add_workdays(max(first, second), n) >= calendar.add_workdays(min(first, second), n)


@given(
    st.sampled_from(ZONES),
    st.integers(-(10**15), 4 * 10**15),
    st.lists(st.integers(-(2 * 10**15), 5 * 10**15), max_size=5),
)
@trials(0.6)
def test_growing_changes_no_answer(zone: str, t: int, others: list[int]) -> None:
    """A table that was asked about far years before gives the same answers as a fresh one."""
    weekly = {"mon-thu": "22:00-06:00(+1)", "fri": "09:00-12:15 12:15-17:00"}
    calendar = WorkCalendar(zone, weekly, special={"2018-05-05": "09:00-12:00"})
    fresh, grown = calendar.table, Table(calendar.zone, calendar.schedule)
    for other in others:
        grown.is_open(other)
    week = 7 * DAY
    before, after = fresh.open_before(t), fresh.open_before(t + week)
    assert grown.open_before(t + week) - grown.open_before(t) == after - before
    assert fresh.next_open(t) == grown.next_open(t)
    assert fresh.last_close(t) == grown.last_close(t)
    assert fresh.date_of(t) == grown.date_of(t)
    day = fresh.date_of(t)
    assert fresh.pieces(day) == grown.pieces(day)
    assert fresh.nth_workday(fresh.workdays_before(day)) == grown.nth_workday(grown.workdays_before(day))
    assert grown.open_before(grown.instant_at(grown.open_before(t) + 1)) == grown.open_before(t) + 1


@pytest.mark.parametrize("hours", ["22:00-06:00(+1)", "20:30(-1)-17:15", "12:00-11:00(+1)", "13:00(-1)-12:00"])
def test_the_ends_of_a_frame_are_complete(hours: str) -> None:
    """At its first and last instant a table knows the sessions that reach in from dates outside."""
    calendar = WorkCalendar("Europe/Amsterdam", f"mon,tue,thu,sat,sun {hours}")
    small, large = calendar.table, Table(calendar.zone, calendar.schedule)
    large.reaching(-(10**15), 4 * 10**15)
    frame = small.reaching(datetime_us(datetime(2018, 5, 3, tzinfo=calendar.zone)))
    middle = (frame.begin + frame.end) // 2
    zero = large.open_before(middle) - small.open_before(middle)
    for edge in (frame.begin, frame.end - 1):
        for step in range(0, DAY, DAY // 24):
            t = edge + step if edge == frame.begin else edge - step
            assert small.is_open(t) == large.is_open(t)
            assert small.open_before(t) + zero == large.open_before(t)
            assert small.frame is frame


def test_counts_stay_the_same_when_the_table_grows() -> None:
    """Open time and workdays before a day are counted from a point that is fixed, so they may be kept."""
    calendar = WorkCalendar.china("08:30-11:30 13:30-17:00")
    table, t = calendar.table, datetime_us(datetime(2018, 5, 3, 10, tzinfo=calendar.zone))
    day = table.date_of(t)
    before, workdays = table.open_before(t), table.workdays_before(day)
    for other in (-(10**15), 4 * 10**15):
        table.is_open(other)
        assert (table.open_before(t), table.workdays_before(day)) == (before, workdays)
        assert table.nth_workday(workdays) == day


def test_a_date_that_comes_back() -> None:
    """In St. John's the clock once went from 00:01 back to 23:01 of the day before; each date keeps its own time."""
    calendar = WorkCalendar("America/St_Johns", {"sat": "22:00-22:30 23:30-24:00", "sun": "00:00-00:30"})
    saturday, sunday = (date(2010, 11, day).toordinal() for day in (6, 7))
    table, begin = calendar.table, datetime_us(datetime(2010, 11, 6, 22, tzinfo=calendar.zone))
    minutes = {
        day: [((a - begin) // MINUTE, (b - begin) // MINUTE) for a, b in table.pieces(day)]
        for day in (saturday, sunday)
    }
    assert minutes == {saturday: [(0, 30), (90, 120), (150, 180)], sunday: [(120, 121), (180, 210)]}
    assert (table.last_close_of(saturday) - begin) // MINUTE == 180
    assert (table.first_open(sunday) - begin) // MINUTE == 120
    found = [calendar.add(from_us(begin, calendar.zone), WorkSpan(w * MINUTE)) for w in (60, 61, 62, 91, 92)]
    assert [(datetime_us(x) - begin) // MINUTE for x in found] == [120, 121, 151, 180, 181]
    owners = [table.business_day(begin + minute * MINUTE) - saturday for minute in (100, 119, 120, 121, 150, 180)]
    assert owners == [0, 0, 1, 0, 0, 1]


def test_pieces_are_in_order_in_a_repeated_hour() -> None:
    """Two sessions that meet within the repeated hour come as four pieces in order of time."""
    calendar = WorkCalendar("Europe/Amsterdam", "sun 01:00-02:30 02:30-04:00")
    pieces = calendar.table.pieces(date(2018, 10, 28).toordinal())
    assert len(pieces) == 4
    assert list(pieces) == sorted(pieces)
    assert calendar.table.last_close_of(date(2018, 10, 28).toordinal()) == pieces[-1][1]


@pytest.mark.parametrize("zone", ZONES)
def test_wall_times_of_the_own_zone_mean_what_the_standard_library_says(zone: str) -> None:
    """Skipped and repeated wall times, at either showing, are the same instants by the quick way as by the long one."""
    calendar = WorkCalendar(zone, "mon-sun 00:00-24:00")
    middle = CHANGES[zone]
    start = datetime(middle.year, middle.month, middle.day, tzinfo=calendar.zone) - timedelta(hours=30)
    calendar.is_open(start)
    for quarter in range(4 * 60):
        for fold in (0, 1):
            wall = (start + timedelta(minutes=15 * quarter)).replace(fold=fold)
            assert calendar.clock.us(wall, calendar.table.frame) == datetime_us(wall)


@pytest.mark.parametrize("zone", ZONES)
def test_civil_dates_are_those_of_the_wall_clock(zone: str) -> None:
    """Around a clock change every half hour has the date that the standard library shows, from its midnight on."""
    calendar = WorkCalendar(zone, "mon-sun 00:00-24:00")
    middle = CHANGES[zone]
    start = (middle.toordinal() - EPOCH - 2) * DAY
    shown = {}
    for t in range(start, start + 4 * DAY, DAY // 48):
        local = from_us(t, calendar.zone)
        assert date.fromordinal(calendar.table.date_of(t)) == local.date()
        shown.setdefault(local.date(), t)
    for day, first in list(shown.items())[1:]:
        midnight = calendar.table.midnight(day.toordinal())
        assert first - DAY // 48 < midnight <= first
        assert from_us(midnight, calendar.zone).date() == day
        assert from_us(midnight - 1, calendar.zone).date() < day


@given(st.sampled_from(ZONES), st.integers(-8 * 96, 8 * 96), st.sampled_from([-1, 0, 1]))
@trials(4)
def test_instants_come_out_as_they_went_in(zone: str, quarter: int, step: int) -> None:
    """In and out through the calendar's own zone, in skipped and repeated hours too, no microsecond is lost."""
    calendar = WorkCalendar(zone, "mon-sun 00:00-24:00")
    middle = CHANGES[zone]
    t = (middle.toordinal() - EPOCH) * DAY + quarter * DAY // 96 + step
    local = from_us(t, calendar.zone)
    assert calendar.add(local, WorkSpan(0)) == local
    calendar.is_open(local)  # from here on there is a table, and the quick way is taken
    out = calendar.add(local, WorkSpan(0))
    assert (out, out.fold, out.tzinfo, datetime_us(out)) == (local, local.fold, local.tzinfo, t)


@given(st.sampled_from(sorted({*ZONES} - {"Pacific/Apia"})), st.integers(-400, 400), st.integers(-400, 400))
@trials(2)
def test_always_open_means_elapsed_time(zone: str, a: int, b: int) -> None:
    """With every date open from 00:00 to 24:00 the time worked is the time elapsed, whatever the clocks do."""
    calendar = WorkCalendar(zone, "mon-sun 00:00-24:00")
    base = (CHANGES[zone].toordinal() - EPOCH) * DAY
    start, end = base + a * DAY // 96, base + b * DAY // 96
    worked = calendar.worked(from_us(start, calendar.zone), from_us(end, calendar.zone))
    assert worked.us == end - start
