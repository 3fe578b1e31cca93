"""No calendar, and no zone, stands in by itself for one that nobody named; a name that nothing has is refused."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import polars as pl
import pytest
from tests.engines import built_in

import windowservice as ws
from windowservice.errors import InvalidValue, NoDefaultCalendar, UnknownName
from windowservice.language.text.parse import Names, parse

D = datetime.fromisoformat
US = ws.WorkCalendar("America/New_York", "mon-fri 09:00-17:00", name="us")
NL = ws.WorkCalendar("Europe/Amsterdam", "mon-fri 08:00-12:00", name="nl")
NY = ws.WorkCalendar("America/New_York", "mon-sun 00:00-24:00", name="ny")
BASIS = ws.Basis("a test", mark="assumption")
NAMED = ws.Figure("calendar_of", str, {"a": {"2000-01-01": "us"}, "b": {"2000-01-01": "mars"}}, basis=BASIS)
DATED = ws.Figure("most", int, {"2000-01-01": 5, "2024-07-01": 6}, basis=BASIS)
FOR_EVER = ws.Figure("ever", int, {"2000-01-01": 5}, basis=BASIS)


class tk(ws.Facts, dated_by="opened"):
    """A ticket."""

    id = ws.fact(str, "Number", required=True)
    opened = ws.fact(datetime, "When it was opened", required=True)
    done = ws.fact(datetime, "When it was done")
    cal = ws.fact(str, "Calendar")
    n = ws.fact(int, "A number")
    inner = ws.fact(ws.due(opened, "1 working hours"), "A due that a fact hides")


SPAN = ws.WorkSpan(3_600_000_000)
NAMELESS: dict[str, Any] = {
    "due": tk.done.by(ws.due(tk.opened, "1 working hours")),
    "due in days": tk.done.by(ws.due(tk.opened, "1 working day")),
    "a due that a fact hides": tk.done.by(tk.inner),
    "worked": ws.worked(tk.opened, tk.done) <= SPAN,
    "workdays": ws.workdays(tk.opened.date(), tk.done.date()) <= 1,
    "a fallback": tk.done.by(ws.due(tk.opened, "1 working hours", tk.cal.otherwise(""))),
    "one side of a choice": tk.done.by(ws.due(tk.opened, "1 working hours", (tk.n == 1).choose("us", ""))),
    "where a condition stands": tk.done.by(tk.opened),
}
ZONED: dict[str, Any] = {"a date": tk.opened.date() == date(2024, 7, 3), "a figure that changes": tk.n <= DATED}
FREE: dict[str, Any] = {
    "no time at all": tk.n == 1,
    "an instant": tk.done.by(tk.opened),
    "real time": tk.done.by(ws.due(tk.opened, "2 hours")),
    "a figure that never changes": tk.n <= FOR_EVER,
    "a calendar that the record names": tk.done.by(ws.due(tk.opened, "1 working hours", tk.cal)),
}
# Wednesday 3 July 11:00 in New York, due 12:00, done 15:00
RECORD = {"id": "a", "opened": D("2024-07-03T15:00Z"), "done": D("2024-07-03T19:00Z"), "cal": "us", "n": 1}


def load(require: Any, calendars: Any = None, **more: Any) -> ws.Engine:
    """Return an engine with one rule of one's own."""
    when = NAMELESS["due"] if require is NAMELESS["where a condition stands"] else None
    rule = ws.Rule("r", title="r", require=require, when=when)
    return ws.Engine.load(packs=[ws.Pack("p", version="1", rules=[rule])], calendars=calendars, installed=False, **more)


@pytest.mark.parametrize("way", NAMELESS)
@pytest.mark.parametrize("calendars", [None, {}, {"us": US, "nl": NL}], ids=["none", "empty", "several"])
def test_a_limit_that_names_no_calendar_is_refused_where_there_is_no_default(way: str, calendars: Any) -> None:
    unnamed = UnknownName if way == "one side of a choice" and not calendars else NoDefaultCalendar
    with pytest.raises(unnamed) as refused:
        load(NAMELESS[way], calendars)
    assert "rule p/r" in str(refused.value)
    assert all(name in str(refused.value) for name in calendars or ())


@pytest.mark.parametrize("way", NAMELESS)
@pytest.mark.parametrize("calendars", [US, {"us": US}, {"us": US, "window": US}, {"window": US}])
def test_the_only_calendar_given_or_the_one_named_window_is_used(way: str, calendars: Any) -> None:
    if way == "one side of a choice" and calendars == {"window": US}:
        pytest.skip("it names a calendar that is not there")
    engine = load(NAMELESS[way], calendars)
    assert engine.calendar == US
    assert engine.zone == US.zone


@pytest.mark.parametrize("way", ZONED)
def test_dates_need_one_zone(way: str) -> None:
    with pytest.raises(NoDefaultCalendar):
        load(ZONED[way], {"us": US, "nl": NL})
    for calendars in (None, {"us": US, "ny": NY}, {"us": US, "nl": NL, "window": NL}):
        load(ZONED[way], calendars)


@pytest.mark.parametrize("way", FREE)
def test_what_needs_no_calendar_is_judged_without_one(way: str) -> None:
    engine = load(FREE[way], {"us": US, "nl": NL})
    report = engine.check(RECORD, as_of="2024-07-09T00:00Z", of=tk)
    assert report.finding("a", "r").explain()
    assert str(report.finding("a", "r").verdict) in ("pass", "fail")
    same = engine.audit(pl.DataFrame([RECORD]), as_of="2024-07-09T00:00Z", of=tk)
    assert same.finding("a", "r").verdict == report.finding("a", "r").verdict
    assert pickle.loads(pickle.dumps(engine)).zone == engine.zone


