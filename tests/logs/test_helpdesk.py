"""Tickets of a software house: waits stop the clock, and taking in charge is not handing over."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

import windowservice as ws

from .reckoning import instant, moves_and_returns, parts_by_group, spans_between, time_by_holder, waits_by_cause

NAME = "helpdesk_it"
ROME = ZoneInfo("Europe/Rome")
DAY = timedelta(1)
EASTER_MONDAYS = {date(2010, 4, 5), date(2011, 4, 25), date(2012, 4, 9), date(2013, 4, 1)}
FIXED = {(1, 1), (1, 6), (4, 25), (5, 1), (6, 2), (8, 15), (11, 1), (12, 8), (12, 25), (12, 26)}
SESSIONS = ((time(9), time(13)), (time(14), time(18)))


def _workday(day):
    extra = day == date(2011, 3, 17)  # 150 years of unity, a holiday of that one year
    return day.weekday() < 5 and (day.month, day.day) not in FIXED and day not in EASTER_MONDAYS and not extra


def _sessions(day):
    if not _workday(day):
        return []
    return [tuple(datetime.combine(day, end, ROME).astimezone(UTC) for end in session) for session in SESSIONS]


def _after_open_time(start, hours):
    """Return the earliest instant before which so many hours were open since the start."""
    left, day = timedelta(hours=hours), start.astimezone(ROME).date()
    while True:
        for begin, end in _sessions(day):
            begin = max(begin, start)
            if begin < end and left <= end - begin:
                return begin + left
            left -= max(end - begin, timedelta())
        day += DAY


def _tenth_workday(start, waits):
    """Return the close of the tenth workday after the start; a workday that a wait touches does not count."""
    day, left = start.astimezone(ROME).date(), 10
    while left:
        day += DAY
        open_day = _sessions(day)
        touched = any(begin < close and until > opens for begin, until in waits for opens, close in open_day)
        left -= bool(open_day) and not touched
    return _sessions(day)[-1][1]


class Ticket:
    """What the rows of one ticket say, as the file has them."""

    def __init__(self, lines):
        steps = [(line["ts"].astimezone(UTC), line["activity"], line["resource"]) for line in lines]
        self.submitted = self._first(steps, "Assign seriousness", "Insert ticket")
        self.taken = self._first(steps, "Take in charge ticket")
        self.resolved = self._first(steps, "Resolve ticket")
        self.resolutions = sum(name == "Resolve ticket" for _, name, _ in steps)
        self.closed = self._first(steps, "Closed")
        self.waits = [(at, after) for (at, name, _), (after, _, _) in pairwise(steps) if name == "Wait" and after > at]
        if steps[-1][1] == "Wait":
            self.waits.append((steps[-1][0], datetime(2014, 1, 3, 23, tzinfo=UTC)))
        owning = ("Assign seriousness", "Insert ticket", "Take in charge ticket")
        self.owners = [(name, who) for _, name, who in steps if name in owning]

    @staticmethod
    def _first(steps, *names):
        return min((at for at, name, _ in steps if name in names), default=None)

    def bounces(self):
        """Return whether somebody took the ticket who had had it before, and not just before."""
        return any(
            name == "Take in charge ticket" and who != self.owners[place - 1][1]
            and who in [former for _, former in self.owners[: place - 1]]
            for place, (name, who) in enumerate(self.owners) if place
        )  # fmt: skip


@pytest.fixture
def tickets(rows):
    return {name: Ticket(lines) for name, lines in rows(NAME).items()}


def _failed(audited, rule):
    return {finding.key for finding in audited(NAME).filter(rule=rule).failures}


def test_the_desk_sits_in_italy(rows):
    """The stamps are UTC: the lunch break moves by an hour with the clocks of Rome, and stands still in their time."""
    for zone, hours in ((UTC, {"winter": 12, "summer": 11}), (ROME, {"winter": 13, "summer": 13})):
        seen = {"winter": Counter(), "summer": Counter()}
        for lines in rows(NAME).values():
            for line in lines:
                local = line["ts"].astimezone(zone)
                if 9 <= local.hour <= 16 and local.month in (1, 2, 6, 7, 11, 12):
                    seen["summer" if local.month in (6, 7) else "winter"][local.hour] += 1
        assert {season: min(found, key=found.__getitem__) for season, found in seen.items()} == hours


def test_taken_in_charge_as_plain_python_counts_open_time(audited, tickets):
    """Eight open hours, added session by session, give the same set of tickets that were taken in charge too late."""
    late = {
        name
        for name, t in tickets.items()
        if t.submitted is not None and (t.taken is None or t.taken > _after_open_time(t.submitted, 8))
    }
    assert _failed(audited, "helpdesk/taken_in_charge") == late
    assert len(late) == 2_036


def test_waits_do_not_count(audited, tickets):
    """Ten workdays, counted one by one with those that a wait touches left out, give the same set of late tickets."""
    end = datetime(2014, 1, 3, 23, tzinfo=UTC)
    late = set()
    for name, t in tickets.items():
        if t.submitted is None:
            continue
        counted = []
        for begin, until in t.waits:
            if begin < _tenth_workday(t.submitted, counted) and (t.resolved is None or begin < t.resolved):
                counted.append((begin, min(until, t.resolved or end)))
        if (t.resolved or end) > _tenth_workday(t.submitted, counted):
            late.add(name)
    failed = _failed(audited, "commitment/commitment_kept")
    assert failed == late
    assert len(late) == 1_028


def test_resolved_more_than_once(audited, tickets):
    """386 tickets were resolved more than once."""
    again = {name for name, t in tickets.items() if t.resolutions > 1}
    assert _failed(audited, "helpdesk/resolved_once") == again
    assert len(again) == 386


def test_going_back_to_a_former_owner(audited, tickets):
    """55 tickets went back to somebody who had had them before; taking what one holds already is no return.

    The log has no column for a reason, so that there was none cannot be told: each is unknown, and no other.
    """
    back = {name for name, t in tickets.items() if t.bounces()}
    assert _failed(audited, "helpdesk/no_bounce") == set()
    assert {f.key for f in audited(NAME).unknowns if f.rule == "helpdesk/no_bounce"} == back
    assert len(back) == 55


def test_one_late_ticket_by_hand(audited):
    """Case 1 came on a Tuesday at 16:50 and was due ten workdays later at 18:00; it was resolved on 25 October 2012."""
    finding = audited(NAME).finding("Case 1", "commitment/commitment_kept")
    due = datetime(2012, 10, 23, 18, tzinfo=ROME)
    assert finding.late_by == datetime(2012, 10, 25, 13, 54, 26, tzinfo=ROME) - due
    assert finding.overrun.total_seconds() == 12 * 3600  # 24 October whole, 25 October 9:00 to 13:00; then the break


def test_the_load_report(audited):
    """Tickets that are filled in at once show as ties, and what should be said once of a ticket varies."""
    load = audited(NAME).load
    assert (load.read, load.accepted, load.rejected, load.requests) == (21_348, 21_348, 0, 4_580)
    assert (load.events, load.outside_hours, load.at_midnight) == (22_803, 2_583, 0)
    assert (load.tied_events, load.tied_requests, len(load.duplicates)) == (3_153, 1_339, 131)
    assert [(found.column, found.requests) for found in load.varying] == [
        ("customer", 7), ("product", 2), ("seriousness_2", 77), ("service_level", 43), ("workgroup", 5)
    ]  # fmt: skip


def test_handovers_are_not_recorded(audited):
    """A ticket is taken, never given: nothing can be said of how long it was nobody's."""
    by_rule = audited(NAME).by("rule")
    for rule in ("no_bounce", "handover_names_taker", "taken_over_in_time", "not_passed_on"):
        assert dict(by_rule[f"first_contact/{rule}"]) == {"unknown": 4_580}


