"""The rows behind readings: the parts of a measurement computed for each record in hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from windowservice.engine.measuring_windows import Window
from windowservice.engine.running import Runner
from windowservice.instants import datetime_us, utc_datetime
from windowservice.language.facts import Facts
from windowservice.language.python_code import WAITING
from windowservice.language.values import ValueType, span_us
from windowservice.rules.measurements import Measurement

if TYPE_CHECKING:
    from windowservice.domain.records import Record

__all__ = ["MeasuredRow", "ObjectRows", "later_facts", "plain"]

V = ValueType


class MeasuredRow(NamedTuple):
    """One record as a measurement sees it; None where it cannot be told, spans in microseconds.

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


def later_facts(vocabulary: type[Facts]) -> list[str]:
    """Return where the instants stand that have not happened as long as they lie ahead."""
    return [
        fact.read or fact.name
        for fact in vocabulary.given.values()
        if fact.definition is None and fact.type is V.INSTANT and not fact.required
    ]


class ObjectRows:
    """Records in hand, looked at one by one.

    Args:
        runner: compiled code and calendars for their vocabulary.
        records: the records.
    """

    def __init__(self, runner: Runner, records: Iterable[Record]) -> None:
        self._runner = runner
        self._records = tuple(records)
        self._later = later_facts(runner.vocabulary)
        self._days: dict[Measurement, list[tuple[int, int, Record]]] = {}

    def rows(self, measurement: Measurement, window: Window) -> Iterator[MeasuredRow]:
        """Yield the records whose day lies in the window, seen as of its instant."""
        exprs = [expr for expr in measurement.parts if expr is not None]
        for day, on, record in self._dated(measurement):
            if window.first <= day <= window.last and on <= window.cut:
                seen = self._seen(record, window.cut)
                values = iter(self._runner.values(("measure", measurement), exprs, seen, window.cut))
                parts = [None if expr is None else plain(next(values)) for expr in measurement.parts]
                if measurement.when is None:
                    parts[0] = True
                yield MeasuredRow(record["id"], record["bank"], day, *parts)

    def _dated(self, measurement: Measurement) -> list[tuple[int, int, Record]]:
        """Return the records that may belong, with the day and instant that decide their period."""
        if measurement not in self._days:
            table = self._runner.binding.calendar.table
            when = measurement.when if measurement.stays else None
            asked = [measurement.on, measurement.on if when is None else when]
            found = []
            for record in self._records:
                on, belongs = self._runner.values(("measure on", measurement), asked, record, 0)
                if on is not None and belongs is not False:
                    us = datetime_us(on) if isinstance(on, datetime) else on
                    found.append((table.date_of(us), us, record))
            self._days[measurement] = found
        return self._days[measurement]

    def _seen(self, record: Record, cut: int) -> dict[str, Any]:
        limit = utc_datetime(cut)
        seen = dict(record)
        for name in self._later:
            value = seen.get(name)
            if value is not None and value > limit:
                seen[name] = None
        return seen


def plain(value: Any) -> Any:
    """Return a value as it is added up: spans in microseconds, what still waits as missing."""
    if value is WAITING:
        return None
    return span_us(value) if isinstance(value, timedelta) else value
