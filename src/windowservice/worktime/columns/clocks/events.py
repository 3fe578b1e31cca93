"""What happened to many clocks: stops, notices and extensions, flat and in order of their rows, or read from lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

import attrs

from windowservice.errors import InvalidValue, MissingColumn
from windowservice.worktime.clock.stops import STATUTORY_REASONS, Code, ExtensionUs, NoticeUs, StopUs
from windowservice.worktime.columns.data import Choice, Column, read_instants, read_whole

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

    import polars as pl

    from windowservice.worktime.columns.frame import Bools, Ints
    from windowservice.worktime.columns.spans import Places

__all__ = ["NOTE_BITS", "ExtensionColumns", "NoticeColumns", "StopColumns", "refuse_strangers"]

NOTE_BITS: Final = {code: 1 << place for place, code in enumerate(Code)}
"""The bit that stands in a column of notes for each reason why something that was given did not act."""

Rows = Any
"""Rows of a column: a slice, or their places in order."""


@attrs.frozen(eq=False)
class _Events:
    """Events of rows, in the order of the rows.

    Attributes:
        row: per event the row that it belongs to.
    """

    row: Ints

    def __len__(self) -> int:
        return len(self.row)

    def of(self, rows: Rows) -> Self:
        """Return the events of some rows, which are numbered anew."""
        import numpy as np

        if isinstance(rows, slice):
            first, last = np.searchsorted(self.row, [rows.start, rows.stop]).tolist()
            return self._taken(slice(first, last), self.row[first:last] - rows.start)
        first, last = np.searchsorted(self.row, rows, "left"), np.searchsorted(self.row, rows, "right")
        counts = last - first
        ends = np.cumsum(counts)
        place = np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - (ends - counts), counts)
        return self._taken(place, np.repeat(np.arange(len(rows)), counts))

    def _taken(self, place: Rows, row: Ints) -> Self:
        changed: dict[str, Any] = {"row": row}
        for field in attrs.fields(type(self))[1:]:
            value = getattr(self, field.name)
            if isinstance(value, Column):
                changed[field.name] = Column(value.values[place], None if value.valid is None else value.valid[place])
            elif not isinstance(value, tuple):
                changed[field.name] = value[place]
        return attrs.evolve(self, **changed)

    def counts(self, rows: int) -> Ints:
        """Return how many events each of the first `rows` rows has."""
        import numpy as np

        return np.bincount(self.row, minlength=rows)


@attrs.frozen(eq=False)
class StopColumns(_Events):
    """Time that may not count.

    Attributes:
        row: per stop the row that it belongs to.
        begin: its begin in microseconds UTC.
        end: its end; null while it lasts.
        reason: the place of its reason in `reasons`.
        written: whether the applicant was told in writing.
        reasons: the distinct reasons.
    """

    begin: Ints
    end: Column
    reason: Ints
    written: Bools
    reasons: tuple[str, ...]

    @classmethod
    def flat(cls, row: Any, begin: Any, end: Any, reason: Any = None, written: Any = None) -> StopColumns:
        """Return stops from columns that have a row each stop, sorted by `row` or not.

        Args:
            row: numbers of the rows that the stops belong to.
            begin: instants.
            end: instants, null while a stop lasts.
            reason: text, or a `Choice` over reasons; without it, or where null, no reason.
            written: booleans; without it, or where null, false.

        Raises:
            InvalidValue: if a row or begin is null, or a column is shorter than another.
            NaiveTime, InvalidTime, TimeOutOfRange: for a time that cannot be used.
        """
        import numpy as np

        rows, begins = _rows(row, "stops.row"), _whole(read_instants(begin, "stops.begin"), "stops.begin")
        codes, reasons = _coded(reason, len(rows))
        told = np.zeros(len(rows), dtype=bool) if written is None else _flags(written)
        made = _in_order(cls(rows, begins, read_instants(end, "stops.end"), codes, told, reasons))
        return made._ties_in_order()

    def _ties_in_order(self) -> StopColumns:
        """Return the stops with those that begin together in the order of their reasons, the first of which owns."""
        import numpy as np

        tied = np.flatnonzero((self.row[1:] == self.row[:-1]) & (self.begin[1:] == self.begin[:-1]))
        names = np.array(self.reasons)
        if not (names[self.reason[tied + 1]] < names[self.reason[tied]]).any():
            return self
        order = np.lexsort((names[self.reason], self.begin, self.row))
        return self._taken(order, self.row[order])

    @classmethod
    def from_lists(cls, lists: pl.Series) -> StopColumns:
        """Return stops from lists of structs with the fields begin, end, and if need be reason and written."""
        rows, fields = _exploded(lists, "stops", ("begin", "end"))
        return cls.flat(rows, fields["begin"], fields["end"], fields.get("reason"), fields.get("written"))

    def objections(self, local_reasons: frozenset[str] | None) -> Ints:
        """Return per stop the bit of why it cannot count, 0 if it can."""
        import numpy as np

        unwritten, unknown = NOTE_BITS[Code.STOP_NOT_WRITTEN], NOTE_BITS[Code.STOP_UNKNOWN_REASON]
        bits = np.array([unwritten if reason in STATUTORY_REASONS else unknown for reason in self.reasons])
        return np.where(self.counting(local_reasons), 0, bits[self.reason])

    def counting(self, local_reasons: frozenset[str] | None) -> Bools:
        """Return which stops count: statutory ones if told in writing, others if their reason does."""
        import numpy as np

        statutory = np.array([reason in STATUTORY_REASONS for reason in self.reasons], dtype=bool)
        allowed = np.array([local_reasons is None or reason in local_reasons for reason in self.reasons], dtype=bool)
        found: Bools = np.where(statutory[self.reason], self.written, allowed[self.reason])
        return found

    def to_rows(self, row: int) -> list[StopUs]:
        """Return the stops of one row as single values."""
        one = self.of(slice(row, row + 1))
        ends = one.end.to_list()
        return [
            StopUs(begin, end, self.reasons[reason], written)
            for begin, end, reason, written in zip(
                one.begin.tolist(), ends, one.reason.tolist(), one.written.tolist(), strict=True
            )
        ]


@attrs.frozen(eq=False)
class NoticeColumns(_Events):
    """Notices of missing papers.

    Attributes:
        row: per notice the row that it belongs to.
        told: when the applicant was told, in microseconds UTC.
        completed: when the papers were complete; null while they are not.
    """

    told: Ints
    completed: Column

    @classmethod
    def flat(cls, row: Any, told: Any, completed: Any) -> NoticeColumns:
        """Return notices from columns that have a row each notice, sorted by `row` or not; errors as `StopColumns`."""
        rows, instants = _rows(row, "notices.row"), _whole(read_instants(told, "notices.told"), "notices.told")
        return _in_order(cls(rows, instants, read_instants(completed, "notices.completed")))

    @classmethod
    def from_lists(cls, lists: pl.Series) -> NoticeColumns:
        """Return notices from lists of structs with the fields told and completed."""
        rows, fields = _exploded(lists, "notices", ("told", "completed"))
        return cls.flat(rows, fields["told"], fields["completed"])

    def firsts(self) -> Places:
        """Return the places of the first notice of every row that has one."""
        import numpy as np

        order = np.lexsort((self.told, self.row))
        row = self.row[order]
        return order[np.flatnonzero(np.append(True, row[1:] != row[:-1]))] if len(row) else order

    def to_rows(self, row: int) -> list[NoticeUs]:
        """Return the notices of one row as single values."""
        one = self.of(slice(row, row + 1))
        return [NoticeUs(*both) for both in zip(one.told.tolist(), one.completed.to_list(), strict=True)]


@attrs.frozen(eq=False)
class ExtensionColumns(_Events):
    """Extensions that were approved.

    Attributes:
        row: per extension the row that it belongs to.
        approved: when it was approved, in microseconds UTC.
        limit: the place of how much it adds in `limits`.
        asked: when it was asked for; null if that is not recorded.
        limits: the distinct amounts, as limits.
    """

    approved: Ints
    limit: Ints
    asked: Column
    limits: tuple[Any, ...]

    @classmethod
    def flat(cls, row: Any, approved: Any, limit: Choice, asked: Any) -> ExtensionColumns:
        """Return extensions from columns that have a row each, sorted by `row` or not; errors as `StopColumns`."""
        rows = _rows(row, "extensions.row")
        instants = _whole(read_instants(approved, "extensions.approved"), "extensions.approved")
        codes = _whole(limit.codes, "extensions.limit")
        return _in_order(cls(rows, instants, codes, read_instants(asked, "extensions.asked"), limit.options))

    def to_rows(self, row: int) -> list[ExtensionUs]:
        """Return the extensions of one row as single values."""
        one = self.of(slice(row, row + 1))
        return [
            ExtensionUs(approved, self.limits[limit], asked)
            for approved, limit, asked in zip(
                one.approved.tolist(), one.limit.tolist(), one.asked.to_list(), strict=True
            )
        ]


def refuse_strangers(rows: int, *given: _Events | None) -> None:
    """Refuse events of rows that there are not, which would be lost without a word.

    Raises:
        InvalidValue: with the largest number of a row.
    """
    for events in given:
        if events is not None and len(events) and int(events.row[-1]) >= rows:
            what = type(events).__name__.removesuffix("Columns").lower()
            raise InvalidValue(f"{what}s.row", int(events.row[-1]), f"a place in a column of {rows} rows")


E = TypeVar("E", bound=_Events)
_NO_REASON: Final = ("",)


def _rows(row: Any, where: str) -> Ints:
    rows = _whole(read_whole(row, where), where)
    if rows.size and int(rows.min()) < 0:
        raise InvalidValue(where, int(rows.min()), "numbers of rows, from 0 on")
    return rows


def _whole(column: Column, where: str) -> Ints:
    if column.valid is not None and not column.valid.all():
        raise InvalidValue(where, None, "given for every event", f"event {int(column.valid.argmin())}")
    return column.values


def _in_order(events: E) -> E:
    """Return the events in the order of their rows, those of one row as they came."""
    import numpy as np

    for field in attrs.fields(type(events)):
        value = getattr(events, field.name)
        if not isinstance(value, tuple) and len(value) != len(events.row):
            raise InvalidValue(field.name, len(value), f"a column of {len(events.row)} rows, one each event")
    if bool((events.row[1:] >= events.row[:-1]).all()):
        return events
    order = np.argsort(events.row, kind="stable")
    return events._taken(order, events.row[order])


def _coded(reason: Any, rows: int) -> tuple[Ints, tuple[str, ...]]:
    import numpy as np

    if reason is None:
        return np.zeros(rows, dtype=np.int64), _NO_REASON
    if not isinstance(reason, Choice):
        import polars as pl

        series = pl.Series(reason).cast(pl.String).fill_null("")
        words = series.unique(maintain_order=True).to_list() or [""]
        reason = Choice.by_name(series, {word: word for word in words}, "reason")
    if reason.codes.valid is None:
        return reason.codes.values, reason.options
    codes = np.where(reason.codes.valid, reason.codes.values, len(reason.options))
    return codes, (*reason.options, "")


def _flags(written: Any) -> Bools:
    import numpy as np

    if isinstance(written, np.ndarray):
        return written.astype(bool)
    import polars as pl

    found: Bools = pl.Series(written).cast(pl.Boolean).fill_null(value=False).to_numpy()
    return found


def _exploded(lists: pl.Series, what: str, needed: Iterable[str]) -> tuple[Ints, dict[str, pl.Series]]:
    """Return the rows of the structs in a list column, and their fields."""
    import numpy as np
    import polars as pl

    if not isinstance(lists.dtype, pl.List) or not isinstance(lists.dtype.inner, pl.Struct):
        raise InvalidValue(what, str(lists.dtype), f"a list column of structs with {' and '.join(needed)}")
    lengths = lists.list.len().fill_null(0).to_numpy().astype(np.int64)
    structs = lists.filter(pl.Series(lengths > 0)).explode()
    fields = {field.name: structs.struct.field(field.name) for field in lists.dtype.inner.fields}
    for name in needed:
        if name not in fields:
            raise MissingColumn(what, name, "the clock", tuple(fields))
    return np.repeat(np.arange(len(lengths)), lengths), fields
