"""A slow, plain reading of what a calendar means, to hold the library against.

It knows nothing of tables, pieces or offsets. For every minute of some days it asks the standard library what the wall
clock shows, and whether a date owns a session that contains that time of day. All else is counted off minute by minute.
Sessions and clock changes of the calendars it is used for lie on whole minutes.
"""

from __future__ import annotations

import functools
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

MINUTE = 60_000_000
DAY = 1440
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ONE = timedelta(days=1)

Sessions = list[tuple[int, int]]
"""Sessions of a date, in minutes from its 00:00 by the wall clock; below 0 and above 1440 lie the neighbours."""


def _dates(first: date, last: date) -> list[date]:
    return [first + timedelta(days=step) for step in range(-3, (last - first).days + 4)]


@functools.cache
def wall_clock(zone: str, first: date, last: date) -> list[tuple[date, int]]:
    """The date and the minute of it that the wall clock shows, for every minute from `first` to `last`, 00:00 UTC."""
    begin = datetime(first.year, first.month, first.day, tzinfo=UTC)
    minutes = range((last - first).days * DAY)
    walls = [(begin + timedelta(minutes=minute)).astimezone(ZoneInfo(zone)) for minute in minutes]
    return [(wall.date(), wall.hour * 60 + wall.minute) for wall in walls]


class Oracle:
    """Open minutes from `first` to `last`, both at 00:00 UTC."""

    def __init__(self, zone: str, sessions_of: Callable[[date], Sessions], first: date, last: date) -> None:
        self.sessions = {day: sessions_of(day) for day in _dates(first, last)}
        shown = wall_clock(zone, first, last)
        self.begin_us = (first - date(1970, 1, 1)).days * DAY * MINUTE
        self.end_us = self.begin_us + len(shown) * MINUTE
        self.owners = [self._owner(day, minute) for day, minute in shown]
        self.open = [owner is not None for owner in self.owners]
        changes = [n for n in range(1, len(shown)) if self.owners[n] != self.owners[n - 1]]
        self.edges = [self.begin_us + n * MINUTE for n in changes]

    def _owner(self, day: date, minute: int) -> date | None:
        for owner, since_midnight in ((day - ONE, minute + DAY), (day, minute), (day + ONE, minute - DAY)):
            for opening, close in self.sessions[owner]:
                if opening <= since_midnight < close:
                    return owner
        return None

    def _minute(self, t: int) -> int:
        return (t - self.begin_us) // MINUTE

    def is_open(self, t: int) -> bool:
        return self.open[self._minute(t)]

    def worked(self, a: int, b: int) -> int:
        """Open microseconds in [a, b)."""
        if b < a:
            return -self.worked(b, a)
        total = 0
        while a < b:
            step = min(b, self.begin_us + (self._minute(a) + 1) * MINUTE)
            total += (step - a) * self.open[self._minute(a)]
            a = step
        return total

    def add(self, t: int, w: int) -> int | None:
        """The earliest x with worked(t, x) == w, for w > 0; None if the weeks do not hold it."""
        while t < self.end_us:
            step = self.begin_us + (self._minute(t) + 1) * MINUTE
            if self.open[self._minute(t)]:
                if w <= step - t:
                    return t + w
                w -= step - t
            t = step
        return None

    def subtract(self, t: int, w: int) -> int | None:
        """The latest x with worked(x, t) == w, for w > 0; None if the weeks do not hold it."""
        while t > self.begin_us:
            step = self.begin_us + self._minute(t - 1) * MINUTE
            if self.open[self._minute(t - 1)]:
                if w <= t - step:
                    return t - w
                w -= t - step
            t = step
        return None

    def next_open(self, t: int) -> int | None:
        while t < self.end_us:
            if self.is_open(t):
                return t
            t = self.begin_us + (self._minute(t) + 1) * MINUTE
        return None

    def last_close(self, t: int) -> int | None:
        if self.is_open(t):
            return t
        minute = self._minute(t)
        while minute > 0:
            if self.open[minute - 1]:
                return self.begin_us + minute * MINUTE
            minute -= 1
        return None

    def owner(self, t: int) -> date | None:
        opening = self.next_open(t)
        return None if opening is None else self.owners[self._minute(opening)]

    def owns_time(self, day: date) -> bool:
        return day in self.owners


