"""One happening that two tables tell counts once: what occurrences repeat of a table changes nothing."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from tests.engines import built_in

import windowservice as ws
from windowservice.escalation.records import occurrences_of
from windowservice.facts.escalation.bank_period import bank_period
from windowservice.facts.escalation.bank_reading import bank_reading

AS_OF = "2018-06-22"
PLACES: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "a queue at the close": (
        "positions", {"checkpoint_at": "2018-03-05 16:30", "queued_at_close": 2}, {"kind": "queued_at_close"},
    ),
    "a window opened": (
        "positions", {"checkpoint_at": "2018-03-05 16:30", "window_opened": True}, {"kind": "window_opened"},
    ),
    "a queue by the fault of others": (
        "positions", {"checkpoint_at": "2018-03-05 16:30", "queued_at_close": 2, "fault_party": "telecom"},
        {"kind": "queued_at_close"},
    ),
    "an outage": (
        "incidents",
        {"started_at": "2018-03-05 10:00", "ended_at": "2018-03-05 11:00", "system": "HVPS", "cause": "own"},
        {"kind": "outage", "system": "HVPS", "seconds": 3600},
    ),
    "an outage of a system that nobody names": (
        "incidents",
        {"started_at": "2018-03-05 10:00", "ended_at": "2018-03-05 11:00", "system": "HVPS", "cause": "own"},
        {"kind": "outage"},
    ),
    "a filing": (
        "filings", {"kind": "emergency", "happened_at": "2018-03-05 09:00", "due_day": "2018-03-05"},
        {"kind": "filing_missed", "about": "emergency"},
    ),
    "an action overdue": (
        "actions",
        {"action": "interview", "proposed_at": "2018-01-05 09:00", "decision": "taken",
         "decided_at": "2018-01-06 09:00", "due_at": "2018-03-05 17:00"},
        {"kind": "action_overdue", "about": "interview"},
    ),
}  # fmt: skip


@cache
def engine() -> ws.Engine:
    return built_in()


def happened(**tables: Any) -> list[tuple[str, str]]:
    ledger = ws.Ledger.read({"banks": [{"id": "B1"}], **tables}, zone="Asia/Shanghai")
    assert not ledger.report.rejected
    return [(row["kind"], row["id"]) for row in occurrences_of(engine(), ledger, AS_OF)]


@pytest.mark.parametrize("what", PLACES)
def test_what_occurrences_repeat_of_a_table_changes_nothing(what: str) -> None:
    """The same bank, day and kind; on another day, or of another bank, it is another happening."""
    table, row, other = PLACES[what]
    place = {"id": "X1", "bank": "B1", **row}
    alone = happened(**{table: [place]})
    day = "2018-03-05 17:15"
    again = {"id": "O1", "bank": "B1", "happened_at": day, **other}
    both = happened(**{table: [place], "occurrences": [again]})
    later = happened(**{table: [place], "occurrences": [{**again, "happened_at": "2018-04-11 17:15"}]})
    assert both == alone
    assert len(later) == len(alone) + 1


def test_several_checkpoints_of_a_day_tell_of_one_queue() -> None:
    """The window closes once a day."""
    rows = [{"id": f"P{n}", "bank": "B1", "checkpoint_at": f"2018-03-05 1{n}:30", "queued_at_close": 1} for n in (5, 6)]
    assert happened(positions=rows) == [("queued_at_close", "P5/queued_at_close")]


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [
        (ws.Rule("few", title="t", require=bank_period.windows_opened <= 1), "fail"),
        (ws.Rule("some", title="t", require=bank_period.windows_opened <= 2), "pass"),
        (ws.Rule("untold", title="t", require=bank_period.rule_breaches == 0), "unknown"),
        (
            ws.Rule("bad", title="t", require=bank_reading.severity == "none", when=bank_reading.indicator == "C1"),
            "fail",
        ),
    ],
)
def test_rules_on_records_made_of_a_whole_ledger_are_judged(rule: ws.Rule, verdict: str) -> None:
    """Banks within the look-back, and indicators of the last month; a kind that nobody records is unknown."""
    days = ("2018-04-10", "2018-05-10")
    positions = [
        {"id": f"P{day}", "bank": "B1", "checkpoint_at": f"{day} 16:00", "window_opened": True} for day in days
    ]
    readings = [{"id": "G1", "bank": "B1", "indicator": "C1", "period": "2018-05", "numerator": 1, "denominator": 5}]
    tables = {"banks": [{"id": "B1", "joined": "2015-01-01"}], "positions": positions, "readings": readings}
    ledger = ws.Ledger.read(tables, zone="Asia/Shanghai")
    report = engine().with_rules(rule).audit(ledger, as_of="2018-06-29")
    found = {str(one.verdict) for one in report if one.rule.endswith(f"/{rule.name}")}
    assert verdict in found
