"""Row E1, early warning: what will be late unless it is touched, and who holds it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from tests.rules.matters import (
    MINUTE,
    SECOND,
    Case,
    assert_audited,
    assert_checked,
    assert_judged,
    assert_shown_three_ways,
    cases,
)

from windowservice.cli.app import app

# accepted on 3 May at 10:00, due on 10 May at 17:00: 5 h + 5 x 6.5 h = 37.5 open hours, of which three quarters,
# 28 h 7.5 min, are used on 9 May at 14:07:30
TAKEN = "05-03 09:40 submitted wang; 10:00 accepted wang"

TABLE = {
    "commitment/finished_before_at_risk": [
        Case("finished when three quarters are used", f"{TAKEN}; 05-09 14:07:30 decided li", "pass"),
        Case(
            "finished one second later", f"{TAKEN}; 05-09 14:07:31 decided li", "fail", SECOND,
            "at risk since 2018-05-09 14:07:30+0800, by 1 second (open time 1 s), done",
        ),
        Case(
            "open, and three quarters are not used", TAKEN, "pending", None, "at risk from 2018-05-09 14:07:30",
            as_of="05-09 14:07:30",
        ),
        Case(
            "open, and three quarters are used", TAKEN, "fail", 30 * MINUTE,
            "at risk since 2018-05-09 14:07:30+0800, by 30 minutes (open time 30 min), still open",
            as_of="05-09 14:37:30",
        ),
        Case(
            "30 open minutes that begin ten minutes before the lunch break: 22.5 are used at 13:42:30",
            "05-03 11:15 submitted wang; 11:20 accepted wang; 13:42:30 delivered wang", "pass", service="S04",
        ),
        Case("taken back in time", f"{TAKEN}; 05-09 15:00 withdrawn", "not_applicable"),
        Case(
            "acceptances are not recorded", "05-03 09:40 submitted wang", "unknown", None, "the ledger does not record",
            unrecorded="accepted",
        ),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("rule", "case"), cases(TABLE))
def test_row_e1_by_the_api(rule: str, case: Case) -> None:
    """What happened gives the verdict, and a failure its number."""
    assert_judged(rule, case)


def test_row_e1_is_shown_passing_failing_and_unknown() -> None:
    """Every rule of the row is."""
    assert_shown_three_ways(TABLE)


def test_row_e1_by_the_command_line(tmp_path) -> None:
    """An audit of the same matters, and a check of single ones, say the same."""
    assert_audited(TABLE, tmp_path)
    assert_checked(TABLE)


def test_row_e1_who_holds_what_will_be_late(tmp_path) -> None:
    """An audit lists the open matters by their due, with the holder: overdue, at risk, due next."""
    matters = {
        "R-1": ("2018-05-02 09:40", "wang"),  # due 2018-05-09 17:00
        "R-2": ("2018-05-03 09:40", "li"),  # due 2018-05-10 17:00, three quarters used on 9 May at 14:07:30
        "R-3": ("2018-05-09 09:40", "zhao"),  # due 2018-05-16 17:00
    }
    (tmp_path / "ledger.toml").write_text('zone = "Asia/Shanghai"\n', "utf-8")
    rows = "".join(f"{name},105221000018,S10\n" for name in matters)
    (tmp_path / "requests.csv").write_text(f"id,bank,service\n{rows}", "utf-8")
    rows = "".join(f"{name},{at},{kind},{by}\n" for name, (at, by) in matters.items()
                   for kind in ("submitted", "accepted"))  # fmt: skip
    (tmp_path / "events.csv").write_text(f"request,at,kind,by\n{rows}", "utf-8")
    words = ["audit", str(tmp_path), "--as-of", "2018-05-10T09:00+08:00", "--format", "json"]
    found = json.loads(CliRunner().invoke(app, words).stdout)["open_matters"]
    assert [(row["state"], row["key"], row["holder"], row["due"]) for row in found] == [
        ("overdue", "R-1", "wang", "2018-05-09T17:00:00+08:00"),
        ("at risk", "R-2", "li", "2018-05-10T17:00:00+08:00"),
        ("due next", "R-3", "zhao", "2018-05-16T17:00:00+08:00"),
    ]
