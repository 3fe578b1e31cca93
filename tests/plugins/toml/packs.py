"""Two packs of the pages, once in Python as the pages have them, once in TOML alone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

import windowservice as ws


class team(ws.Facts, rows=ws.Given("teams")):
    """A team of the help desk."""

    id = ws.key("Name")


class ticket(ws.Facts, rows=ws.Given("tickets"), happens="opened_at"):
    """A ticket."""

    id = ws.key("Number")
    team = ws.code("The team that has it", required=True)
    opened_at = ws.fact(datetime, "When it was opened", required=True)
    closed_at = ws.fact(datetime, "When it was closed", after=opened_at)
    spam = ws.fact(bool, "Whether it was spam")
    slow = ws.fact(closed_at - opened_at > timedelta(days=2), "Whether it took over two days")


class team_month(
    ws.Facts,
    rows=ws.Grouped(
        ticket,
        by={"team": ticket.team, "month": ws.period(ticket.opened_at, "month")},
        where=~ticket.spam,
        every={"team": team.id, "month": "2026-01-01"},
    ),
):
    """A month of a team."""

    team = ws.code("Team", required=True)
    month = ws.fact(date, "First day of the month", required=True)
    tickets = ws.fact(ticket.id.count(), "How many tickets were opened")
    slow = ws.fact(ticket.id.count(where=ticket.slow), "How many took more than two days")


class ring(ws.Facts, rows=ws.Given("rings"), happens="at"):
    """A call."""

    id = ws.key("Number")
    team = ws.code("The team that took it", required=True)
    at = ws.fact(datetime, "When it came in", required=True)


class contact(
    ws.Facts,
    rows=ws.United(
        ws.Part(ticket, {"team": ticket.team, "at": ticket.opened_at, "way": "ticket"}),
        ws.Part(ring, {"team": ring.team, "at": ring.at, "way": "call"}),
        same=("team", "at"),
    ),
    happens="at",
):
    """Somebody turned to the help desk."""

    team = ws.code("Team")
    at = ws.fact(datetime, "When")
    way = ws.fact(str, "How", words=("ticket", "call"))


class status(ws.Facts, rows=ws.Given("statuses"), happens="at"):
    """A change of status."""

    at = ws.fact(datetime, "When", required=True)
    to = ws.fact(str, "The new status", required=True, words=("open", "waiting", "noted", "resolved"))
    why = ws.fact(str, "For whom it waits")


signed = ws.Basis("Contract with the customer", mark="known")
hours_of = ws.Figure("hours_of", str, {"acme": {"2018-01-01": "us"}, "bahn": {"2018-01-01": "de"}}, basis=signed)
contract = ws.Figure(
    "contract",
    ws.Limit,
    {"P1": {"2018-01-01": "4 working hours"}, "P2": {"2018-01-01": "2 working days"}},
    basis=signed,
)


class case(
    ws.Facts, rows=ws.Given("cases"), children=status, under="history", happens="opened_at", dated_by="opened_at"
):
    """A ticket with its history."""

    id = ws.key("Number")
    customer = ws.fact(str, "Customer", required=True)
    priority = ws.fact(str, "How urgent it is", required=True, words=("P1", "P2"))
    opened_at = ws.fact(datetime, "When it was opened", required=True)
    resolved_at = ws.fact(status.at.last(where=status.to == "resolved"), "When it was resolved")
    resolution = ws.clock(
        start=opened_at,
        limit=contract[priority],
        done=resolved_at,
        calendar=hours_of[customer],
        stops=ws.intervals(
            begin=status.at.where(status.to == "waiting"),
            end=status.at.where(status.to.one_of("open", "resolved")),
            reason=status.why,
        ),
        warn_at=0.75,
    )


class InPython:
    """The plugin that brings them."""

    @ws.hookimpl
    def windowservice_record_types(self) -> object:
        """Return the record types."""
        return [team, ticket, team_month, ring, contact, status, case]

    @ws.hookimpl
    def windowservice_calendars(self) -> object:
        """Return the calendars."""
        return {
            "us": ws.WorkCalendar("America/New_York", "mon-fri 09:00-17:00", name="us"),
            "de": ws.WorkCalendar("Europe/Berlin", "mon-fri 08:00-16:00", name="de"),
        }


RULES: Final = ws.Pack(
    "desk",
    version="1",
    rules=(
        ws.Rule("few_slow", title="At most one slow ticket a month", of=team_month, require=team_month.slow <= 1),
        ws.Rule("some_way", title="It is said how", of=contact, require=contact.way.is_known()),
        ws.Rule("resolved", title="Resolved as agreed", require=case.resolution.kept),
        ws.Rule("warned", title="Before it is at risk", require=case.resolved_at.by(case.resolution.at_risk_at)),
    ),
)

IN_TOML: Final = """
schema_version = 1
name = "desk"
version = "1"

