"""Row L4, knowing the business (懂业务): a clerk does only kinds for which the clerk holds a role."""

from __future__ import annotations

from pathlib import Path

import pytest

from .ledgers import Case, Group, assert_audited, assert_judged, assert_shown_three_ways, cases

STAFF = {"staff": "id,roles\nwang,teller_account\nli,account_reviewer\nzhao,teller_cash\nliu,"}
DESK = {"requests": "id,bank,service", "events": "request,at,kind,by"}


def done(step: str, clerk: str, service: str = "S01") -> dict[str, str]:
    """Return one matter in which a clerk did a step."""
    return {"requests": f"R1,B1,{service}", "events": f"R1,2018-05-03 10:00,{step},{clerk}"}


TABLE = {
    "capability/qualified_for_kind": Group(
        headers=DESK, beside=STAFF, key="wang / S01 / accepted", cases=[
            Case("accepted in the role of its first owner", done("accepted", "wang"), "pass"),
            Case("accepted by a clerk for cash", done("accepted", "zhao"), "fail", 1, "0, wanted > 0; off by 1",
                 key="zhao / S01 / accepted"),
            Case("decided in the role of the back office", done("decided", "li"), "pass", key="li / S01 / decided"),
            Case("accepted in the role of the back office", done("accepted", "li"), "fail", key="li / S01 / accepted"),
            Case("nobody wrote what the clerk may do", done("accepted", "liu"), "unknown", None, "qualification.held",
                 key="liu / S01 / accepted"),
            Case("a clerk who is not on the staff table", done("accepted", "ma"), "unknown", key="ma / S01 / accepted"),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "group", "case"), cases(TABLE))
def test_row_l4_says(rule: str, group: Group, case: Case, tmp_path: Path) -> None:
    """Each ledger gets the verdict, and the number, that the table says."""
    assert_judged(rule, group, case, tmp_path)


def test_row_l4_every_rule_passes_fails_and_is_unknown() -> None:
    """The table shows each rule in all three ways."""
    assert_shown_three_ways(TABLE)


def test_row_l4_the_command_says_the_same(tmp_path: Path) -> None:
    """``windowservice audit`` gives the verdicts of the table."""
    assert_audited(TABLE, tmp_path)
