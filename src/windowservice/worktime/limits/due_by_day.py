"""Dues without stops, remembered by the day of the start: what most matters of a day share is computed once.

A limit in days depends on the date of its start alone (the same working day also on whether the day is over), so one
matter's due is every other's that started that day. Only results that rest on announced days are kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

from windowservice.worktime.limits.due import Bounds, due_bounds
from windowservice.worktime.limits.limit import Limit

if TYPE_CHECKING:
    from windowservice.worktime.calendar import WorkCalendar

__all__ = ["NO_NOTES", "DueByDay", "DueClock"]

DueClock: TypeAlias = tuple[int, int, int, bool, "int | None", frozenset[str]]
"""Due, earliest and latest due, whether it is provisional, the last day, and notes: a clock that nothing moved."""
NO_NOTES: Final[frozenset[str]] = frozenset()

T = TypeVar("T")
_MOST: Final = 20_000
"""Days remembered for one limit: fifty years. Beyond, it begins anew."""


class DueByDay:
    """The dues of one calendar, safe to share between threads: two that compute the same day store the same result."""

    def __init__(self, calendar: WorkCalendar) -> None:
        self.calendar = calendar
        self._table = calendar.table
        # by identity: hashing a limit costs more than the rest
        self._by_limit: dict[int, tuple[Limit, dict[int, Bounds], dict[int, int]]] = {}
        self._clocks: dict[int, tuple[bool, dict[int, int], dict[int, DueClock]]] = {}

    def clock(self, limit: Limit, start: int) -> DueClock | None:
        """Return the clock of a limit in days, if it is remembered.

        Args:
            limit: the limit.
            start: the start, in microseconds UTC; of a date without an hour nothing is remembered.
        """
        known = self._clocks.get(id(limit))
        if known is None or start.__class__ is not int:
            return None
        own_day, ends, clocks = known
        day = self._table.date_of(start)
        if not own_day:
            return clocks.get(day)
        end = ends.get(day)
        return None if end is None else clocks.get(2 * day + (start >= end))

    def bounds(self, limit: Limit, start: int, booked_until: int | None = None) -> Bounds:
        """Return what `due_bounds` returns, quicker for limits in days.

        Args:
            limit: the limit.
            start: the start, in microseconds UTC.
            booked_until: the end of the booked slot with its grace, for limits that need it.
        """
        if not limit.kind.by_day or limit.before or limit.same_time:
            return due_bounds(limit, start, self.calendar, booked_until=booked_until)
        day = self._table.date_of(start)
        entry = self._by_limit.get(id(limit))
        if entry is None:
            entry = self._by_limit[id(limit)] = (limit, {}, {})
        _, days, ends = entry
        key = day
        if limit.kind.own_day:
            end = ends.get(day)
            if end is None:
                end = _kept(ends, day, self._table.own_end(day, limit.at))
            key = 2 * day + (start >= end)
        found = days.get(key)
        if found is None:
            found = due_bounds(limit, start, self.calendar, day=day)
            if not found.provisional:
                _kept(days, key, found)
                due, last_day, provisional, earliest, latest = found
                _, _, clocks = self._clocks.setdefault(id(limit), (limit.kind.own_day, ends, {}))
                _kept(clocks, key, (due, earliest, latest, provisional, last_day, NO_NOTES))
        return found


def _kept(memory: dict[int, T], key: int, value: T) -> T:
    if len(memory) >= _MOST:
        memory.clear()
    memory[key] = value
    return value
