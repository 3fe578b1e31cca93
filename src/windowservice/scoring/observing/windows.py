"""The periods for which an indicator is read when a day, week or month is wanted, and the days that each counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import attrs

from windowservice.domain.scorecard.readings_period import PERIOD_KINDS, ReportingPeriod
from windowservice.domain.scorecard.scorecard import Scorecard
from windowservice.instants import as_of_us
from windowservice.rules.indicators import Indicator

if TYPE_CHECKING:
    from windowservice.engine.engine import Engine

__all__ = ["Window", "windows_of"]

_DAY: Final = timedelta(days=1)


@attrs.frozen
class Window:
    """One period of one indicator: the days counted, and the instant as of which they are seen.

    Attributes:
        period: the period.
        first, last: the ordinals of the days counted, both included.
        cut: the instant, in microseconds UTC, from which on nothing is seen.
        provisional: whether that is before the period's end.
        key_only: whether it is read for key institutions only.
        business_days: the ordinals of the business days among the days counted, up to the cut.
    """

    period: ReportingPeriod
    first: int
    last: int
    cut: int
    provisional: bool
    key_only: bool = False
    business_days: tuple[int, ...] = ()


def windows_of(
    engine: Engine, indicator: Indicator, card: Scorecard, period: ReportingPeriod, limit: int | None
) -> Iterator[Window]:
    """Yield the periods for which an indicator is wanted when one is read, each once.

    Args:
        engine: whose calendar's zone gives civil days.
        indicator: what is counted.
        card: says how often its indicator is read.
        period: the period wanted.
        limit: the instant from which on nothing is seen, if it is before the period's end.
    """
    periods: dict[ReportingPeriod, bool] = {}
    if indicator.fact:
        periods[period] = False
    else:
        scored = card[indicator.name]
        for key in (False, True):
            for one in scored.candidates(period, key=key)[1]:
                periods[one] = key and periods.get(one, True)
        if PERIOD_KINDS.index(scored.key_frequency) < PERIOD_KINDS.index(period.kind):
            for one in _within(scored.key_frequency, period):
                periods.setdefault(one, True)
    for one, key_only in periods.items():
        yield _window(engine, indicator, one, limit, key_only=key_only)


def _within(kind: Any, period: ReportingPeriod) -> Iterator[ReportingPeriod]:
    """Yield the shorter periods that end in a longer one, in order."""
    part = ReportingPeriod.of(kind, period.first_day)
    while part.last_day <= period.last_day:
        yield part
        part = part.following


def _window(
    engine: Engine, indicator: Indicator, period: ReportingPeriod, limit: int | None, *, key_only: bool
) -> Window:
    first = period.first_day
    if indicator.look_back_days:
        first = period.last_day - _DAY * (indicator.look_back_days - 1)
    elif indicator.standing:
        first = date.min
    elif indicator.look_back_months:
        first = _months_before(period.last_day + _DAY, indicator.look_back_months)
    end = as_of_us(period.last_day, engine.calendar.zone)
    provisional = limit is not None and limit < end
    cut = limit if limit is not None and provisional else end
    begin, last = first.toordinal(), period.last_day.toordinal()
    days: tuple[int, ...] = ()
    if indicator.each == "day" and indicator.denominator is not None:
        table = engine.calendar.table
        seen = min(last, table.date_of(cut - 1))
        days = tuple(
            day for day in range(begin, seen + 1) if table.workdays_before(day + 1) > table.workdays_before(day)
        )
    return Window(period, begin, last, cut, provisional, key_only, days)


def _months_before(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 - months, 12)
    first = date(day.year + years, month + 1, 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first.replace(day=min(day.day, (following - first).days))
