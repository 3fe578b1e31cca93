"""Row S6, supervision (监督): complaints with their limits, how many rate, bad grades called back."""

from __future__ import annotations

from fractions import Fraction
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
    engine,
)

import windowservice as ws

COMPLAINTS = "id,kind,about,received_at,accepted_at,completed_at,extended_at,answered_at,handled_by,withdrawn_at"
RATINGS = "id,clerk,asked_at,rated_at,grade,named,called_back_at,called_back_by"


def ratings(*grades: str) -> str:
    """Return ratings asked for in May, one for each grade; an empty one was not given."""
    rows = [
        f"G{number},wang,2018-05-03 10:00,{'2018-05-03 10:05' if grade else ''},{grade.strip('?')},no,,"
        for number, grade in enumerate(grades)
    ]
    return "\n".join(rows)


TABLE = {
    "supervision/complaint_answered": Group(
        headers={"complaints": COMPLAINTS}, key="C1", cases=[
            Case("on the fifteenth day", "C1,about_window,,2018-05-03 10:00,,,,2018-05-18 17:00,li,", "pass"),
            Case("one second later", "C1,about_window,,2018-05-03 10:00,,,,2018-05-18 17:00:01,li,", "fail", SECOND,
                 "late by 1 second"),
            Case("the last day is off: the next workday",
                 "C1,passed_on,,2018-04-14 10:00,,,,2018-05-02 17:00,li,", "pass"),
            Case("the limit counts from when it was complete",
                 "C1,passed_on,,2018-05-03 10:00,,2018-05-10 10:00,,2018-05-25 17:00,li,", "pass"),
            Case("never", "C1,passed_on,,2018-05-03 10:00,,,,,,", "fail", None, "still open"),
            Case("taken back", "C1,passed_on,,2018-05-03 10:00,,,,,,2018-05-04 10:00", "not_applicable"),
            Case("in time so far", "C1,about_window,,2018-06-20 10:00,,,,,,", "pending"),
            Case("due when the holidays are not announced", "C1,passed_on,,2026-12-17 10:00,,,,2027-01-03 10:00,li,",
                 "unknown", as_of="2027-01-31"),
        ],
    ),
    "supervision/complaint_answered_extended": Group(
        headers={"complaints": COMPLAINTS}, key="C1", cases=[
            Case("within sixty days", "C1,passed_on,,2018-04-03 10:00,,,2018-04-10 10:00,2018-06-02 10:00,li,", "pass"),
            Case("after sixty days, which end on a Saturday and so on Monday",
                 "C1,passed_on,,2018-04-03 10:00,,,2018-04-10 10:00,2018-06-05 09:00,li,", "fail", 16 * HOUR,
                 "due 2018-06-04 17:00"),
            Case("due when the holidays are not announced",
                 "C1,passed_on,,2026-11-03 10:00,,,2026-11-10 10:00,2027-01-03 10:00,li,",
                 "unknown", as_of="2027-01-31"),
        ],
    ),
    "supervision/complaint_extended_in_time": Group(
        headers={"complaints": COMPLAINTS}, key="C1", cases=[
            Case("before the limit ended", "C1,passed_on,,2018-05-03 10:00,,,2018-05-18 17:00,,,", "pass"),
            Case("after it", "C1,passed_on,,2018-05-03 10:00,,,2018-05-21 10:00,,,", "fail", 2 * DAY + 17 * HOUR,
                 "due 2018-05-18 17:00"),
            Case("due when the holidays are not announced", "C1,passed_on,,2026-12-17 10:00,,,2027-01-03 10:00,,,",
                 "unknown", as_of="2027-01-31"),
        ],
    ),
    "supervision/complaint_acknowledged": Group(
        headers={"complaints": COMPLAINTS}, key="C1", cases=[
            Case("on the second working day", "C1,about_window,,2018-05-03 10:00,2018-05-07 17:00,,,,,", "pass"),
            Case("later",
                 "C1,about_window,,2018-05-03 10:00,2018-05-08 09:00,,,,,", "fail", 16 * HOUR, "late by 16 hours"),
            Case("due when the holidays are not announced", "C1,about_window,,2026-12-31 10:00,2027-01-04 10:00,,,,,",
                 "unknown", as_of="2027-01-31"),
        ],
    ),
    "supervision/not_judge_in_own_cause": Group(
        headers={"complaints": COMPLAINTS}, key="C1", cases=[
            Case("handled by another", "C1,about_window,wang,2018-05-03 10:00,,,,2018-05-04 10:00,li,", "pass"),
            Case("handled by whom it is about",
                 "C1,about_window,wang,2018-05-03 10:00,,,,2018-05-04 10:00,wang,", "fail",
                 None, "complaint.handled_by"),
            Case("it is not written who handled it", "C1,about_window,wang,2018-05-03 10:00,,,,2018-05-04 10:00,,",
                 "unknown", None, "complaint.handled_by"),
        ],
    ),
    "supervision/bad_rating_called_back": Group(
        headers={"ratings": RATINGS}, key="G1", cases=[
            Case("on the fifth working day",
                 "G1,wang,2018-05-03 10:00,2018-05-03 10:05,2,yes,2018-05-10 17:00,li", "pass"),
            Case("never", "G1,wang,2018-05-03 10:00,2018-05-03 10:05,1,yes,,", "fail", None, "still open"),
            Case("the day after", "G1,wang,2018-05-03 10:00,2018-05-03 10:05,2,yes,2018-05-11 09:00,li", "fail",
                 16 * HOUR, "late by 16 hours"),
            Case("without a name nobody can be called",
                 "G1,wang,2018-05-03 10:00,2018-05-03 10:05,1,no,,", "not_applicable"),
            Case("a middling grade", "G1,wang,2018-05-03 10:00,2018-05-03 10:05,3,yes,,", "not_applicable"),
            Case("no grade was given", "G1,wang,2018-05-03 10:00,,,,,", "not_applicable"),
            Case("whether there was a name is not written", "G1,wang,2018-05-03 10:00,2018-05-03 10:05,1,,,", "unknown",
                 None, "rating.named"),
        ],
    ),
    "supervision/called_back_by_another": Group(
        headers={"ratings": RATINGS}, key="G1", cases=[
            Case("by another", "G1,wang,2018-05-03 10:00,2018-05-03 10:05,2,yes,2018-05-10 17:00,li", "pass"),
            Case("by the clerk rated", "G1,wang,2018-05-03 10:00,2018-05-03 10:05,2,yes,2018-05-10 17:00,wang", "fail",
                 None, "rating.called_back_by"),
            Case("by nobody known",
                 "G1,wang,2018-05-03 10:00,2018-05-03 10:05,2,yes,2018-05-10 17:00,", "unknown", None,
                 "rating.called_back_by"),
        ],
    ),
    "supervision/ratings_given": Group(
        headers={"ratings": RATINGS}, key="ratings / 2018-05", cases=[
            Case("half of ten", ratings(*"54354", "", "", "", "", ""), "pass"),
            Case("four of ten",
                 ratings(*"5435", "", "", "", "", "", ""), "fail", Fraction(1, 10), "2/5, wanted >= 0.5; off by 1/10"),
            Case("nine say nothing", ratings(*"5", "", "", "", "", "", "", "", ""), "not_applicable"),
        ],
    ),
    "supervision/banks_satisfied": Group(
        headers={"ratings": RATINGS}, key="ratings / 2018-05", cases=[
            Case("one bad grade in ten", ratings(*"5555555552"), "pass"),
            Case("two bad grades in ten",
                 ratings(*"5555555512"), "fail", Fraction(1, 10), "4/5, wanted >= 0.9; off by 1/10"),
            Case("one grade that was given is not written",
                 ratings(*"555555555", "?"), "unknown", None, "missing satisfaction.satisfied"),
        ],
    ),
}  # fmt: skip
THREE_WAYS = {rule: group for rule, group in TABLE.items() if rule != "supervision/ratings_given"}
"""Whether a rating was given is always known."""


