"""Row S7, outside inspections of the window (接受多方监督): what they found is closed in time, by an owner."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.rules.ledgers import DAY, HOUR, Case, Group, assert_audited, assert_judged, assert_shown_three_ways, cases

DEFECTS = "id,origin,office,found_at,due_on,owner,closed_at"

TABLE = {
    "outside/outside_finding_closed": Group(
        headers={"defects": DEFECTS}, key="D1", cases=[
            Case("on the day the office named",
                 "D1,outside_inspection,audit,2018-05-03 10:00,2018-05-31,wang,2018-05-31 17:00",
                 "pass"),
            Case("the day after",
                 "D1,outside_inspection,audit,2018-05-03 10:00,2018-05-31,wang,2018-06-01 09:00", "fail",
                 16 * HOUR, "late by 16 hours"),
            Case("still open",
                 "D1,outside_inspection,audit,2018-05-03 10:00,2018-05-31,wang,", "fail", 28 * DAY + 7 * HOUR,
                 "still open", as_of="2018-06-28"),
            Case("not due yet", "D1,outside_inspection,audit,2018-05-03 10:00,2018-07-31,wang,", "pending"),
            Case("named no day",
                 "D1,outside_inspection,audit,2018-05-03 10:00,,wang,2018-05-04 10:00", "not_applicable"),
        ],
    ),
    "outside/outside_finding_closed_without_day": Group(
        headers={"defects": DEFECTS}, key="D1", cases=[
            Case("on the fifteenth working day",
                 "D1,outside_inspection,audit,2018-05-03 10:00,,wang,2018-05-24 17:00", "pass"),
            Case("later", "D1,outside_inspection,audit,2018-05-03 10:00,,wang,2018-05-25 09:00", "fail", 16 * HOUR,
                 "late by 16 hours"),
            Case("due when the holidays are not announced",
                 "D1,outside_inspection,audit,2026-12-24 10:00,,wang,2027-01-15 10:00", "unknown", as_of="2027-01-31"),
        ],
    ),
    "outside/outside_finding_owned": Group(
        headers={"defects": DEFECTS}, key="D1", cases=[
            Case("it has an owner", "D1,outside_inspection,audit,2018-05-03 10:00,2018-05-31,wang,", "pass"),
            Case("it has none",
                 "D1,outside_inspection,audit,2018-05-03 10:00,2018-05-31,,", "fail", None, "defect.owner"),
        ],
    ),
}  # fmt: skip
THREE_WAYS = {rule: TABLE[rule] for rule in ("outside/outside_finding_closed_without_day",)}
"""Whether an owner or a day is written down is always known."""


@pytest.mark.parametrize(("rule", "group", "case"), cases(TABLE))
def test_row_s7_says(rule: str, group: Group, case: Case, tmp_path: Path) -> None:
    """Each ledger gets the verdict, and the number, that the table says."""
    assert_judged(rule, group, case, tmp_path)


def test_row_s7_every_rule_passes_fails_and_is_unknown() -> None:
    """The table shows each rule in all three ways."""
    assert_shown_three_ways(THREE_WAYS)


def test_row_s7_the_command_says_the_same(tmp_path: Path) -> None:
    """``windowservice audit`` gives the verdicts of the table."""
    assert_audited(TABLE, tmp_path)
