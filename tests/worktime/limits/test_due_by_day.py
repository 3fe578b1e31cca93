"""Dues remembered by the day of the start."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.trials import trials

from windowservice.instants import DAY, HOUR, MINUTE
from windowservice.worktime.calendar import WorkCalendar
from windowservice.worktime.limits import due_by_day
from windowservice.worktime.limits.due import due_bounds
from windowservice.worktime.limits.due_by_day import DueByDay
from windowservice.worktime.limits.limit import Limit

CALENDARS = [
    WorkCalendar.china("08:30-11:30 13:30-17:00"),
    WorkCalendar(timezone="Europe/Amsterdam", weekly="mon-fri 22:00-06:00", known_until="2018-12-31"),
]
LIMITS = [
    Limit.parse(text)
    for text in (
        "3 working days", "1 working day at 12:00", "2 working days at the same time", "same working day",
        "same working day at 12:00", "15 days", "15 days without roll", "1 month", "72 hours", "90 working minutes",
        "1 working day at 15:00 before", "60 working minutes or 16:20 at the latest",
    )
]  # fmt: skip
BEGIN = 1_514_764_800_000_000  # 2018-01-01T00:00Z
INSTANTS = st.builds(
    lambda day, hour, off: BEGIN + day * DAY + hour * HOUR // 2 + off,
    st.integers(0, 400), st.integers(0, 47), st.sampled_from([-1, 0, 1, 30 * MINUTE]),
)  # fmt: skip


@trials(2)
@given(st.lists(INSTANTS, min_size=1, max_size=12), st.sampled_from(LIMITS), st.sampled_from(CALENDARS))
def test_remembered_dues_are_the_computed_ones(starts: list[int], limit: Limit, calendar: WorkCalendar) -> None:
    """Whatever was asked before, the answer is that of the function without memory, twice."""
    dues = DueByDay(calendar)
    for start in [*starts, *starts]:
        assert dues.bounds(limit, start) == due_bounds(limit, start, calendar)


def test_memory_is_bounded(monkeypatch: object) -> None:
    """Beyond the most days it begins anew, and still answers rightly."""
    monkeypatch.setattr(due_by_day, "_MOST", 3)
    dues, limit = DueByDay(CALENDARS[0]), LIMITS[0]
    for day in range(10):
        start = BEGIN + day * DAY + 2 * HOUR
        assert dues.bounds(limit, start) == due_bounds(limit, start, CALENDARS[0])
    assert len(dues._by_limit[id(limit)][1]) <= 3


def test_assumed_days_are_not_remembered() -> None:
    """A due that rests on days not announced yet is computed each time, since its bounds depend on the instant."""
    dues, start = DueByDay(CALENDARS[0]), BEGIN + 3650 * DAY
    assert dues.bounds(LIMITS[0], start).provisional
    assert dues._by_limit[id(LIMITS[0])][1] == {}
