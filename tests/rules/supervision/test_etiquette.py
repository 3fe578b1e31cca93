"""Row S2, etiquette, facilities and signs (服务礼仪): what observers saw, scored for each post and site."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from tests.rules.ledgers import DAY, Case, Group, assert_audited, assert_judged, assert_shown_three_ways, cases

OBSERVATIONS = "id,at,site,post,checklist,item,met"


def seen(checklist: str, post: str, *met: str) -> str:
    """Return what was seen of the items of a checklist in May."""
    return "\n".join(f"O{n},2018-05-03 10:00,main,{post},{checklist},K{n},{word}" for n, word in enumerate(met))


TABLE = {
    "etiquette/checklist_met": Group(
        headers={"observations": OBSERVATIONS}, key="2018-05 / main / window-1 / etiquette", cases=[
            Case("nine of ten items", seen("etiquette", "window-1", *["yes"] * 9, "no"), "pass"),
            Case("eight of ten", seen("etiquette", "window-1", *["yes"] * 8, "no", "no"), "fail", Fraction(1, 10),
                 "4/5, wanted >= 0.9; off by 1/10"),
            Case("signs are all there or not", seen("signs", "", *["yes"] * 9, "no"), "fail", Fraction(1, 10), "9/10",
                 key="2018-05 / main / signs"),
            Case("whether one was met is not written", seen("etiquette", "window-1", *["yes"] * 9, ""), "unknown", None,
                 "checklist_score.met"),
        ],
    ),
    "etiquette/checked_in_turn": Group(
        headers={"reviews": "id,duties,turn,at", "duties": "id,since"}, key="etiquette_check / 2018-05", cases=[
            Case("looked at in May",
                 {"duties": "etiquette_check,2018-01-01", "reviews": "V1,etiquette_check,,2018-05-03 10:00"},
                 "pass"),
            Case("not looked at in May", {"duties": "etiquette_check,2018-01-01"}, "fail", 29 * DAY, "still open"),
        ],
    ),
}  # fmt: skip
THREE_WAYS = {"etiquette/checklist_met": TABLE["etiquette/checklist_met"]}
"""A month needs no announced days."""


@pytest.mark.parametrize(("rule", "group", "case"), cases(TABLE))
def test_row_s2_says(rule: str, group: Group, case: Case, tmp_path: Path) -> None:
    """Each ledger gets the verdict, and the number, that the table says."""
    assert_judged(rule, group, case, tmp_path)


def test_row_s2_every_rule_passes_fails_and_is_unknown() -> None:
    """The table shows each rule in all three ways."""
    assert_shown_three_ways(THREE_WAYS)


def test_row_s2_the_command_says_the_same(tmp_path: Path) -> None:
    """``windowservice audit`` gives the verdicts of the table."""
    assert_audited(TABLE, tmp_path)
