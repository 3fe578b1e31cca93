"""Row L1, lead speakers (主讲人制): who spoke when on what, and whose turn was missed."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.rules.ledgers import DAY, HOUR, Case, Group, assert_audited, assert_judged, assert_shown_three_ways, cases

STAFF = "id,since,until\nwang,,\nli,2018-03-01,\nzhao,2018-01-01,2018-05-31"
TALKS = "id,duties,turn,clerk,topic,planned_at,given_at,spoken_by,excuse"
MAY = "lecture / 2018-05"
KEPT = {"staff": STAFF, "duties": "id,since\nlecture,2018-01-01\nlecture_turn,2018-01-01"}

TABLE = {
    "lectures/spoken_in_turn": Group(
        headers={"talks": TALKS, "staff": "id,since", "duties": "id,since"}, beside=KEPT, key=MAY, cases=[
            Case("somebody spoke in May", "T1,lecture,,wang,cash,2018-05-09 15:00,2018-05-09 15:00,wang,", "pass"),
            Case("the talk of May was given in June",
                 "T1,lecture,2018-05,wang,cash,2018-05-09 15:00,2018-06-04 09:00,wang,",
                 "fail", 3 * DAY + 9 * HOUR, "late by 3 days 9 hours"),
            Case("nobody spoke in May", "T1,lecture,,wang,cash,2018-04-09 15:00,2018-04-09 15:00,wang,", "fail",
                 29 * DAY, "due 2018-05-31 24:00+0800, still open"),
            Case("June is not over", "T1,lecture,,wang,cash,2018-04-09 15:00,2018-04-09 15:00,wang,", "pending",
                 key="lecture / 2018-06"),
            Case("one talk does the month and the speaker's turn",
                 "T1,lecture;lecture_turn,,wang,cash,2018-05-09 15:00,2018-05-09 15:00,wang,", "pass",
                 key="lecture_turn / 2018-H1 / wang"),
            Case("a clerk's turn of half a year was missed",
                 "T1,lecture_turn,,wang,cash,2018-07-09 15:00,2018-07-09 15:00,wang,", "fail", None,
                 "still open", key="lecture_turn / 2018-H1 / wang", as_of="2018-07-31"),
            Case("it is not written when it was given", "T1,lecture,2018-05,wang,cash,2018-05-09 15:00,,wang,",
                 "unknown", None, "turn.dated"),
            Case("it is not known who is on the roster", {"staff": "", "duties": "lecture_turn,2018-01-01"}, "unknown",
                 None, "turn.owed", key="lecture_turn / 2018-H1 / not known", as_of="2018-07-31"),
        ],
    ),
    "lectures/talk_given_as_planned": Group(
        headers={"talks": TALKS}, key="T1", cases=[
            Case("at the last close of the day", "T1,,,wang,cash,2018-05-09 15:00,2018-05-09 17:00,wang,", "pass"),
            Case("the next morning", "T1,,,wang,cash,2018-05-09 15:00,2018-05-10 09:00,wang,", "fail",
                 16 * HOUR, "late by 16 hours (open time 30 min)"),
            Case("put off for a reason", "T1,,,wang,cash,2018-05-09 15:00,,,ill", "not_applicable"),
            Case("not given yet", "T1,,,wang,cash,2018-06-29 15:00,,,", "pending", as_of="2018-06-28"),
            Case("planned for a year whose holidays are not announced",
                 "T1,,,wang,cash,2026-12-31 15:00,2027-01-03 10:00,wang,", "unknown", as_of="2027-01-31"),
        ],
    ),
    "lectures/spoken_by_whose_turn_it_is": Group(
        headers={"talks": TALKS}, key="T1", cases=[
            Case("by the clerk whose turn it is", "T1,,,wang,cash,2018-05-09 15:00,2018-05-09 15:00,wang,", "pass"),
            Case("by another, with a reason", "T1,,,wang,cash,2018-05-09 15:00,2018-05-09 15:00,li,ill", "pass"),
            Case("by another, without one", "T1,,,wang,cash,2018-05-09 15:00,2018-05-09 15:00,li,", "fail", None,
                 "talk.spoken_by"),
            Case("by nobody known", "T1,,,wang,cash,2018-05-09 15:00,2018-05-09 15:00,,", "unknown", None,
                 "talk.spoken_by"),
        ],
    ),
    "lectures/topic_named": Group(
        headers={"talks": TALKS}, key="T1", cases=[
            Case("it is", "T1,,,wang,cash,2018-05-09 15:00,2018-05-09 15:00,wang,", "pass"),
            Case("it is not", "T1,,,wang,,2018-05-09 15:00,2018-05-09 15:00,wang,", "fail", None, "talk.topic"),
        ],
    ),
}  # fmt: skip
THREE_WAYS = {rule: group for rule, group in TABLE.items() if rule != "lectures/topic_named"}
"""Whether a topic is written down is always known."""


@pytest.mark.parametrize(("rule", "group", "case"), cases(TABLE))
def test_row_l1_says(rule: str, group: Group, case: Case, tmp_path: Path) -> None:
    """Each ledger gets the verdict, and the number, that the table says."""
    assert_judged(rule, group, case, tmp_path)


def test_row_l1_every_rule_passes_fails_and_is_unknown() -> None:
    """The table shows each rule in all three ways."""
    assert_shown_three_ways(THREE_WAYS)


def test_row_l1_the_command_says_the_same(tmp_path: Path) -> None:
    """``windowservice audit`` gives the verdicts of the table."""
    assert_audited(TABLE, tmp_path)
