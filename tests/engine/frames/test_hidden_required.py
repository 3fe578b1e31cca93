"""What every record has and what lies ahead: a row of a frame that is judged by itself is what a record in hand is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import polars as pl

import windowservice as ws

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class visit(ws.Facts, happens="at"):
    """A visit."""

    at = ws.fact(datetime, "When it was agreed", required=True)
    begins_at = ws.fact(datetime, "When it began", required=True)
    share = ws.fact(Decimal, "A share that no column holds exactly")
    other = ws.fact(Decimal, "Another")


def test_a_required_instant_that_lies_ahead_is_no_error_of_a_row() -> None:
    """It has not happened, for a rule that is run row by row too."""
    rule = ws.Rule(
        "r", title="Shares rise", of=visit, require=(visit.share > visit.other * 2) & (visit.begins_at > visit.at)
    )
    pack = ws.Pack("p", version="1", rules=(rule,))
    engine = ws.Engine.load(packs=[pack], installed=False, calendars=ws.WorkCalendar("UTC", "mon-sun 00:00-24:00"))
    row = {
        "id": "k", "at": NOON, "begins_at": NOON + timedelta(days=3), "share": Decimal("0.5"), "other": Decimal("0.1"),
    }  # fmt: skip
    one = engine.audit([row], as_of=NOON + timedelta(days=1), of=visit).findings[0]
    report = engine.audit(pl.DataFrame([row]), as_of=NOON + timedelta(days=1), of=visit)
    assert report.slow
    assert (report.findings[0].verdict, report.findings[0].error) == (one.verdict, None)
