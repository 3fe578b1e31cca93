"""Monitoring of messages: inquiry and reply, return and stop requests, debit receipts, incoming credits."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.rules.tables import engine, folder_of, judged

import windowservice as ws
from windowservice.domain.scorecard.readings_period import to_period
from windowservice.facts.payments.payment_figures import receipt_date
from windowservice.scoring.observing.counting import observe
from windowservice.scoring.observing.observed import Observed

ANSWERS = """
id | bank | kind           | system | received_at      | answered_at         | excluded
M1 | B1   | inquiry        | HVPS   | 2018-05-03 10:00 | 2018-05-04 12:00:00 |
M2 | B1   | inquiry        | HVPS   | 2018-05-03 10:00 | 2018-05-04 12:00:01 |
M3 | B1   | return_request | BEPS   | 2018-04-27 10:00 | 2018-04-28 12:00:00 |
M4 | B1   | stop_request   | BEPS   | 2018-04-28 10:00 | 2018-05-02 13:00:00 |
M5 | B1   | own_inquiry    | HVPS   | 2018-06-29 10:00 |                     |
M6 | B1   | inquiry        | HVPS   | 2018-05-03 10:00 |                     | duplicate
"""


def test_row_m1_answers_by_the_next_working_morning() -> None:
    """Noon itself is in time, a second after is not; 28 April 2018 was a worked Saturday; a duplicate is nobody's."""
    found = judged(messages=ANSWERS)
    rule = "messages/message_answered_in_time"
    assert found.of(rule) == {
        "M1": "pass", "M2": "fail", "M3": "pass", "M4": "fail", "M5": "pending", "M6": "not_applicable",
    }  # fmt: skip
    assert "late by 1 second" in found.lines["M2", rule]
    assert "late by 1 hour" in found.lines["M4", rule]


DEBITS = """
id | bank | kind       | system | received_at      | due_day    | answered_at
D1 | B1   | debit_item | BEPS   | 2018-05-03 10:00 | 2018-05-04 | 2018-05-04 16:00:00
D2 | B1   | debit_item | BEPS   | 2018-05-03 10:00 | 2018-05-04 | 2018-05-04 16:00:01
D3 | B1   | debit_item | BEPS   | 2018-05-03 10:00 |            | 2018-05-04 10:00
D4 | B1   | debit_item |        | 2018-05-03 10:00 | 2018-05-04 | 2018-05-04 10:00
"""


def test_row_m1_the_day_of_a_receipt_ends_when_the_systems_day_does() -> None:
    """The small-value system turns its day at 16:00; without a day, or a system, nobody can tell."""
    found = judged(messages=DEBITS)
    rule = "messages/receipt_returned_in_time"
    assert found.of(rule) == {"D1": "pass", "D2": "fail", "D3": "unknown", "D4": "unknown"}
    assert "late by 1 second" in found.lines["D2", rule]
    assert "due_day" in found.lines["D3", rule]


OTHERS = """
id | bank | kind            | system | received_at      | answered_at      | empty | noticed_at       | handled_at
C1 | B1   | incoming_credit | HVPS   | 2018-05-03 06:00 | 2018-05-03 12:00 | no    |                  |
C2 | B1   | incoming_credit | HVPS   | 2018-05-03 06:00 | 2018-05-03 12:01 | no    |                  |
E1 | B1   | inquiry         | HVPS   | 2018-05-03 10:00 | 2018-05-03 11:00 | yes   |                  |
E2 | B1   | inquiry         | HVPS   | 2018-05-03 10:00 | 2018-05-03 11:00 |       |                  |
N1 | B1   | inquiry         | HVPS   | 2018-05-03 10:00 | 2018-05-03 11:00 | no    | 2018-05-03 10:30 | 2018-05-04 17:00
N2 | B1   | inquiry         | HVPS   | 2018-05-03 10:00 | 2018-05-03 11:00 | no    | 2018-05-03 10:30 | 2018-05-04 17:01
"""


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ("credited_in_time", {"C1": "pass", "C2": "fail"}),
        ("answer_says_something", {"E1": "fail", "E2": "unknown", "N1": "pass"}),
        ("first_sign_handled_in_time", {"N1": "pass", "N2": "fail", "E1": "not_applicable"}),
    ],
)
def test_row_m1_credits_contents_and_first_signs(rule: str, wanted: dict[str, str]) -> None:
    """An early credit is booked by noon, an answer says something, and what is noticed is dealt with in a day."""
    found = judged(messages=OTHERS).of(f"messages/{rule}")
    assert {key: found[key] for key in wanted} == wanted


