"""What a verdict that cannot be told says is missing: what is needed, not all that happens to be empty."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.engines import built_in

import windowservice as ws
from windowservice.facts.escalation.handling import action_call

AS_OF = "2018-05-31"


def missing(record: dict[str, object], table: str, rule: str) -> tuple[str, ...]:
    ledger = ws.Ledger.read({table: [{"id": "X1", "bank": "B1", **record}]}, zone="Asia/Shanghai")
    finding = built_in().audit(ledger, as_of=AS_OF).finding("X1", rule)
    assert finding.verdict == "unknown"
    return finding.missing


def test_what_is_below_a_fact_that_is_known_is_not_missing() -> None:
    """A message that counts has no reason why it would not."""
    message = {"kind": "inquiry", "received_at": "2018-05-03 09:00", "answered_at": "2018-05-03 15:00"}
    assert missing(message, "messages", "answer_says_something") == ("message.empty",)


def test_what_a_missing_fact_rests_on_is_missing_too() -> None:
    """Whether a bank was short is not known because its balance is not."""
    position = {"checkpoint_at": "2018-05-03 15:30", "required": 100}
    found = missing(position, "positions", "short_bank_urged_in_time")
    assert {"position.is_short", "position.balance"} <= set(found)
    assert "position.required" not in found


CALLS = [
    {"id": "B1 E22", "bank": "B1", "row": "E22", "action": "interview", "missing": ["bank_period.windows_opened"]},
    {"id": "B1 E23", "bank": "B1", "row": "E23", "action": "interview", "since": datetime(2018, 5, 3, tzinfo=UTC)},
]


def test_a_call_that_cannot_be_told_names_what_the_ladder_lacks() -> None:
    """Not the day on which the row would have matched; and of the figure only the day is unknown."""
    banks = [{"id": "B1"}]
    made = {"id": "M1", "bank": "B1", "action": "urge", "proposed_at": "2018-05-03 09:00", "cause": "X"}
    ledger = ws.Ledger.read({"banks": banks, "actions": [made]}, zone="Asia/Shanghai")
    finding = built_in().audit(ledger, as_of=AS_OF).finding("B1 E22", "called_for_is_proposed")
    assert finding.missing == ("bank_period.windows_opened",)
    assert ": missing bank_period.windows_opened -- " in str(finding)
    assert "figure action_proposed_within: the day is not known" in finding.explain()
    assert "none in force" not in finding.explain()


def test_in_columns_a_figure_without_a_day_reads_the_same() -> None:
    """By the frame of findings and by each finding's own case."""
    pl = pytest.importorskip("polars")
    report = built_in().audit(pl.DataFrame(CALLS), of=action_call, as_of=AS_OF)
    rule = "actions/called_for_is_proposed"
    figures = dict(report.to_frame().filter(rule=rule).select("key", "figures").iter_rows())
    assert figures == {
        "B1 E22": "action_proposed_within: the day is not known",
        "B1 E23": "action_proposed_within = 5 working days since 1900-01-01",
    }
    assert report.finding("B1 E22", rule).missing == ("bank_period.windows_opened",)
