"""The clock of a record: what it refuses, how it is written, and how findings tell of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.language.clocks.desk import CALENDARS, CLOCKS, OFFERS, engine, hours, status, ticket
from tests.language.clocks.test_clock_laws import rows

import windowservice as ws
from windowservice.errors import (
    InvalidRule,
    InvalidValue,
    MovingComparison,
    NoDefaultCalendar,
    RuleTextError,
    ScopeMismatch,
    TypeMismatch,
    UnknownAttribute,
    UnknownName,
)
from windowservice.facts.requests.event import event
from windowservice.language.text.parse import Names, parse
from windowservice.language.tree.expressions import same_expr

WAITING = status.at.where(status.to == "waiting")


class other(ws.Facts):
    """Another record."""

    at = ws.fact(datetime, "When")


def case(**said: Any) -> Any:
    """Declare a record with a clock."""
    given = {"limit": "1 working day", **said}

    class made(ws.Facts, children=status):
        """A case."""

        opened_at = ws.fact(datetime, "When it was opened", required=True)
        closed_at = ws.fact(datetime, "When it was closed")
        clock = ws.clock(opened_at, done=closed_at, **given)

    return made


def rule(require: ws.Expr[bool], of: Any = ticket) -> ws.Rule:
    return ws.Rule("r", title="t", of=of, require=require)


def load(of: Any) -> ws.Engine:
    return ws.Engine.load(packs=[ws.Pack("p", version="1", rules=[rule(of.clock.kept, of)])], calendars=CALENDARS)


def stopped(begin: Any, end: Any, reason: Any = "paused") -> Any:
    return case(stops=ws.intervals(begin, end, reason=reason))


BY: Any = status.to
NAMES = Names([ticket, status])
REFUSED: dict[str, tuple[type[Exception], str, Callable[[], Any]]] = {
    "another record": (ScopeMismatch, "'other'", lambda: rule(ticket.paused.kept, other)),
    "a state compared": (MovingComparison, "paused.state", lambda: rule(ticket.paused.state == "late")),
    "time left compared": (MovingComparison, "remaining", lambda: rule(ticket.paused.remaining > ws.work(hours=1))),
    "a clock compared": (TypeMismatch, "clock and text", lambda: ticket.paused == "late"),
    "an unknown part": (UnknownAttribute, "'duee'", lambda: ticket.paused.duee),  # type: ignore[attr-defined]
    "other children": (ScopeMismatch, "event children", lambda: case(stops=ws.intervals(event.at, event.at.next()))),
    "no intervals": (InvalidValue, "ws.intervals", lambda: case(stops=status.at)),
    "things of a list": (InvalidValue, "ws.intervals", lambda: case(stops=[status.at])),
    "half of the record": (InvalidRule, "or both from the record", lambda: stopped(WAITING, other.at.max())),
    "from every child to some": (InvalidRule, "begin at every child", lambda: stopped(status.at, WAITING)),
    "a condition on the record": (
        InvalidRule,
        "what is no child",
        lambda: stopped(status.at.first().where(status.at.count() > 1), status.at.last()),
    ),
    "an interval of texts": (TypeMismatch, "begin=. takes an instant", lambda: ws.intervals(status.to, status.at)),  # type: ignore[arg-type]
    "a reason of instants": (TypeMismatch, "reason=. takes a text", lambda: stopped(WAITING, status.at, status.at)),
    "no interval": (InvalidValue, "end=. must be an instant", lambda: ws.intervals(WAITING, "later")),  # type: ignore[arg-type]
    "a value of a where": (
        UnknownAttribute,
        "write .first.where=....",
        lambda: status.at.where(status.to == "open").first(),  # type: ignore[attr-defined]
    ),
    "no extension": (InvalidValue, "ws.extensions", lambda: case(extensions=ws.intervals(WAITING, status.at))),
    "no restart": (InvalidValue, "restarts must be ws.intervals", lambda: case(restarts=status.at.max())),
    "an amount": (InvalidValue, "by=. must be a limit", lambda: ws.extensions(status.at, 5)),  # type: ignore[arg-type]
    "asked of texts": (TypeMismatch, "asked=. takes an instant", lambda: ws.extensions(status.at, "1 hours", asked=BY)),
    "an extension where": (
        InvalidRule,
        "what is no child",
        lambda: case(extensions=ws.extensions(status.at.max().where(status.at.count() > 1), "1 working day")),
    ),
    "a share": (InvalidValue, "between 0 and 1", lambda: case(warn_at=1.5)),
    "a limit": (InvalidValue, "a limit: such as '4 working hours'", lambda: case(limit=5)),
    "a limit of instants": (TypeMismatch, "limit=. takes a limit", lambda: case(limit=status.at.max())),
    "a calendar": (InvalidValue, "the name of a calendar", lambda: case(calendar=CALENDARS["us"])),
    "a calendar of instants": (TypeMismatch, "calendar=. takes a text", lambda: case(calendar=status.at.max())),
    "an unknown calendar": (UnknownName, "did you mean 'us'", lambda: load(case(calendar="uss"))),
    "no calendar": (NoDefaultCalendar, "clock.* names no calendar", lambda: load(case())),
    "no such part in a text": (RuleTextError, "did you mean 'kept'", lambda: parse("ticket.paused.keptt", NAMES)),
    "no condition": (TypeMismatch, "where.. takes a truth", lambda: stopped(status.at.where(BY), status.at)),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_can_never_be_right_is_refused(name: str) -> None:
    """Where it is written, with what to write instead."""
    error, said, write = REFUSED[name]
    with pytest.raises(error, match=said):
        write()


@pytest.mark.parametrize("offer", ["kept", *OFFERS])
@pytest.mark.parametrize("name", CLOCKS)
def test_a_part_is_written_and_read(name: str, offer: str) -> None:
    """In the words in which an author writes it."""
    part = getattr(ticket.given[name], offer)
    assert same_expr(parse(f"ticket.{name}.{offer}", NAMES), part)
    assert same_expr(parse(str(part), NAMES), part)
    if offer != "kept":
        assert str(part) == f"ticket.{name}.{offer}"


D = datetime.fromisoformat
HISTORY = [
    {"at": D("2024-07-08T14:00Z"), "to": "waiting", "why": "customer"},
    {"at": D("2024-07-08T20:00Z"), "to": "open"},
]
TICKET: dict[str, Any] = {
    "id": "T-1", "customer": "us", "priority": "P1", "opened_at": D("2024-07-08T13:00Z"), "history": HISTORY,
}  # fmt: skip


def told(ticket_given: dict[str, Any], name: str, as_of: str = "2024-07-12T00:00Z") -> ws.Finding:
    return engine().check(ticket_given, as_of=as_of, of=ticket).finding("T-1", name)


def test_a_finding_tells_of_its_clock() -> None:
    """Limit, start, due, calendar, each stop with its reason, and where the time went."""
    late = told({**TICKET, "history": [*HISTORY, {"at": D("2024-07-09T16:00Z"), "to": "resolved"}]}, "paused")
    assert late.verdict == "fail"
    assert (late.late_by, late.overrun) == (timedelta(hours=1), ws.work(hours=1))
    said = late.explain()
    for part in (
        "ticket.paused: 4 working hours, from 2024-07-08 09:00-0400 due 2024-07-09 11:00-0400",
        "counted by the calendar us",
        "2024-07-08 10:00-0400 .. 2024-07-08 16:00-0400  stopped: customer",
        "time used: running 4 h",
        "calendar us (America/New_York)",
        "figure limits[P1] = 4 working hours, since 2020-01-01",
    ):
        assert part in said
    clock = late.clocks["ticket.paused"]
    assert (clock.state, clock.due, clock.at_risk) == ("late", D("2024-07-09T15:00Z"), D("2024-07-09T14:00Z"))
    assert clock.time_by_reason["customer"] == timedelta(hours=6)
    reasons = ["running", "customer", "running", "off_hours", "running", "after_due"]
    assert [span.reason for span in clock.spans] == reasons
    assert late.to_dict()["clocks"]["ticket.paused"]["stops"] == [
        {"begin": "2024-07-08T10:00:00-04:00", "end": "2024-07-08T16:00:00-04:00", "reason": "customer"}
    ]
    found = engine().audit([late.record], as_of="2024-07-12T00:00Z", of=ticket).failures.to_frame()
    assert found.filter(rule="desk/paused")["overrun_seconds"].to_list() == [3_600.0]
    (row,) = found.filter(rule="desk/paused").select("due", "done", "remaining_seconds", "calendar").rows()
    assert row == (D("2024-07-09T15:00Z"), D("2024-07-09T16:00Z"), 0.0, "us")


@pytest.mark.parametrize("printed_from", [0, 10_000])
def test_open_time_by_the_calendar_that_a_record_names(monkeypatch: pytest.MonkeyPatch, printed_from: int) -> None:
    """Of one record, and of frames; a record that names none is unknown where there is no default."""
    spans = ws.worked(ticket.opened_at, ticket.paused_from, hours[ticket.customer])
    pack = ws.Pack("p", version="1", rules=[rule(spans <= ws.work(hours=1))])
    loaded = ws.Engine.load(installed=False, packs=[pack], calendars=CALENDARS)
    given = {**TICKET, "paused_from": D("2024-07-08T15:00Z"), "history": []}
    told = {"us": "fail", "de": "pass", "nobody": "unknown"}  # in Berlin it is evening
    given |= {"opened_at": D("2024-07-08T14:00Z"), "paused_from": D("2024-07-08T18:00Z")}
    records = [{**given, "id": name, "customer": name} for name in told]
    objects = loaded.audit(records, as_of="2024-07-12T00:00Z", of=ticket).to_frame()
    assert dict(objects.select("key", "verdict").iter_rows()) == told
    monkeypatch.setattr("windowservice.engine.frames.frames.PRINTED_FROM", printed_from)
    frames = loaded.audit(*rows(records), as_of="2024-07-12T00:00Z", of=ticket).to_frame()
    assert dict(frames.select("key", "verdict").iter_rows()) == told


def test_an_open_pause_holds_the_clock() -> None:
    """The due moves with the instant judged as long as nobody goes on."""
    paused = {**TICKET, "history": HISTORY[:1]}
    assert [str(told(paused, "paused", at)) for at in ("2024-07-08T20:00Z", "2025-07-08T20:00Z")] == [
        "T-1 pending desk/paused (minor): It is kept: due 2024-07-09 11:00-0400",
        "T-1 pending desk/paused (minor): It is kept: due 2025-07-09 11:00-0400",
    ]


@pytest.mark.parametrize(
    ("begin", "until", "said"),
    [
        (None, "2024-07-09T00:00Z", "ticket.elapsed: an interval that stops it has no begin"),
        ("2024-07-09T00:00Z", "2024-07-08T00:00Z", "ticket.elapsed: an interval that stops it ends before it begins"),
    ],
)
def test_intervals_that_contradict_themselves_are_unknown(begin: str | None, until: str, said: str) -> None:
    """Never a pass and never a fail, with the reason; other clocks of the record go on."""
    given = {**TICKET, "paused_from": begin and D(begin), "paused_until": D(until)}
    found = told(given, "elapsed")
    assert found.verdict == "unknown"
    assert said in str(found)
    assert said in found.explain()
    assert found.clocks == {}
    assert told(given, "elapsed", "2024-07-07T23:00Z").verdict == "not_applicable"
    assert told(given, "paused").verdict == "fail"


def test_an_extension_without_an_amount_is_unknown() -> None:
    """It may have been enough."""
    given = {**TICKET, "history": [*HISTORY, {"at": D("2024-07-08T21:00Z"), "to": "extended"}]}
    assert "ticket.again: an extension does not say when, or by how much" in str(told(given, "again"))


def test_a_restart_says_for_what_it_waited() -> None:
    """The reason of its interval, in findings."""
    given = {**TICKET, "paused_from": D("2024-07-08T13:30Z"), "paused_until": D("2024-07-08T20:00Z")}
    said = told(given, "real").explain()
    assert "ticket.real: 8 hours, from 2024-07-08 16:00-0400 due 2024-07-09 00:00-0400" in said
    assert "2024-07-08 09:30-0400 .. 2024-07-08 16:00-0400  stopped: put off" in said


def test_intervals_that_overlap_count_once() -> None:
    """What began first gives the reason."""
    given = {**TICKET, "paused_from": D("2024-07-08T15:00Z"), "paused_until": D("2024-07-08T21:00Z")}
    run = told(given, "elapsed").evidence.clocks["ticket.elapsed"][-1]
    assert [(piece.reason, (piece.end - piece.begin) / 3_600_000_000) for piece in run.clock.stops] == [
        ("paused", 6.0),
        ("put off", 1.0),
    ]


def test_a_clock_added_to_another_vocabulary() -> None:
    """A plugin's clock on requests, by the same words."""

    class mine(ws.Facts, of=event_parent()):
        """Facts of ours."""

        answer = ws.clock(
            event_parent().submitted_at, "2 working days", done=event_parent().answered_at,
            stops=ws.intervals(event.at.where(event.kind == "suspended"), event.at.where(event.kind == "resumed")),
        )  # fmt: skip

    pack = ws.Pack("mine", version="1", rules=[ws.Rule("answered", title="t", require=mine.answer.kept)])
    at = datetime(2018, 5, 2, 2, tzinfo=UTC)
    hours = ws.WorkCalendar("Asia/Shanghai", "mon-fri 09:00-17:00")
    events = [ws.Event(at, "submitted"), ws.Event("2018-05-03T10:00+08:00", "suspended", reason="hearing")]
    request = ws.Request("R-1", "B", "S", events=events)
    loaded = ws.Engine.load(packs=[pack], calendars=hours)
    assert loaded.check(request, as_of="2018-05-30").verdicts["mine/answered"] == "pending"
    dated = ws.Request("R-1", "B", "S", events=[ws.Event("2018-05-02T00:00+08:00", "submitted", date_only=True)])
    assert loaded.check(dated, as_of="2018-05-30").verdicts["mine/answered"] == "fail"


def event_parent() -> Any:
    from windowservice.facts.requests.request import request

    return request
