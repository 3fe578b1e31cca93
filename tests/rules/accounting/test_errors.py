"""Accounting errors, and the table of the periodic circular."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.rules.tables import engine, folder_of, judged

import windowservice as ws
from windowservice.cases.tallies import tally, tally_table
from windowservice.errors import NothingToCheck, UnknownName
from windowservice.scoring.observing.counting import observe

ERRORS = """
id | bank | kind           | booked_at        | items | fault_party | found_at         | corrected_at     | circular_at
A1 | B1   | voucher        | 2018-05-03 10:00 | 3     | institution | 2018-05-03 14:00 | 2018-05-04 17:00 | 2018-05-31 10:00
A2 | B1   | seal_or_cipher | 2018-05-03 10:00 |       | institution | 2018-05-03 14:00 | 2018-05-04 17:01 |
A3 | B2   | voucher        | 2018-05-03 10:00 | 1     | window      | 2018-05-03 14:00 | 2018-05-03 15:00 |
A4 | B2   | amount         | 2018-06-04 10:00 | 1     |             | 2018-06-04 14:00 | 2018-06-04 15:00 |
"""  # noqa: E501


@pytest.mark.parametrize(
    ("rule", "wanted", "said"),
    [
        ("booked_without_own_error", {"A1": "fail", "A2": "fail", "A3": "pass", "A4": "unknown"}, "off by 3 items"),
        ("accounting_error_corrected_in_time", {"A1": "pass", "A2": "fail", "A3": "pass", "A4": "pass"}, ""),
        (
            "own_error_in_circular",
            {"A1": "pass", "A2": "fail", "A3": "not_applicable", "A4": "unknown"},
            "",
        ),
    ],
)
def test_row_a2_errors_are_counted_corrected_and_circulated(rule: str, wanted: dict[str, str], said: str) -> None:
    """An own error counts by its items, is put right within a working day, and stands in a circular within 45 days."""
    found = judged(accounting_errors=ERRORS)
    assert found.of(f"exchange/{rule}") == wanted
    assert said in found.lines["A1", f"exchange/{rule}"]


def test_row_a2_the_circulars_table(tmp_path: Path) -> None:
    """By bank and kind, the worst bank first, with sums; the period is by the day of booking."""
    folder_of(tmp_path, accounting_errors=ERRORS)
    ledger = ws.Ledger.read(tmp_path)
    found = tally(engine(), ledger, "accounting_errors", ("bank", "kind"), count="pieces", period="2018-05")
    assert tally_table(found).lines("bank") == [
        ["bank", "seal_or_cipher", "voucher", "sum"],
        ["B1", "1", "3", "4"],
        ["B2", "0", "1", "1"],
        ["sum", "1", "4", "5"],
    ]
    own = {(r.bank, r.indicator, r.fault_party): str(r) for r in observe(engine(), ledger, "2018-05").readings}
    assert own["B1", "A3", "institution"] == "1"


def test_row_a2_a_tally_of_nothing_known_is_refused(tmp_path: Path) -> None:
    """A misspelt fact or table, and a table by three facts, are errors that say so."""
    folder_of(tmp_path, accounting_errors=ERRORS)
    ledger = ws.Ledger.read(tmp_path)
    with pytest.raises(UnknownName, match="did you mean 'kind'"):
        tally(engine(), ledger, "accounting_errors", ("kin",))
    with pytest.raises(UnknownName):
        tally(engine(), ledger, "accounting_errors", ())
    with pytest.raises(NothingToCheck):
        tally(engine(), ledger, "acounting", ("kind",))
    with pytest.raises(ValueError, match="by two facts"):
        tally_table(tally(engine(), ledger, "accounting_errors", ("day", "bank", "kind")))
