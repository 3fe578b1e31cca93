"""Row L4, knowing the business (懂业务): a clerk does only kinds for which the clerk holds a role and is trained."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.rules.ledgers import Case, Group, assert_audited, assert_judged, assert_shown_three_ways, cases, engine

import windowservice as ws

STAFF = {
    "staff": "id,roles,since,until\nwang,teller_account,,\nli,account_reviewer,,\nzhao,teller_cash,,\nliu,,,\n"
             "xu,teller_cash,2018-01-01,2018-05-04\nxu,teller_account,2018-05-05,\n"
             "sun,teller_account,2018-01-01,2018-05-04\nsun,teller_cash,2018-06-01,"
}  # fmt: skip
DESK = {"requests": "id,bank,service", "events": "request,at,kind,by"}


def done(step: str, clerk: str, day: int = 3, service: str = "S01") -> dict[str, str]:
    """Return one matter in which a clerk did a step on a day of May 2018."""
    return {"requests": f"R1,B1,{service}", "events": f"R1,2018-05-{day:02} 10:00,{step},{clerk}"}


ASKED = """id,service,training,since,until,valid_for,replaces,retrain_within
K1,S01,account-2016,2016-01-01,,12 months without roll,,
K2,S01,account-2018,2018-05-07,,12 months without roll,account-2016,20 working days"""
"""Kind S01 asks for a training every year, and from 7 May 2018 for a new one, within 20 working days: until 4 June."""
HEAD = "id,clerk,training,held_at,passed,passed_at"


def accepted(on: str, *trainings: str, clerk: str = "wang") -> dict[str, str]:
    """Return one matter accepted on a day, and what trainings the window's staff had."""
    rows = "\n".join(f"O{number},{row}" for number, row in enumerate(trainings))
    return {"requests": "R1,B1,S01", "events": f"R1,{on} 10:00,accepted,{clerk}", "own_trainings": rows}


def passed(training: str, on: str, clerk: str = "wang") -> str:
    """Return the row of a training whose test was passed at 15:00 of a day."""
    return f"{clerk},{training},,,{on} 15:00"


TRAINED = Group(
    headers={**DESK, "own_trainings": HEAD}, key="R1 / accepted / wang",
    beside={"kind_trainings": ASKED, "staff": "id,roles,since\nwang,teller_account,2018-03-01"}, cases=[
        Case("passed within twelve months, on the last day",
             accepted("2018-04-03", passed("account-2016", "2017-04-03")), "pass"),
        Case("the day after", accepted("2018-04-04", passed("account-2016", "2017-04-03")), "fail", 1,
             "1 day, wanted == 0; off by 1 day"),
        Case("renewed before it lapsed",
             accepted("2018-04-04", passed("account-2016", "2017-04-03"), passed("account-2016", "2018-03-20")),
             "pass"),
        Case("renewed on the day, after the matter was accepted",
             accepted("2018-04-13", passed("account-2016", "2017-04-03"), passed("account-2016", "2018-04-13")),
             "fail", 10),
        Case("never passed, and on the staff since 1 March",
             accepted("2018-03-05", passed("cash-2016", "2018-03-02")), "fail", 5, "off by 5 days"),
        Case("the test was failed",
             accepted("2018-03-05", "wang,account-2016,2018-03-02 09:00,no,"), "fail", 5),
        Case("a new version, and time left to pass it",
             accepted("2018-06-04", passed("account-2016", "2018-03-01")), "pass"),
        Case("a new version, and the time is over",
             accepted("2018-06-06", passed("account-2016", "2018-03-01")), "fail", 2),
        Case("a new version, passed in time",
             accepted("2018-06-06", passed("account-2016", "2018-03-01"), passed("account-2018", "2018-06-01")),
             "pass"),
        Case("a new version, and the old one lapsed before the time was over",
             accepted("2018-06-01", passed("account-2016", "2017-05-25")), "fail", 7),
        Case("a new version, and the old one was never passed",
             accepted("2018-05-08", passed("cash-2016", "2018-03-02")), "fail", 69),
        Case("the new version was passed and then lapsed", accepted("2019-06-12", passed("account-2018", "2018-06-01")),
             "fail", 11, as_of="2019-06-28"),
        Case("nobody wrote what came of the training",
             accepted("2018-03-05", "wang,account-2016,2018-03-02 09:00,,"), "unknown", None, "act.days_since"),
        Case("not passed, and yet an instant when it was",
             accepted("2018-03-05", "wang,account-2016,2018-03-02 09:00,no,2018-03-02 15:00"), "unknown"),
        Case("the training without a result came after the act",
             accepted("2018-03-05", "wang,account-2016,2018-03-06 09:00,,"), "fail", 5),
        Case("the table of trainings does not name the clerk",
             accepted("2018-03-05", passed("account-2016", "2018-03-01", "li")), "unknown"),
        Case("nobody wrote who accepted it",
             accepted("2018-03-05", passed("account-2016", "2018-03-01"), clerk=""), "unknown", key="R1 / accepted"),
    ],
)  # fmt: skip
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
            *(
                Case(f"a clerk who held the role since 5 May, on {day} May", done("accepted", "xu", day), verdict,
                     key="xu / S01 / accepted")
                for day, verdict in ((3, "fail"), (4, "fail"), (5, "pass"), (31, "pass"))
            ),
            Case("a clerk whose roles are not told of that day", done("accepted", "sun", 10), "unknown",
                 key="sun / S01 / accepted"),
        ],
    ),
    "own_training/trained_on_the_day": TRAINED,
}  # fmt: skip


