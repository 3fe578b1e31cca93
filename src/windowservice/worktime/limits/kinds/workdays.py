"""Working days, and the same working day: limits to the end of a workday.

A stop pushes them by the workdays it touches: it touches a day if it overlaps open time of that day's own sessions; of
the last day only what lies before the due.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from windowservice.worktime.limits.kinds.kind import (
    CLOCK,
    NUMBER,
    Counted,
    Kind,
    Language,
    Start,
    Unit,
    Worded,
)

if TYPE_CHECKING:
    from windowservice.worktime.clock.replay import Clock
    from windowservice.worktime.table import Table

__all__ = ["SameWorkingDay", "WorkingDays"]


class _Workdays(Kind):
    """Kinds that count workdays."""

    __slots__ = ("_clock", "_first", "_index", "_last_day", "_pieces", "_same_time", "_touched")
    takes_at = True
    by_day = True

    def __init__(self, limit: Worded, start: Start, table: Table, extra: int) -> None:
        self.table = table
        us, day = _opened(start, table) if limit.same_time else start[:2]
        self._clock = table.wall_clock(us) if limit.same_time else limit.at
        self._same_time = limit.same_time
        self._first = table.workdays_before(day + 1)
        if self.own_day and us < table.own_end(day, limit.at):
            self._first -= 1
        self._index = self._first + (limit.amount or 1) + extra - 1
        self._touched: set[int] = set()
        self._pieces: list[tuple[int, int]] = []
        self._last_day = table.nth_workday(self._index)
        self.due = self._end_of(self._last_day)

    def last_day(self) -> int:
        return self._last_day

    def push(self, begin: int, end: int) -> None:
        table = self.table
        self._pieces.append((begin, end))
        # a session reaches at most into the dates beside its own
        low = max(table.workdays_before(table.date_of(begin) - 1), self._first)
        high = min(table.workdays_before(table.date_of(end - 1) + 2), self._index + 1)
        missing = 0
        for index in range(low, high):
            ends_limit = index == self._index and not missing  # still the last day, unless one before it is touched
            until = min(end, self.due) if ends_limit else end
            if index not in self._touched and _overlap(table.pieces(table.nth_workday(index)), begin, until):
                self._touched.add(index)
                missing += 1
        if missing:
            self._go_on(missing)

    def _go_on(self, missing: int) -> None:
        """Go on by as many untouched workdays as are missing."""
        while missing:
            self._index += 1
            day = self.table.nth_workday(self._index)
            sessions = self.table.pieces(day)
            until = self._end_of(day) if missing == 1 else sessions[-1][1]
            for begin, end in self._pieces:
                if _overlap(sessions, begin, min(end, until)):
                    self._touched.add(self._index)
                    break
            else:
                missing -= 1
        self._last_day = day
        self.due = self._end_of(day)

    def _end_of(self, day: int) -> int:
        return self.table.end_of_workday(day, self._clock, keep=self._same_time)

    @classmethod
    def ends(cls, limit: Worded, day: int, table: Table) -> tuple[int, int]:
        last = table.nth_workday(table.workdays_before(day + 1) + (limit.amount or 1) - 1)
        return table.end_of_workday(last, limit.at), last

    @classmethod
    def used(cls, limit: Worded, clock: Clock, now: int, table: Table) -> tuple[Unit, int, int]:
        today = max(table.date_of(now), clock.start_day)
        left = table.workdays_before(clock.last_day + 1) - table.workdays_before(today + 1)
        return "workdays", (limit.amount or 1) + clock.extra - left, max(0, left)


class WorkingDays(Counted, _Workdays):
    """Workdays after the day of the start, to the last close of the last one or to a time of day."""

    __slots__ = ()
    name = "working days"
    forms = (
        rf"{NUMBER} working days?(?: at (?:(?P<same>the same time)|{CLOCK}))?",
        rf"{NUMBER}个?工作日(?:(?:至|的)(?:(?P<same>同一时刻)|{CLOCK}))?",
    )
    examples = ("{} working days", "{} working days before", "{}个工作日", "提前{}个工作日")
    one, many, chinese = "working day", "working days", "个工作日"
    takes_same_time = True
    whole_days = True

    @classmethod
    def plain(cls, limit: Worded, start: Start, table: Table) -> tuple[int, int | None]:
        if not limit.same_time:
            return cls.ends(limit, start.day, table)
        us, day = _opened(start, table)
        last = table.nth_workday(table.workdays_before(day + 1) + limit.amount - 1)
        return table.end_of_workday(last, table.wall_clock(us), keep=True), last

    @classmethod
    def back(cls, limit: Worded, amount: int, start: Start, table: Table) -> tuple[int, int | None]:
        last = table.nth_workday(table.workdays_before(start.day) - amount)
        clock = table.wall_clock(start.us) if limit.same_time else limit.at
        return table.end_of_workday(last, clock, keep=limit.same_time), last


class SameWorkingDay(_Workdays):
    """The day of the start, or the next workday if that is over or a rest day."""

    __slots__ = ()
    name = "same working day"
    forms = (rf"same working day(?: at {CLOCK})?", rf"(?:当个工作日|同一工作日|当日|当天)(?:(?:至|的){CLOCK})?")
    examples = ("same working day", "当个工作日")
    own_day = True

    @classmethod
    def unit(cls) -> type[Kind]:
        return WorkingDays

    @classmethod
    def said(cls, amount: int, language: Language) -> str:
        return cls.examples[language == "zh"]

    @classmethod
    def plain(cls, limit: Worded, start: Start, table: Table) -> tuple[int, int | None]:
        own = table.own_end(start.day, limit.at)
        return (own, start.day) if start.us < own else cls.ends(limit, start.day, table)


def _opened(start: Start, table: Table) -> tuple[int, int]:
    """Return when the office opens next, or the start itself if it is open; and the day of that."""
    moved = table.next_open(start.us)
    return moved, start.day if moved == start.us else max(start.day, table.date_of(moved))


def _overlap(sessions: tuple[tuple[int, int], ...], begin: int, end: int) -> bool:
    for opening, close in sessions:  # noqa: SIM110 half the time of any() over a generator
        if begin < close and opening < end:
            return True
    return False
