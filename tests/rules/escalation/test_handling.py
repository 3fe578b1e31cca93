"""Row D7, what to do about it (怎么办): every breach is handled - teach, warn, punish - and none stays open."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.rules.ledgers import (
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
from windowservice.escalation.register import handling_of

HEADERS = {"breaches": "id,of,rule,severity,found_at,party,handling,handled_at,handled_by,closed_at"}


def entry(*cases: Case) -> Group:
    return Group(headers=HEADERS, key="B1", cases=list(cases))


FOUND = "B1,R-1,told_once/told_once,major,2018-05-03 10:00,wang"
TABLE = {
    "breaches/handled": entry(
        Case("handled at the close of the fifth working day", f"{FOUND},teach,2018-05-10 17:00,head,", "pass"),
        Case("handled a second later", f"{FOUND},teach,2018-05-10 17:00:01,head,", "fail", SECOND, "late by 1 second"),
        Case("a minor one has ten days", f"{FOUND.replace('major', 'minor')},teach,2018-05-17 17:00,head,", "pass"),
        Case("a severe one has three", f"{FOUND.replace('major', 'severe')},warn,2018-05-08 17:00:01,head,", "fail",
             SECOND),
        Case("left open", f"{FOUND},,,,", "fail", None, "still open"),
        Case("there is still time", f"{FOUND},,,,", "pending", as_of="2018-05-09"),
        Case("how grave it is was not recorded", f"{FOUND.replace('major', '')},teach,2018-05-04 10:00,head,",
             "unknown"),
    ),
    "breaches/firm_enough": entry(
        Case("a severe breach is warned of", f"{FOUND.replace('major', 'severe')},warn,2018-05-04 10:00,head,", "pass"),
        Case("a severe breach is taught", f"{FOUND.replace('major', 'severe')},teach,2018-05-04 10:00,head,", "fail", 1,
             "1, wanted >= 2; off by 1"),
        Case("a major breach is taught", f"{FOUND},teach,2018-05-04 10:00,head,", "pass"),
        Case("how grave it is was not recorded", f"{FOUND.replace('major', '')},teach,2018-05-04 10:00,head,",
             "unknown"),
    ),
    "breaches/handled_by_another": entry(
        Case("by the head", f"{FOUND},teach,2018-05-04 10:00,head,", "pass"),
        Case("by the party", f"{FOUND},teach,2018-05-04 10:00,wang,", "fail", None, "breach.handled_by"),
        Case("by nobody named", f"{FOUND},teach,2018-05-04 10:00,,", "unknown", None, "missing breach.handled_by"),
    ),
    "breaches/closed": entry(
        Case("closed at the close of the twentieth day", f"{FOUND},teach,2018-05-04 10:00,head,2018-06-01 17:00",
             "pass"),
        Case("closed a second later", f"{FOUND},teach,2018-05-04 10:00,head,2018-06-01 17:00:01", "fail", SECOND),
        Case("never closed", f"{FOUND},teach,2018-05-04 10:00,head,", "fail", None, "still open"),
        Case("by a day that is not announced",
             f"{FOUND.replace('2018-05-03', '2026-12-01')},teach,2026-12-29 10:00,head,", "unknown",
             as_of="2027-01-26"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "group", "case"), cases(TABLE))
def test_row_d7_by_the_api(rule: str, group: Group, case: Case, tmp_path: Path) -> None:
    """What the register says gives the verdict, and a failure its number."""
    assert_judged(rule, group, case, tmp_path)


def test_row_d7_is_shown_passing_failing_and_unknown() -> None:
    """Every rule of the row is."""
    assert_shown_three_ways(TABLE)


def test_row_d7_by_the_command_line(tmp_path: Path) -> None:
    """An audit of such ledgers says the same."""
    assert_audited(TABLE, tmp_path)


def test_row_d7_what_was_done_is_stated(tmp_path: Path) -> None:
    """Handled, but as what? An empty cell is a failure, a word passes."""
    for place, (said, verdict) in enumerate((("warn", "pass"), ("", "fail"))):
        group = entry(Case("", f"{FOUND},{said},2018-05-04 10:00,head,", verdict))
        assert_judged("breaches/handling_stated", group, group.cases[0], tmp_path / str(place))


MATTERS = {
    "requests": "id,bank,service\nR-1,B1,S10\nR-2,B1,S10",
    "events": "request,at,kind,by\nR-1,2018-05-03 09:40,submitted,wang\nR-1,2018-05-04 17:00:01,accepted,wang\n"
    "R-2,2018-05-03 09:40,submitted,wang\nR-2,2018-05-04 17:00:01,accepted,wang",
}
LATE = "told_once/answered_in_time"


# what the register holds, as of, then how many failures of the rule are handled, open, and not in the register
REGISTERS = [
    ("nothing", "", "2018-06-29", 0, 0, 2),
    ("one handled", f"B1,R-1,{LATE},major,2018-05-05 10:00,wang,teach,2018-05-06 10:00,head,", "2018-06-29", 1, 0, 1),
    ("one open", f"B1,R-1,{LATE},major,2018-05-05 10:00,wang,,,,", "2018-06-29", 0, 1, 1),
    ("an entry about the whole matter", "B1,R-1,,major,2018-05-05 10:00,wang,warn,2018-05-06 10:00,head,",
     "2018-06-29", 1, 0, 1),
    ("an entry about another rule",
     "B1,R-1,told_once/told_once,major,2018-05-05 10:00,wang,warn,2018-05-06 10:00,head,",
     "2018-06-29", 0, 0, 2),
    ("handled after the day judged", f"B1,R-1,{LATE},major,2018-05-05 10:00,wang,teach,2018-06-30 10:00,head,",
     "2018-06-29", 0, 1, 1),
]  # fmt: skip


@pytest.mark.parametrize(
    ("entries", "as_of", "handled", "waiting", "missing"), [pytest.param(*r[1:], id=r[0]) for r in REGISTERS]
)
def test_row_d7_failures_are_held_against_the_register(
    entries: str, as_of: str, handled: int, waiting: int, missing: int, tmp_path: Path
) -> None:
    """Each failure of a report is handled, open, or not in the register at all."""
    group = Group(headers=HEADERS, key="", beside=MATTERS, cases=[])
    ledger = ws.Ledger.read(group.write(Case("", entries, ""), tmp_path / "ledger"))
    report = engine().audit(ledger, as_of=as_of).filter(rule=LATE)
    found = handling_of(report, ledger)
    counted = (sum(map(len, found.handled.values())), len(found.open), len(found.unregistered))
    assert counted == (handled, waiting, missing)
    assert not found.complete
