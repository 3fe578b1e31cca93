"""``windowservice calendar``: hours, due instants and working time by themselves."""

from __future__ import annotations

from pathlib import Path

import pytest


def test_calendars_are_listed(run) -> None:
    """Name, zone, known range and version of every calendar of the catalogue."""
    lines = run("calendar", "list").stdout.splitlines()
    assert any(line.split()[:3] == ["window", "Asia/Shanghai", "2004-01-01"] for line in lines)


def test_hours_know_shifted_rest_days(run) -> None:
    """A Saturday that was worked is open, the days off say by which notice."""
    lines = run("calendar", "hours", "2018-04-28", "2018-05-02").stdout.splitlines()[1:]
    assert [line.split()[:3] for line in lines] == [
        ["2018-04-28", "Sat", "08:30-11:30"],
        ["2018-04-29", "Sun", "closed"],
        ["2018-04-30", "Mon", "closed"],
        ["2018-05-01", "Tue", "closed"],
        ["2018-05-02", "Wed", "08:30-11:30"],
    ]
    assert "劳动节" in lines[1]


@pytest.mark.parametrize(
    ("limit", "due"),
    [
        ("3 working days", "2018-05-03 17:00"),
        ("3个工作日", "2018-05-03 17:00"),
        ("3 working hours", "2018-04-28 10:30"),
        ("72 hours", "2018-04-30 16:00"),
        ("2 calendar days without roll", "2018-04-29 24:00"),
    ],
)
def test_due_is_computed(run, limit: str, due: str) -> None:
    """A limit in English or Chinese gives its due instant, from local time or one with an offset."""
    for start in ("2018-04-27 16:00", "2018-04-27T08:00+00:00"):
        said = run("calendar", "due", start, limit).stdout
        assert f"due           {due}\n" in said


def test_worked_time_is_counted(run) -> None:
    """Open time and workdays between two instants."""
    said = run("calendar", "worked", "2018-04-27 16:00", "2018-05-02 09:00").stdout
    assert "open time     8 h\n" in said
    assert "workdays      2 " in said


def test_other_calendars_can_be_named(run, tmp_path: Path) -> None:
    """By hours, by a file, or by the name of one of the catalogue's."""
    assert "09:00-10:00" in run("calendar", "hours", "2018-05-03", "--hours", "09:00-10:00").stdout
    file = tmp_path / "night.toml"
    file.write_text('timezone = "Europe/Amsterdam"\nweekly = "mon-fri 22:00-06:00"\n', "utf-8")
    assert "22:00-06:00(+1)" in run("calendar", "hours", "2018-05-03", "--file", file).stdout
    result = run("calendar", "hours", "2018-05-03", "--calendar", "windw")
    assert (result.exit_code, "did you mean 'window'" in result.stderr) == (2, True)


def test_days_that_nobody_announced_are_said_to_be_assumed(run) -> None:
    """Beyond the last announced year a due is provisional, with a note on stderr and its bounds."""
    result = run("calendar", "due", "2090-12-27 16:00", "3 working days")
    assert result.exit_code == 0
    assert result.stderr.startswith("Note: calendar 'window' is known from")
    assert "provisional   from 2090-" in result.stdout
    assert "assumed, not announced" in run("calendar", "hours", "2090-12-27").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("due", "2018-04-27 16:00", "1 day"), "working day"),
        (("due", "2018-04-27", "3 working days"), "bare date"),
        (("due", "27/04/2018 16:00", "3 working days"), "START"),
        (("hours", "2018-05-03", "2018-05-01"), "LAST"),
        (("hours", "2018-05-03", "2218-05-01"), "LAST"),
        (("worked", "2018-05-03 09:00", "tomorrow"), "END"),
        (("hours", "2018-05-03", "--hours", "9-5"), "no session"),
    ],
)
def test_wrong_words_are_refused(run, words: tuple[str, ...], said: str) -> None:
    """What is no time, limit or range ends with 2, and the message names the argument or what to write."""
    result = run("calendar", *words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""
