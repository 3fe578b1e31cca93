# ruff: noqa: E501 - a row of a table stands on one line
"""Row W1, first-contact responsibility (首问负责制): the matter always has an owner, and is handed on by name."""

from __future__ import annotations

import pytest
from tests.rules.matters import (
    MINUTE,
    SECOND,
    Case,
    assert_audited,
    assert_checked,
    assert_judged,
    assert_shown_three_ways,
    cases,
)

TAKEN = "05-03 09:40 submitted wang; 09:50 accepted wang"
DONE = "05-04 10:00 checked zhao; 10:30 decided li"
HANDED = f"{TAKEN}; 10:20 handed_over wang to=li; 10:30 taken_over li"
TWICE = f"{HANDED}; 10:40 handed_over li to=zhao; 10:50 taken_over zhao"

TABLE = {
    "first_contact/owned_from_first_contact": [
        Case("whoever took the papers is named", TAKEN, "pass"),
        Case("one clerk was asked, another took the papers", "05-03 09:30 asked zhou; 09:40 submitted liu", "pass"),
        Case(
            "nobody is named at the submission, somebody at the acceptance",
            "05-03 09:40 submitted; 09:50 accepted wang", "fail", None, "request.first_contact.is_known() ",
        ),
        Case(
            "nobody is named when the window was asked, somebody when the papers came",
            "05-03 09:30 asked; 09:40 submitted wang", "fail", None, "request.first_contact.is_known() ",
        ),
        Case(
            "the record names nobody at all: clerks are not recorded",
            "05-03 09:40 submitted; 09:50 accepted", "unknown", None, "missing request.first_contact, request.last_named",
        ),
        Case("nothing but an acceptance is recorded", "05-03 09:50 accepted wang", "not_applicable"),
    ],
    "first_contact/handover_names_taker": [
        Case("handed over to a clerk", f"{HANDED}; {DONE}", "pass"),
        Case("handed over to a post", f"{TAKEN}; 10:20 handed_over wang to=back-office; {DONE}", "pass"),
        Case(
            "handed over to nobody", f"{TAKEN}; 10:20 handed_over wang; {DONE}",
            "fail", 1, "1, wanted == 0; off by 1",
        ),
        Case(
            "handed over to nobody twice, and still open",
            f"{TAKEN}; 10:20 handed_over wang; 10:40 handed_over wang", "fail", 2, "2, wanted == 0; off by 2",
        ),
        Case("handed over by name, and still open", HANDED, "pending", None, "open until the matter is settled"),
        Case(
            "handovers are not recorded", f"{TAKEN}; {DONE}", "unknown", None, "the ledger does not record",
            unrecorded="handed_over",
        ),
        Case("never handed over", f"{TAKEN}; {DONE}", "not_applicable"),
    ],
    "first_contact/handed_over_by_owner": [
        Case("the first clerk hands it over", f"{HANDED}; {DONE}", "pass"),
        Case("whoever took it over hands it on", f"{TWICE}; {DONE}", "pass"),
        Case(
            "the giver hands it to another before the first one took it: still the owner",
            f"{TAKEN}; 10:20 handed_over wang to=li; 10:25 handed_over wang to=zhao; 10:30 taken_over zhao; {DONE}",
            "pass",
        ),
        Case(
            "a clerk who does not own it hands it over",
            f"{TAKEN}; 10:20 handed_over zhou to=li; 10:30 taken_over li; {DONE}",
            "fail", 1, "1, wanted == 0; off by 1",
        ),
        Case(
            "the first clerk hands it over again after it was taken",
            f"{HANDED}; 10:40 handed_over wang to=zhao; {DONE}", "fail", 1, "1, wanted == 0; off by 1",
        ),
        Case(
            "who handed it over is not recorded", f"{TAKEN}; 10:20 handed_over to=li; {DONE}",
            "unknown", None, "missing request.foreign_handovers",
        ),
    ],
    "first_contact/taken_over_in_time": [
        Case("taken over within half an hour", f"{HANDED}; {DONE}", "pass"),
        Case(
            "taken over exactly at the limit, the lunch break between",
            f"{TAKEN}; 11:20 handed_over wang to=li; 13:50 taken_over li; {DONE}", "pass",
        ),
        Case(
            "taken over one second after the limit, the lunch break between",
            f"{TAKEN}; 11:20 handed_over wang to=li; 13:50:01 taken_over li",
            "fail", SECOND, "late by 1 second (open time 1 s), due 2018-05-03 13:50",
        ),
        Case(
            "handed over late on a Friday before a worked Saturday",
            f"04-27 16:20 submitted wang; 16:40 handed_over wang to=li; 04-28 08:40 taken_over li; {DONE}", "pass",
        ),
        Case(
            "handed over late on a Friday before a free Saturday, taken on Monday",
            "05-04 16:20 submitted wang; 16:40 handed_over wang to=li; 05-07 08:41 taken_over li",
            "fail", MINUTE, "late by 1 minute",
        ),
        Case(
            "the first of two handovers was taken too late, the last in time",
            f"{TAKEN}; 10:00 handed_over wang to=li; 10:30:01 taken_over li;"
            " 10:40 handed_over li to=zhao; 10:50 taken_over zhao",
            "fail", 1, "1, wanted == 0; off by 1",
        ),
        Case(
            "not taken over, and still in time", f"{TAKEN}; 10:20 handed_over wang to=li", "pending", None,
            "due 2018-05-03 10:50", as_of="05-03 10:50",
        ),
        Case(
            "not taken over in time", f"{TAKEN}; 10:20 handed_over wang to=li", "fail", SECOND,
            "late by 1 second (open time 1 s), due 2018-05-03 10:50+0800, still open", as_of="05-03 10:50:01",
        ),
        Case(
            "taken back by the bank before anybody took it over",
            f"{TAKEN}; 10:20 handed_over wang to=li; 10:25 withdrawn", "pass",
        ),
        Case(
            "takings over are not recorded", f"{TAKEN}; 10:20 handed_over wang to=li", "unknown", None,
            "the ledger does not record", unrecorded="taken_over",
        ),
    ],
    "first_contact/no_bounce": [
        Case("handed on to others only", f"{TWICE}; {DONE}", "pass"),
        Case(
            "back to the first clerk without a reason",
            f"{HANDED}; 10:40 handed_over li to=wang; 10:50 taken_over wang; {DONE}",
            "fail", 1, "1, wanted == 0; off by 1",
        ),
        Case(
            "back to the first clerk, the giver tells the reason",
            f"{HANDED}; 10:40 handed_over li to=wang reason=correction; 10:50 taken_over wang; {DONE}", "pass",
        ),
        Case(
            "back to the first clerk, the taker tells the reason",
            f"{HANDED}; 10:40 handed_over li to=wang; 10:50 taken_over wang reason=correction; {DONE}", "pass",
        ),
        Case("handed on, and still open", HANDED, "pending", None, "open until the matter is settled"),
        Case(
            "takings over are not recorded", f"{TAKEN}; 10:20 handed_over wang to=li; {DONE}", "unknown", None,
            "the ledger does not record", unrecorded="taken_over",
        ),
    ],
    "first_contact/not_passed_on": [
        Case("handed over twice, which is just allowed", f"{TWICE}; {DONE}", "pass"),
        Case(
            "handed over three times", f"{TWICE}; 11:00 handed_over zhao to=chen; 11:05 taken_over chen; {DONE}",
            "fail", 1, "3, wanted <= 2; off by 1",
        ),
        Case("handed over twice, and still open", TWICE, "pending", None, "open until the matter is settled"),
        Case(
            "handovers are not recorded", f"{TAKEN}; {DONE}", "unknown", None, "the ledger does not record",
            unrecorded="handed_over",
        ),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("rule", "case"), cases(TABLE))
def test_row_w1_by_the_api(rule: str, case: Case) -> None:
    """What happened gives the verdict, and a failure its number."""
    assert_judged(rule, case)


def test_row_w1_is_shown_passing_failing_and_unknown() -> None:
    """Every rule of the row is."""
    assert_shown_three_ways(TABLE)


def test_row_w1_by_the_command_line(tmp_path) -> None:
    """An audit of the same matters, and a check of single ones, say the same."""
    assert_audited(TABLE, tmp_path)
    assert_checked(TABLE)
