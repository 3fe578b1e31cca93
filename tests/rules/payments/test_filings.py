"""Reports and filings of banks: at once, within three working days, ten in advance, or by the day of the period."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.rules.tables import engine, folder_of, judged

import windowservice as ws
from windowservice.scoring.observing.counting import observe

FILINGS = """
id | bank | kind              | happened_at      | due_day    | filed_at
E1 | B1   | emergency         | 2018-05-03 23:30 |            | 2018-05-04 00:30:00
E2 | B1   | emergency         | 2018-05-03 23:30 |            | 2018-05-04 00:30:01
D1 | B1   | risk_event        | 2018-05-03 10:00 |            | 2018-05-08 17:00:00
D2 | B1   | customer_dispute  | 2018-05-03 10:00 |            | 2018-05-08 17:05:00
A1 | B1   | drill             | 2018-05-18 09:00 |            | 2018-05-04 17:00:00
A2 | B1   | planned_log_off   | 2018-05-18 09:00 |            | 2018-05-04 17:00:01
P1 | B1   | periodic          | 2018-05-03 09:00 | 2018-05-12 | 2018-05-14 17:00:00
P2 | B1   | periodic          | 2018-05-03 09:00 | 2018-05-14 | 2018-05-14 17:00:01
P3 | B1   | periodic          | 2018-05-03 09:00 |            | 2018-05-14 17:00:01
F1 | B1   | department_head   | 2018-06-29 10:00 |            |
"""


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ("emergency_reported_at_once", {"E1": "pass", "E2": "fail"}),
        ("reported_within_days", {"D1": "pass", "D2": "fail", "F1": "pending"}),
        ("filed_in_advance", {"A1": "pass", "A2": "fail"}),
        ("periodic_report_in_time", {"P1": "pass", "P2": "fail", "P3": "unknown"}),
    ],
)
def test_row_l2_every_kind_has_its_limit(rule: str, wanted: dict[str, str]) -> None:
    """An hour for emergencies, by night too; a day that is no workday moves on; without a day nobody can tell."""
    found = judged(filings=FILINGS)
    verdicts = {key: verdict for key, verdict in found.of(f"filings/{rule}").items() if verdict != "not_applicable"}
    assert verdicts == wanted
    late = next(key for key, verdict in wanted.items() if verdict == "fail")
    assert "late by" in found.lines[late, f"filings/{rule}"]


def test_row_l2_the_rate_of_a_quarter(tmp_path: Path) -> None:
    """A filing belongs to the quarter in which its limit falls; what was missed at once is what a veto asks for."""
    folder_of(tmp_path, filings=FILINGS)
    found = observe(engine(), ws.Ledger.read(tmp_path), "2018-06")
    (quarter,) = [
        r for r in found.readings if (r.indicator, str(r.period), r.fault_party) == ("D4", "2018-Q2", "institution")
    ]
    assert (str(quarter), quarter.items) == ("4/8", ("E2", "D2", "A2", "P2"))
    assert observe(engine(), ws.Ledger.read(tmp_path), "2018-05").facts["B1"]["immediate_filings_missed"] == 1