def test_a_bare_date_means_the_end_of_that_day_in_a_zone_that_was_given() -> None:
    assert load(FREE["no time at all"], US).instant_of("2024-07-03") == load(FREE["no time at all"]).instant_of(
        "2024-07-04T04:00Z"
    )
    assert load(FREE["no time at all"], {"us": US, "ny": NY}).zone == US.zone
    with pytest.raises(NoDefaultCalendar, match="offset"):
        load(FREE["no time at all"], {"us": US, "nl": NL}).check(RECORD, as_of="2024-07-03", of=tk)
    bare = load(FREE["no time at all"])
    assert str(bare.check(RECORD, as_of="2024-07-03", of=tk).as_of) == "2024-07-04 00:00:00+00:00"
    with pytest.raises(NoDefaultCalendar):
        _ = bare.calendar


def test_a_record_that_names_no_calendar_is_unknown_where_there_is_no_default() -> None:
    engine = load(FREE["a calendar that the record names"], {"us": US, "nl": NL})
    nameless = {**RECORD, "cal": None}
    finding = engine.check(nameless, as_of="2024-07-09T00:00Z", of=tk).finding("a", "r")
    assert (str(finding.verdict), finding.missing) == ("unknown", ("tk.cal",))
    frame = pl.DataFrame([{**RECORD, "id": "b"}, nameless])
    report = engine.audit(frame, as_of="2024-07-09T00:00Z", of=tk)
    assert [str(report.finding(key, "r").verdict) for key in "ab"] == ["unknown", "fail"]


def test_a_calendar_named_in_data_that_nothing_has_is_an_error_of_that_record() -> None:
    engine = load(FREE["a calendar that the record names"], {"us": US, "nl": NL})
    wrong = {**RECORD, "cal": "nll"}
    finding = engine.check(wrong, as_of="2024-07-09T00:00Z", of=tk).finding("a", "r")
    assert str(finding.verdict) == "error"
    assert "did you mean 'nl'" in str(finding.error)
    report = engine.audit(pl.DataFrame([{**RECORD, "id": "b"}, wrong]), as_of="2024-07-09T00:00Z", of=tk)
    assert [str(report.finding(key, "r").verdict) for key in "ab"] == ["error", "fail"]


TEXT = "tk.done.by(due(tk.opened, limit('1 working hours'), 'uss').due)"
MISSPELT: dict[str, Callable[[], Any]] = {
    "in Python": lambda: tk.done.by(ws.due(tk.opened, "1 working hours", "uss")),
    "in a text rule": lambda: parse(TEXT, Names([tk])),
    "in a choice": lambda: tk.done.by(ws.due(tk.opened, "1 working hours", (tk.n == 1).choose("us", "uss"))),
    "in a fallback": lambda: tk.done.by(ws.due(tk.opened, "1 working hours", tk.cal.otherwise("uss"))),
    "in a figure": lambda: tk.done.by(ws.due(tk.opened, "1 working hours", NAMED[tk.cal])),
    "a calendar of the branch": lambda: tk.done.by(ws.due(tk.opened, "1 working hours", "HVPS")),
}


@pytest.mark.parametrize("place", MISSPELT)
def test_a_calendar_that_nothing_has_is_refused_at_load(place: str) -> None:
    with pytest.raises(UnknownName, match="calendar") as refused:
        load(MISSPELT[place](), {"us": US, "nl": NL})
    assert refused.value.known == ("us", "nl")
    with pytest.raises(UnknownName):
        load(NAMELESS["due"], US).with_rules(ws.Rule("more", title="m", require=MISSPELT[place]()))


WRONG_WHAT_IF: dict[str, Any] = {"widnow": US, "usa": US, "HVPS": US}


@pytest.mark.parametrize("name", WRONG_WHAT_IF)
def test_a_what_if_by_a_name_that_nothing_has_is_refused(name: str) -> None:
    with pytest.raises(UnknownName):
        load(NAMELESS["due"], US).what_if(calendars={name: US})
    if name != "HVPS":
        with pytest.raises(UnknownName):
            built_in().what_if(calendars={name: US})


@pytest.mark.parametrize("given", [US, {"us": US}, {"window": US}, {"us": US, "window": US}], ids=str)
@pytest.mark.parametrize("what_if", [NY, {"us": NY}, {"window": NY}], ids=["one", "us", "window"])
def test_a_what_if_by_any_name_of_the_calendar_changes_the_answer_or_is_refused(given: Any, what_if: Any) -> None:
    engine = load(NAMELESS["due"], given)
    try:
        other = engine.what_if(calendars=what_if)
    except UnknownName:
        assert isinstance(given, dict)
        assert not set(what_if) <= set(given)
        return
    expected = US if given == {"us": US, "window": US} and what_if == {"us": NY} else NY
    assert other.calendar == expected  # of two calendars only the one that was named changes


@pytest.mark.parametrize("wrong", [[US], "us", {"us": "America/New_York"}, {1: US}, {"": US}], ids=str)
def test_what_is_no_calendar_is_refused_with_what_to_write(wrong: Any) -> None:
    for call in (
        lambda: load(FREE["no time at all"], wrong),
        lambda: load(NAMELESS["due"], US).what_if(calendars=wrong),
    ):
        with pytest.raises(InvalidValue, match="calendar"):
            call()


def test_the_packs_of_the_branch_keep_window_as_their_default() -> None:
    for engine in (
        built_in(),
        ws.Engine.load(installed=False, calendars={"us": US}),
        ws.Engine.load(installed=False, calendars={"us": US}).only("told_once"),
        ws.Engine.load(installed=False, packs=[]),
    ):
        assert engine.calendar.name == "window"
        assert engine.zone.name == "Asia/Shanghai"  # type: ignore[attr-defined]
