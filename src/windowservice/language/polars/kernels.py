"""The built-in kernels over columns: due instants, open time, dates and working days of all records at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    from windowservice.language.polars.compile import RecordColumns
    from windowservice.worktime.calendar import WorkCalendar
    from windowservice.worktime.limits.limit import Limit

    Ints = np.ndarray[Any, Any]

__all__ = [
    "CLOCK_COLUMNS", "ClockColumns", "calendars_of", "date_column", "due_columns", "groups", "limits_of",
    "workdays_column", "worked_column",
]  # fmt: skip

CLOCK_COLUMNS = ("due", "earliest_due", "latest_due", "provisional", "last_day")


class ClockColumns:
    """The parts of a clock for many records, filled group by group; null where nothing was filled in.

    Attributes:
        height: how many records there are.
        filled: where a clock is known.
        arrays: the parts by name, as whole numbers.
        notes: what did not act: the different sets of codes, of which each record has one by its place in `noted`.
        noted: which of the `notes` each record has.
    """

    def __init__(self, height: int) -> None:
        import numpy as np

        self.height = height
        self.filled = np.zeros(height, bool)
        self.arrays = {part: np.zeros(height, np.int64) for part in CLOCK_COLUMNS}
        self.notes: list[list[str]] = [[]]
        self.noted = np.zeros(height, np.int64)

    def fill(self, rows: Ints, due: Ints, earliest: Ints, latest: Ints, provisional: Ints, last_day: Ints) -> None:
        """Fill in the clocks of some records."""
        self.filled[rows] = True
        for part, values in zip(CLOCK_COLUMNS, (due, earliest, latest, provisional, last_day), strict=True):
            self.arrays[part][rows] = values

    def __getitem__(self, part: str) -> pl.Series:
        import numpy as np
        import polars as pl

        if part == "notes":
            said = pl.Series([*self.notes, None], dtype=pl.List(pl.String))
            return said.gather(np.where(self.filled, self.noted, len(self.notes)))
        series = pl.Series(self.arrays[part])
        if part == "provisional":
            series = series.cast(pl.Boolean)
        return series if self.filled.all() else pl.select(pl.when(pl.Series(self.filled)).then(series)).to_series()


def groups(
    run: RecordColumns, limit: pl.Series | Limit, name: pl.Series | str | None, rows: Ints
) -> Iterator[tuple[Limit, WorkCalendar, Ints]]:
    """Yield for every limit and calendar that occur the records that have them, among the rows given."""
    import numpy as np

    limits, limit_codes = limits_of(run, limit)
    calendars, calendar_codes = calendars_of(run, name)
    width = len(calendars)
    pair = limit_codes[rows] * width + calendar_codes[rows] if width else limit_codes[rows]
    known = (limit_codes[rows] >= 0) & (calendar_codes[rows] >= 0)
    undecided = None if run.binding.has_default else run.binding.calendar
    for code in np.unique(pair[known]).tolist():
        one, calendar = limits[code // width], calendars[code % width]
        if calendar is undecided and not one.kind.real_time:
            continue  # the record names no calendar, and there is no default
        yield one, calendar, rows[known & (pair == code)]


def limits_of(run: RecordColumns, limit: pl.Series | Limit) -> tuple[list[Limit], Ints]:
    """Return the limits that occur, and which of them each record has (-1: none)."""
    import numpy as np
    import polars as pl

    from windowservice.worktime.limits.limit import Limit

    if isinstance(limit, pl.Series):
        if limit.dtype == pl.String:  # as a record states it
            said = {text: run.limit_code(Limit.parse(text)) for text in limit.drop_nulls().unique().to_list()}
            limit = limit.replace_strict(said, return_dtype=pl.Int64)
        return run.limits, limit.fill_null(-1).to_numpy()
    return [limit], np.zeros(run.height, np.int64)


def calendars_of(run: RecordColumns, name: pl.Series | str | None) -> tuple[list[WorkCalendar], Ints]:
    """Return the calendars that occur, and which of them each record has."""
    import numpy as np
    import polars as pl

    if not isinstance(name, pl.Series):
        return [run.binding.calendar_named(name or "")], np.zeros(run.height, np.int64)
    codes, words = run.codes(name)
    unknown = [place for place, word in enumerate(words) if word and word not in run.binding.calendars]
    if unknown:
        run.doubt(np.isin(codes, unknown))
    calendars = [
        run.binding.calendar if place in unknown else run.binding.calendar_named(word)
        for place, word in enumerate(words)
    ]
    return [*calendars, run.binding.calendar], np.where(codes >= 0, codes, len(words))


def due_columns(
    run: RecordColumns, start: pl.Series, limit: pl.Series | Limit, name: pl.Series | str | None
) -> ClockColumns:
    """Return when limits end that start at the instants."""
    import numpy as np

    from windowservice.worktime.columns.limits import LimitColumns
    from windowservice.worktime.limits.kinds.kind import Starts

    clock = ClockColumns(run.height)
    at = start.fill_null(0).to_numpy()
    known = np.flatnonzero(start.is_not_null().to_numpy())
    for one, calendar, rows in groups(run, limit, name, known):
        columns = LimitColumns(one, calendar)
        if one.needs_slot:
            continue  # without a booked slot it has no end
        us = at[rows]
        found = columns.bounds(Starts(us, columns.table.date_of(us)))
        clock.fill(rows, found.due, found.earliest, found.latest, found.provisional, found.last_day)
    return clock


def _paired(run: RecordColumns, left: Any, right: Any) -> tuple[Ints, Ints, Ints]:
    """Return two whole-number columns as arrays, and the rows in which both are known."""
    import numpy as np
    import polars as pl

    both = [s if isinstance(s, pl.Series) else pl.Series([s]).new_from_index(0, run.height) for s in (left, right)]
    known = both[0].is_not_null() & both[1].is_not_null()
    return both[0].fill_null(0).to_numpy(), both[1].fill_null(0).to_numpy(), np.flatnonzero(known.to_numpy())


def _filled(height: int, rows: Ints, values: Ints) -> pl.Series:
    import numpy as np
    import polars as pl

    out = np.zeros(height, np.int64)
    out[rows] = values
    if len(rows) == height:
        return pl.Series(out)
    known = np.zeros(height, bool)
    known[rows] = True
    return pl.select(pl.when(pl.Series(known)).then(pl.Series(out))).to_series()


def _table(run: RecordColumns) -> Any:
    from windowservice.worktime.columns.table import TableColumns

    return TableColumns(run.binding.calendar.table)


def worked_column(run: RecordColumns, start: Any, end: Any) -> pl.Series:
    """Return the open time between instants by the default calendar, in microseconds."""
    first, last, rows = _paired(run, start, end)
    table = _table(run)
    return _filled(run.height, rows, table.open_before(last[rows]) - table.open_before(first[rows]))


def date_column(run: RecordColumns, at: Any) -> pl.Series:
    """Return the civil dates of instants, as ordinals."""
    us, _, rows = _paired(run, at, at)
    return _filled(run.height, rows, _table(run).date_of(us[rows]))


def workdays_column(run: RecordColumns, first: Any, last: Any) -> pl.Series:
    """Return the working days after the first date up to and with the second."""
    begin, end, rows = _paired(run, first, last)
    table = _table(run)
    return _filled(run.height, rows, table.workdays_before(end[rows] + 1) - table.workdays_before(begin[rows] + 1))
