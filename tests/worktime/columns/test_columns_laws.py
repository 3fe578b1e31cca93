"""Columns say of every row what the functions for one matter say of it: any calendar, limit and history, at edges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.trials import trials

from windowservice.instants import DAY, HOUR, MINUTE, SECOND, datetime_us
from windowservice.worktime.calendar import WorkCalendar
from windowservice.worktime.clock.replay import Clock, run_clock
from windowservice.worktime.clock.standing import at_risk
from windowservice.worktime.clock.stops import Code, ExtensionUs, NoticeUs, Piece, StopUs, owned
from windowservice.worktime.columns import facade as columns
from windowservice.worktime.columns.facade import Choice, Column, ExtensionColumns, NoticeColumns, StopColumns
from windowservice.worktime.columns.table import TableColumns
from windowservice.worktime.limits.due import bounds, due_us, reach
from windowservice.worktime.limits.kinds.kind import Start
from windowservice.worktime.limits.kinds.table import KINDS
from windowservice.worktime.limits.limit import Limit

DAYS = 60

CALENDARS = {
    "China": WorkCalendar.china("08:30-11:30 13:30-17:00"),
    "China beyond its notices": WorkCalendar.china("08:30-11:30 13:30-17:00"),
    "nights and clock changes": WorkCalendar(
        "Europe/Amsterdam",
        {"mon-thu": "09:00-12:30 13:00-17:30", "fri": "09:00-12:30", "sat": "22:00-06:00"},
        known_from="2018-02-25",
        known_until="2018-04-10",
    ),
    "midnight twice": WorkCalendar("America/St_Johns", "mon-sun 00:00-24:00"),
    "eve": WorkCalendar("Asia/Shanghai", "mon-fri 20:30(-1)-17:15", closed=["2018-04-05"]),
    "minutes, half an hour of summer": WorkCalendar(
        "Australia/Lord_Howe", "mon-fri 01:30-02:10 02:15-02:20 09:00-09:05 23:00-01:00", closed=["2018-04-02"]
    ),
}
BEGINS = {
    "China beyond its notices": datetime(2026, 11, 20, tzinfo=UTC),
    "midnight twice": datetime(2010, 10, 1, tzinfo=UTC),  # at 00:01 the clock went back to 23:01 of the date before
}
"""Where the tests look, unless at the clock changes of spring 2018."""

LIMITS = [
    Limit.parse(text)
    for text in (
        "1 working minute", "90 working minutes", "20 working hours",
        "1 working day", "5 working days", "2 working days at 12:00", "1 working day at 02:10",
        "1 working day at 23:59",
        "2 working days at the same time", "same working day", "same working day at 12:00",
        "3 days", "15 days", "3 days without roll", "1 month", "2 months without roll", "90 minutes", "26 hours",
        "3 working hours before", "5 hours before", "2 working days before", "1 working day at 15:00 before",
        "2 working days at the same time before", "3 days before", "4 days without roll before", "1 month before",
        "60 working minutes or 16:20 at the latest", "booked session",
    )
]  # fmt: skip
EXTENSIONS = [Limit.parse(text) for text in ("2 working days", "3 working hours", "4 days", "5 hours", "1 month")]
REASONS = ("hearing", "appraisal", "tender", "system_outage", "flood")


def _edges(name: str) -> list[int]:
    table = CALENDARS[name].table
    begin = datetime_us(BEGINS.get(name, datetime(2018, 2, 20, tzinfo=UTC)))
    end = begin + DAYS * DAY
    frame = table.reaching(begin, end)
    found = [edge for ends in (frame.opens, frame.closes) for edge in ends]
    found += [table.midnight(day) for day in range(table.date_of(begin), table.date_of(end))]
    return sorted(edge for edge in found if begin <= edge < end)


EDGES = {name: _edges(name) for name in CALENDARS}


@st.composite
def instants(draw: st.DrawFn, name: str) -> int:
    """Instants at an opening, a close, a midnight, or beside one; some anywhere."""
    edge = draw(st.sampled_from(EDGES[name]))
    return edge + draw(st.sampled_from([-1, 0, 0, 0, 1, -MINUTE, 3 * HOUR]))


@dataclass
class Matter:
    """One row."""

    name: str
    limit: Limit
    start: int
    stops: list[StopUs] = field(default_factory=list)
    notices: list[NoticeUs] = field(default_factory=list)
    extensions: list[ExtensionUs] = field(default_factory=list)
    as_of: int | None = None
    done: int | None = None
    fixed_due: int | None = None
    supplement: str = "restart"
    local_reasons: frozenset[str] | None = None
    start_date_by: WorkCalendar | None = None

    @property
    def calendar(self) -> WorkCalendar:
        return CALENDARS[self.name]

    @property
    def booked_until(self) -> int:
        return self.start + DAY

    def day(self) -> int:
        return self.calendar.table.date_of(self.start)

    def clock(self) -> Clock:
        return run_clock(
            self.limit, self.start, self.calendar, stops=self.stops, notices=self.notices, extensions=self.extensions,
            as_of=self.as_of, done=self.done, supplement=self.supplement, booked_until=self.booked_until,  # type: ignore[arg-type]
            fixed_due=self.fixed_due, start_date_by=self.start_date_by, local_reasons=self.local_reasons,
        )  # fmt: skip


def _plain_due(name: str, limit: Limit, start: int) -> int:
    table = CALENDARS[name].table
    return reach(limit, Start(start, table.date_of(start), start + DAY), table).due


@st.composite
def matters(draw: st.DrawFn, *, events: bool) -> Matter:
    """A matter whose stops, notices and extensions like to fall on its start and its due."""
    name, limit = draw(st.sampled_from(list(CALENDARS))), draw(st.sampled_from(LIMITS))
    start = draw(instants(name))
    due = _plain_due(name, limit, start)

    def moment() -> int:
        near = draw(st.sampled_from([start, due, due]))
        return near + draw(st.sampled_from([-DAY, -HOUR, -1, 0, 0, 1, HOUR, DAY]))

    def after(begin: int, open_ends: bool = True) -> int | None:
        lengths = [0, 1, HOUR, 5 * HOUR, DAY, 3 * DAY, 10 * DAY, -5]
        length = draw(st.sampled_from([*lengths, None] if open_ends else lengths))
        return None if length is None else begin + length

    def times(most: int) -> range:
        return range(draw(st.integers(0, most)))

    matter = Matter(name, limit, start)
    for _ in times(4):
        begin = moment()
        matter.stops.append(StopUs(begin, after(begin, events), draw(st.sampled_from(REASONS)), draw(st.booleans())))
    if not events:
        return matter
    for _ in times(2):
        told = moment()
        matter.notices.append(NoticeUs(told, after(told)))
    for _ in times(2) if draw(st.integers(0, 2)) == 0 else ():
        approved = moment()
        like = [by for by in EXTENSIONS if by.kind is limit.kind] or EXTENSIONS
        by = draw(st.sampled_from(like * 4 + EXTENSIONS))
        matter.extensions.append(
            ExtensionUs(approved, by, draw(st.sampled_from([None, approved, approved - HOUR, approved + 1])))
        )
    matter.as_of = moment() + draw(st.sampled_from([0, DAY, 5 * DAY]))
    matter.done = draw(st.sampled_from([None, None, moment()]))
    closed = all(s.end is not None for s in matter.stops) and all(n.completed is not None for n in matter.notices)
    if closed and draw(st.booleans()):
        matter.as_of = None
    matter.fixed_due = draw(st.sampled_from([None] * 5 + [moment()]))
    matter.supplement = draw(st.sampled_from(["restart", "restart", "pause", "none"]))
    matter.local_reasons = draw(st.sampled_from([None, frozenset({"flood"})]))
    matter.start_date_by = draw(st.sampled_from([None, None, CALENDARS["eve"]]))
    return matter


# --- columns of them ------------------------------------------------------------------------------------------------


def instant_series(values: list[int | None]) -> pl.Series:
    return pl.Series(values, dtype=pl.Int64).cast(pl.Datetime("us", "UTC"))


def choice(rows: list[Matter], value: Callable[[Matter], Any]) -> Choice:
    """The values of the rows, coded."""
    options: list[Any] = []
    for row in rows:
        if value(row) not in options:
            options.append(value(row))
    return Choice(np.array([options.index(value(row)) for row in rows]), options)


def stop_columns(rows: list[Matter]) -> StopColumns:
    flat = [(place, stop) for place, row in enumerate(rows) for stop in row.stops]
    return StopColumns.flat(
        pl.Series([place for place, _ in flat], dtype=pl.Int64),
        instant_series([stop.begin for _, stop in flat]),
        instant_series([stop.end for _, stop in flat]),
        pl.Series([stop.reason for _, stop in flat], dtype=pl.String),
        pl.Series([stop.written for _, stop in flat], dtype=pl.Boolean),
    )


def notice_columns(rows: list[Matter]) -> NoticeColumns:
    flat = [(place, notice) for place, row in enumerate(rows) for notice in row.notices]
    return NoticeColumns.flat(
        pl.Series([place for place, _ in flat], dtype=pl.Int64),
        instant_series([notice.told for _, notice in flat]),
        instant_series([notice.completed for _, notice in flat]),
    )


def extension_columns(rows: list[Matter]) -> ExtensionColumns:
    flat = [(place, extension) for place, row in enumerate(rows) for extension in row.extensions]
    return ExtensionColumns.flat(
        pl.Series([place for place, _ in flat], dtype=pl.Int64),
        instant_series([extension.approved for _, extension in flat]),
        Choice(np.array([EXTENSIONS.index(extension.limit) for _, extension in flat], dtype=np.int64), EXTENSIONS),
        instant_series([extension.asked for _, extension in flat]),
    )


def booked(rows: list[Matter]) -> np.ndarray:
    return np.array([row.booked_until for row in rows], dtype=np.int64)


def starts(rows: list[Matter]) -> np.ndarray:
    return np.array([row.start for row in rows], dtype=np.int64)


# --- laws -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CALENDARS)
@given(data=st.data())
@trials(0.4)
def test_table_in_columns_is_the_table(name: str, data: st.DataObject) -> None:
    """Every look-up of the table gives the same for a column as one by one."""
    table = CALENDARS[name].table
    kernel = TableColumns(table)
    at = data.draw(st.lists(instants(name), min_size=1, max_size=30))
    t = np.array(at)
    for look_up in ("open_before", "is_open", "next_open", "business_day", "date_of"):
        assert getattr(kernel, look_up)(t).tolist() == [getattr(table, look_up)(one) for one in at], look_up
    w = [table.open_before(one) for one in at]
    assert kernel.instant_at(np.array(w)).tolist() == [table.instant_at(one) for one in w]
    assert kernel.last_instant_at(np.array(w)).tolist() == [table.last_instant_at(one) for one in w]
    days = [table.date_of(one) for one in at]
    for look_up in ("is_workday", "workdays_before", "midnight"):
        assert getattr(kernel, look_up)(np.array(days)).tolist() == [getattr(table, look_up)(day) for day in days], (
            look_up
        )
    numbers = [table.workdays_before(day) for day in days]
    worked = [table.nth_workday(number) for number in numbers]
    assert kernel.nth_workday(np.array(numbers)).tolist() == worked
    assert kernel.first_open(np.array(worked)).tolist() == [table.first_open(day) for day in worked]
    assert kernel.last_close_of(np.array(worked)).tolist() == [table.last_close_of(day) for day in worked]


@given(rows=st.lists(matters(events=False), min_size=1, max_size=8), chunk=st.integers(1, 9), stopped=st.booleans())
@trials(2)
def test_due_of_a_row_is_the_due_of_a_matter(rows: list[Matter], chunk: int, stopped: bool) -> None:
    """Dues, last days and bounds are those of `bounds`, for limits and calendars by row, in chunks of any size."""
    limits, calendars = choice(rows, lambda row: row.limit), choice(rows, lambda row: row.calendar)
    stops = stop_columns(rows) if stopped else None
    found = columns.due_bounds(starts(rows), limits, calendars, stops=stops, booked_until=booked(rows), chunk=chunk)
    got = zip(*(c.to_list() for c in (found.due, found.last_day, found.earliest, found.latest)), strict=True)
    for row, (due, last_day, earliest, latest), provisional in zip(rows, got, found.provisional.tolist(), strict=True):
        pieces = [Piece(s.begin, s.end, s.reason) for s in row.stops if s.end is not None and s.begin < s.end]
        start = Start(row.start, row.day(), row.booked_until)
        wanted = bounds(row.limit, start, row.calendar, owned(pieces) if stopped else ())
        assert (due, last_day, provisional, earliest, latest) == wanted
    same = columns.due(starts(rows), limits, calendars, stops=stops, booked_until=booked(rows), chunk=chunk)
    assert same.to_list() == found.due.to_list()


@given(row=matters(events=False), more=st.data())
@trials(1)
def test_due_of_one_limit_is_due_us(row: Matter, more: st.DataObject) -> None:
    """A column under one limit and calendar gives what `due_us` gives, for starts near together or years apart."""
    at = [row.start, *more.draw(st.lists(instants(row.name), max_size=6))]
    at += [at[0] + more.draw(st.sampled_from([0, 4000])) * DAY]
    slots = np.array(at) + DAY
    found = columns.due(np.array(at), row.limit, row.calendar, booked_until=slots)
    assert found.to_list() == [due_us(row.limit, one, row.calendar, booked_until=one + DAY) for one in at]


@given(rows=st.lists(matters(events=True), min_size=1, max_size=8), chunk=st.integers(1, 9), order=st.randoms())
@trials(4)
def test_clock_of_a_row_is_the_clock_of_a_matter(rows: list[Matter], chunk: int, order: Any) -> None:
    """Every figure of a clock is that of `run_clock`, whatever happened to it, and in whatever order it is told."""
    flat = stop_columns(rows)
    shuffled = list(range(len(flat)))
    order.shuffle(shuffled)
    stops = StopColumns.flat(
        flat.row[shuffled], flat.begin[shuffled], instant_series(flat.end.to_list()).gather(shuffled),
        Choice(flat.reason[shuffled], flat.reasons), flat.written[shuffled],
    )  # fmt: skip
    found = columns.clocks(
        starts(rows), choice(rows, lambda row: row.limit), choice(rows, lambda row: row.calendar),
        stops=stops, notices=notice_columns(rows), extensions=extension_columns(rows),
        as_of=instant_series([row.as_of for row in rows]), done=instant_series([row.done for row in rows]),
        supplement=choice(rows, lambda row: row.supplement), booked_until=booked(rows),
        fixed_due=instant_series([row.fixed_due for row in rows]),
        start_date_by=choice(rows, lambda row: row.start_date_by),
        local_reasons=choice(rows, lambda row: row.local_reasons), chunk=chunk,
    )  # fmt: skip
    for place, row in enumerate(rows):
        clock = row.clock()
        for name in ("due", "last_day", "earliest", "latest", "start", "start_day", "restarted_at", "extra"):
            assert getattr(found, name).to_list()[place] == getattr(clock, name), name
        for name in ("provisional", "stopped", "fixed"):
            assert getattr(found, name)[place] == getattr(clock, name), name
        noted = {code for code in Code if found.noted(code)[place]}
        assert noted == {note.code for note in clock.notes}
        assert found.at_risk.to_list()[place] == at_risk(row.limit, clock, row.calendar)
        assert (found.worked.to_list()[place], found.stopped_for.to_list()[place]) == net_time(row, clock)


def net_time(row: Matter, clock: Clock) -> tuple[int | None, int | None]:
    """The open time from the start to the horizon, counted stop by stop, and how much of it was stopped."""
    if row.as_of is None and row.done is None:
        return None, None
    open_before, until = row.calendar.table.open_before, max(row.start, clock.horizon)
    stopped = 0
    for begin, end, _ in clock.stops:
        if begin < until and end > row.start:
            stopped += open_before(min(end, until)) - open_before(max(begin, row.start))
    return open_before(until) - open_before(row.start) - stopped, stopped


@pytest.mark.filterwarnings("ignore::windowservice.errors.ProvisionalTime")
@given(row=matters(events=False), amounts=st.lists(st.sampled_from([0, 1, -1, HOUR, -HOUR, 40 * HOUR]), min_size=1))
@trials(1)
def test_adding_open_time_is_worked_back(row: Matter, amounts: list[int]) -> None:
    """What lies between a start and what is reached from it is the amount added, in both directions; zero stays."""
    at = np.full(len(amounts), row.start)
    reached = columns.add(at, np.array(amounts), row.calendar)
    assert columns.worked(at, reached, row.calendar).to_list() == amounts
    table = row.calendar.table
    for amount, us in zip(amounts, reached.to_list(), strict=True):
        w = table.open_before(row.start) + amount
        wanted = table.instant_at(w) if amount > 0 else table.last_instant_at(w) if amount else row.start
        assert us == wanted


@given(rows=st.lists(matters(events=True), min_size=2, max_size=8), data=st.data())
@trials(0.5)
def test_nulls_touch_no_other_row(rows: list[Matter], data: st.DataObject) -> None:
    """A row without a start is null; the others are what they are without it."""
    known = [data.draw(st.booleans()) for _ in rows]
    kept = [row for row, given_ in zip(rows, known, strict=True) if given_]
    limit, calendar = rows[0].limit, rows[0].calendar
    holed = instant_series([row.start if given_ else None for row, given_ in zip(rows, known, strict=True)])
    slots = instant_series([row.booked_until for row in rows])
    as_of = max(row.start for row in rows) + DAY

    def clocks(at: Any, some: list[Matter], booked_until: Any) -> Any:
        stops, notices = stop_columns(some), notice_columns(some)
        return columns.clocks(at, limit, calendar, stops=stops, notices=notices, as_of=as_of, booked_until=booked_until)

    whole = clocks(holed, rows, slots)
    alone = clocks(starts(kept), kept, booked(kept))
    for name in ("due", "last_day", "earliest", "latest", "restarted_at", "worked", "at_risk"):
        column: Column = getattr(whole, name)
        values = iter(getattr(alone, name).to_list())
        assert column.to_list() == [next(values) if given_ else None for given_ in known]


def test_days_that_do_not_follow_on_one_another_are_counted_row_by_row() -> None:
    """Where a date returns after the next has begun, a stop touches no workdays in a row: such rows are counted."""
    calendar = CALENDARS["midnight twice"]
    back = datetime_us(datetime(2010, 11, 7, 2, 31, tzinfo=UTC))  # 00:01 in Newfoundland, and 23:01 again
    start = back - 2 * DAY
    stops = StopColumns.flat(np.array([0]), np.array([back - 30 * SECOND]), np.array([back]))
    found = columns.due_bounds(np.array([start, start]), "2 working days", calendar, stops=stops)
    assert not TableColumns(calendar.table).in_order
    assert found.by_row == 1
    day, pieces = calendar.table.date_of(start), [Piece(back - 30 * SECOND, back, "")]
    assert found.due.to_list()[0] == reach(Limit.parse("2 working days"), Start(start, day), calendar.table, pieces).due


def test_kinds_of_limits_are_all_tried() -> None:
    """The limits of these tests are of every kind there is."""
    assert {limit.kind for limit in LIMITS} == set(KINDS.values())
