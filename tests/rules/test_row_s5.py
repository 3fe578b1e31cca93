"""Row S5, public posting (公示): what hangs at the counter is what is in force, on every day."""

from __future__ import annotations

from pathlib import Path

import pytest

from .ledgers import Case, Group, assert_audited, assert_judged, assert_shown_three_ways, cases

POSTINGS = "id,kind,service,shown,since,until"
SHORTENED = "S10,2018-01-01,5 working days\nS10,2018-06-01,4 working days"

TABLE = {
    "postings/posted_limit_in_force": Group(
        headers={"postings": POSTINGS, "services": "id,since,commitment"}, key="P1 / in force", cases=[
            Case("the commitment of the catalogue",
                 {"postings": "P1,commitment,S10,5 working days,2018-05-03,"}, "pass"),
            Case("taken down on the eve of a new commitment",
                 {"postings": "P1,commitment,S10,5 working days,2018-05-03,2018-05-31",
                  "services": SHORTENED}, "pass"),
            Case("three workdays too long",
                 {"postings": "P1,commitment,S10,5 working days,2018-05-03,2018-06-05",
                  "services": SHORTENED}, "fail", 3, "3 days, wanted == 0; off by 3 days"),
            Case("another limit than the one in force",
                 {"postings": "P1,commitment,S10,3 working days,2018-05-03,2018-05-04"},
                 "fail", 2, "off by 2 days"),
            Case("what it said is not written", {"postings": "P1,commitment,S10,,2018-05-03,"}, "unknown", None,
                 "posted.days_wrong"),
            Case("it is about a kind that the catalogue does not have",
                 {"postings": "P1,commitment,S99,5 working days,2018-05-03,"},
                 "unknown", None, "posted.days_wrong"),
        ],
    ),
    "postings/posted_every_day": Group(
        headers={"postings": POSTINGS}, key="complaint_channels", cases=[
            Case("one followed the other",
                 "P1,complaint_channels,,2017,2018-01-02,2018-05-04\nP2,complaint_channels,,2018,2018-05-07,",
                 "pass"),
            Case("nothing hung for a workday",
                 "P1,complaint_channels,,2017,2018-01-02,2018-05-03\nP2,complaint_channels,,2018,2018-05-07,",
                 "fail", 1,
                 "off by 1 days"),
        ],
    ),
}  # fmt: skip
THREE_WAYS = {"postings/posted_limit_in_force": TABLE["postings/posted_limit_in_force"]}
"""Whether something hung is told by the days that every row states."""


@pytest.mark.parametrize(("rule", "group", "case"), cases(TABLE))
def test_row_s5_says(rule: str, group: Group, case: Case, tmp_path: Path) -> None:
    """Each ledger gets the verdict, and the number, that the table says."""
    assert_judged(rule, group, case, tmp_path)


def test_row_s5_every_rule_passes_fails_and_is_unknown() -> None:
    """The table shows each rule in all three ways."""
    assert_shown_three_ways(THREE_WAYS)


def test_row_s5_the_command_says_the_same(tmp_path: Path) -> None:
    """``windowservice audit`` gives the verdicts of the table."""
    assert_audited(TABLE, tmp_path)
