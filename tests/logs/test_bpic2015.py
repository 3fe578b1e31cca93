"""Building permits: eight weeks by law, six more if extended, and the wait for missing papers does not count.

The tests reckon with plain dates: what is dated by the day is enough for a limit in days.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

import windowservice as ws

from .reckoning import instant, spans_between, time_by_holder, waits_by_cause

NAME = "bpic2015_1"
RULE = "in_time/statute_kept"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
END = datetime(2015, 8, 2, tzinfo=AMSTERDAM)  # 24:00 of the day judged
DAY = timedelta(1)
WEEK = timedelta(weeks=1)


def _easter(year):
    """Return Easter Sunday (the Gregorian computus as Meeus gives it)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    h = (19 * a + b - d - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def _off(day):
    """Return whether no term ends on the day (Algemene termijnenwet, articles 1 and 3)."""
    easter = _easter(day.year)
    moving = {easter + DAY * n for n in (-2, 1, 39, 50)}
    fixed = {(1, 1), (5, 5), (12, 25), (12, 26), (4, 30) if day.year < 2014 else (4, 27)}
    return day.weekday() > 4 or day in moving or (day.month, day.day) in fixed


class Case:
    """What the rows of one case say, as the file has them."""

    def __init__(self, lines):
        def first(*codes, answer=None, named=None):
            found = [
                line["ts"].astimezone(AMSTERDAM) for line in lines
                if line["activity"] in codes and answer in (None, line["question"])
                and (named is None or line["activityNameEN"].startswith(named))
            ]  # fmt: skip
            return min(found, default=None)

        self.extensive = lines[0]["case_caseProcedure"] == "Uitgebreid"
        self.submitted = first("01_HOOFD_010")
        self.told = first("08_AWB45_020_2")
        self.completed = first("08_AWB45_040")
        self.extended = first("06_VD_010", answer="True")
        self.withdrawn = first("05_EIND_010", answer="True")
        self.by_law = first("01_HOOFD_480", answer="True")
        ends = (
            first("01_HOOFD_490_3", "01_HOOFD_490_5"), first("01_HOOFD_491", named="register date"),
            first("08_AWB45_070_3", "08_AWB45_070_5"), first("08_AWB45_080", named="enter date"),
        )  # fmt: skip
        self.ended = min((end for end in ends if end is not None), default=None)
        terms = [line["question"] for line in lines if line["activity"] == "08_AWB45_010"]
        self.term = int(terms[0]) if terms and terms[0].isdigit() else None

    def last_day(self, *, wait_from=0, lapses=False):
        """Return the last day of eight weeks, with the wait for papers taken out and the extension put on.

        Args:
            wait_from: 0 if the day of the letter itself does not count, 1 if the wait begins on the day after it.
            lapses: whether the wait ends when the days that the applicant was given are over.
        """
        seen = min(self.ended or END, END)
        weeks = 8
        if self.extended is not None and self.extended <= seen:
            stood = self._counted(8 * WEEK, self._wait(self.extended, wait_from, lapses=lapses))
            weeks = 14 if self.extended.date() <= stood else 8
        return self._counted(weeks * WEEK, self._wait(seen, wait_from, lapses=lapses))

    def _wait(self, seen, wait_from, *, lapses):
        """Return the days of the wait for papers as (first, after last); nothing if the letter came too late."""
        if self.told is None or self.told > seen:
            return ()
        eight_weeks = self._counted(8 * WEEK, ())
        extended = self.extended is not None and self.extended <= self.told and self.extended.date() <= eight_weeks
        if self.told.date() > (self._counted(14 * WEEK, ()) if extended else eight_weeks):
            return ()
        if self.completed is not None and (self.completed < self.told or self.completed <= self.submitted):
            return ()
        until = min(self.completed or seen, seen)
        first = self.told.date() + DAY * wait_from
        after = until.date() + (DAY if until.time() > datetime.min.time() else timedelta())
        if lapses and self.term is not None:
            after = min(after, self.told.date() + DAY * (self.term + 1))
        return (first, after) if first < after else ()

    def _counted(self, length, wait):
        """Return the day on which so many days are counted, those of the wait left out."""
        day, left = self.submitted.date(), length.days
        while left:
            day += DAY
            left -= not (wait and wait[0] <= day < wait[1])
        while _off(day) or (wait and wait[0] <= day < wait[1]):
            day += DAY
        return day

    def late(self, **reading):
        return (self.ended or END - timedelta(microseconds=1)).date() > self.last_day(**reading)


@pytest.fixture
def every(rows):
    """All cases, by id."""
    return {name: Case(lines) for name, lines in rows(NAME).items()}


@pytest.fixture
def cases(every):
    """The cases of the regular procedure that were not withdrawn."""
    return {name: case for name, case in every.items() if not case.extensive and case.withdrawn is None}


def test_eight_weeks_are_kept_as_plain_dates_count_them(audited, cases):
    """Counting day by day gives the same verdict in every one of the 1,043 cases of the regular procedure."""
    late = {name for name, case in cases.items() if case.late()}
    failed = {finding.key for finding in audited(NAME).filter(rule=RULE).failures} & cases.keys()
    assert failed == late
    assert (len(cases), len(late)) == (1_043, 252)


def test_verdicts_on_the_statute(counts):
    """The same with the extensive procedure (six months) and the withdrawn cases, as a golden number."""
    assert counts(NAME, RULE) == {"pass": 814, "fail": 332, "pending": 14, "not_applicable": 39}


def test_one_late_case_by_hand(audited):
    """Case 2955625: 56 days from 21 December 2010 and 30 days of waiting, so 17 March 2011; decided on 7 June."""
    finding = audited(NAME).finding("2955625", RULE)
    assert date(2010, 12, 21) + DAY * (56 + (date(2011, 3, 2) - date(2011, 1, 31)).days) == date(2011, 3, 17)
    due = datetime(2011, 3, 18, tzinfo=AMSTERDAM)  # 24:00 of the 17th
    assert finding.late_by == datetime(2011, 6, 7, tzinfo=AMSTERDAM).astimezone(UTC) - due.astimezone(UTC)
    read = {reading.fact: reading.value for reading in finding.evidence.inputs}
    assert read["request.statute_due"] == due
    assert "stopped: supplement" in finding.explain()


def test_permits_that_the_town_says_were_granted_by_law_were_late(audited, every):
    """Of the ten permits that the town itself notes as granted by law, nine are late by our clock too.

    The tenth was decided while its applicant's papers were out: the town did not take the wait out, we do.
    """
    noted = {name for name, case in every.items() if case.by_law is not None}
    report = audited(NAME)
    assert {finding.key for finding in report.filter(rule="permits/not_granted_by_law").failures} == noted
    in_time = [name for name in noted if report.finding(name, RULE).verdict == "pass"]
    assert (len(noted), in_time) == (10, ["4971943"])
    case = every["4971943"]
    assert case.submitted.date() + 8 * WEEK < case.ended.date() < case.completed.date()
    assert case.told.date() < case.submitted.date() + 8 * WEEK


def test_what_the_letter_of_the_law_would_change(cases):
    """The law begins the wait a day later, and ends it when the days given are over: 2 and 20 more would be late."""
    ours = {name for name, case in cases.items() if case.late()}
    next_day = {name for name, case in cases.items() if case.late(wait_from=1)}
    law = {name for name, case in cases.items() if case.late(wait_from=1, lapses=True)}
    assert ours < next_day < law
    assert (len(next_day - ours), len(law - next_day)) == (2, 20)


def test_extensions(counts, every):
    """145 terms were extended; 14 of the extensions came when the term had passed."""
    assert sum(case.extended is not None for case in every.values()) == 145
    assert counts(NAME, "in_time/extended_before_expiry")["fail"] == 14


def test_a_stop_without_a_ground_is_a_finding(audited, counts):
    """Six times the town halted the term on its own initiative; no law names that reason, so the time counted."""
    assert counts(NAME, "in_time/stopped_for_listed_reason") == {"fail": 6, "not_applicable": 1_193}
    assert "stop_unknown_reason own_initiative" in audited(NAME).finding("9444111", RULE).explain()


def test_the_load_report(audited):
    """Two thirds of the stamps are midnight, and 46 pairs of steps cannot have come in the order of their dates."""
    load = audited(NAME).load
    assert (load.read, load.accepted, load.rejected, load.requests, load.events) == (52_217, 52_217, 0, 1_199, 4_620)
    assert load.files[0].passed_over > 40_000
    assert load.at_midnight / load.events == pytest.approx(0.68, abs=0.005)
    assert (len(load.contradictions), load.tied_requests) == (46, 353)


def test_which_papers_were_missing_is_not_recorded(counts):
    """Letters do not say which papers they ask for, so whether they stand on a posted list is unknown."""
    assert counts(NAME, "told_once/asked_from_posted_list") == {"unknown": 288, "not_applicable": 911}
    assert counts(NAME, "told_once/told_once")["pass"] == 258


ENDS = {
    "01_HOOFD_490_3", "01_HOOFD_490_5", "08_AWB45_070_3", "08_AWB45_070_5",
    ("05_EIND_010", "True"), ("01_HOOFD_491", "register date environmental permit decision"),
    ("08_AWB45_080", "enter date decision permanent suspension"),
}  # fmt: skip
HALTS = {("01_HOOFD_540", "True"), ("07_OPS_010", "True")}
GOES_ON = {("07_OPS_070", "Resterende termijn"), ("07_OPS_070", "Volledige termijn")}


def _held(lines):
    """Return who had a case: whoever registered it, the applicant while papers were out, a halt of the town."""
    marks, waits, clerk = [], [], None
    lines = sorted((line for line in lines if line["lifecycle"] == "complete"), key=lambda line: line["ts"])
    for line in lines:
        step = line["activity"]
        said = {step, (step, line["question"]), (step, line["activityNameEN"])}
        if said & ENDS:
            return spans_between(marks, instant(line["ts"])), False
        if step == "01_HOOFD_010":
            clerk = ("clerk", line["resource"], None)
        elif clerk is None:
            continue
        elif step == "08_AWB45_020_2" and APPLICANT not in waits:
            waits.append(APPLICANT)
        elif said & HALTS and HALT not in waits:
            waits.append(HALT)
        elif step in ("08_AWB45_040", "01_HOOFD_195"):
            waits = [wait for wait in waits if wait != APPLICANT]
        elif said & GOES_ON:
            waits = [wait for wait in waits if wait != HALT]
        marks.append((instant(line["ts"]), waits[0] if waits else clerk))
    return spans_between(marks, instant(END)), bool(waits)


APPLICANT, HALT = ("applicant", "applicant", None), ("stop", "own_initiative", None)
FIRST = date(2010, 9, 1)
WORKDAYS_BEFORE = [0]
for _number in range(2_000):
    WORKDAYS_BEFORE.append(WORKDAYS_BEFORE[-1] + (not _off(FIRST + DAY * _number)))


def _opened(at):
    """Return the time of the days on which a term can end, since a day before the log; clocks change on Sundays."""
    local = at.astimezone(AMSTERDAM)
    before = WORKDAYS_BEFORE[(local.date() - FIRST).days] * DAY
    return before if _off(local.date()) else before + (local - local.replace(hour=0, minute=0, second=0, microsecond=0))


@pytest.fixture(scope="module")
def held(rows):
    return {name: _held(lines) for name, lines in rows(NAME).items()}


def test_who_had_the_cases(views, held):
    """What does not wait is with whoever registered the case; 176 cases have no end in the log and run on."""
    spans = {name: found for name, (found, _) in held.items()}
    assert sum(found[-1].end == END for found in spans.values() if found) == 176
    assert views(NAME).time_by_holder() == time_by_holder(spans, _opened)


def test_waits_by_cause(views, held):
    """288 times papers were waited for, and 14 never came; five times the town halted its own clock."""
    spans = {name: found for name, (found, _) in held.items()}
    found = waits_by_cause(spans, _opened, [name for name, (_, still) in held.items() if still])
    assert views(NAME).waits_by_cause() == found
    assert {name: (wait.times, wait.unended) for (_, name), wait in found.items()} == {
        "applicant": (288, 14), "own_initiative": (5, 1)
    }  # fmt: skip


def test_the_statute_by_clerk(audited, rows):
    """Verdicts are put together by the clerk whom the first row of a case names."""
    found = {}
    for finding in audited(NAME).filter(rule=RULE):
        who = rows(NAME)[finding.key][0]["case_Responsible_actor"] or "unknown"
        found.setdefault(who, {}).setdefault(finding.verdict, []).append(finding.key)
    ours = ws.cases.verdicts_by(audited(NAME), RULE, "responsible")
    assert {who: dict(counts) for who, counts in ours.items()} == {
        who: {verdict: len(keys) for verdict, keys in verdicts.items()} for who, verdicts in found.items()
    }
