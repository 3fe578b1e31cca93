"""A help desk whose rules are tested with `windowservice.testing`."""

from __future__ import annotations

from datetime import datetime

import windowservice as ws

HOURS = ws.WorkCalendar("Europe/Amsterdam", "mon-fri 09:00-12:00 13:00-17:00", name="desk")


class status(ws.Facts, happens="at"):
    """A change of status."""

    at = ws.fact(datetime, "When", required=True)
    to = ws.fact(str, "The new status", required=True, words=("open", "waiting", "resolved"))


class ticket(ws.Facts, children=status, happens="opened_at", dated_by="opened_at"):
    """A ticket."""

    id = ws.key("Number")
    priority = ws.fact(str, "How urgent", words=("P1", "P2"))
    opened_at = ws.fact(datetime, "When it was opened", required=True)
    replies = ws.fact(int, "How many replies", unit="replies")
    resolved_at = ws.fact(status.at.last(where=status.to == "resolved"), "When it was resolved")
    resolution = ws.clock(
        start=opened_at, limit="4 working hours", done=resolved_at,
        stops=ws.intervals(status.at.where(status.to == "waiting"), status.at.next()),
    )  # fmt: skip


resolved = ws.Rule("resolved", title="Resolved within four working hours", of=ticket, require=ticket.resolution.kept)
answered = ws.Rule(
    "answered", title="A P1 ticket gets two replies", when=ticket.priority == "P1", require=ticket.replies >= 2
)
desk = ws.Pack("desk", version="1", rules=(resolved, answered))
engine = ws.Engine.load(packs=[desk], calendars=HOURS, installed=False)
