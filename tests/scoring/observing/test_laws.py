"""Laws of readings computed from records: nothing disappears, time alone changes nothing, columns say the same."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines import built_in
from tests.trials import trials

import windowservice as ws
from windowservice.domain.parties import FormerId, Period
from windowservice.domain.records import Record
from windowservice.domain.scorecard.readings import FAULT_PARTIES
from windowservice.domain.scorecard.readings_period import ReportingPeriod, to_period
from windowservice.domain.scorecard.scorecard import Scorecard
from windowservice.ledger.ledger import Ledger
from windowservice.ledger.reading.load_report import LoadReport
from windowservice.rules.indicators import Indicator
from windowservice.scoring.columns.columns import score_columns
from windowservice.scoring.columns.indicators import indicator_columns
from windowservice.scoring.observing.counting import observe
from windowservice.scoring.observing.frames import observe_columns

pl = pytest.importorskip("polars")

MAY = to_period("2018-05")
BANKS = (
    ws.Bank(id="B1", key_periods=(Period("2018-01-01", None),)),
    ws.Bank(id="B2", former_ids=(FormerId("B0", "2018-05-09"), FormerId("B1", "2018-05-03"))),
)
_BEGIN = datetime(2018, 4, 26, 0, 0, tzinfo=UTC)
_SECONDS = 40 * 86_400


def _instants() -> st.SearchStrategy[datetime]:
    """Instants around May 2018, many of them at hours where limits fall."""
    edges = st.sampled_from(
        [0, 3600 * 4, 3600 * 4 + 1, 3600 * 8, 3600 * 9, 3600 * 9 + 1]
    )  # 12:00, 16:00, 17:00 in China
    day = st.integers(0, 40)
    at_edge = st.builds(lambda d, s: _BEGIN + timedelta(days=d, seconds=s), day, edges)
    return at_edge | st.integers(0, _SECONDS).map(lambda s: _BEGIN + timedelta(seconds=s))


def _maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


MESSAGES = st.lists(
    st.fixed_dictionaries({
        "bank": st.sampled_from(["B0", "B1", "B2", "B9"]),
        "kind": st.sampled_from(["inquiry", "own_inquiry", "return_request", "stop_request", "debit_item"]),
        "system": _maybe(st.sampled_from(["HVPS", "BEPS"])),
        "received_at": _instants(),
        "answered_at": _maybe(_instants()),
        "due_day": _maybe(st.dates(date(2018, 4, 28), date(2018, 6, 4))),
        "empty": _maybe(st.booleans()),
        "excluded": st.sampled_from([None, None, None, "duplicate", "test"]),
        "fault_party": _maybe(st.sampled_from([*FAULT_PARTIES])),
    }),
    max_size=12,
)  # fmt: skip
POSITIONS = st.lists(
    st.fixed_dictionaries({
        "bank": st.sampled_from(["B1", "B2"]),
        "checkpoint_at": _instants(),
        "balance": _maybe(st.integers(0, 3)),
        "required": _maybe(st.integers(0, 3)),
        "urged_at": _maybe(_instants()),
        "covered_at": _maybe(_instants()),
        "outgoing_items": _maybe(st.integers(0, 5)),
        "queued_items": _maybe(st.integers(0, 5)),
        "queued_at_close": _maybe(st.integers(0, 2)),
        "window_opened": _maybe(st.booleans()),
        "fault_party": _maybe(st.sampled_from([*FAULT_PARTIES])),
    }),
    max_size=10,
)  # fmt: skip

INCIDENTS = st.lists(
    st.fixed_dictionaries({
        "bank": st.sampled_from(["B1", "B2"]),
        "system": st.sampled_from(["HVPS", "BEPS", "IBPS", "CIS"]),
        "cause": st.sampled_from(["own", "telecom"]),
        "started_at": _instants(),
        "ended_at": _maybe(_instants()),
    }),
    max_size=6,
)  # fmt: skip


@cache
def _engine() -> ws.Engine:
    return built_in()


CARD = Scorecard.default()
COUNTED = Indicator.default()
read = partial(observe, scorecard=CARD, indicators=COUNTED)


def _ledger(**tables: list[dict[str, Any]]) -> Ledger:
    records = {
        table: tuple(Record(table, {"id": f"{table}-{place}", **row}) for place, row in enumerate(rows))
        for table, rows in tables.items()
    }
    return Ledger(banks=BANKS, records=records, report=LoadReport(), zone="Asia/Shanghai")


def _frames(ledger: Ledger) -> dict[str, Any]:
    return {
        table: pl.DataFrame([dict(row) for row in rows], infer_schema_length=None)
        for table, rows in ledger.records.items()
        if rows
    }


@pytest.mark.slow
@trials(0.6)
@given(
    messages=MESSAGES,
    positions=POSITIONS,
    incidents=INCIDENTS,
    as_of=_maybe(_instants()),
    at=_maybe(st.integers(0, 30)),
)
def test_columns_and_objects_give_the_same_readings(
    messages: list[dict[str, Any]],
    positions: list[dict[str, Any]],
    incidents: list[dict[str, Any]],
    as_of: datetime | None,
    at: int | None,
) -> None:
    """Readings, items, what was set aside, what could not be told and the figures for vetoes are the same.

    Half of the time as of an instant at which something of it happens.
    """
    rows = [*messages, *positions, *incidents]
    happens = [value for row in rows for value in row.values() if isinstance(value, datetime)]
    as_of = as_of if at is None or not happens else happens[at % len(happens)]
    ledger = _ledger(messages=messages, positions=positions, incidents=incidents)
    objects = read(_engine(), ledger, MAY, as_of=as_of)
    columns = read(_engine(), _frames(ledger), MAY, as_of=as_of, banks=BANKS)
    assert columns.readings == objects.readings
    assert columns.set_aside == objects.set_aside
    assert columns.untold == objects.untold
    assert columns.facts == objects.facts


@given(messages=MESSAGES)
def test_every_inquiry_that_fell_due_is_on_one_side_or_counted_out(messages: list[dict[str, Any]]) -> None:
    """What fell due in May is in the denominator of one party, or left both sides with its reason."""
    for row in messages:
        row["kind"] = "inquiry"
    ledger = _ledger(messages=messages)
    found = read(_engine(), ledger, MAY)
    counted: Counter[str] = Counter()
    for reading in found.readings:
        if (reading.indicator, reading.period) == ("C1", MAY):
            counted[reading.bank] += reading.denominator or 0
    for row in found.set_aside:
        if (row.name, row.period) == ("C1", MAY):
            counted[row.bank] += row.number
    due = [(row["bank"], _due(row["received_at"])) for row in messages]
    assert +counted == Counter(_present(bank, day) for bank, day in due if day in MAY)


def _present(bank: str, day: date) -> str:
    """Return the present id of a bank, as the list of banks has it."""
    if bank == "B0" or (bank == "B1" and day <= date(2018, 5, 3)):
        return "B2"
    return bank


def _due(received: datetime) -> date:
    """Return the day of the next working-day morning, by the calendar alone."""
    calendar = _engine().calendar
    return calendar.add_workdays((received + timedelta(hours=8)).date(), 1)


@given(messages=MESSAGES, order=st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_number(messages: list[dict[str, Any]], order: Any) -> None:
    """Rows in another order give the same numerators and denominators."""
    shuffled = list(messages)
    order.shuffle(shuffled)

    def numbers(rows: list[dict[str, Any]]) -> set[tuple[Any, ...]]:
        found = read(_engine(), _ledger(messages=rows), MAY).readings
        return {(r.bank, r.indicator, r.period, r.fault_party, r.numerator, r.denominator) for r in found}

    assert numbers(messages) == numbers(shuffled)


@given(messages=MESSAGES, later=st.integers(0, 30))
def test_a_closed_period_does_not_change_by_time_alone(messages: list[dict[str, Any]], later: int) -> None:
    """Seen a day or a month after its end, the month is the same, and final."""
    ledger = _ledger(messages=messages)
    at_end = read(_engine(), ledger, MAY).readings
    seen = read(_engine(), ledger, MAY, as_of=MAY.last_day + timedelta(days=later)).readings
    assert seen == at_end
    assert not any(reading.provisional for reading in at_end)


def test_weeks_of_key_institutions_that_straddle_months_belong_where_they_end() -> None:
    """The week of 28 May ends in June, so it is read with June."""
    received = datetime(2018, 5, 29, 2, 0, tzinfo=UTC)
    row = {"bank": "B1", "kind": "inquiry", "received_at": received, "answered_at": received}
    ledger = _ledger(messages=[row])

    def periods(text: str) -> set[ReportingPeriod]:
        return {r.period for r in read(_engine(), ledger, text).readings if r.indicator == "C1"}

    assert periods("2018-05") == {MAY}
    assert periods("2018-06") == {to_period("2018-W22")}


def test_sums_beyond_64_bits_are_exact_in_columns() -> None:
    """Items are whole numbers below 10**18; twelve of them are more than 64 bits hold."""
    at = datetime(2018, 5, 3, 2, 0, tzinfo=UTC)
    rows = [
        {"bank": "B1", "kind": "seal_or_cipher", "booked_at": at, "items": 10**18 - 1, "fault_party": "institution"}
    ] * 12
    ledger = _ledger(accounting_errors=rows)
    (objects,) = read(_engine(), ledger, MAY).readings
    (columns,) = read(_engine(), _frames(ledger), MAY, banks=BANKS).readings
    assert columns == objects
    assert columns.numerator == 12 * (10**18 - 1)


def test_readings_in_columns_are_scored_as_they_are() -> None:
    """What is counted in frames goes into the scores of all banks without a row made in between."""
    at = datetime(2018, 5, 3, 2, 0, tzinfo=UTC)
    row = {"kind": "inquiry", "received_at": at}
    ledger = _ledger(messages=[{"bank": "B1", "answered_at": at, **row}, {"bank": "B3", "answered_at": None, **row}])
    found = observe_columns(_engine(), _frames(ledger), MAY, scorecard=CARD, indicators=COUNTED)
    scores = score_columns(CARD, found.readings, MAY, facts=found.facts_by_bank())
    assert scores.refused.is_empty()
    cells = indicator_columns(CARD, scores.cells).filter(pl.col("indicator") == "C1")
    assert cells.select("bank", "share").rows() == [("B1", 1.0), ("B3", 0.0)]
