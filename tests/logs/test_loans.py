"""Applications for loans: incomplete files that are chased again, and who had them: applicant, queue or clerk."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

import pytest

from .reckoning import instant, moves_and_returns, parts_by_group, spans_between, time_by_holder, waits_by_cause

NAME = "bpic2012_loans"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
END = datetime(2012, 3, 15, tzinfo=AMSTERDAM)  # 24:00 of the day judged
CHASE = "W_Nabellen incomplete dossiers+SCHEDULE"
OFFER, ASSESS, ACCEPTED = "O_SENT+COMPLETE", "W_Valideren aanvraag+SCHEDULE", "A_ACCEPTED+COMPLETE"
DONE = {"A_APPROVED+COMPLETE": "approved", "A_DECLINED+COMPLETE": "declined", "A_CANCELLED+COMPLETE": "cancelled"}
APPLICANT, QUEUE = ("applicant", "applicant", None), ("between", "queue", None)
FIRST_DAY = date(2011, 10, 1)


def _hours(day):
    """Return the open hours of a day; in this half-year Boxing Day is the only holiday between Monday and Saturday."""
    if day.weekday() == 6 or day == date(2011, 12, 26):
        return None
    return (time(8), time(21)) if day.weekday() < 5 else (time(9), time(17))


def _length(day):
    hours = _hours(day)
    return timedelta() if hours is None else datetime.combine(day, hours[1]) - datetime.combine(day, hours[0])


DAYS = [FIRST_DAY + timedelta(n) for n in range(200)]
BEFORE = [timedelta(), *accumulate(_length(day) for day in DAYS)]


def opened(at):
    """Return the open time since the first day of the log."""
    local = at.astimezone(AMSTERDAM).replace(tzinfo=None)
    place = (local.date() - FIRST_DAY).days
    hours = _hours(local.date())
    if hours is None:
        return BEFORE[place]
    opening, close = (datetime.combine(local.date(), hour) for hour in hours)
    return BEFORE[place] + min(max(local, opening), close) - opening


def _spans(steps):
    """Return who had an application until it was decided or cancelled, and whether it still waits."""
    marks, waits, clerk = [], [], None
    for step, at, who in steps:
        if step in DONE:
            return spans_between(marks, at), False
        if step in (ACCEPTED, ASSESS):
            waits = [wait for wait in waits if wait != APPLICANT]
        elif step in (OFFER, CHASE):
            waits += [APPLICANT] if APPLICANT not in waits else []
        elif step.startswith("W_") and step.endswith("+START"):
            waits = [wait for wait in waits if wait != QUEUE]
            clerk = ("clerk", who, None) if who else ("unnamed", "unnamed", None)
        elif step.startswith("W_") and step.endswith("+COMPLETE"):
            waits += [QUEUE] if QUEUE not in waits else []
        elif step == "A_SUBMITTED+COMPLETE":
            clerk = ("clerk", who, None)
        marks.append((at, waits[0] if waits else clerk))
    return spans_between(marks, instant(END)), bool(waits)


@pytest.fixture(scope="module")
def steps(rows):
    """The steps of every application, as (activity and lifecycle, instant, clerk)."""
    return {
        name: [(f"{row['activity']}+{row['lifecycle']}", instant(row["ts"]), row["resource"]) for row in lines]
        for name, lines in rows(NAME).items()
    }


@pytest.fixture(scope="module")
def had(steps):
    """Who had every application, and whether it still waits."""
    return {name: _spans(lines) for name, lines in steps.items()}


@pytest.fixture(scope="module")
def cases(had):
    return {name: spans for name, (spans, _) in had.items()}


def _clerk(span):
    return span.name if span.by == "clerk" else None


@pytest.mark.slow
def test_who_had_the_applications(views, cases):
    """70 % of the open time went by with the applicant and 28 % in queues; clerks had them for 1.8 %."""
    found = time_by_holder(cases, opened)
    assert views(NAME).time_by_holder() == found
    total = Counter()
    for (by, _), spent in found.items():
        total[by] += spent.total_seconds() / 3600
    assert {by: int(hours) for by, hours in total.items()} == {
        "applicant": 826_447, "between": 331_742, "clerk": 21_326, "unnamed": 440
    }  # fmt: skip


def test_waits(views, cases, had):
    """Applicants were waited for 7,203 times; 271 had not answered when the log ends."""
    found = waits_by_cause(cases, opened, [name for name, (_, still) in had.items() if still])
    assert views(NAME).waits_by_cause() == found
    assert {by: (w.times, w.cases, w.unended) for (by, _), w in found.items()} == {
        "applicant": (7_203, 5_015, 271), "between": (28_474, 6_927, 126)
    }  # fmt: skip


def test_from_clerk_to_clerk(views, cases):
    """Applications changed hands 34,747 times; who started a piece of work without a name is unknown."""
    moves, back = moves_and_returns(cases, _clerk)
    assert views(NAME).moves_and_returns("clerk") == (moves, back)
    assert (moves.total(), len(back), back.total()) == (34_747, 2_055, 3_591)


def test_one_start_in_nine_names_nobody(steps):
    """8,000 of 71,376 pieces of work were started by nobody knows whom."""
    starts = [who for lines in steps.values() for step, _, who in lines if step.startswith("W_") and "+START" in step]
    assert (sum(who is None for who in starts), len(starts)) == (8_000, 71_376)


def test_what_applications_took_by_clerk(views, cases, steps):
    """The time of a clerk is compared with the median of applications that were sent an offer, or that were not."""
    kinds = {}
    for name, lines in steps.items():
        seen = [step for step, _, _ in lines]
        if next((DONE[step] for step in seen if step in DONE), "open") in ("approved", "declined"):
            kinds[name] = OFFER in seen or CHASE in seen
    found = parts_by_group(cases, opened, kinds, _clerk)
    assert views(NAME).parts_by_group("clerk") == found
    assert found["112"][0] == 9_881


def _failed(audited, rule):
    return {finding.key for finding in audited(NAME).filter(rule=rule).failures}


def _count(steps, wanted):
    return Counter({name: sum(step == wanted for step, _, _ in lines) for name, lines in steps.items()})


def test_told_once(audited, steps):
    """With the offer 5,015 applicants are told what to bring; 1,647 were called after because papers were missing."""
    offers, chases = _count(steps, OFFER), _count(steps, CHASE)
    told = {name for name, number in offers.items() if number}
    again = {name for name, number in chases.items() if number}
    assert again <= told
    assert _failed(audited, "told_once/told_once") == again
    assert (len(told), len(again)) == (5_015, 1_647)
    for name in ("173718", "173721", "173730"):
        assert audited(NAME).finding(name, "told_once/told_once").shortfall.amount == chases[name]


def test_chased_again(audited, steps):
    """531 files were found incomplete a second time after they had been chased, one of them six times in all."""
    chases = _count(steps, CHASE)
    again = {name for name, number in chases.items() if number > 1}
    assert _failed(audited, "loans/not_chased_again") == again
    assert (len(again), max(chases.values())) == (531, 6)


def _tenth_workday_is_over(start):
    """Return the close of the tenth workday after the day of the start."""
    day, left = start.astimezone(AMSTERDAM).date(), 10
    while left:
        day += timedelta(1)
        left -= _hours(day) is not None
    return datetime.combine(day, _hours(day)[1], AMSTERDAM)


def test_complete_in_time(audited, counts, steps):
    """Ten workdays, counted one by one, give the same 70 files that took longer to go on, or to end."""
    late, pending = set(), 0
    for name, lines in steps.items():
        first = next((at for step, at, _ in lines if step == CHASE), None)
        if first is None:
            continue
        after = [at for step, at, _ in lines if step in (ASSESS, *DONE) and at > first]
        due = _tenth_workday_is_over(first)
        if not after and due > END:
            pending += 1
        elif not after or min(after) > due:
            late.add(name)
    assert _failed(audited, "loans/complete_in_time") == late
    assert counts(NAME, "loans/complete_in_time") == {
        "fail": 70, "pending": pending, "pass": 1_647 - 70 - pending, "not_applicable": 13_087 - 1_647
    }  # fmt: skip
    assert (len(late), pending) == (70, 20)


def test_the_load_report(audited):
    """Every row is taken in; 73,087 steps say nothing of interest here; nothing contradicts the order of steps."""
    load = audited(NAME).load
    assert (load.read, load.accepted, load.rejected, load.requests, load.events) == (
        262_200, 262_200, 0, 13_087, 189_113
    )  # fmt: skip
    assert load.files[0].passed_over == 73_087
    assert (load.outside_hours, load.tied_events, load.tied_requests) == (6_265, 116, 58)
    assert not load.contradictions
    assert not load.duplicates
