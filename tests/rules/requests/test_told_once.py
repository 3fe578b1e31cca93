# ruff: noqa: E501 - a row of a table stands on one line
"""Row W2, one-time notification (一次性告知制): everything missing is told once, in time, from the posted list."""

from __future__ import annotations

import pytest
from tests.rules.matters import (
    DAY,
    HOUR,
    SECOND,
    Case,
    assert_audited,
    assert_checked,
    assert_judged,
    assert_shown_three_ways,
    cases,
)

PAPERS = "05-03 09:40 submitted wang"
TOLD = f"{PAPERS}; 10:05 notified wang items=S10-M2 written"
BROUGHT = "05-04 09:00 supplemented items=S10-M2; 09:20 accepted wang"
DONE = "05-07 10:00 checked zhao; 10:30 decided li"
ANSWERS = "notified accepted refused"

TABLE = {
    "told_once/answered_in_time": [
        Case("told what is missing on the day", TOLD, "pass"),
        Case("accepted at the last close of the day", f"{PAPERS}; 17:00 accepted wang", "pass"),
        Case(
            "accepted one second after the last close of the day", f"{PAPERS}; 17:00:01 accepted wang",
            "fail", SECOND, "late by 1 second (open time 0 s), due 2018-05-03 17:00",
        ),
        Case("refused on the day", f"{PAPERS}; 11:00 refused wang reason=not_entitled", "pass"),
        Case("taken back on the day, before any answer", f"{PAPERS}; 11:00 withdrawn", "pass"),
        Case("not answered, the day is not over", PAPERS, "pending", None, "due 2018-05-03 17:00", as_of="05-03 17:00"),
        Case(
            "not answered, the day is over by one second", PAPERS, "fail", SECOND,
            "late by 1 second (open time 0 s), due 2018-05-03 17:00+0800, still open", as_of="05-03 17:00:01",
        ),
        Case(
            "submitted at the last close: the next day counts", "05-03 17:00 submitted wang; 05-04 17:00 accepted wang",
            "pass",
        ),
        Case("submitted on a worked Saturday", "04-28 16:00 submitted wang; 17:00 accepted wang", "pass"),
        Case(
            "submitted on a worked Saturday, answered after the holiday",
            "04-28 16:00 submitted wang; 05-02 08:30 accepted wang", "fail", 3 * DAY + 15.5 * HOUR,
            "late by 3 days 15 hours 30 minutes (open time 0 s), due 2018-04-28 17:00",
        ),
        Case(
            "submitted on a day off: the next workday counts", "04-29 10:00 submitted wang; 05-02 17:00 accepted wang",
            "pass",
        ),
        Case(
            "a licence on the last of five working days, a Saturday of them worked (G6)",
            "2026-05-08 10:00 submitted wang; 2026-05-14 17:00 notified wang items=S19-M1 written", "pass",
            service="S19", as_of="2026-06-30",
        ),
        Case(
            "a licence one second later (G6)",
            "2026-05-08 10:00 submitted wang; 2026-05-14 17:00:01 notified wang items=S19-M1 written", "fail", SECOND,
            "due 2026-05-14 17:00", service="S19", as_of="2026-06-30",
        ),
        Case(
            "answers are not recorded", PAPERS, "unknown", None, "the ledger does not record", unrecorded=ANSWERS,
        ),
        Case(
            "notices are not recorded: before the late acceptance something may have been told in time",
            f"{PAPERS}; 05-07 10:00 accepted wang", "unknown", None, "the ledger does not record",
            unrecorded="notified",
        ),
        Case(
            "notices are not recorded, but it was accepted in time", f"{PAPERS}; 17:00 accepted wang", "pass",
            unrecorded="notified",
        ),
        Case(
            "due in a year whose holidays are not announced: the due could be any of several days",
            "2026-12-29 10:00 submitted wang; 2027-01-06 10:00 accepted wang", "unknown", service="S19",
            as_of="2027-01-20",
        ),
    ],
    "told_once/answered_after_supplement": [
        Case("accepted once the papers were complete", f"{TOLD}; {BROUGHT}", "pass"),
        Case(
            "accepted at the last close of that day",
            f"{TOLD}; 05-04 09:00 supplemented items=S10-M2; 17:00 accepted wang", "pass",
        ),
        Case(
            "accepted one second after the last close of that day",
            f"{TOLD}; 05-04 09:00 supplemented items=S10-M2; 17:00:01 accepted wang",
            "fail", SECOND, "late by 1 second (open time 0 s), due 2018-05-04 17:00",
        ),
        Case(
            "not answered after the papers came in", f"{TOLD}; 05-04 09:00 supplemented items=S10-M2", "fail",
            HOUR, "late by 1 hour (open time 0 s), due 2018-05-04 17:00+0800, still open", as_of="05-04 18:00",
        ),
        Case(
            "not answered, the day is not over", f"{TOLD}; 05-04 09:00 supplemented items=S10-M2", "pending",
            None, "due 2018-05-04 17:00", as_of="05-04 16:59",
        ),
        Case(
            "accepted before the papers were brought", f"{PAPERS}; 10:00 accepted wang; 10:05 notified wang"
            " items=S10-M2; 05-04 09:00 supplemented items=S10-M2", "not_applicable",
        ),
        Case("nothing was missing", f"{PAPERS}; 10:00 accepted wang; {DONE}", "not_applicable"),
        Case(
            "acceptances are not recorded", f"{TOLD}; 05-04 09:00 supplemented items=S10-M2", "unknown", None,
            "the ledger does not record", unrecorded="accepted",
        ),
    ],
    "told_once/told_once": [
        Case("told once", f"{TOLD}; {BROUGHT}; {DONE}", "pass"),
        Case(
            "told a second time without an excuse", f"{TOLD}; 15:00 notified wang items=S10-M3 written; {BROUGHT}; {DONE}",
            "fail", 1, "1, wanted == 0; off by 1",
        ),
        Case(
            "told three times without an excuse, and still open",
            f"{TOLD}; 15:00 notified wang items=S10-M3; 16:00 notified wang items=S10-M4", "fail", 2,
            "2, wanted == 0; off by 2",
        ),
        Case(
            "the second notice is excused by a new rule",
            f"{TOLD}; 15:00 notified wang items=S10-M3 reason=new_rule written; {BROUGHT}; {DONE}", "pass",
        ),
        Case(
            "the second notice is excused by a change of the applicant",
            f"{TOLD}; 15:00 notified wang items=S10-M3 reason=applicant_change written; {BROUGHT}; {DONE}", "pass",
        ),
        Case(
            "the second notice is excused by a false statement",
            f"{TOLD}; 15:00 notified wang items=S10-M3 reason=false_statement written; {BROUGHT}; {DONE}", "pass",
        ),
        Case(
            "the second notice has a reason that excuses nothing",
            f"{TOLD}; 15:00 notified wang items=S10-M3 reason=overlooked written; {BROUGHT}; {DONE}",
            "fail", 1, "1, wanted == 0; off by 1",
        ),
        Case("told once, and still open", TOLD, "pending", None, "open until the matter is settled"),
        Case(
            "notices are not recorded: that nothing stands there proves nothing", f"{PAPERS}; 10:00 accepted wang; {DONE}",
            "unknown", None, "the ledger does not record", unrecorded="notified",
        ),
        Case("nothing was missing", f"{PAPERS}; 10:00 accepted wang; {DONE}", "not_applicable"),
    ],
    "told_once/all_told_at_once": [
        Case(
            "the second notice repeats the first", f"{TOLD}; 15:00 notified wang items=S10-M2 written; {BROUGHT}; {DONE}",
            "pass",
        ),
        Case(
            "what came later is excused", f"{TOLD}; 15:00 notified wang items=S10-M3 reason=new_rule; {BROUGHT}; {DONE}",
            "pass",
        ),
        Case(
            "two papers were told later", f"{TOLD}; 15:00 notified wang items=S10-M2+S10-M3+S10-M4; {BROUGHT}; {DONE}",
            "fail", 2, "2, wanted == 0; off by 2",
        ),
        Case(
            "the second notice names no papers", f"{TOLD}; 15:00 notified wang; {BROUGHT}; {DONE}", "unknown", None,
            "missing request.told_later",
        ),
        Case("told once", f"{TOLD}; {BROUGHT}; {DONE}", "not_applicable"),
    ],
    "told_once/asked_from_posted_list": [
        Case("papers of the posted list", f"{TOLD}; {BROUGHT}; {DONE}", "pass"),
        Case(
            "a paper that is not on the list", f"{PAPERS}; 10:05 notified wang items=S10-M2+S10-M9; {BROUGHT}; {DONE}",
            "fail", 1, "1, wanted == 0; off by 1",
        ),
        Case(
            "papers of another kind of business", f"{PAPERS}; 10:05 notified wang items=S01-M1+S01-M2; {BROUGHT}; {DONE}",
            "fail", 2, "2, wanted == 0; off by 2",
        ),
        Case(
            "the notice names no papers", f"{PAPERS}; 10:05 notified wang; {BROUGHT}; {DONE}", "unknown", None,
            "missing request.unposted",
        ),
        Case(
            "a kind of business without a list", f"{TOLD}; {BROUGHT}; {DONE}", "unknown", None, "missing",
            service="S99",
        ),
    ],
    "told_once/notice_in_writing": [
        Case("told in writing", f"{TOLD}; {BROUGHT}; {DONE}", "pass"),
        Case(
            "told by word of mouth", f"{PAPERS}; 10:05 notified wang items=S10-M2 unwritten; {BROUGHT}; {DONE}",
            "fail", 1, "1, wanted == 0; off by 1",
        ),
        Case(
            "how it was told is not stated", f"{PAPERS}; 10:05 notified wang items=S10-M2; {BROUGHT}; {DONE}",
            "unknown", None, "missing request.unwritten_notices",
        ),
        Case(
            "one by word of mouth, of another it is not stated",
            f"{PAPERS}; 10:05 notified wang unwritten; 10:10 notified wang; {BROUGHT}; {DONE}", "unknown", None,
            "missing request.unwritten_notices",
        ),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("rule", "case"), cases(TABLE))
def test_row_w2_by_the_api(rule: str, case: Case) -> None:
    """What happened gives the verdict, and a failure its number."""
    assert_judged(rule, case)


def test_row_w2_is_shown_passing_failing_and_unknown() -> None:
    """Every rule of the row is."""
    assert_shown_three_ways(TABLE)


def test_row_w2_by_the_command_line(tmp_path) -> None:
    """An audit of the same matters, and a check of single ones, say the same."""
    assert_audited(TABLE, tmp_path)
    assert_checked(TABLE)
