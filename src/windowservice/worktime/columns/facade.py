"""Working time in columns: the same limits and calendars as for one matter, for millions of rows at once.

Instants go in as Polars series with a zone, as whatever exports Arrow, or as numpy arrays of int64 microseconds UTC;
nulls stay null. `due_expr` and its like are the same as Polars expressions. Needs the extra ``columns``.
"""

from __future__ import annotations

from windowservice.worktime.columns.data import Choice, Column
from windowservice.worktime.columns.due import DueBounds, due, due_bounds
from windowservice.worktime.columns.polars import add_expr, due_bounds_expr, due_expr, workdays_expr, worked_expr
from windowservice.worktime.columns.stops import StopColumns
from windowservice.worktime.columns.worked import add, workdays, worked

__all__ = [
    "Choice",
    "Column",
    "DueBounds",
    "StopColumns",
    "add",
    "add_expr",
    "due",
    "due_bounds",
    "due_bounds_expr",
    "due_expr",
    "workdays",
    "workdays_expr",
    "worked",
    "worked_expr",
]
