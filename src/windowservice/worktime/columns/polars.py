"""Working time as Polars expressions, in eager and lazy frames alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypedDict

from windowservice.errors import InvalidValue
from windowservice.worktime.columns.data import Choice
from windowservice.worktime.columns.due import due, due_bounds
from windowservice.worktime.columns.stops import StopColumns
from windowservice.worktime.columns.worked import add, workdays, worked
from windowservice.worktime.limits.limit import Limit
from windowservice.worktime.spans import WorkSpan

if TYPE_CHECKING:
    from typing import Unpack

    import polars as pl

    from windowservice.worktime.calendar import WorkCalendar

__all__ = ["add_expr", "due_bounds_expr", "due_expr", "workdays_expr", "worked_expr"]


class DueOptions(TypedDict, total=False):
    """What else may be said of where limits end, in an expression.

    Attributes:
        limits: the limits by name; null where the name is.
        calendars: the calendars by name; null where the name is.
        stops: a column of lists of structs with the fields begin and end: stops that all count.
        booked_until: a column of the ends of the booked slots with their grace.
        start_date_by: the calendar whose business date is the date of the start, instead of the civil date.
    """

    limits: Mapping[str, Limit | WorkSpan | str] | None
    calendars: Mapping[str, WorkCalendar] | None
    stops: str | pl.Expr | None
    booked_until: str | pl.Expr | None
    start_date_by: WorkCalendar | None


def due_expr(
    start: str | pl.Expr,
    limit: Limit | WorkSpan | str | pl.Expr,
    calendar: WorkCalendar | pl.Expr,
    **options: Unpack[DueOptions],
) -> pl.Expr:
    """Return an expression of the due instants, in the zone of the calendar, UTC if there are several.

    Args:
        start: a column of datetimes with a zone; for limits that run backwards, what is planned.
        limit: the limit; with `limits`, an expression of names.
        calendar: the calendar; with `calendars`, an expression of names.
        options: see `DueOptions`.

    Raises:
        InvalidValue: if an expression is given without its names.
        MissingExtra: without Polars. While the query runs, errors are those of `columns.due`, wrapped by Polars.
    """
    import polars as pl

    inputs = _Inputs(start, limit, calendar, options)

    def run(columns: Sequence[pl.Series]) -> pl.Series:
        found = due(*inputs.given(columns), **inputs.options(columns))
        return found.to_series(zone=inputs.zone)

    return _mapped(inputs.exprs, run, pl.Datetime("us", inputs.zone))


def due_bounds_expr(
    start: str | pl.Expr,
    limit: Limit | WorkSpan | str | pl.Expr,
    calendar: WorkCalendar | pl.Expr,
    **options: Unpack[DueOptions],
) -> pl.Expr:
    """Return an expression of structs: due, last_day, provisional, earliest and latest; arguments as `due_expr`."""
    import polars as pl

    inputs = _Inputs(start, limit, calendar, options)
    instant = pl.Datetime("us", inputs.zone)
    fields: dict[str, Any] = {
        "due": instant,
        "last_day": pl.Date,
        "provisional": pl.Boolean,
        "earliest": instant,
        "latest": instant,
    }

    def run(columns: Sequence[pl.Series]) -> pl.Series:
        found = due_bounds(*inputs.given(columns), **inputs.options(columns))
        made = [
            found.due.to_series("due", zone=inputs.zone),
            found.last_day.to_series("last_day", days=True),
            pl.Series("provisional", found.provisional),
            found.earliest.to_series("earliest", zone=inputs.zone),
            found.latest.to_series("latest", zone=inputs.zone),
        ]
        structs = pl.DataFrame(made).to_struct()
        valid = found.due.valid
        return structs if valid is None else structs.set(pl.Series(~valid), None)

    return _mapped(inputs.exprs, run, pl.Struct(fields))


def worked_expr(begin: str | pl.Expr, end: str | pl.Expr, calendar: WorkCalendar) -> pl.Expr:
    """Return an expression of the open time in ``[begin, end)``, as a duration: of open time, not of real time."""
    import polars as pl

    def run(columns: Sequence[pl.Series]) -> pl.Series:
        return worked(columns[0], columns[1], calendar).to_series(span=True)

    return _mapped([_expr(begin), _expr(end)], run, pl.Duration("us"))


def add_expr(start: str | pl.Expr, amount: WorkSpan | pl.Expr, calendar: WorkCalendar) -> pl.Expr:
    """Return an expression of the instants reached after an amount of open time, a `WorkSpan` or durations."""
    import polars as pl

    fixed = isinstance(amount, WorkSpan)
    exprs = [_expr(start)] if isinstance(amount, WorkSpan) else [_expr(start), amount]

    def run(columns: Sequence[pl.Series]) -> pl.Series:
        found = add(columns[0], amount if fixed else columns[1], calendar)
        return found.to_series(zone=calendar.timezone)

    return _mapped(exprs, run, pl.Datetime("us", calendar.timezone))


def workdays_expr(first: str | pl.Expr, last: str | pl.Expr, calendar: WorkCalendar) -> pl.Expr:
    """Return an expression of the workdays in ``[first, last)``, columns of dates; negative if `last` is earlier."""
    import polars as pl

    def run(columns: Sequence[pl.Series]) -> pl.Series:
        return workdays(columns[0], columns[1], calendar).to_series()

    return _mapped([_expr(first), _expr(last)], run, pl.Int64())


class _Inputs:
    """The columns that an expression reads, and what is the same for all rows."""

    def __init__(self, start: str | pl.Expr, limit: Any, calendar: Any, options: DueOptions) -> None:
        limits, calendars = options.get("limits"), options.get("calendars")
        self._start_date_by = options.get("start_date_by")
        self._limit = _one_or_named(limit, limits, "limit")
        self._calendar = _one_or_named(calendar, calendars, "calendar")
        self._limits, self._calendars = limits, calendars
        self.zone = "UTC" if calendars is not None else calendar.timezone
        named = [("start", start), ("limit", limit if limits is not None else None)]
        named += [("calendar", calendar if calendars is not None else None)]
        named += [("stops", options.get("stops")), ("booked_until", options.get("booked_until"))]
        self._names = [name for name, expr in named if expr is not None]
        self.exprs = [_expr(expr) for _, expr in named if expr is not None]

    def given(self, columns: Sequence[pl.Series]) -> tuple[Any, Any, Any]:
        """Return starts, limit and calendar."""
        by_name = dict(zip(self._names, columns, strict=True))
        limit, calendar = self._limit, self._calendar
        if self._limits is not None:
            limit = Choice.by_name(by_name["limit"], self._limits, "limit")
        if self._calendars is not None:
            calendar = Choice.by_name(by_name["calendar"], self._calendars, "calendar")
        return by_name["start"], limit, calendar

    def options(self, columns: Sequence[pl.Series]) -> dict[str, Any]:
        """Return stops, booked slots, and whose date is that of the start."""
        by_name = dict(zip(self._names, columns, strict=True))
        stops = StopColumns.from_lists(by_name["stops"]) if "stops" in by_name else None
        return {
            "stops": stops, "booked_until": by_name.get("booked_until"), "start_date_by": self._start_date_by,
        }  # fmt: skip


def _one_or_named(value: Any, names: Mapping[str, Any] | None, what: str) -> Any:
    """Return what holds for all rows; an expression needs the names that it may say."""
    import polars as pl

    if isinstance(value, pl.Expr) and names is None:
        raise InvalidValue(f"{what}s", None, f"a mapping of names to {what}s, since the {what} is an expression")
    if names is not None:
        return None
    return Limit.of(value) if what == "limit" else value


def _expr(column: str | pl.Expr) -> pl.Expr:
    import polars as pl

    return pl.col(column) if isinstance(column, str) else column


def _mapped(exprs: list[pl.Expr], run: Callable[[Sequence[pl.Series]], pl.Series], dtype: Any) -> pl.Expr:
    """Return an expression that runs row for row, so that Polars may do so in parts."""
    import polars as pl

    if len(exprs) == 1:
        return exprs[0].map_batches(lambda column: run([column]), dtype, is_elementwise=True)
    names = [f"{place}" for place in range(len(exprs))]
    structs = pl.struct(expr.alias(name) for expr, name in zip(exprs, names, strict=True))

    def apart(column: pl.Series) -> pl.Series:
        return run([column.struct.field(name) for name in names])

    return structs.map_batches(apart, dtype, is_elementwise=True)
