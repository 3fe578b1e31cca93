"""Row R1, inspection tours (巡检): each quarter and before holidays, reported, defects closed by level."""

from __future__ import annotations

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

BANKS = "id,participation,joined\nB1,direct,2009-01-05\nB2,indirect,2009-01-05\nB3,direct,2018-05-02"
KEPT = "id,since\ninspect_quarterly,2018-01-01\ninspect_before_holidays,2018-01-01"
VISITS = {"inspections": "id,bank,duties,turn,at,scope", "banks": "id,participation,joined"}
BESIDE = {"banks": BANKS, "duties": KEPT}
Q2, MAY_DAY = "inspect_quarterly / 2018-Q2 / B1", "inspect_before_holidays / 2018 劳动节 / B1"
UNTOLD = {"banks": "B1,,2009-01-05"}

TABLE = {
    "inspections/inspected_in_turn": Group(
        headers=VISITS, beside=BESIDE, key=Q2, cases=[
            Case("visited on the last evening of the quarter", "I1,B1,inspect_quarterly,,2018-06-30 23:59:59,full",
                 "pass", as_of="2018-06-30"),
            Case("the next quarter's first second names its turn",
                 "I1,B1,inspect_quarterly,2018-Q2,2018-07-01 00:00:01,full",
                 "fail", SECOND, "late by 1 second", as_of="2018-07-31"),
            Case("nobody came", "I1,B1,inspect_quarterly,,2018-02-05 10:00,full", "fail", 31 * DAY,
                 "due 2018-06-30 24:00+0800, still open", as_of="2018-07-31"),
            Case("nobody came, the quarter is not over", "I1,B1,inspect_quarterly,,2018-02-05 10:00,full", "pending"),
            Case("a visit after the instant judged is not seen", "I1,B1,inspect_quarterly,,2018-06-29 10:00,full",
                 "pending", as_of="2018-06-28"),
            Case("a visit before a holiday counts for the quarter if it was full",
                 "I1,B1,inspect_quarterly;inspect_before_holidays,,2018-04-25 10:00,full", "pass"),
            Case("one that was not full does not",
                 "I1,B1,inspect_quarterly;inspect_before_holidays,,2018-04-25 10:00,standard", "fail", None,
                 "still open", as_of="2018-07-31"),
            Case("before the holiday, on the first of five working days",
                 "I1,B1,inspect_before_holidays,,2018-04-24 08:30,standard", "pass", key=MAY_DAY),
            Case("before the holiday, on its eve, a worked Saturday",
                 "I1,B1,inspect_before_holidays,,2018-04-28 17:00,standard", "pass", key=MAY_DAY),
            Case("six working days before it is too early",
                 "I1,B1,inspect_before_holidays,,2018-04-23 17:00,standard", "fail", None, "still open", key=MAY_DAY),
            Case("after the holiday it is late", "I1,B1,inspect_before_holidays,,2018-05-02 09:00,standard",
                 "fail", 3 * DAY + 9 * HOUR, "late by 3 days 9 hours", key=MAY_DAY),
            Case("no window is ahead of a bank that joins when it is over",
                 "I1,B1,inspect_quarterly,,2018-04-02 10:00,full",
                 "fail", None, key="inspect_before_holidays / 2018 端午节 / B3"),
            Case("it is not told whether the bank is a direct participant", UNTOLD, "unknown", None, "missing"),
            Case("before a holiday that is not announced",
                 "I1,B1,inspect_before_holidays,,2026-12-30 10:00,remote", "unknown", None, "missing turn.due_at",
                 key="inspect_before_holidays / 2027 元旦 / B1", as_of="2027-01-15"),
        ],
    ),
    "inspections/inspected_wide_enough": Group(
        headers=VISITS, beside=BESIDE, key="inspect_before_holidays / 2018 春节 / B1", cases=[
            Case("full before the Spring Festival", "I1,B1,inspect_before_holidays,,2018-02-12 10:00,full", "pass"),
            Case("only standard before the Spring Festival", "I1,B1,inspect_before_holidays,,2018-02-12 10:00,standard",
                 "fail", None, "turn.scope == turn.scope_wanted does not hold"),
            Case("standard where remote is enough", "I1,B1,inspect_before_holidays,,2018-04-03 10:00,standard", "pass",
                 key="inspect_before_holidays / 2018 清明节 / B1"),
            Case("remote where standard is wanted", "I1,B1,inspect_before_holidays,,2018-04-26 10:00,remote",
                 "fail", None, "turn.scope == turn.scope_wanted does not hold", key=MAY_DAY),
            Case("how far it went is not written", "I1,B1,inspect_before_holidays,,2018-02-12 10:00,", "unknown",
                 None, "turn.scope"),
        ],
    ),
    "inspections/inspections_apart": Group(
        headers=VISITS, beside=BESIDE, key=Q2, cases=[
            Case("45 days after the last", "I1,B1,inspect_quarterly,,2018-02-20 10:00,full\n"
                 "I2,B1,inspect_quarterly,,2018-04-06 10:00,full", "pass"),
            Case("44 days after the last", "I1,B1,inspect_quarterly,,2018-02-21 10:00,full\n"
                 "I2,B1,inspect_quarterly,,2018-04-06 10:00,full", "fail", 1, "44 days, wanted >= 45; off by 1"),
            Case("the first visit has none before it",
                 "I2,B1,inspect_quarterly,,2018-04-06 10:00,full", "not_applicable"),
        ],
    ),
    "inspections/inspection_reported": Group(
        headers={"inspections": "id,bank,at,reported_at"}, key="I1", cases=[
            Case("reported at the last close of five working days", "I1,B1,2018-05-03 10:00,2018-05-10 17:00", "pass"),
            Case("one second later", "I1,B1,2018-05-03 10:00,2018-05-10 17:00:01", "fail", SECOND,
                 "late by 1 second (open time 0 s), due 2018-05-10 17:00"),
            Case("never reported", "I1,B1,2018-05-03 10:00,", "fail", None, "still open"),
            Case("not reported, in time", "I1,B1,2018-06-28 10:00,", "pending"),
            Case("due in a year whose holidays are not announced", "I1,B1,2026-12-28 10:00,2027-01-06 10:00", "unknown",
                 as_of="2027-01-31"),
        ],
    ),
    "inspections/checklist_complete": Group(
        headers={"inspections": "id,bank,at,scope,items"}, key="I1", cases=[
            Case("a remote one looked at all five items", "I1,B1,2018-05-03 10:00,remote,P1;P2;P3;P4;P7", "pass"),
            Case("a full one left out the rights of users", "I1,B1,2018-05-03 10:00,full,P1;P2;P3;P4;P5;P7", "fail",
                 None, "inspection_items"),
            Case("what was looked at is not written",
                 "I1,B1,2018-05-03 10:00,full,", "unknown", None, "inspection.items"),
        ],
    ),
    "inspections/defect_closed": Group(
        headers={"defects": "id,origin,bank,level,found_at,closed_at"}, key="D1", cases=[
            Case("a grave one by the next working day, a worked Saturday",
                 "D1,inspection,B1,high,2018-04-27 10:00,2018-04-28 17:00", "pass"),
            Case("a grave one after the holiday", "D1,inspection,B1,high,2018-04-27 10:00,2018-05-02 08:30", "fail",
                 3 * DAY + 15.5 * HOUR, "due 2018-04-28 17:00"),
            Case("a medium one on the tenth working day",
                 "D1,inspection,B1,medium,2018-05-03 10:00,2018-05-17 17:00", "pass"),
            Case("a slight one still open on the last day", "D1,inspection,B1,low,2018-06-04 10:00,", "pending"),
            Case("a slight one that stayed open", "D1,inspection,B1,low,2018-05-03 10:00,", "fail", None, "still open"),
            Case("nobody wrote how grave it is", "D1,inspection,B1,,2018-05-03 10:00,2018-05-04 10:00", "unknown", None,
                 "defect.level"),
        ],
    ),
    "inspections/closing_verified": Group(
        headers={"defects": "id,origin,found_at,closed_at,owner,verified_by"}, key="D1", cases=[
            Case("by another clerk", "D1,inspection,2018-05-03 10:00,2018-05-04 10:00,wang,li", "pass"),
            Case("by the owner",
                 "D1,inspection,2018-05-03 10:00,2018-05-04 10:00,wang,wang", "fail", None, "defect.verified_by"),
            Case("by nobody known", "D1,inspection,2018-05-03 10:00,2018-05-04 10:00,wang,", "unknown", None,
                 "defect.verified_by"),
            Case("not closed", "D1,inspection,2018-05-03 10:00,,wang,", "not_applicable"),
        ],
    ),
    "duties/duty_listed": Group(
        headers=VISITS, beside=BESIDE, key="inspect_quartely / I1", cases=[
            Case("a duty that is not on the list", "I1,B1,inspect_quartely,,2018-04-06 10:00,full", "fail"),
            Case("a turn that there is not", "I1,B1,inspect_quarterly,2018-Q5,2018-04-06 10:00,full", "fail",
                 key="inspect_quarterly / 2018-Q5 / I1"),
            Case("one that is", "I1,B1,inspect_quarterly,,2018-04-06 10:00,full", "pass", key=Q2),
        ],
    ),
    "duties/own_duty_done": Group(
        headers={"reviews": "id,duties,at", "duties": "id,since"}, key="air_raid_drill / 2018",
        settings='duties = "duties.toml"\n',
        files={"duties.toml": """
            schema_version = 1
            version = "2018.1"
            [[duties]]
            id = "air_raid_drill"
            zh = "演练"
            en = "A drill is held once a year"
            who = "window"
            every = "year"
            basis = { text = "Branch notice no. 3 of 2018" }
        """},
        cases=[
            Case("held",
                 {"reviews": "V1,air_raid_drill,2018-04-06 10:00", "duties": "air_raid_drill,2018-01-01"}, "pass"),
            Case("not held in its year", {"duties": "air_raid_drill,2018-01-01"}, "fail", 5 * DAY,
                 "due 2018-12-31 24:00+0800, still open", as_of="2019-01-05"),
            Case("not held yet", {"duties": "air_raid_drill,2018-01-01"}, "pending"),
        ],
    ),
}  # fmt: skip
THREE_WAYS = {rule: group for rule, group in TABLE.items() if rule not in (
    "inspections/inspections_apart", "duties/duty_listed", "duties/own_duty_done",
)}  # fmt: skip
"""The others judge what the library itself made of the rows, so nothing is missing from it."""


