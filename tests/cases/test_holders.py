"""Who held requests, for what they waited, how they were handed over, and what that took: tables over a few matters.

A matter is written in short: an instant of one working day, what happened, and who; see `tests.rules.matters`.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.matters import AS_OF as INSTANTS
from tests.engine.matters import many_requests
from tests.rules.matters import events_of

import windowservice as ws
from windowservice.cases.holders import Holding, holdings
from windowservice.facts import request as facts
from windowservice.instants import as_of_us, from_us

CALENDAR = ws.WorkCalendar(timezone="Asia/Shanghai", weekly={"mon-fri": "09:00-17:00"}, known_until=None)
AS_OF = "2018-05-04"


def request(name: str, text: str, service: str = "S10") -> ws.Request:
    return ws.Request(name, "B1", service, events=list(events_of(text)))


def held(text: str) -> list[tuple[str, str, int]]:
    """Return who held a matter for how many open minutes, spans of one holder that follow each other put together."""
    found: list[tuple[str, str, int]] = []
    for span in holdings(request("R-1", text), CALENDAR, as_of_us(AS_OF, CALENDAR.zone)):
        minutes = span.open_us // 60_000_000
        if found and found[-1][:2] == (span.by, span.name):
            minutes += found.pop()[2]
        found.append((span.by, span.name, minutes))
    return found


# what happens at once, then who held it
OVERLAPS = [
    ("handed over while its clock stands still: it waits on for the reason",
     "05-03 09:00 submitted wang; 10:00 suspended wang reason=hearing; 10:30 handed_over wang to=li; "
     "11:00 taken_over li; 12:00 resumed; 12:30 decided li",
     [("clerk", "wang", 60), ("stop", "hearing", 120), ("clerk", "li", 30)]),
    ("the papers come before anybody took it: then nobody has it",
     "05-03 09:00 submitted wang; 10:00 notified wang items=S10-M2; 10:30 handed_over wang to=li; 11:00 supplemented; "
     "12:00 taken_over li; 12:30 decided li",
     [("clerk", "wang", 60), ("applicant", "applicant", 60), ("between", "li", 60), ("clerk", "li", 30)]),
    ("handed on before it was taken: the last one named has to take it",
     "05-03 09:00 submitted wang; 10:00 handed_over wang to=li; 11:00 handed_over wang to=zhao; 12:00 taken_over zhao; "
     "12:30 decided zhao",
     [("clerk", "wang", 60), ("between", "li", 60), ("between", "zhao", 60), ("clerk", "zhao", 30)]),
    ("taken by somebody who is not named",
     "05-03 09:00 submitted wang; 10:00 handed_over wang to=li; 11:00 taken_over; 12:00 decided",
     [("clerk", "wang", 60), ("between", "li", 60), ("unnamed", "unnamed", 60)]),
    ("closed without a decision: nobody holds it any more",
     "05-03 09:00 submitted wang; 10:00 closed wang", [("clerk", "wang", 60)]),
    ("closed before anybody took it: nobody holds it",
     "05-03 09:00 submitted; 10:00 closed; 11:00 taken_over li; 12:00 decided li", []),
    ("nobody is named at first: it is held from where somebody is",
     "05-03 09:00 submitted; 10:00 notified items=S10-M2; 11:00 taken_over li; 12:00 decided",
     [("clerk", "li", 60)]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), [pytest.param(*row[1:], id=row[0]) for row in OVERLAPS])
def test_of_waits_that_overlap_the_first_has_it(text: str, wanted: list[tuple[str, str, int]]) -> None:
    """The wait that began first goes on until it ends; a taker who is not named is nobody's former owner."""
    assert held(text) == wanted


