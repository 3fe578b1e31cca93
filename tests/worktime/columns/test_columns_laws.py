"""Columns say of every row what the functions for one matter say of it: any calendar, limit and stops, at edges."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.trials import trials
from tests.worktime.matters import CALENDARS, LIMITS, Matter, instants, matters

from windowservice.instants import DAY, HOUR
from windowservice.worktime.columns import counting
from windowservice.worktime.columns import facade as columns
from windowservice.worktime.columns.facade import Choice, StopColumns
from windowservice.worktime.columns.worked import date_of
from windowservice.worktime.limits.due import bounds, due_us
from windowservice.worktime.limits.kinds.kind import Start
from windowservice.worktime.limits.kinds.table import KINDS

pytest.importorskip("wasmtime")


@contextmanager
def counted(*, module: bool, piece: int = 1 << 17) -> Iterator[None]:
    """Let columns be counted by the module, so many rows at a time, or one by one."""
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(counting, "pays", lambda *_: module)
        changed.setattr(counting, "_PIECE", piece)
        yield


def choice(rows: list[Matter], value: Callable[[Matter], Any]) -> Choice:
    """The values of the rows, coded."""
    options: list[Any] = []
    for row in rows:
        if value(row) not in options:
            options.append(value(row))
    return Choice(np.array([options.index(value(row)) for row in rows]), options)


def stop_columns(rows: list[Matter]) -> StopColumns:
    flat = [(place, *stop[:2]) for place, row in enumerate(rows) for stop in row.stops]
    return StopColumns.flat(*(np.array([one[part] for one in flat], dtype=np.int64) for part in range(3)))


def booked(rows: list[Matter]) -> np.ndarray:
    return np.array([row.booked_until for row in rows], dtype=np.int64)


def starts(rows: list[Matter]) -> np.ndarray:
    return np.array([row.start for row in rows], dtype=np.int64)


@pytest.mark.parametrize("module", [True, False])
@given(
    rows=st.lists(matters(), min_size=1, max_size=8), piece=st.integers(1, 9), stopped=st.booleans(), same=st.booleans()
)
@trials(2)
def test_due_of_a_row_is_the_due_of_a_matter(
    module: bool, rows: list[Matter], piece: int, stopped: bool, same: bool
) -> None:
    """Dues, last days and bounds are those of `bounds`, for values by row or not, in pieces of any size."""
    if same:
        rows = [Matter(rows[0].name, rows[0].limit, row.start, row.stops) for row in rows]
    limits, calendars = choice(rows, lambda row: row.limit), choice(rows, lambda row: row.calendar)
    given_ = (rows[0].limit, rows[0].calendar) if same else (limits, calendars)
    needs_slot = any(limit.needs_slot for limit in limits.options)
    also: dict[str, Any] = {"stops": stop_columns(rows) if stopped else None}
    also["booked_until"] = booked(rows) if needs_slot or not same else None
    with counted(module=module, piece=piece):
        found = columns.due_bounds(starts(rows), *given_, **also)
        plain = columns.due(starts(rows), *given_, **also)
    got = zip(*(c.to_list() for c in (found.due, found.last_day, found.earliest, found.latest)), strict=True)
    for row, (due, last_day, earliest, latest), provisional in zip(rows, got, found.provisional.tolist(), strict=True):
        wanted = bounds(row.limit, row.begin(), row.calendar, row.pieces if stopped else ())
        assert (due, last_day, provisional, earliest, latest) == wanted
    assert plain.to_list() == found.due.to_list()


@given(row=matters(), more=st.data())
@trials(1)
def test_due_of_one_limit_is_due_us(row: Matter, more: st.DataObject) -> None:
    """A column under one limit and calendar gives what `due_us` gives, for starts near together or years apart."""
    at = [row.start, *more.draw(st.lists(instants(row.name), max_size=6))]
    at += [at[0] + more.draw(st.sampled_from([0, 4000])) * DAY]
    slots = np.array(at) + DAY
    with counted(module=True):
        found = columns.due(np.array(at), row.limit, row.calendar, booked_until=slots)
    assert found.to_list() == [due_us(row.limit, one, row.calendar, booked_until=one + DAY) for one in at]


@given(rows=st.lists(matters(), min_size=1, max_size=6))
@trials(0.5)
def test_the_date_of_the_start_may_be_that_of_another_calendar(rows: list[Matter]) -> None:
    """A system whose day turns in the evening says on which date a start falls."""
    other, limit, calendar = CALENDARS["eve"], rows[0].limit, rows[0].calendar
    at, slots = starts(rows), booked(rows)
    with counted(module=True):
        found = columns.due_bounds(at, limit, calendar, booked_until=slots, start_date_by=other)
    for place, row in enumerate(rows):
        start = Start(row.start, other.table.business_day(row.start), row.booked_until)
        wanted = bounds(limit, start, calendar)
        assert (found.due.to_list()[place], found.last_day.to_list()[place]) == wanted[:2]


@pytest.mark.filterwarnings("ignore::windowservice.errors.ProvisionalTime")
@pytest.mark.parametrize("module", [True, False])
@given(row=matters(), amounts=st.lists(st.sampled_from([0, 1, -1, HOUR, -HOUR, 40 * HOUR]), min_size=1))
@trials(1)
def test_adding_open_time_is_worked_back(module: bool, row: Matter, amounts: list[int]) -> None:
    """What lies between a start and what is reached from it is the amount added, in both directions; zero stays."""
    at = np.full(len(amounts), row.start)
    with counted(module=module):
        reached = columns.add(at, np.array(amounts), row.calendar)
        assert columns.worked(at, reached, row.calendar).to_list() == amounts
    table = row.calendar.table
    for amount, us in zip(amounts, reached.to_list(), strict=True):
        w = table.open_before(row.start) + amount
        wanted = table.instant_at(w) if amount > 0 else table.last_instant_at(w) if amount else row.start
        assert us == wanted


@pytest.mark.filterwarnings("ignore::windowservice.errors.ProvisionalTime")
@pytest.mark.parametrize("module", [True, False])
@given(rows=st.lists(matters(), min_size=2, max_size=8), ahead=st.integers(-400, 400))
@trials(0.5)
def test_workdays_are_those_of_the_calendar(module: bool, rows: list[Matter], ahead: int) -> None:
    """From a date up to another, forwards and backwards, each row by its own calendar."""
    firsts = [row.calendar.table.date_of(row.start) for row in rows]
    lasts = [day + ahead for day in firsts]
    with counted(module=module):
        found = columns.workdays(np.array(firsts), np.array(lasts), choice(rows, lambda row: row.calendar))
    before = [row.calendar.table.workdays_before for row in rows]
    assert found.to_list() == [count(b) - count(a) for count, a, b in zip(before, firsts, lasts, strict=True)]


@pytest.mark.parametrize("module", [True, False])
@given(rows=st.lists(matters(), min_size=2, max_size=8))
@trials(0.5)
def test_dates_are_those_of_the_zone(module: bool, rows: list[Matter]) -> None:
    with counted(module=module):
        found = date_of(columns.Column(starts(rows)), choice(rows, lambda row: row.calendar))
    assert found.to_list() == [row.calendar.table.date_of(row.start) for row in rows]


@given(rows=st.lists(matters(), min_size=2, max_size=8), data=st.data())
@trials(0.5)
def test_nulls_touch_no_other_row(rows: list[Matter], data: st.DataObject) -> None:
    """A row without a start is null, whatever stands in its place; the others are what they are without it."""
    known = [data.draw(st.booleans()) for _ in rows]
    kept = [row for row, given_ in zip(rows, known, strict=True) if given_]
    limit, calendar = rows[0].limit, rows[0].calendar
    junk = data.draw(st.sampled_from([0, 1 << 62, -(1 << 63)]))
    values = np.array([row.start if given_ else junk for row, given_ in zip(rows, known, strict=True)])
    holed = columns.Column(values, np.array(known))
    with counted(module=True):
        whole = columns.due_bounds(holed, limit, calendar, stops=stop_columns(rows), booked_until=booked(rows))
        alone = columns.due_bounds(starts(kept), limit, calendar, stops=stop_columns(kept), booked_until=booked(kept))
    for name in ("due", "last_day", "earliest", "latest"):
        column: columns.Column = getattr(whole, name)
        values_left = iter(getattr(alone, name).to_list())
        assert column.to_list() == [next(values_left) if given_ else None for given_ in known]


@given(row=matters(), data=st.data())
@trials(0.5)
def test_what_is_in_doubt_is_counted_one_by_one(row: Matter, data: st.DataObject) -> None:
    """Where calendars are not laid out far enough, every row is what it is by itself."""
    at = [row.start, *data.draw(st.lists(instants(row.name), max_size=4))]
    with counted(module=True), pytest.MonkeyPatch.context() as changed:
        changed.setattr(counting, "_MARGIN", -200 * DAY)
        changed.setattr(counting, "_STEP", DAY)
        found = columns.due(np.array(at), row.limit, row.calendar, booked_until=np.array(at) + DAY)
    assert found.to_list() == [due_us(row.limit, one, row.calendar, booked_until=one + DAY) for one in at]


def test_without_the_runtime_columns_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an extra, and a host may forbid it."""
    at = np.arange(1_525_000_000, 1_533_000_000, 40_000) * 1_000_000
    calendar = CALENDARS["China"]
    monkeypatch.setattr(counting, "pays", lambda *_: True)
    found = [columns.due(at, limit, calendar).to_list() for limit in ("3 working days", "20 working hours")]
    monkeypatch.setattr(counting, "is_there", lambda: False)
    assert found == [columns.due(at, limit, calendar).to_list() for limit in ("3 working days", "20 working hours")]


def test_few_rows_lay_no_calendar_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """To look how far limits reach, and to lay days out, takes longer than a few rows do."""
    asked: list[int] = []
    monkeypatch.setattr(counting, "_by_module", lambda rows, *_: asked.append(rows))
    at = np.arange(1_525_000_000, 1_533_000_000, 4_000) * 1_000_000
    for rows in (999, 2_000):
        assert len(columns.due(at[:rows], "3 working days", CALENDARS["China"])) == rows
    assert asked == [2_000]


def test_kinds_of_limits_are_all_tried() -> None:
    """The limits of these tests are of every kind there is."""
    assert {limit.kind for limit in LIMITS} == set(KINDS.values())
