"""Elapsed: a limit in real time, which runs at night and on rest days too; a stop pushes it in full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from windowservice.worktime.limits.kinds.kind import NUMBER, Start, Starts, Timed, Unit, Worded, clipped

if TYPE_CHECKING:
    from windowservice.worktime.clock.replay import Clock
    from windowservice.worktime.columns.frame import Ints
    from windowservice.worktime.columns.spans import Spans
    from windowservice.worktime.columns.table import TableColumns
    from windowservice.worktime.table import Table

__all__ = ["Elapsed", "push_elapsed"]


class Elapsed(Timed):
    """Real time."""

    __slots__ = ()
    name = "elapsed"
    forms = (rf"{NUMBER} (?P<unit>second|minute|hour)s?", rf"{NUMBER}个?(?P<unit>秒钟|秒|分钟|小时)")
    examples = ("{} hours", "{} minutes", "{}小时", "{}分钟")
    by_calendar = False
    real_time = True

    def __init__(self, limit: Worded, start: Start, table: Table, extra: int) -> None:
        self.table = table
        self.due = start.us + limit.amount + extra

    def push(self, begin: int, end: int) -> None:
        self.due += end - begin

    @classmethod
    def plain(cls, limit: Worded, start: Any, table: Any) -> tuple[Any, Any]:
        return start.us + limit.amount, None

    @classmethod
    def back(cls, limit: Worded, amount: int, start: Any, table: Any) -> tuple[Any, Any]:
        return start.us - amount, None

    @classmethod
    def pushed(cls, limit: Worded, starts: Starts, spans: Spans, table: TableColumns) -> tuple[Ints, None]:
        return push_elapsed(starts.us + limit.amount, starts.us, spans), None

    @classmethod
    def used(cls, limit: Worded, clock: Clock, now: int, table: Table) -> tuple[Unit, int, int]:
        left = clock.due - now
        return "real time", limit.amount + clock.extra - left, max(0, left)


def push_elapsed(due: Ints, start: Ints, spans: Spans) -> Ints:
    """Return where each limit in real time ends, given where it ended without stops."""
    begin, end = clipped(spans, start)
    end = end - begin
    due = due.copy()
    for rows, place in spans.rounds():
        reached = due.take(rows)
        due[rows] = reached + end.take(place) * (spans.begin.take(place) < reached)
    return due