@pytest.mark.parametrize(("rule", "group", "case"), cases(TABLE))
def test_row_s6_says(rule: str, group: Group, case: Case, tmp_path: Path) -> None:
    """Each ledger gets the verdict, and the number, that the table says."""
    assert_judged(rule, group, case, tmp_path)


def test_row_s6_every_rule_passes_fails_and_is_unknown() -> None:
    """The table shows each rule in all three ways."""
    assert_shown_three_ways(THREE_WAYS)


def test_row_s6_the_command_says_the_same(tmp_path: Path) -> None:
    """``windowservice audit`` gives the verdicts of the table."""
    assert_audited(TABLE, tmp_path)


def test_row_s6_a_month_is_judged_when_it_is_over(tmp_path: Path) -> None:
    """A share never changes by time alone: the running month is not judged yet."""
    group = TABLE["supervision/ratings_given"]
    ledger = ws.Ledger.read(group.write(Case("", ratings(*"5435", "", "", "", "", "", ""), ""), tmp_path / "l"))
    keys = {as_of: {f.key for f in engine().audit(ledger, as_of=as_of)} for as_of in ("2018-05-30", "2018-05-31")}
    assert "ratings / 2018-05" not in keys["2018-05-30"]
    assert "ratings / 2018-05" in keys["2018-05-31"]
