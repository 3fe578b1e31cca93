"""Working time in columns: the same limits and clocks as for one matter, for millions of rows at once.

Instants go in as Polars series with a zone, as whatever exports Arrow, or as numpy arrays of int64 microseconds UTC;
nulls stay null. `due_expr` and its like are the same as Polars expressions. Needs the extra ``columns``.
"""

from __future__ import annotations

from windowservice.worktime.columns.clocks.clock import Clocks, clocks
from windowservice.worktime.columns.clocks.events import ExtensionColumns, NoticeColumns, StopColumns
from windowservice.worktime.columns.data import Choice, Column, read_days, read_instants, read_whole
from windowservice.worktime.columns.due import (
    DueBounds,
    add,
    date_of,
    due,
    due_bounds,
    instant_at,
    last_close_of,
    nth_workday,
    open_before,
    workdays_before,
    worked,
)
from windowservice.worktime.columns.polars import add_expr, due_bounds_expr, due_expr, workdays_expr, worked_expr

__all__ = [
    "Choice",
    "Clocks",
    "Column",
    "DueBounds",
    "ExtensionColumns",
    "NoticeColumns",
    "StopColumns",
    "add",
    "add_expr",
    "clocks",
    "date_of",
    "due",
    "due_bounds",
    "due_bounds_expr",
    "due_expr",
    "instant_at",
    "last_close_of",
    "nth_workday",
    "open_before",
    "read_days",
    "read_instants",
    "read_whole",
    "workdays_before",
    "workdays_expr",
    "worked",
    "worked_expr",
]
