"""Open time after a deadline is counted by the calendar of the deadline itself, however the deadline is come by.

Each way in which an expression can come to a due instant is judged as an object, as a frame and in the evidence.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl
import pytest

import windowservice as ws

D = datetime.fromisoformat
US = ws.WorkCalendar("America/New_York", "mon-fri 09:00-17:00", name="us")
NL = ws.WorkCalendar("Europe/Amsterdam", "mon-fri 08:00-12:00", name="nl", known_until="2024-07-04")
ALWAYS = ws.WorkCalendar("UTC", "mon-sun 00:00-24:00", name="always")


class step(ws.Facts, happens="at"):
    """A step of a ticket."""

    at = ws.fact(datetime, "When", required=True)
    cal = ws.fact(str, "Calendar")
    due = ws.fact(ws.due(at, "1 working hours", cal), "When it was due")


class tk(ws.Facts, children=step, under="steps"):
    """A ticket."""

    id = ws.fact(str, "Number", required=True)
    opened = ws.fact(datetime, "When it was opened", required=True)
    again = ws.fact(datetime, "When it was opened again")
    done = ws.fact(datetime, "When it was done")
    cal = ws.fact(str, "Calendar")
    due = ws.fact(ws.due(opened, "1 working hours", cal), "When it was due")


named = ws.due(tk.opened, "1 working hours", "us")
other = ws.due(tk.again, "1 working hours", "nl")
WAYS: dict[str, tuple[Any, ws.WorkCalendar]] = {
    "named in the rule": (named, US),
    "named by the record": (ws.due(tk.opened, "1 working hours", tk.cal), US),
    "through a fact": (tk.due, US),
    "a fallback that was not needed": (named.otherwise(other), US),
    "a fallback that was": (other.otherwise(named), US),
    "a choice": (ws.choose(tk.cal == "us", named, tk.opened), US),
    "the other side of a choice": (ws.choose(tk.cal == "nl", other, named), US),
    "by the default": (ws.due(tk.opened, "1 working hours"), ALWAYS),
    "of a record that names none": (ws.due(tk.opened, "1 working hours", tk.again.is_known().choose("nl", "")), ALWAYS),
}
# Friday 16:00 in New York; due 17:00; done on Monday 11:00
RECORD = {
    "id": "a", "opened": D("2024-07-05T20:00Z"), "again": None, "done": D("2024-07-08T15:00Z"), "cal": "us",
    "steps": [{"at": D("2024-07-05T20:00Z"), "cal": "us"}],
}  # fmt: skip


@pytest.fixture(scope="module")
def engine() -> ws.Engine:
    """Return an engine with a rule for each way."""
    rules = [ws.Rule(f"r{n}", title=way, require=tk.done.by(due)) for n, (way, (due, _)) in enumerate(WAYS.items())]
    calendars = {"us": US, "nl": NL, "window": ALWAYS}
    return ws.Engine.load(packs=[ws.Pack("p", version="1", rules=rules)], calendars=calendars, installed=False)


@pytest.mark.parametrize("way", WAYS)
def test_open_time_after_a_due_is_that_of_its_own_calendar_in_both_engines(engine: ws.Engine, way: str) -> None:
    place, (_, calendar) = list(WAYS).index(way), WAYS[way]
    finding = engine.check(RECORD, as_of="2024-07-09T00:00Z", of=tk).finding("a", f"r{place}")
    assert str(finding.verdict) == "fail"
    right = calendar.worked("2024-07-05T21:00Z", "2024-07-08T15:00Z")
    assert finding.overrun == right
    assert f"(open time {right})" in str(finding)
    record = {key: value for key, value in RECORD.items() if key != "steps"}
    frame = pl.DataFrame([record], schema_overrides={"again": pl.Datetime("us", "UTC")})
    found = engine.audit(frame, as_of="2024-07-09T00:00Z", of=tk).to_frame().filter(rule=f"p/r{place}")
    assert found["overrun_seconds"].to_list() == [right.total_seconds()]


CHILDREN = {
    "the first": step.due.first(),
    "the last": step.due.last(),
    "one that is asked for": step.due.first(where=step.cal == "us"),
}


@pytest.mark.parametrize("which", CHILDREN)
def test_open_time_after_the_due_of_a_child_is_that_of_the_calendar_which_the_child_names(which: str) -> None:
    rule = ws.Rule("r", title=which, require=tk.done.by(CHILDREN[which]))
    calendars = {"us": US, "nl": NL, "window": ALWAYS}
    engine = ws.Engine.load(packs=[ws.Pack("p", version="1", rules=[rule])], calendars=calendars, installed=False)
    finding = engine.check(RECORD, as_of="2024-07-09T00:00Z", of=tk).finding("a", "r")
    assert finding.overrun == US.worked("2024-07-05T21:00Z", "2024-07-08T15:00Z")
    assert [calendar.name for calendar in finding.evidence.calendars] == ["us"]


def test_the_versions_cited_are_those_of_the_calendars_that_took_part(engine: ws.Engine) -> None:
    def cited(place: int) -> list[str]:
        text = engine.check(RECORD, as_of="2024-07-09T00:00Z", of=tk).finding("a", f"r{place}").explain()
        return [line.strip() for line in text.splitlines() if line.startswith("  calendar ")]

    assert cited(0) == [f"calendar us (America/New_York) {US.version}"]
    assert cited(list(WAYS).index("by the default")) == [f"calendar always (UTC) {ALWAYS.version}"]
    assert len(cited(list(WAYS).index("a fallback that was"))) == 2


def test_a_due_is_provisional_by_the_days_that_its_own_calendar_knows() -> None:
    rules = [
        ws.Rule(name, title=name, require=tk.done.by(ws.due(tk.opened, "1 working hours", name)))
        for name in ("us", "nl")
    ]
    calendars = {"us": US, "nl": NL, "window": ALWAYS}
    engine = ws.Engine.load(packs=[ws.Pack("p", version="1", rules=rules)], calendars=calendars, installed=False)
    report = engine.check({**RECORD, "done": None}, as_of="2024-07-05T20:30Z", of=tk)
    assert "provisional" not in str(report.finding("a", "us"))
    assert "provisional" in str(report.finding("a", "nl"))


def test_a_pending_verdict_shows_the_due_with_which_it_is_decided() -> None:
    """Of alternatives the last one waited for, of conditions that must all hold the first; in local time."""
    early, late = ws.due(tk.opened, "1 working hours", "us"), ws.due(tk.opened, "3 working hours", "us")
    shapes = {
        "either": (tk.done.by(early) | tk.done.by(late), "2024-07-08 11:00-0400"),
        "both": (tk.done.by(early) & tk.done.by(late), "2024-07-05 17:00-0400"),
        "neither": (~(tk.done.by(early) | tk.done.by(late)), "2024-07-05 17:00-0400"),
        "not_both": (~(tk.done.by(early) & tk.done.by(late)), "2024-07-08 11:00-0400"),
    }
    rules = [ws.Rule(name, title=name, require=require) for name, (require, _) in shapes.items()]
    engine = ws.Engine.load(
        packs=[ws.Pack("p", version="1", rules=rules)], calendars={"us": US, "window": ALWAYS}, installed=False
    )
    report = engine.check({**RECORD, "done": None}, as_of="2024-07-05T20:30Z", of=tk)
    for name, (_, due) in shapes.items():
        finding = report.finding("a", name)
        assert str(finding.verdict) == "pending"
        assert f"due {due}" in str(finding), name
