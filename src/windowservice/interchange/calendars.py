"""Calendars of other programs (RFC 5545, ``.ics``): dues written into one, days off read from one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from windowservice.clean import for_line
from windowservice.errors import InvalidDocument, InvalidValue, MissingExtra
from windowservice.files import read_text
from windowservice.instants import to_date
from windowservice.worktime.layers import Layer

if TYPE_CHECKING:
    from windowservice.engine.report.report import Report

__all__ = ["days_off", "dues"]

_WHAT: Final = "a calendar (.ics)"
_MOST_EVENTS: Final = 20_000
_MOST_DAYS: Final = 3_700
"""Days off in a calendar, and days between the first and the last that are asked for: some ten years."""


def _library() -> Any:
    try:
        import icalendar
    except ImportError:
        raise MissingExtra("icalendar", "ics", "reading and writing calendars") from None
    return icalendar


def dues(report: Report) -> str:
    """Return what is due in the open matters of a report as an iCalendar text: a task for each, at its due.

    What is overdue and still open is there with its due that is past. A task keeps its UID from run to run, so that a
    calendar that takes the file again moves it and makes no second one.

    Raises:
        MissingExtra: without the extra `ics`.
    """
    icalendar = _library()
    book = icalendar.Calendar()
    book.add("prodid", "-//windowservice//dues//EN")
    book.add("version", "2.0")
    for key, rule, title, due in _open(report):
        task = icalendar.Todo()
        task.add("uid", f"{hashlib.sha256(f'{rule} {key}'.encode()).hexdigest()[:32]}@windowservice")
        task.add("dtstamp", _plain(report.as_of))
        task.add("due", _plain(due))
        task.add("summary", for_line(f"{key}: {title}"))
        task.add("categories", [rule])
        book.add_component(task)
    text: str = book.to_ical().decode("utf-8")
    return text


def _plain(when: datetime) -> datetime:
    from datetime import UTC

    return datetime.fromtimestamp(int(when.timestamp()), UTC)


def _open(report: Report) -> Iterator[tuple[str, str, str, datetime]]:
    for finding in report.pending:
        waits = finding.evidence.stands
        if waits is not None and isinstance(waits.due, datetime):
            yield finding.key, finding.rule, finding.title(), waits.due
    for finding in report.failures:
        short = finding.shortfall
        if (
            short is not None
            and short.overrun is not None
            and short.actual is None
            and isinstance(short.bound, datetime)
        ):
            yield finding.key, finding.rule, finding.title(), short.bound


def days_off(source: str | PathLike[str], first: date | str, last: date | str, *, name: str = "calendar") -> Layer:
    """Return the all-day events of an iCalendar file between two days as a layer of days without hours.

    ``calendar.with_layer(days_off("holidays.ics", "2024-01-01", "2026-12-31"))``. Events of several days close each of
    them, events that come again each year close each year's; ``EXDATE`` and cancelled events are left out, and so are
    events with a time of day. The summary is the reason of the day.

    Args:
        source: the path of the file.
        first: the first day of which events are read.
        last: the last one, at most ten years later.
        name: the source that findings cite.

    Raises:
        MissingExtra: without the extra `ics`.
        InvalidDocument: if it is no calendar, or holds more than can be read.
        InvalidValue: for days in the wrong order or too far apart.
        OSError: if it cannot be read.
    """
    icalendar = _library()
    begin, end = to_date(first, "first"), to_date(last, "last")
    if not timedelta() <= end - begin <= timedelta(days=_MOST_DAYS):
        raise InvalidValue("last", end.isoformat(), f"a day from {begin} on, at most {_MOST_DAYS:,} days later")
    where = str(source)
    text = read_text(Path(source), _WHAT, where)
    try:
        events = icalendar.Calendar.from_ical(text).walk("VEVENT")
    except (ValueError, KeyError, IndexError) as error:
        raise InvalidDocument(_WHAT, (("", f"it cannot be read: {error}"),), where) from None
    if len(events) > _MOST_EVENTS:
        raise InvalidDocument(
            _WHAT, (("", f"it has {len(events):,} events; at most {_MOST_EVENTS:,} are read"),), where
        )
    closed: dict[str, str] = {}
    for event in events:
        try:
            for day, said in _days_of(event, begin, end, where):
                closed.setdefault(day.isoformat(), said)
        except (ValueError, KeyError, AttributeError, TypeError, OverflowError) as error:  # a property that is none
            problem = f"an event cannot be read: {for_line(error, 200)}"
            raise InvalidDocument(_WHAT, ((for_line(str(event.get("uid", "")), 80), problem),), where) from None
    return Layer(name, closed)


def _days_of(event: Any, begin: date, end: date, where: str) -> Iterator[tuple[date, str]]:
    """Yield the days that an all-day event closes between two days."""
    start = event.decoded("dtstart", None)
    if type(start) is not date or str(event.get("status", "")).upper() == "CANCELLED":
        return
    finish = event.decoded("dtend", None)
    lasts = event.decoded("duration", None)
    length = (finish - start).days if type(finish) is date else lasts.days if lasts is not None else 1
    if length > _MOST_DAYS:
        raise InvalidDocument(_WHAT, (("DTEND", f"an event of {length:,} days"),), where)
    summary = for_line(str(event.get("summary", "")) or "day off", 200)
    without = {day for one in _listed(event.get("exdate")) for day in one}
    for first in _starts(event, start, begin - timedelta(days=max(length, 1)), end, where):
        if first in without:
            continue
        for step in range(max(length, 1)):
            day = first + timedelta(days=step)
            if begin <= day <= end:
                yield day, summary


def _listed(given: Any) -> Iterator[list[date]]:
    for one in given if isinstance(given, list) else [given] if given is not None else []:
        days = [found.dt for found in one.dts]
        yield [day.date() if isinstance(day, datetime) else day for day in days]


def _starts(event: Any, start: date, begin: date, end: date, where: str) -> Iterator[date]:
    """Yield the days on which an event begins between two days."""
    rule = event.get("rrule")
    yield from (day for days in _listed(event.get("rdate")) for day in days)
    if rule is None:
        yield start
        return
    if isinstance(rule, list):
        raise InvalidDocument(_WHAT, (("RRULE", "stands twice in one event: write two events"),), where)
    from dateutil.rrule import rrulestr

    if str(rule.get("FREQ", [""])[0]).upper() not in ("YEARLY", "MONTHLY", "WEEKLY", "DAILY"):
        raise InvalidDocument(_WHAT, (("RRULE", "comes again more often than daily, which no day off does"),), where)
    noon = datetime(start.year, start.month, start.day)  # noqa: DTZ001 - days have no zone
    text = rule.to_ical().decode()
    if "UNTIL" in text:
        text = ";".join(part[:14] if part.startswith("UNTIL=") else part for part in text.split(";"))
    try:
        found = rrulestr(text, dtstart=noon)
    except ValueError as error:
        raise InvalidDocument(_WHAT, (("RRULE", str(error)),), where) from None
    left = datetime(begin.year, begin.month, begin.day)  # noqa: DTZ001
    for when in found.xafter(left, count=_MOST_DAYS, inc=True):
        if when.date() > end:
            return
        yield when.date()
