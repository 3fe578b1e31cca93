"""Row S3, admission (准入管理): stages in order and in time, test, trial, conditions; none while restricted."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.rules.ledgers import DAY, SECOND, Case, Group, assert_audited, assert_judged, assert_shown_three_ways, cases

STAGES = {"admission_stages": "id,application,bank,sponsor,stage,began_at,ended_at,passed,conditions,met"}
ONE = "S1,A1,N1,B1,review,2018-03-01 09:00"
TEST = "S3,A1,N1,B1,test,2018-03-05 09:00,2018-03-06 09:00,yes,,"
TRIAL = "S5,A1,N1,B1,trial,2018-03-07 09:00,2018-04-20 09:00,yes,,"
OPEN = "S8,A1,N1,B1,opening,2018-05-02 09:00,2018-05-02 10:00,yes,,"
WHOLE = f"{TEST}\n{TRIAL}\n{OPEN}"
ACTIONS = "id,bank,action,proposed_at,decided_at,decision,released_at"
RESTRICTED = "M1,B1,restrict_new_admission,2018-02-01 09:00,2018-02-02 09:00,taken"
BOTH = {**STAGES, "actions": ACTIONS}


def stages(key: str, *cases: Case) -> Group:
    return Group(headers=STAGES, key=key, cases=list(cases))


TABLE = {
    "admission/stage_in_time": stages(
        "S1",
        Case("reviewed on the tenth working day", f"{ONE},2018-03-15 17:00,yes,,", "pass"),
        Case("reviewed a second later", f"{ONE},2018-03-15 17:00:01,yes,,", "fail", SECOND, "late by 1 second"),
        Case("never reviewed", f"{ONE},,,,", "fail", None, "still open"),
        Case("there is time", f"{ONE},,,,", "pending", as_of="2018-03-14"),
        Case("the limit lies in a year that is not announced",
             "S1,A1,N1,B1,review,2026-12-28 09:00,2027-01-11 09:00,yes,,", "unknown", as_of="2027-01-20"),
    ),
    "admission/stages_in_order": stages(
        "A1",
        Case("one after the other", WHOLE, "pass"),
        Case("the trial begins before the test is over", WHOLE.replace("03-06 09:00,yes", "03-08 09:00,yes"), "fail", 1,
             "1, wanted == 0; off by 1"),
        Case("two stages begin too early", WHOLE.replace("03-06 09:00,yes", "03-08 09:00,yes")
             .replace("04-20 09:00", "05-03 09:00"), "fail", 2),
    ),
    "admission/tested_before_opening": stages(
        "A1",
        Case("passed two months before", WHOLE, "pass"),
        Case("passed a day later", WHOLE.replace("03-06 09:00,yes", "05-03 09:00,yes"), "fail", DAY, "late by 1 day"),
        Case("never tested", f"{TRIAL}\n{OPEN}", "fail", None, "still open"),
        Case("not opened yet", f"{TEST}\n{TRIAL}", "not_applicable"),
        Case("whether it was passed is not recorded", WHOLE.replace("03-06 09:00,yes", "03-06 09:00,"), "unknown"),
    ),
    "admission/trial_long_enough": stages(
        "A1",
        Case("opened after eight weeks", WHOLE, "pass"),
        Case("opened ten days too early", WHOLE.replace("trial,2018-03-07", "trial,2018-04-12"), "fail"),
        Case("no trial is recorded", f"{TEST}\n{OPEN}", "unknown", None, "missing admission.trial_began_at"),
    ),
    "admission/conditions_met": stages(
        "A1",
        Case("both are met", WHOLE.replace("03-06 09:00,yes,,", "03-06 09:00,yes,staff;line,line;staff"), "pass"),
        Case("one is not", WHOLE.replace("03-06 09:00,yes,,", "03-06 09:00,yes,staff;line,line"), "fail", 1,
             "off by 1"),
        Case("what is met is not recorded", WHOLE.replace("03-06 09:00,yes,,", "03-06 09:00,yes,staff,"), "unknown"),
    ),
    "admission/not_while_restricted": Group(headers=BOTH, key="A1", cases=[
        Case("nothing is restricted", {"admission_stages": WHOLE, "actions": ""}, "pass"),
        Case("its sponsor is restricted", {"admission_stages": WHOLE, "actions": f"{RESTRICTED},"}, "fail", 1,
             "1, wanted == 0; off by 1"),
        Case("released before the test", {"admission_stages": WHOLE, "actions": f"{RESTRICTED},2018-03-05 09:00"},
             "pass"),
        Case("released a second after the test began",
             {"admission_stages": WHOLE, "actions": f"{RESTRICTED},2018-03-05 09:00:01"}, "fail", 1),
        Case("another bank is restricted",
             {"admission_stages": WHOLE, "actions": f"{RESTRICTED.replace('B1', 'B2')},"}, "pass"),
        Case("proposed and rejected",
             {"admission_stages": WHOLE, "actions": f"{RESTRICTED.replace('taken', 'rejected')},"}, "pass"),
        Case("the ledger keeps no actions", {"admission_stages": WHOLE}, "unknown", None,
             "missing admission.restrictions"),
    ]),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "group", "case"), cases(TABLE))
def test_row_s3_by_the_api(rule: str, group: Group, case: Case, tmp_path: Path) -> None:
    """The stages give the verdict, and a failure its number."""
    assert_judged(rule, group, case, tmp_path)


def test_row_s3_is_shown_passing_failing_and_unknown(tmp_path: Path) -> None:
    """Every rule of the row is; a stage whose end is not recorded has not ended, so that order is never unknown."""
    assert_shown_three_ways({rule: group for rule, group in TABLE.items() if rule != "admission/stages_in_order"})


def test_row_s3_by_the_command_line(tmp_path: Path) -> None:
    """An audit of such ledgers says the same."""
    assert_audited(TABLE, tmp_path)
