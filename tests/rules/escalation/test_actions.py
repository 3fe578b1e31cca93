"""Row M3, actions (督促、约谈、通报、现场核查、限制): proposed, decided by a person, carried out, released."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest
from tests.rules.ledgers import DAY, SECOND, Case, Group, assert_audited, assert_judged, assert_shown_three_ways, cases

import windowservice as ws

BANKS = "id,participation,joined\nB1,direct,2009-01-05"
HAPPENED = "id,bank,kind,happened_at,system,seconds,affects_others"
STEPS = "id,bank,action,rows,cause,proposed_at,proposed_by,decided_at,decided_by,decision,reason"
MADE = "M1,B1,interview,E22,W1,2018-05-03 10:00,wang"
TAKEN = f"{MADE},2018-05-04 09:00,head,taken,shortfall"
END = "id,bank,action,rows,cause,proposed_at,proposed_by,decided_at,decided_by,decision,reason,due_at,rectified_at"
END += ",verified_at,verified_by,verified,clean_periods,released_at,released_by,release_written"
DUE = f"{TAKEN},2018-05-25 17:00"
DONE = f"{DUE},2018-05-25 17:00,2018-06-01 10:00,li,rectified"
HEADERS = {"actions": END}


def ended(*cases: Case) -> Group:
    """Return a group whose rows hold the whole life of an action."""
    padded = [attrs.evolve(case, rows=case.rows + "," * (END.count(",") - case.rows.count(","))) for case in cases]
    return Group(headers=HEADERS, key="M1", cases=padded)


TABLE = {
    "actions/called_for_is_proposed": Group(
        headers={"occurrences": HAPPENED, "actions": STEPS}, beside={"banks": BANKS}, key="B1 E22", cases=[
            Case("proposed at the last close of the fifth working day",
                 {"occurrences": "W1,B1,window_opened,2018-05-03 17:20,HVPS,,",
                  "actions": "M1,B1,interview,E22,W1,2018-05-10 17:00,wang,,,,"}, "pass"),
            Case("proposed a second later",
                 {"occurrences": "W1,B1,window_opened,2018-05-03 17:20,HVPS,,",
                  "actions": "M1,B1,interview,E22,W1,2018-05-10 17:00:01,wang,,,,"}, "fail", SECOND, "late by 1 s"),
            Case("a lesser action does not answer it",
                 {"occurrences": "W1,B1,window_opened,2018-05-03 17:20,HVPS,,",
                  "actions": "M1,B1,urge,E22,W1,2018-05-04 10:00,wang,,,,"}, "fail", None, "still open"),
            Case("a graver one does",
                 {"occurrences": "W1,B1,window_opened,2018-05-03 17:20,HVPS,,",
                  "actions": "M1,B1,circular,,W1,2018-05-04 10:00,wang,,,,"}, "pass"),
            Case("one that names the row and no cause does while it is open",
                 {"occurrences": "W1,B1,window_opened,2018-05-03 17:20,HVPS,,",
                  "actions": "M1,B1,interview,E22,,2018-05-04 10:00,wang,,,,"}, "pass"),
            Case("there is time to propose it",
                 {"occurrences": "W1,B1,window_opened,2018-06-28 17:20,HVPS,,",
                  "actions": "M1,B1,urge,,X,2018-05-04 10:00,wang,,,,"}, "pending"),
            Case("outages are recorded without how long they lasted",
                 {"occurrences": "O1,B1,outage,2018-05-03 10:00,HVPS,,",
                  "actions": "M1,B1,urge,,X,2018-05-04 10:00,wang,,,,"}, "unknown", None,
                 "missing bank_period.large_value_down", key="B1 E32"),
        ],
    ),
    "actions/decided_by_another": ended(
        Case("somebody else decides", TAKEN, "pass"),
        Case("the proposer decides", f"{MADE},2018-05-04 09:00,wang,taken,shortfall", "fail", None, "decided_by"),
        Case("it is not recorded who decided", f"{MADE},2018-05-04 09:00,,taken,shortfall", "unknown", None,
             "missing action.decided_by"),
        Case("not decided yet", MADE, "not_applicable"),
    ),
    "actions/decided_in_time": ended(
        Case("on the fifth working day", f"{MADE},2018-05-10 17:00,head,taken,x", "pass"),
        Case("a second later", f"{MADE},2018-05-10 17:00:01,head,taken,x", "fail", SECOND, "late by 1 second"),
        Case("never", MADE, "fail", None, "still open"),
        Case("the day is in a year that is not announced", "M1,B1,interview,E22,W1,2026-12-30 10:00,wang", "unknown",
             as_of="2027-01-08"),
    ),
    "actions/verified_by_another": ended(
        Case("somebody else verifies", DONE, "pass"),
        Case("the proposer verifies", DONE.replace("10:00,li", "10:00,wang"), "fail", None, "verified_by"),
        Case("nobody is named", DONE.replace("10:00,li", "10:00,"), "unknown", None, "missing action.verified_by"),
    ),
    "actions/released_by_another": ended(
        Case("somebody else releases", f"{DONE},2,2018-06-04 10:00,head,yes", "pass"),
        Case("the proposer releases", f"{DONE},2,2018-06-04 10:00,wang,yes", "fail", None, "released_by"),
        Case("nobody is named", f"{DONE},2,2018-06-04 10:00,,yes", "unknown", None, "missing action.released_by"),
    ),
    "actions/rectified_in_time": ended(
        Case("on the day set, at the close", f"{DUE},2018-05-25 17:00", "pass"),
        Case("a day later", f"{DUE},2018-05-26 17:00", "fail", DAY, "late by 1 day"),
        Case("no day was set", TAKEN, "unknown", None, "action.due_at"),
        Case("still in time", DUE, "pending", as_of="2018-05-24"),
        Case("the action was rejected", f"{MADE},2018-05-04 09:00,head,rejected,minor", "not_applicable"),
    ),
    "actions/verified_in_time": ended(
        Case("within ten working days", DONE, "pass"),
        Case("not verified", f"{DUE},2018-05-25 17:00", "fail", None, "still open"),
        Case("reported in a year that is not announced", f"{DUE},2026-12-30 10:00", "unknown", as_of="2027-01-20"),
    ),
    "actions/released_once_rectified": ended(
        Case("verified, then released", f"{DONE},2,2018-06-04 10:00,head,yes", "pass"),
        Case("the verification failed", f"{DONE.replace('rectified', 'failed')},2,2018-06-04 10:00,head,yes", "fail"),
        Case("released three days before", f"{DONE},2,2018-05-29 10:00,head,yes", "fail", 3 * DAY),
        Case("what was found is not recorded",
             f"{DUE},2018-05-25 17:00,2018-06-01 10:00,li,,2,2018-06-04 10:00,head,yes", "unknown", None,
             "missing action.verified"),
    ),
    "actions/released_after_clean_periods": ended(
        Case("two clean periods", f"{DONE},2,2018-06-04 10:00,head,yes", "pass"),
        Case("one clean period", f"{DONE},1,2018-06-04 10:00,head,yes", "fail", 1, "1, wanted >= 2; off by 1"),
        Case("not recorded", f"{DONE},,2018-06-04 10:00,head,yes", "unknown", None, "missing action.clean_periods"),
    ),
    "actions/released_in_writing": ended(
        Case("in writing", f"{DONE},2,2018-06-04 10:00,head,yes", "pass"),
        Case("by word of mouth", f"{DONE},2,2018-06-04 10:00,head,no", "fail"),
        Case("not recorded", f"{DONE},2,2018-06-04 10:00,head,", "unknown", None, "missing action.release_written"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "group", "case"), cases(TABLE))
def test_row_m3_by_the_api(rule: str, group: Group, case: Case, tmp_path: Path) -> None:
    """What became of an action gives the verdict, and a failure its number."""
    assert_judged(rule, group, case, tmp_path)


def test_row_m3_is_shown_passing_failing_and_unknown() -> None:
    """Every rule of the row is."""
    assert_shown_three_ways(TABLE)


def test_row_m3_by_the_command_line(tmp_path: Path) -> None:
    """An audit of such ledgers says the same."""
    assert_audited(TABLE, tmp_path)


def test_row_m3_a_decision_without_a_reason_and_a_action_without_a_row_are_failures(tmp_path: Path) -> None:
    """Both are asked of what was decided; an empty cell is an answer here, so neither is ever unknown."""
    group = ended(Case("", "M1,B1,interview,,W1,2018-05-03 10:00,wang,2018-05-04 09:00,head,taken,", "fail"))
    for rule in ("actions/decision_has_reason", "actions/rests_on_row"):
        assert_judged(rule, group, group.cases[0], tmp_path / rule.replace("/", "_"))
    told = ended(Case("", TAKEN, "pass"))
    for rule in ("actions/decision_has_reason", "actions/rests_on_row"):
        assert_judged(rule, told, told.cases[0], tmp_path / f"{rule.replace('/', '_')}_told")


def test_row_m3_a_ledger_brings_its_own_ladder(tmp_path: Path) -> None:
    """A branch that wants a circular for every window opened writes that in a file; no Python is needed."""
    ladder = """
schema_version = 1
id = "branch"
version = "1"
[basis]
notice = { text = "Notice no. 3 of the branch", mark = "assumption" }
[actions.circular]
rank = 1
zh = "通报"
en = "circular"
decided_by = "head"
basis = "notice"
[[rows]]
id = "X1"
title = { en = "Window opened" }
when = "bank_period.windows_opened >= 1"
action = "circular"
basis = "notice"
"""
    group = Group(
        headers={"occurrences": HAPPENED, "actions": STEPS}, beside={"banks": BANKS}, key="B1 X1", cases=[],
        settings='ladder = "ladder.toml"\n', files={"ladder.toml": ladder},
    )  # fmt: skip
    rows = {"occurrences": "W1,B1,window_opened,2018-05-03 17:20,HVPS,,", "actions": ""}
    case = Case("", rows, "fail")
    group.cases.append(case)
    assert_judged("actions/called_for_is_proposed", group, case, tmp_path)
    ledger = ws.Ledger.read(tmp_path / "ledger")
    assert ledger.report.files_not_read == ()
