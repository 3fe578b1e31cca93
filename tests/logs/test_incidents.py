"""Incidents of a company's IT: waits by cause, hand-overs between teams and lines of support, ping-pong.

A row is a status that holds until the next row: that is all the plain reckoning needs.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from . import audits
from .reckoning import Span, instant, moves_and_returns, parts_by_group, spans_between, time_by_holder, waits_by_cause

NAME = "bpic2013_incidents"
STOCKHOLM = ZoneInfo("Europe/Stockholm")
END = datetime(2012, 5, 24, tzinfo=STOCKHOLM)  # 24:00 of the day judged
DONE = ("Resolved", "In Call", "Closed", "Cancelled")
CAUSES = {
    "Wait - User": "user", "Wait - Vendor": "vendor", "Wait - Customer": "customer",
    "Wait - Implementation": "implementation", "Wait": "not_said",
}  # fmt: skip
MONDAY = datetime(2010, 1, 4, tzinfo=STOCKHOLM)


def opened(at):
    """Return the time of weekdays since a Monday, by the wall clock: it changes on Sundays only."""
    weeks, rest = divmod(at.astimezone(STOCKHOLM) - MONDAY, timedelta(weeks=1))  # one zone: by the wall clock
    return weeks * timedelta(days=5) + min(rest, timedelta(days=5))


def _clerk(row, group):
    """Return whose an incident is from a row on: a dash is nobody's name."""
    named = row["resource"] != "-"
    return ("clerk" if named else "unnamed", row["resource"] if named else "unnamed", group)


def _spans(lines):
    """Return who had an incident until it was first done, from the statuses of its rows."""
    marks, held = [], _clerk(lines[0], None)
    for row in lines:
        status = row["lifecycle"]
        if status in DONE:
            return spans_between(marks, instant(row["ts"]))
        if row["activity"] == "Accepted":
            held = _clerk(row, row["group"])
        now = held
        if status in CAUSES:
            now = ("stop", CAUSES[status], None)
        elif status == "Awaiting Assignment":
            now = ("between", row["group"], None)
        marks.append((instant(row["ts"]), now))
    return spans_between(marks, instant(END))


@pytest.fixture(scope="module")
def cases(rows):
    return {name: _spans(lines) for name, lines in rows(NAME).items()}


def _line(span: Span):
    """Return the line of support as a reader of the log would: 2nd and 3rd stand at the end of the team's name."""
    return span.post and (span.post[span.post.find(" ") + 1 :].replace(" ", " and ") if " " in span.post else "1st")


def test_who_had_the_incidents(views, cases):
    """Every second of every clerk, team's queue and wait is what the statuses of the rows say."""
    found = time_by_holder(cases, opened)
    assert views(NAME).time_by_holder() == found
    total = Counter()
    for (by, _), time in found.items():
        total[by] += time.total_seconds() / 3600
    assert {by: int(hours) for by, hours in total.items()} == {
        "stop": 470_420,
        "between": 193_825,
        "clerk": 282_950,
        "unnamed": 512,
    }


def test_waits_by_cause(views, cases, rows):
    """Most of the time is for the user, then that nobody took it; of 1,318 waits nobody says for whom."""
    open_cases = [name for name, lines in rows(NAME).items() if not any(line["lifecycle"] in DONE for line in lines)]
    found = waits_by_cause(cases, opened, open_cases)
    assert views(NAME).waits_by_cause() == found
    assert {cause or by: (w.times, w.cases, w.unended) for (by, cause), w in found.items()} == {
        "user": (3_501, 2_370, 3), "between": (9_932, 4_408, 0), "not_said": (1_318, 1_047, 0),
        "implementation": (433, 386, 2), "vendor": (275, 237, 0), "customer": (96, 84, 0),
    }  # fmt: skip


def test_from_team_to_team(views, cases):
    """Incidents went from one team to another 7,864 times; 1,029 came back, one of them 26 times."""
    moves, back = moves_and_returns(cases, lambda span: span.post)
    assert views(NAME).moves_and_returns("post") == (moves, back)
    assert (moves.total(), len(back), back.total()) == (7_864, 1_029, 2_487)
    assert back.most_common(1) == [("1-660915327", 26)]


def test_from_line_to_line(views, cases):
    """The first line gave 2,337 times to the second and got 1,225 back; 971 incidents went to and fro between lines."""
    moves, back = moves_and_returns(cases, _line)
    assert views(NAME).moves_and_returns(audits.line) == (moves, back)
    assert (moves["1st", "2nd"], moves["2nd", "1st"], moves["2nd", "3rd"], len(back)) == (2_337, 1_225, 220, 971)


def test_what_incidents_took_by_team(views, cases, rows):
    """The open time that teams had resolved incidents is compared with the median for incidents of the same impact."""
    kinds = {
        name: lines[0]["impact"] for name, lines in rows(NAME).items()
        if next((line["lifecycle"] for line in lines if line["lifecycle"] in DONE), "Cancelled") != "Cancelled"
    }  # fmt: skip
    found = parts_by_group(cases, opened, kinds, lambda span: span.post)
    assert views(NAME).parts_by_group("post") == found
    assert found["G96"][0] == 1_864


def test_the_load_report(audited, rows):
    """Every row is taken in, and no first event comes after one that must follow it."""
    load = audited(NAME).load
    assert (load.read, load.accepted, load.rejected, load.requests, load.events) == (65_533, 65_533, 0, 7_554, 88_431)
    assert (load.at_midnight, load.outside_hours, load.tied_events, load.tied_requests) == (0, 2_623, 44_844, 7_554)
    assert not load.contradictions
    assert not load.varying
