"""Times, dates and periods at the command as people type them: every command takes all forms of a ledger's cells."""

from __future__ import annotations

from pathlib import Path

import pytest

from windowservice.cli.options import read_as_of
from windowservice.domain.scorecard.readings_period import ReportingPeriod
from windowservice.errors import InvalidValue
from windowservice.instants import as_of_us, get_zone

DATES = ("2018/5/15", "2018-5-15", "2018.5.15", "20180515", "2018年5月15日", "２０１８／５／１５")
TIMES = (
    "2018-05-15 15:00", "2018/5/15 下午3:00", "2018/5/15 15:00", "2018年5月15日下午3点", "2018-05-15 3:00 PM",
    "201805151500", "2018-05-15T07:00Z",
)  # fmt: skip


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    (tmp_path / "ledger.toml").write_text('zone = "Asia/Shanghai"\n')
    (tmp_path / "requests.csv").write_text("id,bank,service\nR-1,B,S10\n")
    (tmp_path / "events.csv").write_text("request,at,kind,by\nR-1,2018-05-03 09:40,submitted,w\n")
    (tmp_path / "banks.csv").write_text("id,name\nB,B\n")
    return tmp_path


@pytest.mark.parametrize("command", ["audit", "explain", "actions", "score"])
@pytest.mark.parametrize(("forms", "plain"), [(DATES, "2018-05-15"), (TIMES, "2018-05-15T15:00+08:00")])
def test_as_of_is_taken_as_people_write_it(run, ledger: Path, command: str, forms: tuple[str, ...], plain: str) -> None:
    """All forms say the same as the plain one."""
    given = {"explain": ["R-1"], "score": ["--period", "2018-05"]}.get(command, [])
    right = run(command, ledger, *given, "--as-of", plain)
    assert right.exit_code != 2, right.stderr
    for form in forms[:2]:
        said = run(command, ledger, *given, "--as-of", form)
        assert (said.exit_code, said.stdout) == (right.exit_code, right.stdout), form


@pytest.mark.parametrize(("forms", "plain"), [(DATES, "2018-05-15"), (TIMES, "2018-05-15T15:00+08:00")])
def test_every_form_of_as_of_says_the_same_instant(forms: tuple[str, ...], plain: str) -> None:
    zone = get_zone("Asia/Shanghai")
    for form in forms:
        assert as_of_us(read_as_of(form, "Asia/Shanghai"), zone) == as_of_us(plain, zone), form


def test_calendar_takes_times_as_people_write_them(run) -> None:
    """Start, begin, end, first and last."""
    right = run("calendar", "due", "2018-04-27 16:00", "3 working days").stdout
    for start in ("2018/4/27 16:00", "2018年4月27日 下午4点", "2018-4-27 4:00 pm", "201804271600"):
        assert run("calendar", "due", start, "三个工作日").stdout == right, start
    right = run("calendar", "worked", "2018-04-27 16:00", "2018-05-02 09:00").stdout
    assert run("calendar", "worked", "2018/4/27 16:00", "2018年5月2日上午9:00").stdout == right
    right = run("calendar", "hours", "2018-04-28", "2018-05-02").stdout
    assert run("calendar", "hours", "2018/4/28", "2018年5月2日").stdout == right


def test_rules_takes_a_date_as_people_write_it(run) -> None:
    """``--on`` and ``--figures-as-of``."""
    right = run("rules", "commitment_kept", "--on", "2018-06-30", "--figures-as-of", "2018-06-30").stdout
    assert run("rules", "commitment_kept", "--on", "2018/6/30", "--figures-as-of", "2018年6月30日").stdout == right


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("2018年", "2018"), ("2018/5", "2018-05"), ("2018-5", "2018-05"), ("2018年5月", "2018-05"),
        ("201805", "2018-05"),
        ("2018Q2", "2018-Q2"), ("2018-q2", "2018-Q2"), ("2018年第二季度", "2018-Q2"), ("2018年3季度", "2018-Q3"),
        ("2018W5", "2018-W05"), ("2018/5/4", "2018-05-04"), ("20180504", "2018-05-04"), ("2018年5月4日", "2018-05-04"),
        ("２０１８.5", "2018-05"),
    ],
)  # fmt: skip
def test_periods_are_read_as_people_write_them(text: str, plain: str) -> None:
    assert ReportingPeriod.parse(text) == ReportingPeriod.parse(plain)


@pytest.mark.parametrize("text", ["2018-13", "2018年13月", "5/2018", "2018-06-31", "201800", "20185", "2018年第五季度"])
def test_periods_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="a period, as in"):
        ReportingPeriod.parse(text)
