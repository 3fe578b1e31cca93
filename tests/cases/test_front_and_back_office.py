"""Rows D2 and D3: where the time goes between front and back office, and what a clerk's matters take."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from tests.rules.ledgers import Case, Group, assert_audited, assert_judged, cases, engine
from tests.rules.matters import events_of

import windowservice as ws
from windowservice.cases.holders import Holding, holdings, returns, time_by_holder
from windowservice.domain.requests.kinds import EVENT_KINDS
from windowservice.domain.requests.request import Request
from windowservice.instants import as_of_us

EVENTS = {"events": "request,at,kind,by,to,reason"}
ROSTER = {"roster": "id,clerk,starts_at,ends_at\nD1,wang,2018-05-03 08:30,2018-05-03 17:00"}
BESIDE = {"requests": "id,bank,service\nR-1,B1,S10", **ROSTER}


def lines(text: str, request: str = "R-1") -> str:
    """Return events in short notation as lines of CSV."""
    return "\n".join(
        f"{request},{event.at.isoformat()},{event.kind},{event.by or ''},{event.to or ''},{event.reason or ''}"
        for event in events_of(text)
    )


def path(*cases: Case) -> Group:
    return Group(headers=EVENTS, key="R-1 path", beside=BESIDE, cases=list(cases))


START = "05-03 09:00 submitted wang; 09:10 accepted wang"
THERE = "10:00 handed_over wang to=li; 10:30 taken_over li"
BACK = "11:00 handed_over li to=wang reason=incomplete; 11:10 taken_over wang"
AGAIN = "05-04 10:00 handed_over wang to=li; 10:30 taken_over li"
END = "05-07 10:00 decided li"

D2 = {
    "front_and_back/no_ping_pong": path(
        Case("there and back once", lines(f"{START}; {THERE}; {BACK}; 05-07 10:00 decided wang"), "pass"),
        Case("there, back, and there again", lines(f"{START}; {THERE}; {BACK}; {AGAIN}; {END}"), "fail", 1,
             "2, wanted <= 1; off by 1"),
        Case("taken over by nobody knows whom",
             lines(f"{START}; 10:00 handed_over wang to=li; 10:30 taken_over; 05-07 10:00 decided wang"), "unknown",
             None, "missing matter_path.returns"),
        Case("still open", lines(f"{START}; {THERE}; {BACK}; {AGAIN}"), "not_applicable"),
    ),
    "front_and_back/not_left_between": path(
        Case("taken after one working day of open time",
             lines(f"{START}; 10:00 handed_over wang to=li; 05-04 10:00 taken_over li; {END}"), "pass"),
        Case("taken a minute later", lines(f"{START}; 10:00 handed_over wang to=li; 05-04 10:01 taken_over li; {END}"),
             "fail", 60, "off by 1 minute"),
        Case("lying over a weekend costs no open time",
             lines(f"{START}; 05-04 16:50 handed_over wang to=li; 05-07 08:40 taken_over li; {END}"), "pass"),
    ),
}  # fmt: skip


WORKDAYS = (2, 3, 4, 7, 8, 9, 10, 11, 14, 15, 16, 17, 18, 21, 22, 23, 24, 25, 28, 29)


def month(*minutes: int, clerk: str = "wang") -> str:
    """Return matters of one kind that a clerk finished in May, each after so many minutes."""
    return "\n".join(
        lines(
            f"05-{WORKDAYS[n]:02} 09:00 submitted {clerk}; {9 + m // 60:02}:{m % 60:02} decided {clerk}", f"{clerk}{n}"
        )
        for n, m in enumerate(minutes)
    )


def requests(*clerks: str) -> dict[str, str]:
    return {
        "requests": "id,bank,service\n" + "\n".join(f"{clerk}{n},B1,S10" for clerk in clerks for n in range(20)),
        **ROSTER,
    }


OTHERS = "\n".join(month(*[30] * 20, clerk=clerk) for clerk in ("li", "zhao"))
D3 = {
    "front_and_back/takes_expected_time": Group(
        headers=EVENTS, key="wang 2018-05", beside=requests("wang", "li", "zhao"), cases=[
            Case("half as long again as the others", f"{OTHERS}\n{month(*[45] * 20)}", "pass"),
            Case("a minute a matter more", f"{OTHERS}\n{month(*[46] * 20)}", "fail", 20 * 60, "off by 1200"),
            Case("waiting for papers is taken out",
                 f"{OTHERS}\n{month(*[45] * 19)}\n" + lines(
                     "05-29 09:00 submitted wang; 09:30 handed_over wang to=li; 11:00 taken_over li; 11:20 decided li",
                     "wang19"),
                 "pass"),
            Case("too few to judge", f"{OTHERS}\n{month(*[60] * 19)}", "not_applicable"),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "group", "case"), cases({**D2, **D3}))
def test_row_d2_d3_by_the_api(rule: str, group: Group, case: Case, tmp_path: Path) -> None:
    """What happened gives the verdict, and a failure its number."""
    assert_judged(rule, group, case, tmp_path)


@pytest.mark.parametrize(("rule", "group", "left_out"), [
    ("front_and_back/not_left_between", D2["front_and_back/not_left_between"], "taken_over"),
    ("front_and_back/no_ping_pong", D2["front_and_back/no_ping_pong"], "handed_over"),
    ("front_and_back/takes_expected_time", D3["front_and_back/takes_expected_time"], "notified"),
])  # fmt: skip
def test_row_d2_d3_what_is_not_recorded_cannot_be_told(rule: str, group: Group, left_out: str, tmp_path: Path) -> None:
    """A ledger that does not write down handovers, or what begins a wait, gives no pass and no failure."""
    folder = group.write(group.cases[0], tmp_path / "ledger")
    recorded = sorted(EVENT_KINDS - {left_out})
    report = engine().audit(ws.Ledger.read(folder, recorded=recorded), as_of="2018-06-29")
    assert report.finding(group.key, rule).verdict == "unknown"


def test_row_d2_d3_by_the_command_line(tmp_path: Path) -> None:
    """An audit of such ledgers says the same."""
    assert_audited({**D2, **D3}, tmp_path)


def held(text: str, as_of: str = "2018-05-31") -> tuple[Holding, ...]:
    request = Request("R-1", "B1", "S10", events=list(events_of(text)))
    return holdings(request, engine().calendar, as_of_us(as_of, engine().calendar.zone))


# what happened, then who held it for how many open minutes
SPANS = [
    ("one clerk", f"{START}; 10:00 decided wang", [("clerk", "wang", 60)]),
    ("handed over and taken", f"{START}; {THERE}; 11:00 decided li",
     [("clerk", "wang", 60), ("between", "li", 30), ("clerk", "li", 30)]),
    ("the applicant brings papers, lunch does not count",
     "05-03 09:00 submitted wang; 11:00 notified wang items=S10-M2; 14:00 supplemented; 14:30 decided wang",
     [("clerk", "wang", 120), ("applicant", "applicant", 60), ("clerk", "wang", 30)]),
    ("a stop of the clock",
     f"{START}; 10:00 suspended wang reason=hearing written; 05-04 10:00 resumed; 10:30 decided wang",
     [("clerk", "wang", 60), ("stop", "hearing", 390), ("clerk", "wang", 30)]),
    ("asked first, submitted elsewhere", "05-03 09:00 asked zhao; 10:00 submitted wang; 10:30 decided wang",
     [("clerk", "zhao", 60), ("clerk", "wang", 30)]),
    ("nobody is named", "05-03 09:00 submitted; 10:00 decided", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), [pytest.param(*row[1:], id=row[0]) for row in SPANS])
def test_row_d2_time_by_holder(text: str, wanted: list[tuple[str, str, int]]) -> None:
    """Each span goes to whoever held it; waiting for others is told from work."""
    merged: list[tuple[str, str, int]] = []
    for span in held(text):
        last = merged[-1] if merged else None
        minutes = span.open_us // 60_000_000
        if last is not None and last[:2] == (span.by, span.name):
            merged[-1] = (span.by, span.name, last[2] + minutes)
        else:
            merged.append((span.by, span.name, minutes))
    assert merged == wanted


def test_row_d2_the_spans_add_up_to_the_whole() -> None:
    """Without a gap from the first contact to the end, and in open time as the calendar counts it."""
    spans = held(f"{START}; {THERE}; {BACK}; {AGAIN}; {END}")
    assert all(one.end == other.begin for one, other in pairwise(spans))
    cal = engine().calendar
    assert sum(span.open_us for span in spans) == cal.worked("2018-05-03T09:00+08:00", "2018-05-07T10:00+08:00").us
    assert returns(spans) == 2
    request = Request("R-1", "B1", "S10", events=list(events_of(f"{START}; {THERE}; 11:00 decided li")))
    total = time_by_holder([request], cal, as_of_us("2018-05-31", cal.zone))
    assert {key: span.total_seconds() for key, span in total.items()} == {
        ("clerk", "wang"): 3600, ("between", "li"): 1800, ("clerk", "li"): 1800,
    }  # fmt: skip


def test_row_d3_a_month_without_anything_to_compare_is_not_judged(tmp_path: Path) -> None:
    """Four matters of a kind make no expected time: the clerk's month says so instead of passing."""
    group = Group(headers=EVENTS, key="wang 2018-05", beside=requests("wang"), cases=[])
    ledger = ws.Ledger.read(group.write(Case("", month(30, 30, 30, 30), ""), tmp_path / "ledger"))
    report = engine().audit(ledger, as_of="2018-06-29")
    finding = report.finding("wang 2018-05", "front_and_back/takes_expected_time")
    assert finding.record["expected_time"] is None
    assert finding.verdict != "pass"


def test_row_d3_a_post_is_judged_as_its_clerks_together(tmp_path: Path) -> None:
    """Two clerks of one post, one slow and one quick, are the post's month."""
    beside = {**requests("wang", "li", "zhao"), "staff": "id,posts\nwang,w1\nli,w1\nzhao,w2"}
    rows = f"{OTHERS}\n{month(*[46] * 20)}"
    group = Group(headers=EVENTS, key="post w1 2018-05", beside=beside, cases=[Case("", rows, "pass")])
    assert_judged("front_and_back/takes_expected_time", group, group.cases[0], tmp_path)
    ledger = ws.Ledger.read(tmp_path / "ledger")
    report = engine().audit(ledger, as_of="2018-06-29")
    finding = report.finding("post w1 2018-05", "front_and_back/takes_expected_time")
    assert finding.record["own_time"] == (46 + 30) * 20 * 60
    assert finding.record["expected_time"] == 2 * 30 * 20 * 60