def test_a_ledger_without_handovers_may_say_that_whoever_does_a_step_has_it() -> None:
    """The kinds of event that make an owner can be named."""
    steps = [request("R-1", "05-03 09:00 submitted wang; 10:00 accepted li; 11:00 checked wang; 12:00 decided zhao")]
    owning = {"submitted", "accepted", "checked"}
    time = ws.cases.time_by_holder(steps, CALENDAR, AS_OF, owning=owning)
    assert {name: span.total_hours() for (_, name), span in time.items()} == {"wang": 2, "li": 1}
    assert ws.cases.handovers(steps, CALENDAR, AS_OF, owning=owning).returns == {"R-1": 1}
    assert {who: p.matters for who, p in ws.cases.performance(steps, CALENDAR, AS_OF, owning=owning).items()} == {
        "li": 1, "wang": 1
    }  # fmt: skip
    assert ws.cases.waits_by_cause(steps, CALENDAR, AS_OF, owning=owning) == {}


MATTERS = [
    request("R-1", "05-03 09:00 submitted wang; 10:00 suspended reason=hearing; 11:00 resumed; "
                   "11:00 suspended reason=hearing; 12:00 resumed; 13:00 suspended reason=hearing; 14:00 resumed; "
                   "15:00 decided wang"),
    request("R-2", "05-03 09:00 submitted wang; 10:00 notified items=S10-M2; 05-04 10:00 supplemented; "
                   "11:00 decided wang"),
    request("R-3", "05-03 09:00 submitted wang; 10:00 handed_over wang to=li; 10:30 handed_over wang to=zhao"),
    request("R-4", "05-04 16:00 submitted wang; 16:30 suspended reason=hearing; 05-07 09:00 resumed"),
]  # fmt: skip


def test_a_correction_made_later_is_not_seen() -> None:
    """The decision was entered under the third and put right on the seventh: the fifth knows of the first only."""
    (start, decided) = events_of("05-03 09:00 submitted wang; 10:00 decided wang")
    put_right = decided.amended("2018-05-07T10:00+08:00", "li", at="2018-05-03T12:00+08:00")
    matter = ws.Request("R-1", "B1", "S10", events=[start, put_right])
    hours = {
        day: ws.cases.performance([matter], CALENDAR, day, least=1)["wang"].own_time.total_hours()
        for day in ("2018-05-05", "2018-05-08")
    }
    assert hours == {"2018-05-05": 1, "2018-05-08": 3}


def test_waits_by_cause() -> None:
    """Two stops without a gap are one wait; a wait goes on overnight in real time, and what never ended is counted."""
    found = ws.cases.waits_by_cause(MATTERS, CALENDAR, AS_OF)
    shown = {
        cause: (w.times, w.requests, w.open_time.total_hours(), w.elapsed.total_seconds() / 3600, w.unended)
        for cause, w in found.items()
    }
    assert shown == {
        ("between", ""): (1, 1, 7 + 8, 7 + 31, 1),  # 3 May 10:00 to 17:00, 4 May; until 24:00 of 4 May
        ("applicant", "applicant"): (1, 1, 7 + 1, 24, 0),
        ("stop", "hearing"): (2 + 1, 2, 2 + 1 + 0.5, 2 + 1 + 7.5, 1),
    }
    assert [cause for cause, _ in found] == ["between", "applicant", "stop"]  # fmt: skip


def test_a_wait_that_ends_at_the_instant_judged_has_ended() -> None:
    """What happens at that instant is seen."""
    (wait,) = ws.cases.waits_by_cause(MATTERS[3:], CALENDAR, "2018-05-07T09:00+08:00").values()
    assert wait.unended == 0
    (before,) = ws.cases.waits_by_cause(MATTERS[3:], CALENDAR, "2018-05-07T08:59+08:00").values()
    assert before.unended == 1


THERE_AND_BACK = "05-03 09:00 submitted wang post=w1; 10:00 taken_over li post=w2; 11:00 taken_over wang post=w1"
PATHS = [
    request("R-1", f"{THERE_AND_BACK}; 12:00 decided"),
    request("R-2", f"{THERE_AND_BACK}; 12:00 taken_over li post=w2; 13:00 decided; 14:00 taken_over wang"),
    request("R-3", "05-03 09:00 submitted wang post=w1; 10:00 taken_over zhao post=w1; 11:00 decided"),
    request(
        "R-4", "05-03 09:00 submitted wang post=w1; 10:00 taken_over; 11:00 taken_over wang post=w1; 12:00 decided"
    ),
]


