"""Row T2, training effect: before and after, net of peers, so that getting better by itself is no effect."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

import windowservice as ws

from .ledgers import Case, Group, assert_audited, assert_judged, assert_shown_three_ways, cases, engine

ERRORS = "id,bank,kind,booked_at,items,fault_party"
NEEDS = "id,kind,bank,topic,arisen_at,held_at"
TRAINED = "N1,many_errors,B1,seal,2018-03-05 10:00,2018-03-15 10:00"


def errors(**numbers: tuple[int, int]) -> str:
    """Return each bank's errors: so many before the training of 15 March, so many after."""
    rows = []
    for bank, (before, after) in numbers.items():
        rows.append(f"E{bank}1,{bank},seal_or_cipher,2018-02-12 10:00,{before},institution")
        rows.append(f"E{bank}2,{bank},seal_or_cipher,2018-04-12 10:00,{after},institution")
    return "\n".join(rows)


TABLE = {
    "training/training_had_effect": Group(
        headers={"training_needs": NEEDS, "accounting_errors": ERRORS}, key="N1 / effect", cases=[
            Case("errors fell by three tenths more than those of a peer with as many",
                 {"training_needs": TRAINED, "accounting_errors": errors(B1=(10, 7), B2=(10, 10))}, "pass"),
            Case("one error more",
                 {"training_needs": TRAINED, "accounting_errors": errors(B1=(10, 8), B2=(10, 10))}, "fail",
                 1, "8 errors, wanted <= 7; off by 1 errors"),
            Case("errors were halved, but so were those of peers that were not trained",
                 {"training_needs": TRAINED, "accounting_errors": errors(B1=(10, 5), B2=(12, 6), B3=(10, 5))}, "fail",
                 Fraction(3, 2), "5 errors, wanted <= 7/2"),
            Case("a bank with fewer errors is no peer",
                 {"training_needs": TRAINED, "accounting_errors": errors(B1=(10, 5), B2=(10, 10), B3=(2, 0))}, "pass"),
            Case("there is no peer to compare with",
                 {"training_needs": TRAINED, "accounting_errors": errors(B1=(10, 5), B2=(3, 3))}, "unknown", None,
                 "training_effect.expected"),
            Case("too few errors say nothing",
                 {"training_needs": TRAINED, "accounting_errors": errors(B1=(4, 4), B2=(10, 10))}, "not_applicable"),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "group", "case"), cases(TABLE))
def test_row_t2_says(rule: str, group: Group, case: Case, tmp_path: Path) -> None:
    """Each ledger gets the verdict, and the number, that the table says."""
    assert_judged(rule, group, case, tmp_path)


def test_row_t2_every_rule_passes_fails_and_is_unknown() -> None:
    """The table shows each rule in all three ways."""
    assert_shown_three_ways(TABLE)


def test_row_t2_the_command_says_the_same(tmp_path: Path) -> None:
    """``windowservice audit`` gives the verdicts of the table."""
    assert_audited(TABLE, tmp_path)


def test_row_t2_the_days_after_are_over_before_they_are_compared(tmp_path: Path) -> None:
    """An effect is judged sixty days after the training, and not before."""
    group = TABLE["training/training_had_effect"]
    ledger = ws.Ledger.read(group.write(group.cases[0], tmp_path / "l"))
    judged = [
        any(finding.rule == "training/training_had_effect" for finding in engine().audit(ledger, as_of=day))
        for day in ("2018-05-13", "2018-05-14")
    ]
    assert judged == [False, True]
