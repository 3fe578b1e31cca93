"""What happened at the banks is the same from frames as from the rows of a ledger."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import windowservice as ws
from windowservice.domain.records import Record
from windowservice.engine.measure_frames import bank_period_frames
from windowservice.engine.measure_records import kinds_told_by, occurrences_of, recorded_kinds
from windowservice.engine.occurrence_frames import occurrence_frame
from windowservice.errors import UnknownName
from windowservice.ledger.ledger import Ledger
from windowservice.ledger.load_report import LoadReport

pl = pytest.importorskip("polars")

AS_OF = datetime(2018, 6, 29, 8, 0, tzinfo=UTC)
PARTIES = st.sampled_from([None, "institution", "telecom"])


@cache
def engine() -> ws.Engine:
    return ws.Engine.load(installed=False)


def _maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


def _instants() -> st.SearchStrategy[datetime]:
    """Instants of half a year before the one judged, some at it and after it; often one and the same."""
    days = st.sampled_from([-1, 0, 0, 1, 2, 30, 31, 89, 90, 91, 150])
    return st.builds(lambda d, s: AS_OF - timedelta(days=d, seconds=s), days, st.sampled_from([-1, 0, 1, 3600, 40_000]))


def _rows(**columns: st.SearchStrategy[Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(st.fixed_dictionaries({"bank": st.sampled_from(["B1", "B2"]), **columns}), max_size=5)


TABLES = st.fixed_dictionaries({
    "occurrences": _rows(
        kind=st.sampled_from(["rule_breach", "safety_hazard", "own_failure"]), happened_at=_instants(),
        closed_at=_maybe(_instants()), about=_maybe(st.sampled_from(["seal", "outage HVPS"])),
        days_after_circular=_maybe(st.integers(0, 200)),
    ),
    "positions": _rows(
        checkpoint_at=_instants(), balance=_maybe(st.integers(0, 2)), required=_maybe(st.integers(0, 2)),
        urged_at=_maybe(_instants()), covered_at=_maybe(_instants()), queued_at_close=_maybe(st.integers(0, 2)),
        window_opened=_maybe(st.booleans()), fault_party=PARTIES,
    ),
    "incidents": _rows(
        system=st.sampled_from(["HVPS", "BEPS"]), cause=_maybe(st.sampled_from(["own", "telecom"])),
        started_at=_instants(), ended_at=_maybe(_instants()), others_affected=_maybe(st.booleans()),
    ),
    "filings": _rows(
        kind=st.sampled_from(["periodic", "emergency", "drill"]), happened_at=_instants(), fault_party=PARTIES,
        due_day=_maybe(st.dates(date(2018, 6, 20), date(2018, 7, 4))), filed_at=_maybe(_instants()),
    ),
    "measures": _rows(
        measure=st.sampled_from(["circular", "interview"]), about=_maybe(st.sampled_from(["seal", "outage HVPS"])),
        proposed_at=_instants(), decision=_maybe(st.sampled_from(["taken", "rejected"])),
        decided_at=_maybe(_instants()), due_at=_maybe(_instants()), rectified_at=_maybe(_instants()),
        released_at=_maybe(_instants()), verified_at=_maybe(_instants()),
        verified=_maybe(st.sampled_from(["rectified", "failed", "refused"])),
    ),
})  # fmt: skip


@given(tables=TABLES)
def test_frames_tell_what_the_rows_of_a_ledger_tell(tables: dict[str, list[dict[str, Any]]]) -> None:
    """Windows, queues, urges missed and how many in a row, outages, filings, measures overdue, problems come again."""
    named = {
        name: [{"id": f"{name}-{n}", **row} for n, row in enumerate(rows)] for name, rows in tables.items() if rows
    }
    records = {name: tuple(Record(name, row) for row in rows) for name, rows in named.items()}
    ledger = Ledger(banks=(), records=records, report=LoadReport(), zone="Asia/Shanghai")
    frames = {name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in named.items()}
    columns = occurrence_frame(engine(), frames, as_of=AS_OF)
    assert [_given(row) for row in columns.iter_rows(named=True)] == [
        _given(dict(row)) for row in occurrences_of(engine(), ledger, AS_OF)
    ]
    assert kinds_told_by(frames) == recorded_kinds(ledger)


def _given(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


def test_from_tables_to_proposals_without_a_row_in_between() -> None:
    """Three queues at the close, told by positions, call for the restriction; what nobody records is unknown."""
    positions = pl.DataFrame({
        "id": ["P1", "P2", "P3"], "bank": ["B1"] * 3, "queued_at_close": [1, 2, 1], "window_opened": [False] * 3,
        "checkpoint_at": [AS_OF - timedelta(days=days) for days in (3, 40, 200)],
    })  # fmt: skip
    tables = {"positions": positions}
    happened = occurrence_frame(engine(), tables, as_of=AS_OF)
    frames = bank_period_frames(engine(), [ws.Bank(id="B1")], happened, as_of=AS_OF)
    found = ws.propose(ws.Ladder.default(), frames, as_of=AS_OF, engine=engine(), recorded=kinds_told_by(tables))
    assert found.proposals.select("bank", "measure", "rows").rows() == [
        ("B1", "restrict_new_admission", ["E50", "E34"])
    ]
    assert "E22" not in found.unknown["row"].to_list()
    assert "E24" in found.unknown["row"].to_list()


def test_a_table_that_tells_of_no_occurrence_is_refused() -> None:
    """With the tables that do."""
    with pytest.raises(UnknownName, match="position"):
        occurrence_frame(engine(), {"position": pl.DataFrame()}, as_of=AS_OF)
