"""Elapsed: a limit in real time, which runs at night and on rest days too; a stop pushes it in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from windowservice.worktime.limits.kinds.kind import NUMBER, Start, Timed, Unit, Worded

if TYPE_CHECKING:
    from windowservice.worktime.clock.replay import Clock
    from windowservice.worktime.table import Table

__all__ = ["Elapsed"]


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
    def plain(cls, limit: Worded, start: Start, table: Table) -> tuple[int, int | None]:
        return start.us + limit.amount, None

    @classmethod
    def back(cls, limit: Worded, amount: int, start: Start, table: Table) -> tuple[int, int | None]:
        return start.us - amount, None

    @classmethod
    def used(cls, limit: Worded, clock: Clock, now: int, table: Table) -> tuple[Unit, int, int]:
        left = clock.due - now
        return "real time", limit.amount + clock.extra - left, max(0, left)
