"""Row D5, on our initiative (主动办): explanations, warnings and visits within ten working days of a new rule."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.rules.ledgers import HOUR, SECOND, Case, Group, assert_audited, assert_judged, assert_shown_three_ways, cases

NOTICES = "id,title,published_at,warned_at"
INITIATIVES = "id,kind,duties,turn,bank,at"
BESIDE = {
    "banks": "id,participation,joined\nB1,direct,2009-01-05\nB2,indirect,2009-01-05",
    "duties": "id,since\nexplain_new_rule,2018-01-01\nvisit_after_new_rule,2018-01-01",
}
RULE = "N1,Limits of cash,2018-05-03 10:00,2018-05-04 10:00"
EXPLAINED, VISITED = "explain_new_rule / N1", "visit_after_new_rule / N1 / B1"

TABLE = {
    "initiative/explained_and_visited": Group(
        headers={"initiatives": INITIATIVES, "rule_notices": NOTICES}, beside=BESIDE, key=EXPLAINED, cases=[
            Case("explained at the last close of ten working days",
                 {"rule_notices": RULE, "initiatives": "A1,explanation,explain_new_rule,N1,,2018-05-17 17:00"}, "pass"),
            Case("one second later",
                 {"rule_notices": RULE, "initiatives":
                 "A1,explanation,explain_new_rule,N1,,2018-05-17 17:00:01"}, "fail",
                 SECOND, "late by 1 second (open time 0 s), due 2018-05-17 17:00"),
            Case("a row that names no rule does the one in whose window it lies",
                 {"rule_notices": RULE, "initiatives": "A1,explanation,explain_new_rule,,,2018-05-07 10:00"}, "pass"),
            Case("nobody explained it", {"rule_notices": RULE}, "fail", None, "still open"),
            Case("a bank was visited",
                 {"rule_notices": RULE, "initiatives": "A1,visit,visit_after_new_rule,N1,B1,2018-05-17 10:00"},
                 "pass", key=VISITED),
            Case("another bank was visited",
                 {"rule_notices": RULE, "initiatives": "A1,visit,visit_after_new_rule,N1,B2,2018-05-17 10:00"}, "fail",
                 None, "still open", key=VISITED),
            Case("not due yet", {"rule_notices": "N1,,2018-06-27 10:00,"}, "pending"),
            Case("due when the holidays are not announced", {"rule_notices": "N1,,2026-12-27 10:00,"}, "unknown", None,
                 "turn.due_at", as_of="2027-02-28"),
        ],
    ),
    "initiative/warned_of_new_rule": Group(
        headers={"rule_notices": NOTICES}, key="N1", cases=[
            Case("warned the next day", RULE, "pass"),
            Case("warned too late", "N1,,2018-05-03 10:00,2018-05-18 09:00", "fail", 16 * HOUR, "late by 16 hours"),
            Case("due when the holidays are not announced", "N1,,2026-12-27 10:00,2027-01-20 10:00", "unknown",
                 as_of="2027-02-28"),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "group", "case"), cases(TABLE))
def test_row_d5_says(rule: str, group: Group, case: Case, tmp_path: Path) -> None:
    """Each ledger gets the verdict, and the number, that the table says."""
    assert_judged(rule, group, case, tmp_path)


def test_row_d5_every_rule_passes_fails_and_is_unknown() -> None:
    """The table shows each rule in all three ways."""
    assert_shown_three_ways(TABLE)


def test_row_d5_the_command_says_the_same(tmp_path: Path) -> None:
    """``windowservice audit`` gives the verdicts of the table."""
    assert_audited(TABLE, tmp_path)
