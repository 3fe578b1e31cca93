"""Row L3, joint meetings and bulletins (联席会议制): in turn, minutes sent, follow-ups done."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.rules.ledgers import (
    DAY,
    HOUR,
    SECOND,
    Case,
    Group,
    assert_audited,
    assert_judged,
    assert_shown_three_ways,
    cases,
)

KEPT = {"duties": "id,since\njoint_meeting,2018-01-01\nbulletin,2018-01-01"}
MEETINGS = "id,kind,duties,turn,at,invited,attended,minutes_at"
FOLLOW_UPS = "id,meeting,set_at,owner,due_on,done_at"

TABLE = {
    "meetings/met_in_turn": Group(
        headers={"meetings": MEETINGS}, beside=KEPT, key="joint_meeting / 2018-Q1", cases=[
            Case("met in the quarter", "M1,joint_meeting,joint_meeting,,2018-03-29 14:00,,,", "pass"),
            Case("met after the quarter", "M1,joint_meeting,joint_meeting,2018-Q1,2018-04-02 14:00,,,", "fail",
                 DAY + 14 * HOUR, "late by 1 day 14 hours"),
            Case("did not meet", "M1,bulletin,bulletin,,2018-03-29 14:00,,,", "fail", None, "still open"),
            Case("the bulletin of March went out", "M1,bulletin,bulletin,,2018-03-29 14:00,,,", "pass",
                 key="bulletin / 2018-03"),
            Case("no bulletin in April", "M1,bulletin,bulletin,,2018-03-29 14:00,,,", "fail", None,
                 "due 2018-04-30 24:00+0800, still open", key="bulletin / 2018-04"),
            Case("the quarter is not over", "M1,bulletin,bulletin,,2018-03-29 14:00,,,", "pending",
                 key="joint_meeting / 2018-Q2"),
        ],
    ),
    "meetings/minutes_sent": Group(
        headers={"meetings": MEETINGS}, key="M1", cases=[
            Case("on the third working day", "M1,joint_meeting,,,2018-05-03 14:00,,,2018-05-08 17:00", "pass"),
            Case("one second later", "M1,joint_meeting,,,2018-05-03 14:00,,,2018-05-08 17:00:01", "fail", SECOND,
                 "late by 1 second"),
            Case("never", "M1,joint_meeting,,,2018-05-03 14:00,,,", "fail", None, "still open"),
            Case("a bulletin has none", "M1,bulletin,,,2018-05-03 14:00,,,", "not_applicable"),
            Case("due when the holidays are not announced",
                 "M1,joint_meeting,,,2026-12-31 14:00,,,2027-01-06 10:00", "unknown", as_of="2027-01-31"),
        ],
    ),
    "meetings/all_departments_came": Group(
        headers={"meetings": MEETINGS}, key="M1", cases=[
            Case("all came", "M1,joint_meeting,,,2018-05-03 14:00,cash;accounts,accounts;cash,", "pass"),
            Case("one stayed away",
                 "M1,joint_meeting,,,2018-05-03 14:00,cash;accounts,cash,", "fail", None, "attended"),
            Case("nobody wrote who came", "M1,joint_meeting,,,2018-05-03 14:00,cash;accounts,,", "unknown", None,
                 "meeting.attended"),
        ],
    ),
    "meetings/follow_up_done": Group(
        headers={"follow_ups": FOLLOW_UPS}, key="F1", cases=[
            Case("at the last close of its due day", "F1,M1,2018-05-03 14:00,wang,2018-05-10,2018-05-10 17:00", "pass"),
            Case("a due day that is off moves to the next workday",
                 "F1,M1,2018-04-20 14:00,wang,2018-04-30,2018-05-02 17:00", "pass"),
            Case("the day after", "F1,M1,2018-05-03 14:00,wang,2018-05-10,2018-05-11 09:00", "fail", 16 * HOUR,
                 "late by 16 hours (open time 30 min), due 2018-05-10 17:00"),
            Case("still open", "F1,M1,2018-05-03 14:00,wang,2018-05-10,", "fail", None, "still open"),
            Case("not due yet", "F1,M1,2018-05-03 14:00,wang,2018-07-10,", "pending"),
            Case("without a due day", "F1,M1,2018-05-03 14:00,wang,,2018-05-11 09:00", "unknown", None,
                 "follow_up.due_on"),
        ],
    ),
    "meetings/follow_up_assigned": Group(
        headers={"follow_ups": FOLLOW_UPS}, key="F1", cases=[
            Case("owner and due day", "F1,M1,2018-05-03 14:00,wang,2018-05-10,", "pass"),
            Case("no due day", "F1,M1,2018-05-03 14:00,wang,,", "fail", None, "follow_up.due_on"),
            Case("no owner", "F1,M1,2018-05-03 14:00,,2018-05-10,", "fail", None, "follow_up.owner"),
        ],
    ),
}  # fmt: skip
THREE_WAYS = {rule: TABLE[rule] for rule in (
    "meetings/minutes_sent", "meetings/all_departments_came", "meetings/follow_up_done",
)}  # fmt: skip
"""Whether something is written down is always known, and a period needs no announced days."""


@pytest.mark.parametrize(("rule", "group", "case"), cases(TABLE))
def test_row_l3_says(rule: str, group: Group, case: Case, tmp_path: Path) -> None:
    """Each ledger gets the verdict, and the number, that the table says."""
    assert_judged(rule, group, case, tmp_path)


def test_row_l3_every_rule_passes_fails_and_is_unknown() -> None:
    """The table shows each rule in all three ways."""
    assert_shown_three_ways(THREE_WAYS)


def test_row_l3_the_command_says_the_same(tmp_path: Path) -> None:
    """``windowservice audit`` gives the verdicts of the table."""
    assert_audited(TABLE, tmp_path)
