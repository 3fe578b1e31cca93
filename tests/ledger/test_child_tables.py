"""Children in a table of their own: each row says to which record it belongs, or the type is refused."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

import windowservice as ws
from windowservice.errors import InvalidRule


def _status(**more: Any) -> type[ws.Facts]:
    body = {
        "at": ws.fact(datetime, "When", required=more.pop("required", True)),
        "to": ws.fact(str, "The new status"),
        **more,
    }
    return type(ws.Facts)("status", (ws.Facts,), body, rows=ws.Given("statuses"), happens="at")


def _ticket(child: type[ws.Facts], name: str = "ticket", **more: Any) -> type[ws.Facts]:
    body = {"id": ws.key("Number"), "last": ws.fact(child.to.last(), "The last status"), **more}
    return type(ws.Facts)(name, (ws.Facts,), body, rows=ws.Given(f"{name}s"), children=child)


def _read(*types: type[ws.Facts], **tables: Any) -> ws.Ledger:
    return ws.Ledger.read(tables, record_types=types)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: (s := _status(), _ticket(s), _ticket(s, "call")), "children status, whose table names the ticket"),
        (lambda: (s := _status(), _ticket(s, part=ws.key("Part"))), "has id, part, and children in a table"),
        (lambda: (s := _status(ticket=ws.code("Ticket")), _ticket(s)), "has a fact 'ticket', which has to say"),
    ],
    ids=["two parents", "two keys", "it need not say so"],
)  # fmt: skip
def test_children_that_cannot_say_where_they_belong_are_refused(make, said):
    """A row would belong to none, or to somebody else's record."""
    types = make()
    with pytest.raises(InvalidRule, match=said):
        _read(*types, tickets=[{"id": "1"}], statuses=[])


def test_a_child_without_a_time_stands_last():
    """In a ledger as in hand."""
    status = _status(required=False)
    ticket = _ticket(status)
    rule = ws.Rule("kept", title="Kept", of=ticket, require=ticket.last == "c")
    engine = ws.Engine.load(packs=[ws.Pack("p", version="1", rules=(rule,))], installed=False)
    told = [{"at": None, "to": "c"}, {"at": "2018-01-02T00:00Z", "to": "b"}, {"at": "2018-01-01T00:00Z", "to": "a"}]
    rows = [{"ticket": "1", **{name: value or "" for name, value in one.items()}} for one in told]
    ledger = _read(status, ticket, tickets=[{"id": "1"}], statuses=rows)
    for columns in (False, True):
        assert engine.audit(ledger, as_of="2018-02-01T00:00Z", columns=columns).counts["pass"] == 1
    assert engine.check({"id": "1", "statuses": told}, as_of="2018-02-01T00:00Z").passed


def test_a_child_of_a_rejected_record_names_no_unknown_word():
    """Its record is there, though it cannot be read."""
    status = _status()
    ticket = _ticket(status, n=ws.fact(int, "How many"))
    rows = [
        {"ticket": "1", "at": "2018-01-02T00:00Z", "to": "b"},
        {"ticket": "9", "at": "2018-01-02T00:00Z", "to": "b"},
    ]
    report = _read(status, ticket, tickets=[{"id": "1", "n": "many"}], statuses=rows).report
    assert report.rejected == 1
    assert [word.word for word in report.unknown_words] == ["9"]
