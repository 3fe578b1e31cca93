"""The rows behind readings: the parts of an indicator computed for each record in hand."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import datetime, timedelta
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from windowservice.engine.running import Runner
from windowservice.instants import LATEST, datetime_us
from windowservice.language.analysis.visible import not_there
from windowservice.language.python.marks import WAITING
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.expressions import structure
from windowservice.language.tree.values import span_us
from windowservice.rules.indicators import Indicator
from windowservice.scoring.observing.windows import Window

if TYPE_CHECKING:
    from windowservice.domain.records import Record

__all__ = ["ObjectRows", "ObservedRow", "Wanted", "plain"]

Wanted: TypeAlias = Callable[[str, int], bool]
"""Whether a bank, as a record of a day names it, is wanted."""


class ObservedRow(NamedTuple):
    """One record as an indicator sees it; None where it cannot be told, spans in microseconds.

    Attributes:
        key: the record's number.
        bank: the bank, as the record names it.
        day: the day, as an ordinal, that decides to which period it belongs.
        when: whether it belongs.
        excluded: why it leaves both sides.
        numerator, denominator: what it adds.
        fault_party: whose fault it is.
        group: the group of which the worst counts.
    """

    key: str
    bank: str
    day: int
    when: bool | None
    excluded: str | None
    numerator: Any
    denominator: Any
    fault_party: str | None
    group: str | None


class ObjectRows:
    """Records in hand, looked at one by one.

    Args:
        runner: compiled code and calendars for their vocabulary.
        records: the records.
    """

    def __init__(self, runner: Runner, records: Iterable[Record]) -> None:
        self._runner = runner
        self._records = tuple(records)
        self._days: dict[Indicator, tuple[list[int], list[tuple[int, int, int, Record]]]] = {}
        self._on: dict[Hashable, dict[int, tuple[int, int] | None]] = {}

    def rows(self, indicator: Indicator, window: Window, banks: Wanted | None = None) -> Iterator[ObservedRow]:
        """Yield the records whose day lies in the window, seen as of its instant; those of some banks, if given."""
        exprs = [expr for expr in indicator.parts if expr is not None]
        of, zone = self._runner.vocabulary, self._runner.binding.calendar.zone
        days, dated = self._dated(indicator)
        of_window = dated[bisect_left(days, window.first) : bisect_right(days, window.last)]
        read = self._runner.values_of(("observe", indicator), exprs)
        for _, day, on, record in sorted(of_window, key=itemgetter(0)):
            if banks is not None and not banks(record["bank"], day):
                continue
            if on <= window.cut and not not_there(of, record, window.cut, zone):
                values = iter(read(record, window.cut))
                parts = [None if expr is None else plain(next(values)) for expr in indicator.parts]
                if indicator.when is None:
                    parts[0] = True
                yield ObservedRow(record["id"], record["bank"], day, *parts)

    def _dated(self, indicator: Indicator) -> tuple[list[int], list[tuple[int, int, int, Record]]]:
        """Return the records that may belong: place, day and instant that decide their period, by day; and the days."""
        if indicator not in self._days:
            when_stays = [indicator.when] if indicator.when is not None and indicator.stays else []
            belongs = self._runner.values_of(("observe when", indicator), when_stays)
            day_of, found = self._day_of(indicator.on), []
            for place, record in enumerate(self._records):
                if when_stays and belongs(record, LATEST)[0] is False:
                    continue
                when = day_of(place, record)
                if when is not None:
                    found.append((place, *when, record))
            found.sort(key=itemgetter(1))
            self._days[indicator] = [day for _, day, _, _ in found], found
        return self._days[indicator]

    def _day_of(self, on: Expr[Any]) -> Callable[[int, Record], tuple[int, int] | None]:
        """Return what gives the day and instant of a record at a place; for all indicators that go by it."""
        key = structure(on)
        known = self._on.setdefault(key, {})
        read, date_of = self._runner.values_of(("observe on", key), [on]), self._runner.binding.calendar.table.date_of

        def day_of(place: int, record: Record) -> tuple[int, int] | None:
            if place not in known:
                (at,) = read(record, LATEST)
                us = datetime_us(at) if isinstance(at, datetime) else at
                known[place] = None if us is None else (date_of(us), us)
            return known[place]

        return day_of


def plain(value: Any) -> Any:
    """Return a value as it is added up: spans in microseconds, what still waits as missing."""
    if value is WAITING:
        return None
    return span_us(value) if isinstance(value, timedelta) else value
