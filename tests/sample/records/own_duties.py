"""The sample's own list of duties: the library's and one more, done in most months; and rows that are amiss."""

from __future__ import annotations

from datetime import date
from typing import Final

from tests.sample.desk import YEAR
from tests.sample.records.rows import RecordPlanting

from windowservice.files import shipped
from windowservice.instants import SECOND

__all__ = ["own_duties", "plant_own_duties"]

_DUTY: Final = "count_blanks"
_MISSED: Final = (2, 4, 6, 8, 10)
_JUST: Final = (1, 3, 5, 7, 9)
_OWN: Final = f"""
# --- of the branch itself (synthetic) ---------------------------------------------------------------------------------

[[duties]]
id = "{_DUTY}"
policy = "duties"
zh = "重要空白凭证按月盘点"
en = "Controlled blanks are counted every month"
who = "window"
every = "month"
basis = "default"
figures = "default"
"""


def own_duties() -> str:
    """Return the text of the list of duties: that of the library, with one of the branch's own."""
    return shipped("windowservice.domain.duties", "duties.toml") + _OWN


def plant_own_duties(planting: RecordPlanting) -> None:
    """Count the blanks in most months, in some of them in the last second; name duties and turns that there are not."""
    planting.tables.setdefault("duties", []).append({"id": _DUTY, "since": date(YEAR, 1, 1)})
    desk = planting.desk
    rule, listed = "duties/own_duty_done", "duties/duty_listed"
    for month in range(1, 13):
        ends = desk.at(date(YEAR + month // 12, month % 12 + 1, 1), "00:00")
        key = {"id": f"{_DUTY} / {YEAR}-{month:02}"}
        if month in _MISSED:
            planting.fault(key, rule, "not counted", late=planting.until - ends)
            continue
        if month == 12:
            _talked_of(planting, key["id"])
            continue
        at = (
            ends - SECOND if month in _JUST else desk.morning(desk.workday(date(YEAR, month, 2), date(YEAR, month, 20)))
        )
        planting.row("reviews", "REV", duties=_DUTY, turn=f"{YEAR}-{month:02}", at=at, by="zhou")
        if month in _JUST:
            planting.near(key, rule, "counted in the last second of the month")
            planting.near(key, listed, "the duty, and the turn by its name, are on the list")
    for place in range(5):
        at = desk.morning(desk.workday(date(YEAR, 3, 5), date(YEAR, 10, 26)))
        duty, turn = (_DUTY.replace("l", "1"), None) if place < 3 else (_DUTY, f"{YEAR}-{place + 10:02}")
        row = planting.row("reviews", "REV", duties=duty, turn=turn, at=at, by="zhou")
        named = {"id": " / ".join(filter(None, (duty, turn, row["id"])))}
        planting.fault(named, listed, "a duty, or a turn of it, that is not on the list")


def _talked_of(planting: RecordPlanting, key: str) -> None:
    """Let a talk that has yet to be given count for December: whether it was done then, nobody wrote."""
    planned = planting.desk.at(date(YEAR + 1, 1, 2), "10:00")
    planting.row(
        "talks", "TLK", clerk="wang", topic="blanks", planned_at=planned, duties=_DUTY, turn=f"{YEAR}-12"
    )  # fmt: skip
    planting.unknown({"id": key}, "duties/own_duty_done", "done by a talk of which nobody wrote when it was given")
