"""The rules on incidents, the built-in ones too, against plain reckoning over the rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from statistics import median

import pytest

from windowservice.reports.matters.matters import open_matters, promises

from .reckoning import instant
from .test_incidents import CAUSES, END, NAME, opened

LIMITS = {"Major": 24, "High": 72, "Medium": 240, "Low": 480}
TO_TAKE = {"Major": 2, "High": 8, "Medium": 24, "Low": 24}
RESOLVED = ("Resolved", "In Call")
ENDED = (*RESOLVED, "Cancelled")


def _failed(audited, rule):
    return {finding.key for finding in audited(NAME).filter(rule=rule).failures}


def _teams(lines):
    return [line["group"] for line in lines if line["activity"] == "Accepted"]


@pytest.mark.slow
def test_ping_pong_as_a_rule(audited, rows):
    """603 incidents came back more than once to a team that had had them, over their whole life."""
    to_and_fro = set()
    for name, lines in rows(NAME).items():
        teams = _teams(lines)
        times = sum(team != teams[place - 1] and team in teams[:place] for place, team in enumerate(teams) if place)
        if times > 1:
            to_and_fro.add(name)
    assert _failed(audited, "incidents/no_ping_pong") == to_and_fro
    assert len(to_and_fro) == 603


def test_resolved_once(audited, rows):
    """520 incidents were resolved, or solved in a call, more than once."""
    again = {
        name for name, lines in rows(NAME).items()
        if sum(line["lifecycle"] in ("Resolved", "In Call") for line in lines) > 1
    }  # fmt: skip
    assert _failed(audited, "incidents/resolved_once") == again
    assert len(again) == 520


def test_waits_with_a_named_cause_do_not_count(audited, rows, spent):
    """355 incidents took, until they were resolved, more open time than their impact allows, named waits taken out."""
    late = {name for name, lines in rows(NAME).items() if spent[name] > _limit(lines)}
    assert _failed(audited, "commitment/commitment_kept") == late
    assert len(late) == 355


def test_a_wait_whose_cause_is_not_said_is_a_finding(audited, rows):
    """1,115 incidents waited without a cause; that time counts."""
    unsaid = {name for name, lines in rows(NAME).items() if any(line["lifecycle"] == "Wait" for line in lines)}
    assert _failed(audited, "in_time/stopped_for_listed_reason") == unsaid
    assert len(unsaid) == 1_115


def test_one_incident_by_hand(audited):
    """Incident 1-740866821 stood in a queue of the first line: its 72 open hours were over on 9 May 2012 at 24:00."""
    finding = audited(NAME).finding("1-740866821", "commitment/commitment_kept")
    assert finding.verdict == "fail"
    assert finding.late_by == instant(END) - datetime(2012, 5, 9, 22, tzinfo=UTC)


@pytest.fixture(scope="module")
def spent(rows):
    """The open time that every incident took until it was resolved or cancelled, waits with a named cause taken out.

    A wait that begins when the time is up stops nothing.
    """
    found = {}
    for name, lines in rows(NAME).items():
        found[name] = timedelta()
        ends = [instant(line["ts"]) for line in lines[1:]] + [instant(END)]
        for line, until in zip(lines, ends, strict=True):
            if line["lifecycle"] in ENDED:
                break
            if CAUSES.get(line["lifecycle"], "not_said") == "not_said" or found[name] >= _limit(lines):
                found[name] += opened(until) - opened(instant(line["ts"]))
    return found


def _limit(lines):
    return timedelta(hours=LIMITS[lines[0]["impact"]])


def _nameless(rows):
    """Return the incidents of which a row has a dash for a name: whose they were then cannot be told."""
    return {name for name, lines in rows(NAME).items() if any(line["resource"] == "-" for line in lines)}


def test_handed_over_by_the_owner(audited, rows):
    """301 incidents were put into a queue by somebody who had not accepted them."""
    foreign = set()
    for name, lines in rows(NAME).items():
        owner = lines[0]["resource"]
        for line in lines:
            if line["activity"] == "Accepted":
                owner = line["resource"]
            elif line["activity"] == "Queued" and line["resource"] != owner:
                foreign.add(name)
    nameless = _nameless(rows)
    assert _failed(audited, "first_contact/handed_over_by_owner") - nameless == foreign - nameless
    assert len(foreign) == 301


def test_passed_on_and_bounced(audited, rows):
    """1,470 incidents were queued more than twice; 1,230 of those queued came back to a person who had had them."""
    passed_on, bounced = set(), set()
    for name, lines in rows(NAME).items():
        queued = sum(line["activity"] == "Queued" for line in lines)
        owners = [lines[0]["resource"]] + [line["resource"] for line in lines if line["activity"] == "Accepted"]
        if queued > 2:
            passed_on.add(name)
        if queued and any(who != owners[n] and who in owners[:n] for n, who in enumerate(owners[1:])):
            bounced.add(name)
    assert _failed(audited, "first_contact/not_passed_on") == passed_on
    nameless = _nameless(rows)
    assert _failed(audited, "first_contact/no_bounce") - nameless == bounced - nameless
    assert (len(passed_on), len(bounced)) == (1_470, 1_230)


def test_taken_over_in_time(audited, rows):
    """1,042 incidents lay in a queue for longer than their impact allows."""
    late = set()
    for name, lines in rows(NAME).items():
        queued = [n for n, line in enumerate(lines) if line["activity"] == "Queued"]
        for n in queued:
            last = n == queued[-1]
            after = (
                instant(line["ts"]) for line in lines[n + 1 :]
                if line["activity"] in ("Accepted", "Queued") or (last and line["lifecycle"] in ENDED)
            )  # fmt: skip
            lay = opened(next(after, instant(END))) - opened(instant(lines[n]["ts"]))
            if lay > timedelta(hours=TO_TAKE[lines[n]["impact"]]):
                late.add(name)
    assert _failed(audited, "first_contact/taken_over_in_time") == late
    assert len(late) == 1_042


def test_finished_before_three_quarters_are_used(audited, rows, spent):
    """434 incidents had used three quarters of their time, stops taken out, before they were resolved."""
    slow = {name for name, lines in rows(NAME).items() if spent[name] > _limit(lines) * 3 / 4}
    assert _failed(audited, "commitment/finished_before_at_risk") == slow
    assert len(slow) == 434


def test_how_promises_are_kept(audited, rows, spent):
    """For each impact: how many kept it, the median and the 95th percentile of what they used of their limit."""
    used = {}
    for name, lines in rows(NAME).items():
        end = next((line["lifecycle"] for line in lines if line["lifecycle"] in ENDED), None)
        if end in RESOLVED:
            share = Fraction(spent[name] // timedelta(microseconds=1), _limit(lines) // timedelta(microseconds=1))
            used.setdefault(lines[0]["impact"], []).append(share)
    found = promises(audited(NAME))
    for impact, shares in used.items():
        shares.sort()
        nearest = [median(shares), shares[-(-len(shares) * 95 // 100) - 1]]
        assert [found[impact].median_used, found[impact].p95_used] == nearest, impact
        assert found[impact].kept == sum(share <= 1 for share in shares)


def test_open_matters(audited, rows, spent):
    """Eight incidents are open when the log ends, two of them overdue, each with whoever accepted it last."""
    open_now = {
        name: lines for name, lines in rows(NAME).items() if not any(line["lifecycle"] in ENDED for line in lines)
    }
    found = {matter.key: matter for matter in open_matters(audited(NAME))}
    assert {key: matter.holder for key, matter in found.items()} == {
        name: [line["resource"] for line in lines if line["activity"] == "Accepted"][-1]
        for name, lines in open_now.items()
    }
    overdue = {name for name, lines in open_now.items() if spent[name] > _limit(lines)}
    assert {key for key, matter in found.items() if matter.state == "overdue"} == overdue
    assert (len(found), len(overdue)) == (8, 2)
