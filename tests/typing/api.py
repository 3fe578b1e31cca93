"""What a type checker must accept, and what it must refuse: each `type: ignore` is an error that has to be there."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import assert_type

import windowservice as ws
from windowservice.facts import event as e
from windowservice.facts import request as r


class ticket(ws.Facts):
    """A ticket of one's own."""

    opened = ws.fact(datetime, "When it was opened", required=True)
    pages = ws.fact(int, "How many pages it has")
    urgent = ws.fact(bool, "Whether it is urgent")
    cost = ws.fact(Decimal, "What it costs")


# a fact knows the type of its values, so does what is made of it
assert_type(ticket.opened, ws.Fact[datetime])
assert_type(ticket.pages > 3, ws.Expr[bool])
assert_type(e.at.last(), ws.Expr[datetime])
assert_type(e.at.count(), ws.Expr[int])

ws.Rule("quick", title="Urgent ones are quick", when=ticket.urgent, require=ticket.pages < 3)
ws.Rule("owned", title="Somebody owns it", require=r.owner.is_known())

engine = ws.Engine.load(installed=False)
report = engine.check(ws.Request("R-1", "B1", "S01"), as_of=datetime(2018, 1, 1, tzinfo=UTC))
assert_type(report, ws.Report)

ticket.pagse  # type: ignore[attr-defined]
r.ownre  # type: ignore[attr-defined]
ws.Rule("no truth", title="A number is no condition", require=ticket.pages)  # type: ignore[arg-type]
ws.Rule("no title", require=ticket.urgent)  # type: ignore[call-arg]
ticket.pages < "3"  # type: ignore[operator]
ws.Request("R-1", "B1")  # type: ignore[call-arg]
engine.check(ws.Request("R-1", "B1", "S01"))  # type: ignore[call-arg]
