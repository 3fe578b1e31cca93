"""The desk at which the sample's matters are made: its hours, its people, and where in open time things happen.

Everything here is calendar arithmetic on what is written down; no rule is asked.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Final

import attrs
from tests.sample.matter import Matter

from windowservice.domain.catalogue.catalogue import Catalogue
from windowservice.domain.catalogue.service import DatedLimit
from windowservice.instants import SECOND
from windowservice.worktime.calendar import WorkCalendar
from windowservice.worktime.limits.due import due_us
from windowservice.worktime.limits.limit import Limit

__all__ = [
    "BANKS", "CLERKS", "HOURS", "JOINED", "NEWCOMERS", "POSTED", "SEASONAL", "TEMPS", "TRAINEES", "YEAR",
    "Clock", "Desk", "Temp",
]  # fmt: skip

YEAR: Final = 2018
HOURS: Final = "08:30-11:30 13:30-17:00"
_CASH_HOURS: Final = "08:30-11:30 13:30-15:30"
MINUTE: Final = 60 * SECOND
BANKS: Final = tuple(f"9000000000{number:02}" for number in range(1, 15))
"""Participant codes that no bank has."""
NEWCOMERS: Final = tuple(f"9000000000{number:02}" for number in range(21, 31))
"""Banks that join in September; each brings its matters to close old accounts to one clerk or two."""
JOINED: Final = date(YEAR, 9, 3)
CLERKS: Final = ("wang", "li", "zhao", "chen", "liu", "zhou")
"""Clerks who are there all year, and hold every role."""


@attrs.frozen
class Temp:
    """A clerk who is there for a part of the year.

    Attributes:
        id: id of the clerk.
        roles: the roles held; none means that the staff table states none.
        since, until: the first and the last day.
    """

    id: str
    roles: tuple[str, ...]
    since: date
    until: date


_HELP: Final = (date(YEAR, 8, 1), date(YEAR, 12, 28))
SEASONAL: Final = tuple(
    Temp(f"temp-{number:02}", ("teller_cash",) if number < 5 else () if number == 5 else ("teller_account",), *_HELP)
    for number in range(1, 11)
)
"""Ten who help out in autumn: four without the role that closing accounts wants, then one with no role stated."""
TRAINEES: Final = tuple(Temp(f"trainee-{number:02}", ("teller_exchange",), *_HELP) for number in range(1, 12))
"""Eleven who help out with the exchange in autumn, each trained otherwise."""
TEMPS: Final = (
    *SEASONAL,
    *TRAINEES,
    Temp("leaver", ("teller_account",), date(YEAR, 7, 2), date(YEAR, 12, 31)),
    Temp("left", ("teller_account",), date(YEAR, 7, 2), date(YEAR, 12, 30)),
)
"""All clerks who are not there all year; two of them own businesses in the duty matrix until the last days."""
POSTED: Final[tuple[tuple[str, date, str], ...]] = (
    ("S16", date(2018, 1, 1), "4 working days"),
    ("S16", date(2018, 6, 11), "7 working days"),  # a wrong poster that hung for three days
    ("S16", date(2018, 6, 14), "4 working days"),
    ("S18", date(2018, 2, 1), "2 working days"),  # posted a month late
    ("S19", date(2018, 1, 1), "1 working day"),
)
"""The commitments of the window where they differ from the default catalogue."""
_SHARE: Final = (3, 4)


@attrs.frozen
class Clock:
    """A limit that runs: from when, until when, and from when on the matter is at risk; in microseconds UTC."""

    start: int
    due: int
    risk: int


class Desk:
    """Calendars, catalogue and chance, with what is computed from them.

    Args:
        seed: the same seed gives the same numbers.
    """

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.catalogue = Catalogue.default()
        self.window = WorkCalendar.china(HOURS, name="window")
        self.cash = WorkCalendar.china(_CASH_HOURS, name="cash")
        self._made = 0

    # people and papers

    def matter(self, service: str) -> Matter:
        """Return a new matter of a bank, without events."""
        self._made += 1
        channel = "online" if service in ("S08", "S17") or self.chance.random() < 0.2 else "counter"
        amount = self.chance.randrange(1, 4000) * 1000 if service in ("S04", "S08", "S09", "S10", "S11") else None
        return Matter(f"R-{self._made:04}", self.chance.choice(BANKS), service, channel, amount)

    def clerks(self, number: int) -> list[str]:
        """Return so many different clerks."""
        return self.chance.sample(CLERKS, number)

    def papers(self, service: str, number: int) -> tuple[str, ...]:
        """Return so many papers of the posted list, required ones first."""
        listed = sorted(self.catalogue[service].materials, key=lambda paper: (not paper.required, paper.id))
        return tuple(paper.id for paper in listed[:number])

    # days

    def calendar(self, service: str) -> WorkCalendar:
        """Return the calendar of a kind of business."""
        return self.cash if self.catalogue[service].calendar == "cash" else self.window

    def workday(self, first: date, last: date) -> date:
        """Return a workday between two dates, by chance."""
        while True:
            day = first + timedelta(days=self.chance.randrange((last - first).days + 1))
            if self.window.is_workday(day):
                return day

    def ordinary_day(self) -> date:
        """Return a workday on which the posted commitments are the usual ones, far from the ends of the year."""
        while True:
            day = self.workday(date(YEAR, 2, 5), date(YEAR, 11, 9))
            if not date(YEAR, 6, 1) <= day <= date(YEAR, 6, 20):
                return day

    def at(self, day: date, clock: str) -> int:
        """Return the instant of a wall-clock time, "09:10" or "09:10:05", on a day."""
        hours, minutes, *seconds = (int(part) for part in clock.split(":"))
        passed = (hours * 60 + minutes) * 60 + (seconds[0] if seconds else 0)
        return self.window.table.midnight(day.toordinal()) + passed * SECOND

    def morning(self, day: date | None = None) -> int:
        """Return an instant between 08:40 and 10:20 of a day, by default an ordinary one."""
        return self.at(day or self.ordinary_day(), "08:40") + self.chance.randrange(6000) * SECOND

    # open time

    def after(self, service: str, instant: int, minutes: float) -> int:
        """Return the instant when so many open minutes have passed, in whole seconds."""
        table = self.calendar(service).table
        return table.instant_at(table.open_before(instant) + int(minutes * 60) * SECOND)

    def open_between(self, begin: int, end: int) -> int:
        """Return the open time of the window between two instants, in microseconds."""
        return self.window.table.open_before(end) - self.window.table.open_before(begin)

    def soon(self, service: str, instant: int, least: int = 4, most: int = 20) -> int:
        """Return an instant a few open minutes later, by chance."""
        return self.after(service, instant, self.chance.randint(least * 60, most * 60) / 60)

    def next_day(self, service: str, instant: int, number: int = 1, clock: str = "09:20") -> int:
        """Return a time of the n-th workday after an instant's."""
        calendar = self.calendar(service)
        day = date.fromordinal(calendar.table.date_of(instant))
        return self.at(calendar.add_workdays(day, number), clock)

    def due(self, service: str, instant: int, limit: Limit | str) -> int:
        """Return when a limit ends that nothing stops."""
        return due_us(Limit.of(limit), instant, self.calendar(service))

    def limit_of(self, service: str, what: str, instant: int) -> Limit:
        """Return the limit of a kind of business in force at an instant: notice, delivery, statute ..."""
        day = date.fromordinal(self.window.table.date_of(instant))
        found = [text for id_, since, text in POSTED if what == "commitment" and id_ == service and since <= day]
        if found:
            return Limit.parse(found[-1])
        rows: tuple[DatedLimit, ...] = getattr(self.catalogue[service], what)
        return next(row.limit for row in reversed(rows) if row.since <= day)

    def duty(self, service: str, instant: int, what: str) -> int:
        """Return until when something is owed that counts from an instant: notice, delivery, handover."""
        return self.due(service, instant, self.limit_of(service, what, instant))

    def clock(self, service: str, start: int, what: str = "commitment", dated: int | None = None) -> Clock:
        """Return the clock of the commitment or statute that starts at an instant and is never stopped.

        Args:
            service: the kind of business.
            start: when the clock starts.
            what: "commitment" or "statute".
            dated: the submission, whose day decides which limit is in force; the start if not given.
        """
        due = self.due(service, start, self.limit_of(service, what, start if dated is None else dated))
        return self.clock_until(service, start, due)

    def clock_until(self, service: str, start: int, due: int, stop: tuple[int, int] | None = None) -> Clock:
        """Return the clock between two instants; it is at risk once three quarters of its open time are used."""
        table = self.calendar(service).table
        stopped = 0 if stop is None else table.open_before(stop[1]) - table.open_before(stop[0])
        net = table.open_before(due) - table.open_before(start) - stopped
        used = table.open_before(start) + net * _SHARE[0] // _SHARE[1]
        if stop is not None and used > table.open_before(stop[0]):
            used += stopped
        return Clock(start, due, table.instant_at(used))

    def part(self, service: str, clock: Clock, share: float) -> int:
        """Return the instant when a share of a clock's open time is used, in whole seconds."""
        table = self.calendar(service).table
        begin = table.open_before(clock.start)
        used = int((table.open_before(clock.due) - begin) * share) // SECOND * SECOND
        return table.instant_at(begin + used)
