"""Fund positions at checkpoints: shortfall, urge, time to cover, the queue at the close, the window opened."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.rules.tables import engine, folder_of, judged

import windowservice as ws
from windowservice.scoring.observing.counting import observe

HEADER = (
    "id | bank | checkpoint_at    | balance | required | urged_at         | covered_at          | queued_at_close"
    " | window_opened | outgoing_items | queued_items"
)
POSITIONS = f"""
{HEADER}
P1 | B1   | 2018-05-03 16:30 | 150     | 150      |                  |                     | 0 | no  | 100 | 0
P2 | B1   | 2018-05-04 16:30 | 100     | 150      | 2018-05-04 17:00 | 2018-05-04 17:20:00 | 0 | yes | 100 | 4
P3 | B1   | 2018-05-07 16:30 | 149     | 150      | 2018-05-07 17:01 | 2018-05-07 17:20:01 | 3 | no  | 100 | 1
P4 | B1   | 2018-03-07 16:30 | 100     | 150      | 2018-03-07 16:40 | 2018-03-07 17:40:00 | 0 | no  | 100 | 0
P5 | B1   | 2018-05-08 16:30 |         | 150      |                  |                     |   |     |     |
"""


@pytest.mark.parametrize(
    ("rule", "wanted", "said"),
    [
        ("funds_cover_the_day", {"P1": "pass", "P2": "fail", "P5": "unknown"}, {"P2": "off by 50 yuan"}),
        ("short_bank_urged_in_time", {"P1": "not_applicable", "P2": "pass", "P3": "fail", "P5": "unknown"},
         {"P3": "late by 1 minute"}),
        ("shortfall_covered_in_time", {"P2": "pass", "P3": "fail", "P4": "pass"}, {"P3": "late by 1 second"}),
        ("window_not_opened", {"P1": "pass", "P2": "fail", "P5": "unknown"}, {}),
        ("nothing_queued_at_close", {"P1": "pass", "P3": "fail", "P5": "unknown"}, {"P3": "off by 3 items"}),
    ],
)  # fmt: skip
def test_row_a3_checkpoints(rule: str, wanted: dict[str, str], said: dict[str, str]) -> None:
    """An hour to cover, never later than 10 minutes before the window's close, which was 17:30 from 2 May 2018 on."""
    found = judged(positions=POSITIONS)
    verdicts = found.of(f"positions/{rule}")
    assert {key: verdicts[key] for key in wanted} == wanted
    for key, part in said.items():
        assert part in found.lines[key, f"positions/{rule}"]


def test_row_a3_days_short_are_counted_by_day(tmp_path: Path) -> None:
    """Two checkpoints of one day are one day short; a day of which nobody can tell stands apart."""
    twice = (
        POSITIONS + "P6 | B1 | 2018-05-04 12:00 | 90 | 150 | 2018-05-04 12:10 | 2018-05-04 13:40 | 0 | no | 50 | 1\n"
    )
    folder_of(tmp_path, positions=twice)
    found = observe(engine(), ws.Ledger.read(tmp_path), "2018-05")
    rates = {(r.indicator, r.fault_party): (str(r), r.items) for r in found.readings}
    assert rates["B1", "institution"] == ("2/21", ("P2", "P6", "P3"))  # of 22 business days, less the one untold
    assert rates["B1", "unknown"] == ("0/1", ())
    assert rates["B2", "institution"] == ("1", ("P2",))
    assert rates["B3", "institution"] == ("1", ("P3",))
    assert rates["B4", "institution"] == ("6/350", ("P2", "P3", "P6"))
    assert rates["B5", "institution"] == ("1/3", ("P3", "P6"))
    assert found.untold["B1", "B1", found.readings[0].period] == ("P5",)
    assert "queued_at_close_365d" not in found.facts.get("B1", {}), "a day that nobody can tell is never taken for none"