[basis]
signed = { text = "Contract with the customer", mark = "known" }

[calendars.us]
timezone = "America/New_York"
weekly = "mon-fri 09:00-17:00"

[calendars.de]
timezone = "Europe/Berlin"
weekly = "mon-fri 08:00-16:00"

[figures.hours_of]
type = "text"
note = "By which calendar the cases of a customer count"
[figures.hours_of.by]
acme = [{ since = 2018-01-01, value = "us", basis = "signed" }]
bahn = [{ since = 2018-01-01, value = "de", basis = "signed" }]

[figures.contract]
type = "limit"
note = "How soon a case is resolved"
[figures.contract.by]
P1 = [{ since = 2018-01-01, value = "4 working hours", basis = "signed" }]
P2 = [{ since = 2018-01-01, value = "2 working days", basis = "signed" }]

[records.team]
title = "A team of the help desk."
table = "teams"
[records.team.facts]
id = { type = "key", title = "Name" }

[records.ticket]
title = "A ticket."
table = "tickets"
happens = "opened_at"
[records.ticket.facts]
id = { type = "key", title = "Number" }
team = { type = "code", title = "The team that has it", required = true }
opened_at = { type = "instant", title = "When it was opened", required = true }
closed_at = { type = "instant", title = "When it was closed", after = "opened_at" }
spam = { type = "truth", title = "Whether it was spam" }
slow = { formula = "ticket.closed_at - ticket.opened_at > span('2 days')", title = "Whether it took over two days" }

[records.team_month]
title = "A month of a team."
[records.team_month.grouped]
of = "ticket"
where = "not ticket.spam"
by = { team = "ticket.team", month = "period(ticket.opened_at, 'month')" }
every = { team = "team.id", month = 2026-01-01 }
[records.team_month.facts]
team = { type = "code", title = "Team", required = true }
month = { type = "date", title = "First day of the month", required = true }
tickets = { formula = "count(ticket)", title = "How many tickets were opened" }
slow = { formula = "count(ticket, where=ticket.slow)", title = "How many took more than two days" }

[records.ring]
title = "A call."
table = "rings"
happens = "at"
[records.ring.facts]
id = { type = "key", title = "Number" }
team = { type = "code", title = "The team that took it", required = true }
at = { type = "instant", title = "When it came in", required = true }

[records.contact]
title = "Somebody turned to the help desk."
happens = "at"
same = ["team", "at"]
[[records.contact.parts]]
of = "ticket"
values = { team = "ticket.team", at = "ticket.opened_at", way = "ticket" }
[[records.contact.parts]]
of = "ring"
values = { team = "ring.team", at = "ring.at", way = "call" }
[records.contact.facts]
team = { type = "code", title = "Team" }
at = { type = "instant", title = "When" }
way = { type = "text", title = "How", words = ["ticket", "call"] }

[records.status]
title = "A change of status."
table = "statuses"
happens = "at"
[records.status.facts]
at = { type = "instant", title = "When", required = true }
to = { type = "text", title = "The new status", required = true, words = ["open", "waiting", "noted", "resolved"] }
why = { type = "text", title = "For whom it waits" }

[records.case]
title = "A ticket with its history."
table = "cases"
children = "status"
under = "history"
happens = "opened_at"
dated_by = "opened_at"
[records.case.facts]
id = { type = "key", title = "Number" }
customer = { type = "text", title = "Customer", required = true }
priority = { type = "text", title = "How urgent it is", required = true, words = ["P1", "P2"] }
opened_at = { type = "instant", title = "When it was opened", required = true }
resolved_at = { formula = "status.at.last(where=status.to == 'resolved')", title = "When it was resolved" }
[records.case.clocks.resolution]
start = "case.opened_at"
limit = "figure.contract[case.priority]"
done = "case.resolved_at"
calendar = "figure.hours_of[case.customer]"
warn_at = 0.75
[[records.case.clocks.resolution.stops]]
begin = "status.at.where(status.to == 'waiting')"
end = "status.at.where(status.to.one_of('open', 'resolved'))"
reason = "status.why"

[[rules]]
name = "few_slow"
title = { en = "At most one slow ticket a month" }
of = "team_month"
require = "team_month.slow <= 1"
basis = "signed"

[[rules]]
name = "some_way"
title = { en = "It is said how" }
require = "contact.way.is_known()"
basis = "signed"

[[rules]]
name = "resolved"
title = { en = "Resolved as agreed" }
require = "case.resolution.kept"
basis = "signed"

[[rules]]
name = "warned"
title = { en = "Before it is at risk" }
require = "case.resolved_at.by(case.resolution.at_risk_at)"
basis = "signed"
"""
