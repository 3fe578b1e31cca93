# ruff: noqa: E501 - a row of a table stands on one line
"""Row W5, the catalogue (一本通): the kind of business is offered on the day, with its papers, limits and owners."""

from __future__ import annotations

import pytest
from tests.rules.matters import (
    Case,
    assert_audited,
    assert_checked,
    assert_judged,
    assert_shown_three_ways,
    cases,
    engine,
)

TABLE = {
    "commitment/service_offered": [
        Case("a kind of the catalogue", "05-03 09:40 submitted wang", "pass"),
        Case(
            "a demand that no kind serves", "05-03 09:40 submitted wang", "fail", None,
            "figure.services_offered.contains(request.service) does not hold", service="S99",
        ),
        Case(
            "asked for on the day before it was first offered", "2017-12-31 09:40 asked wang", "fail", None,
            "does not hold",
        ),
        Case("asked for on the first day of the offer", "2018-01-01 09:40 asked wang", "pass"),
        Case(
            "no event that would date the matter is recorded", "", "unknown", None, "the ledger does not record",
            unrecorded="submitted",
        ),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("rule", "case"), cases(TABLE))
def test_row_w5_by_the_api(rule: str, case: Case) -> None:
    """What happened gives the verdict, and a failure its number."""
    assert_judged(rule, case)


def test_row_w5_is_shown_passing_failing_and_unknown() -> None:
    """Every rule of the row is."""
    assert_shown_three_ways(TABLE)


def test_row_w5_by_the_command_line(tmp_path) -> None:
    """An audit of the same matters, and a check of single ones, say the same."""
    assert_audited(TABLE, tmp_path)
    assert_checked(TABLE)


def test_row_w5_every_kind_has_papers_limits_and_owners() -> None:
    """The 19 kinds each have a posted list, a commitment with its basis, an owner and a day from which they are offered."""
    catalogue = engine().catalogue
    assert len(list(catalogue)) == 19
    for service in catalogue:
        assert service.materials
        assert all(limit.basis.mark for limit in service.commitment)
        assert service.commitment
        assert service.owner_role
        assert service.offered_from is not None
