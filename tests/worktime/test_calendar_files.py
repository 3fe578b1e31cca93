"""Calendars from the package `holidays` and from TOML files."""

from __future__ import annotations

import sys
from datetime import date

import pytest

from windowservice.errors import InvalidDocument, InvalidValue, MissingExtra, UnknownName
from windowservice.worktime.calendar import WorkCalendar
from windowservice.worktime.layers import Layer
from windowservice.worktime.spans import work


def test_a_country_has_its_holidays_and_its_zone() -> None:
    """The Netherlands: one zone, King's Day closed, known to the end of the package's years."""
    cal = WorkCalendar.from_holidays("NL", weekly="mon-fri 09:00-17:00")
    assert (cal.timezone, cal.name) == ("Europe/Amsterdam", "NL")
    assert not cal.is_workday("2018-04-27")
    assert cal.is_workday("2018-04-26")
    assert cal.known_until == date(2100, 12, 31)


def test_a_subdivision_and_layers() -> None:
    """Bavaria keeps Corpus Christi; a layer of one's own wins over the holidays."""
    own = Layer("own", special={"2018-05-31": "10:00-12:00"})
    bavaria = WorkCalendar.from_holidays("DE", "mon-fri 09:00-17:00", subdivision="BY", timezone="Europe/Berlin")
    assert bavaria.name == "DE-BY"
    assert not bavaria.is_workday("2018-05-31")
    open_then = WorkCalendar.from_holidays(
        "DE", "mon-fri 09:00-17:00", subdivision="BY", timezone="Europe/Berlin", layers=[own]
    )
    assert open_then.is_workday("2018-05-31")


def test_what_the_package_guesses_is_not_known() -> None:
    """Where dates are estimated or exchanged by yearly notice, the known range ends before the guess."""
    china = WorkCalendar.from_holidays("CN", "mon-fri 09:00-17:00", timezone="Asia/Shanghai")
    assert (china.known_until.month, china.known_until.day) == (12, 28)
    assert china.is_workday("2018-04-28")
    turkey = WorkCalendar.from_holidays("TR", "mon-fri 09:00-17:00")
    assert date(2026, 1, 1) < turkey.known_until < date(2100, 1, 1)


def test_wrong_countries_are_refused() -> None:
    """A code that is none, a part that is none, and a country with many zones."""
    with pytest.raises(UnknownName, match="country 'NLD'"):
        WorkCalendar.from_holidays("NLD", "mon-fri 09:00-17:00")
    with pytest.raises(UnknownName, match="subdivision 'Bavaria'"):
        WorkCalendar.from_holidays("DE", "mon-fri 09:00-17:00", subdivision="Bavaria")
    with pytest.raises(InvalidValue, match="America/New_York"):
        WorkCalendar.from_holidays("US", "mon-fri 09:00-17:00")


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says which extra to install."""
    monkeypatch.setitem(sys.modules, "holidays", None)
    with pytest.raises(MissingExtra, match=r"windowservice\[holidays\]"):
        WorkCalendar.from_holidays("NL", "mon-fri 09:00-17:00")


PLAIN = """
name = "desk"
timezone = "Europe/Amsterdam"
closed = [2018-04-27, "2018-12-24..2018-12-31"]
known_until = 2018-12-31

[weekly]
mon-thu = "09:00-12:30 13:30-17:00"
fri = "09:00-12:30"

[special]
2018-04-28 = "09:00-12:00"

