"""What happened at the banks is the same from frames as from the rows of a ledger."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines import built_in

import windowservice as ws
from windowservice.domain.parties import FormerId
from windowservice.domain.records import Record
from windowservice.errors import InvalidValue, UnknownName
from windowservice.escalation.columns.banks import bank_period_frames
from windowservice.escalation.columns.occurrences import occurrence_frame
from windowservice.escalation.records import by_present_ids, kinds_told_by, occurrences_of, recorded_kinds
from windowservice.ledger.ledger import Ledger
from windowservice.ledger.reading.load_report import LoadReport

pl = pytest.importorskip("polars")

AS_OF = datetime(2018, 6, 29, 8, 0, tzinfo=UTC)
PARTIES = st.sampled_from([None, "institution", "telecom"])


@cache
def engine() -> ws.Engine:
    return built_in()


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
    "actions": _rows(
        action=st.sampled_from(["circular", "interview"]), about=_maybe(st.sampled_from(["seal", "outage HVPS"])),
        proposed_at=_instants(), decision=_maybe(st.sampled_from(["taken", "rejected"])),
        decided_at=_maybe(_instants()), due_at=_maybe(_instants()), rectified_at=_maybe(_instants()),
        released_at=_maybe(_instants()), verified_at=_maybe(_instants()),
        verified=_maybe(st.sampled_from(["rectified", "failed", "refused"])),
    ),
})  # fmt: skip


def _bank(id: str, *former: str) -> ws.Bank:
    return ws.Bank(id=id, former_ids=tuple(FormerId(one, date(2018, 5, 29)) for one in former))


BANKS = st.sampled_from([
    [],  # nobody lists them
    [_bank("B3", "B1")],
    [_bank("B3", "B1", "B2")],
    [_bank("B2", "B1"), _bank("B1")],  # the id passed to another bank
])  # fmt: skip


@given(tables=TABLES, banks=BANKS)
def test_frames_tell_what_the_rows_of_a_ledger_tell(
    tables: dict[str, list[dict[str, Any]]], banks: list[ws.Bank]
) -> None:
    """Windows, queues, urges, outages, filings, actions, problems come again; under whichever id of a bank."""
    named = {
        name: [{"id": f"{name}-{n}", **row} for n, row in enumerate(rows)] for name, rows in tables.items() if rows
    }
    records = {name: tuple(Record(name, row) for row in rows) for name, rows in named.items()}
    ledger = Ledger(banks=tuple(banks), records=records, report=LoadReport(), zone="Asia/Shanghai")
    frames = {name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in named.items()}
    columns = occurrence_frame(engine(), frames, as_of=AS_OF, banks=banks)
    assert [_given(row) for row in columns.iter_rows(named=True)] == [
        _given(dict(row)) for row in occurrences_of(engine(), by_present_ids(ledger, engine().calendar.zone), AS_OF)
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
    found = ws.escalation.propose(
        ws.Ladder.default(), frames, as_of=AS_OF, engine=engine(), recorded=kinds_told_by(tables)
    )
    assert found.proposals.select("bank", "action", "rows").rows() == [("B1", "restrict_new_admission", ["E50", "E34"])]
    assert "E22" not in found.unknown["row"].to_list()
    assert "E24" in found.unknown["row"].to_list()


def test_a_table_that_tells_of_no_occurrence_is_refused() -> None:
    """With the tables that do."""
    with pytest.raises(UnknownName, match="position"):
        occurrence_frame(engine(), {"position": pl.DataFrame()}, as_of=AS_OF)


def test_a_banks_period_has_what_happened_under_its_former_id() -> None:
    """Until the last day on which the id was its own; after that nobody lists it, and it belongs to no record."""
    happened = pl.DataFrame({
        "id": ["O1", "O2"], "bank": ["B1", "B1"], "kind": ["queued_at_close"] * 2,
        "happened_at": [AS_OF - timedelta(days=40), AS_OF - timedelta(days=3)],
    })  # fmt: skip
    for banks, named in (([_bank("B2", "B1")], ["B2", "B2"]), ([_bank("B2", "B1"), _bank("B1")], ["B2", "B1"])):
        frames = bank_period_frames(engine(), banks, happened, as_of=AS_OF)
        assert frames["occurrences"]["bank"].to_list() == named


@pytest.mark.parametrize(("table", "column"), [("positions", "queued_at_close"), ("occurrences", "seconds")])
def test_a_count_below_zero_is_refused_in_frames_too(table: str, column: str) -> None:
    """With the column and the row."""
    at = {"positions": "checkpoint_at", "occurrences": "happened_at"}[table]
    rows = pl.DataFrame(
        {"id": ["X1", "X2"], "bank": ["B1"] * 2, "kind": ["outage"] * 2, at: [AS_OF] * 2, column: [1, -1]}
    )
    with pytest.raises(InvalidValue, match=rf"{table}\.{column}, row 2 must be 0 or more, got -1"):
        occurrence_frame(engine(), {table: rows}, as_of=AS_OF)
    if table == "occurrences":
        with pytest.raises(InvalidValue, match="row 2 must be 0 or more"):
            bank_period_frames(engine(), [ws.Bank(id="B1")], rows, as_of=AS_OF)