@pytest.mark.parametrize(("rule", "group", "case"), cases(TABLE))
def test_row_l4_says(rule: str, group: Group, case: Case, tmp_path: Path) -> None:
    """Each ledger gets the verdict, and the number, that the table says."""
    assert_judged(rule, group, case, tmp_path)


def test_row_l4_every_rule_passes_fails_and_is_unknown() -> None:
    """The table shows each rule in all three ways."""
    assert_shown_three_ways(TABLE)


@pytest.mark.parametrize("rule", TABLE)
def test_row_l4_the_command_says_the_same(rule: str, tmp_path: Path) -> None:
    """``windowservice audit`` gives the verdicts of the table."""
    assert_audited({rule: TABLE[rule]}, tmp_path)


MATTER = """R1,2018-05-10 09:00,submitted,wang
R1,2018-05-10 09:10,accepted,wang
R1,2018-05-10 10:00,checked,li
R1,2018-05-10 10:10,authorised,zhao
R1,2018-05-10 10:20,decided,wang
R1,2018-05-10 10:30,delivered,zhao"""


def _audited(folder: Path, **tables: str) -> tuple[ws.Report, ws.Ledger]:
    group = Group(headers={}, key="", cases=[], beside=tables)
    ledger = ws.Ledger.read(group.write(Case("", {}, ""), folder / "l"))
    assert ledger.report.rejected == 0
    return engine().audit(ledger, as_of="2018-06-29"), ledger


def test_row_l4_who_reviews_must_be_trained_too(tmp_path: Path) -> None:
    """Accepting, checking, authorising and deciding are acts; handing over the result is none."""
    report, _ = _audited(
        tmp_path, requests="id,bank,service\nR1,B1,S01", events=f"request,at,kind,by\n{MATTER}", kind_trainings=ASKED,
        own_trainings=f"{HEAD}\nO1,{passed('account-2016', '2018-02-01')}\n"
        f"O2,{passed('account-2016', '2017-05-08', 'li')}\nO3,{passed('account-2016', '2018-02-01', 'zhao')}",
    )  # fmt: skip
    found = [f for f in report if f.rule == "own_training/trained_on_the_day"]
    assert {f.key: f.verdict for f in found} == {
        "R1 / accepted / wang": "pass", "R1 / checked / li": "fail", "R1 / authorised / zhao": "pass",
        "R1 / decided / wang": "pass",
    }  # fmt: skip
    (failed,) = (f for f in found if f.verdict == "fail")
    assert (failed.bank, failed.service, failed.clerk, failed.shortfall.amount) == ("B1", "S01", "li", 2)
    assert failed.record["good_until"] == date(2018, 5, 8)
    for said in ("= lapsed", "= {account-2018}", "act.days_since   = 2 days"):
        assert said in failed.explain()


def test_row_l4_of_several_trainings_each_must_be_had(tmp_path: Path) -> None:
    """One that lapsed fails the act, by its days, whatever nobody wrote of another."""
    more = ASKED + "\nK3,S01,secrecy,2016-01-01,,24 months without roll,,\nK4,S01,old,2016-01-01,2018-05-09,,,"
    report, _ = _audited(
        tmp_path, requests="id,bank,service\nR1,B1,S01", events="request,at,kind,by\nR1,2018-05-10 09:10,accepted,wang",
        kind_trainings=more, own_trainings=f"{HEAD}\nO1,wang,account-2018,2018-04-03 09:00,,\n"
        f"O2,{passed('secrecy', '2016-04-30')}",
    )  # fmt: skip
    finding = report.finding("R1 / accepted / wang", "own_training/trained_on_the_day")
    assert (finding.verdict, finding.shortfall.amount) == ("fail", 10)
    assert finding.record["lacking"] == {"account-2018", "secrecy"}
    assert finding.record["trained"] == "lapsed"