[[layers]]
name = "branch"
closed = { 2018-05-01 = "moving house" }
source = "branch notice 4"
issued = 2018-04-02
"""


def test_a_plain_calendar_from_toml(tmp_path) -> None:
    """Every parameter can stand in the file, and the calendar equals one made in Python."""
    path = tmp_path / "desk.toml"
    path.write_text(PLAIN, encoding="utf-8")
    cal = WorkCalendar.from_toml(path)
    assert cal == WorkCalendar(
        "Europe/Amsterdam",
        {"mon-thu": "09:00-12:30 13:30-17:00", "fri": "09:00-12:30"},
        closed=["2018-04-27", "2018-12-24..2018-12-31", "2018-05-01"],
        special={"2018-04-28": "09:00-12:00"},
        known_until="2018-12-31",
        name="desk",
    )
    assert cal.decided_by("2018-05-01").source == "branch notice 4"


def test_china_and_holidays_from_toml(tmp_path) -> None:
    """A file may build on China's statutory days or on a country's holidays."""
    path = tmp_path / "window.toml"
    path.write_text('base = "china"\nhours = "08:30-11:30 13:30-17:00"\nclosed = [2018-05-03]\n', encoding="utf-8")
    china = WorkCalendar.from_toml(path)
    assert not china.is_workday("2018-05-03")
    assert china.worked("2018-04-28T00:00+08:00", "2018-04-29T00:00+08:00") == work(hours=6.5)
    text = 'base = "holidays"\ncountry = "NL"\nweekly = "mon-fri 09:00-17:00"\nclosed = [2018-04-26]\n'
    path.write_text(text, encoding="utf-8")
    dutch = WorkCalendar.from_toml(path)
    assert not dutch.is_workday("2018-04-26")
    assert not dutch.is_workday("2018-04-27")


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("timezone = 'Asia/Shanghai'", ["weekly: is missing"]),
        (
            "weekly = 'mon-fri 09:00-17:00'\ntimezon = 'Asia/Shanghai'",
            ["did you mean 'timezone'", "timezone: is missing"],
        ),
        ("base = 'chine'\nhours = '09:00-17:00'", ["did you mean 'china'"]),
        ("base = 'china'\nhours = '09:00-17:00'\nknown_until = 2030-01-01", ["unknown key 'known_until'"]),
        ("base = 'china'\nhours = '9-5'", ["is no session"]),
        (
            "base = 'china'\nhours = '09:00-17:00'\nclosed = ['2018-02-30']\nx = 1",
            ["2018-02-30", "unknown key 'x'"],
        ),
        ("base = 'china'\nhours = '09:00-17:00'\nlayers = 3", ["layers: must be a list, got 3 (int)"]),
        (
            "base = 'china'\nhours = '09:00-17:00'\n[[layers]]\nname = 'a'\nclosd = []\n[[layers]]\nclosed = [2018-13]",
            ["it cannot be read as TOML"],
        ),
        (
            "base = 'china'\nhours = '9:00-17:00'\n[[layers]]\nname='a'\nclosd = 1\n[[layers]]\nname='b'\nclosed = 5",
            ["layers[0]: unknown key 'closd' (did you mean 'closed'?)", "layers[1].closed: "],
        ),
        ("base = 'china'\nhours = 5", ["hours"]),
        ("base = 'china'\nhours = '09:00-17:00'\nname = 5", ["name"]),
        ("base = 5", ["base: it must be one word, got 5"]),
    ],
)
def test_every_problem_of_a_file_is_listed(tmp_path, text: str, problems: list[str]) -> None:
    """Unknown keys come with the nearest known one, wrong values with their place, all at once."""
    path = tmp_path / "calendar.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidDocument) as caught:
        WorkCalendar.from_toml(path)
    assert str(path) in str(caught.value)
    for problem in problems:
        assert problem in str(caught.value)


def test_a_file_that_cannot_be_read(tmp_path) -> None:
    """A missing file and one that is not UTF-8 are named."""
    with pytest.raises(InvalidDocument, match="cannot be read"):
        WorkCalendar.from_toml(tmp_path / "none.toml")
    path = tmp_path / "gbk.toml"
    path.write_bytes('name = "窗口"'.encode("gbk"))
    with pytest.raises(InvalidDocument, match="UTF-8"):
        WorkCalendar.from_toml(path)
