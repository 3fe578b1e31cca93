"""What the page on the SLA of a help desk shows, beside plain reckoning over the rows of the logs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest

AS_OF = datetime(2012, 5, 12, tzinfo=UTC)
PAGE = (Path(__file__).resolve().parents[2] / "docs" / "help_desk.md").read_text("utf-8")
History = list[tuple[datetime, str]]


def _rows(path: Path) -> pl.DataFrame:
    words = pl.col(pl.Categorical).cast(pl.String)
    return pl.read_parquet(path).sort("seq").with_columns(words, pl.col("ts").dt.convert_time_zone("UTC"))


@pytest.fixture(scope="module")
def histories(log: Callable[[str], Path]) -> dict[str, History]:
    """The changes of each incident that the page looks at, until the instant that it looks from."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in _rows(log("bpic2013_incidents.parquet")).iter_rows(named=True):
        found.setdefault(row["case"], []).append(row)
    customers, since = ("se", "us", "be", "in"), datetime(2012, 4, 1, tzinfo=UTC)
    return {
        case: [(row["ts"], row["lifecycle"]) for row in sorted(rows, key=lambda row: row["ts"]) if row["ts"] <= AS_OF]
        for case, rows in found.items()
        if str(rows[0]["organization_country"]).lower() in customers and rows[0]["ts"] >= since
    }


def test_what_was_taken_up_again(histories: dict[str, History]) -> None:
    """At work right after it was resolved or closed."""
    again = 0
    for history in histories.values():
        said = [status for _, status in history]
        pairs = pairwise(said)
        reopened = any(one in ("Resolved", "Closed") and other == "In Progress" for one, other in pairs)
        again += "Resolved" in said and reopened
    assert f"{again} incidents were taken up again after they were resolved" in PAGE


@pytest.mark.parametrize("cause", ["Wait - User", "Wait", "Wait - Implementation", "Wait - Vendor"])
def test_for_what_they_waited(histories: dict[str, History], cause: str) -> None:
    """Time from a wait to the next change, and the wait in the middle."""
    waits = sorted(
        then - at for history in histories.values() for (at, status), (then, _) in pairwise(history) if status == cause
    )
    hours, middle = sum(waits, timedelta()) / timedelta(hours=1), waits[(len(waits) - 1) // 2]
    (line,) = [
        line for line in PAGE.splitlines() if line.startswith(f"{cause} ") and line[len(cause) :].lstrip()[:4] == "pass"
    ]
    assert f"{hours:,.0f} hours" in line
    minutes, seconds = divmod(middle // timedelta(seconds=1), 60)
    assert f"{minutes // 60} h {minutes % 60} min {seconds} s" in line


def test_what_was_resolved_more_than_once(log: Callable[[str], Path]) -> None:
    """Of the other log; a row that stands twice happened once."""
    rows = _rows(log("helpdesk_it.parquet")).filter(pl.col("activity") == "Resolve ticket")
    resolved = rows.unique(["case", "ts", "resource"]).group_by("case").len()
    told = PAGE.partition("desk/once ")[2].splitlines()[0]
    assert told.endswith(f"'fail': {resolved.filter(pl.col('len') > 1).height}}}")
