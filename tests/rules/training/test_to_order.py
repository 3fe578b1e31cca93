"""Row T1, training to order (订单式培训): who must be trained on what and how soon; held, answered, passed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from tests.rules.ledgers import (
    HOUR,
    SECOND,
    Case,
    Group,
    assert_audited,
    assert_judged,
    assert_shown_three_ways,
    cases,
    engine,
)

import windowservice as ws

NEEDS = "id,kind,bank,topic,arisen_at,effective_on,answered_at,held_at,online,score,form,form_before"
ERRORS = "id,bank,kind,booked_at,items,fault_party"
OTHER = "N9,asked_for,B9,cash,2018-03-05 10:00,,2018-03-06 10:00,,,,,"
BANKS = {"banks": "id,joined\n" + "\n".join(f"B{number},2009-01-05" for number in range(1, 11))}


def errors_of(banks: int, number: int) -> str:
    """Return so many errors of each of the first banks, of one kind, in the first quarter."""
    return "\n".join(f"E{n},B{n},amount,2018-02-05 10:00,{number},institution" for n in range(1, banks + 1))


TABLE = {
    "training/trained_in_time": Group(
        headers={"training_needs": NEEDS}, key="N1", cases=[
            Case("a common problem on the twentieth working day",
                 "N1,common_problem,,seal,2018-05-03 10:00,,,2018-05-31 17:00,,90,,", "pass"),
            Case("one second later",
                 "N1,common_problem,,seal,2018-05-03 10:00,,,2018-05-31 17:00:01,,90,,", "fail", SECOND,
                 "late by 1 second"),
            Case("a bank with many errors after ten working days",
                 "N1,many_errors,B1,seal,2018-05-03 10:00,,,2018-05-18 09:00,,90,,",
                 "fail", 16 * HOUR, "due 2018-05-17 17:00"),
            Case("a risk the next working day",
                 "N1,risk,B1,virus,2018-05-03 10:00,,,2018-05-04 10:00,yes,90,,", "pass"),
            Case("a new bank within three months",
                 "N1,new_bank,B1,start,2018-03-05 10:00,,,2018-06-05 10:00,,90,,", "pass"),
            Case("a failed test not repeated",
                 "N1,test_failed,B1,seal,2018-05-03 10:00,,,,,,,", "fail", None, "still open"),
            Case("not due yet", "N1,no_effect,B1,seal,2018-06-27 10:00,,,,,,,", "pending"),
            Case("due when the holidays are not announced",
                 "N1,many_errors,B1,seal,2026-12-24 10:00,,,2027-01-08 10:00,,90,,", "unknown", as_of="2027-01-31"),
        ],
    ),
    "training/trained_before_new_rule": Group(
        headers={"training_needs": NEEDS}, key="N1", cases=[
            Case("five working days before it is in force",
                 "N1,new_rule,,N-3,2018-05-03 10:00,2018-06-01,,2018-05-25 10:00,,90,,", "pass"),
            Case("the day before it is in force",
                 "N1,new_rule,,N-3,2018-05-03 10:00,2018-06-01,,2018-05-31 10:00,,90,,",
                 "fail", None, "late by"),
            Case("from when it is in force is not written",
                 "N1,new_rule,,N-3,2018-05-03 10:00,,,2018-05-31 10:00,,90,,",
                 "unknown", None, "training_need.effective_on"),
        ],
    ),
    "training/request_answered": Group(
        headers={"training_needs": NEEDS}, key="N1", cases=[
            Case("told a date on the tenth working day",
                 "N1,asked_for,B1,seal,2018-05-03 10:00,,2018-05-17 17:00,,,,,", "pass"),
            Case("told a date later", "N1,asked_for,B1,seal,2018-05-03 10:00,,2018-05-18 09:00,,,,,", "fail", 16 * HOUR,
                 "late by 16 hours"),
            Case("due when the holidays are not announced",
                 "N1,asked_for,B1,seal,2026-12-24 10:00,,2027-01-08 10:00,,,,,",
                 "unknown", as_of="2027-01-31"),
        ],
    ),
    "training/test_passed": Group(
        headers={"training_needs": NEEDS}, key="N1", cases=[
            Case("eighty points", "N1,many_errors,B1,seal,2018-05-03 10:00,,,2018-05-10 10:00,,80,,", "pass"),
            Case("half a point less", "N1,many_errors,B1,seal,2018-05-03 10:00,,,2018-05-10 10:00,,79.5,,", "fail",
                 Decimal("0.5"), "79.5 points, wanted >= 80; off by 0.5 points"),
            Case("no score is written",
                 "N1,many_errors,B1,seal,2018-05-03 10:00,,,2018-05-10 10:00,,,,", "unknown", None,
                 "training_need.score"),
        ],
    ),
    "training/risk_taught_online": Group(
        headers={"training_needs": NEEDS}, key="N1", cases=[
            Case("online", "N1,risk,B1,virus,2018-05-03 10:00,,,2018-05-04 10:00,yes,90,,", "pass"),
            Case("in a room",
                 "N1,risk,B1,virus,2018-05-03 10:00,,,2018-05-04 10:00,no,90,,", "fail", None, "training_need.online"),
            Case("nobody wrote how", "N1,risk,B1,virus,2018-05-03 10:00,,,2018-05-04 10:00,,90,,", "unknown", None,
                 "training_need.online"),
        ],
    ),
    "training/taught_in_another_form": Group(
        headers={"training_needs": NEEDS}, key="N1", cases=[
            Case("an exercise after a lecture",
                 "N1,no_effect,B1,seal,2018-05-03 10:00,,,2018-05-10 10:00,,90,exercise,lecture", "pass"),
            Case("the lecture again",
                 "N1,no_effect,B1,seal,2018-05-03 10:00,,,2018-05-10 10:00,,90,lecture,lecture", "fail",
                 None, "training_need.form"),
            Case("nobody wrote in which form", "N1,no_effect,B1,seal,2018-05-03 10:00,,,2018-05-10 10:00,,90,,lecture",
                 "unknown", None, "training_need.form"),
        ],
    ),
    "training/error_prone_bank_listed": Group(
        headers={"training_needs": NEEDS, "accounting_errors": ERRORS}, beside=BANKS,
        key="many_errors / 2018-Q1 / B1", cases=[
            Case("five errors, and it is on the list",
                 {"accounting_errors": "E1,B1,seal_or_cipher,2018-02-05 10:00,5,institution",
                  "training_needs": "N1,many_errors,B1,seal,2018-04-02 10:00,,,,,,,"}, "pass"),
            Case("five errors, and it is not",
                 {"accounting_errors": "E1,B1,seal_or_cipher,2018-02-05 10:00,5,institution", "training_needs": OTHER},
                 "fail", None, "need_shown.listed_as.is_known() does not hold"),
            Case("four errors",
                 {"accounting_errors": "E1,B1,seal_or_cipher,2018-02-05 10:00,4,institution",
                 "training_needs": OTHER}, "not_applicable"),
            Case("as many as everybody makes",
                 {"accounting_errors": errors_of(10, 5), "training_needs": OTHER},
                 "not_applicable"),
        ],
    ),
    "training/common_error_listed": Group(
        headers={"training_needs": NEEDS, "accounting_errors": ERRORS}, beside=BANKS,
        key="common_problem / 2018-Q1 / amount",
        cases=[
            Case("three of ten banks, on the list",
                 {"accounting_errors": errors_of(3, 1),
                  "training_needs": "N1,common_problem,,amount,2018-04-02 10:00,,,,,,,"}, "pass"),
            Case("three of ten banks, not on the list",
                 {"accounting_errors": errors_of(3, 1), "training_needs": OTHER},
                 "fail", None, "need_shown.listed_as.is_known() does not hold"),
            Case("two of ten banks",
                 {"accounting_errors": errors_of(2, 1), "training_needs": OTHER},
                 "not_applicable"),
        ],
    ),
    "training/new_need_listed": Group(
        headers={"training_needs": NEEDS, "rule_notices": "id,published_at"}, key="new_rule / N-3", cases=[
            Case("a new rule that is on the list",
                 {"rule_notices": "N-3,2018-05-03 10:00",
                 "training_needs": "N1,new_rule,,N-3,2018-05-04 10:00,2018-06-01,,,,,,"},
                 "pass"),
            Case("a new rule that is not",
                 {"rule_notices": "N-3,2018-05-03 10:00", "training_needs": OTHER},
                 "fail", None, "need_shown.listed_as.is_known() does not hold"),
        ],
    ),
}  # fmt: skip
LISTED = ("training/error_prone_bank_listed", "training/common_error_listed", "training/new_need_listed")
THREE_WAYS = {rule: group for rule, group in TABLE.items() if rule not in LISTED}
"""Whether a need is on the list is always known; one that cannot be counted is unknown below."""


@pytest.mark.parametrize(("rule", "group", "case"), cases(TABLE))
def test_row_t1_says(rule: str, group: Group, case: Case, tmp_path: Path) -> None:
    """Each ledger gets the verdict, and the number, that the table says."""
    assert_judged(rule, group, case, tmp_path)


def test_row_t1_every_rule_passes_fails_and_is_unknown() -> None:
    """The table shows each rule in all three ways."""
    assert_shown_three_ways(THREE_WAYS)


def test_row_t1_the_command_says_the_same(tmp_path: Path) -> None:
    """``windowservice audit`` gives the verdicts of the table."""
    assert_audited(TABLE, tmp_path)


def test_row_t1_without_a_list_of_banks_nobody_knows_what_is_common(tmp_path: Path) -> None:
    """The share of banks, and the median of all, are unknown where the ledger lists no banks."""
    group = Group(
        headers={"accounting_errors": ERRORS}, key="", cases=[], beside={"training_needs": f"{NEEDS}\n{OTHER}"}
    )
    errors = errors_of(3, 5)
    report = engine().audit(ws.Ledger.read(group.write(Case("", errors, ""), tmp_path / "l")), as_of="2018-06-29")
    unknown = {(finding.rule, finding.key) for finding in report.unknowns}
    assert ("training/common_error_listed", "common_problem / 2018-Q1 / amount") in unknown
    assert ("training/error_prone_bank_listed", "many_errors / 2018-Q1 / B1") in unknown
