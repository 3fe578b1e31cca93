"""Reception of environmental permits: deadlines that the town gave, and the clerk who answers for a case."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

import windowservice as ws
from windowservice.worktime.spans import work

from .reckoning import instant, moves_and_returns, parts_by_group, spans_between, time_by_holder

NAME = "receipt"
DAY = timedelta(1)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
END = datetime(2012, 1, 24, tzinfo=AMSTERDAM)  # 24:00 of the day judged
# Days off on weekdays, October 2010 to January 2012, from a printed calendar.
OFF = {date(2011, 4, 22), date(2011, 4, 25), date(2011, 6, 2), date(2011, 6, 13), date(2011, 12, 26)}


def _at(text):
    return datetime.fromisoformat(text) if text else None


def _cases(rows):
    """Yield each case with its start, end and deadline, and its steps as (name, instant, clerk)."""
    for name, lines in rows(NAME).items():
        start, end, deadline = (_at(lines[0][f"case:{column}"]) for column in ("startdate", "enddate", "deadline"))
        steps = [(line["concept:name"], _at(line["time:timestamp"]), line["org:resource"]) for line in lines]
        yield name, start, end, deadline, steps, lines[0]["case:responsible"]


def test_deadlines_are_kept_as_plain_python_counts_them(counts, rows):
    """952 cases were closed in time; 377 late and 39 open beyond their deadline fail; 66 may still make it."""
    wanted = {"pass": 0, "fail": 0, "pending": 0}
    for _, _, end, deadline, _, _ in _cases(rows):
        done = end is not None and end <= END
        wanted["pass" if done and end <= deadline else "fail" if done or deadline < END else "pending"] += 1
    assert counts(NAME, "receipt/deadline_kept") == wanted == {"pass": 952, "fail": 377 + 39, "pending": 66}


def test_each_late_case_is_late_by_what_the_file_says(audited, rows):
    """The lateness of every closed case is the difference of two cells of its row, to the microsecond."""
    late = {f.key: f.late_by for f in audited(NAME).filter(rule="receipt/deadline_kept").failures}
    for name, _, end, deadline, _, _ in _cases(rows):
        if end is not None and end > deadline:
            assert late[name] == end - deadline
        elif name in late:
            assert late[name] == END - deadline


def test_one_late_case_by_hand(audited):
    """Case 10011 was to be closed on 6 December 2011 and was still open seven weeks later."""
    finding = audited(NAME).finding("case-10011", "receipt/deadline_kept")
    assert finding.late_by == END - datetime(2011, 12, 6, 13, 41, 31, 788000, tzinfo=AMSTERDAM)
    # 6 December from 13:41:31.788 to 18:00, then 33 days of ten hours: 48 less 14 of weekends and one holiday
    assert finding.overrun == work(hours=4, minutes=18, seconds=28.212) + work(hours=33 * 10)
    assert "still open" in str(finding)


def _workday(day):
    return day.weekday() < 5 and day not in OFF


def _confirmation_due(start):
    """Return 18:00 of the tenth workday after the day of the start."""
    day, left = start.astimezone(AMSTERDAM).date(), 10
    while left:
        day += timedelta(1)
        left -= _workday(day)
    return datetime(day.year, day.month, day.day, 18, tzinfo=AMSTERDAM)


def test_receipts_are_confirmed_as_days_counted_by_hand_say(audited, counts, rows):
    """Ten working days, counted one by one, give the same set of late confirmations."""
    late = set()
    for name, start, _, _, steps, _ in _cases(rows):
        confirmed = min(at for step, at, _ in steps if step == "Confirmation of receipt")
        if confirmed > _confirmation_due(start):
            late.add(name)
    assert {f.key for f in audited(NAME).filter(rule="receipt/receipt_confirmed").failures} == late
    assert counts(NAME, "receipt/receipt_confirmed") == {"pass": 1_434 - len(late), "fail": len(late)}


def test_who_confirms_and_who_checks(counts, rows):
    """847 receipts were confirmed by the clerk responsible; the check was mostly made by whoever confirmed."""
    by_responsible = own_check = checked = 0
    for _, _, _, _, steps, responsible in _cases(rows):
        confirmer = min((at, who) for step, at, who in steps if step == "Confirmation of receipt")[1]
        checks = [who for step, _, who in steps if step.startswith("T02 ")]
        by_responsible += confirmer == responsible
        checked += bool(checks)
        own_check += confirmer in checks
    assert counts(NAME, "receipt/confirmed_by_responsible") == {"pass": by_responsible, "fail": 1_434 - by_responsible}
    assert by_responsible == 847
    assert counts(NAME, "receipt/checked_by_another") == {
        "pass": checked - own_check, "fail": own_check, "not_applicable": 1_434 - checked
    }  # fmt: skip


def test_a_confirmation_that_was_sent_but_never_determined_is_unknown(audited, rows):
    """One confirmation was sent and not yet determined: whether the order was kept cannot be told."""
    sent = {name for name, _, _, _, steps, _ in _cases(rows) if any(step.startswith("T05 ") for step, _, _ in steps)}
    determined = {
        name for name, _, _, _, steps, _ in _cases(rows) if any(step.startswith("T04 ") for step, _, _ in steps)
    }
    report = audited(NAME).filter(rule="receipt/determined_before_sent")
    assert {f.key for f in report.unknowns} == sent - determined
    assert len(report.unknowns) == 1
    assert report.unknowns[0].missing == ("reception.authorised_at",)
    assert not report.failures


def test_the_load_report(audited):
    """Every row is accounted for; 15 % of the events lie outside office hours; two were accepted before they began."""
    load = audited(NAME).load
    assert (load.read, load.accepted, load.rejected, load.requests, load.events) == (8_577, 8_577, 0, 1_434, 11_340)
    assert load.zone == "Europe/Amsterdam"
    assert (load.outside_hours, load.at_midnight, load.tied_events) == (1_685, 0, 0)
    assert [found.request for found in load.contradictions] == ["case-4677", "case-5704"]


def test_what_the_log_does_not_record_stays_unknown(audited):
    """The reception records no notice, no handover, no stop and no decision, so nothing is said of them."""
    by_rule = audited(NAME).by("rule")
    for rule in ("told_once/told_once", "first_contact/no_bounce", "in_time/extended_once", "in_time/stop_in_writing"):
        assert dict(by_rule[rule]) == {"unknown": 1_434}


def _opened(at):
    """Return the time from eight to six on workdays since the first of October 2010."""
    local = at.astimezone(AMSTERDAM)
    first, today = date(2010, 10, 1), local.date()
    opening = local.replace(hour=8, minute=0, second=0, microsecond=0)
    so_far = min(max(local - opening, timedelta()), timedelta(hours=10)) if _workday(today) else timedelta()
    return WORKDAYS_BEFORE[(today - first).days] * timedelta(hours=10) + so_far


WORKDAYS_BEFORE = [0]
for _number in range(600):
    WORKDAYS_BEFORE.append(WORKDAYS_BEFORE[-1] + _workday(date(2010, 10, 1) + DAY * _number))


@pytest.fixture(scope="module")
def held(rows):
    """Who did the last step of every case, from step to step until it was closed."""
    found = {}
    for name, _, end, _, steps, _ in _cases(rows):
        groups = [line["org:group"] for line in rows(NAME)[name]]
        marks = [
            (instant(at), ("clerk", clerk, None if group == "EMPTY" else group))
            for (_, at, clerk), group in zip(steps, groups, strict=True)
        ]
        marks.sort(key=lambda mark: mark[0])
        found[name] = spans_between(marks, instant(min(end or END, END)))
    return found


def test_who_had_the_cases(views, held):
    """Whoever did the last step has the case until the next, or until it is closed."""
    assert views(NAME).time_by_holder() == time_by_holder(held, _opened)


def test_from_group_to_group(views, held):
    """Cases go from group to group as their steps do; a fifth of the steps tells no group."""
    moves, back = moves_and_returns(held, lambda span: span.post)
    assert views(NAME).moves_and_returns("post") == (moves, back)
    assert (moves.total(), len(back), back.total()) == (5_388, 353, 527)


def test_what_cases_took_by_group(views, held, rows):
    """The parts of the groups in closed cases against the median of all parts."""
    kinds = {name: "permit" for name, _, end, _, _, _ in _cases(rows) if end is not None and end <= END}
    assert views(NAME).parts_by_group("post") == parts_by_group(held, _opened, kinds, lambda span: span.post)


def test_deadlines_by_clerk(audited, rows):
    """How the town's deadlines were kept is counted by the clerk who answers for the case."""
    found = {}
    for _, _, end, deadline, _, responsible in _cases(rows):
        done = end is not None and end <= END
        verdict = "pass" if done and end <= deadline else "fail" if done or deadline < END else "pending"
        found.setdefault(responsible, Counter())[verdict] += 1
    ours = ws.cases.verdicts_by(audited(NAME), "deadline_kept", "responsible")
    assert {who: {str(v): n for v, n in counts.items()} for who, counts in ours.items()} == found
