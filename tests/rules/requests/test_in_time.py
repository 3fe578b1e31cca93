# ruff: noqa: E501 - a row of a table stands on one line
"""Row W3, time-limited completion (限时办结制): done within the statute, and not late in disguise."""

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

# S16 has a statute of 5 working days; accepted on Thursday 3 May they end on Thursday 10 May at 17:00
TAKEN = "05-03 09:40 submitted wang; 10:00 accepted wang"
EXTENDED = "05-09 10:00 extension_requested wang; 05-10 09:00 extended chen amount=2_working_days"
HEARING = "05-04 09:00 suspended wang reason=hearing written; 05-07 09:30 resumed wang reason=hearing"
# S19, a licence: told or accepted within 5 working days, decided within 2, delivered within 10
LICENCE = "05-03 09:40 submitted wang; 10:00 accepted wang; 05-04 10:00 checked zhao; 10:30 decided li"

TABLE = {
    "in_time/statute_kept": [
        Case("decided at the last instant", f"{TAKEN}; 05-10 17:00 decided li", "pass", service="S16"),
        Case(
            "decided one second later", f"{TAKEN}; 05-10 17:00:01 decided li", "fail", SECOND,
            "late by 1 second (open time 0 s), due 2018-05-10 17:00", service="S16",
        ),
        Case(
            "decided on the next morning, after 30 open minutes", f"{TAKEN}; 05-11 09:00 decided li", "fail", 16 * HOUR,
            "late by 16 hours (open time 30 min), due 2018-05-10 17:00", service="S16",
        ),
        Case(
            "still open at the last instant", TAKEN, "pending", None, "due 2018-05-10 17:00",
            service="S16", as_of="05-10 17:00",
        ),
        Case(
            "still open one second later", TAKEN, "fail", SECOND, "due 2018-05-10 17:00+0800, still open",
            service="S16", as_of="05-10 17:00:01",
        ),
        Case("refused in time", "05-03 09:40 submitted wang; 10:00 refused wang reason=x", "not_applicable", service="S16"),
        Case("taken back in time", f"{TAKEN}; 05-10 17:00 withdrawn", "not_applicable", service="S16"),
        Case(
            "taken back one second late", f"{TAKEN}; 05-10 17:00:01 withdrawn", "fail", SECOND, "late by 1 second",
            service="S16",
        ),
        Case("no statute for the kind", f"{TAKEN}; 05-10 17:00:01 decided li", "not_applicable", service="S10"),
        Case(
            "two working days over the National Day holiday (G3)",
            "2026-09-30 09:40 submitted wang; 10:00 accepted wang; 2026-10-09 17:00 decided li", "pass",
            service="S19", as_of="2026-10-31",
        ),
        Case(
            "two working days over the Spring Festival, one second late (G9)",
            "2025-01-27 09:40 submitted wang; 10:00 accepted wang; 2025-02-06 17:00:01 decided li", "fail", SECOND,
            "due 2025-02-06 17:00", service="S19", as_of="2025-02-28",
        ),
        Case(
            "a hearing told in writing: the two workdays that it touches do not count",
            f"{TAKEN}; {HEARING}; 05-14 17:00 decided li", "pass", service="S16",
        ),
        Case(
            "the same, decided one second later", f"{TAKEN}; {HEARING}; 05-14 17:00:01 decided li", "fail", SECOND,
            "due 2018-05-14 17:00", service="S16",
        ),
        Case(
            "a hearing that was not told in writing: its time counts",
            f"{TAKEN}; {HEARING.replace(' written', '')}; 05-10 17:00:01 decided li", "fail", SECOND,
            "due 2018-05-10 17:00", service="S16",
        ),
        Case(
            "a stop inside the lunch break changes nothing",
            f"{TAKEN}; 05-04 11:30 suspended wang reason=hearing written; 13:30 resumed wang; 05-10 17:00:01 decided li",
            "fail", SECOND, "due 2018-05-10 17:00", service="S16",
        ),
        Case(
            "a stop at a weekend changes nothing",
            f"{TAKEN}; 05-04 17:00 suspended wang reason=hearing written; 05-07 08:30 resumed wang;"
            " 05-10 17:00:01 decided li", "fail", SECOND, "due 2018-05-10 17:00", service="S16",
        ),
        Case(
            "a stop that begins at the last instant comes too late",
            f"{TAKEN}; 05-10 17:00 suspended wang reason=hearing written; 05-11 10:00 resumed wang; 10:30 decided li",
            "fail", 17.5 * HOUR, "due 2018-05-10 17:00", service="S16",
        ),
        Case(
            "an on-site check stops nothing",
            f"{TAKEN}; 05-04 09:00 suspended wang reason=on_site_check written; 05-07 09:30 resumed wang;"
            " 05-10 17:00:01 decided li", "fail", SECOND, "due 2018-05-10 17:00", service="S16",
        ),
        Case(
            "waiting for the upper level stops it, the catalogue says so",
            f"{TAKEN}; 05-04 09:00 suspended wang reason=upper_level_reply; 05-07 09:30 resumed wang;"
            " 05-14 17:00 decided li", "pass", service="S16",
        ),
        Case("extended in time", f"{TAKEN}; {EXTENDED}; 05-14 17:00 decided li", "pass", service="S16"),
        Case(
            "extended in time, one second late", f"{TAKEN}; {EXTENDED}; 05-14 17:00:01 decided li", "fail", SECOND,
            "due 2018-05-14 17:00", service="S16",
        ),
        Case(
            "an extension approved after the limit is void",
            f"{TAKEN}; 05-10 16:00 extension_requested wang; 17:00:01 extended chen amount=2_working_days;"
            " 05-11 10:00 decided li", "fail", 17 * HOUR, "due 2018-05-10 17:00", service="S16",
        ),
        Case(
            "papers that came in later begin the limit anew",
            f"{TAKEN}; 05-04 10:00 notified wang items=S16-M1 written; 05-08 10:00 supplemented; 05-15 17:00 decided li",
            "pass", service="S16",
        ),
        Case(
            "a second notice begins nothing anew",
            f"{TAKEN}; 05-04 10:00 notified wang; 05-08 10:00 supplemented; 05-09 10:00 notified wang;"
            " 05-10 10:00 supplemented; 05-15 17:00:01 decided li", "fail", SECOND, "due 2018-05-15 17:00", service="S16",
        ),
        Case(
            "silence starts the clock at the submission: accepted on the sixth working day, decided within two",
            "05-03 09:40 submitted wang; 05-11 09:00 accepted wang; 05-14 10:00 decided li", "fail", 6 * DAY + 17 * HOUR,
            "late by 6 days 17 hours", service="S19",
        ),
        Case(
            "accepted on the sixth working day, but notices are not recorded: there may have been no silence",
            "05-03 09:40 submitted wang; 05-11 09:00 accepted wang; 05-14 10:00 decided li", "unknown", None, "the ledger does not record",
            service="S19", unrecorded="notified",
        ),
        Case(
            "accepted on the fifth working day, decided within two",
            "05-03 09:40 submitted wang; 05-10 17:00 accepted wang; 05-14 17:00 decided li", "pass", service="S19",
        ),
        Case(
            "acceptances are not recorded", "05-03 09:40 submitted wang; 05-10 17:00 decided li", "unknown", None,
            "the ledger does not record", service="S16", unrecorded="accepted",
        ),
        Case(
            "stops are not recorded, and it was decided after the limit", f"{TAKEN}; 05-10 17:00:01 decided li",
            "unknown", None, "the ledger does not record", service="S16", unrecorded="suspended",
        ),
        Case(
            "stops are not recorded, and it was decided within the limit without any",
            f"{TAKEN}; 05-10 17:00 decided li", "pass", service="S16", unrecorded="suspended",
        ),
        Case(
            "the limit ends in a year whose holidays are not announced, and it was decided on a day that may be a holiday",
            "2026-12-28 09:40 submitted wang; 10:00 accepted wang; 2027-01-05 10:00 decided li", "unknown",
            service="S16", as_of="2027-01-31",
        ),
        Case(
            "the limit ends in such a year, but it was decided before",
            "2026-12-28 09:40 submitted wang; 10:00 accepted wang; 2026-12-30 10:00 decided li", "pass",
            service="S16", as_of="2027-01-31",
        ),
        Case(
            "the limit ends in such a year, and it was decided months later",
            "2026-12-28 09:40 submitted wang; 10:00 accepted wang; 2027-03-30 10:00 decided li", "fail", None, "late by",
            service="S16", as_of="2027-03-31",
        ),
    ],
    "in_time/refused_with_reason": [
        Case("refused with a reason", "05-03 09:40 submitted wang; 10:00 refused wang reason=not_entitled", "pass"),
        Case(
            "refused without a reason", "05-03 09:40 submitted wang; 10:00 refused wang", "fail", 1,
            "1, wanted == 0; off by 1",
        ),
        Case("refusals are not recorded", TAKEN, "unknown", None, "the ledger does not record", unrecorded="refused"),
        Case("accepted", TAKEN, "not_applicable"),
    ],
    "in_time/extended_before_expiry": [
        Case("asked for and approved before", f"{TAKEN}; {EXTENDED}; 05-14 17:00 decided li", "pass"),
        Case(
            "approved at the last instant",
            f"{TAKEN}; 05-10 16:00 extension_requested wang; 17:00 extended chen amount=2_working_days;"
            " 05-11 10:00 decided li", "pass",
        ),
        Case(
            "approved one second after the limit",
            f"{TAKEN}; 05-10 16:00 extension_requested wang; 17:00:01 extended chen amount=2_working_days;"
            " 05-11 10:00 decided li", "fail", None, "request.clock_notes.contains('extension_after_due') holds",
        ),
        Case(
            "asked for at the last instant: not before it",
            f"{TAKEN}; 05-10 17:00 extension_requested wang; 17:00 extended chen amount=2_working_days;"
            " 05-11 10:00 decided li", "fail", None, "request.clock_notes.contains('extension_asked_late') holds",
        ),
        Case(
            "acceptances are not recorded", f"05-03 09:40 submitted wang; {EXTENDED}; 05-14 17:00 decided li",
            "unknown", None, "the ledger does not record", unrecorded="accepted",
        ),
        Case("never extended", f"{TAKEN}; 05-10 17:00 decided li", "not_applicable"),
    ],
    "in_time/extended_once": [
        Case("once", f"{TAKEN}; {EXTENDED}; 05-14 17:00 decided li", "pass"),
        Case(
            "twice", f"{TAKEN}; {EXTENDED}; 05-10 10:00 extended chen amount=1_working_day; 05-14 17:00 decided li",
            "fail", 1, "2, wanted <= 1; off by 1",
        ),
        Case(
            "extensions are not recorded", f"{TAKEN}; 05-14 17:00 decided li", "unknown", None,
            "the ledger does not record", unrecorded="extended",
        ),
    ],
    "in_time/extended_in_its_unit": [
        Case("a limit in working days, by working days", f"{TAKEN}; {EXTENDED}; 05-14 17:00 decided li", "pass"),
        Case(
            "a limit in working days, by calendar days",
            f"{TAKEN}; {EXTENDED.replace('working_days', 'days')}; 05-14 17:00 decided li", "fail", None,
            "request.clock_notes.contains('extension_other_unit') holds",
        ),
        Case(
            "acceptances are not recorded", f"05-03 09:40 submitted wang; {EXTENDED}; 05-14 17:00 decided li",
            "unknown", None, "the ledger does not record", unrecorded="accepted",
        ),
    ],
    "in_time/delivered_in_time": [
        Case("handed over at the last instant", f"{LICENCE}; 05-18 17:00 delivered wang", "pass", service="S19"),
        Case(
            "handed over one second later", f"{LICENCE}; 05-18 17:00:01 delivered wang", "fail", SECOND,
            "late by 1 second (open time 0 s), due 2018-05-18 17:00", service="S19",
        ),
        Case(
            "finished, but not handed over", LICENCE, "fail", 16 * HOUR, "due 2018-05-18 17:00+0800, still open",
            service="S19", as_of="05-19 09:00",
        ),
        Case(
            "not handed over, and still in time", LICENCE, "pending", None, "due 2018-05-18 17:00", service="S19",
            as_of="05-18 17:00",
        ),
        Case(
            "late, because the bank did not come for it in time",
            f"{LICENCE}; 05-17 10:00 no_show; 05-21 10:00 delivered wang", "not_applicable", service="S19",
        ),
        Case(
            "the bank did not come for it, but only after the limit",
            f"{LICENCE}; 05-21 09:00 no_show; 10:00 delivered wang", "fail", 2 * DAY + 17 * HOUR, "late by 2 days 17 hours",
            service="S19",
        ),
        Case(
            "deliveries are not recorded", LICENCE, "unknown", None, "the ledger does not record", service="S19",
            unrecorded="delivered",
        ),
        Case("no limit for handing over", LICENCE, "not_applicable", service="S16"),
    ],
    "in_time/stop_in_writing": [
        Case("a hearing told in writing", f"{TAKEN}; {HEARING}; 05-10 10:00 decided li", "pass"),
        Case(
            "a hearing told by word of mouth",
            f"{TAKEN}; {HEARING.replace('written', 'unwritten')}; 05-10 10:00 decided li", "fail", 1,
            "1, wanted == 0; off by 1",
        ),
        Case(
            "a local reason need not be written",
            f"{TAKEN}; 05-04 09:00 suspended wang reason=system_outage unwritten; 10:00 resumed wang; 05-10 10:00 decided li",
            "pass",
        ),
        Case(
            "how it was told is not stated", f"{TAKEN}; {HEARING.replace(' written', '')}; 05-10 10:00 decided li",
            "unknown", None, "missing request.unwritten_stops",
        ),
    ],
    "in_time/stopped_for_listed_reason": [
        Case("a reason of the law", f"{TAKEN}; {HEARING}; 05-10 10:00 decided li", "pass"),
        Case(
            "an on-site check is no reason",
            f"{TAKEN}; 05-04 09:00 suspended wang reason=on_site_check written; 10:00 resumed wang; 05-10 10:00 decided li",
            "fail", 1, "1, wanted == 0; off by 1",
        ),
        Case(
            "the reason is not recorded", f"{TAKEN}; 05-04 09:00 suspended wang; 10:00 resumed wang; 05-10 10:00 decided li",
            "unknown", None, "missing request.unlisted_stops",
        ),
    ],
    "in_time/accepted_before_decided": [
        Case("accepted, then decided", f"{TAKEN}; 05-10 10:00 decided li", "pass"),
        Case("accepted and decided in one second", "05-03 09:40 submitted wang; 10:00 accepted wang; 10:00 decided li", "pass"),
        Case(
            "decided one second before it was accepted",
            "05-03 09:40 submitted wang; 10:00 decided li; 10:00:01 accepted wang", "fail", SECOND,
            "late by 1 second (open time 1 s), due 2018-05-03 10:00",
        ),
        Case(
            "decided, never accepted", "05-03 09:40 submitted wang; 10:00 decided li", "fail", 2 * HOUR, "still open",
            as_of="05-03 12:00",
        ),
        Case(
            "acceptances are not recorded", "05-03 09:40 submitted wang; 10:00 decided li", "unknown", None,
            "the ledger does not record", unrecorded="accepted",
        ),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("rule", "case"), cases(TABLE))
def test_row_w3_by_the_api(rule: str, case: Case) -> None:
    """What happened gives the verdict, and a failure its number."""
    assert_judged(rule, case)


def test_row_w3_is_shown_passing_failing_and_unknown() -> None:
    """Every rule of the row is."""
    assert_shown_three_ways(TABLE)


def test_row_w3_by_the_command_line(tmp_path) -> None:
    """An audit of the same matters, and a check of single ones, say the same."""
    assert_audited(TABLE, tmp_path)
    assert_checked(TABLE)
