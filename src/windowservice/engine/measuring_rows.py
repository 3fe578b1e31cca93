"""The rows behind readings: the parts of a measurement computed for each record, over objects or in columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from windowservice.engine.running import Runner
from windowservice.instants import datetime_us, utc_datetime
from windowservice.language.expressions import Expr
from windowservice.language.facts import Facts
from windowservice.language.python_code import WAITING
from windowservice.language.values import ValueType, span_us
from windowservice.rules.measurements import Measurement

if TYPE_CHECKING:
    import polars as pl

    from windowservice.domain.records import Record
    from windowservice.engine.frames import Frames
    from windowservice.language.to_polars import RecordColumns

__all__ = ["ColumnRows", "MeasuredRow", "ObjectRows", "Rows"]

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


class Rows(Protocol):
    """Records of one table, from which the rows of a measurement are made."""

    def rows(self, measurement: Measurement, first: int, last: int, cut: int) -> Iterator[MeasuredRow]:
        """Yield the records whose day lies between two ordinals, seen as of an instant."""


def _later_facts(vocabulary: type[Facts]) -> list[str]:
    """Return where the instants stand that have not happened as long as they lie ahead."""
    return [
        fact.read or fact.name
        for fact in vocabulary.given.values()
        if fact.definition is None and fact.type is V.INSTANT and not fact.required
    ]


_KEYS: Final = ("id", "bank")
_WHEN: Final = 0
"""The place of `when` among the parts of a measurement."""


class ObjectRows:
    """Records in hand, looked at one by one.

    Args:
        runner: compiled code and calendars for their vocabulary.
        records: the records.
    """

    def __init__(self, runner: Runner, records: Iterable[Record]) -> None:
        self._runner = runner
        self._records = tuple(records)
        self._later = _later_facts(runner.vocabulary)
        self._days: dict[str, list[tuple[int, int, Record]]] = {}

    def rows(self, measurement: Measurement, first: int, last: int, cut: int) -> Iterator[MeasuredRow]:
        """Yield the records whose day lies between two ordinals, seen as of an instant."""
        exprs = [expr for expr in measurement.parts if expr is not None]
        for day, on, record in self._dated(measurement):
            if first <= day <= last and on <= cut:
                seen = self._seen(record, cut)
                values = iter(self._runner.values(("measure", measurement.name), exprs, seen, cut))
                parts = [None if expr is None else _plain(next(values)) for expr in measurement.parts]
                if measurement.when is None:
                    parts[0] = True
                yield MeasuredRow(record["id"], record["bank"], day, *parts)

    def _dated(self, measurement: Measurement) -> list[tuple[int, int, Record]]:
        """Return the records that may belong, with the day and instant that decide their period."""
        name = measurement.name
        if name not in self._days:
            table = self._runner.binding.calendar.table
            asked = [measurement.on, measurement.on if measurement.when is None else measurement.when]
            found = []
            for record in self._records:
                on, belongs = self._runner.values(("measure on", name), asked, record, 0)
                if on is not None and belongs is not False:
                    us = datetime_us(on) if isinstance(on, datetime) else on
                    found.append((table.date_of(us), us, record))
            self._days[name] = found
        return self._days[name]

    def _seen(self, record: Record, cut: int) -> dict[str, Any]:
        limit = utc_datetime(cut)
        seen = dict(record)
        for name in self._later:
            value = seen.get(name)
            if value is not None and value > limit:
                seen[name] = None
        return seen


def _plain(value: Any) -> Any:
    if value is WAITING:
        return None
    return span_us(value) if isinstance(value, timedelta) else value


class ColumnRows:
    """Records of a frame, looked at in columns.

    Args:
        runner: calendars and figures for their vocabulary.
        frames: the frame, as it was taken in.
    """

    def __init__(self, runner: Runner, frames: Frames) -> None:
        self._runner = runner
        self._frames = frames
        self._later = _later_facts(runner.vocabulary)
        self._days: dict[str, tuple[pl.Series, pl.Series]] = {}

    def rows(self, measurement: Measurement, first: int, last: int, cut: int) -> Iterator[MeasuredRow]:
        """Yield the records whose day lies between two ordinals, seen as of an instant."""
        import polars as pl

        from windowservice.language.to_polars import RecordColumns

        day, on = self._dated(measurement)
        chosen = (day.is_between(first, last) & (on <= cut)).fill_null(value=False)
        if not chosen.any():
            return
        hidden = [pl.when(pl.col(name) <= cut).then(pl.col(name)).alias(name) for name in self._later]
        frame = self._frames.records.filter(chosen).with_columns(hidden)
        run = RecordColumns(self._runner.vocabulary, self._runner.binding, frame, None, cut)
        named = dict(enumerate(_column(run, expr) for expr in measurement.parts))
        if measurement.when is None:
            named[_WHEN] = pl.Series([True]).new_from_index(0, run.height)
        told = pl.DataFrame(
            [
                *(frame[name].cast(pl.String).alias(name) for name in _KEYS),
                day.filter(chosen).alias("day"),
                *(series.alias(f"part {place}") for place, series in named.items()),
            ]
        )
        belongs = told[f"part {_WHEN}"].fill_null(value=True)  # what nobody can tell may belong
        yield from map(MeasuredRow._make, told.filter(belongs).iter_rows())

    def _dated(self, measurement: Measurement) -> tuple[pl.Series, pl.Series]:
        from windowservice.language.kernels import DATE
        from windowservice.language.to_polars import RecordColumns

        name = measurement.name
        if name not in self._days:
            run = RecordColumns(self._runner.vocabulary, self._runner.binding, self._frames.records, None, 0)
            day, on = run.series(DATE(measurement.on)), run.series(measurement.on)
            if measurement.when is not None:  # what does not belong has no day
                on = on.set(~_column(run, measurement.when).fill_null(value=True), None)
            self._days[name] = day, on
        return self._days[name]


def _column(run: RecordColumns, expr: Expr[Any] | None) -> pl.Series:
    """Return the values of an expression, one for each record."""
    import polars as pl

    if expr is None:
        return pl.Series([None]).new_from_index(0, run.height)
    if expr.type is V.BOOL:
        truth = run.truth(expr).value  # first: it may put columns into the frame
        series = run.frame.select(truth.alias("truth")).to_series()
    else:
        series = run.series(expr)
    if len(series) != run.height:
        series = series.new_from_index(0, run.height)
    return series.cast(pl.String) if expr.type is V.TEXT else series
