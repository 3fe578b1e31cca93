"""The calendars of the payment systems: their hours by date, and the date inside a system."""

from __future__ import annotations

from datetime import date

import pytest

from windowservice.worktime.published.systems import SYSTEMS, system_calendars


def test_every_system_that_records_name_has_a_calendar() -> None:
    """So has the large-value day with its settlement window, by which banks cover shortfalls."""
    assert {*SYSTEMS, "HVPS_window"} == set(system_calendars())


@pytest.mark.parametrize(
    ("name", "day", "opens", "closes"),
    [
        ("HVPS", "2018-01-19", "2018-01-19T08:30", "2018-01-19T17:00"),
        ("HVPS", "2018-01-22", "2018-01-21T23:30", "2018-01-22T17:15"),
        ("HVPS", "2018-05-02", "2018-05-01T20:30", "2018-05-02T17:15"),
        ("HVPS", "2018-04-28", "2018-04-27T23:30", "2018-04-28T17:15"),
        ("HVPS_window", "2018-04-27", "2018-04-27T08:30", "2018-04-27T20:30"),
        ("HVPS_window", "2018-05-02", "2018-05-02T08:30", "2018-05-02T17:30"),
        ("BEPS", "2018-05-01", "2018-04-30T16:00", "2018-05-01T16:00"),
    ],
)
def test_hours_by_date(name: str, day: str, opens: str, closes: str) -> None:
    """Large-value hours changed twice in 2018, and hold on make-up Saturdays; small-value runs on holidays too."""
    calendar = system_calendars()[name]
    ((begin, end),) = calendar.table.pieces(date.fromisoformat(day).toordinal())
    shown = [calendar.clock.shown(us, calendar.table.reaching(us)).strftime("%Y-%m-%dT%H:%M") for us in (begin, end)]
    assert shown == [opens, closes]


@pytest.mark.parametrize(
    ("name", "at", "day"),
    [
        ("BEPS", "2026-03-05T15:59:59+08:00", "2026-03-05"),
        ("BEPS", "2026-03-05T16:00+08:00", "2026-03-06"),
        ("HVPS", "2026-03-05T17:15+08:00", "2026-03-06"),
        ("HVPS", "2026-03-06T21:00+08:00", "2026-03-09"),
    ],
)
def test_the_date_inside_a_system(name: str, at: str, day: str) -> None:
    """The small-value day turns at 16:00; after large-value closes on a Friday, it is Monday already."""
    assert system_calendars()[name].business_date(at).isoformat() == day
