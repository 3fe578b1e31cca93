"""The service as its client sees it."""

from datetime import UTC, datetime

import pytest
import service
from fastapi.testclient import TestClient

CLIENT = TestClient(service.app)
TICKET = {
    "id": "T-1",
    "customer": "acme",
    "priority": "P1",
    "opened_at": "2026-01-05T14:00Z",
    "statuses": [
        {"at": "2026-01-05T15:00Z", "to": "waiting", "why": "customer"},
        {"at": "2026-01-05T21:00Z", "to": "open"},
        {"at": "2026-01-06T17:30Z", "to": "resolved"},
    ],
}


def ask(ticket, **query):
    return CLIENT.post("/tickets/check", json=ticket, params={"as_of": "2026-02-20T00:00Z", **query})


def test_a_late_ticket_says_by_how_much_and_when_it_waited():
    answer = ask(TICKET)
    assert answer.status_code == 200
    late = {one["rule"]: one for one in answer.json()}["helpdesk/resolved"]
    assert (late["verdict"], late["state"]) == ("fail", "late")
    assert late["summary"].startswith("late by 1 hour 30 minutes")
    assert datetime.fromisoformat(late["due"]) == datetime(2026, 1, 6, 16, tzinfo=UTC)
    (pause,) = late["pauses"]
    assert pause["reason"] == "customer"
    assert datetime.fromisoformat(pause["begin"]) == datetime(2026, 1, 5, 15, tzinfo=UTC)


def test_a_ticket_that_waits_is_pending_and_its_pause_lasts_until_the_question():
    asked = {**TICKET, "statuses": TICKET["statuses"][:1]}
    waits = {one["rule"]: one for one in ask(asked).json()}["helpdesk/resolved"]
    assert (waits["verdict"], waits["state"]) == ("pending", "stopped")
    (pause,) = waits["pauses"]
    assert datetime.fromisoformat(pause["end"]) == datetime(2026, 2, 20, tzinfo=UTC)


def test_without_as_of_it_is_judged_as_things_stand_now():
    service.app.dependency_overrides[service.now] = lambda: datetime(2026, 1, 5, 14, 30, tzinfo=UTC)
    try:
        verdicts = {one["verdict"] for one in CLIENT.post("/tickets/check", json=TICKET).json()}
    finally:
        service.app.dependency_overrides.clear()
    assert verdicts == {"pending"}


@pytest.mark.parametrize(
    ("slip", "where"),
    [
        ({"priority": "P9"}, "priority"),
        ({"opened_at": "2026-01-05T14:00"}, "opened_at"),
        ({"statuses": [{"at": "2026-01-05T15:00Z", "to": "gone"}]}, "statuses"),
    ],
)
def test_what_is_no_ticket_is_refused_with_the_field(slip, where):
    answer = ask({**TICKET, **slip})
    assert answer.status_code == 422
    assert where in answer.json()["detail"][0]["loc"]


def test_what_only_the_library_can_tell_is_refused_in_its_words():
    answer = ask({**TICKET, "opened_at": "0001-01-01T00:00Z"})
    assert answer.status_code == 422
    assert "opened_at" in answer.json()["detail"]
