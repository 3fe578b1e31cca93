"""Worked cases of the domain, from the official schedules; the window is open 08:30-11:30 and 13:30-17:00."""

from __future__ import annotations

import pytest

from windowservice.worktime.calendar import WorkCalendar
from windowservice.worktime.clock.stops import Notice
from windowservice.worktime.limits.limit import Limit

WINDOW = WorkCalendar.china("08:30-11:30 13:30-17:00")
SMALL_VALUE = WorkCalendar("Asia/Shanghai", "mon-sun 16:00(-1)-16:00", name="small-value system")
LARGE_VALUE = WorkCalendar.china("20:30(-1)-17:15", name="large-value system")

NEXT_MORNING = "1 working day at 12:00"

CASES = {
    "G1 a make-up Saturday is a working day": ("2026-02-13T15:00", NEXT_MORNING, "2026-02-14T12:00"),
    "G2 the long holiday is crossed": ("2026-02-14T16:00", NEXT_MORNING, "2026-02-24T12:00"),
    "G3 National Day 2026": ("2026-09-30T10:00", "2 working days", "2026-10-09T17:00"),
    "G4 National Day 2025 with its make-up day": ("2025-09-30T10:00", "3 working days", "2025-10-11T17:00"),
    "G5 twenty days over Labour Day": ("2026-04-30T10:00", "20 working days", "2026-06-01T17:00"),
    "G6 a make-up Saturday counts": ("2026-05-08T10:00", "5 working days", "2026-05-14T17:00"),
    "G7 a make-up Saturday of 2018": ("2018-04-27T10:00", NEXT_MORNING, "2018-04-28T12:00"),
    "G8 the next year's schedule is needed": ("2018-12-29T10:00", NEXT_MORNING, "2019-01-02T12:00"),
    "G9 Spring Festival 2025": ("2025-01-27T10:00", "2 working days", "2025-02-06T17:00"),
    "G10 lunch does not count": ("2026-03-09T11:20", "30 working minutes", "2026-03-09T13:50"),
    "G11 the weekend does not count": ("2026-04-24T16:50", "30 working minutes", "2026-04-27T08:50"),
}


@pytest.mark.parametrize(("start", "limit", "due"), CASES.values(), ids=CASES)
def test_due_of_the_golden_case(start: str, limit: str, due: str) -> None:
    """The due instant is the one of the worked case."""
    deadline = Limit.parse(limit).deadline(f"{start}+08:00", calendar=WINDOW)
    assert deadline.due.isoformat() == f"{due}:00+08:00"
    assert not deadline.provisional


@pytest.mark.parametrize(
    ("supplement", "due"), [("restart", "2026-03-23"), ("pause", "2026-03-20"), ("none", "2026-03-16")]
)
def test_golden_case_12_supplement(supplement: str, due: str) -> None:
    """Submitted on Monday, told on Wednesday, complete on the next Monday: the three policies give three days."""
    deadline = Limit.parse("5 working days").deadline(
        "2026-03-09T10:00+08:00",
        calendar=WINDOW,
        notices=[Notice("2026-03-11T10:00+08:00", "2026-03-16T10:00+08:00")],
        supplement=supplement,  # type: ignore[arg-type]
    )
    assert deadline.due.isoformat() == f"{due}T17:00:00+08:00"
    assert (deadline.restarted_at is not None) is (supplement == "restart")


@pytest.mark.parametrize(
    ("system", "start"),
    [(SMALL_VALUE, "2026-03-05T16:30"), (LARGE_VALUE, "2026-03-05T21:00")],
    ids=["G13 the day turns at 16:00", "G14 the day opens on the evening before"],
)
def test_golden_cases_13_and_14_system_date(system: WorkCalendar, start: str) -> None:
    """By the natural date the reply is due on Friday; by the system's own date, already Friday, on Monday."""
    limit = Limit.parse(NEXT_MORNING)
    natural = limit.deadline(f"{start}+08:00", calendar=WINDOW)
    by_system = limit.deadline(f"{start}+08:00", calendar=WINDOW, start_date_by=system)
    assert natural.due.isoformat() == "2026-03-06T12:00:00+08:00"
    assert by_system.due.isoformat() == "2026-03-09T12:00:00+08:00"
