"""One happening that two tables tell counts once: it has a key, and one table is the place for it.

``occurrences`` holds what no other table holds. A row there whose bank, civil day and kind (and system, or what it is
about, if it says so) another table tells of as well is the same happening: the other table says whose fault it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import tzinfo
from typing import Any, Final

from windowservice.domain.records import Record
from windowservice.instants import datetime_us, from_us

__all__ = ["DAILY", "DETAIL", "PLACES", "once"]

PLACES: Final[Mapping[str, str]] = {
    "queued_at_close": "positions",
    "window_opened": "positions",
    "urge_missed": "positions",
    "outage": "incidents",
    "own_failure": "incidents",
    "filing_missed": "filings",
    "action_overdue": "actions",
    "rectification_failed": "actions",
}
"""The table that is the place for each kind of occurrence which another table than ``occurrences`` tells."""
DETAIL: Final[Mapping[str, str]] = {
    "outage": "system", "own_failure": "system", "filing_missed": "about", "action_overdue": "about",
    "rectification_failed": "about",
}  # fmt: skip
"""What beside bank and day tells two happenings of a kind apart."""
DAILY: Final = ("queued_at_close", "window_opened")
"""The kinds that happen to a bank once a day at most, however many checkpoints tell of them."""

Key = tuple[str, Any, str, Any]


def once(given: Iterable[Record], made: Iterable[tuple[bool, Record]], zone: tzinfo) -> list[Record]:
    """Return what happened, each happening once.

    Args:
        given: the rows of ``occurrences``; when they happened, as a datetime or in microseconds UTC.
        made: what the other tables tell, each with whether it is held against the bank; what is not is the fault of
            others, and is told all the same.
        zone: the zone of civil days.
    """

    def key(row: Mapping[str, Any]) -> Key:
        day = from_us(_us(row), zone).date()
        return row["bank"], day, row["kind"], row.get(DETAIL.get(row["kind"], ""))

    rows = list(given)
    entered: dict[Key, Record] = {}
    for row in sorted(rows, key=lambda row: (_us(row), row["id"])):
        if row["kind"] in PLACES:
            entered.setdefault(key(row), row)
    told, days, kept = set[Key](), set[Key](), list[Record]()
    for held, row in sorted(made, key=lambda pair: (bool(pair[1].get("doubtful")), not pair[0], pair[1]["id"])):
        one = key(row)
        any_detail = (*one[:3], None)
        if row.get("doubtful"):
            if one in entered or any_detail in entered or (row["kind"] in DAILY and one in told):
                continue  # somebody does say whether it happened
        elif one not in told:
            told |= {one, any_detail}
            row = _filled(row, entered.get(one) or entered.get(any_detail))  # noqa: PLW2901
        if held and not (row["kind"] in DAILY and one in days):
            days.add(one)
            kept.append(row)
    return [row for row in rows if row["kind"] not in PLACES or key(row) not in told] + kept


def _us(row: Mapping[str, Any]) -> int:
    at = row["happened_at"]
    return at if isinstance(at, int) else datetime_us(at)


def _filled(row: Record, other: Record | None) -> Record:
    """Return the row with what only the row entered by hand says."""
    if other is None:
        return row
    more = {
        name: value
        for name, value in other.items()
        if name not in ("doubtful", "extra") and value is not None and row.get(name) is None
    }
    return Record(row.table, {**row, **more}, row.place) if more else row
