"""What the page on packs as data says can be written in a formula is read, and printed as text that is read again."""

from __future__ import annotations

import json
from typing import Final

import pytest
from click.testing import CliRunner

import windowservice as ws
from windowservice.cli.app import app

PACK: Final = """
schema_version = 1
name = "desk"
version = "1"
[records.status]
title = "A status."
table = "statuses"
happens = "at"
[records.status.facts]
at = { type = "instant", title = "When", required = true }
n = { type = "integer", title = "A number" }
ok = { type = "truth", title = "Whether it is right" }
[records.ticket]
title = "A ticket."
table = "tickets"
children = "status"
[records.ticket.facts]
id = { type = "key", title = "Number" }
a = { type = "integer", title = "A number" }
b = { type = "integer", title = "A number" }
x = { type = "instant", title = "An instant" }
y = { type = "instant", title = "An instant" }
team = { type = "text", title = "A team" }
priority = { type = "text", title = "How urgent", words = ["P1", "P2"] }
f = { formula = FORMULA, title = "A formula" }
"""
FORMULAS: Final = (
    "ticket.a == ticket.b", "ticket.a + ticket.b", "ticket.a - ticket.b", "ticket.a * 2", "ticket.a / 2",
    "ticket.x - ticket.y > span('2 days 4 hours')", "worked(ticket.x, ticket.y) <= work('8 hours')",
    "ticket.x + span('1 day')", "ticket.team.is_known()", "ticket.team.is_missing()", "ticket.x.happened()",
    "ticket.priority.one_of('P1', 'P2')", "ticket.x.by(ticket.y)", "worked(ticket.x, ticket.y, 'us')",
    "due(ticket.x, limit('3 working days')).due", "(ticket.a > 3).choose('many', 'few')", "period(ticket.x, 'month')",
    "count(status)", "count(status, where=status.ok)", "status.at.first(where=status.ok)", "status.at.last()",
    "status.n.min()", "status.n.max()", "status.n.sum()", "status.ok.any()", "status.ok.all()",
    "date('2026-01-05') == period(ticket.x, 'week')", "ticket.a == decimal('12.50')",
)  # fmt: skip


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_is_read(formula: str) -> None:
    """It is read, and what is printed of it is the same formula."""

    def read(text: str) -> str:
        pack = ws.DataPack.read(PACK.replace("FORMULA", json.dumps(text)))
        return str(pack.record_types["ticket"].given["f"].definition)

    assert read(read(formula)) == read(formula)


def test_the_command_line_says_what_is_missing() -> None:
    """``--alone`` without a pack is a slip, and a pack that is not there is named."""
    done = CliRunner().invoke(app, ["rules", "--alone"])
    assert (done.exit_code, "--alone needs a pack" in done.output) == (2, True)
    done = CliRunner().invoke(app, ["rules", "--pack", "nowhere.toml"])
    assert done.exit_code != 0
