"""Months and teams that are declared in the language, beside plain reckoning over the rows of a log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from .audits import AUDITS
from .conftest import Rows
from .months import told_months

ROME = ZoneInfo("Europe/Rome")


def test_how_many_tickets_were_finished_in_a_month(log: Callable[[str], Path], rows: Callable[[str], Rows]) -> None:
    """By when a ticket was first resolved; one of which nobody knows when it was opened has no due."""
    audit = AUDITS["helpdesk_it"]
    counted: Counter[str] = Counter()
    for history in rows("helpdesk_it").values():
        ends = [row["ts"] for row in history if row["activity"] == "Resolve ticket"]
        begun = any(row["activity"] in ("Assign seriousness", "Insert ticket") for row in history)
        if ends and begun:
            counted[f"{ends[0].astimezone(ROME):%Y-%m-01}"] += 1  # type: ignore[attr-defined]
    told = {
        one["key"].removeprefix("commitment "): one["number"]
        for one in told_months(audit, log(audit.file).parent, "month")
    }
    assert told == counted


@pytest.mark.parametrize("name", ["helpdesk_it", "bpic2013_incidents", "bpic2015_1"])
def test_months_and_teams_tell_of_the_same_matters(log: Callable[[str], Path], name: str) -> None:
    """What has a team; what was late used more than its time, and half of a group no more than its median."""
    audit = AUDITS[name]
    folder = log(audit.file).parent
    months, teams = (told_months(audit, folder, by) for by in ("month", "team"))
    assert sum(one["number"] for one in teams) <= sum(one["number"] for one in months)
    for one in (*months, *teams):
        assert 0 <= one["kept"] <= one["number"]
        assert one["median"] <= one["most"]
        assert (one["most"] <= 1) <= (one["kept"] * 20 >= one["number"] * 19 - 20)
