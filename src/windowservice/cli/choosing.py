"""The options that choose what of a report is shown and counted: records, days, what is new, what is waived."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from windowservice.cli.paths import PATH

if TYPE_CHECKING:
    from windowservice.engine.report.report import Report

__all__ = ["CHOOSING", "choose", "choosing_options", "with_known"]

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
    click.option(
        "--waivers",
        type=PATH,
        metavar="TOML",
        help="Mark findings waived or contested; waived ones do not count.",
    ),
    click.option(
        "--baseline", type=PATH, metavar="JSON", help="Leave out failures that this file knows, and say how many."
    ),
    click.option("--write-baseline", type=PATH, metavar="JSON", help="Write the failures, for a later --baseline."),
)
CHOOSING = ("bank", "service", "clerk", "since", "until", "waivers", "baseline", "write_baseline")
"""What the options are called."""


def choose(report: Report, *, since: str | None = None, until: str | None = None, **by_name: str | None) -> Report:
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


def with_known(report: Report, *, waivers: Path | None, baseline: Path | None, write_baseline: Path | None) -> Report:
    """Return the report under waivers and without what a baseline knows; write what it fails where that is asked for.

    Raises:
        InvalidDocument, OSError: for a file that is not what it should be.
    """
    from windowservice.cli.output import note
    from windowservice.cli.paths import refuse_inputs

    if write_baseline is not None:
        refuse_inputs(write_baseline)
        known = report.baseline()
        write_baseline.write_text(known.to_json(), encoding="utf-8")
        note(f"{write_baseline}: {len(known):,} failures, for --baseline")
    if baseline is not None:
        before = report.counts
        report = report.new_since(baseline)
        note(f"{(before - report.counts).total():,} failures are known by {baseline} and left out")
    return report if waivers is None else report.under(waivers)


def _day(text: str | None, where: str) -> str:
    """Return a day in ISO form, whichever way people write it; an empty text if none is given."""
    from windowservice.instants import as_written, to_date

    return "" if text is None else to_date(as_written(text), where).isoformat()
