"""What is doubtful is remembered of an expression, not of the place in memory at which it stood."""

from __future__ import annotations

import windowservice as ws
from windowservice.domain.requests.kinds import EVENT_KINDS
from windowservice.escalation.rows import engine_binding
from windowservice.facts import event as e
from windowservice.facts import request as r
from windowservice.language.python.record import RecordLevel
from windowservice.language.python.unit import Unit


def test_an_expression_made_where_another_stood_is_asked_for_itself() -> None:
    """Parts of conditions are made while code is written, and let go: the next may stand in the same place."""
    unit = Unit(engine_binding(ws.Engine.load(installed=False, packs=[])), "microseconds", "attribute")
    level = RecordLevel(unit, r, EVENT_KINDS - {"asked"})
    kinds = ["asked", "decided", "decided"] * 30
    said = [level.is_doubtful(e.at.previous(where=e.kind == kind).is_missing()) for kind in kinds]
    assert said == [kind == "asked" for kind in kinds]
