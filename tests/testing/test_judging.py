"""Records in a line, verdicts asserted in hand and in frames, and the edges of limits."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.testing.desk import answered, engine, ticket

import windowservice as ws
from windowservice.testing import a, a_request, assert_limit, assert_verdict

OPENED = a(ticket, zone="Europe/Amsterdam", id="T1").opened_at("2018-10-22 09:00")
LATER = "2018-10-31"


@pytest.mark.parametrize(
    ("draft", "verdict", "by"),
    [
        (OPENED.status("2018-10-22 14:00", to="resolved"), "pass", None),
        (OPENED.status("2018-10-22 14:00:01", to="resolved"), "fail", timedelta(seconds=1)),
        (OPENED, "fail", None),
        (OPENED.status("2018-10-22 10:00", to="waiting").status("2018-10-22 11:00", to="open")
         .status("2018-10-22 16:00", to="resolved"), "fail", ws.work(hours=1)),
    ],
)  # fmt: skip
def test_a_verdict_is_asserted_of_a_draft(draft, verdict, by):
    """What was said of the ticket is judged in hand and in a frame."""
    finding = assert_verdict("resolved", draft, verdict, as_of=LATER, engine=engine, by=by)
    assert finding.key == "T1"


def test_a_rule_alone_needs_no_engine():
    """A rule is judged by an engine of its own."""
    draft = a(ticket, priority="P1", replies=1, opened_at="2018-10-22T09:00+02:00")
    assert_verdict(answered, draft, "fail", as_of="2018-11-01T00:00Z", by=1)
    assert_verdict(answered, draft.replies(None), "unknown", as_of="2018-11-01T00:00Z", missing=["ticket.replies"])
    assert_verdict(answered, draft.priority("P2"), "not_applicable", as_of="2018-11-01T00:00Z")


@pytest.mark.parametrize(
    ("verdict", "more", "said"),
    [
        ("pass", {}, "pass is wanted, fail came"),
        ("fail", {"by": 2}, "missed by 2 is wanted, 1 came"),
        ("fail", {"missing": ["ticket.replies"]}, r"missing \['ticket.replies'\] is wanted, \[\] came"),
    ],
)
def test_what_came_instead_is_said_with_the_whole_case(verdict, more, said):
    """A wrong expectation fails."""
    draft = OPENED.priority("P1").replies(1)
    with pytest.raises(AssertionError, match=said) as caught:
        assert_verdict(answered, draft, verdict, as_of=LATER, engine=engine, **more)
    assert "A P1 ticket gets two replies" in str(caught.value)


def test_the_edges_of_a_limit_are_asserted():
    """Done when due, a second later, not done yet, and a stop in the lunch break."""
    due = assert_limit(
        "resolved", OPENED, as_of="2018-10-22T09:30+02:00", due="2018-10-22T14:00+02:00", engine=engine,
        done=lambda draft, at: draft.status(at, to="resolved"),
        stop=lambda draft, begin, end: draft.status(begin, to="waiting").status(end, to="open"),
    )  # fmt: skip
    assert due.isoformat() == "2018-10-22T14:00:00+02:00"


def test_a_limit_that_is_not_exact_is_found_out():
    """A rule that forgives a minute does not fail a second after it is due; one that is due elsewhere is said so."""
    forgiving = ws.Rule(
        "forgiving", title="Within a minute of the due", of=ticket, when=ticket.resolution.due.is_known(),
        require=(ticket.resolved_at - ticket.resolution.due < timedelta(minutes=1)) | ticket.resolution.kept,
    )  # fmt: skip
    done = lambda draft, at: draft.status(at, to="resolved")  # noqa: E731
    with pytest.raises((AssertionError, ws.WindowserviceError)):
        assert_limit(forgiving, OPENED, as_of="2018-10-22T09:30+02:00", engine=engine, done=done)
    with pytest.raises(AssertionError, match="is wanted, 2018-10-22T14:00"):
        assert_limit(
            "resolved", OPENED, as_of="2018-10-22T09:30+02:00", due="2018-10-22T15:00+02:00", engine=engine, done=done
        )
    with pytest.raises(ws.WindowserviceError, match="an instant at which desk/resolved waits"):
        assert_limit("resolved", done(OPENED, OPENED.said["opened_at"]), as_of=LATER, engine=engine, done=done)


def test_requests_are_drafted_by_kinds_of_event():
    """A kind is a call; a bare date is a time known by its date only."""
    built_in = ws.Engine.load(installed=False)
    draft = a_request("S10", zone="Asia/Shanghai").submitted("2018-05-03 09:40", by="wang").accepted("2018-05-03")
    assert draft.build().events[1].date_only
    finding = assert_verdict("told_once/answered_in_time", draft, "pass", as_of=date(2018, 6, 1), engine=built_in)
    assert finding.key == "R-1"


@pytest.mark.parametrize(
    ("mistake", "error", "said"),
    [
        (lambda: OPENED.prioritty("P1"), AttributeError, r"'prioritty' \(did you mean 'priority'\?\)"),
        (lambda: OPENED.saying(prioritty="P1"), ws.WindowserviceError, "did you mean 'priority'"),
        (lambda: OPENED.status("2018-10-22 10:00", too="open"), ws.WindowserviceError, "did you mean 'to'"),
        (lambda: a(ticket, opened_at="2018-10-22 09:00"), ws.WindowserviceError, "has no zone"),
        (lambda: a(ticket, opened_at="yesterday"), ws.WindowserviceError, "ticket.opened_at"),
        (lambda: a(ticket, zone="Europe/Amsterdm"), ws.WindowserviceError, "Europe/Amsterdam"),
        (lambda: assert_verdict("resolved", OPENED, "pass", as_of=LATER), ws.WindowserviceError, "the engine that has"),
        (lambda: assert_verdict("resolvd", OPENED, "pass", as_of=LATER, engine=engine), ws.WindowserviceError,
         "did you mean"),
        (lambda: assert_verdict("resolved", OPENED, "passed", as_of=LATER, engine=engine), ws.WindowserviceError,
         "did you mean 'pass'"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_what_was_meant(mistake, error, said):
    """A mistyped name, word, time or zone."""
    with pytest.raises(error, match=said):
        mistake()


def test_a_record_of_an_app_is_taken_as_it_is():
    """A mapping is judged in hand and in a frame."""
    record = {"id": "7", "opened_at": OPENED.said["opened_at"], "priority": "P1", "replies": 1, "statuses": []}
    assert_verdict("answered", record, "fail", by=1, as_of=LATER, engine=engine)
