"""Training needs that frames show are those that a ledger shows, and the rules on them run over both alike."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.engines import built_in

import windowservice as ws
from windowservice.domain.records import Record
from windowservice.engine.made.training_frames import need_frame
from windowservice.engine.seen import Seen
from windowservice.errors import MissingColumn
from windowservice.facts.training.training_record import need_shown
from windowservice.ledger.ledger import Ledger
from windowservice.ledger.reading.load_report import LoadReport

pl = pytest.importorskip("polars")

AS_OF = datetime(2018, 7, 1, 3, 0, tzinfo=UTC)
BANKS = (
    ws.Bank(id="B1", joined="2009-01-05"), ws.Bank(id="B2", joined="2018-03-01"), ws.Bank(id="B3"), ws.Bank(id="B4"),
)  # fmt: skip
_BEGIN = datetime(2018, 1, 1, 0, 0, tzinfo=UTC)


@cache
def engine() -> ws.Engine:
    return built_in()


def _instants() -> st.SearchStrategy[datetime]:
    """Instants of half a year, many at the ends of quarters by the time of the window's zone."""
    edges = st.sampled_from([date(2018, 1, 1), date(2018, 4, 1), date(2018, 7, 1)])
    near = st.builds(
        lambda day, s: datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=8, seconds=s), edges,
        st.integers(-1, 1),
    )  # fmt: skip
    return near | st.integers(0, 190).map(lambda days: _BEGIN + timedelta(days=days))


ERRORS = st.lists(
    st.fixed_dictionaries({
        "bank": st.sampled_from(["B1", "B2", "B3", "B9"]),
        "kind": st.sampled_from(["amount", "voucher"]),
        "booked_at": _instants(),
        "items": st.none() | st.integers(1, 6),
        "fault_party": st.sampled_from([None, "institution", "institution", "telecom"]),
    }),
    max_size=10,
)  # fmt: skip
NEEDS = st.lists(
    st.fixed_dictionaries({
        "kind": st.sampled_from(["many_errors", "common_problem", "new_rule", "new_bank"]),
        "bank": st.sampled_from([None, "B1", "B2"]),
        "topic": st.sampled_from([None, "amount", "rule_notices-0", "in words"]),
        "effective_on": st.sampled_from([None, date(2018, 6, 1)]),
        "arisen_at": _instants(),
    }),
    min_size=1, max_size=6,
)  # fmt: skip
NOTICES = st.lists(
    st.fixed_dictionaries({
        "published_at": _instants(), "effective_on": st.sampled_from([None, date(2018, 6, 1), date(2018, 7, 1)]),
    }),
    max_size=2,
)  # fmt: skip
VOLUMES = st.lists(
    st.fixed_dictionaries({
        "bank": st.sampled_from(["B1", "B2", "B3"]), "counted_at": _instants(),
        "vouchers": st.sampled_from([None, 0, 10, 1000, 1000]),
    }),
    max_size=6,
)  # fmt: skip


@given(errors=ERRORS, needs=NEEDS, notices=NOTICES, volumes=VOLUMES, known=st.sampled_from([BANKS, BANKS[:3], ()]))
def test_needs_in_columns_are_those_of_a_ledger(
    errors: list[dict[str, Any]], needs: list[dict[str, Any]], notices: list[dict[str, Any]],
    volumes: list[dict[str, Any]], known: Any,
) -> None:  # fmt: skip
    """Quarters by the zone, own faults, the median, kinds of error, new rules and banks, and what is on the list."""
    tables = {"accounting_errors": errors, "training_needs": needs, "rule_notices": notices, "voucher_counts": volumes}
    named = {
        name: [{"id": f"{name}-{place}", **row} for place, row in enumerate(rows)] for name, rows in tables.items()
    }
    records = {name: tuple(Record(name, row) for row in rows) for name, rows in named.items()}
    ledger = Ledger(banks=known, records=records, report=LoadReport(), zone="Asia/Shanghai")
    seen = Seen.of(engine(), ledger, AS_OF)  # as an audit sees it: a need of tomorrow is not listed yet
    assume(seen.rows("training_needs"))  # a ledger that keeps no list shows no needs; frames without one show all
    objects = seen.rows("needs_shown")
    frames = {name: pl.DataFrame(rows, infer_schema_length=None) if rows else None for name, rows in named.items()}
    columns = need_frame(
        engine(), as_of=AS_OF, errors=frames["accounting_errors"], banks=known, needs=frames["training_needs"],
        rule_notices=frames["rule_notices"], voucher_counts=frames["voucher_counts"],
    )  # fmt: skip
    assert {row["id"]: _given(row) for row in columns.iter_rows(named=True)} == {
        row["id"]: _given(dict(row)) for row in objects
    }
    judged = engine().audit(columns, as_of=AS_OF, of=need_shown)
    assert judged.slow == {}
    assert judged.counts == engine().audit(objects, as_of=AS_OF, of=need_shown).counts


def _given(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


def test_what_is_not_listed_is_proposed() -> None:
    """A bank with many errors, and an error that a third of the banks make, fail until they are on the list."""
    at = datetime(2018, 2, 5, 2, 0, tzinfo=UTC)
    errors = pl.DataFrame(
        [(f"E{n}", f"B{n % 3}", "amount", at, 1 + 5 * (n == 0), "institution") for n in range(3)],
        schema=["id", "bank", "kind", "booked_at", "items", "fault_party"], orient="row",
    )  # fmt: skip
    banks = pl.DataFrame({"bank": [f"B{n}" for n in range(9)]})
    report = engine().audit(need_frame(engine(), as_of=AS_OF, errors=errors, banks=banks), as_of=AS_OF, of=need_shown)
    assert {(finding.rule, finding.key) for finding in report.failures} == {
        ("training/error_prone_bank_listed", "many_errors / 2018-Q1 / B0"),
        ("training/common_error_listed", "common_problem / 2018-Q1 / amount"),
    }


def test_a_frame_of_banks_that_names_none_is_refused() -> None:
    """Without its column `bank` nobody can tell whom it lists."""
    with pytest.raises(MissingColumn, match="bank"):
        need_frame(engine(), as_of=AS_OF, banks=pl.DataFrame({"name": ["First Bank"]}))
