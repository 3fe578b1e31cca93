"""Working time of one calendar: open hours, workdays, and arithmetic over both."""

from __future__ import annotations

import functools
from datetime import date, datetime
from typing import TYPE_CHECKING

import attrs

from windowservice.asked import told
from windowservice.errors import InvalidValue
from windowservice.instants import get_zone, to_date
from windowservice.worktime.hours import parse_weekly
from windowservice.worktime.known import KnownRange, OnUnknown, known_range
from windowservice.worktime.layers import DaySchedule, Layer, resolve
from windowservice.worktime.spans import WorkSpan
from windowservice.worktime.table import Table
from windowservice.worktime.wallclock import WallClock

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping
    from datetime import tzinfo

    import pendulum

    from windowservice.worktime.hours import Week, WeeklyText
    from windowservice.worktime.layers import Closed, Special

__all__ = ["WorkCalendar"]


@told
@attrs.frozen(init=False, eq=False, repr=False)
class WorkCalendar:
    """The open hours of a place or a system, in its zone.

    Instants go in as aware datetimes or ISO text with an offset and come out as pendulum DateTime in the calendar's
    zone; dates go in as dates or ISO text. Results that rest on days outside the known range are assumed: they come
    with one `ProvisionalTime` warning, or are refused with ``on_unknown="raise"``.

    Args:
        timezone: IANA name of the zone whose wall clock the hours go by.
        weekly: ``"mon-fri 09:00-17:00"``, a mapping of weekdays to hours, or a mapping of the dates from which hours
            hold to either. Hours are sessions: ``"08:30-11:30 13:30-17:00"``, ``"22:00-06:00"``, ``"20:30(-1)-17:15"``,
            ``"00:00-24:00"``.
        closed: dates (or runs, ``"2018-10-01..2018-10-07"``) without hours, optionally mapped to a reason.
        special: dates with hours of their own, or with those of a weekday, ``"as mon"``. They replace the weekly hours;
            `closed` wins over both.
        layers: more such days, each with its source; a later one wins over an earlier one and over `closed` and
        `special`. known_from: the first date whose hours are known; None: ever. Weekly hours by date: the first of the
        dates. known_until: the last date whose hours are known; None: they hold for ever.
        on_unknown: what to do beyond: ``"assume"`` the weekly hours and warn, or ``"raise"`` CalendarNotAnnounced.
        name: what results cite beside `version`.

    Raises:
        UnknownZone, InvalidHours, InvalidTime, InvalidValue: if a part is wrong, sessions overlap, or it is never open.
    """

    timezone: str
    weeks: tuple[Week, ...]
    layers: tuple[Layer, ...]
    name: str
    schedule: DaySchedule
    table: Table
    known: KnownRange
    clock: WallClock

    def __init__(
        self,
        timezone: str,
        weekly: WeeklyText | tuple[Week, ...],
        *,
        closed: Closed = (),
        special: Special | None = None,
        layers: Iterable[Layer] = (),
        known_from: date | str | None = None,
        known_until: date | str | None = None,
        on_unknown: OnUnknown = "assume",
        name: str = "",
    ) -> None:
        if not isinstance(name, str):
            raise InvalidValue("name", name, "text")
        zone = get_zone(timezone, "timezone")
        name = name or timezone
        weeks = parse_weekly(weekly)
        layers = (*((Layer("own", closed, special),) if closed or special else ()), *layers)
        schedule = DaySchedule(weeks, resolve(layers))
        schedule.check(name)
        known = known_range(name, known_from, known_until, on_unknown, zone=zone, schedule=schedule)
        first, last = (None if day is None else day.toordinal() for day in (known.first, known.last))
        self.__attrs_init__(
            timezone=timezone,
            weeks=weeks,
            layers=layers,
            name=name,
            schedule=schedule,
            table=Table(zone, schedule, known_from=first, known_until=last, name=name),
            known=known,
            clock=WallClock(zone),
        )

    # --- other ways to make one -------------------------------------------------------------------------------------

    @classmethod
    def china(
        cls,
        hours: str | Mapping[str, str] | Mapping[date, str],
        *,
        closed: Closed = (),
        special: Special | None = None,
        layers: Iterable[Layer] = (),
        on_unknown: OnUnknown = "assume",
        name: str = "China",
    ) -> WorkCalendar:
        """Return the calendar of China's statutory workdays, shifted rest days included (``china.toml``).

        Make-up workdays have the hours of a Monday. Known from 2004 through 28 December of the last announced year,
        since the next notice may change the rest; beyond, the statutory days of law are assumed.

        Args:
            hours: the hours of a workday, ``"08:30-11:30 13:30-17:00"``, or by the date from which they hold; weekdays
                may be named, as in ``"mon-thu 09:00-17:00; fri 09:00-12:00"``.
            closed: as for any calendar; it wins over the statutory days, as do the next two.
            special: as for any calendar.
            layers: as for any calendar.
            on_unknown: as for any calendar.
            name: what results cite beside `version`.
        """
        from windowservice.worktime.published.china import read_china, workday_hours

        china = read_china()
        weeks = parse_weekly(workday_hours(hours), "hours")
        own = (Layer("own", closed, special),) if closed or special else ()
        return cls(
            "Asia/Shanghai",
            weeks,
            layers=(*china.layers, *own, *layers),
            known_from=max(china.known_from, date.fromordinal(weeks[0].since)),
            known_until=china.known_until,
            on_unknown=on_unknown,
            name=name,
        )

    @classmethod
    def from_holidays(
        cls,
        country: str,
        weekly: WeeklyText,
        *,
        subdivision: str | None = None,
        timezone: str | None = None,
        layers: Iterable[Layer] = (),
        on_unknown: OnUnknown = "assume",
        name: str = "",
        categories: Iterable[str] = (),
        subdiv: str | None = None,
    ) -> WorkCalendar:
        """Return a calendar with a country's public holidays, known as far as the package `holidays` knows (an extra).

        Holidays whose dates the package estimates, since the moon decides, stand in a layer of their own; a year that
        has one is not known. Of a half holiday the free part is closed, where the package says which it is.

        Args:
            country: ISO 3166 code, such as "NL".
            weekly: as for any calendar.
            subdivision: a part of the country with holidays of its own, as the package names it.
            timezone: IANA name; needed if the country has more than one zone.
            layers: as for any calendar; they win over the holidays.
            on_unknown: as for any calendar.
            name: by default the country.
            categories: further holidays, as the package names them: "bank", "government", "optional" and others.
            subdiv: the same as `subdivision`, as the package calls it.

        Raises:
            MissingExtra: if the package is not installed.
            UnknownName: if it knows no such country, subdivision or category.
            InvalidValue: if the country has several zones and none is named.
        """
        from windowservice.worktime.published.national import half_layer, national_days, zone_of

        subdivision = subdivision or subdiv
        days = national_days(country, subdivision, categories)
        weeks = parse_weekly(weekly)
        half = half_layer(days, weeks, country)
        return cls(
            timezone or zone_of(country),
            weeks,
            layers=(*days.layers, *((half,) if half else ()), *layers),
            known_from=days.known_from,
            known_until=days.known_until,
            on_unknown=on_unknown,
            name=name or "-".join(filter(None, (country, subdivision))),
        )

    @classmethod
    def from_toml(cls, path: str | os.PathLike[str]) -> WorkCalendar:
        """Return the calendar that a TOML file describes, in the words of `read_toml.read_calendar`.

        Raises:
            InvalidDocument: listing every problem with its place in the file.
        """
        from windowservice.worktime.read_toml import read_calendar

        return read_calendar(cls, path)

    def with_layer(self, layer: Layer, *, known_until: date | str | None = None) -> WorkCalendar:
        """Return the calendar with one more layer, which wins over all others; a new notice may move `known_until`."""
        return WorkCalendar(
            self.timezone,
            self.weeks,
            layers=(*self.layers, layer),
            known_from=self.known.first,
            known_until=self.known.last if known_until is None else known_until,
            on_unknown=self.known.on_unknown,
            name=self.name,
        )

    # --- identity ---------------------------------------------------------------------------------------------------

    @property
    def zone(self) -> tzinfo:
        """The zone, as the instants given out have it."""
        return self.clock.shown_zone

    @property
    def known_from(self) -> date | None:
        """The first date whose hours are known, None if they ever were."""
        return self.known.first

    @property
    def known_until(self) -> date | None:
        """The last date whose hours are known, None if they hold for ever."""
        return self.known.last

    @property
    def on_unknown(self) -> OnUnknown:
        """Whether results beyond the known range are assumed or refused."""
        return self.known.on_unknown

    @functools.cached_property
    def version(self) -> str:
        """Twelve hexadecimal digits made from everything that results depend on: zone, hours, days and known range."""
        import hashlib  # who judges a request asks for no version
        import json

        content = [self.timezone, *self.schedule.content(), str(self.known_from), str(self.known_until)]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:12]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, WorkCalendar):
            return NotImplemented
        return self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def _identity(self) -> tuple[str, str, str]:
        return self.name, self.version, self.on_unknown

    def __repr__(self) -> str:
        known = f"{self.known_from or 'ever'} to {self.known_until or 'ever'}"
        return f"<WorkCalendar {self.name!r} {self.timezone}, known from {known}, version {self.version}>"

    # --- working time -----------------------------------------------------------------------------------------------

    def is_open(self, t: datetime | str) -> bool:
        """Return whether a session contains the instant."""
        us = self._us(t)
        self.known.check(us, us + 1)
        return self.table.is_open(us)

    def sessions(
        self, a: datetime | date | str, b: datetime | date | str
    ) -> list[tuple[pendulum.DateTime, pendulum.DateTime]]:
        """Return the sessions within ``[a, b)`` as ``(open, close)``, clipped; a date means its beginning."""
        begin, end = self._boundary(a), self._boundary(b)
        self.known.check(begin, end)
        frame = self.table.reaching(begin, max(begin, end))
        found = []
        piece = frame.piece_at(begin)
        while frame.opens[piece] < end:
            found.append((self._out(max(frame.opens[piece], begin)), self._out(min(frame.closes[piece], end))))
            piece += 1
        return found

    def next_open(self, t: datetime | str) -> pendulum.DateTime:
        """Return the instant itself if it is open, else the next opening.

        Raises:
            NoOpenTime: if there is none before 2200.
        """
        us = self._us(t)
        opening = self.table.next_open(us)
        self.known.check(us, opening + 1)
        return self._out(opening)

    def last_close(self, t: datetime | str) -> pendulum.DateTime:
        """Return the instant itself if it is open, else the close before it.

        Raises:
            NoOpenTime: if there is none since 1900.
        """
        us, table = self._us(t), self.table
        close = table.last_close(us)
        self.known.check(close if table.is_open(us) else close - 1, us + 1)
        return self._out(close)

    def add(self, t: datetime | str, span: WorkSpan) -> pendulum.DateTime:
        """Return the earliest instant x with ``worked(t, x) == span``: a session used up exactly ends at its close.

        A span of zero gives `t` itself; a negative one mirrors it, the latest x with ``worked(x, t) == -span``.

        Raises:
            NoOpenTime: if the years 1900 to 2199 do not hold so much open time.
        """
        if span.__class__ is not WorkSpan:
            raise InvalidValue("span", span, "an amount of open time, as in work(hours=3)")
        table, known, amount = self.table, self.known, span.us
        us = self.clock.us(t, table.frame)
        if amount > 0:
            result = table.instant_at(table.open_before(us) + amount)
            if us < known.begin or result > known.end:
                known.check(us, result)
        else:
            result = table.last_instant_at(table.open_before(us) + amount) if amount else us
            if result < known.begin or us > known.end:
                known.check(result, us)
        return self.clock.shown(result, table.reaching(result))

    def worked(self, a: datetime | str, b: datetime | str) -> WorkSpan:
        """Return the open time in ``[a, b)``: exact, additive, negative if `b` lies before `a`."""
        table, known, to_us = self.table, self.known, self.clock.us
        begin, end = to_us(a, table.frame), to_us(b, table.frame)
        if not (known.begin <= begin <= known.end and known.begin <= end <= known.end):
            known.check(min(begin, end), max(begin, end))
        return WorkSpan(table.open_before(end) - table.open_before(begin))

    def business_date(self, t: datetime | str) -> date:
        """Return the date that owns the session containing the instant, or else the next session.

        It is the date inside a system whose day turns before midnight, or which opens on the evening before.
        """
        us, table = self._us(t), self.table
        self.known.check(us, table.next_open(us) + 1)
        return date.fromordinal(table.business_day(us))

    # --- workdays ---------------------------------------------------------------------------------------------------

    def is_workday(self, day: date | str) -> bool:
        """Return whether the date owns open time."""
        ordinal = to_date(day).toordinal()
        self.known.check_days(ordinal, ordinal)
        return self.table.is_workday(ordinal)

    def add_workdays(self, day: date | str, n: int) -> date:
        """Return the n-th workday after the date, before it if n is negative; for 0 the date itself, even a rest day.

        Raises:
            NoOpenTime: if the years 1900 to 2199 do not hold so many.
        """
        if type(n) is not int:
            raise InvalidValue("n", n, "a whole number of workdays")
        ordinal = to_date(day).toordinal()
        if n > 0:
            result = self.table.nth_workday(self.table.workdays_before(ordinal + 1) + n - 1)
            self.known.check_days(ordinal + 1, result)
        elif n < 0:
            result = self.table.nth_workday(self.table.workdays_before(ordinal) + n)
            self.known.check_days(result, ordinal - 1)
        else:
            result = ordinal
        return date.fromordinal(result)

    def workdays_between(self, a: date | str, b: date | str) -> int:
        """Return the workdays in ``[a, b)``, negative if `b` lies before `a`."""
        return self._workdays(to_date(a).toordinal(), to_date(b).toordinal())

    def workdays_taken(self, a: date | str, b: date | str) -> int:
        """Return the workdays in ``(a, b]``, which is what a limit counts; negative if `b` lies before `a`.

        For n >= 0, ``workdays_taken(d, add_workdays(d, n)) == n``.
        """
        return self._workdays(to_date(a).toordinal() + 1, to_date(b).toordinal() + 1)

    def _workdays(self, begin: int, end: int) -> int:
        first, last = min(begin, end), max(begin, end) - 1
        if first <= last:
            self.known.check_days(first, last, stacklevel=5)
        return self.table.workdays_before(end) - self.table.workdays_before(begin)

    def decided_by(self, day: date | str) -> Layer | None:
        """Return the layer that has the last word on a date, or None if it has the weekly hours."""
        day = to_date(day)
        return next((layer for layer in reversed(self.layers) if layer.reason(day)), None)

    # --- the known range --------------------------------------------------------------------------------------------

    def is_known(self, first: date | str, last: date | str | None = None) -> bool:
        """Return whether the hours of a date, or of all dates from `first` to `last`, are known rather than assumed."""
        days = (first, first if last is None else last)
        return all(self.table.is_known(to_date(day).toordinal()) for day in days)

    def _boundary(self, value: datetime | date | str) -> int:
        """Return an instant; a date means its beginning."""
        if isinstance(value, datetime) or (isinstance(value, str) and ":" in value):
            return self._us(value)
        return self.table.midnight(to_date(value).toordinal())

    def _us(self, value: datetime | str) -> int:
        return self.clock.us(value, self.table.frame)

    def _out(self, us: int) -> pendulum.DateTime:
        return self.clock.shown(us, self.table.reaching(us))