@pytest.mark.parametrize(("rule", "group", "case"), cases(TABLE))
def test_row_r1_says(rule: str, group: Group, case: Case, tmp_path: Path) -> None:
    """Each ledger gets the verdict, and the number, that the table says."""
    assert_judged(rule, group, case, tmp_path)


def test_row_r1_every_rule_passes_fails_and_is_unknown() -> None:
    """The table shows each rule in all three ways."""
    assert_shown_three_ways(THREE_WAYS)


def test_row_r1_the_command_says_the_same(tmp_path: Path) -> None:
    """``windowservice audit`` gives the verdicts of the table."""
    assert_audited(TABLE, tmp_path)


def test_row_r1_an_indirect_participant_is_not_inspected(tmp_path: Path) -> None:
    """Turns are owed for direct participants, from the first window that opens once they have joined."""
    group = TABLE["inspections/inspected_in_turn"]
    ledger = ws.Ledger.read(group.write(Case("", "I1,B1,inspect_quarterly,,2018-04-06 10:00,full", ""), tmp_path / "l"))
    report = engine().audit(ledger, as_of="2018-12-31")
    keys = {finding.key for finding in report if finding.rule == "inspections/inspected_in_turn"}
    assert not any(key.endswith("B2") for key in keys)
    assert "inspect_quarterly / 2018-Q3 / B3" in keys
    assert "inspect_quarterly / 2018-Q2 / B3" not in keys
