"""How a matter stands: state, time used and left in the limit's own unit, lateness, and where the time went.

All in integers: microseconds UTC, days as ordinals.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from windowservice.worktime.clock.replay import Clock
from windowservice.worktime.clock.stops import Piece
from windowservice.worktime.limits.due import push, reach
from windowservice.worktime.limits.kinds.kind import Start, Unit, Words, open_time_used
from windowservice.worktime.limits.kinds.open_time import WorkingTime

if TYPE_CHECKING:
    from windowservice.worktime.calendar import WorkCalendar
    from windowservice.worktime.limits.limit import Limit
    from windowservice.worktime.table import Table

__all__ = [
    "AFTER_DUE",
    "AT_RISK_SHARE",
    "BEFORE_RESTART",
    "OFF_HOURS",
    "RUNNING",
    "Standing",
    "State",
    "at_risk",
    "spans",
    "standing",
]

AT_RISK_SHARE: Final = Fraction(3, 4)
"""The share of its net time after which a matter is at risk (assumption)."""

RUNNING: Final = "running"
BEFORE_RESTART: Final = "before_restart"
AFTER_DUE: Final = "after_due"
OFF_HOURS: Final = "off_hours"


class State(StrEnum):
    """How a matter stands."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    STOPPED = "stopped"
    OVERDUE = "overdue"
    MET = "met"
    LATE = "late"


class Standing(NamedTuple):
    """How a matter stands at an instant.

    Attributes:
        state: see `State`.
        unit: the unit of the next two.
        worked: what was used, stops left out; beyond the limit it goes on.
        remaining: what is left, never below 0.
        late_by: real time after the due, in microseconds; above 0 exactly if the state is late or overdue.
        overrun: open time after the due, in microseconds; may be 0.
    """

    state: State
    unit: Unit
    worked: int
    remaining: int
    late_by: int
    overrun: int


def standing(
    limit: Limit, clock: Clock, start: int, calendar: WorkCalendar, *, as_of: int | None, done: int | None
) -> Standing:
    """Return how a matter stands, given what `run_clock` made of it.

    The arguments are those given to `run_clock`, and its result. Without `as_of` and `done`, a matter is judged at its
    start.
    """
    seen = done is not None and (as_of is None or done <= as_of)
    now = start if as_of is None and done is None else clock.horizon
    table = calendar.table
    late_by = max(0, now - clock.due)
    if seen:
        state = State.LATE if late_by else State.MET
    elif late_by:
        state = State.OVERDUE
    elif now < start and not limit.before:
        state = State.NOT_STARTED
    else:
        state = State.STOPPED if clock.stopped else State.RUNNING
    overrun = table.open_before(now) - table.open_before(clock.due) if late_by else 0
    return Standing(state, *_used(limit, clock, now, table), late_by, overrun)


def _used(limit: Limit, clock: Clock, now: int, table: Table) -> tuple[Unit, int, int]:
    """Return the unit, what was used of the limit by now, and what is left."""
    if limit.before:  # it starts at no instant; what is left is left until its due
        return "open time", 0, max(0, table.open_before(clock.due) - table.open_before(now))
    limit = _binding(limit, clock, table)
    now = max(now, clock.start)
    return open_time_used(clock, now, table) if clock.fixed else limit.kind.used(limit, clock, now, table)


def _binding(limit: Limit, clock: Clock, table: Table) -> Limit:
    """Return the part that made the due, of the earlier of two; any other limit as it is."""
    if not limit.parts:
        return limit
    start = Start(clock.start, clock.start_day)
    for part in limit.parts:
        if not part.kind.booked and reach(part, start, table, clock.stops).due == clock.due:
            return part
    return next((part for part in limit.parts if part.kind.booked), limit.parts[0])


def at_risk(limit: Limit, clock: Clock, calendar: WorkCalendar, share: Fraction = AT_RISK_SHARE) -> int | None:
    """Return the instant from which a matter is at risk of being late, or None if there is no time to share out.

    It is when a share of the net open time from start to due is used, so it never falls at night; for elapsed limits, a
    share of the real time.
    """
    table = calendar.table
    if limit.before:
        return None
    if limit.kind.real_time and not clock.fixed:
        part = Words(limit.kind, max(1, (limit.amount + clock.extra) * share.numerator // share.denominator))
    else:
        net = table.open_before(clock.due) - table.open_before(clock.start)
        for begin, end, _ in clock.stops:
            if end > clock.start:
                net -= table.open_before(min(end, clock.due)) - table.open_before(max(begin, clock.start))
        if net <= 0:
            return None
        used = max(1, net * share.numerator // share.denominator)
        if not clock.stops:  # nearly always
            return table.instant_at(table.open_before(clock.start) + used)
        part = Words(WorkingTime, used)
    start = Start(clock.start, clock.start_day)
    return push(part.kind(part, start, table, 0), start, clock.stops).due


# --- where the time went --------------------------------------------------------------------------------------------


def spans(clock: Clock, start: int, table: Table) -> list[Piece]:
    """Return the time from the start to the clock's horizon, without gap or overlap, each part under one reason.

    A part is a stop, under its reason; or open time, `RUNNING`, `AFTER_DUE` or, if a restart made it void,
    `BEFORE_RESTART`; or time at which nothing was open, `OFF_HOURS`.
    """
    found: list[Piece] = []
    reached = start
    for begin, end, reason in clock.stops:
        found += _between(clock, reached, begin, table)
        found.append(Piece(begin, end, reason))
        reached = end
    found += _between(clock, reached, clock.horizon, table)
    return found


def _between(clock: Clock, begin: int, end: int, table: Table) -> Iterator[Piece]:
    """Yield the parts of a span without stops."""
    cuts = [cut for cut in (clock.restarted_at, clock.due) if cut is not None and begin < cut < end]
    for left, right in zip([begin, *cuts], [*cuts, end], strict=True):
        if clock.restarted_at is not None and left < clock.restarted_at:
            reason = BEFORE_RESTART
        else:
            reason = RUNNING if left < clock.due else AFTER_DUE
        yield from _by_hours(left, right, reason, table)


def _by_hours(begin: int, end: int, reason: str, table: Table) -> Iterator[Piece]:
    while begin < end:
        if table.is_open(begin):
            close = min(end, table.reaching(begin).closes[table.reaching(begin).piece_at(begin)])
            yield Piece(begin, close, reason)
            begin = close
        else:
            opening = min(end, table.next_open(begin))
            yield Piece(begin, opening, OFF_HOURS)
            begin = opening
