"""Clocks counted naively, on the calendar of a wall: step by step, with no arithmetic of working time."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from tests.language.clocks.desk import MONDAY, OPEN

import windowservice as ws

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


def marked(seen: list[dict[str, Any]], begins: str, ends: tuple[str, ...]) -> list[tuple[Any, Any]] | None:
    """Return the spans from each child of one status to the next of others; None if a status is missing."""
    found: list[tuple[Any, Any]] = []
    lasting: list[datetime] = []
    for one in seen:
        if one["to"] is None:
            return None
        if one["to"] in ends:
            found += [(begin, one["at"]) for begin in lasting]
            lasting = []
        elif one["to"] == begins:
            lasting.append(one["at"])
    return found + [(begin, None) for begin in lasting]


def to_next(seen: list[dict[str, Any]]) -> list[tuple[Any, Any]] | None:
    if any(one["to"] is None for one in seen):
        return None
    pairs = zip(seen, [*seen[1:], None], strict=False)
    return [(one["at"], following and following["at"]) for one, following in pairs if one["to"] == "waiting"]


def put_off(record: dict[str, Any]) -> list[tuple[Any, Any]]:
    pair = record["paused_from"], record["paused_until"]
    return [] if pair == (None, None) else [pair]


NEXT = ("paused", "in_days", "usual", "restarted")
MARKS = ("marked", "elapsed", "usual", "lengthened", "again", "real")
ANEW = ("restarted", "again", "real")
GRANTED = ("lengthened", *ANEW)
REAL = ("elapsed", "real")
IN_DAYS = ("in_days", "again")


def rows_of(name: str, record: dict[str, Any], seen: list[dict[str, Any]]) -> tuple[Any, Any, Any]:
    """Return the intervals that stop a clock and those that begin it anew, and extensions; None if not told."""
    stops = [to_next(seen)] if name in NEXT else []
    stops += [marked(seen, "waiting", ("open", "resolved"))] if name in MARKS else []
    stops += [put_off(record)] if name in ("elapsed", "in_days", "agreed") else []
    anew = [marked(seen, "asked", ("answered",))] if name in ANEW else []
    anew = [put_off(record), *anew] if name == "real" else anew
    more: list[Any] | None = []
    if name in GRANTED:
        if any(one["to"] is None for one in seen):
            more = None
        else:
            more = [(one["at"], one["more"], None) for one in seen if one["to"] == "extended"]
            if name in ("lengthened", "restarted") and record["longer_at"] is not None:
                more = [(record["longer_at"], ws.Limit.parse("2 working hours"), record["longer_asked"]), *more]
    stops, anew = (None if None in rows else [row for some in rows for row in some] for rows in (stops, anew))
    return stops, anew, more


def told(name: str, given: dict[str, Any], as_of: datetime) -> dict[str, Any]:
    """Return what a clock of a ticket says as of an instant, and its verdict."""
    record = {key: None if isinstance(at, datetime) and at > as_of else at for key, at in given.items()}
    seen = sorted((one for one in given["history"] if one["at"] <= as_of), key=lambda one: one["at"])
    resolved = [one["at"] for one in seen if one["to"] == "resolved"]
    done_is_told = not any(one["to"] is None for one in seen[_last_resolved(seen) :])
    stops, anew, more = rows_of(name, record, seen)
    calendar = {"usual": "us", "real": "us", "lengthened": "de", "agreed": "always"}.get(name, record["customer"])
    calendar = calendar if calendar in OPEN else None
    if (
        None in (stops, anew, more)
        or (name == "agreed" and record["own_limit"] is None)
        or not done_is_told
        or (calendar is None and name not in REAL)
    ):
        return {**UNKNOWN, "kept": "unknown"}
    done = resolved[-1] if resolved else None
    horizon = as_of if done is None else done
    if any(begin is None or (begin <= horizon and end is not None and end < begin) for begin, end in stops + anew):
        return {**UNKNOWN, "kept": "unknown"}
    if any(at <= horizon and limit is None for at, limit, _ in more):
        return {**UNKNOWN, "kept": "unknown"}
    counted = Counted(name, record, calendar or "always", step(horizon), stops, anew, more)
    return counted.said(done, step(as_of))


def _last_resolved(seen: list[dict[str, Any]]) -> int:
    """Return the place of the last child that resolved it for certain; before it nothing matters any more."""
    return max((place for place, one in enumerate(seen) if one["to"] == "resolved"), default=0)


class Counted:
    """One clock, counted step by step up to its horizon."""

    def __init__(
        self, name: str, record: dict[str, Any], calendar: str, horizon: int, stops: Any, anew: Any, more: Any
    ) -> None:
        self.name, self.steps, self.horizon = name, local(calendar), horizon
        self.first = self.base = step(record["opened_at"])
        self.halted = [False] * len(self.steps)
        self.stops = [(step(begin), None if end is None else step(end)) for begin, end in stops]
        self.stops = [(begin, end) for begin, end in self.stops if begin <= horizon]
        for begin, end in self.stops:
            self.halt(begin, end)
        hours = {"marked": 12, **dict.fromkeys(REAL, 8)}.get(name, 4)
        if name in ("plain", "paused"):
            hours = 4 if record["priority"] == "P1" else 12
        if name == "agreed":
            hours = 4 if str(record["own_limit"]) == "4 hours" else 30
        self.need, self.extra, self.waiting = 2 if name in IN_DAYS else hours * 8, 0, False
        self.replay([(step(at), more, asked and step(asked)) for at, more, asked in more], anew)
        self.due = self.end()
        if self.waiting and self.due <= horizon:
            self.due = self.end(horizon, anew=True)

    def halt(self, begin: int, end: int | None) -> None:
        for number in range(begin, self.horizon if end is None else min(self.horizon, end)):
            self.halted[number] = True

    def replay(self, more: list[Any], anew: list[Any]) -> None:
        """Let extensions and the first wait act as they happened; at one instant an answer, more time, a wait."""
        happened: list[tuple[int, int, Any]] = [(at, 1, (limit, asked)) for at, limit, asked in more]
        waits = [(step(begin), None if end is None else step(end)) for begin, end in anew]
        waits = [(begin, end) for begin, end in waits if begin <= self.horizon and (end is None or end > self.first)]
        for begin, end in sorted(waits, key=lambda wait: wait[0])[:1]:
            happened.append((begin, 2, end))
            if end is not None:
                happened.append((end, 3 if begin == end else 0, None))
        extended = False
        for at, order, what in sorted(happened, key=lambda one: one[:2]):
            if at > self.horizon:
                break
            if order == 2 and at < self.end():
                self.waiting = True
                self.halt(at, what)
            elif order in (0, 3) and self.waiting:
                self.waiting = False
                self.base, self.extra = at, 0
            elif order == 1:
                amount, due = self.amount(what[0]), self.end()
                asked = what[1]
                if amount and at <= due and (asked is None or (asked < due and asked <= at)) and not extended:
                    extended, self.extra = True, amount

    def amount(self, limit: ws.Limit) -> int:
        """Return how much longer it makes the limit, 0 in another unit."""
        number, unit = str(limit).split(" ", 1)
        if unit.startswith("working day"):
            return int(number) if self.name in IN_DAYS else 0
        hours = int(number) * 8 // (60 if "minute" in unit else 1)
        return 0 if self.name in IN_DAYS or (self.name in REAL) != (unit == "hours") else hours

    def counts(self, number: int) -> bool:
        return not self.halted[number] and self.runs(number)

    def runs(self, number: int) -> bool:
        return self.name in REAL or self.steps[number][1]

    def walk(self, start: int, need: int) -> int:
        while need:
            need -= self.counts(start)
            start += 1
        return start

    def end(self, start: int | None = None, *, anew: bool = False) -> int:
        """Return where the limit ends, as far as it is told up to the horizon."""
        halted, extra = self.halted, self.extra
        if anew:
            self.halted, self.extra = [False] * len(self.steps), 0
        base, need = self.base if start is None else start, self.need + self.extra
        found = self.last_workday(base, need) if self.name in IN_DAYS else self.walk(base, need)
        self.halted, self.extra = halted, extra
        return found

    def last_workday(self, start: int, need: int) -> int:
        """Return the end of a workday after that of the start of which no open time is halted."""
        day, number = self.steps[start][0], start
        while True:
            while self.steps[number][0] == day:
                number += 1
            day = self.steps[number][0]
            mine = [at for at in range(number, number + 192) if self.steps[at] == (day, True)]
            need -= bool(mine) and not any(self.halted[at] for at in mine)
            if not need:
                return mine[-1] + 1

    def said(self, done: datetime | None, now: int) -> dict[str, Any]:
        due, until = self.due, self.horizon
        net = sum(1 for number in range(self.base, due) if self.counts(number))
        risk = self.walk(self.base, net * 3 // 4) if net else None
        ran = range(self.first, max(self.first, until))
        used = sum(1 for number in ran if self.counts(number) or (number >= due and self.runs(number)))
        left = sum(1 for number in range(max(self.base, until), due) if self.counts(number))
        lasts = any((end is None or end > until) and begin < due for begin, end in self.stops)
        late = until > due
        if done is not None:
            state = "late" if late else "met"
        elif late:
            state = "overdue"
        elif lasts or self.waiting:
            state = "stopped"
        else:
            state = "at_risk" if risk is not None and now >= risk else "running"
        overrun = sum(1 for number in range(due, until) if self.steps[number][1])
        return {
            "due": instant(due), "worked": used * STEP, "remaining": left * STEP,
            "at_risk_at": None if risk is None else instant(risk), "late_by": max(0, until - due) * STEP,
            "overrun": overrun * STEP, "state": state,
            "kept": "fail" if late else "pass" if done is not None else "pending",
        }  # fmt: skip