def test_row_l4_a_table_of_needs_alone_does_not_say_who_is_trained(tmp_path: Path) -> None:
    """Without a table of own trainings every act is unknown; a kind that asks for nothing is not judged."""
    report, _ = _audited(
        tmp_path, requests="id,bank,service\nR1,B1,S01\nR2,B1,S02", kind_trainings=ASKED,
        events="request,at,kind,by\nR1,2018-05-10 09:10,accepted,wang\nR2,2018-05-10 09:10,accepted,wang",
    )  # fmt: skip
    found = [(f.key, f.verdict) for f in report if f.rule == "own_training/trained_on_the_day"]
    assert found == [("R1 / accepted / wang", "unknown")]


def test_row_l4_a_second_acceptance_is_an_act_of_its_own(tmp_path: Path) -> None:
    """Each is judged by its own day."""
    report, _ = _audited(
        tmp_path, requests="id,bank,service\nR1,B1,S01", kind_trainings=ASKED,
        events="request,at,kind,by\nR1,2018-04-03 09:10,accepted,wang\nR1,2018-04-04 09:10,accepted,wang",
        own_trainings=f"{HEAD}\nO1,{passed('account-2016', '2017-04-03')}",
    )  # fmt: skip
    found = {f.key: f.verdict for f in report if f.rule == "own_training/trained_on_the_day"}
    assert found == {"R1 / accepted / wang": "pass", "R1 / accepted 2 / wang": "fail"}


def test_row_l4_time_that_rests_on_days_not_announced_cannot_be_told(tmp_path: Path) -> None:
    """Ten working days from 21 December 2026 end before or after 8 January, as the days off of 2027 will have it."""
    report, _ = _audited(
        tmp_path, requests="id,bank,service\nR1,B1,S01",
        events="request,at,kind,by\nR1,2027-01-08 09:10,accepted,wang",
        kind_trainings="id,service,training,since,replaces,retrain_within\nK1,S01,old,2020-01-01,,\n"
        "K2,S01,new,2026-12-21,old,10 working days",
        own_trainings=f"{HEAD}\nO1,{passed('old', '2024-01-02')}",
    )  # fmt: skip
    assert not [*report.failures, *report.unknowns]  # the act is after the day judged
    ledger = ws.Ledger.read(tmp_path / "l")
    late = engine().audit(ledger, as_of="2027-01-29")
    assert late.finding("R1 / accepted / wang", "own_training/trained_on_the_day").verdict == "unknown"


STAFFED = {
    "staff": "id,roles,since,until\nwang,teller_account,,\nli,teller_account;account_reviewer,,\n"
             "zhao,teller_cash,,\nliu,,,2018-05-31\nma,teller_account,2018-06-01,",
    "kind_trainings": ASKED,
    "requests": "id,bank,service\nR1,B1,S01",
}  # fmt: skip


@pytest.mark.parametrize(
    ("day", "own", "qualified", "unsure", "two"),
    [
        ("2018-04-02", ["wang", "li"], ("li", "wang"), ("liu",), True),
        ("2018-04-02", ["wang"], ("wang",), ("li", "liu"), None),
        ("2018-06-01", ["wang", "li"], ("li", "wang"), ("ma",), True),
        ("2018-06-05", ["wang", "li", "ma"], (), (), False),
    ],
    ids=["two", "one, and two of whom nobody wrote", "one left, one came", "the time to pass the new version is over"],
)  # fmt: skip
def test_row_l4_a_kind_has_two_qualified_clerks_or_hangs_on_one(
    day: str, own: list[str], qualified: tuple[str, ...], unsure: tuple[str, ...], two: bool | None, tmp_path: Path
) -> None:
    """Who is qualified on a day by role and training; who is not told of may be, and is never counted."""
    rows = "\n".join(f"O{clerk},{passed('account-2016', '2018-03-01', clerk)}" for clerk in own)
    _, ledger = _audited(tmp_path, **STAFFED, own_trainings=f"{HEAD}\n{rows}")
    covers = {(cover.service, cover.step): cover for cover in ws.cases.kind_cover(engine(), ledger, day)}
    found = covers["S01", "accepted"]
    assert (found.qualified, found.unsure, found.has(2)) == (qualified, unsure, two)
    cash = covers["S09", "accepted"]
    assert ("zhao" in cash.qualified, cash.has(2)) == (True, None if day < "2018-06" else False)


def test_row_l4_the_view_says_what_is_lacking(tmp_path: Path) -> None:
    """Of a clerk in the role it names the trainings that are missing."""
    _, ledger = _audited(tmp_path, **STAFFED, own_trainings=f"{HEAD}\nO1,{passed('account-2016', '2017-03-01')}")
    covers = [cover for cover in ws.cases.kind_cover(engine(), ledger, "2018-05-10") if cover.service == "S01"]
    assert [str(cover) for cover in covers] == [
        "S01 accepted: nobody; not told of li, liu; wang lacks account-2018",
        "S01 decided: nobody; not told of li, liu; wang lacks account-2018",
    ]