SYSTEM_DAYS = """
id  | bank | kind    | system | received_at      | answered_at
G13 | B1   | inquiry | BEPS   | 2026-03-05 16:30 | 2026-03-09 12:00
G14 | B1   | inquiry | HVPS   | 2026-03-05 21:00 | 2026-03-09 12:00
GX  | B1   | inquiry |        | 2026-03-05 21:00 | 2026-03-06 11:00
"""


def test_row_m1_the_day_of_receipt_is_a_switch(tmp_path: Path) -> None:
    """By the natural date both are a weekend late; by the system's own date, already Friday, both are in time."""
    rule = "messages/message_answered_in_time"
    natural = judged("2026-03-31", messages=SYSTEM_DAYS)
    assert natural.of(rule) == {"G13": "fail", "G14": "fail", "GX": "pass"}
    notice = ws.Basis("A branch's notice", mark="assumption")
    switched = engine().amended(ws.Adjust(receipt_date.name, {"2018-01-01": "system"}, basis=notice))
    report = switched.audit(ws.Ledger.read(folder_of(tmp_path, messages=SYSTEM_DAYS)), as_of="2026-03-31")
    verdicts = {finding.key: str(finding.verdict) for finding in report if finding.rule == rule}
    assert verdicts == {"G13": "pass", "G14": "pass", "GX": "unknown"}


RATES = """
id  | bank | kind           | system | received_at      | answered_at      | empty | excluded  | fault_party
R1  | B1   | inquiry        | HVPS   | 2018-05-03 10:00 | 2018-05-03 11:00 | no    |           |
R2  | B1   | inquiry        | HVPS   | 2018-05-10 10:00 | 2018-05-14 11:00 | no    |           |
R3  | B1   | inquiry        | HVPS   | 2018-05-11 10:00 | 2018-05-18 11:00 | no    |           | telecom
R4  | B1   | inquiry        | HVPS   | 2018-05-11 10:00 |                  |       |           | unknown
R5  | B1   | inquiry        | HVPS   | 2018-05-11 10:00 |                  |       | duplicate |
R6  | B1   | inquiry        | HVPS   | 2018-05-31 10:00 |                  |       |           |
Q1  | B1   | return_request | BEPS   | 2018-05-03 10:00 | 2018-05-08 11:00 |       |           |
Q2  | B1   | return_request | BEPS   | 2018-05-03 10:00 | 2018-06-08 11:00 |       |           |
Q3  | B1   | stop_request   | BEPS   | 2018-05-03 10:00 | 2018-05-03 11:00 |       |           |
"""
BANKS = """
id | name | key_since
B1 | One  | 2018-01-01
"""


def _rates(path: Path, banks: str = BANKS) -> Observed:
    folder_of(path, messages=RATES, banks=banks)
    return observe(engine(), ws.Ledger.read(path), "2018-05")


def test_row_m1_rates_count_what_fell_due_and_tell_what_left(tmp_path: Path) -> None:
    """A late reply, an item of the next period, a duplicate, somebody else's fault and an unknown one all differ."""
    found = _rates(tmp_path)
    month = to_period("2018-05")
    rates = {(r.indicator, r.fault_party): str(r) for r in found.readings if r.period == month}
    assert rates == {
        ("C1", "institution"): "1/2", ("C1", "telecom"): "0/1", ("C1", "unknown"): "0/1",
        ("C2", "institution"): "0/3", ("C4", "institution"): "1/2", ("C5", "institution"): "1/1",
        ("C6", "institution"): "2/3",
    }  # fmt: skip
    aside = [(row.name, row.reason, row.number) for row in found.set_aside if row.period == month]
    assert aside == [("C1", "duplicate", 1)]


def test_row_m1_key_institutions_are_read_by_the_week(tmp_path: Path) -> None:
    """A key institution has its weeks beside the month, counted from the items; another has the month alone."""
    weeks = {
        str(r.period): str(r)
        for r in _rates(tmp_path).readings
        if (r.indicator, r.fault_party) == ("C1", "institution")
    }
    assert weeks == {"2018-05": "1/2", "2018-W18": "1/1", "2018-W19": "0/1"}
    plain = _rates(tmp_path, BANKS.replace("2018-01-01", "")).readings
    assert {str(r.period) for r in plain} == {"2018-05"}
