"""Outages: of the bank's own cause, planned, or area-wide; reported at once, filed in advance, short."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.rules.tables import engine, folder_of, judged

import windowservice as ws
from windowservice.scoring.observing.counting import observe

OUTAGES = """
id | bank | system | started_at       | ended_at            | cause     | filed_at            | reported_at
O1 | B1   | HVPS   | 2018-05-03 10:00 | 2018-05-03 12:00:00 | own       |                     | 2018-05-03 11:00:00
O2 | B1   | HVPS   | 2018-05-04 10:00 | 2018-05-04 12:00:01 | own       |                     | 2018-05-04 11:00:01
O3 | B1   | BEPS   | 2018-05-04 10:00 | 2018-05-04 13:00:00 | own       |                     | 2018-05-04 10:10
O4 | B1   | IBPS   | 2018-05-04 10:00 | 2018-05-04 20:00    | area_wide |                     | 2018-05-04 10:10
O5 | B1   | BEPS   | 2018-05-18 23:00 | 2018-05-19 05:00    | planned   | 2018-05-04 17:00:00 |
O6 | B1   | BEPS   | 2018-05-18 23:00 | 2018-05-19 05:00    | planned   | 2018-05-04 17:00:01 |
O7 | B1   | HVPS   | 2018-05-07 10:00 | 2018-05-07 19:00    |           |                     | 2018-05-07 10:10
"""


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ("own_outage_short", {"O1": "pass", "O2": "fail", "O3": "pass", "O4": "not_applicable", "O7": "unknown"}),
        (
            "outage_reported_at_once",
            {"O1": "pass", "O2": "fail", "O4": "pass", "O5": "not_applicable", "O7": "unknown"},
        ),
        ("maintenance_filed_in_advance", {"O1": "not_applicable", "O5": "pass", "O6": "fail", "O7": "unknown"}),
    ],
)
def test_outages_are_judged_by_their_cause(rule: str, wanted: dict[str, str]) -> None:
    """Exactly two hours are not more than two hours; of an outage without a cause nobody can tell."""
    found = judged(incidents=OUTAGES)
    verdicts = found.of(f"incidents/{rule}")
    assert {key: verdicts[key] for key in wanted} == wanted
    late = next(key for key, verdict in wanted.items() if verdict == "fail")
    assert "late by 1 second" in found.lines[late, f"incidents/{rule}"]


def test_minutes_of_twelve_months_count_begun_ones_and_the_worst_system(tmp_path: Path) -> None:
    """Large-value minutes add up, begun ones too; of other systems the worst counts; an unknown cause stands apart."""
    more = "O8 | B1 | CIS | 2018-04-02 10:00 | 2018-04-02 10:30 | own | | 2018-04-02 10:10\n"
    folder_of(tmp_path, incidents=OUTAGES + more)
    ledger = ws.Ledger.read(tmp_path)
    found = observe(engine(), ledger, "2018-05")
    minutes = {(r.indicator, r.fault_party): (str(r), r.items) for r in found.readings}
    assert minutes == {
        ("D1", "institution"): ("241", ("O1", "O2")), ("D1", "unknown"): ("0", ()),
        ("D2", "institution"): ("180", ("O3",)),
    }  # fmt: skip
    assert not observe(engine(), ledger, "2019-06").readings, "a year later they are forgotten"
    without = observe(engine(), ledger, "2018-05", as_of="2018-05-04T11:00+08:00")
    running = {r.indicator: (str(r), r.provisional) for r in without.readings if r.fault_party == "institution"}
    assert running == {"D1": ("180", True), "D2": ("60", True)}, "one that goes on counts until now"