def session_text(sessions: Sessions) -> str:
    """Write the sessions as a calendar reads them."""
    return " ".join(f"{_time(opening)}-{_time(close)}" for opening, close in sessions)


def _time(minutes: int) -> str:
    day, rest = divmod(minutes, DAY)
    return f"{rest // 60:02d}:{rest % 60:02d}" + (f"({day:+d})" if day else "")


CHANGES = {
    "Asia/Shanghai": date(2018, 10, 1),
    "Europe/Amsterdam": date(2018, 3, 25),
    "Europe/Berlin": date(2018, 10, 28),
    "America/New_York": date(2018, 3, 11),
    "America/Toronto": date(2018, 11, 4),
    "Australia/Lord_Howe": date(2018, 4, 1),
    "Australia/Adelaide": date(2018, 10, 7),
    "America/Sao_Paulo": date(2018, 11, 4),  # 00:00 is skipped
    "America/St_Johns": date(2010, 11, 7),  # 00:01 back to 23:01 of the day before
    "Pacific/Apia": date(2011, 12, 30),  # the whole date is skipped
}
"""Zones, each with a date on which its clocks change (but for the first)."""


@st.composite
def day_sessions(draw: st.DrawFn, start: int, most: int = 3) -> Sessions:
    """Up to three sessions within the 24 hours from `start`, some of them touching."""
    cuts = sorted(draw(st.lists(st.integers(0, 96), max_size=2 * most, unique=True)))
    cuts = cuts[: len(cuts) // 2 * 2]
    sessions = [(start + 15 * a, start + 15 * b) for a, b in zip(cuts[::2], cuts[1::2], strict=True)]
    if len(sessions) > 1 and draw(st.booleans()):
        (a, _), (b, c), *rest = sessions
        sessions = [(a, b), (b, c), *rest]
    return sessions


@st.composite
def situations(draw: st.DrawFn) -> tuple[Oracle, dict[str, object]]:
    """An oracle of eight days around a clock change, and the arguments of the calendar that should agree with it."""
    zone = draw(st.sampled_from(sorted(CHANGES)))
    middle = CHANGES[zone]
    start = draw(st.sampled_from([0, 0, -210, -480, 360, 720, 1]))
    week = draw(st.lists(day_sessions(start), min_size=7, max_size=7).filter(any))
    near = st.integers(-3, 3).map(lambda step: middle + timedelta(days=step))
    special = draw(st.dictionaries(near, day_sessions(start), max_size=3))
    closed = draw(st.sets(near, max_size=2))

    def sessions_of(day: date) -> Sessions:
        return [] if day in closed else special.get(day, week[day.weekday()])

    oracle = Oracle(zone, sessions_of, middle - timedelta(days=4), middle + timedelta(days=4))
    arguments = {
        "timezone": zone,
        "weekly": {name: session_text(week[n]) for n, name in enumerate(WEEKDAYS)},
        "special": {day: session_text(sessions) for day, sessions in special.items()},
        "closed": closed,
    }
    return oracle, arguments


def instants(oracle: Oracle) -> st.SearchStrategy[int]:
    """Instants within the oracle, most of them at an opening, a close or a clock change, or a microsecond beside it."""
    anywhere = st.integers(oracle.begin_us + 1, oracle.end_us - 2)
    if not oracle.edges:
        return anywhere
    edge = st.sampled_from(oracle.edges)
    return st.one_of(edge, st.builds(lambda t, step: t + step, edge, st.sampled_from([-1, 1])), anywhere)


def amounts(oracle: Oracle) -> st.SearchStrategy[int]:
    """Open time: often exactly what lies between two edges, so that a session is used up exactly."""
    free = st.integers(1, 30 * 60 * MINUTE)
    if len(oracle.edges) < 2:
        return free
    between = st.tuples(st.sampled_from(oracle.edges), st.sampled_from(oracle.edges))
    exact = between.map(lambda ends: abs(oracle.worked(*ends))).filter(bool)
    return st.one_of(exact, exact.map(lambda w: w + 1), free) if any(oracle.open) else free
