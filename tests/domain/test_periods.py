"""Periods: written and read back, ordered, one after the other, one within another."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from windowservice.domain.scorecard.readings_period import PERIOD_KINDS, ReportingPeriod
from windowservice.errors import InvalidValue

DAYS = st.dates(date(1900, 1, 8), date(2199, 12, 20))
KINDS = st.sampled_from(PERIOD_KINDS)


@pytest.mark.parametrize(
    ("text", "kind", "first", "last"),
    [
        ("2018", "year", "2018-01-01", "2018-12-31"),
        ("2018-Q1", "quarter", "2018-01-01", "2018-03-31"),
        ("2018-Q4", "quarter", "2018-10-01", "2018-12-31"),
        ("2018-02", "month", "2018-02-01", "2018-02-28"),
        ("2020-02", "month", "2020-02-01", "2020-02-29"),
        ("2018-W23", "week", "2018-06-04", "2018-06-10"),
        ("2018-W01", "week", "2018-01-01", "2018-01-07"),
        ("2020-W53", "week", "2020-12-28", "2021-01-03"),
        ("2018-06-04", "day", "2018-06-04", "2018-06-04"),
    ],
)
def test_periods_are_read(text, kind, first, last):
    """Each way of writing a period, with its first and last day."""
    period = ReportingPeriod.parse(text)
    days = (period.first_day.isoformat(), period.last_day.isoformat())
    assert (period.kind, *days, str(period)) == (kind, first, last, text)


@pytest.mark.parametrize(
    "text",
    ["", "18", "2018-13", "2018-00", "2018-Q5", "2018-W54", "2018-W53", "2018-W00", "2018-02-29", "1899", "2200-01",
     2018, None],
)  # fmt: skip
def test_what_is_no_period_is_refused(text):
    """The error shows how periods are written."""
    with pytest.raises(InvalidValue, match="'2018-Q2', '2018-06', '2018-W23' or '2018-06-04'"):
        ReportingPeriod.parse(text)


def test_a_period_begins_on_its_first_day():
    """A month cannot begin on the second, nor is there a decade."""
    with pytest.raises(InvalidValue, match="the first day of a month"):
        ReportingPeriod("month", date(2018, 6, 2))
    with pytest.raises(InvalidValue, match="one of day, week"):
        ReportingPeriod("decade", date(2018, 1, 1))


@given(KINDS, DAYS)
def test_a_period_is_what_it_says(kind, day):
    """A period prints and parses, holds the day it was made of, and borders on its neighbours."""
    period = ReportingPeriod.of(kind, day)
    assert ReportingPeriod.parse(str(period)) == period
    assert day in period
    assert period.previous.last_day + timedelta(days=1) == period.first_day
    assert period.following.first_day - timedelta(days=1) == period.last_day
    assert period.previous < period < period.following
    assert period.following.previous == period


@given(KINDS, DAYS, KINDS, DAYS)
def test_order_is_by_first_day_then_length(kind, day, other_kind, other_day):
    """Of two periods one is before the other, or they are the same."""
    one, other = ReportingPeriod.of(kind, day), ReportingPeriod.of(other_kind, other_day)
    assert [one < other, one == other, one > other].count(True) == 1
    if one.first_day < other.first_day:
        assert one < other


def test_a_year_is_made_of_its_parts():
    """Quarters and months fill a year; weeks that hang over its ends are not within."""
    year = ReportingPeriod.parse("2018")
    assert [str(part) for part in year.split("quarter")] == ["2018-Q1", "2018-Q2", "2018-Q3", "2018-Q4"]
    assert len(year.split("month")) == 12
    assert str(ReportingPeriod.parse("2018-06").split("week")[0]) == "2018-W23"
    assert ReportingPeriod.parse("2018-Q2") in year
    assert ReportingPeriod.parse("2018-W01") in year
    assert ReportingPeriod.parse("2019-W01") not in year
    assert year.split("year") == (year,)
