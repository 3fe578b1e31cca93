"""The ladder over frames says what it says over single records: the same matches, evidence, proposals and unknowns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines import built_in

import windowservice as ws
from windowservice.domain.records import Record
from windowservice.escalation.proposals import Proposal
from windowservice.escalation.proposing import propose
from windowservice.facts.escalation.bank_period import OCCURRENCE_KINDS
from windowservice.rules.escalation.ladder import Ladder

pl = pytest.importorskip("polars")

AS_OF = datetime(2018, 6, 29, 8, 0, tzinfo=UTC)
BANKS = ("B1", "B2", "B3")


@cache
def engine() -> ws.Engine:
    return built_in()


@cache
def ladder() -> Ladder:
    return Ladder.default()


def _maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


def _instants(days: int = 60) -> st.SearchStrategy[datetime]:
    """Instants before the one judged, a few after it, many at the limits of messages and positions."""
    near = st.sampled_from([0, 1, 3600, 2 * 3600, 4 * 3600, 30 * 3600]).map(lambda s: AS_OF - timedelta(seconds=s))
    return near | st.integers(-3 * 86_400, days * 86_400).map(lambda s: AS_OF - timedelta(seconds=s))


_KINDS = ("rule_breach", "outage", "queued_at_close", "window_opened", "urge_missed", "action_overdue", "bad_grade")
OCCURRENCES = st.lists(
    st.fixed_dictionaries({
        "bank": st.sampled_from(BANKS),
        "kind": st.sampled_from(_KINDS) | st.sampled_from(OCCURRENCE_KINDS),
        "happened_at": _instants(),
        "closed_at": _maybe(_instants()),
        "system": _maybe(st.sampled_from(["HVPS", "BEPS", "IBPS"])),
        "seconds": _maybe(st.sampled_from([60, 7_200, 7_201, 28_801, 43_201])),
        "affects_others": _maybe(st.booleans()),
        "major_damage": _maybe(st.booleans()),
        "in_a_row": _maybe(st.integers(1, 3)),
        "days_after_circular": _maybe(st.sampled_from([1, 180, 181])),
        "about": _maybe(st.sampled_from(["interview", "onsite_check", "circular"])),
        "doubtful": st.sampled_from([None, None, False, True]),
    }),
    max_size=8,
)  # fmt: skip
PERIODS = st.fixed_dictionaries({
    bank: st.fixed_dictionaries({
        "key": _maybe(st.booleans()),
        "new_bank": _maybe(st.booleans()),
        "admission_pending": _maybe(st.booleans()),
        "admission_test_passed": _maybe(st.booleans()),
    })
    for bank in BANKS
})  # fmt: skip
READINGS = st.lists(
    st.fixed_dictionaries({
        "bank": st.sampled_from(BANKS),
        "indicator": st.sampled_from(["A1", "C1"]),
        "severity": _maybe(st.sampled_from(["none", "minor", "major", "severe"])),
        "small_sample": _maybe(st.booleans()),
        "breaches_of_four": _maybe(st.integers(0, 4)),
        "rank_from_bottom": _maybe(st.integers(1, 5)),
        "key": _maybe(st.booleans()),
        "new_bank": _maybe(st.booleans()),
    }),
    max_size=6,
)  # fmt: skip
MESSAGES = st.lists(
    st.fixed_dictionaries({
        "bank": st.sampled_from(BANKS),
        "kind": st.sampled_from(["inquiry", "return_request", "debit_item"]),
        "received_at": _instants(4),
        "answered_at": _maybe(_instants(2)),
        "excluded": st.sampled_from([None, None, "duplicate"]),
    }),
    max_size=4,
)  # fmt: skip
POSITIONS = st.lists(
    st.fixed_dictionaries({
        "bank": st.sampled_from(BANKS),
        "checkpoint_at": _instants(2),
        "balance": _maybe(st.integers(0, 2)),
        "required": _maybe(st.integers(0, 2)),
        "urged_at": _maybe(_instants(2)),
        "covered_at": _maybe(_instants(2)),
    }),
    max_size=4,
)  # fmt: skip
FILINGS = st.lists(
    st.fixed_dictionaries({
        "bank": st.sampled_from(BANKS),
        "kind": st.just("periodic"),
        "happened_at": _instants(30),
        "due_day": _maybe(st.dates(date(2018, 6, 20), date(2018, 7, 4))),
        "filed_at": _maybe(_instants(10)),
    }),
    max_size=3,
)  # fmt: skip
_ITEMS = [f"occurrences-{number}" for number in range(8)] + ["readings-0", "readings-1", "messages-0"]
ACTIONS = st.lists(
    st.fixed_dictionaries({
        "bank": st.sampled_from(BANKS),
        "action": st.sampled_from(["urge", "interview", "circular", "restrict_new_admission", "targeted_training"]),
        "cause": _maybe(st.frozensets(st.sampled_from(_ITEMS), max_size=5)),
        "rows": _maybe(st.frozensets(st.sampled_from(["E12", "E22", "E23", "E34", "E50"]), max_size=2)),
        "proposed_at": _instants(),
        "decision": _maybe(st.sampled_from(["taken", "rejected"])),
        "decided_at": _maybe(_instants()),
        "released_at": _maybe(_instants()),
    }),
    max_size=4,
)  # fmt: skip
Rows = Sequence[Mapping[str, Any]]


def _numbered(name: str, rows: Rows) -> list[dict[str, Any]]:
    return [{"id": f"{name}-{place}", **row} for place, row in enumerate(rows)]


def _seen(rows: Rows) -> list[dict[str, Any]]:
    """Return what had happened; records are made of no other."""
    return [dict(row) for row in rows if row["happened_at"] <= AS_OF]


def _records(tables: Mapping[str, list[dict[str, Any]]]) -> list[Record]:
    happened = sorted(_seen(tables["occurrences"]), key=lambda row: row["happened_at"])
    found = []
    for period in tables["bank_periods"]:
        ours = tuple(Record("occurrences", row) for row in happened if row["bank"] == period["bank"])
        found.append(Record("bank_periods", {**period, "occurrences": ours}))
    for table in ("bank_readings", "messages", "positions", "filings"):
        found += [Record(table, row) for row in tables[table]]
    return found


_NOTHING = {"id": pl.String, "bank": pl.String, "kind": pl.String, "happened_at": pl.Datetime("us", "UTC")}


def _frames(tables: Mapping[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Return the tables as frames; a bank of which all that happened lies ahead is not there yet: it has none."""
    there = {row["bank"] for row in _seen(tables["occurrences"])}
    happened = [row for row in tables["occurrences"] if row["bank"] in there]
    given = {**tables, "occurrences": happened}
    found = {name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in given.items() if rows}
    return {"occurrences": pl.DataFrame(schema=_NOTHING), **found}


