"""Row S5, public posting (公示): what hangs at the counter is what is in force, on every day."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.rules.ledgers import Case, Group, assert_audited, assert_judged, assert_shown_three_ways, cases, engine

import windowservice as ws

POSTINGS = "id,kind,service,shown,since,until"
PLACED = "id,kind,service,place,shown,since,until"
DOCUMENTS = "id,kind,service,version,since,until,places"
TWO = "D1,duties,,2017,2017-01-01,,\nD2,duties,,2018,2018-05-07,,"
BOTH = {"documents": f"{DOCUMENTS}\nD1,standards,S01,2018,2018-01-01,,counter;website"}
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
        headers={"postings": PLACED}, key="complaint_channels", cases=[
            Case("one followed the other",
                 "P1,complaint_channels,,,2017,2018-01-02,2018-05-04\nP2,complaint_channels,,,2018,2018-05-07,",
                 "pass"),
            Case("nothing hung for a workday",
                 "P1,complaint_channels,,,2017,2018-01-02,2018-05-03\nP2,complaint_channels,,,2018,2018-05-07,",
                 "fail", 1,
                 "off by 1 day"),
            Case("a commitment was taken from the website, and hung on at the counter",
                 """P1,commitment,S10,,5 working days,2018-05-03,
                    P2,commitment,S10,website,5 working days,2018-05-03,2018-05-04
                    P3,commitment,S10,website,5 working days,2018-05-09,""", "fail", 2,
                 key="commitment / S10 / website"),
            Case("a commitment hung on at the counter",
                 """P1,commitment,S10,,5 working days,2018-05-03,
                    P2,commitment,S10,website,5 working days,2018-05-03,2018-05-04""", "pass",
                 key="commitment / S10"),
        ],
    ),
    "postings/posted_version_in_force": Group(
        headers={"postings": PLACED, "documents": DOCUMENTS}, key="duties / counter / 2018-05-07", cases=[
            Case("the new version hung from the day on which it was in force",
                 {"postings": "P1,duties,,,2017,2018-05-03,2018-05-06\nP2,duties,,,2018,2018-05-07,",
                  "documents": TWO}, "pass"),
            Case("the old version hung for three workdays more",
                 {"postings": "P1,duties,,,2017,2018-05-03,2018-05-09\nP2,duties,,,2018,2018-05-10,",
                  "documents": TWO}, "fail", 3, "3 days, wanted == 0; off by 3 days"),
            Case("the old version was forgotten beside the new one",
                 {"postings": "P1,duties,,,2017,2018-05-03,2018-05-08\nP2,duties,,,2018,2018-05-07,",
                  "documents": TWO}, "fail", 2),
            Case("it hung on after it was withdrawn",
                 {"postings": "P1,duties,,,2017,2018-05-03,2018-05-08",
                  "documents": "D1,duties,,2017,2017-01-01,2018-05-06,"}, "fail", 2),
            Case("the version that hung is not written",
                 {"postings": "P1,duties,,,,2018-05-07,", "documents": TWO}, "unknown", None,
                 "posted_text.wrong"),
            Case("the version in force is not recorded",
                 {"postings": "P1,duties,,,2018,2018-05-07,"}, "unknown", None, "posted_text.wrong"),
            Case("it hung before any version is recorded",
                 {"postings": "P1,duties,,,2018,2018-05-03,", "documents": "D1,duties,,2018,2018-05-07,,"},
                 "unknown", key="duties / counter / 2018-05-03"),
            Case("the old version hung on the website only",
                 {"postings": "P1,duties,,website,2017,2018-05-03,2018-05-07\nP2,duties,,,2018,2018-05-07,",
                  "documents": TWO}, "fail", 1, key="duties / website / 2018-05-07"),
        ],
    ),
    "postings/posted_where_owed": Group(
        headers={"postings": PLACED}, beside=BOTH, key="standards / S01 / website / 2018-05-07", cases=[
            Case("it hung at the counter and on the website", key="standards / S01 / website / 2018-05-03",
                 rows="P1,standards,S01,,2018,2018-05-03,\nP2,standards,S01,website,2018,2018-05-03,",
                 verdict="pass"),
            Case("taken from the website over a weekend", key="standards / S01 / website / 2018-05-03",
                 rows="""P1,standards,S01,,2018,2018-05-03,
                         P2,standards,S01,website,2018,2018-05-03,2018-05-04
                         P3,standards,S01,website,2018,2018-05-07,""", verdict="pass"),
            Case("taken from the website for two workdays",
                 """P1,standards,S01,,2018,2018-05-03,
                    P2,standards,S01,website,2018,2018-05-03,2018-05-04
                    P3,standards,S01,website,2018,2018-05-09,""", "fail", 2, "2 days, wanted == 0; off by 2 days"),
            Case("never shown on the website", "P1,standards,S01,,2018,2018-06-25,", "fail", 5,
                 key="standards / S01 / website / 2018-06-25"),
        ],
    ),
}  # fmt: skip
TOLD = ("postings/posted_every_day", "postings/posted_where_owed")
THREE_WAYS = {rule: group for rule, group in TABLE.items() if rule not in TOLD}
"""Whether something hung is told by the days that every row states; a ledger without postings is shown below."""


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


def test_row_s5_a_listed_text_is_judged_place_by_place_and_no_longer_as_a_whole(tmp_path: Path) -> None:
    """A gap is found once: by the rule on places if the text is listed, else by that on what hangs daily."""
    group = TABLE["postings/posted_where_owed"]
    report = engine().audit(ws.Ledger.read(group.write(group.cases[2], tmp_path / "l")), as_of="2018-06-29")
    assert {finding.rule for finding in report.failures} == {"postings/posted_where_owed"}


def test_row_s5_a_ledger_without_postings_does_not_say_what_hung(tmp_path: Path) -> None:
    """Texts are listed, but no table says what hung: both rules are unknown."""
    ledger = TABLE["postings/posted_where_owed"].write(Case("", {}, ""), tmp_path / "l")
    report = engine().audit(ws.Ledger.read(ledger), as_of="2018-06-29")
    wanted = {(rule, f"standards / S01 / {place} / 2018-01-01")
              for rule in ("postings/posted_version_in_force", "postings/posted_where_owed")
              for place in ("counter", "website")}  # fmt: skip
    assert {(finding.rule, finding.key) for finding in report.unknowns} == wanted
    assert not report.passed
