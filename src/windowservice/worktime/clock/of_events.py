"""The clock of a request: its events folded into stops, notices and extensions, then run.

A clock is a recursion (a stop counts only if it begins before the due reached so far), so it is no expression; what
goes in and what comes out are. Generated code calls what is bound here; `facts.requests.clock_kernel` declares it for
rules.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from windowservice.date_only import DateOnly
from windowservice.errors import InvalidLimit
from windowservice.worktime.bound import Binding
from windowservice.worktime.clock.replay import Clock, run_clock
from windowservice.worktime.clock.standing import at_risk
from windowservice.worktime.clock.stops import ExtensionUs, NoticeUs, StopUs
from windowservice.worktime.limits.due_by_day import NO_NOTES, DueByDay
from windowservice.worktime.limits.limit import Limit

if TYPE_CHECKING:
    from windowservice.worktime.calendar import WorkCalendar

__all__ = [
    "RUN", "Moved", "Row", "Run", "bind_allowed", "bind_at_risk", "bind_clock", "bind_parts", "bind_stopped",
    "bind_used", "bind_worked", "fold_clock_events", "net_time", "one_of_two",
]  # fmt: skip


Row = tuple[int, str, str | None, bool | None, str | None]
"""One event that concerns a clock: instant, kind, reason, written, amount of an extension."""


def fold_clock_events(rows: tuple[Row, ...]) -> tuple[list[StopUs], list[NoticeUs], list[ExtensionUs]]:
    """Return the stops, notices and extensions that the events tell of, in order.

    A stop ends at the next `resumed` that names its reason or none; papers are complete at the first `supplemented`
    after a notice; an extension was asked for at the last request before its approval. An amount that is no limit text
    approves nothing.
    """
    stops: list[StopUs] = []
    notices: list[NoticeUs] = []
    extensions: list[ExtensionUs] = []
    asked: int | None = None
    lasting: dict[str, list[int]] = {}  # the stops without an end, by reason: each is looked at once, however many are
    answered = 0  # the papers of all notices before this one are complete
    for at, kind, reason, written, amount in rows:
        if kind == "suspended":
            lasting.setdefault(reason or "", []).append(len(stops))
            stops.append(StopUs(at, None, reason or "", bool(written)))
        elif kind == "resumed":
            for ended in (lasting.pop(reason, []),) if reason is not None else tuple(lasting.values()):
                for which in ended:
                    stops[which] = stops[which]._replace(end=at)
            if reason is None:
                lasting.clear()
        elif kind == "notified":
            notices.append(NoticeUs(at))
        elif kind == "supplemented":
            notices[answered:] = [notice._replace(completed=at) for notice in notices[answered:]]
            answered = len(notices)
        elif kind == "extension_requested":
            asked = at
        elif kind == "extended" and amount is not None:
            limit = _amount(amount)
            if limit is not None:
                extensions.append(ExtensionUs(at, limit, asked))
    return stops, notices, extensions


def _amount(text: str) -> Limit | None:
    try:
        return Limit.parse(text)
    except InvalidLimit:
        return None


def bind_clock(binding: Binding) -> Callable[..., Any]:
    """Return what gives the clock of a request, by the calendars that the code is bound to."""
    parts = bind_parts(binding)

    def request_clock(
        start: int, limit: Limit, rows: tuple[Row, ...], done: int | None, *others: Any
    ) -> tuple[Any, ...] | None:
        end = done.last if isinstance(done, DateOnly) else done  # whatever stops the clock on that date counts
        if not isinstance(start, DateOnly) and not any(isinstance(row[0], DateOnly) for row in rows):  # nearly always
            return run_on(start, limit, rows, end, *others)
        first = run_on(int(start), limit, _at_hours(rows), end, *others)
        late = start.last if isinstance(start, DateOnly) else start
        return one_of_two(first, run_on(late, limit, _at_hours(rows, late=True), end, *others))

    def run_on(
        start: int, limit: Limit, rows: tuple[Row, ...], done: int | None, policy: Any, local: frozenset[str] | None,
        name: str | None, slot_end: int | None, grace: int | None, as_of: int,
    ) -> tuple[Any, ...] | None:  # fmt: skip
        booked_until = None if slot_end is None else slot_end + (grace or 0)
        moved = _moved(rows, start) if rows else None
        return parts(limit, start, done, name, as_of, moved, policy, local, booked_until)  # type: ignore[no-any-return]

    return request_clock


Moved: TypeAlias = tuple[Sequence[StopUs], Sequence[NoticeUs], Sequence[ExtensionUs]]
"""What moves a clock: stops, notices with what answered them, and extensions."""


def bind_parts(binding: Binding) -> Callable[..., Any]:
    """Return what gives the parts of a clock and behind them its `Run`; None if it needs a slot that there is not."""
    dues = {name: DueByDay(binding.calendar_named(name)) for name in ("", *binding.calendars)}

    def parts(
        limit: Limit, start: int, done: int | None, name: str | None, as_of: int, moved: Moved | None,
        policy: Any = None, local: frozenset[str] | None = None, booked_until: int | None = None,
    ) -> tuple[Any, ...] | None:  # fmt: skip
        if limit.kind.booked and booked_until is None:
            return None
        known = dues.get(name or "") or DueByDay(binding.calendar_named(name or ""))
        if moved is None:  # nearly always
            run = Run(limit, start, done, known.calendar, None, as_of, booked_until)
            if (found := known.clock(limit, start)) is not None:
                return *found, run
            due, last_day, provisional, earliest, latest = known.bounds(limit, start, booked_until)
            return due, earliest, latest, provisional, last_day, NO_NOTES, run
        stops, notices, extensions = moved
        clock = run_clock(
            limit, start, known.calendar, stops=stops, notices=notices, extensions=extensions, as_of=as_of, done=done,
            supplement=policy or "restart", booked_until=booked_until, local_reasons=local,
        )  # fmt: skip
        notes = frozenset(str(note.code) for note in clock.notes) if clock.notes else NO_NOTES
        run = Run(limit, start, done, known.calendar, clock, as_of, booked_until)
        return clock.due, clock.earliest, clock.latest, clock.provisional, clock.last_day, notes, run

    return parts


def one_of_two(first: tuple[Any, ...] | None, last: tuple[Any, ...] | None) -> tuple[Any, ...] | None:
    """Return the clock of times of which only the dates are known, from those of the first and the last hours."""
    if first is None or last is None:
        return last
    due, earliest, latest, provisional, *rest = last
    return due, min(first[1], earliest), max(first[2], latest), first[3] or provisional, *rest


def _at_hours(rows: tuple[Row, ...], *, late: bool = False) -> tuple[Row, ...]:
    """Return the events with an hour for those of which only the date is known, none before the one that it follows.

    A stop and a wait for papers count from the beginning of their date, and a stop to the end of the date on which it
    ended. When papers were complete moves the start: at the beginning of their date or, `late`, at the end of it.
    """
    found: list[Row] = []
    for at, kind, *said in rows:
        hour = int(at)
        if isinstance(at, DateOnly):
            if kind == "resumed":
                hour = at.end
            elif kind == "supplemented" and late:
                hour = at.last
            elif kind == "extended":
                hour += 1  # the day before is over
            if found and found[-1][0] < at.end:
                hour = max(hour, found[-1][0])
        found.append((hour, kind, *said))  # type: ignore[arg-type]
    return tuple(found)


def _moved(rows: tuple[Row, ...], start: int) -> tuple[list[StopUs], list[NoticeUs], list[ExtensionUs]] | None:
    """Return what may move a clock that starts then; None if nothing does.

    Papers that were complete before the clock started neither stop nor restart it.
    """
    if _completed_before(rows, start):
        return None
    stops, notices, extensions = fold_clock_events(rows)
    notices = [notice for notice in notices if notice.completed is None or notice.completed > start]
    return (stops, notices, extensions) if stops or notices or extensions else None


def _completed_before(rows: tuple[Row, ...], start: int) -> bool:
    """Return whether the events are nothing but notices of missing papers that were complete by the start."""
    missing = False
    for at, kind, _, _, _ in rows:
        if kind == "notified":
            missing = True
        elif kind == "supplemented" and at <= start:
            missing = False
        else:
            return False
    return not missing


class Run:
    """What a clock was run on, carried behind its parts for those who ask more of it.

    Attributes:
        limit: the limit.
        start: the start, in microseconds UTC.
        done: the end, if there is one.
        calendar: the calendar that counts.
        as_of: the instant judged.
        plain: whether nothing moved the clock.
    """

    __slots__ = ("_booked_until", "_clock", "as_of", "calendar", "done", "limit", "plain", "start")

    def __init__(
        self, limit: Limit, start: int, done: int | None, calendar: WorkCalendar, clock: Clock | None, as_of: int,
        booked_until: int | None,
    ) -> None:  # fmt: skip
        self.limit = limit
        self.start = start
        self.done = done
        self.calendar = calendar
        self.plain = clock is None
        self._clock = clock
        self.as_of = as_of
        self._booked_until = booked_until

    @property
    def clock(self) -> Clock:
        """What became of the limit."""
        if self._clock is None:
            self._clock = run_clock(
                self.limit,
                self.start,
                self.calendar,
                as_of=self.as_of,
                done=self.done,
                booked_until=self._booked_until,
            )
        return self._clock


RUN: Final = -1
"""The place of the `Run` in what the kernel gives."""


def bind_at_risk(_binding: Binding) -> Callable[..., Any]:
    """Return what gives when a share of a clock's open time is used."""
    exact: dict[int, tuple[Decimal, int, int]] = {}  # by identity: hashing a decimal costs more than the rest

    def ratio(share: Decimal) -> tuple[Decimal, int, int]:
        exact[id(share)] = found = (share, *share.as_integer_ratio())
        return found

    def clock_at_risk(parts: tuple[Any, ...], share: Any) -> int | None:
        run: Run = parts[RUN]
        if run.plain and not run.limit.kind.real_time:  # as `standing.at_risk` has it, without stops
            table = run.calendar.table
            _, part, whole = exact.get(id(share)) or ratio(share)
            begun = table.open_before(run.start)
            net = table.open_before(parts[0]) - begun
            if net <= 0:
                return None
            return table.instant_at(begun + max(1, net * part // whole))
        return at_risk(run.limit, run.clock, run.calendar, Fraction(share))

    return clock_at_risk


def net_open_time(run: Run, *, stopped: bool) -> int:
    """Return the open time from the start to the horizon, in microseconds: that of the stops, or the rest."""
    table = run.calendar.table
    begun, until = run.start, max(run.start, run.clock.horizon)
    halted = 0
    for begin, end, _ in run.clock.stops:
        if end > begun and begin < until:
            halted += table.open_before(min(end, until)) - table.open_before(max(begin, begun))
    return halted if stopped else table.open_before(until) - table.open_before(begun) - halted


def time_of_limit(run: Run, *, used: bool) -> int | None:
    """Return the time that a clock used, or that it had until its due, stops taken out; None if it runs backwards.

    Open time is counted, as for the share at which a matter is at risk; for elapsed limits, real time.
    """
    clock = run.clock
    if run.limit.before:
        return None
    return max(0, net_time(run, clock.start, max(clock.start, clock.horizon) if used else clock.due))


def net_time(run: Run, begin: int, until: int) -> int:
    """Return the time between two instants, stops taken out: open time; of elapsed limits that move, real time."""
    clock = run.clock
    measure: Any = (lambda us: us) if run.limit.kind.real_time and not clock.fixed else run.calendar.table.open_before
    total: int = measure(until) - measure(begin)
    for halted, went_on, _ in clock.stops:
        if went_on > begin and halted < until:
            total -= measure(min(went_on, until)) - measure(max(halted, begin))
    return total


def bind_used(_binding: Binding) -> Callable[..., Any]:
    """Return what gives the time of its limit that a clock used."""
    return lambda parts: time_of_limit(parts[RUN], used=True)


def bind_allowed(_binding: Binding) -> Callable[..., Any]:
    """Return what gives the time that a limit gave in all."""
    return lambda parts: time_of_limit(parts[RUN], used=False)


def bind_worked(_binding: Binding) -> Callable[..., Any]:
    """Return what gives the open time that a matter took."""
    return lambda parts, _done: net_open_time(parts[RUN], stopped=False)


def bind_stopped(_binding: Binding) -> Callable[..., Any]:
    """Return what gives the open time for which a clock was stopped."""
    return lambda parts, _done: net_open_time(parts[RUN], stopped=True)
