"""What a verdict that cannot be told says is missing: what is needed, not all that happens to be empty."""

from __future__ import annotations

import windowservice as ws

AS_OF = "2018-05-31"


def missing(record: dict[str, object], table: str, rule: str) -> tuple[str, ...]:
    ledger = ws.Ledger.read({table: [{"id": "X1", "bank": "B1", **record}]}, zone="Asia/Shanghai")
    finding = ws.Engine.load(installed=False).audit(ledger, as_of=AS_OF).finding("X1", rule)
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
