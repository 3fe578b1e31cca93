"""A small engine, for tests of parts of a ledger that are not about rules: two rules, with a clock and a figure."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import windowservice as ws
from windowservice.facts import request as r

_LIMIT = ws.Figure("limit", ws.Limit, {"2018-01-01": "5 working days"}, basis=ws.Basis("made up for a test"))


@cache
def small() -> ws.Engine:
    """Return the engine; each piece costs it a tenth of what the built-in rules cost."""
    rules = [
        ws.Rule("quick", "It is decided within days of its acceptance", r.decided_at.by(ws.due(r.accepted_at, _LIMIT))),
        ws.Rule("short", "It takes three days at most", r.decided_at - r.submitted_at <= timedelta(days=3)),
    ]
    return ws.Engine.load(packs=[ws.Pack("small", version="1", rules=rules)], installed=False)
