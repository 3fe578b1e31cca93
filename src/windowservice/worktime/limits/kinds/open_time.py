"""Working time: a limit in open time; a stop pushes it by its open part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from windowservice.worktime.limits.kinds.kind import NUMBER, Start, Timed, Unit, Worded

if TYPE_CHECKING:
    from windowservice.worktime.clock.replay import Clock
    from windowservice.worktime.table import Table

__all__ = ["WorkingTime"]


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
    def plain(cls, limit: Worded, start: Start, table: Table) -> tuple[int, int | None]:
        return table.instant_at(table.open_before(start.us) + limit.amount), None

    @classmethod
    def back(cls, limit: Worded, amount: int, start: Start, table: Table) -> tuple[int, int | None]:
        return table.last_instant_at(table.open_before(start.us) - amount), None

    @classmethod
    def used(cls, limit: Worded, clock: Clock, now: int, table: Table) -> tuple[Unit, int, int]:
        left = table.open_before(clock.due) - table.open_before(now)
        return "open time", limit.amount + clock.extra - left, max(0, left)
