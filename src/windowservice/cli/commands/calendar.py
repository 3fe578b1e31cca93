"""``windowservice calendar``: opening hours, due instants and working time, without any ledger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from windowservice.blocks.blocks import Block, Lines, Table
from windowservice.cli.options import load_engine
from windowservice.cli.output import written
from windowservice.cli.paths import PATH
from windowservice.errors import InvalidValue, UnknownName

if TYPE_CHECKING:
    from datetime import datetime

    from windowservice.worktime.calendar import WorkCalendar
    from windowservice.worktime.clock.days import CalendarDay

__all__ = ["calendar"]

F = TypeVar("F", bound=Callable[..., Any])
_MOST_DAYS = 3_700


def _which(command: F) -> F:
    """Add the options that name a calendar."""
    options = (
        click.option("--calendar", "name", default="window", show_default=True, metavar="NAME", help="See `list`."),
        click.option("--file", type=PATH, metavar="TOML", help="A calendar file instead."),
        click.option(
            "--hours", metavar="TEXT", help='China\'s workdays with these hours, as "08:30-11:30 13:30-17:00".'
        ),
        click.option("--catalogue", type=PATH, metavar="TOML", help="Whose calendars are meant."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _found(name: str, file: Path | None, hours: str | None, catalogue: Path | None) -> WorkCalendar:
    from windowservice.worktime.calendar import WorkCalendar

    if file is not None:
        return WorkCalendar.from_toml(file)
    if hours is not None:
        return WorkCalendar.china(hours)
    calendars = load_engine(catalogue=catalogue).calendars
    if name not in calendars:
        raise UnknownName("calendar", name, tuple(sorted(calendars)))
    return calendars[name]


def _instant(text: str, calendar: WorkCalendar, where: str) -> datetime:
    """Return a time; without an offset it is local time of the calendar."""
    from windowservice.instants import from_us, to_us
    from windowservice.ledger.cells.typed import typed_time

    return from_us(to_us(typed_time(text), zone=calendar.zone, where=where), calendar.zone)


@click.group()
def calendar() -> None:
    """Opening hours and working time.

    \b
    windowservice calendar list
    windowservice calendar hours 2018-04-28 2018-05-02
    windowservice calendar due "2018-04-27 16:00" "3 working days"
    windowservice calendar worked "2018-04-27 16:00" "2018-05-02 09:00"

    Times without an offset are local times of the calendar.
    """  # noqa: D301 - click's mark for lines that stay as they are


@calendar.command("list")
@click.option("--catalogue", type=PATH, metavar="TOML", help="Whose calendars are meant.")
def list_calendars(catalogue: Path | None) -> None:
    """List the calendars: zone, first and last day known, version."""
    calendars = load_engine(catalogue=catalogue).calendars
    rows = [
        [name, found.timezone, found.known_from or "ever", found.known_until or "ever", found.version]
        for name, found in sorted(calendars.items())
    ]
    written([Table(["calendar", "zone", "known from", "known until", "version"], rows)])


@calendar.command()
@click.argument("first")
@click.argument("last", required=False)
@_which
def hours(first: str, last: str | None, **which: Any) -> None:
    """Show the open hours of a day, or of all days from FIRST to LAST."""
    from windowservice.instants import to_date
    from windowservice.ledger.cells.typed import typed_time

    found = _found(which.pop("name"), **which)
    begin = to_date(typed_time(first), "FIRST")
    end = begin if last is None else to_date(typed_time(last), "LAST")
    if not 0 <= (end - begin).days <= _MOST_DAYS:
        raise InvalidValue("LAST", end.isoformat(), f"a day from {begin} on, at most {_MOST_DAYS:,} days later")
    days = [begin + timedelta(days=place) for place in range((end - begin).days + 1)]
    written([Table(["day", "", "open", "decided by"], [_day(found, day) for day in days])])


def _day(found: WorkCalendar, day: date) -> list[str]:
    from windowservice.worktime.clock.days import calendar_day

    return _shown(calendar_day(found, day))


def _shown(said: CalendarDay) -> list[str]:
    day = said.day
    reason = f"{said.reason} ({said.source})" if said.layer else ""
    if not said.known:
        reason = "assumed, not announced"
    hours = " ".join(f"{_time(a, day)}-{_time(b, day)}" for a, b in said.sessions)
    return [day.isoformat(), f"{day:%a}", hours or "closed", reason]


def _time(when: datetime, day: date) -> str:
    away = (when.date() - day).days
    if away == 1 and (when.hour, when.minute) == (0, 0):
        return "24:00"
    return f"{when:%H:%M}{f'({away:+d})' if away else ''}"


@calendar.command()
@click.argument("start")
@click.argument("limit")
@click.option("--days", is_flag=True, help="Also each day: open hours, why they differ, what it used of the limit.")
@_which
def due(start: str, limit: str, days: bool, **which: Any) -> None:
    """Show when LIMIT ends that begins at START.

    \b
    windowservice calendar due "2018-04-27 16:00" "3 working days"
    windowservice calendar due 2018-04-27T16:00+08:00 "1 working day at 12:00"
    windowservice calendar due "2018-04-27 16:00" 3个工作日
    """  # noqa: D301 - click's mark for lines that stay as they are
    from windowservice.engine.report.explaining import shown
    from windowservice.reports.text import instant
    from windowservice.worktime.limits.limit import Limit

    found = _found(which.pop("name"), **which)
    deadline = Limit.parse(limit).deadline(_instant(start, found, "START"), calendar=found)
    said = [
        ("limit", deadline.limit),
        ("start", instant(deadline.start)),
        ("due", instant(deadline.due)),
        ("last day", f"{deadline.last_day} {deadline.last_day:%a}"),
        ("at risk from", "-" if deadline.at_risk is None else instant(deadline.at_risk)),
        ("calendar", f"{found.name} ({found.timezone}) {found.version}"),
    ]
    if deadline.provisional:
        said.append(("provisional", f"from {instant(deadline.earliest_due)} to {instant(deadline.latest_due)}"))
    blocks: list[Block] = [Lines("\n".join(f"{name:<13} {value}" for name, value in said))]
    if days:
        told = deadline.limit.by_day(deadline.start, calendar=found)
        rows = [[*_shown(day.calendar), shown(day.counted), shown(day.used)] for day in islice(told, _MOST_DAYS)]
        blocks.append(Table(["day", "", "open", "decided by", "counted", "used"], rows))
    written(blocks)


@calendar.command()
@click.argument("begin")
@click.argument("end")
@_which
def worked(begin: str, end: str, **which: Any) -> None:
    """Show the open time and the workdays between two times."""
    found = _found(which.pop("name"), **which)
    a, b = _instant(begin, found, "BEGIN"), _instant(end, found, "END")
    lines = [
        f"open time     {found.worked(a, b)}",
        f"workdays      {found.workdays_taken(a.date(), b.date())} (the first day does not count)",
        f"calendar      {found.name} ({found.timezone}) {found.version}",
    ]
    written([Lines("\n".join(lines))])
