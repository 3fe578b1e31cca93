"""Weekly hours as people write them; limits of dates, of sessions and of arguments of a calendar and a deadline."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import windowservice as ws
from windowservice.errors import InvalidHours, UnknownZone
from windowservice.worktime.hours import parse_weekly
from windowservice.worktime.offsets import civil_days_on, missing_days

SAME: dict[str, str] = {
    "24x7": "mon-sun 00:00-24:00",
    "24/7": "mon-sun 00:00-24:00",
    "7×24小时": "mon-sun 00:00-24:00",
    "Mo-Fr 09:00-17:00": "mon-fri 09:00-17:00",
    "Monday-Friday 09:00-17:00": "mon-fri 09:00-17:00",
    "Monday to Friday 9:00 - 17:00": "mon-fri 09:00-17:00",
    "weekdays 9am-5pm": "mon-fri 09:00-17:00",
    "mon-fri 9.00-17.30": "mon-fri 09:00-17:30",
    "mon-fri 09:00-17:00, sat 09:00-12:00": "mon-fri 09:00-17:00; sat 09:00-12:00",
    "mon, wed 10:00-12:00": "mon,wed 10:00-12:00",
    "mon-fri 08:30-11:30, 13:30-17:00": "mon-fri 08:30-11:30 13:30-17:00",
    "周一至周五 08:30-11:30 13:30-17:00": "mon-fri 08:30-11:30 13:30-17:00",
    "星期一到星期五 ０８：３０－１１：３０，１３：３０－１７：００": "mon-fri 08:30-11:30 13:30-17:00",
    "周一至周五8:30-17:00；周六9:00-12:00": "mon-fri 08:30-17:00; sat 09:00-12:00",
    "周一至周五 上午8:30-11:30 下午1:30-5:00": "mon-fri 08:30-11:30 13:30-17:00",
    "周一、周三 9点-17点半": "mon,wed 09:00-17:30",
    "每天 8时30分至17时": "mon-sun 08:30-17:00",
    "mon-fri 09:00-17:00; sun closed": "mon-fri 09:00-17:00",
    "周一至周五 9:00-17:00；周末休息": "mon-fri 09:00-17:00",
    "Mo-Fr 9-17": "mon-fri 09:00-17:00",
    "mon-fri 8-12, 13-17; sat 9-12": "mon-fri 08:00-12:00 13:00-17:00; sat 09:00-12:00",
    "mon-fri 0830-1130 1330-1700": "mon-fri 08:30-11:30 13:30-17:00",
    "周1至周5 9:00-17:00": "mon-fri 09:00-17:00",
    "每周一至周五上午9时至下午5时": "mon-fri 09:00-17:00",
    "Mo-Fr 9:00 - 17:00 Uhr": "mon-fri 09:00-17:00",
    "mon-fri 22:00-06:00（+1）": "mon-fri 22:00-06:00(+1)",
}


@pytest.mark.parametrize("text", SAME)
def test_weekly_hours_are_read_as_people_write_them(text: str) -> None:
    assert parse_weekly(text) == parse_weekly(SAME[text])


@pytest.mark.parametrize(
    "text",
    [
        "mon-fri 9-5",
        "mon-fri 1-5",
        "mon-fri 9-25",
        "funday 09:00-10:00",
        "工作日 09:00-17:00",
        "09:00-17:00",
        "mon-fri 25:00-26:00",
        "mon-fri 9点-",
        "周八 09:00-10:00",
    ],
)
def test_hours_that_leave_a_doubt_are_refused(text: str) -> None:
    with pytest.raises(InvalidHours):
        ws.WorkCalendar("UTC", text)


def test_a_date_has_a_bounded_number_of_sessions() -> None:
    many = " ".join(f"{m // 60:02d}:{m % 60:02d}-{m // 60:02d}:{m % 60 + 1:02d}" for m in range(0, 1438, 2))
    with pytest.raises(InvalidHours, match="at most 24 sessions"):
        ws.WorkCalendar("UTC", f"mon-sun {many}")


C = ws.WorkCalendar("UTC", "mon-fri 09:00-17:00")
LIMIT = ws.Limit.parse("3 days")
AT = "2024-01-02T00:00Z"
EDGES: dict[str, Callable[[], Any]] = {
    "known for ever": lambda: ws.WorkCalendar("UTC", "mon-fri 09:00-17:00", known_until="9999-12-31").add(
        AT, ws.work(hours=1)
    ),
    "known since ever": lambda: ws.WorkCalendar("UTC", "mon-fri 09:00-17:00", known_from="0001-01-01").is_open(AT),
    "hours from the last day": lambda: ws.WorkCalendar("UTC", {"9999-12-31": "mon-fri 09:00-17:00"}),
    "closed for ever": lambda: ws.WorkCalendar(
        "UTC", "mon-fri 09:00-17:00", closed=["0001-01-01..9999-12-31"]
    ).is_workday("2024-05-06"),
}


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.filterwarnings("ignore::windowservice.errors.ProvisionalTime")
def test_dates_at_the_edge_of_what_python_holds_are_taken(edge: str) -> None:
    EDGES[edge]()


WRONG: dict[str, Callable[[], Any]] = {
    "a day": lambda: C.is_workday("9999-12-31"),
    "the first day": lambda: C.add_workdays("0001-01-01", -3),
    "sessions": lambda: C.sessions("9999-12-30", "9999-12-31"),
    "workdays between": lambda: C.workdays_between("0001-01-01", "9999-12-31"),
    "the last instant": lambda: C.is_open(datetime.max.replace(tzinfo=UTC)),
    "a closed day far away": lambda: ws.WorkCalendar("UTC", "mon-fri 09:00-17:00", closed=["1018-05-06"]),
    "a special day far away": lambda: ws.WorkCalendar(
        "UTC", "mon-fri 09:00-17:00", special={"9999-12-31": "09:00-10:00"}
    ),
    "as of the last day": lambda: LIMIT.deadline(AT, calendar=C, as_of="9999-12-31"),
    "a limit beyond": lambda: ws.Limit.parse("1200 months").deadline("2199-01-02T00:00Z", calendar=C),
    "grace without end": lambda: ws.Limit.parse("booked session").deadline(
        AT, calendar=C, slot_end=AT, grace=timedelta.max
    ),
    "no layer": lambda: C.with_layer("branch"),
    "no layers": lambda: ws.WorkCalendar("UTC", "mon-fri 09:00-17:00", layers=["x"]),
    "closed is a number": lambda: ws.WorkCalendar("UTC", "mon-fri 09:00-17:00", closed=5),
    "closed is half a pair": lambda: ws.WorkCalendar("UTC", "mon-fri 09:00-17:00", closed=[("2024-01-01",)]),
    "no calendar": lambda: LIMIT.deadline(AT, calendar="window"),
    "stops are a number": lambda: LIMIT.deadline(AT, calendar=C, stops=5),
    "stops are texts": lambda: LIMIT.deadline(AT, calendar=C, stops=["hearing"]),
    "extensions are texts": lambda: LIMIT.deadline(AT, calendar=C, extensions=["2 days"]),
    "notices are texts": lambda: LIMIT.deadline(AT, calendar=C, notices=[AT]),
    "grace is a number": lambda: LIMIT.deadline(AT, calendar=C, grace=5),
    "another word for papers": lambda: LIMIT.deadline(AT, calendar=C, supplement="go on"),
    "reasons are a number": lambda: LIMIT.deadline(AT, calendar=C, local_reasons=5),
    "the date by a name": lambda: LIMIT.deadline(AT, calendar=C, start_date_by="window"),
    "a share above one": lambda: LIMIT.deadline(AT, calendar=C, at_risk_share=75),
    "a share of no number": lambda: LIMIT.deadline(AT, calendar=C, at_risk_share="most"),
    "a limit times a number": lambda: LIMIT * 0.75,
    "a number times a limit": lambda: 2 * LIMIT,
    "half a limit": lambda: LIMIT / 2,
    "two limits": lambda: LIMIT + LIMIT,
}


@pytest.mark.parametrize("what", WRONG)
def test_what_a_calendar_or_a_deadline_cannot_use_is_refused_in_words(what: str) -> None:
    with pytest.raises(ws.WindowserviceError):
        WRONG[what]()


def test_a_share_at_risk_may_be_a_float_a_decimal_or_a_text() -> None:
    shares = {LIMIT.deadline(AT, calendar=C, at_risk_share=share).at_risk for share in (0.9, "0.9", "9/10")}
    assert len(shares) == 1


HINTS = {
    "Asia/Beijing": "Asia/Shanghai",
    "Asia/Dalian": "Asia/Shanghai",
    "Asia/Mumbai": "Asia/Kolkata",
    "Shanghai": "Asia/Shanghai",
    "Asia/Shangai": "Asia/Shanghai",
    "Europe/Frankfurt": "Europe/Berlin",
    "America/NewYork": "America/New_York",
    "America/San Francisco": "America/Los_Angeles",
    "UTC+8": "",
    "CST": "",
    "localtime": "",
    "right/UTC": "",
    "Mars/Base": "",
}


@pytest.mark.parametrize("name", HINTS)
def test_a_zone_that_is_none_is_refused_with_the_one_that_is_meant_or_with_no_other(name: str) -> None:
    with pytest.raises(UnknownZone) as refused:
        ws.WorkCalendar(name, "mon-fri 09:00-17:00")
    assert (f"did you mean {HINTS[name]!r}" if HINTS[name] else "unknown time zone") in str(refused.value)
    assert HINTS[name] or "did you mean" not in str(refused.value)


@pytest.mark.parametrize("zone", ["Pacific/Apia", "Pacific/Fakaofo", "Pacific/Kwajalein", "Pacific/Kiritimati"])
def test_a_civil_day_that_a_zone_skipped_is_none(zone: str) -> None:
    calendar = ws.WorkCalendar(zone, "mon-sun 00:00-24:00")
    (missing,) = missing_days(calendar.zone)
    assert not calendar.is_workday(type(calendar.business_date(AT)).fromordinal(missing))
    assert civil_days_on(missing - 1, 1, (missing,)) == missing + 1
    assert civil_days_on(missing + 1, -1, (missing,)) == missing - 1


@given(st.integers(1, 40), st.integers(0, 30 * 24))
def test_calendar_days_over_the_date_line_are_days_that_were_there(count: int, hours: int) -> None:
    calendar = ws.WorkCalendar("Pacific/Apia", "mon-sun 00:00-24:00")
    start = datetime(2011, 12, 10, tzinfo=UTC) + timedelta(hours=hours)
    due = ws.Limit.parse(f"{count} calendar days without roll").deadline(start, calendar=calendar).due
    days = {
        calendar.table.date_of(int((start + timedelta(hours=h)).timestamp()) * 1_000_000)
        for h in range(count * 24 + 49)
    }
    first = calendar.table.date_of(int(start.timestamp()) * 1_000_000)
    after = sorted(day for day in days if day > first)
    assert calendar.table.date_of(int(due.timestamp()) * 1_000_000 - 1) == after[count - 1]


@given(st.integers(1, 5), st.integers(0, 14 * 48), st.sampled_from(["working days", "calendar days"]))
def test_a_limit_that_runs_backwards_never_ends_after_the_planned_instant(
    count: int, half_hours: int, unit: str
) -> None:
    import numpy as np

    from windowservice.worktime.columns import facade as columns

    night = ws.WorkCalendar("UTC", "mon-sat 18:00-02:00")
    start = datetime(2024, 5, 6, tzinfo=UTC) + timedelta(minutes=30 * half_hours)
    limit = ws.Limit.parse(f"{count} {unit} before")
    due = limit.deadline(start, calendar=night).due
    assert due <= start
    us = int(start.timestamp()) * 1_000_000
    assert columns.due(np.array([us]), limit, night).to_list() == [int(due.timestamp()) * 1_000_000]
