"""The options that choose records of a report: a bank, a kind of business, a clerk, and days."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from windowservice.engine.report.report import Report

__all__ = ["choose", "choosing_options"]

F = TypeVar("F", bound=Callable[..., Any])


def choosing_options(command: F) -> F:
    """Add the options that choose records."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


_OPTIONS = (
    click.option("--bank", metavar="ID", help="Only records of this bank; in html, a page with nothing of others."),
    click.option("--service", metavar="ID", help="Only records of this kind of business."),
    click.option("--clerk", metavar="ID", help="Only records that this clerk answers for."),
    click.option("--from", "since", metavar="DAY", help="Only records of this day or later."),
    click.option("--until", metavar="DAY", help="Only records of this day or earlier."),
)


def choose(report: Report, *, since: str | None, until: str | None, **by_name: str | None) -> Report:
    """Return the report on the records chosen; where days are chosen, records that have none are left out.

    Raises:
        InvalidTime: for what is no day.
        UnknownName: for a bank, kind of business or clerk that no record names, with the nearest.
    """
    from windowservice.errors import UnknownName

    for name, wanted in by_name.items():
        if wanted is not None:
            known = tuple(str(one) for one in report.by(name) if one)
            if wanted not in known:
                raise UnknownName(name, wanted, known, f"--{name}")
            report = report.filter(**{name: wanted})
    first, last = _day(since, "--from"), _day(until, "--until")
    if first or last:
        days = [day for day in report.by("day") if day and first <= day and (not last or day <= last)]
        report = report.filter(day=days)
    return report


def _day(text: str | None, where: str) -> str:
    """Return a day in ISO form, whichever way people write it; an empty text if none is given."""
    from windowservice.instants import as_written, to_date

    return "" if text is None else to_date(as_written(text), where).isoformat()
