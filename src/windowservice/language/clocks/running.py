"""The clock of a record in Python: a limit under the intervals that stop it, as of an instant.

Instants and spans are microseconds UTC. Intervals come as rows of begin, end and reason; each of them may be missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, NamedTuple, TypeAlias

from windowservice.date_only import DateOnly
from windowservice.worktime.bound import Binding
from windowservice.worktime.clock.of_events import RUN, Moved, Run, bind_parts, net_time, one_of_two
from windowservice.worktime.clock.standing import State, at_risk
from windowservice.worktime.clock.stops import ExtensionUs, NoticeUs, StopUs
from windowservice.worktime.limits.limit import Limit

__all__ = [
    "AT_RISK",
    "DOUBTS",
    "ENDS_FIRST",
    "NO_AMOUNT",
    "NO_BEGIN",
    "Extended",
    "Interval",
    "bind_at_risk_at",
    "bind_between_marks",
    "bind_clock",
    "bind_joined",
    "bind_late_by",
    "bind_never",
    "bind_no_rows",
    "bind_overrun",
    "bind_remaining",
    "bind_state",
    "bind_with_extension",
    "bind_with_row",
    "bind_worked",
]  # fmt: skip

Interval: TypeAlias = "tuple[int | None, int | None, str | None]"
"""When it begins, when it ends (None: not yet), and why."""

Extended: TypeAlias = "tuple[int | None, Limit | None, int | None]"
"""When more time was granted, how much, and when it was asked for; None where that is missing."""

NO_BEGIN: Final = "interval_without_begin"
ENDS_FIRST: Final = "interval_ends_before_it_begins"
NO_AMOUNT: Final = "extension_without_amount"
DOUBTS: Final = {
    NO_BEGIN: "an interval that stops it has no begin",
    ENDS_FIRST: "an interval that stops it ends before it begins",
    NO_AMOUNT: "an extension does not say when, or by how much",
}
"""The notes of a clock of which nothing can be told, and what they say."""
AT_RISK: Final = "at_risk"
"""The state of a clock that runs and is past its warning."""


def bind_clock(binding: Binding) -> Callable[..., Any]:
    """Return what gives the clock of a record."""
    parts = bind_parts(binding)

    def record_clock(
        start: int, limit: Limit, stops: tuple[Interval, ...], restarts: tuple[Interval, ...],
        extensions: tuple[Extended, ...], done: int | None, name: str | None, _told: bool, as_of: int,
    ) -> tuple[Any, ...] | None:  # fmt: skip
        if not name and not binding.has_default and not limit.kind.real_time:
            return None  # the record names no calendar, and there is no default
        end = done.last if isinstance(done, DateOnly) else done  # whatever stops the clock on that date counts
        moved: Moved | None = None
        if stops or restarts or extensions:
            try:
                moved = _moved(stops, restarts, extensions, as_of if end is None or end > as_of else end)
            except _Untold as error:
                return None, None, None, None, None, frozenset(error.args), None
        if not isinstance(start, DateOnly):
            return parts(limit, start, end, name, as_of, _from(moved, start))  # type: ignore[no-any-return]
        hours = int(start), start.last
        return one_of_two(*(parts(limit, at, end, name, as_of, _from(moved, at)) for at in hours))

    return record_clock


class _Untold(Exception):
    """Nothing can be told of a clock, for what a note says."""


def _moved(
    stops: tuple[Interval, ...], restarts: tuple[Interval, ...], extensions: tuple[Extended, ...], horizon: int
) -> Moved:
    """Return what stops a clock up to the horizon, begins it anew and gives it more time."""
    halts = [StopUs(begin, end, reason, written=True) for begin, end, reason in _up_to(horizon, stops)]
    waits = [NoticeUs(begin, end, reason) for begin, end, reason in _up_to(horizon, restarts)]
    more = []
    for at, limit, asked in extensions:
        if at is None or (int(at) <= horizon and limit is None):
            raise _Untold(NO_AMOUNT)
        if int(at) <= horizon and limit is not None:
            more.append(ExtensionUs(int(at), limit, None if asked is None else int(asked)))
    return halts, waits, more


def _up_to(horizon: int, rows: tuple[Interval, ...]) -> Iterator[tuple[int, int | None, str]]:
    for begin, end, reason in rows:
        if begin is None:
            raise _Untold(NO_BEGIN)
        until = end.end if isinstance(end, DateOnly) else end
        if int(begin) > horizon:
            continue
        if until is not None and until < int(begin):
            raise _Untold(ENDS_FIRST)
        yield int(begin), until, reason or ""


def _from(moved: Moved | None, start: int) -> Moved | None:
    """Return what moves a clock that starts then; a wait that was over by then does not."""
    if moved is None:
        return None
    halts, waits, more = moved
    waits = [wait for wait in waits if wait.completed is None or wait.completed > start]
    return (halts, waits, more) if halts or waits or more else None


# --- rows of intervals ----------------------------------------------------------------------------------------------


def bind_no_rows(_binding: Binding) -> Callable[..., Any]:
    """Return what gives no intervals."""
    return lambda: ()


def bind_with_row(_binding: Binding) -> Callable[..., Any]:
    """Return what adds an interval to others, unless it neither began nor ended."""

    def with_row(
        rows: tuple[Interval, ...], begin: int | None, end: int | None, reason: str | None
    ) -> tuple[Interval, ...]:
        return rows if begin is None and end is None else ((begin, end, reason), *rows)

    return with_row


def bind_with_extension(_binding: Binding) -> Callable[..., Any]:
    """Return what adds an extension to others, unless it was not granted."""

    def with_extension(
        rows: tuple[Extended, ...], at: int | None, limit: Limit | None, asked: int | None
    ) -> tuple[Extended, ...]:
        return rows if at is None else ((at, limit, asked), *rows)

    return with_extension


def bind_never(_binding: Binding) -> Callable[..., Any]:
    """Return what gives no instant."""
    return lambda: None


def bind_joined(_binding: Binding) -> Callable[..., Any]:
    """Return what joins intervals."""
    return lambda rows, others: (*rows, *others)


def bind_between_marks(_binding: Binding) -> Callable[..., Any]:
    """Return what gives the intervals from each mark that begins one to the next mark that ends it.

    Rows are marks in order: whether it begins an interval, when, why, whether it ends those begun before, and when.
    """

    def between_marks(rows: tuple[tuple[Any, ...], ...]) -> tuple[Interval, ...] | None:
        found: list[Interval] = []
        lasting = 0  # those from here on have not ended
        for begins, begin, reason, ends, end in rows:
            if begins is None or ends is None or (ends and end is None):
                return None  # which of them it is, or when it ends, cannot be told
            if ends:
                found[lasting:] = [(since, end, why) for since, _, why in found[lasting:]]
                lasting = len(found)
            if begins:
                found.append((begin, None, reason))
        return tuple(found)

    return between_marks


# --- how it stands --------------------------------------------------------------------------------------------------


class _Late(NamedTuple):
    """From when to when it is late."""

    since: int
    until: int


def bind_worked(_binding: Binding) -> Callable[..., Any]:
    """Return what gives the time used."""

    def worked(parts: tuple[Any, ...], _done: int | None) -> int | None:
        run: Run | None = parts[RUN]
        return None if run is None else net_time(run, run.start, max(run.start, run.clock.horizon))

    return worked


def bind_remaining(_binding: Binding) -> Callable[..., Any]:
    """Return what gives the time left, never below 0."""

    def remaining(parts: tuple[Any, ...]) -> int | None:
        run: Run | None = parts[RUN]
        return None if run is None else max(0, net_time(run, max(run.clock.start, run.clock.horizon), run.clock.due))

    return remaining


def bind_at_risk_at(_binding: Binding) -> Callable[..., Any]:
    """Return what gives when a share of the time is used."""
    return lambda parts, share: None if parts[RUN] is None else _at_risk(parts[RUN], share)


def _at_risk(run: Run, share: Decimal) -> int | None:
    return at_risk(run.limit, run.clock, run.calendar, Fraction(share))


def _late(run: Run, done: int | None) -> _Late | None:
    due = run.clock.due
    if isinstance(done, DateOnly):  # by whole days
        table = run.calendar.table
        return _Late(table.midnight(table.date_of(due - 1) + 1), done.end) if done > due else None
    return _Late(due, run.clock.horizon) if run.clock.horizon > due else None


def bind_late_by(_binding: Binding) -> Callable[..., Any]:
    """Return what gives the real time after the due."""

    def late_by(parts: tuple[Any, ...], done: int | None) -> int | None:
        run: Run | None = parts[RUN]
        if run is None:
            return None
        late = _late(run, done)
        return 0 if late is None else late.until - late.since

    return late_by


def bind_overrun(_binding: Binding) -> Callable[..., Any]:
    """Return what gives the open time after the due."""

    def overrun(parts: tuple[Any, ...], done: int | None) -> int | None:
        run: Run | None = parts[RUN]
        if run is None:
            return None
        late, opened = _late(run, done), run.calendar.table.open_before
        return 0 if late is None else opened(late.until) - opened(late.since)

    return overrun


def bind_state(_binding: Binding) -> Callable[..., Any]:
    """Return what gives the word for how it stands."""

    def state(parts: tuple[Any, ...], share: Decimal, done: int | None, as_of: int) -> str | None:
        run: Run | None = parts[RUN]
        if run is None:
            return None
        late = _late(run, done) is not None
        if done is not None and done <= as_of:
            return str(State.LATE if late else State.MET)
        if late:
            return str(State.OVERDUE)
        if as_of < run.start and not run.limit.before:
            return str(State.NOT_STARTED)
        if run.clock.stopped:
            return str(State.STOPPED)
        warned = _at_risk(run, share)
        return AT_RISK if warned is not None and as_of >= warned else str(State.RUNNING)

    return state
