"""China's statutory workdays, from the dated table in ``china.toml``."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import attrs

from windowservice.files import shipped
from windowservice.worktime.hours_spelling import names_weekdays
from windowservice.worktime.layers import Layer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from windowservice.worktime.hours import WeeklyText

__all__ = ["ChinaDays", "read_china", "workday_hours"]


@attrs.frozen
class ChinaDays:
    """The statutory days.

    Attributes:
        layers: the days fixed by law outside the known range, then one layer for each notice, in the order of issue.
        known_from, known_until: the first and last date settled by a notice.
    """

    layers: tuple[Layer, ...]
    known_from: date
    known_until: date


@functools.lru_cache(maxsize=1)
def read_china() -> ChinaDays:
    """Return the statutory days off and make-up workdays; a make-up workday has the hours of a Monday."""
    table = tomllib.loads(shipped(__package__, "china.toml"))
    notices = [_notice(entry) for entry in table["notices"]]
    assumed = Layer("days fixed by law", list(_assumed(table)), source="assumed: no notice yet, or none carried")
    return ChinaDays((assumed, *notices), table["known_from"], table["known_until"])


def _notice(entry: Mapping[str, Any]) -> Layer:
    number = entry.get("number", "number not found")
    return Layer(
        f"statutory {entry['year']}",
        list(_named(entry["off"])),
        dict.fromkeys(entry.get("worked", ()), "as mon"),
        source=f"State Council notice for {entry['year']}, {number} [{entry['mark']}]",
        issued=entry.get("issued"),
    )


def _assumed(table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the runs of days fixed by law in the years that no notice of the table covers."""
    for law in table["laws"]:
        first, last = law["years"]
        for year in range(first, last + 1):
            yield from _named(_in_year(text, year) for text in law["days"])
    yield from _named(table["lunar"]["days"])


def _in_year(text: str, year: int) -> str:
    """Return ``"10-01..10-03 name"`` with the year before each date."""
    days, _, name = text.partition(" ")
    return "..".join(f"{year}-{day}" for day in days.split("..")) + f" {name}"


def _named(entries: Iterable[str]) -> Iterator[tuple[str, str]]:
    for entry in entries:
        days, _, name = entry.partition(" ")
        yield days, name


def workday_hours(hours: str | Mapping[str, str] | Mapping[date, str]) -> WeeklyText:
    """Return weekly hours from the hours of a workday, or from those by the date from which they hold.

    Hours that begin with a time are those of Monday to Friday; weekly hours that name weekdays are taken as they are.
    """
    if isinstance(hours, Mapping):
        if any(str(key)[:1].isdigit() for key in hours):
            return {str(day): _monday_to_friday(text) for day, text in hours.items()}
        return hours
    return _monday_to_friday(hours)


def _monday_to_friday(text: str) -> str:
    return text if not isinstance(text, str) or not text.strip() or names_weekdays(text) else f"mon-fri {text}"
