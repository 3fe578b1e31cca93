# ruff: noqa: E501 - a row of a table stands on one line
"""Row D6, at once (立即办): immediate acceptance, one visit, appointments kept by both sides."""

from __future__ import annotations

import pytest
from tests.rules.matters import (
    HOUR,
    SECOND,
    Case,
    assert_audited,
    assert_checked,
    assert_judged,
    assert_shown_three_ways,
    cases,
)

ACCEPTED = "05-03 09:40 submitted wang; 10:10 accepted wang"
BOOKED = "05-04 10:00 booked wang slot=05-08_09:00-09:30"
ANEW = "05-09 10:00 booked wang slot=05-10_09:00-09:30"
CAME = f"{BOOKED}; 05-08 09:00 arrived"

TABLE = {
    "at_once/accepted_at_once": [
        Case("accepted after 30 open minutes", ACCEPTED, "pass", service="S12"),
        Case(
            "accepted one second later", ACCEPTED.replace("10:10", "10:10:01"), "fail", SECOND,
            "late by 1 second (open time 1 s), due 2018-05-03 10:10", service="S12",
        ),
        Case(
            "30 open minutes with the lunch break between", "05-03 11:20 submitted wang; 13:50 accepted wang", "pass",
            service="S12",
        ),
        Case(
            "30 open minutes with the lunch break between, and a second",
            "05-03 11:20 submitted wang; 13:50:01 accepted wang", "fail", SECOND, "due 2018-05-03 13:50", service="S12",
        ),
        Case(
            "not yet accepted", "05-03 09:40 submitted wang", "pending", None, "due 2018-05-03 10:10", service="S12",
            as_of="05-03 10:10",
        ),
        Case(
            "acceptances are not recorded", "05-03 09:40 submitted wang", "unknown", None, "does not record accepted",
            service="S12", unrecorded="accepted",
        ),
        Case(
            "notices are not recorded: something may have been told before the late acceptance",
            ACCEPTED.replace("10:10", "11:00"), "unknown", None, "does not record notified", service="S12",
            unrecorded="notified",
        ),
        Case("not a kind that is done at once", ACCEPTED, "not_applicable"),
    ],
    "at_once/one_visit": [
        Case("one visit", f"{ACCEPTED}; 10:20 arrived; 10:30 decided li", "pass", service="S12"),
        Case(
            "three visits", f"{ACCEPTED}; 10:20 arrived; 05-04 09:00 arrived; 05-07 09:00 arrived", "fail", 2,
            "3, wanted <= 1; off by 2", service="S12",
        ),
        Case(
            "one visit, and still open", f"{ACCEPTED}; 10:20 arrived", "pending", None,
            "open until the matter is settled", service="S12",
        ),
        Case(
            "visits are not recorded", f"{ACCEPTED}; 10:30 decided li", "unknown", None, "does not record arrived",
            service="S12", unrecorded="arrived",
        ),
    ],
    "at_once/booked_in_time": [
        Case(
            "booked at 15:00 of the workday before, over a weekend", "05-04 15:00 booked wang slot=05-07_09:00-09:30",
            "pass", service="S08",
        ),
        Case(
            "booked one second later", "05-04 15:00:01 booked wang slot=05-07_09:00-09:30", "fail", SECOND,
            "late by 1 second (open time 1 s), due 2018-05-04 15:00", service="S08",
        ),
        Case(
            "a slot on the eve of days off, booked at 15:00 two workdays before",
            "05-09 15:00 booked wang slot=05-11_09:00-09:30", "pass", service="S08",
        ),
        Case(
            "a slot on the eve of days off, booked on the workday before",
            "05-10 10:00 booked wang slot=05-11_09:00-09:30", "fail", 19 * HOUR, "due 2018-05-09 15:00", service="S08",
        ),
        Case(
            "a Friday before a worked Saturday is no eve", "04-26 15:00 booked wang slot=04-27_09:00-09:30", "pass",
            service="S08",
        ),
        Case(
            "the worked Saturday before the holiday is one", "04-27 10:00 booked wang slot=04-28_09:00-09:30", "fail",
            19 * HOUR, "due 2018-04-26 15:00", service="S08",
        ),
        Case("bookings are not recorded", "05-08 09:00 arrived", "unknown", None, "does not record booked", service="S08",
             unrecorded="booked"),
    ],
    "at_once/appointment_kept_by_bank": [
        Case("came", CAME, "pass", service="S08"),
        Case("cancelled", f"{BOOKED}; 05-07 10:00 cancelled wang", "pass", service="S08"),
        Case("did not come", f"{BOOKED}; 05-08 09:30 no_show wang", "fail", None, "request.came_at.happened() does not hold",
             service="S08"),
        Case("did not come, and nobody says so", BOOKED, "fail", None, "request.came_at.happened() does not hold",
             service="S08"),
        Case("the grace is not over", BOOKED, "pending", None, "due 2018-05-08 10:00", service="S08", as_of="05-08 09:59"),
        Case("came when the grace ended", f"{BOOKED}; 05-08 10:00 arrived", "pass", service="S08"),
        Case("came a second after it", f"{BOOKED}; 05-08 10:00:01 arrived", "fail", SECOND,
             "late by 1 second (open time 1 s), due 2018-05-08 10:00", service="S08"),
        Case("came to book, and not again", f"05-04 09:00 arrived; {BOOKED}", "fail", None,
             "request.came_at.happened() does not hold", service="S08"),
        Case("missed, and booked anew later and kept", f"{BOOKED}; {ANEW}; 05-10 09:00 arrived", "fail", 1, "1, wanted == 0; off by 1", service="S08"),
        Case("missed, and a new slot is still to come", f"{BOOKED}; {ANEW}", "fail", 1, "1, wanted == 0; off by 1", service="S08", as_of="05-09 12:00"),
        Case("booked anew before the first slot began", f"{BOOKED}; {ANEW.replace('05-09', '05-07')}; 05-10 09:00 arrived",
             "pass", service="S08"),
        Case("booked anew when slot and grace end", f"{BOOKED}; {ANEW.replace('05-09 10:00', '05-08 10:00')}; "
             "05-10 09:00 arrived", "pass", service="S08"),
        Case("booked anew one second later", f"{BOOKED}; {ANEW.replace('05-09 10:00', '05-08 10:00:01')}; "
             "05-10 09:00 arrived", "fail", 1, "1, wanted == 0; off by 1", service="S08"),
        Case("cancelled before the first slot, booked anew after it",
             f"{BOOKED}; 05-07 10:00 cancelled; {ANEW}; 05-10 09:00 arrived", "pass", service="S08"),
        Case("came to the first slot, booked a second one", f"{CAME}; {ANEW}; 05-10 09:00 arrived", "pass", service="S08"),
        Case("came late to the first slot, booked a second one",
             f"{BOOKED}; 05-08 10:00:01 arrived; {ANEW}; 05-10 09:00 arrived", "fail", 1, "1, wanted == 0; off by 1", service="S08"),
        Case("came twice, the first time in time",
             f"{CAME}; 11:00 arrived; {ANEW}; 05-10 09:00 arrived", "pass", service="S08"),
        Case("served after the first slot, and nobody wrote when it came",
             f"{BOOKED}; 05-08 11:00 served; {ANEW}; 05-10 09:00 arrived", "unknown", service="S08"),
        Case("two slots kept, and the one between them missed",
             f"{CAME}; {ANEW}; 05-11 09:00 booked slot=05-14_09:00-09:30; 05-14 09:00 arrived", "fail", 1, "1, wanted == 0; off by 1", service="S08"),
        Case("booked anew, and whether banks come is not recorded", f"{BOOKED}; {ANEW}", "unknown", None,
             "does not record arrived", service="S08", unrecorded="arrived"),
        Case("nobody came, and cancellations are not recorded", BOOKED, "unknown", service="S08", unrecorded="cancelled"),
        Case("cancellations are not recorded, and it came to its only slot", CAME, "pass", service="S08",
             unrecorded="cancelled"),
        Case("taken back before the slot", f"{BOOKED}; 05-07 10:00 withdrawn", "pass", service="S08"),
        Case("came, and later did not fetch the result", f"{CAME}; 05-09 10:00 no_show wang", "pass", service="S08"),
        Case("served in time, though nobody wrote that it came", f"{BOOKED}; 05-08 09:40 served wang", "pass",
             service="S08"),
        Case("served late, and nobody wrote when it came", f"{BOOKED}; 05-08 10:20 served wang", "unknown", None,
             "request.came_at", service="S08"),
        Case("the slot is still to come", BOOKED, "pending", service="S08", as_of="05-07 10:00"),
        Case(
            "whether banks come is not recorded", BOOKED, "unknown", None, "does not record arrived", service="S08",
            unrecorded="arrived",
        ),
    ],
    "at_once/appointment_kept_by_window": [
        Case("served when slot and grace end", f"{CAME}; 10:00 served wang", "pass", service="S08"),
        Case(
            "served one second later", f"{CAME}; 10:00:01 served wang", "fail", SECOND,
            "late by 1 second (open time 1 s), due 2018-05-08 10:00", service="S08",
        ),
        Case(
            "came at the last instant of the slot, and was never served", CAME.replace("09:00 arrived", "09:30 arrived"),
            "fail", HOUR, "due 2018-05-08 10:00+0800, still open", service="S08", as_of="05-08 11:00",
        ),
        Case("waits, and the grace is not over", CAME, "pending", None, "due 2018-05-08 10:00", service="S08",
             as_of="05-08 09:59"),
        Case(
            "came one second after the slot", f"{BOOKED}; 05-08 09:30:01 arrived; 11:00 served wang", "not_applicable",
            service="S08",
        ),
        Case("came in time and was not served, and another slot was booked",
             f"{CAME}; {ANEW}; 05-10 09:00 arrived; 09:10 served wang", "fail", 1, "1, wanted == 0; off by 1",
             service="S08"),
        Case("not served in the slot, and the new one is still to come", f"{CAME}; {ANEW}", "fail", 1,
             "1, wanted == 0; off by 1", service="S08", as_of="05-09 12:00"),
        Case("served in both slots", f"{CAME}; 09:10 served wang; {ANEW}; 05-10 09:00 arrived; 09:10 served wang",
             "pass", service="S08"),
        Case("services are not recorded", CAME, "unknown", None, "does not record served", service="S08",
             unrecorded="served"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("rule", "case"), cases(TABLE))
def test_row_d6_by_the_api(rule: str, case: Case) -> None:
    """What happened gives the verdict, and a failure its number."""
    assert_judged(rule, case)


def test_row_d6_is_shown_passing_failing_and_unknown() -> None:
    """Every rule of the row is."""
    assert_shown_three_ways(TABLE)


def test_row_d6_by_the_command_line(tmp_path) -> None:
    """An audit of the same matters, and a check of single ones, say the same."""
    assert_audited(TABLE, tmp_path)
    assert_checked(TABLE)
