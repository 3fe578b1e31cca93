"""Service levels of a help desk (an example; the customers and their contracts are made up)."""

from __future__ import annotations

from datetime import datetime

import windowservice as ws

contracts = ws.Basis("Contracts with the customers, annex 2", issued="2025-11-03", mark="known")
SINCE = "2026-01-01"

# What is promised. Of a figure with two keys each line names both; a customer without a contract has the standard.

standard = ws.Figure(
    "standard", ws.Limit, {"P1": {SINCE: "8 working hours"}, "P2": {SINCE: "3 working days"}}, basis=contracts
)
contract = ws.Figure(
    "contract",
    ws.Limit,
    {
        ("acme", "P1"): {SINCE: "4 working hours"},
        ("acme", "P2"): {SINCE: "2 working days"},
        ("bahn", "P1"): {SINCE: "6 working hours", "2026-07-01": "4 working hours"},
    },
    basis=contracts,
)
hours = ws.Figure("hours", str, {"acme": {SINCE: "us"}, "bahn": {SINCE: "de"}}, basis=contracts)

# What the help desk keeps records of: three tables.


class status(ws.Facts, happens="at", rows=ws.Given("statuses")):
    """A change of status of a ticket."""

    at = ws.fact(datetime, "When", required=True)
    to = ws.fact(str, "The new status", required=True, words=("open", "waiting", "resolved"))
    why = ws.fact(str, "For whom it waits")


class ticket(ws.Facts, rows=ws.Given("tickets"), children=status, happens="opened_at", dated_by="opened_at"):
    """A ticket."""

    id = ws.key("Number")
    customer = ws.code("Customer", required=True)
    priority = ws.fact(str, "How urgent it is", required=True, words=("P1", "P2"))
    opened_at = ws.fact(datetime, "When it was opened", required=True)
    answered_at = ws.fact(status.at.first(where=status.to != "open"), "When somebody first did something")
    resolved_at = ws.fact(status.at.last(where=status.to == "resolved"), "When it was resolved")
    resolution = ws.clock(
        start=opened_at,
        limit=contract[customer, priority].otherwise(standard[priority]),
        done=resolved_at,
        calendar=hours[customer].otherwise("desk"),
        stops=ws.intervals(
            begin=status.at.where(status.to == "waiting"), end=status.at.next(), reason=status.why.otherwise("unsaid")
        ),
        warn_at=0.75,
    )


class survey(ws.Facts, rows=ws.Given("surveys"), happens="answered_at", dated_by="answered_at"):
    """A customer's answer to how we did."""

    id = ws.key("Number")
    customer = ws.code("Customer", required=True)
    answered_at = ws.fact(datetime, "When it was answered", required=True)
    grade = ws.fact(int, "The grade, 1 to 5", unit="grade")
    called_at = ws.fact(datetime, "When the customer was called", after=answered_at)


RULES = (
    ws.Rule(
        "resolved",
        title="A ticket is resolved as agreed",
        basis=contracts,
        require=ticket.resolution.kept,
        severity="major",
    ),
    ws.Rule(
        "answered",
        title="A P1 ticket is answered within an hour",
        basis=contracts,
        when=ticket.priority == "P1",
        require=ticket.answered_at.by(
            ws.due(ticket.opened_at, "1 working hour", hours[ticket.customer].otherwise("desk"))
        ),
    ),
    ws.Rule(
        "called",
        title="Who is not content is called within two working days",
        basis=contracts,
        when=survey.grade <= 2,
        require=survey.called_at.by(ws.due(survey.answered_at, "2 working days", "desk")),
    ),
)
pack = ws.Pack("helpdesk", version="2026.1", title="Help desk", basis=contracts, rules=RULES)


@ws.hookimpl
def windowservice_packs() -> list[ws.Pack]:
    """Offer the rules."""
    return [pack]


@ws.hookimpl
def windowservice_record_types() -> list[type[ws.Facts]]:
    """Offer the tables: a ledger may hold them, and a template has them."""
    return [status, ticket, survey]


@ws.hookimpl
def windowservice_calendars() -> dict[str, ws.WorkCalendar]:
    """Offer the hours of the customers, and those of the desk."""
    return {
        "desk": ws.WorkCalendar("Europe/Amsterdam", "mon-fri 08:00-18:00", closed=["2026-01-01"], name="desk"),
        "us": ws.WorkCalendar("America/New_York", "mon-fri 09:00-17:00", closed=["2026-01-01"], name="us"),
        "de": ws.WorkCalendar("Europe/Berlin", "mon-fri 08:00-16:00", closed=["2026-01-01"], name="de"),
    }


def engine() -> ws.Engine:
    """Return an engine with these rules alone, for an app that judges nothing else."""
    calendars = windowservice_calendars()
    return ws.Engine.load(packs=[pack], calendars={**calendars, "window": calendars["desk"]}, installed=False)
