"""Working time over columns: open time, workdays, and where limits end, with nulls in and out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import attrs

from windowservice.errors import InvalidValue
from windowservice.worktime.columns.asked import Asked, ask
from windowservice.worktime.columns.clocks.events import StopColumns, refuse_strangers
from windowservice.worktime.columns.data import Choice, Column, read_days, read_instants, read_whole
from windowservice.worktime.columns.limits import LimitColumns
from windowservice.worktime.columns.run import CHUNK, all_valid, at_rows, grouped_chunks, naming_the_row
from windowservice.worktime.columns.spans import Spans
from windowservice.worktime.columns.table import TableColumns
from windowservice.worktime.limits.kinds.kind import Starts
from windowservice.worktime.spans import WorkSpan

if TYPE_CHECKING:
    from windowservice.worktime.calendar import WorkCalendar
    from windowservice.worktime.columns.frame import Bools, Ints
    from windowservice.worktime.columns.spans import Places
    from windowservice.worktime.limits.limit import Limit

__all__ = [
    "DueBounds",
    "add",
    "date_of",
    "due",
    "due_bounds",
    "instant_at",
    "last_close_of",
    "nth_workday",
    "open_before",
    "workdays_before",
    "worked",
]

Rows = Any
"""Rows of a column: a slice, or their places in order."""


@attrs.frozen(eq=False)
class DueBounds:
    """Where limits end, in columns; `windowservice.worktime.limits.due.Bounds` explains the attributes.

    Attributes:
        by_row: how many rows were counted one by one, since their stops could not be counted together.
    """

    due: Column
    last_day: Column
    provisional: Bools
    earliest: Column
    latest: Column
    by_row: int


# --- where limits end -----------------------------------------------------------------------------------------------


def due(
    start: Any,
    limit: Limit | WorkSpan | str | Choice,
    calendar: WorkCalendar | Choice,
    *,
    stops: StopColumns | None = None,
    booked_until: Any = None,
    start_date_by: WorkCalendar | None = None,
    chunk: int = CHUNK,
) -> Column:
    """Return the due instants of a column of starts, as `limits.due.due_us` gives them one by one.

    Args:
        start: instants, as `columns_data.read_instants` takes them; for limits that run backwards, what is planned.
        limit: the limit, or a `Choice` over limits; where it is null, the due is null.
        calendar: the calendar, or a `Choice` over calendars.
        stops: stops that all count, closed, overlapping or not; `clocks` decides which of them do.
        booked_until: the ends of the booked slots with their grace; where a limit needs one and it is null, the due is.
        start_date_by: the calendar whose business date is the date of the start, instead of the civil date.
        chunk: how many rows are worked on at a time.

    Raises:
        InvalidValue: if a limit needs a booked slot and there is no such column, a stop is open, or columns differ in
            length.
        TimeOutOfRange, NoOpenTime: before 1900 or from 2200 on; row and value are told.
        NaiveTime, InvalidTime: if a column does not hold instants.
        CalendarNotAnnounced: beyond the known range of a calendar that refuses it.
    """
    asked = ask(start, limit, calendar, booked_until, None)
    found = _zeros(len(asked))

    def fill(limits: LimitColumns, at: Starts, rows: Rows) -> None:
        refuses = limits.calendar.known.on_unknown == "raise"
        found[rows] = limits.bounds(at).due if refuses else limits.due(at)

    _each(asked, stops, start_date_by, chunk, fill)
    return Column(found, asked.valid)


def due_bounds(
    start: Any,
    limit: Limit | WorkSpan | str | Choice,
    calendar: WorkCalendar | Choice,
    *,
    stops: StopColumns | None = None,
    booked_until: Any = None,
    start_date_by: WorkCalendar | None = None,
    chunk: int = CHUNK,
) -> DueBounds:
    """Return the due instants with their last days, and the earliest and latest they can be; arguments as `due`."""
    asked = ask(start, limit, calendar, booked_until, None)
    columns = [_zeros(len(asked)) for _ in range(5)]
    counts = {}

    def fill(limits: LimitColumns, at: Starts, rows: Rows) -> None:
        for column, values in zip(columns, limits.bounds(at), strict=True):
            column[rows] = values
        counts[id(limits)] = limits.by_row

    _each(asked, stops, start_date_by, chunk, fill)
    due_, last_day, earliest, latest = (Column(columns[place], asked.valid) for place in (0, 1, 3, 4))
    return DueBounds(due_, last_day, columns[2].astype(bool), earliest, latest, sum(counts.values()))


def _refuse_open(stops: StopColumns | None) -> None:
    if stops is not None and stops.end.valid is not None and not stops.end.valid.all():
        row = int(stops.row[stops.end.valid.argmin()])
        raise InvalidValue("stops.end", None, "given: without `as_of` no stop may be open", f"row {row}")


def _each(
    asked: Asked,
    stops: StopColumns | None,
    start_date_by: WorkCalendar | None,
    chunk: int,
    fill: Callable[[LimitColumns, Starts, Rows], None],
) -> None:
    """Call `fill` for every part with its limit, its starts and its rows."""
    _refuse_open(stops)
    refuse_strangers(len(asked), stops)
    made: dict[tuple[Limit, WorkCalendar], LimitColumns] = {}
    values = {"limit": asked.limit, "calendar": asked.calendar}
    for rows, value in grouped_chunks(len(asked), asked.valid, values, chunk):
        key = (value["limit"], value["calendar"])
        if key not in made:
            made[key] = LimitColumns(*key)
        limits = made[key]

        def run(some: slice | Places, limits: LimitColumns = limits) -> None:
            us = asked.start.values[some]
            day = limits.day_of(us, start_date_by)
            fill(limits, Starts(us, day, at_rows(asked.booked_until, some), _spans(stops, some, len(us))), some)

        naming_the_row(run, rows, asked.start.values)


def _spans(stops: StopColumns | None, rows: Rows, count: int) -> Spans | None:
    if stops is None or not len(stops):
        return None
    some = stops.of(rows)
    return Spans.of_rows(count, some.row, some.begin, some.end.values)


# --- working time ---------------------------------------------------------------------------------------------------


def worked(begin: Any, end: Any, calendar: WorkCalendar | Choice, *, chunk: int = CHUNK) -> Column:
    """Return the open time in ``[begin, end)`` in microseconds: exact, additive, negative where `end` is earlier.

    One warning, or refusal, is given for the whole column if it rests on days that are not known.

    Raises:
        As `due`.
    """
    begins, ends = read_instants(begin, "begin"), read_instants(end, "end")
    found, spans = _zeros(len(begins)), dict[Any, tuple[int, int]]()

    def run(calendar: WorkCalendar, rows: Rows) -> None:
        table, a, b = TableColumns(calendar.table), begins.values[rows], ends.values[rows]
        found[rows] = table.open_before(b) - table.open_before(a)
        _widen(spans, calendar, a, b)

    result = _by_calendar(calendar, (begins, ends), found, run, chunk)
    for of, (low, high) in spans.items():
        of.known.check(low, high)
    return result


def add(start: Any, amount: Any, calendar: WorkCalendar | Choice, *, chunk: int = CHUNK) -> Column:
    """Return the instants reached after an amount of open time: the earliest, for negative amounts the latest.

    Args:
        start: instants.
        amount: a `WorkSpan`, or a column of whole microseconds or of durations.
        calendar: the calendar, or a `Choice` over calendars.
        chunk: how many rows are worked on at a time.

    Raises:
        As `due`.
    """
    import numpy as np

    starts = read_instants(start, "start")
    fixed = isinstance(amount, WorkSpan)
    amounts = Column(np.full(len(starts), amount.us)) if fixed else read_whole(amount, "amount")
    found, spans = _zeros(len(starts)), dict[Any, tuple[int, int]]()

    def run(calendar: WorkCalendar, rows: Rows) -> None:
        table, t, w = TableColumns(calendar.table), starts.values[rows], amounts.values[rows]
        result, target = t.copy(), table.open_before(t) + w
        ahead, back = np.flatnonzero(w > 0), np.flatnonzero(w < 0)
        result[ahead], result[back] = table.instant_at(target[ahead]), table.last_instant_at(target[back])
        found[rows] = result
        _widen(spans, calendar, t, result)

    result = _by_calendar(calendar, (starts, amounts), found, run, chunk)
    for of, (low, high) in spans.items():
        of.known.check(low, high)
    return result


def _widen(spans: dict[Any, tuple[int, int]], calendar: WorkCalendar, one: Ints, other: Ints) -> None:
    """Widen the span in which a calendar was asked by two columns of instants."""
    if one.size:
        low, high = spans.get(calendar, (int(one[0]), int(one[0])))
        spans[calendar] = (
            min(low, int(one.min()), int(other.min())),
            max(high, int(one.max()), int(other.max())),
        )


def open_before(t: Any, calendar: WorkCalendar | Choice, *, chunk: int = CHUNK) -> Column:
    """Return W(t), the open time before each instant, counted from a point that is fixed for the calendar's table."""
    return _looked_up(read_instants(t, "t"), calendar, TableColumns.open_before, chunk)


