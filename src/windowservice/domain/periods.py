"""Periods of the civil calendar: weeks, months, quarters, half-years and years, each with its name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, Literal, TypeAlias

import attrs

__all__ = ["Every", "Span", "span_of", "spans"]

Every: TypeAlias = Literal["week", "month", "quarter", "half_year", "year"]
"""How often something comes again."""

_MONTHS: Final = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
_DAY: Final = timedelta(days=1)


@attrs.frozen
class Span:
    """A period: its name ("2018-W05", "2018-05", "2018-Q2", "2018-H1" or "2018"), and its first and last date."""

    name: str
    first: date
    last: date


def span_of(every: Every, day: date) -> Span:
    """Return the period that holds a date; a week begins on Monday and is named as ISO 8601 does."""
    if every == "week":
        first = day - _DAY * day.weekday()
        year, week, _ = day.isocalendar()
        return Span(f"{year}-W{week:02}", first, first + 6 * _DAY)
    months = _MONTHS[every]
    begin = (day.month - 1) // months * months
    first = date(day.year, begin + 1, 1)
    end = begin + months
    last = date(day.year + end // 12, end % 12 + 1, 1) - _DAY
    place = begin // months + 1
    marks = {"month": f"-{place:02}", "quarter": f"-Q{place}", "half_year": f"-H{place}", "year": ""}
    return Span(f"{day.year}{marks[every]}", first, last)


def spans(every: Every, first: date, last: date) -> Iterator[Span]:
    """Yield the periods that hold any date between two, both included, in order."""
    day = first
    while day <= last:
        found = span_of(every, day)
        yield found
        day = found.last + _DAY
