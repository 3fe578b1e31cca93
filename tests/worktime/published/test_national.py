"""Public holidays of all countries of the package `holidays`: estimated days, half days, how far they are known."""

from __future__ import annotations

import warnings
from datetime import date

import pytest

import windowservice as ws
from windowservice.errors import InvalidValue, UnknownName

holidays = pytest.importorskip("holidays")
COUNTRIES = sorted(holidays.list_supported_countries(include_aliases=False))
MOON = ("IN", "ID", "AE", "MA", "MV", "PK", "TR", "BT", "NG", "DZ", "XK", "UG", "MM", "IR", "KZ")
EXCHANGE = ("BG", "UA", "AM", "RU", "HU", "LV", "VN", "TW", "KG", "UZ", "AZ")


def calendar(country: str, **more: object) -> ws.WorkCalendar:
    """Return the calendar of a country in UTC."""
    with warnings.catch_warnings(action="ignore"):
        return ws.WorkCalendar.from_holidays(country, "mon-fri 09:00-17:00", timezone="UTC", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("country", [*MOON, *EXCHANGE, *COUNTRIES[::25]])
def test_each_country_has_a_calendar_whose_known_years_hold_no_estimated_day(country: str) -> None:
    found = calendar(country)
    assert found.known_from is not None
    assert found.known_until is not None
    estimated = [day for layer in found.layers if layer.name.startswith("estimated") for day, _ in layer.closed]
    alone = found.known_from == found.known_until  # estimated in every year: all is provisional
    assert alone or not [day for day in estimated if found.known_from <= day <= found.known_until]
    assert alone or found.known_until >= date(2021, 1, 1)


@pytest.mark.parametrize(
    ("country", "until"), [("BG", 2100), ("UA", 2100), ("RU", 2027), ("TW", 2025), ("KZ", 2025), ("TR", 2032)]
)
def test_the_known_range_ends_where_the_package_begins_to_guess(country: str, until: int) -> None:
    assert calendar(country).known_until.year == until  # type: ignore[union-attr]


def test_what_the_package_warns_of_is_told_once_with_the_country() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        ws.WorkCalendar.from_holidays("IN", "mon-fri 09:00-17:00")
    said = {str(warning.message) for warning in caught}
    assert said == {"holidays of IN: Requested Holidays are available only from 2001 to 2035."}


HALVES = {
    "from an hour": ("IS", "2024-12-24", "09:00-13:00"),
    "from noon": ("PR", "2024-12-24", "09:00-12:00"),
    "shortened by hours": ("EE", "2024-12-23", "09:00-14:00"),
    "until an hour": ("BR", "2020-02-26", "14:00-17:00"),
    "a moon-dated eve": ("TR", "2024-04-09", "09:00-13:00"),
}


@pytest.mark.parametrize("kind", HALVES)
def test_of_a_half_holiday_the_free_part_is_closed(kind: str) -> None:
    country, day, open_ = HALVES[kind]
    sessions = calendar(country).sessions(day, date.fromordinal(date.fromisoformat(day).toordinal() + 1))
    assert " ".join(f"{a:%H:%M}-{b:%H:%M}" for a, b in sessions) == open_


def test_half_holidays_of_further_categories_need_their_category() -> None:
    assert calendar("SE").worked("2024-03-28T00:00Z", "2024-03-29T00:00Z") == ws.work(hours=8)
    assert calendar("SE", categories=("bank",)).worked("2024-03-28T00:00Z", "2024-03-29T00:00Z") == ws.work(hours=5)
    for wrong, error in ((("banks",), UnknownName), ("bank", InvalidValue), ((1,), InvalidValue)):
        with pytest.raises(error):
            calendar("SE", categories=wrong)


def test_half_holidays_that_are_for_some_people_only_close_nothing() -> None:
    assert calendar("CN").is_workday("2024-03-08")


@pytest.mark.parametrize(("wrong", "hint"), [("Germany", "DE"), ("DEU", "DE"), ("de", "DE"), ("South Korea", "KR")])
def test_a_country_by_another_name_is_refused_with_its_code(wrong: str, hint: str) -> None:
    with pytest.raises(UnknownName) as refused:
        calendar(wrong)
    assert refused.value.known == (hint,)


def test_a_part_of_a_country_may_be_called_as_the_package_calls_it() -> None:
    assert calendar("DE", subdiv="BY") == calendar("DE", subdivision="BY")
    with pytest.raises(UnknownName) as refused:
        calendar("DE", subdivision="Bayern")
    assert refused.value.known == ("BY",)