def instant_at(w: Any, calendar: WorkCalendar | Choice, *, chunk: int = CHUNK) -> Column:
    """Return the EARLIEST instant x with W(x) == w."""
    return _looked_up(read_whole(w, "w"), calendar, TableColumns.instant_at, chunk)


def date_of(t: Any, calendar: WorkCalendar | Choice, *, chunk: int = CHUNK) -> Column:
    """Return the civil date of each instant in the calendar's zone, as an ordinal."""
    return _looked_up(read_instants(t, "t"), calendar, TableColumns.date_of, chunk)


def workdays_before(day: Any, calendar: WorkCalendar | Choice, *, chunk: int = CHUNK) -> Column:
    """Return the number of workdays strictly before each date, counted from a fixed day."""
    return _looked_up(read_days(day, "day"), calendar, TableColumns.workdays_before, chunk)


def nth_workday(n: Any, calendar: WorkCalendar | Choice, *, chunk: int = CHUNK) -> Column:
    """Return the workday that has n workdays before it, as an ordinal."""
    return _looked_up(read_whole(n, "n"), calendar, TableColumns.nth_workday, chunk)


def last_close_of(day: Any, calendar: WorkCalendar | Choice, *, chunk: int = CHUNK) -> Column:
    """Return the last close of each date, which must be a workday."""
    return _looked_up(read_days(day, "day"), calendar, TableColumns.last_close_of, chunk)


def _looked_up(
    column: Column, calendar: WorkCalendar | Choice, look_up: Callable[[TableColumns, Ints], Ints], chunk: int
) -> Column:
    found = _zeros(len(column))

    def run(calendar: WorkCalendar, rows: Rows) -> None:
        found[rows] = look_up(TableColumns(calendar.table), column.values[rows])

    return _by_calendar(calendar, (column,), found, run, chunk)


def _by_calendar(
    calendar: WorkCalendar | Choice,
    columns: tuple[Column, ...],
    found: Ints,
    run: Callable[[WorkCalendar, Rows], None],
    chunk: int,
) -> Column:
    """Run rows of one calendar together; the rows are null where a column or the calendar is."""
    valid = all_valid(len(columns[0]), *columns, *([calendar] if isinstance(calendar, Choice) else []))
    for rows, values in grouped_chunks(len(columns[0]), valid, {"calendar": calendar}, chunk):
        of: WorkCalendar = values["calendar"]

        def run_rows(some: slice | Places, of: WorkCalendar = of) -> None:
            run(of, some)

        naming_the_row(run_rows, rows, columns[0].values)
    return Column(found, valid)


def _zeros(rows: int) -> Ints:
    import numpy as np

    return np.zeros(rows, dtype=np.int64)
