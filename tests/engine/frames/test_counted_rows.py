"""Nothing is left out of a number in silence: where frames are counted (readings, proposals, needs, occurrences) a row
that says what none can, or lacks what each has, is refused with its number; in objects a record of no table is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest
from tests.engines import built_in

import windowservice as ws
from windowservice.engine.made.training_frames import need_frame
from windowservice.errors import InvalidDocument, InvalidValue, UnknownName
from windowservice.escalation.columns.occurrences import occurrence_frame
from windowservice.rules.escalation.ladder import Ladder

ENGINE = built_in()
AS_OF = "2026-06-10"
GOOD = datetime(2026, 5, 20, 2, tzinfo=UTC)
FAR = datetime(1805, 5, 22, tzinfo=UTC)
BAD = {
    "a word": {"kind": "inqury"},
    "an instant out of range": {"answered_at": FAR},
    "what each has": {"received_at": None},
}


def messages(**wrong: Any) -> pl.DataFrame:
    one = {"bank": "B1", "kind": "inquiry", "system": "HVPS", "received_at": GOOD, "answered_at": GOOD}
    return pl.DataFrame([{"id": "M1", **one}, {"id": "M2", **one, **wrong}])


@pytest.mark.parametrize("what", BAD)
def test_readings_of_a_frame_are_not_counted_without_a_record_that_cannot_be_taken(what: str) -> None:
    fine = ENGINE.observe({"messages": messages()}, "2026-05", as_of=AS_OF).readings
    assert {row.indicator: row.denominator for row in fine}["C1"] == 2
    with pytest.raises(InvalidDocument, match="row 2"):
        ENGINE.observe({"messages": messages(**BAD[what])}, "2026-05", as_of=AS_OF)


@pytest.mark.parametrize("what", BAD)
def test_nothing_is_proposed_from_a_frame_with_a_record_that_cannot_be_taken(what: str) -> None:
    with pytest.raises((InvalidDocument, InvalidValue, UnknownName)):
        ws.escalation.propose(Ladder.default(), {"messages": messages(**BAD[what])}, as_of=AS_OF, engine=ENGINE)


def test_events_of_a_kind_nobody_knows_make_no_reading() -> None:
    requests = pl.DataFrame({"id": ["R-1"], "bank": ["B1"], "service": ["S10"]})
    events = pl.DataFrame({"request": ["R-1"] * 2, "at": [GOOD] * 2, "kind": ["submitted", "acepted"]})
    tables = {"requests": requests, "events": events}
    of_requests = [one for one in ws.scoring.Indicator.default() if one.table == "requests"]
    with pytest.raises(InvalidDocument, match="did you mean 'accepted'"):
        ENGINE.observe(tables, "2026-05", as_of=AS_OF, indicators=of_requests)


def test_needs_and_occurrences_of_frames_refuse_it_too() -> None:
    one = {"id": "A1", "bank": "B1", "kind": "amount", "booked_at": GOOD, "items": 1, "found_at": FAR}
    with pytest.raises(InvalidDocument, match="row 1"):
        need_frame(ENGINE, errors=pl.DataFrame([one]), as_of=AS_OF)
    row = {"id": "O1", "bank": "B1", "kind": "queued_at_clos", "happened_at": GOOD}
    with pytest.raises(InvalidDocument, match="queued_at_close"):
        occurrence_frame(ENGINE, {"occurrences": pl.DataFrame([row])}, as_of=AS_OF)


def test_a_record_of_no_table_is_refused_by_the_ladder() -> None:
    """It was passed over, as if nothing had happened."""
    row = {"id": "P1", "bank": "B1", "checkpoint_at": GOOD, "balance": 1, "required": 5}
    with pytest.raises(InvalidValue, match=r"records\[0\]"):
        ws.escalation.propose(Ladder.default(), [row], as_of=AS_OF, engine=ENGINE)
