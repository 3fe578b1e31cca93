"""Working time: a limit in open time; a stop pushes it by its open part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from windowservice.worktime.limits.kinds.kind import NUMBER, Start, Starts, Timed, Unit, Worded, clipped

if TYPE_CHECKING:
    from windowservice.worktime.clock.replay import Clock
    from windowservice.worktime.columns.frame import Ints
    from windowservice.worktime.columns.spans import Spans
    from windowservice.worktime.columns.table import TableColumns
    from windowservice.worktime.table import Table

__all__ = ["WorkingTime", "push_open_time"]


class WorkingTime(Timed):
    """Open time."""

    __slots__ = ("_target",)
    name = "working time"
    forms = (rf"{NUMBER} working (?P<unit>second|minute|hour)s?", rf"{NUMBER}个?工作(?P<unit>秒|分钟|小时)")
    examples = ("{} working hours", "{} working minutes", "{}个工作小时")
    english, chinese = "working ", "个工作"
    own_day = True

    def __init__(self, limit: Worded, start: Start, table: Table, extra: int) -> None:
        self.table = table
        self._target = table.open_before(start.us) + limit.amount + extra
        self.due = table.instant_at(self._target)

    def push(self, begin: int, end: int) -> None:
        open_part = self.table.open_before(end) - self.table.open_before(begin)
        if open_part:
            self._target += open_part
            self.due = self.table.instant_at(self._target)

    @classmethod
    def plain(cls, limit: Worded, start: Any, table: Any) -> tuple[Any, Any]:
        target = table.open_before(start.us)
        target += limit.amount
        return table.instant_at(target), None

    @classmethod
    def back(cls, limit: Worded, amount: int, start: Any, table: Any) -> tuple[Any, Any]:
        return table.last_instant_at(table.open_before(start.us) - amount), None

    @classmethod
    def pushed(cls, limit: Worded, starts: Starts, spans: Spans, table: TableColumns) -> tuple[Ints, None]:
        target = table.open_before(starts.us)
        target += limit.amount
        return table.instant_at(push_open_time(target, starts.us, spans, table)), None

    @classmethod
    def used(cls, limit: Worded, clock: Clock, now: int, table: Table) -> tuple[Unit, int, int]:
        left = table.open_before(clock.due) - table.open_before(now)
        return "open time", limit.amount + clock.extra - left, max(0, left)


def push_open_time(target: Ints, start: Ints, spans: Spans, table: TableColumns) -> Ints:
    """Return the open time at which each limit ends, given that at which it ended without stops.

    A stop begins before the due exactly if less open time lies before it than before the due, so no due is needed.
    """
    begin, end = (table.open_before(edge) for edge in clipped(spans, start))
    end -= begin
    target = target.copy()
    for rows, place in spans.rounds():
        reached = target.take(rows)
        target[rows] = reached + end.take(place) * (begin.take(place) < reached)
    return target
