"""Warnings of risk: to whom, acknowledged and acted on within their limits."""

from __future__ import annotations

from pathlib import Path

from tests.rules.tables import engine, folder_of, judged

import windowservice as ws

WARNINGS = """
id | bank | level    | issued_at        | acknowledged_at     | acted_at
W1 | B1   | urgent   | 2018-05-03 11:00 | 2018-05-03 15:00:00 | 2018-05-04 17:00
W2 | B1   | urgent   | 2018-05-03 11:00 | 2018-05-03 15:00:01 | 2018-05-04 17:00:30
W3 | B2   | ordinary | 2018-05-03 11:00 | 2018-05-04 17:00:00 | 2018-05-10 17:00
W4 | B2   | ordinary | 2018-06-29 11:00 |                     |
"""


def test_row_r2_acknowledged_within_the_limit() -> None:
    """Two working hours for an urgent one, across lunch; a working day for others; an open one is still pending."""
    found = judged(warnings=WARNINGS)
    rule = "filings/warning_acknowledged_in_time"
    assert found.of(rule) == {"W1": "pass", "W2": "fail", "W3": "pass", "W4": "pending"}
    assert "late by 1 second" in found.lines["W2", rule]


def test_row_r2_acted_on_within_the_limit() -> None:
    """The bank says what it has done: a working day for an urgent warning, five for others."""
    found = judged(warnings=WARNINGS)
    rule = "filings/warning_acted_on_in_time"
    assert found.of(rule) == {"W1": "pass", "W2": "fail", "W3": "pass", "W4": "pending"}
    assert "late by 30 seconds" in found.lines["W2", rule]


def test_row_r2_a_branch_that_sets_its_own_limit_has_the_old_one_before_it(tmp_path: Path) -> None:
    """An adjustment adds a line to the history of the limit: what was in force before its day stays in force."""
    before = judged(warnings=WARNINGS).of("filings/warning_acknowledged_in_time")
    notice = ws.Basis("A branch's notice", mark="assumption")
    values = {level: {"2018-06-01": "1 working hour"} for level in ("urgent", "ordinary")}
    own = engine().amended(ws.Adjust("acknowledge_limit", values, basis=notice))
    report = own.audit(ws.Ledger.read(folder_of(tmp_path, warnings=WARNINGS)), as_of="2018-06-29")
    found = {f.key: str(f.verdict) for f in report if f.rule == "filings/warning_acknowledged_in_time"}
    assert found == before | {"W4": "fail"}
