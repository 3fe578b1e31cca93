"""Row W7, roll-out of the front-end subsystem (综合前置子系统): share of the banks, trend, who is missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.rules.ledgers import Case, Group, assert_audited, assert_judged, assert_shown_three_ways, cases, engine

import windowservice as ws

BANKS = "id,joined\n" + "\n".join(f"B{n},2009-01-05" for n in range(1, 21))
HEADERS = {"front_ends": "id,bank,connected_on,left_on"}


def connected(number: int, *more: str) -> str:
    return "\n".join([*(f"F{n},B{n},2018-04-{n:02}," for n in range(1, number + 1)), *more])


def banks(*cases: Case, listed: bool = True) -> Group:
    return Group(headers=HEADERS, key="front end 2018-05", cases=list(cases), beside={"banks": BANKS} if listed else {})


TABLE = {
    "roll_out/coverage_reached": [
        banks(
            Case("seventeen of twenty, 85 %", connected(17), "pass"),
            Case("sixteen of twenty", connected(16), "fail", None, "4/5, wanted >= 0.85"),
            Case("the seventeenth on the last day of May", connected(16, "F17,B17,2018-05-31,"), "pass"),
            Case("the seventeenth a day later", connected(16, "F17,B17,2018-06-01,"), "fail"),
            Case("a bank that the ledger does not list counts for nothing", connected(16, "F17,X9,2018-05-31,"),
                 "fail"),
        ),
        banks(Case("no banks are listed", connected(17), "unknown", None, "missing roll_out"), listed=False),
    ],
    "roll_out/coverage_not_falling": [
        banks(
            Case("one more", connected(16, "F17,B17,2018-05-31,"), "pass"),
            Case("as many as before", connected(16), "pass"),
            Case("one left in May", connected(16, "F17,B17,2018-04-30,2018-05-20"), "fail", 1,
                 "16 bank, wanted >= 17; off by 1"),
            Case("no month before", connected(16), "not_applicable", key="front end 2018-04"),
        ),
    ],
}  # fmt: skip
ROWS = [(rule, group) for rule, groups in TABLE.items() for group in groups]


@pytest.mark.parametrize(("rule", "group", "case"), [row for rule, group in ROWS for row in cases({rule: group})])
def test_row_w7_by_the_api(rule: str, group: Group, case: Case, tmp_path: Path) -> None:
    """Who is connected gives the verdict, and a failure its number."""
    assert_judged(rule, group, case, tmp_path)


def test_row_w7_is_shown_passing_failing_and_unknown() -> None:
    """The share is; that a number fell needs a month before, and is not asked without one."""
    all_cases = [case for group in TABLE["roll_out/coverage_reached"] for case in group.cases]
    assert_shown_three_ways({"roll_out/coverage_reached": banks(*all_cases)})


def test_row_w7_by_the_command_line(tmp_path: Path) -> None:
    """An audit of such ledgers says the same."""
    for number, (rule, group) in enumerate(ROWS):
        (tmp_path / str(number)).mkdir()
        assert_audited({rule: group}, tmp_path / str(number))


def test_row_w7_the_finding_names_who_is_missing(tmp_path: Path) -> None:
    """The evidence lists the banks that are not connected, and how many there were the month before."""
    group = banks(Case("", connected(16), "fail"))
    ledger = ws.Ledger.read(group.write(group.cases[0], tmp_path / "ledger"))
    report = engine().audit(ledger, as_of="2018-06-29")
    finding = report.finding("front end 2018-05", "roll_out/coverage_reached")
    assert finding.record["missing"] == {"B17", "B18", "B19", "B20"}
    trend = [s.record["connected"] for s in report.subjects if getattr(s.record, "table", "") == "roll_outs"]
    assert trend == [16, 16]