def _held(lines):
    """Return who had a ticket: whoever entered or took it, and nobody at the desk while it waits for its next step."""
    marks, clerk, waiting = [], None, False
    for line in sorted(lines, key=lambda line: line["ts"]):
        step, at = line["activity"], instant(line["ts"])
        if step in ("Resolve ticket", "Closed"):
            return spans_between(marks, at), False
        if step in ("Assign seriousness", "Insert ticket", "Take in charge ticket"):
            clerk = ("clerk", line["resource"], None)
        if clerk is not None:
            waiting = step == "Wait"
            marks.append((at, ("stop", "wait", None) if waiting else clerk))
    return spans_between(marks, datetime(2014, 1, 3, 23, tzinfo=UTC)), waiting


HOURS_BEFORE = [timedelta()]
FIRST = date(2010, 1, 1)
for _number in range(1_500):
    _day = _sessions(FIRST + DAY * _number)
    HOURS_BEFORE.append(HOURS_BEFORE[-1] + sum((close - opens for opens, close in _day), timedelta()))


def _opened(at):
    """Return the open time since the first day of 2010."""
    day = at.astimezone(ROME).date()
    parts = (min(max(at, opens), close) - opens for opens, close in _sessions(day))
    return HOURS_BEFORE[(day - FIRST).days] + sum(parts, timedelta())


@pytest.fixture(scope="module")
def held(rows):
    return {name: _held(lines) for name, lines in rows(NAME).items()}


@pytest.fixture(scope="module")
def spans(held):
    return {name: found for name, (found, _) in held.items()}


def test_who_had_the_tickets(views, spans):
    """Until a ticket was first resolved, whoever took it had it, but for the time it waited."""
    assert views(NAME).time_by_holder() == time_by_holder(spans, _opened)


def test_waits_by_cause(views, held, spans):
    """1,197 tickets waited, eight of them until the end of the log."""
    found = waits_by_cause(spans, _opened, [name for name, (_, still) in held.items() if still])
    assert views(NAME).waits_by_cause() == found
    assert (found["stop", "wait"].times, found["stop", "wait"].cases, found["stop", "wait"].unended) == (
        1_289,
        1_197,
        8,
    )


def test_from_clerk_to_clerk(views, spans):
    """Tickets changed hands 2,687 times before they were resolved, and 36 came back to a former clerk."""
    moves, back = moves_and_returns(spans, lambda span: span.name)
    assert views(NAME).moves_and_returns("clerk") == (moves, back)
    assert (moves.total(), len(back), back.total()) == (2_687, 36, 36)


def test_what_tickets_took_by_clerk(views, spans, rows):
    """The open time of each clerk against the median of tickets of the same service level."""
    kinds = {
        name: lines[0]["service_level"] for name, lines in rows(NAME).items()
        if {"Resolve ticket", "Closed"} & {line["activity"] for line in lines}
    }  # fmt: skip
    found = parts_by_group(spans, _opened, kinds, lambda span: span.name)
    assert views(NAME).parts_by_group("clerk") == found


def test_the_promise_by_workgroup(audited, rows):
    """Verdicts are put together by the workgroup that the first row of a ticket names."""
    groups = {name: lines[0]["workgroup"] for name, lines in rows(NAME).items()}
    late = Counter(groups[key] for key in _failed(audited, "commitment/commitment_kept"))
    ours = ws.cases.verdicts_by(audited(NAME), "commitment_kept", "workgroup")
    assert {group: counts["fail"] for group, counts in ours.items()} == late
    assert {group: counts.total() for group, counts in ours.items()} == Counter(groups.values())
