"""Clocks counted naively, on the calendar of a wall: step by step, with no arithmetic of working time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from tests.language.clocks.desk import MONDAY, OPEN

STEP = timedelta(minutes=7.5)
DAYS = 60
FIRST = MONDAY - timedelta(days=2)
UNKNOWN = dict.fromkeys(("due", "worked", "remaining", "at_risk_at", "late_by", "overrun", "state"))


def step(at: datetime) -> int:
    """Return the number of the step that begins at an instant."""
    return (at - FIRST) // STEP


def instant(at: int) -> datetime:
    return FIRST + at * STEP


@cache
def local(calendar: str) -> list[tuple[Any, bool]]:
    """Return for every step its date by the calendar, and whether it is open."""
    zone, weekdays, spans, closed = OPEN[calendar]
    found = []
    for number in range(DAYS * 192):
        here = instant(number).astimezone(ZoneInfo(zone))
        half = here.hour * 2 + here.minute // 30
        is_open = here.weekday() in weekdays and any(a <= half < b for a, b in spans)
        found.append((here.date(), is_open and (here.month, here.day) not in closed))
    return found


def intervals_of(name: str, record: dict[str, Any], seen: list[dict[str, Any]]) -> list[tuple[Any, Any]] | None:
    """Return the intervals that stop a clock as the record tells them; None if it does not tell which there are."""
    found: list[tuple[Any, Any]] = []
    if name in ("paused", "in_days", "usual"):
        if any(one["to"] is None for one in seen):
            return None
        for one, following in zip(seen, [*seen[1:], None], strict=False):
            if one["to"] == "waiting":
                found.append((one["at"], following and following["at"]))
    if name in ("marked", "elapsed", "usual"):
        lasting: list[datetime] = []
        for one in seen:
            if one["to"] is None:
                return None
            if one["to"] in ("open", "resolved"):
                found += [(begin, one["at"]) for begin in lasting]
                lasting = []
            elif one["to"] == "waiting":
                lasting.append(one["at"])
        found += [(begin, None) for begin in lasting]
    if name in ("elapsed", "in_days") and (record["paused_from"], record["paused_until"]) != (None, None):
        found.append((record["paused_from"], record["paused_until"]))
    return found


def told(name: str, given: dict[str, Any], as_of: datetime) -> dict[str, Any]:
    """Return what a clock of a ticket says as of an instant, and its verdict."""
    record = {key: None if isinstance(at, datetime) and at > as_of else at for key, at in given.items()}
    seen = [one for one in given["history"] if one["at"] <= as_of]
    resolved = [one["at"] for one in seen if one["to"] == "resolved"]
    done_is_told = not any(one["to"] is None for one in seen[_last_resolved(seen) :])
    stops = intervals_of(name, record, seen)
    calendar = "us" if name == "usual" else record["customer"]
    calendar = calendar if calendar in OPEN else None
    if stops is None or not done_is_told or (calendar is None and name != "elapsed"):
        return {**UNKNOWN, "kept": "unknown"}
    done = resolved[-1] if resolved else None
    horizon = as_of if done is None else done
    if any(begin is None for begin, _ in stops) or any(
        begin <= horizon and end is not None and end < begin for begin, end in stops
    ):
        return {**UNKNOWN, "kept": "unknown"}
    return _counted(name, record, done, as_of, horizon, stops, calendar or "always")


def _last_resolved(seen: list[dict[str, Any]]) -> int:
    """Return the place of the last child that resolved it for certain; before it nothing matters any more."""
    return max((place for place, one in enumerate(seen) if one["to"] == "resolved"), default=0)


def _counted(
    name: str, record: dict[str, Any], done: datetime | None, as_of: datetime, horizon: datetime,
    stops: list[tuple[Any, Any]], calendar: str,
) -> dict[str, Any]:  # fmt: skip
    steps = local(calendar)
    start, until, now = step(record["opened_at"]), step(horizon), step(as_of)
    halted = [False] * len(steps)
    for begin, end in stops:
        if begin <= horizon:
            for number in range(step(begin), until if end is None else min(until, step(end))):
                halted[number] = True

    def counts(number: int) -> bool:
        return not halted[number] and (name == "elapsed" or steps[number][1])

    def is_open(number: int) -> bool:
        return steps[number][1]

    def after(need: int) -> int:
        return _walk(start, need, counts)

    if name == "in_days":
        due = _second_workday(start, steps, halted)
        need = sum(1 for number in range(start, due) if counts(number))
    else:
        need = {"elapsed": 8, "marked": 12, "usual": 4}.get(name, 4 if record["priority"] == "P1" else 12) * 8
        due = after(need)
    risk = after(need * 3 // 4) if need * 3 // 4 else None
    ran = range(start, max(start, until))
    used = sum(1 for number in ran if counts(number) or _after_due(number, due, name, steps))
    left = sum(1 for number in range(max(start, until), due) if counts(number))
    lasts = any(begin <= horizon and (end is None or end > horizon) and step(begin) < due for begin, end in stops)
    late = until > due
    if done is not None:
        state = "late" if late else "met"
    elif late:
        state = "overdue"
    elif lasts:
        state = "stopped"
    else:
        state = "at_risk" if risk is not None and now >= risk else "running"
    return {
        "due": instant(due), "worked": used * STEP, "remaining": left * STEP,
        "at_risk_at": None if risk is None else instant(risk), "late_by": max(0, until - due) * STEP,
        "overrun": sum(1 for number in range(due, until) if is_open(number)) * STEP, "state": state,
        "kept": ("fail" if late else "pass" if done is not None else "pending"),
    }  # fmt: skip


def _after_due(number: int, due: int, name: str, steps: list[tuple[Any, bool]]) -> bool:
    """Return whether a step counts though it is halted: what stops a clock after its due stops nothing."""
    return number >= due and (name == "elapsed" or steps[number][1])


def _walk(start: int, need: int, counts: Callable[[int], bool]) -> int:
    number = start
    while need:
        need -= counts(number)
        number += 1
    return number


def _second_workday(start: int, steps: list[tuple[Any, bool]], halted: list[bool]) -> int:
    """Return the end of the second workday after that of the start of which no open time is halted."""
    day, found, number = steps[start][0], 0, start
    while True:
        while steps[number][0] == day:
            number += 1
        day = steps[number][0]
        mine = [at for at in range(number, number + 192) if steps[at] == (day, True)]
        if mine and not any(halted[at] for at in mine):
            found += 1
            if found == 2:
                return mine[-1] + 1