def first_letter(span: Holding) -> str | None:
    return span.name[0] if span.by == "clerk" else None


# by what, then how often from whom to whom, and which requests went back how often
WAYS = [
    ("clerk",
     {("wang", "li"): 3, ("li", "wang"): 2, ("wang", "zhao"): 1, ("wang", "unknown"): 1, ("unknown", "wang"): 1},
     {"R-2": 2, "R-1": 1}),
    ("post", {("w1", "w2"): 3, ("w2", "w1"): 2, ("w1", "unknown"): 1, ("unknown", "w1"): 1}, {"R-2": 2, "R-1": 1}),
    (first_letter, {("w", "l"): 3, ("l", "w"): 2, ("w", "z"): 1, ("w", "unknown"): 1, ("unknown", "w"): 1},
     {"R-2": 2, "R-1": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("by", "wanted", "back"), WAYS, ids=["clerk", "post", "function"])
def test_handovers(by, wanted, back) -> None:
    """Until it was decided; one who is not named is neither a former owner nor left out of the table."""
    found = ws.cases.handovers(PATHS, CALENDAR, AS_OF, by)
    assert dict(found.table.cells) == wanted
    assert (dict(found.returns), list(found.returns), found.requests) == (back, list(back), 4)
    assert found.table.lines("from")[0][0] == "from"


def test_another_grouping_is_refused() -> None:
    """By clerk, by post, or by a function."""
    with pytest.raises(ws.WindowserviceError, match=r"unknown grouping 'posts' \(did you mean 'post'\?\)"):
        ws.cases.handovers(PATHS, CALENDAR, AS_OF, "posts")  # type: ignore[arg-type]


def took(name: str, minutes: int, clerk: str = "wang", *, told: bool = False, service: str = "S10") -> ws.Request:
    """Return a matter that a clerk decided after so many minutes, and an hour more if papers were missing for it."""
    wait = "10:00 notified items=S10-M2; 11:00 supplemented; " if told else ""
    end = minutes + (60 if told else 0)
    text = f"05-03 09:00 submitted {clerk}; {wait}{9 + end // 60:02}:{end % 60:02} decided {clerk}"
    return request(name, text, service)


DONE = [
    *(took(f"plain {minutes}", minutes) for minutes in (70, 80, 90, 100)),
    took("slow", 120, "li"),
    *(took(f"told {minutes}", minutes, "li", told=True) for minutes in (100, 110, 120, 130, 140)),
    took("rare", 30, service="S01"),
    request("open", "05-03 09:00 submitted wang"),
    request("taken back", "05-03 09:00 submitted wang; 10:00 withdrawn"),
]


def test_performance() -> None:
    """Parts are held against the median of their kind and difficulty; a kind with one matter is not compared."""
    found = ws.cases.performance(DONE, CALENDAR, AS_OF)
    shown = {
        clerk: (p.matters, p.own_time.total_minutes(), p.compared, p.compared_time.total_minutes(), p.ratio, p.slower)
        for clerk, p in found.items()
    }
    assert shown == {
        "li": (6, 120 + 600, 6, 720, Fraction(720, 90 + 5 * 120), 1 + 2),
        "wang": (5, 340 + 30, 4, 340, Fraction(340, 4 * 90), 1),
    }


def test_papers_asked_for_after_a_matter_ended_do_not_make_it_difficult() -> None:
    """It stays among the plain ones when it is reopened, and before anybody knows that it will be."""
    again = "05-03 09:00 submitted wang; 10:00 decided wang; 05-07 09:00 reopened wang; 10:00 notified items=S10-M2"
    matters = [*(took(f"plain {minutes}", minutes) for minutes in (70, 80, 90, 100)), request("again", again)]
    for as_of in ("2018-05-04", "2018-05-08"):
        assert ws.cases.performance(matters, CALENDAR, as_of)["wang"].compared == 5


def test_performance_without_anything_to_compare_has_no_ratio() -> None:
    """Missing is never a number."""
    (alone,) = ws.cases.performance(DONE, CALENDAR, AS_OF, least=6, by=lambda _: "all").values()
    assert (alone.matters, alone.compared, alone.ratio) == (11, 0, None)


def test_verdicts_by_a_field_of_the_records() -> None:
    """By a field of their own, an extra field, or a function; records without it count as unknown."""
    in_time = facts.decided_at.by(ws.due(facts.submitted_at, "90 working minutes"))
    rule = ws.Rule("quick", title="Done within an hour and a half", require=in_time)
    engine = ws.Engine.load(packs=[], installed=False, calendars=CALENDAR).with_rules(rule)
    desks = [
        ws.Request(r.id, r.bank, r.service, events=r.events, extra={"desk": "A"} if r.service == "S10" else {})
        for r in DONE[:4] + DONE[10:11]
    ]
    report = engine.audit(desks, as_of=AS_OF)
    assert _plain(ws.cases.verdicts_by(report, "quick", "desk")) == {
        "A": {"pass": 3, "fail": 1},
        "unknown": {"pass": 1},
    }
    assert _plain(ws.cases.verdicts_by(report, "own/quick", "service")) == {
        "S10": {"pass": 3, "fail": 1},
        "S01": {"pass": 1},
    }
    assert _plain(ws.cases.verdicts_by(report, "quick", lambda r: r.id[0])) == {
        "p": {"pass": 3, "fail": 1},
        "r": {"pass": 1},
    }
    with pytest.raises(ws.WindowserviceError, match=r"unknown rule 'quik' \(did you mean 'quick'\?\)"):
        ws.cases.verdicts_by(report, "quik", "desk")


def _plain(found):
    return {group: {str(verdict): n for verdict, n in counts.items()} for group, counts in found.items()}


@given(many_requests, st.sampled_from(INSTANTS))
def test_every_view_adds_up_to_the_spans(requests, as_of) -> None:
    """Spans join without a gap and are the open time of the whole; each table is a sum of them, none counts twice."""
    us = as_of_us(as_of, CALENDAR.zone)
    held = {place: holdings(matter, CALENDAR, us) for place, matter in enumerate(requests)}
    kinds: Counter[str] = Counter()
    for spans in held.values():
        assert all(one.end == other.begin for one, other in pairwise(spans))
        if spans:
            ends = (from_us(spans[0].begin, CALENDAR.zone), from_us(spans[-1].end, CALENDAR.zone))
            assert sum(span.open_us for span in spans) == CALENDAR.worked(*ends).us
            assert spans[-1].end <= us
        for span in spans:
            kinds[span.by] += span.open_us
    by_holder: Counter[str] = Counter()
    for (kind, _), time in ws.cases.time_by_holder(requests, CALENDAR, as_of).items():
        by_holder[kind] += time.us
    waits: Counter[str] = Counter()
    for (kind, _), wait in ws.cases.waits_by_cause(requests, CALENDAR, as_of).items():
        waits[kind] += wait.open_time.us
        assert 0 < wait.requests <= wait.times
        assert wait.unended <= wait.requests
    assert by_holder == kinds
    assert waits == {kind: time for kind, time in kinds.items() if kind not in ("clerk", "unnamed")}
    moves = ws.cases.handovers(requests, CALENDAR, as_of)
    assert sum(moves.returns.values()) <= moves.table.total
    everybody = ws.cases.performance(requests, CALENDAR, as_of, by=lambda _: "all", least=1)
    if everybody:
        assert everybody["all"].own_time == everybody["all"].compared_time
        assert everybody["all"].own_time.us <= kinds["clerk"] + kinds["unnamed"]
