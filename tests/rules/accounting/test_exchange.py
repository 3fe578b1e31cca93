"""The same-city exchange: errors by day, bank, session and fault party; corrections and returns in time."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.rules.tables import engine, folder_of, judged

import windowservice as ws
from windowservice.cases.tallies import tally
from windowservice.facts.accounting.exchange import exchange_item
from windowservice.scoring.observing.counting import observe

ITEMS = """
id | bank | kind      | session | session_at       | items | error   | fault_party  | found_at         | corrected_at
X1 | B1   | presented | noon    | 2018-05-03 11:00 | 500   |         |              |                  |
X2 | B1   | presented | noon    | 2018-05-03 11:00 | 2     | amount  | institution  | 2018-05-03 14:00 | 2018-05-03 17:00
X3 | B1   | presented | evening | 2018-05-03 16:00 | 1     | seal    | counterparty | 2018-05-03 16:30 | 2018-05-03 17:01
X4 | B2   | presented | evening | 2018-05-04 16:00 | 1     | account |              | 2018-05-04 16:30 | 2018-05-04 16:40
X5 | B2   | presented | noon    | 2018-05-04 11:00 |       | form    | unknown      | 2018-05-04 14:00 |
"""  # noqa: E501


def test_row_m2_errors_of_the_banks_own() -> None:
    """Somebody else's error is no fault of the bank; of one whose fault is not stated, or unknown, nobody can tell."""
    found = judged(exchange_items=ITEMS)
    rule = "exchange/presented_without_own_error"
    assert found.of(rule) == {"X1": "pass", "X2": "fail", "X3": "pass", "X4": "unknown", "X5": "unknown"}
    assert "off by 2 items" in found.lines["X2", rule]
    assert "fault_party" in found.lines["X4", rule]


def test_row_m2_errors_are_put_right_the_same_day() -> None:
    """The window closes at 17:00; a minute later is late."""
    found = judged(exchange_items=ITEMS)
    rule = "exchange/exchange_error_corrected_in_time"
    assert found.of(rule) == {
        "X1": "not_applicable", "X2": "pass", "X3": "fail", "X4": "pass", "X5": "fail",
    }  # fmt: skip
    assert "late by 1 minute" in found.lines["X3", rule]


RETURNS = """
id | bank | kind     | session | session_at       | return_until     | returned_at         | reason_valid
T1 | B1   | returned | noon    | 2018-05-03 11:00 | 2018-05-03 15:00 | 2018-05-03 15:00:00 | yes
T2 | B1   | returned | noon    | 2018-05-03 11:00 | 2018-05-03 15:00 | 2018-05-03 15:00:01 | no
T3 | B1   | returned | noon    | 2018-05-03 11:00 |                  | 2018-05-03 14:00    |
"""


@pytest.mark.parametrize("rule", ["returned_within_session", "returned_for_valid_reason"])
def test_row_m2_returns_within_their_session_and_for_a_reason(rule: str) -> None:
    """A return in time and for a valid reason passes; what the ledger does not say is unknown."""
    found = judged(exchange_items=RETURNS).of(f"exchange/{rule}")
    assert found == {"T1": "pass", "T2": "fail", "T3": "unknown"}


def test_row_m2_the_days_tally_and_the_months_rate(tmp_path: Path) -> None:
    """Errors stand by day, bank, session and fault party; the rate leaves out what is not known to be its own."""
    folder_of(tmp_path, exchange_items=ITEMS)
    ledger = ws.Ledger.read(tmp_path)
    by = ("day", "bank", "session", "fault_party")
    counts = tally(engine(), ledger, "exchange_items", by, count="pieces", where=exchange_item.error.is_known())
    assert counts == {
        ("2018-05-03", "B1", "noon", "institution"): 2,
        ("2018-05-03", "B1", "evening", "counterparty"): 1,
        ("2018-05-04", "B2", "evening", "unknown"): 1,
        ("2018-05-04", "B2", "noon", "unknown"): 1,
    }
    rates = {(r.bank, r.fault_party): str(r) for r in observe(engine(), ledger, "2018-05").readings}
    assert rates == {("B1", "institution"): "2/502", ("B1", "counterparty"): "1/1", ("B2", "unknown"): "2/2"}
