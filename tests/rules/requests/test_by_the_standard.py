# ruff: noqa: E501 - a row of a table stands on one line
"""Row D4, by the standard (规范办): steps in order, checks present, two people where two are required."""

from __future__ import annotations

import pytest
from tests.rules.matters import Case, assert_audited, assert_checked, assert_judged, assert_shown_three_ways, cases

TAKEN = "05-03 09:40 submitted wang; 10:00 accepted wang"
DONE = f"{TAKEN}; 05-04 10:00 checked zhao; 10:30 decided li; 10:40 delivered li"

TABLE = {
    "standard/steps_in_order": [
        Case("in order", DONE, "pass"),
        Case("decided and delivered in one second", DONE.replace("10:40", "10:30"), "pass"),
        Case(
            "delivered before it was decided", DONE.replace("10:40", "10:29:59"), "fail", 1, "1, wanted == 0; off by 1",
        ),
        Case(
            "accepted before it was submitted, and papers brought before they were asked for",
            "05-03 09:40 accepted wang; 10:00 submitted wang; 10:10 supplemented; 10:20 notified wang; 10:30 decided li",
            "fail", 2, "2, wanted == 0; off by 2",
        ),
        Case("accepted before it was submitted, and still open", "05-03 09:40 accepted wang; 10:00 submitted wang",
             "fail", 1, "1, wanted == 0; off by 1"),
        Case("in order, and still open", TAKEN, "pending", None, "open until the matter is settled"),
        Case("acceptances are not recorded", DONE.replace("10:00 accepted wang; ", ""), "unknown", None,
             "the ledger does not record", unrecorded="accepted"),
    ],
    "standard/checked_before_decided": [
        Case("checked before", DONE, "pass"),
        Case("authorised in the second of the decision", f"{TAKEN}; 05-04 10:30 authorised zhao; 10:30 decided li", "pass"),
        Case(
            "decided without a check", f"{TAKEN}; 05-04 10:30 decided li", "fail", 1, "0, wanted > 0; off by 1",
        ),
        Case(
            "checked one second after the decision", f"{TAKEN}; 05-04 10:30 decided li; 10:30:01 checked zhao", "fail", 1,
            "0, wanted > 0; off by 1",
        ),
        Case("a kind that one person may do", f"{TAKEN}; 05-04 10:30 decided li", "not_applicable", service="S13"),
        Case("not decided", TAKEN, "not_applicable"),
        Case(
            "checks are not recorded", f"{TAKEN}; 05-04 10:30 decided li", "unknown", None,
            "the ledger does not record", unrecorded="checked authorised",
        ),
    ],
    "standard/checked_by_another": [
        Case("checked by another", DONE, "pass"),
        Case("checked by whoever decides", DONE.replace("zhao", "li"), "fail", 1, "1, wanted == 0; off by 1"),
        Case(
            "checked and authorised by whoever decides",
            f"{TAKEN}; 05-04 10:00 checked li; 10:10 authorised li; 10:30 decided li", "fail", 2,
            "2, wanted == 0; off by 2",
        ),
        Case("who checked is not recorded", DONE.replace(" zhao", ""), "unknown", None, "missing request.self_checks"),
        Case("not checked at all", f"{TAKEN}; 05-04 10:30 decided li", "not_applicable"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("rule", "case"), cases(TABLE))
def test_row_d4_by_the_api(rule: str, case: Case) -> None:
    """What happened gives the verdict, and a failure its number."""
    assert_judged(rule, case)


def test_row_d4_is_shown_passing_failing_and_unknown() -> None:
    """Every rule of the row is."""
    assert_shown_three_ways(TABLE)


def test_row_d4_by_the_command_line(tmp_path) -> None:
    """An audit of the same matters, and a check of single ones, say the same."""
    assert_audited(TABLE, tmp_path)
    assert_checked(TABLE)
