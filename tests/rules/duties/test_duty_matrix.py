"""Row D1, the duty matrix (定任务、定标准、定时限、定准则) and the roster of every opening hour."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.rules.ledgers import Case, Group, assert_audited, assert_judged, assert_shown_three_ways, cases

LINES = {"assignments": "id,service,task,standard,limit,rule,owner,authority,since,until"}
FULL = "A1,S10,review papers,no error,5 working days,handbook S10,wang,section head,,"
STAFF = {"staff": "id,since,until\nwang,2018-01-01,\nli,2018-01-01,2018-05-31"}
DUTY = {"roster": "id,clerk,post,starts_at,ends_at"}
ALL_DAY = "D1,wang,w1,2018-05-03 08:30,2018-05-03 17:00"
BOTH = f"{ALL_DAY}\nD2,li,w2,2018-05-03 08:30,2018-05-03 17:00"
MORNING, AFTERNOON = "2018-05-03 08:30", "2018-05-03 13:30"


def lines(*cases: Case) -> Group:
    return Group(headers=LINES, key="S10", beside=STAFF, cases=list(cases))


def roster(*cases: Case) -> Group:
    return Group(headers=DUTY, key=MORNING, cases=list(cases))


TABLE = {
    "duty_matrix/line_complete": lines(
        Case("all six parts stand there", FULL, "pass"),
        Case("no standard and no authority", FULL.replace("no error", "").replace("section head", ""), "fail", 2,
             "off by 2"),
        Case("a business without a line at all", FULL, "not_applicable", key="S01"),
    ),
    "duty_matrix/business_has_line": lines(
        Case("one line", FULL, "pass"),
        Case("no line", FULL, "fail", 1, "0, wanted == 1; off by 1", key="S01"),
        Case("two lines at once", f"{FULL}\n{FULL.replace('A1', 'A2')}", "fail", 1),
        Case("one line follows another", f"{FULL}2018-05-31\n{FULL.replace('A1', 'A2')[:-1]}2018-06-01,", "pass"),
    ),
    "duty_matrix/owner_on_roster": lines(
        Case("the owner is on the staff", FULL, "pass"),
        Case("the owner has left", FULL.replace("wang", "li"), "fail", None, "business.owner_on_roster"),
        Case("the owner is nobody of the staff", FULL.replace("wang", "zhao"), "fail"),
    ),
    "duty_matrix/limit_as_published": lines(
        Case("as published", FULL, "pass"),
        Case("another limit", FULL.replace("5 working days", "9 working days"), "fail", None, "business.limit_agrees"),
        Case("no limit stands there", FULL.replace("5 working days", ""), "not_applicable"),
    ),
    "duty_matrix/opening_covered": roster(
        Case("from opening to close", ALL_DAY, "pass"),
        Case("the first ten minutes nobody", ALL_DAY.replace("08:30", "08:40"), "fail", 600, "10 minutes"),
        Case("two follow each other without a gap",
             "D1,wang,w1,2018-05-03 08:30,2018-05-03 10:00\nD2,li,w1,2018-05-03 10:00,2018-05-03 17:00", "pass"),
        Case("a minute between two", "D1,wang,w1,2018-05-03 08:30,2018-05-03 10:00\n"
             "D2,li,w1,2018-05-03 10:01,2018-05-03 17:00", "fail", 60),
        Case("nobody in the afternoon", "D1,wang,w1,2018-05-03 08:30,2018-05-03 11:30", "fail", 12_600, key=AFTERNOON),
        Case("when the turn ended is not recorded", "D1,wang,w1,2018-05-03 08:30,", "unknown", None,
             "missing opening.uncovered"),
    ),
    "duty_matrix/second_person": roster(
        Case("two all morning", BOTH, "pass"),
        Case("one alone for half an hour", BOTH.replace("D2,li,w2,2018-05-03 08:30", "D2,li,w2,2018-05-03 09:00"),
             "fail", 1800),
        Case("the same clerk twice is one", f"{ALL_DAY}\n{ALL_DAY.replace('D1', 'D2')}", "fail", 10_800),
        Case("when the second left is not recorded", f"{ALL_DAY}\nD2,li,w2,2018-05-03 08:30,", "unknown", None,
             "missing opening.alone"),
    ),
}  # fmt: skip
WITHOUT_UNKNOWN = {"duty_matrix/line_complete", "duty_matrix/business_has_line", "duty_matrix/limit_as_published"}
"""What the matrix does not state is a failure or not asked, never unknown."""


@pytest.mark.parametrize(("rule", "group", "case"), cases(TABLE))
def test_row_d1_by_the_api(rule: str, group: Group, case: Case, tmp_path: Path) -> None:
    """What matrix and roster say gives the verdict, and a failure its number."""
    assert_judged(rule, group, case, tmp_path)


def test_row_d1_is_shown_passing_failing_and_unknown() -> None:
    """Every rule is that can be unknown; whether an owner belongs to the staff is, where no staff is listed."""
    asked = {rule: group for rule, group in TABLE.items() if rule not in WITHOUT_UNKNOWN}
    asked.pop("duty_matrix/owner_on_roster")
    assert_shown_three_ways(asked)


def test_row_d1_an_owner_is_unknown_where_no_staff_is_listed(tmp_path: Path) -> None:
    """A ledger without a table of staff cannot say who belongs to it."""
    group = Group(headers=LINES, key="S10", cases=[Case("", FULL, "unknown", None, "missing business.owner_on_roster")])
    assert_judged("duty_matrix/owner_on_roster", group, group.cases[0], tmp_path)
    assert_audited({"duty_matrix/owner_on_roster": group}, tmp_path / "cli")


def test_row_d1_by_the_command_line(tmp_path: Path) -> None:
    """An audit of such ledgers says the same."""
    assert_audited(TABLE, tmp_path)
