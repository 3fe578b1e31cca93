# ruff: noqa: E501 - a row of a table stands on one line
"""Row W4, service commitment (服务承诺制): published, in force on the day, kept, never longer than the statute."""

from __future__ import annotations

import pytest
from tests.rules.matters import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    Case,
    assert_audited,
    assert_checked,
    assert_judged,
    assert_shown_three_ways,
    cases,
)

# S10 is promised within 5 working days: accepted on Thursday 3 May they end on Thursday 10 May at 17:00
TAKEN = "05-03 09:40 submitted wang; 10:00 accepted wang"
HEARING = "05-04 09:00 suspended wang reason=hearing written; 05-07 09:30 resumed wang reason=hearing"
BOOKED = "05-04 10:00 submitted wang; 10:00 booked wang slot=05-08_09:00-09:30; 05-08 09:00 arrived; 09:10 served wang"

TABLE = {
    "commitment/commitment_kept": [
        Case("decided at the last instant", f"{TAKEN}; 05-10 17:00 decided li", "pass"),
        Case(
            "decided one second later", f"{TAKEN}; 05-10 17:00:01 decided li", "fail", SECOND,
            "late by 1 second (open time 0 s), due 2018-05-10 17:00",
        ),
        Case(
            "decided four days later, a weekend between", f"{TAKEN}; 05-14 16:10 decided li",
            "fail", 3 * DAY + 23 * HOUR + 10 * MINUTE, "late by 3 days 23 hours 10 minutes (open time 12 h 10 min)",
        ),
        Case("still open at the last instant", TAKEN, "pending", None, "due 2018-05-10 17:00", as_of="05-10 17:00"),
        Case(
            "still open one second later", TAKEN, "fail", SECOND, "due 2018-05-10 17:00+0800, still open",
            as_of="05-10 17:00:01",
        ),
        Case("taken back in time", f"{TAKEN}; 05-10 17:00 withdrawn", "not_applicable"),
        Case(
            "not yet answered: from when the clock runs is not settled", "05-03 09:40 submitted wang", "pending",
            as_of="05-03 12:00",
        ),
        Case(
            "30 open minutes over the lunch break (G10)",
            "05-03 11:15 submitted wang; 11:20 accepted wang; 13:50 delivered wang", "pass", service="S04",
        ),
        Case(
            "30 open minutes over the lunch break, and a second (G10)",
            "05-03 11:15 submitted wang; 11:20 accepted wang; 13:50:01 delivered wang",
            "fail", SECOND, "late by 1 second (open time 1 s), due 2018-05-03 13:50", service="S04",
        ),
        Case(
            "30 open minutes over a weekend (G11)",
            "2026-04-24 16:45 submitted wang; 16:50 accepted wang; 2026-04-27 08:50:01 delivered wang",
            "fail", SECOND, "due 2026-04-27 08:50", service="S04", as_of="2026-04-30",
        ),
        Case(
            "on the same working day", "05-03 09:40 submitted wang; 09:50 accepted wang; 17:00 delivered wang", "pass",
            service="S12",
        ),
        Case(
            "decided in time, handed over after the close: it is done when it is handed over",
            "05-03 09:40 submitted wang; 09:50 accepted wang; 16:59 decided wang; 17:00:01 delivered wang",
            "fail", SECOND, "due 2018-05-03 17:00", service="S12",
        ),
        Case(
            "the bank did not come for the result in time",
            "05-03 09:40 submitted wang; 09:50 accepted wang; 16:50 no_show; 05-04 09:00 delivered wang",
            "not_applicable", service="S12",
        ),
        Case(
            "three working days over the National Day holiday, a worked Saturday their last (G4)",
            "2025-09-30 09:40 submitted wang; 10:00 accepted wang; 2025-10-11 17:00 decided li", "pass",
            service="S07", as_of="2025-10-31",
        ),
        Case(
            "twenty working days, one second late (G5)",
            "2026-04-30 09:40 submitted wang; 10:00 accepted wang; 2026-06-01 17:00:01 decided li",
            "fail", SECOND, "due 2026-06-01 17:00", service="S15", as_of="2026-06-30",
        ),
        Case("a booked slot, finished when its grace ends", f"{BOOKED}; 10:00 delivered wang", "pass", service="S08"),
        Case(
            "a booked slot, finished a second after its grace", f"{BOOKED}; 10:00:01 delivered wang",
            "fail", SECOND, "due 2018-05-08 10:00", service="S08",
        ),
        Case(
            "a booked slot to which the bank came too late",
            f"{BOOKED.replace('09:00 arrived; 09:10', '09:30:01 arrived; 10:40')}; 10:50 delivered wang",
            "not_applicable", service="S08",
        ),
        Case("a hearing takes out two workdays", f"{TAKEN}; {HEARING}; 05-14 17:00 decided li", "pass"),
        Case(
            "what was posted on the day of submission counts, not what came later", f"{TAKEN}; 05-10 17:00 decided li",
            "pass", posted="04-02: 5 working days; 05-04: 1 working day",
        ),
        Case(
            "what was posted on the day of submission counts", f"{TAKEN}; 05-10 17:00 decided li", "fail", 6 * DAY,
            "due 2018-05-04 17:00", posted="04-02: 5 working days; 05-03: 1 working day",
        ),
        Case(
            "acceptances are not recorded", "05-03 09:40 submitted wang; 05-10 17:00 decided li", "unknown", None,
            "the ledger does not record", unrecorded="accepted",
        ),
        Case(
            "notices and papers brought are not recorded, and it was decided after the limit",
            f"{TAKEN}; 05-10 17:00:01 decided li", "unknown", None, "the ledger does not record", unrecorded="notified supplemented",
        ),
        Case(
            "the limit ends in a year whose holidays are not announced",
            "2026-12-28 09:40 submitted wang; 10:00 accepted wang; 2027-01-05 10:00 decided li", "unknown",
            as_of="2027-01-31",
        ),
    ],
    "commitment/commitment_published": [
        Case("posted before the submission", TAKEN, "pass"),
        Case(
            "submitted before the first posting", "2017-12-29 09:40 submitted wang; 10:00 accepted wang", "fail", None,
            "request.commitment_limit.is_known() does not hold",
        ),
        Case("a kind of business that nothing is posted for", TAKEN, "fail", None, "does not hold", service="S99"),
        Case(
            "no event that would date the matter is recorded", "", "unknown", None, "the ledger does not record",
            unrecorded="submitted",
        ),
    ],
    "commitment/commitment_within_statute": [
        Case("as long as the statute", f"{TAKEN}; 05-04 10:00 decided li", "pass", service="S16"),
        Case("shorter than the statute", f"{TAKEN}; 05-04 10:00 decided li", "pass", service="S16", posted="04-02: 4 working days"),
        Case(
            "longer than the statute: 14 instead of 10 May", f"{TAKEN}; 05-04 10:00 decided li", "fail", 4 * DAY, "off by 4 days",
            service="S16", posted="04-02: 7 working days",
        ),
        Case("longer than the statute, and still open", TAKEN, "fail", 4 * DAY, "off by 4 days", service="S16", posted="04-02: 7 working days"),
        Case("submitted and not yet accepted", "05-03 09:40 submitted wang", "pending", service="S16", as_of="2018-05-03 10:00"),
        Case(
            "acceptances are not recorded", "05-03 09:40 submitted wang", "unknown", None, "the ledger does not record", service="S16",
            unrecorded="accepted",
        ),
        Case("no statute for the kind", TAKEN, "not_applicable"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("rule", "case"), cases(TABLE))
def test_row_w4_by_the_api(rule: str, case: Case) -> None:
    """What happened gives the verdict, and a failure its number."""
    assert_judged(rule, case)


def test_row_w4_is_shown_passing_failing_and_unknown() -> None:
    """Every rule of the row is."""
    assert_shown_three_ways(TABLE)


def test_row_w4_by_the_command_line(tmp_path) -> None:
    """An audit of the same matters, and a check of single ones, say the same."""
    assert_audited(TABLE, tmp_path)
    assert_checked(TABLE)
