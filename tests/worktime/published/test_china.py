"""China's statutory days, beside the notices' data set and two packages that are kept apart from it."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import holidays
import pytest

from windowservice.errors import CalendarNotAnnounced, ProvisionalTime
from windowservice.worktime.calendar import WorkCalendar
from windowservice.worktime.layers import Layer
from windowservice.worktime.published.china import read_china
from windowservice.worktime.spans import work

HOURS = "08:30-11:30 13:30-17:00"
KNOWN = [date.fromordinal(n) for n in range(date(2004, 1, 1).toordinal(), date(2026, 12, 28).toordinal() + 1)]
HVPS = {"2005-01-01": "08:30-17:00", "2018-01-22": "23:30(-1)-17:15", "2018-05-02": "20:30(-1)-17:15"}


@pytest.fixture(scope="module")
def china() -> WorkCalendar:
    return WorkCalendar.china(HOURS)


def test_workdays_are_those_of_chinesecalendar_but_for_one(china: WorkCalendar) -> None:
    """The package takes 2005-12-31 for a day off; the notice for 2006 says that it is worked."""
    differ = [day for day in KNOWN if china.is_workday(day) != chinese_calendar.is_workday(day)]
    assert differ == [date(2005, 12, 31)]
    assert china.is_workday("2005-12-31")


def test_workdays_are_those_of_holidays(china: WorkCalendar) -> None:
    """Every day of the known range is worked or not as in the package `holidays`."""
    theirs = holidays.country_holidays("CN", years=range(2003, 2028))
    assert [day for day in KNOWN if china.is_workday(day) != theirs.is_working_day(day)] == []


def test_no_package_knows_more_years_than_we_do() -> None:
    """When a package carries a new year, a notice is out and is to be added to china.toml."""
    ours = read_china().known_until
    assert (ours.month, ours.day) == (12, 28)
    theirs = max(holidays.country_holidays("CN", years=range(2020, 2040)).weekend_workdays)
    if theirs.year > ours.year:
        pytest.skip(f"the package holidays knows the notice for {theirs.year}: add it to china.toml")
    assert theirs.year == ours.year


def test_days_are_those_of_the_notices(china: WorkCalendar, log) -> None:
    """Every day that a notice of 2007 to 2026 names is off or worked as it says."""
    with Path(log("cn_holidays.csv")).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    wrong = [row["date"] for row in rows if china.is_workday(row["date"]) == (row["is_off_day"] == "True")]
    assert wrong == []
    assert len(rows) > 600


def test_a_make_up_workday_has_office_hours(china: WorkCalendar) -> None:
    """Saturday 2018-04-28 is open like any weekday, and the notice that says so is named."""
    assert china.worked("2018-04-28T00:00+08:00", "2018-04-29T00:00+08:00") == work(hours=6.5)
    layer = china.decided_by("2018-04-28")
    assert layer is not None
    assert "国办发明电〔2017〕12号" in layer.source
    assert layer.issued == date(2017, 11, 30)
    assert china.decided_by("2018-04-27") is None


def test_an_amendment_follows_the_notice_that_it_amends(china: WorkCalendar) -> None:
    """2020-02-01 was to be worked, until the notice of 27 January made it a day off."""
    assert not china.is_workday("2020-02-01")
    decided = china.decided_by("2020-02-01")
    assert decided is not None
    assert decided.issued == date(2020, 1, 27)
    before = [layer for layer in china.layers if layer.issued and layer.issued < date(2020, 1, 27)]
    then = WorkCalendar("Asia/Shanghai", f"mon-fri {HOURS}", layers=before)
    assert then.is_workday("2020-02-01")


def test_names_of_the_days_off(china: WorkCalendar) -> None:
    """A closed day says which festival it belongs to."""
    layer = china.decided_by("2018-10-03")
    assert layer is not None
    assert layer.reason(date(2018, 10, 3)) == "closed: 国庆节"


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-09-30", 2, "2026-10-09"),
        ("2025-09-30", 3, "2025-10-11"),
        ("2026-04-30", 20, "2026-06-01"),
        ("2026-05-08", 5, "2026-05-14"),
        ("2018-04-27", 1, "2018-04-28"),
        ("2025-01-27", 2, "2025-02-06"),
    ],
)
def test_golden_cases(china: WorkCalendar, day: str, n: int, expected: str) -> None:
    """Working days are counted over long holidays and make-up days as the official schedules have it."""
    assert china.add_workdays(day, n) == date.fromisoformat(expected)


def test_known_through_the_28th_of_december(china: WorkCalendar) -> None:
    """The last three days of the last announced year may still be changed by the next notice, and are provisional."""
    assert china.known_from == date(2004, 1, 1)
    assert china.known_until == date(2026, 12, 28)
    assert china.is_workday("2026-12-28")
    with pytest.warns(ProvisionalTime, match="known from 2004-01-01 until 2026-12-28"):
        china.is_workday("2026-12-29")
    with pytest.warns(ProvisionalTime):
        china.is_workday("2003-12-31")
    with pytest.raises(CalendarNotAnnounced, match="2026-12-29"):
        WorkCalendar.china(HOURS, on_unknown="raise").is_workday("2026-12-29")


@pytest.mark.filterwarnings("ignore::windowservice.errors.ProvisionalTime")
def test_the_days_fixed_by_law_are_assumed_beyond(china: WorkCalendar) -> None:
    """A year without a list is not a year without holidays: the statutory days of law are off, weekdays are worked."""
    theirs = holidays.country_holidays("CN", years=range(2027, 2036), language="en_US")
    by_law = {
        day
        for day, name in theirs.items()
        if any("observed" not in part and "substituted" not in part for part in name.split("; "))
    }
    for year in range(2027, 2036):
        for n in range(365):
            day = date(year, 1, 1) + timedelta(days=n)
            assert china.is_workday(day) == (day.weekday() < 5 and day not in by_law)
    assert not china.is_workday("2150-10-01")
    assert china.is_workday("2150-10-05")
    assert not china.is_workday("2003-02-03")
    assert not china.is_workday("1985-10-02")


def test_a_new_notice_is_one_more_layer(china: WorkCalendar) -> None:
    """With the next year's notice as a layer the known range moves, and its days win."""
    notice = Layer("statutory 2027", ["2027-01-01..2027-01-03"], {"2026-12-30": "closed"}, source="a notice")
    longer = china.with_layer(notice, known_until="2027-12-28")
    assert not longer.is_workday("2026-12-30")
    assert longer.is_workday("2027-01-04")
    assert longer.version != china.version