def _tables(
    periods: Mapping[str, Mapping[str, Any]], occurrences: Rows, readings: Rows, messages: Rows, positions: Rows,
    filings: Rows,
) -> dict[str, list[dict[str, Any]]]:  # fmt: skip
    until = {"period": "2018-05", "until": datetime(2018, 5, 31, 16, 0, tzinfo=UTC)}
    return {
        "bank_periods": [
            {"id": f"{bank} period", "bank": bank, "until": AS_OF, **row} for bank, row in periods.items()
        ],
        "occurrences": _numbered("occurrences", occurrences),
        "bank_readings": [{**row, **until} for row in _numbered("readings", readings)],
        "messages": _numbered("messages", messages),
        "positions": _numbered("positions", positions),
        "filings": _numbered("filings", filings),
    }  # fmt: skip


RECORDED = _maybe(st.frozensets(st.sampled_from(_KINDS), min_size=4).map(sorted))


@pytest.mark.slow
@given(
    periods=PERIODS, occurrences=OCCURRENCES, readings=READINGS, messages=MESSAGES, positions=POSITIONS,
    filings=FILINGS, actions=ACTIONS, recorded=RECORDED,
)  # fmt: skip
def test_frames_and_single_records_give_the_same_proposals(
    periods: Any, occurrences: Rows, readings: Rows, messages: Rows, positions: Rows, filings: Rows, actions: Rows,
    recorded: list[str] | None,
) -> None:  # fmt: skip
    """Every match with its items, new items, evidence and open action; the actions proposed; the rows not told."""
    tables = _tables(periods, occurrences, readings, messages, positions, filings)
    done = [Record("actions", row) for row in _numbered("M", actions)]
    said = {"as_of": AS_OF, "engine": engine(), "recorded": recorded}
    one = propose(ladder(), _records(tables), actions=done, **said)
    all_ = propose(ladder(), _frames(tables), actions=done, **said)
    assert all_.slow == {}
    assert {_match(row) for row in all_.matches.iter_rows(named=True)} == {
        (match.row.id, match.key, match.items, match.new_items, _values(match), open_)
        for proposal in one
        for open_, match in [*((None, match) for match in proposal.matches), *proposal.added]
    }
    assert all_.proposals.rows() == [_row(proposal) for proposal in one]
    assert {(row, key, tuple(missing)) for row, _, key, missing in all_.unknown.rows()} == {
        (row.row.id, row.key, row.missing) for row in one.unknown
    }
    for bank in BANKS:
        assert str(all_.of(bank)) == str(one.of(bank))


def _match(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return (
        row["row"], row["key"], frozenset(row["items"]), frozenset(row["new_items"]), row["values"],
        row["open_action"],
    )  # fmt: skip


def _values(match: Any) -> str:
    return ", ".join(f"{name} = {value}" for name, value in match.values.items())


def _row(proposal: Proposal) -> tuple[Any, ...]:
    action = None if proposal.action is None else proposal.action.id
    rows = list(dict.fromkeys(match.row.id for match in proposal.matches))
    due = proposal.due()
    return proposal.bank, action, proposal.authority, [kind.id for kind in proposal.also], due, rows


def test_an_open_action_that_names_a_row_and_no_items_takes_what_is_new_as_evidence() -> None:
    """No second action is proposed for its row; one that is closed lets the row call again."""
    at = AS_OF - timedelta(days=3)
    frames = {
        "bank_periods": pl.DataFrame({"id": ["P"], "bank": ["B1"], "until": [AS_OF]}),
        "occurrences": pl.DataFrame({"id": ["Q"], "bank": ["B1"], "kind": ["queued_at_close"], "happened_at": [at]}),
    }
    action = {"id": "M", "bank": "B1", "action": "circular", "rows": frozenset(["E34"]), "proposed_at": at}
    for released, opened, proposed in ((None, "M", None), (AS_OF, None, "circular")):
        done = [Record("actions", {**action, "released_at": released})]
        found = propose(ladder(), frames, as_of=AS_OF, engine=engine(), actions=done)
        assert found.matches.select("row", "open_action").rows() == [("E34", opened)]
        assert found.proposals.select("bank", "action").rows() == [("B1", proposed)]
