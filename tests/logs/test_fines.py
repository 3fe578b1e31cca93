"""Traffic fines: three limits in calendar days, and an appeal whose last day rolls; all judged in columns."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from random import Random

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from windowservice.engine.report.frame import findings_frame

from . import fines
from .audits import FINES

DAY = timedelta(1)
LAST = date(2013, 6, 30)
STEPS = {
    "made": ["Create Fine"], "sent": ["Send Fine"], "told": ["Insert Fine Notification"], "paid": ["Payment"],
    "appealed": ["Insert Date Appeal to Prefecture", "Appeal to Judge"],
}  # fmt: skip
EASTERS = (
    date(2000, 4, 23), date(2001, 4, 15), date(2002, 3, 31), date(2003, 4, 20), date(2004, 4, 11), date(2005, 3, 27),
    date(2006, 4, 16), date(2007, 4, 8), date(2008, 3, 23), date(2009, 4, 12), date(2010, 4, 4), date(2011, 4, 24),
    date(2012, 4, 8), date(2013, 3, 31),
)  # fmt: skip
FIXED = {(1, 1), (1, 6), (4, 25), (5, 1), (6, 2), (8, 15), (11, 1), (12, 8), (12, 25), (12, 26)}


@pytest.fixture(scope="module")
def folder(log):
    return log(FINES.file).parent


@pytest.fixture(scope="module")
def report(folder):
    return fines.judged(folder)


@pytest.fixture(scope="module")
def rows(folder):
    return pl.read_parquet(folder / FINES.file)


@pytest.fixture(scope="module")
def cases(rows):
    """The first date of each step, for every fine."""
    activity, day = pl.col("activity").cast(pl.String), pl.col("ts").dt.date()
    firsts = {name: day.filter(activity.is_in(words)).min() for name, words in STEPS.items()}
    return {row.pop("case"): row for row in rows.group_by("case").agg(**firsts).iter_rows(named=True)}


def _failed(report, rule):
    return set(report.filter(rule=rule).failures.to_frame()["key"])


def _rest(day):
    """Return whether no term ends on the day: Sundays and the holidays of the whole country."""
    republic = (day.month, day.day) == (6, 2) and day.year == 2000  # a holiday again since 2001
    unity = day == date(2011, 3, 17)
    return day.weekday() == 6 or (day - DAY) in EASTERS or ((day.month, day.day) in FIXED and not republic) or unity


def test_sent_or_paid_within_ninety_days(report, cases):
    """50,012 of 150,370 fines were neither sent nor paid by the ninetieth day after they were made out."""
    late = set()
    for name, case in cases.items():
        done = min((day for day in (case["sent"], case["paid"]) if day is not None), default=LAST)
        if done > case["made"] + 90 * DAY:
            late.add(name)
    assert _failed(report, "fines/sent_in_time") == late
    assert len(late) == 50_012


def test_paid_within_sixty_days_of_the_notification(report, cases):
    """Of 79,860 fines that were notified 5,013 were paid in time."""
    told = {name: case for name, case in cases.items() if case["told"]}
    late = {name for name, case in told.items() if (case["paid"] or LAST) > case["told"] + 60 * DAY}
    assert _failed(report, "fines/paid_in_time") == late
    assert (len(told), len(told) - len(late)) == (79_860, 5_013)


def _last_day(told):
    day = told + 60 * DAY
    while _rest(day):
        day += DAY
    return day


def test_appeals_whose_last_day_rolls(report, cases):
    """626 of 4,399 appeals came too late; 20 more came after the sixtieth day and in time, for it was no workday."""
    both = {name: case for name, case in cases.items() if case["told"] and case["appealed"]}
    late = {name for name, case in both.items() if case["appealed"] > _last_day(case["told"])}
    assert _failed(report, "fines/appealed_in_time") == late
    rolled = {name for name, case in both.items() if case["appealed"] > case["told"] + 60 * DAY} - late
    assert all(_rest(both[name]["told"] + 60 * DAY) for name in rolled)
    assert (len(both), len(late), len(rolled)) == (4_399, 626, 20)


def test_appeals_before_the_notification(report, cases):
    """28 appeals are dated before the notification: the data contradict themselves, and a rule says so."""
    early = {name for name, c in cases.items() if c["told"] and c["appealed"] and c["appealed"] < c["told"]}
    assert _failed(report, "fines/appealed_after_notice") == early
    assert len(early) == 28


def test_one_rolled_appeal_by_hand(report, cases):
    """The sixtieth day is a Sunday: an appeal on Monday is in time, one on Tuesday is not."""
    sundays = {
        name: case["appealed"] - case["told"] for name, case in cases.items()
        if case["told"] and case["appealed"] and (case["told"] + 60 * DAY).weekday() == 6
        and not _rest(case["told"] + 61 * DAY)
    }  # fmt: skip
    monday = min(name for name, days in sundays.items() if days == 61 * DAY)
    tuesday = min(name for name, days in sundays.items() if days == 62 * DAY)
    assert report.finding(monday, "appealed_in_time").verdict == "pass"
    finding = report.finding(tuesday, "appealed_in_time")
    assert (finding.verdict, finding.late_by) == ("fail", DAY)


def test_by_office(folder, rows, cases):
    """How the limit for sending was kept is counted by the office that made the fine out."""
    made = rows.filter(pl.col("activity") == "Create Fine")
    found: dict[str, Counter[str]] = {}
    for name, office in made.select("case", pl.col("resource").cast(pl.String)).iter_rows():
        case = cases[name]
        done = min((day for day in (case["sent"], case["paid"]) if day is not None), default=LAST)
        found.setdefault(office, Counter())["fail" if done > case["made"] + 90 * DAY else "pass"] += 1
    ours = {
        office: Counter({str(verdict): n for verdict, n in counts.items()})
        for office, counts in fines.by_office(folder).items()
    }
    assert ours == found
    assert found["538"] == {"fail": 2_659, "pass": 5_949}


def test_every_row_is_accounted_for(report):
    """In columns too the counts add up: every row is an event that is seen, none lies later or belongs to no fine."""
    intake = report.intake
    assert (intake.records, intake.children, intake.seen, intake.later, intake.orphans) == (
        150_370, 561_470, 561_470, 0, 0
    )  # fmt: skip
    assert not intake.unjudged
    assert not report.slow


def test_a_day_too_late_is_late(report, cases):
    """741 fines were sent or paid on the ninety-first day: were the stamps read as midnights, they would be in time."""
    done = {
        name: min(day for day in (case["sent"], case["paid"]) if day is not None) for name, case in cases.items()
        if case["sent"] or case["paid"]
    }  # fmt: skip
    on_the_next = {name for name, day in done.items() if day == cases[name]["made"] + 91 * DAY}
    assert on_the_next <= _failed(report, "fines/sent_in_time")
    assert len(on_the_next) == 741


def test_a_part_read_as_a_ledger_says_the_same(report, rows, tmp_path):
    """6,000 fines drawn by lot, read row by row through the mapping, get the verdicts and numbers of the columns."""
    drawn = Random(13).sample(sorted(rows["case"].unique()), 6_000)
    part = rows.filter(pl.col("case").is_in(drawn))
    part.write_parquet(tmp_path / FINES.file)
    ledger = FINES.read(tmp_path)
    one = FINES.engine().audit(ledger, as_of=FINES.as_of, columns=False)
    numbers = ["key", "rule", "verdict", "shortfall", "unit", "overrun_seconds", "figures"]
    ours = findings_frame(iter(one)).select(numbers).sort("key", "rule")
    other = report.filter(key=drawn).to_frame().select(numbers).sort("key", "rule")
    # In the frames an appeal stands at the end of its date.
    early = pl.when(rule="fines/appealed_after_notice").then(pl.col("shortfall") + 86_400).otherwise("shortfall")
    assert_frame_equal(ours, other.with_columns(shortfall=early))
    load = ledger.report
    assert (load.read, load.rejected, load.requests) == (part.height, 0, 6_000)
    assert (load.at_midnight, load.events) == (0, part.height)  # dates have no hour, so none is at midnight
    assert all(event.date_only for request in ledger for event in request.events)
    assert not load.varying
    assert len(load.duplicates) == part.height - part.unique(["case", "ts", "activity"]).height
