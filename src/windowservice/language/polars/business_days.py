"""Days by a system's own calendar, in columns: when a business date begins, and when a date ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from windowservice.language.polars.kernels import calendars_of

if TYPE_CHECKING:
    import polars as pl

    from windowservice.language.polars.compile import RecordColumns

__all__ = ["business_day_column", "close_of_column"]


def business_day_column(run: RecordColumns, at: Any, name: Any) -> pl.Series:
    """Return when the business dates of instants begin, in the calendars named."""
    return _by_calendar(run, at, name, lambda table, us: table.midnight(table.business_day(us)))


def close_of_column(run: RecordColumns, day: Any, name: Any) -> pl.Series:
    """Return when dates end in the calendars named: on a rest day, when the next workday does."""

    def close(table: Any, days: Any) -> Any:
        return table.last_close_of(table.nth_workday(table.workdays_before(days)))

    return _by_calendar(run, day, name, close)


def _by_calendar(run: RecordColumns, values: Any, name: Any, found: Callable[[Any, Any], Any]) -> pl.Series:
    import numpy as np
    import polars as pl

    from windowservice.worktime.columns.table import TableColumns

    column = values if isinstance(values, pl.Series) else pl.Series([values]).new_from_index(0, run.height)
    known = column.is_not_null()
    if isinstance(name, pl.Series):
        known &= name.is_not_null()
    calendars, codes = calendars_of(run, name)
    if not run.binding.has_default and (told := known.to_numpy()).any():
        used = {calendars[code] is run.binding.calendar for code in np.unique(codes[told]).tolist()}
        if True in used:
            run.binding.counting("")  # which raises
    numbers, told = column.fill_null(0).to_numpy(), known.to_numpy()
    out = np.zeros(run.height, np.int64)
    for code, calendar in enumerate(calendars):
        rows = np.flatnonzero(told & (codes == code))
        if rows.size:
            out[rows] = found(TableColumns(calendar.table), numbers[rows].astype(np.int64))
    return pl.select(pl.when(pl.Series(told)).then(pl.Series(out))).to_series()
