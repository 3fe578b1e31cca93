"""The rows behind readings: the parts of an indicator computed for each record in hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from windowservice.engine.running import Runner
from windowservice.instants import LATEST, datetime_us
from windowservice.language.analysis.visible import not_there
from windowservice.language.python.marks import WAITING
from windowservice.language.tree.values import span_us
from windowservice.rules.indicators import Indicator
from windowservice.scoring.observing.windows import Window

if TYPE_CHECKING:
    from windowservice.domain.records import Record

__all__ = ["ObjectRows", "ObservedRow", "plain"]


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
        self._days: dict[Indicator, list[tuple[int, int, Record]]] = {}

    def rows(self, indicator: Indicator, window: Window) -> Iterator[ObservedRow]:
        """Yield the records whose day lies in the window, seen as of its instant."""
        exprs = [expr for expr in indicator.parts if expr is not None]
        of, zone = self._runner.vocabulary, self._runner.binding.calendar.zone
        for day, on, record in self._dated(indicator):
            if window.first <= day <= window.last and on <= window.cut:
                if not_there(of, record, window.cut, zone):
                    continue
                values = iter(self._runner.values(("observe", indicator), exprs, record, window.cut))
                parts = [None if expr is None else plain(next(values)) for expr in indicator.parts]
                if indicator.when is None:
                    parts[0] = True
                yield ObservedRow(record["id"], record["bank"], day, *parts)

    def _dated(self, indicator: Indicator) -> list[tuple[int, int, Record]]:
        """Return the records that may belong, with the day and instant that decide their period."""
        if indicator not in self._days:
            table = self._runner.binding.calendar.table
            when = indicator.when if indicator.stays else None
            asked = [indicator.on, indicator.on if when is None else when]
            found = []
            for record in self._records:
                on, belongs = self._runner.values(("observe on", indicator), asked, record, LATEST)
                if on is not None and belongs is not False:
                    us = datetime_us(on) if isinstance(on, datetime) else on
                    found.append((table.date_of(us), us, record))
            self._days[indicator] = found
        return self._days[indicator]


def plain(value: Any) -> Any:
    """Return a value as it is added up: spans in microseconds, what still waits as missing."""
    if value is WAITING:
        return None
    return span_us(value) if isinstance(value, timedelta) else value