def test_hours_of_a_system_change_on_a_date() -> None:
    """HVPS changed its hours twice in 2018, and opens on the evening before, which may be a rest day."""
    hvps = WorkCalendar.china(HVPS, name="HVPS")
    assert hvps.known_from == date(2005, 1, 1)
    assert [str(end) for end in hvps.sessions("2018-01-19", "2018-01-20")[0]] == [
        "2018-01-19 08:30:00+08:00",
        "2018-01-19 17:00:00+08:00",
    ]
    assert str(hvps.next_open("2018-01-19T17:00+08:00")) == "2018-01-21 23:30:00+08:00"
    assert str(hvps.next_open("2018-04-28T18:00+08:00")) == "2018-05-01 20:30:00+08:00"
    assert hvps.worked("2018-05-01T20:30+08:00", "2018-05-02T17:15+08:00") == work(hours=20, minutes=45)


def test_the_system_date_is_not_the_natural_date() -> None:
    """BEPS turns its day at 16:00, HVPS opens the next one at 20:30 (golden cases G13 and G14)."""
    beps = WorkCalendar("Asia/Shanghai", "mon-sun 16:00(-1)-16:00", name="BEPS")
    hvps = WorkCalendar.china(HVPS, name="HVPS")
    assert beps.business_date("2026-03-05T15:59:59.999999+08:00") == date(2026, 3, 5)
    assert beps.business_date("2026-03-05T16:30+08:00") == date(2026, 3, 6)
    assert hvps.business_date("2026-03-05T21:00+08:00") == date(2026, 3, 6)
    assert hvps.business_date("2026-03-05T17:15+08:00") == date(2026, 3, 6)
    assert hvps.business_date("2026-03-05T17:14+08:00") == date(2026, 3, 5)
    assert hvps.business_date("2026-09-30T18:00+08:00") == date(2026, 10, 8)


def test_own_days_win_over_the_statutory_ones() -> None:
    """A branch may open on a holiday and close on a workday, with hours that differ on Fridays."""
    branch = WorkCalendar.china(
        {"mon-thu": "09:00-17:00", "fri": "09:00-12:00"},
        closed=["2018-05-03"],
        special={"2018-05-01": "10:00-11:00", "2018-05-04": "as mon"},
    )
    assert branch.worked("2018-05-01T00:00+08:00", "2018-05-04T00:00+08:00") == work(hours=9)
    assert branch.worked("2018-05-04T00:00+08:00", "2018-05-05T00:00+08:00") == work(hours=8)
    assert branch.worked("2018-05-11T00:00+08:00", "2018-05-12T00:00+08:00") == work(hours=3)
    assert WorkCalendar.china("mon-thu 09:00-17:00; fri 09:00-12:00").worked(
        "2018-05-11T00:00+08:00", "2018-05-12T00:00+08:00"
    ) == work(hours=3)
