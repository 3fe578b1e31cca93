"""Requests to a city: its own deadlines, its own word on whether they were kept, and how it reckons them."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import windowservice as ws

from .audits import AUDITS

NAME = "boston311"
NEW_YORK = ZoneInfo("America/New_York")


def _at(text):
    """Return an instant of the log, whose wall clock was moved by the offset of New York once too often."""
    shifted = datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).astimezone(UTC)
    return shifted.replace(tzinfo=NEW_YORK)


def _cases(rows):
    return {name: lines[0] for name, lines in rows(NAME).items()}


def test_our_verdict_is_the_citys_own(audited, rows):
    """Where the city set a deadline and says whether it was kept, our verdict is its word, in all 4,283 requests."""
    verdicts = {f.key: str(f.verdict) for f in audited(NAME).filter(rule="city/deadline_kept")}
    said = Counter()
    for name, case in _cases(rows).items():
        said[case["TARGET_DT"] is not None, case["OnTime_Status"], verdicts[name]] += 1
    assert said == {
        (True, "ONTIME", "pass"): 3_809,
        (True, "OVERDUE", "fail"): 474,
        (False, "ONTIME", "not_applicable"): 711,  # explained: without a deadline the city counts a request as on time
        (True, None, "fail"): 1,  # explained: the city says nothing of this one
    }


def test_the_one_request_of_which_the_city_says_nothing(audited, rows):
    """Request 101001856894 was closed 16 days after its deadline; its status is empty in the log."""
    finding = audited(NAME).finding("101001856894", "city/deadline_kept")
    case = _cases(rows)["101001856894"]
    assert case["OnTime_Status"] is None
    assert finding.late_by == _at(case["CLOSED_DT"]).astimezone(UTC) - _at(case["TARGET_DT"]).astimezone(UTC)
    assert finding.late_by == timedelta(days=15, hours=23, minutes=35, seconds=32)
    second = audited(NAME).finding("101001856894", "city/city_says_the_same")
    assert (second.verdict, second.missing) == ("unknown", ("city.on_time",))


def test_the_rule_that_compares_finds_no_difference(counts):
    """Written as a rule, the comparison passes wherever both are known and is unknown elsewhere."""
    assert counts(NAME, "city/city_says_the_same") == {"pass": 4_283, "unknown": 711 + 1}


def test_each_lateness_is_the_difference_of_two_cells(audited, rows):
    """Every late request is late by what the shifted cells say, counted in real time across the change of clocks."""
    cases = _cases(rows)
    failures = audited(NAME).filter(rule="city/deadline_kept").failures
    assert len(failures) == 475
    for finding in failures:
        case = cases[finding.key]
        assert finding.late_by == _at(case["CLOSED_DT"]).astimezone(UTC) - _at(case["TARGET_DT"]).astimezone(UTC)


def test_the_city_reckons_as_the_library_does(rows):
    """Of 3,166 deadlines that the city set for 18 kinds, 99 % are so many working days "at the same time".

    A request that comes outside hours counts from the next opening, 8:30; holidays are those of Massachusetts.
    """
    audit = AUDITS[NAME]
    calendar, catalogue = audit.calendar(), audit.catalogue()
    same, different = 0, []
    for name, case in _cases(rows).items():
        if case["TYPE"] not in catalogue or case["TARGET_DT"] is None:
            continue
        opened, target = _at(case["OPEN_DT"]), _at(case["TARGET_DT"])
        limit = catalogue[case["TYPE"]].commitment_on(opened.date()).limit
        due = limit.deadline(opened, calendar=calendar).due
        if abs(due - target) <= timedelta(seconds=90):  # some opening times were entered without their seconds
            same += 1
        else:
            different.append(name)
    assert same + len(different) == 3_166
    assert same == 3_138  # the others: a list of holidays entered late, and deadlines set by hand


def test_two_clocks_of_one_request_agree(audited):
    """The city's deadline and the promise found in the log give the same verdict, but for deadlines set by hand."""
    given = {f.key: str(f.verdict) for f in audited(NAME).filter(rule="city/deadline_kept")}
    found = {f.key: str(f.verdict) for f in audited(NAME).filter(rule="commitment/commitment_kept")}
    both = Counter((given[key], found[key]) for key in found if found[key] != "not_applicable")
    assert both == {
        ("pass", "pass"): 2_878,
        ("fail", "fail"): 273,
        ("pass", "fail"): 9,
        ("fail", "pass"): 6,
    }  # the last two: among the 28 deadlines that follow no rule


def test_the_load_report(audited):
    """No time is refused, none lies at midnight, and seven requests were closed as they were opened."""
    load = audited(NAME).load
    assert (load.read, load.accepted, load.rejected, load.requests, load.events) == (4_995, 4_995, 0, 4_995, 9_990)
    assert (load.outside_hours, load.at_midnight, load.tied_requests) == (4_360, 0, 7)
    assert not load.contradictions


def test_a_log_that_names_nobody_says_nothing_of_owners(counts):
    """No column says who took a request in: that is unknown, and not a breach."""
    assert counts(NAME, "first_contact/owned_from_first_contact") == {"unknown": 4_995}


def test_deadlines_by_department(audited, rows):
    """How the city's deadlines were kept is counted by department."""
    found = {}
    for case in _cases(rows).values():
        due, done = case["TARGET_DT"], case["CLOSED_DT"]
        verdict = "not_applicable" if due is None else "pass" if _at(done) <= _at(due) else "fail"
        found.setdefault(case["Department"] or "unknown", Counter())[verdict] += 1
    ours = ws.cases.verdicts_by(audited(NAME), "deadline_kept", "department")
    assert {group: {str(v): n for v, n in counts.items()} for group, counts in ours.items()} == found
