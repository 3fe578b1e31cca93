"""Open matters and how commitments are kept (row-E1, row-W4)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import windowservice as ws
from windowservice.engine.frames.requests import request_frames
from windowservice.engine.report.report import Report
from windowservice.instants import to_us
from windowservice.reports.matters.matters import _quantile, open_matters, promises
from windowservice.scoring.shown import percent


def test_row_e1_open_matters_are_told_with_holder_and_due(report: Report) -> None:
    """Overdue, at risk, due next: in that order, each with who holds it and until when; what ended is not there."""
    found = open_matters(report)
    assert found is not None
    assert [(m.key, m.state, m.holder, m.in_transfer, f"{m.due:%d %H:%M}") for m in found] == [
        ("overdue", "overdue", "zhao", False, "10 17:00"),
        ("at-risk", "at risk", "wang", True, "15 17:00"),
        ("running", "due next", "wang", False, "21 17:00"),
    ]


def test_without_the_rule_open_matters_are_not_told(engine: ws.Engine, report: Report) -> None:
    """None is not an empty list: nobody looked."""
    records = [subject.record for subject in report.subjects]
    assert open_matters(engine.only("told_once").audit(records, as_of="2018-05-15")) is None
    assert open_matters(engine.audit([], as_of="2018-05-15")) == []


def test_row_w4_promises_are_counted_with_the_share_used(report: Report) -> None:
    """Kept, missed, open; and of the finished ones the share of their time that they used."""
    (promise,) = promises(report).values()
    assert (promise.service, promise.kept, promise.missed, promise.open) == ("S10", 1, 2, 2)
    assert promise.share_kept == Fraction(1, 3)
    minutes = 390  # of open time in a day; the commitment is five working days, from 09:10 on the first
    there_was = (minutes - 40) + 5 * minutes
    kept_used = (minutes - 40) + minutes + 90  # Thursday from 09:10, Friday, Monday until 10:00
    assert promise.p95_used is not None
    assert promise.p95_used > 1
    assert promise.median_used == (Fraction(kept_used, there_was) + promise.p95_used) / 2  # of two, the mean


def test_a_promise_of_elapsed_time_is_measured_in_elapsed_time(engine: ws.Engine, make) -> None:
    """For 72 hours, real time is the measure, at night too."""
    limit = ws.Adjust("commitment", {"S10": {"2018-01-01": "72 hours"}}, ws.Basis("test"))
    request = make("r", ("03T09:00", "submitted"), ("03T09:00", "accepted"), ("04T21:00", "decided"))
    (promise,) = promises(engine.amended(limit).audit([request], as_of="2018-05-15")).values()
    assert promise.median_used == Fraction(1, 2)


def test_time_that_does_not_count_is_no_time_used(engine: ws.Engine) -> None:
    """A stop takes nothing of the limit."""
    events = [("03T08:30", "submitted"), ("03T08:30", "accepted"), ("04T08:30", "suspended"), ("07T08:30", "resumed")]
    request = ws.Request(
        "r", "B", "S10",
        events=[
            *(ws.Event(f"2018-05-{at}+08:00", kind, by="w", reason="hearing", written=True) for at, kind in events),
            ws.Event("2018-05-07T17:00+08:00", "decided", by="w"),
        ],
    )  # fmt: skip
    (promise,) = promises(engine.audit([request], as_of="2018-05-31")).values()
    assert promise.median_used == Fraction(2, 6)


def test_promises_of_frames_are_those_of_requests(engine: ws.Engine, make: Any) -> None:
    """With a stop, and with an end of which only the date is known: columns hold its midnight."""
    done = ws.Event("2018-05-08T00:00+08:00", "decided", by="w", date_only=True)
    days = [("03T08:30", "submitted"), ("03T08:30", "accepted"), ("04T08:30", "suspended"), ("07T08:30", "resumed")]
    events = [ws.Event(f"2018-05-{at}+08:00", kind, by="w") for at, kind in days]
    requests = [
        make("a", ("03T09:00", "submitted"), ("03T09:00", "accepted"), ("04T16:00", "decided")),
        ws.Request("b", "B", "S10", events=[*events, done]),
        ws.Request("c", "B", "S10", events=events),
    ]
    tables = request_frames(requests, to_us("2018-06-01T00:00+08:00"))
    one = promises(engine.audit(requests, as_of="2018-05-31"))
    assert one["S10"].p95_used is not None
    assert promises(engine.audit(*tables, as_of="2018-05-31")) == one


@given(st.lists(st.fractions(0, 3), min_size=1, max_size=30), st.integers(1, 100))
def test_a_percentile_is_one_of_the_values(values: list[Fraction], percent_: int) -> None:
    """It is the smallest value that at least so many percent of the values do not exceed."""
    found = _quantile(values, percent_)
    assert found in values
    assert sum(value <= found for value in values) * 100 >= percent_ * len(values)
    assert sum(value < found for value in values) * 100 < percent_ * len(values)


@pytest.mark.parametrize(
    ("share", "said"),
    [(None, "-"), (Fraction(0), "0.0 %"), (Fraction(1, 3), "33.3 %"), (Fraction(1, 2000), "0.1 %")],
)
def test_shares_are_rounded_half_up(share: Fraction | None, said: str) -> None:
    """One place, half up, and a dash where there is no share."""
    assert percent(share) == said


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (Fraction(2499, 2500), "99.96 %"), (Fraction(999_999, 1_000_000), "99.9999 %"), (Fraction(1), "100.0 %"),
        (Fraction(0), "0.0 %"), (Fraction(1, 5000), "0.02 %"), (Fraction(10_001, 10_000), "100.01 %"),
        (Fraction(1, 3), "33.3 %"), (None, "-"),
    ],
)  # fmt: skip
def test_no_share_below_one_reads_as_all_and_none_above_nothing_as_nothing(share: Fraction | None, shown: str) -> None:
    """It is shown to as many places as that takes; a little over all is not all either."""
    assert percent(share) == shown
