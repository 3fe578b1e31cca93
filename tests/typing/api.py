"""What a type checker must accept, and what it must refuse: each `type: ignore` is an error that has to be there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import assert_type

import windowservice as ws
from windowservice.escalation.proposals import Proposal
from windowservice.escalation.proposed import ColumnProposals
from windowservice.facts import event as e
from windowservice.facts import request as r


class ticket(ws.Facts):
    """A ticket of one's own."""

    opened = ws.fact(datetime, "When it was opened", required=True)
    pages = ws.fact(int, "How many pages it has")
    urgent = ws.fact(bool, "Whether it is urgent")
    cost = ws.fact(Decimal, "What it costs")
    closed = ws.fact(datetime, "When it was closed")
    clock = ws.clock(
        opened, "4 working hours", done=closed, stops=ws.intervals(e.at.where(e.kind == "suspended"), e.at.next())
    )


# a fact knows the type of its values, so does what is made of it
assert_type(ticket.opened, ws.Fact[datetime])
assert_type(ticket.pages > 3, ws.Expr[bool])
assert_type(e.at.last(), ws.Expr[datetime])
assert_type(e.at.count(), ws.Expr[int])
assert_type(e.by.next(where=e.at > ws.here(e.at)), ws.Expr[str])
assert_type(ws.patterns.response(e.kind == "suspended", e.kind == "resumed", within="2 days"), ws.Expr[bool])
assert_type(ws.patterns.violations(ws.patterns.precedence(e.kind == "accepted", e.kind == "decided")), ws.Expr[int])
assert_type(ws.intervals(e.at.where(e.kind == "suspended"), e.at.next()).reason, ws.Expr[str] | str)
assert_type(ticket.clock.kept, ws.Expr[bool])
assert_type(ticket.clock.due, ws.Expr[datetime])
assert_type(ticket.clock.worked, ws.Expr[ws.WorkSpan])
assert_type(ticket.clock.late_by, ws.Expr[timedelta])
assert_type(ticket.clock.state, ws.Expr[str])

ws.Rule("quick", title="Urgent ones are quick", when=ticket.urgent, require=ticket.pages < 3)
ws.Rule("owned", title="Somebody owns it", require=r.owner.is_known())

engine = ws.Engine.load(installed=False)
report = engine.check(ws.Request("R-1", "B1", "S01"), as_of=datetime(2018, 1, 1, tzinfo=UTC))
assert_type(report, ws.Report)

# a score of a bank of a ledger, and what it lost points by
found = report.scorecard("B1", period="2018-05", scorecard=ws.Scorecard.default())
assert_type(found, ws.scoring.Score)
assert_type([(row.lost, row.items) for row in found.lost], list[tuple[Fraction, tuple[str, ...]]])
assert_type(found.total, Decimal | None)
card = ws.Scorecard.read("branch.toml")
readings = ws.scoring.Readings(
    [ws.scoring.Reading(bank="b1", indicator="C1", period="2018-05", numerator=1, denominator=2)], card
)
assert_type(ws.scoring.score(card, readings, "b1", "2018-05"), ws.scoring.Score)
ledger = ws.Ledger.read("ledger")
assert_type(engine.score(ledger, "2018-05"), ws.scoring.Scores)
assert_type(engine.score(ledger, "2018-05").worst_first(), ws.scoring.Scores)
assert_type(
    engine.observe(ledger, "2018-05", indicators=ws.scoring.Indicator.read("own.toml")),
    ws.scoring.Observed,
)

report.scorecard("B1", "2018-05")  # type: ignore[call-arg]
ws.scoring.Reading(bank="b1", indicator="C1", period="2018-05", numerator=1, fault_party="instituton")  # type: ignore[arg-type]
ticket.pagse  # type: ignore[attr-defined]
ticket.clock.kep  # type: ignore[attr-defined]
ws.clock(ticket.pages, "4 working hours", done=ticket.closed)  # type: ignore[arg-type]
ws.clock(ticket.opened, "4 working hours")  # type: ignore[call-arg]
r.ownre  # type: ignore[attr-defined]
ws.Rule("no truth", title="A number is no condition", require=ticket.pages)  # type: ignore[arg-type]
ws.Rule("no title", require=ticket.urgent)  # type: ignore[call-arg]
ticket.pages < "3"  # type: ignore[operator]
ws.Request("R-1", "B1")  # type: ignore[call-arg]
engine.check(ws.Request("R-1", "B1", "S01"))  # type: ignore[call-arg]

# the ladder over single records, and over frames by the names of tables
proposals = ws.escalation.propose(ws.Ladder.default(), [{"id": "P1"}], as_of="2018-06-29", engine=engine)
assert_type(proposals.of("B1"), Proposal | None)
tables = ws.escalation.propose(ws.Ladder.default(), {"positions": object()}, as_of="2018-06-29", engine=engine)
assert_type(tables, ColumnProposals)
