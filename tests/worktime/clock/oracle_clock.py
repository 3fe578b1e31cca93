"""A slow, plain reading of what limits and stops mean, to hold the clock against.

It knows no table and no axis. Time is cut into half hours, every one of which is looked at; which date owns it is found
with the standard library. A due is counted from scratch, half hour by half hour or date by date, again for every half
hour of a stop: the next one counts only if it begins before the due reached so far.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from windowservice.worktime.calendar import WorkCalendar
from windowservice.worktime.limits.kinds.civil_days import CalendarDays, Months
from windowservice.worktime.limits.kinds.elapsed import Elapsed
from windowservice.worktime.limits.kinds.open_time import WorkingTime
from windowservice.worktime.limits.kinds.workdays import SameWorkingDay, WorkingDays
from windowservice.worktime.limits.limit import (
    Limit,
    calendar_days,
    elapsed,
    months,
    same_working_day,
    working_days,
    working_time,
)

TICK = timedelta(minutes=30)
ONE_DAY = timedelta(days=1)
STATUTORY = [
    "hearing",
    "tender",
    "auction",
    "inspection_test",
    "laboratory_test",
    "quarantine",
    "appraisal",
    "expert_review",
]

Ticks = set[datetime]


def us(instant: datetime) -> int:
    return (instant - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


@dataclass
class World:
    """A calendar of the library, and the same hours as the oracle reads them: hours from 00:00 of the owning date."""

    calendar: WorkCalendar
    hours_of: Callable[[date], list[tuple[float, float]]]
    first: date
    days: int = 200
    owner: dict[datetime, date] = field(default_factory=dict, repr=False)
    sessions: dict[date, list[tuple[datetime, datetime]]] = field(default_factory=dict, repr=False)
    dates: dict[datetime, date] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.zone = ZoneInfo(self.calendar.timezone)
        for day in (self.first + ONE_DAY * n for n in range(self.days)):
            pieces = [(self.wall(day, a), self.wall(day, b)) for a, b in self.hours_of(day)]
            self.sessions[day] = pieces
            for opening, close in pieces:
                t = opening
                while t < close:
                    self.owner[t] = day
                    t += TICK
        t = self.wall(self.first, 0)
        for _ in range(self.days * 48):
            self.dates[t] = t.astimezone(self.zone).date()
            t += TICK

    def wall(self, day: date, hours: float) -> datetime:
        """The instant at which the clock shows so many hours after 00:00 of the date, if it exists once."""
        local = datetime.combine(day, time()) + timedelta(hours=hours)
        return local.replace(tzinfo=self.zone).astimezone(UTC)

    def date_of(self, t: datetime) -> date:
        return self.dates[t] if t in self.dates else t.astimezone(self.zone).date()

    def workday(self, day: date) -> bool:
        return bool(self.sessions[day])

    # --- the due, from scratch --------------------------------------------------------------------------------------

    def due(self, limit: Limit, start: datetime, stopped: Ticks, extra: int = 0) -> datetime:
        """When the limit ends if exactly these half hours do not count."""
        amount = limit.amount + extra
        if limit.kind in (WorkingTime, Elapsed):
            left, t = timedelta(microseconds=amount), start
            while left:
                if t not in stopped and (limit.kind is Elapsed or t in self.owner):
                    left -= TICK
                t += TICK
            return t
        if limit.kind in (WorkingDays, SameWorkingDay):
            return self._workdays(limit, start, stopped, amount)
        return self._dates(limit, start, stopped, extra)

    def _workdays(self, limit: Limit, start: datetime, stopped: Ticks, amount: int) -> datetime:
        clock = None if limit.at is None else timedelta(microseconds=limit.at)
        if limit.same_time:
            while start not in self.owner:
                start += TICK
            clock = start.astimezone(self.zone).replace(tzinfo=None) - datetime.combine(self.date_of(start), time())
        day = self.date_of(start)
        if limit.kind is SameWorkingDay:
            amount += 1
            if self.workday(day) and start < self.end_of(day, clock, limit.same_time):
                day -= ONE_DAY
        touched = {}
        for t in stopped:
            if t in self.owner:
                touched.setdefault(self.owner[t], []).append(t)
        while amount:
            day += ONE_DAY
            if not self.workday(day):
                continue
            stops = touched.get(day, [])
            if amount == 1:
                stops = [t for t in stops if t < self.end_of(day, clock, limit.same_time)]
            if not stops:
                amount -= 1
        return self.end_of(day, clock, limit.same_time)

    def _dates(self, limit: Limit, start: datetime, stopped: Ticks, extra: int) -> datetime:
        day = self.date_of(start)
        amount = limit.amount + extra
        if limit.kind is Months:
            month = day.month - 1 + amount
            year, month = day.year + month // 12, month % 12 + 1
            amount = (date(year, month, min(day.day, monthrange(year, month)[1])) - day).days
        touched = {self.date_of(t) for t in stopped}
        while amount:
            day += ONE_DAY
            amount -= day not in touched
        while limit.roll and (not self.workday(day) or day in touched):
            day += ONE_DAY
        return self.sessions[day][-1][1] if self.workday(day) else self.wall(day + ONE_DAY, 0)

    def end_of(self, day: date, clock: timedelta | None, keep: bool) -> datetime:
        opening, close = self.sessions[day][0][0], self.sessions[day][-1][1]
        if clock is None:
            return close
        end = self.wall(day, clock / timedelta(hours=1))
        if keep:
            return max(opening, min(end, close))
        return min(end, close) if end > opening else close

    # --- the recursion ----------------------------------------------------------------------------------------------

    def run(self, limit: Limit, start: datetime, stopped: Iterable[datetime], extra: int = 0) -> datetime:
        counted: Ticks = set()
        touched: set[date] = set()
        due = self.due(limit, start, counted, extra)
        for t in sorted(set(stopped)):
            if t >= due:
                break
            if t < start:
                continue
            if limit.kind in (
                CalendarDays,
                Months,
            ):  # quick
                if self.date_of(t) in touched:
                    continue
                touched.add(self.date_of(t))
            elif limit.kind is not Elapsed and t not in self.owner:
                continue
            counted.add(t)
            due = self.due(limit, start, counted, extra)
        return due


@dataclass
class History:
    """What happened to one matter; all instants lie on half hours."""

    start: datetime
    stops: list[tuple[datetime, datetime | None, str, bool]] = field(default_factory=list)
    told: datetime | None = None
    completed: datetime | None = None
    asked: datetime | None = None
    approved: datetime | None = None
    extension: Limit | None = None
    done: datetime | None = None
    policy: str = "restart"

    def due(self, world: World, limit: Limit, now: datetime) -> datetime:
        """The due as it stands at an instant, read off the sentences of the semantics one after the other."""
        frozen = now if self.done is None else min(now, self.done)
        due, _ = self._due(world, limit, frozen, notice=True, extension=True)
        return due

    def _due(
        self, world: World, limit: Limit, now: datetime, *, notice: bool, extension: bool
    ) -> tuple[datetime, datetime]:
        stopped = {
            t
            for begin, end, reason, written in self.stops
            if reason not in STATUTORY or written
            for t in ticks(begin, now if end is None else min(end, now))
        }
        start, restarted = self.start, False
        waits = notice and self.told is not None and self.told <= now and self.policy != "none"
        if waits and self.told < self._due(world, limit, self.told, notice=False, extension=extension)[0]:
            end = now if self.completed is None else min(self.completed, now)
            stopped |= ticks(self.told, end)
            waiting = self.completed is None or self.completed > now
            restarted = not waiting and self.policy == "restart" and self.completed > self.start
            if restarted:
                start = self.completed
        else:
            waiting = False
        extra = 0
        if extension and self.approved is not None and self.approved <= now and self.extension.kind is limit.kind:
            stood, begun = self._due(world, limit, self.approved, notice=True, extension=False)
            valid = self.approved <= stood and self.asked < stood and self.asked <= self.approved
            if valid and begun == start:  # else it lapsed
                extra = self.extension.amount
        due = world.run(limit, start, stopped, extra)
        if waiting and self.policy == "restart" and due <= now:
            return world.run(limit, now, ()), now
        return due, start


def ticks(begin: datetime, end: datetime) -> Ticks:
    found = set()
    while begin < end:
        found.add(begin)
        begin += TICK
    return found


# --- worlds ---------------------------------------------------------------------------------------------------------


def _window() -> World:
    """A window with a lunch break, a day off in the week and a short Saturday of work."""
    off, worked = date(2018, 3, 14), date(2018, 3, 17)
    plain = [(8.5, 11.5), (13.5, 17)]

    def hours_of(day: date) -> list[tuple[float, float]]:
        if day == worked:
            return [(9, 12)]
        return [] if day == off or day.weekday() > 4 else plain

    calendar = WorkCalendar(
        "Asia/Shanghai",
        "mon-fri 08:30-11:30 13:30-17:00",
        closed=[off],
        special={worked: "09:00-12:00"},
    )
    return World(calendar, hours_of, date(2018, 3, 1))


def _eve() -> World:
    """A system that opens on the evening before."""
    calendar = WorkCalendar("Asia/Shanghai", "mon-fri 20:30(-1)-17:00")
    return World(calendar, lambda day: [] if day.weekday() > 4 else [(-3.5, 17)], date(2018, 3, 1))


def _night() -> World:
    """Long days, and a night from Saturday to Sunday in which the clock goes forward on 2018-03-25."""
    calendar = WorkCalendar(
        "Europe/Amsterdam", {"mon-thu": "09:00-12:30 13:00-17:30", "fri": "09:00-12:30", "sat": "22:00-06:00"}
    )

    def hours_of(day: date) -> list[tuple[float, float]]:
        if day.weekday() == 5:
            return [(22, 30)]
        return {4: [(9, 12.5)], 6: []}.get(day.weekday(), [(9, 12.5), (13, 17.5)])

    return World(calendar, hours_of, date(2018, 3, 1))


WORLDS = {"window": _window(), "eve": _eve(), "night": _night()}


# --- strategies -----------------------------------------------------------------------------------------------------


_CLOCKS = st.sampled_from(["08:00", "11:30", "12:00", "13:30", "16:30", "23:30"])
LIMITS: dict[str, st.SearchStrategy[Limit]] = {
    "working time": st.integers(1, 40).map(lambda n: working_time(minutes=30 * n)),
    "working days": st.integers(1, 4).map(working_days),
    "working days at": st.builds(lambda n, at: working_days(n, at=at), st.integers(1, 4), _CLOCKS),
    "at the same time": st.builds(lambda n: working_days(n, same_time=True), st.integers(1, 3)),
    "same working day": st.builds(lambda at: same_working_day(at=at), st.none() | _CLOCKS),
    "days": st.integers(1, 6).map(calendar_days),
    "days without roll": st.builds(lambda n: calendar_days(n, roll=False), st.integers(1, 6)),
    "months": st.just(months(1)),
    "elapsed": st.integers(1, 200).map(lambda n: elapsed(minutes=30 * n)),
}
"""Limits of every kind that stops can push, short enough for the oracle."""


@st.composite
def instants(draw: st.DrawFn, world: World, first: datetime | None = None, days: int = 10) -> datetime:
    """Instants on half hours, most of them at an opening, a close, midnight or half an hour beside one."""
    begin = first or world.wall(date(2018, 3, 12), 0)
    if draw(st.booleans()):
        return begin + TICK * draw(st.integers(0, days * 48))
    day = world.date_of(begin) + ONE_DAY * draw(st.integers(0, days))
    edges = [edge for piece in world.sessions[day] for edge in piece] or [world.wall(day, 0), world.wall(day, 12)]
    return max(begin, draw(st.sampled_from(edges)) + TICK * draw(st.sampled_from([-1, 0, 0, 0, 1])))


@st.composite
def histories(draw: st.DrawFn, world: World, limit: Limit, *, stops_only: bool = False) -> tuple[History, datetime]:
    """A history and the instant at which it is looked at; stops, notice and approval like to fall on the due."""
    start = draw(instants(world))
    plain = world.run(limit, start, ())

    def moment() -> datetime:
        if draw(st.integers(0, 2)):
            return draw(instants(world, start - TICK, 8))
        return plain + TICK * draw(st.sampled_from([-12, -4, -1, 0, 0, 1]))

    history = History(start)
    for _ in range(draw(st.integers(0, 3))):
        begin = moment()
        long = draw(st.sampled_from([0, 1, 2, 5, 12, 48, 100]))
        end = None if draw(st.integers(0, 4)) == 0 else begin + TICK * long
        reason = draw(st.sampled_from(["hearing", "appraisal", "system_outage"]))
        history.stops.append((begin, end, reason, draw(st.integers(0, 4)) > 0))
    if not stops_only:
        history.policy = draw(st.sampled_from(["restart", "restart", "pause", "none"]))
        if draw(st.booleans()):
            history.told = moment()
            history.completed = draw(st.sampled_from([None, history.told + TICK * draw(st.integers(1, 100))]))
        if draw(st.booleans()) and limit.kind is not SameWorkingDay:
            history.approved = moment()
            history.asked = history.approved - TICK * draw(st.sampled_from([-1, 0, 0, 1, 2, 10]))
            more = {WorkingTime: working_time(hours=2), Elapsed: elapsed(hours=5), Months: months(1)}
            same = {WorkingDays: working_days(2), CalendarDays: calendar_days(2)}
            history.extension = draw(st.sampled_from([(more | same)[limit.kind], working_days(1)]))
        history.done = draw(st.sampled_from([None, None, moment()]))
    return history, max(moment(), start - TICK)
