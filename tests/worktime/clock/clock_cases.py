"""Short ways to write a case of May 2018 (the 7th was a Monday) at a window open 08:30-11:30 and 13:30-17:00."""

from __future__ import annotations

from windowservice.worktime.calendar import WorkCalendar
from windowservice.worktime.clock.deadline import Deadline
from windowservice.worktime.clock.stops import Stop
from windowservice.worktime.limits.limit import Limit

WINDOW = WorkCalendar("Asia/Shanghai", "mon-fri 08:30-11:30 13:30-17:00", closed=["2018-05-01"], name="window")


def at(text: str) -> str:
    """An instant of May 2018, as in "7 10:00" (the 7th was a Monday)."""
    day, clock = text.split()
    return f"2018-05-{int(day):02d}T{clock}+08:00"


def deadline(limit: str, start: str, **arguments: object) -> Deadline:
    return Limit.parse(limit).deadline(at(start), calendar=WINDOW, **arguments)  # type: ignore[arg-type]


def due(limit: str, start: str, **arguments: object) -> str:
    found = deadline(limit, start, **arguments).due
    return f"{found.day} {found:%H:%M}"


def stop(begin: str, end: str | None, reason: str = "hearing", *, written: bool = True) -> Stop:
    return Stop(at(begin), None if end is None else at(end), reason, written=written)
