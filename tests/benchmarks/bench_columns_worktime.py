"""Working time in columns beside ``np.add`` and pandas: ``python tests/benchmarks/bench_columns_worktime.py``.

Everything is measured in one run, in processor time, each figure in turn with its yardstick, best of several rounds.
The yardstick is
``np.add`` of two int64 columns of as many rows, into an array that is there already; with a new array it is measured
too. The calendar is China's, 2018 to 2026, 09:00-11:30 and 13:30-17:00; starts are random minutes of 2019 to 2024,
which is harder than a log in order. pandas knows whole hours only and has no stops. Trust the ratios.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

import numpy as np
import polars as pl

from windowservice.instants import DAY, MINUTE, datetime_us
from windowservice.worktime.calendar import WorkCalendar
from windowservice.worktime.columns import facade as columns
from windowservice.worktime.limits.limit import Limit

if TYPE_CHECKING:
    from collections.abc import Callable

ROWS = 1_000_000
PANDAS_ROWS = 2_000
ROUNDS = 21


def nanoseconds(*functions: Callable[[], Any]) -> list[float]:
    """Return the nanoseconds a row that each function takes, the best of some rounds in which they take turns."""
    best = [float("inf")] * len(functions)
    for _ in range(ROUNDS):
        for place, function in enumerate(functions):
            begin = time.process_time()
            function()
            best[place] = min(best[place], time.process_time() - begin)
    return [one / ROWS * 1e9 for one in best]


def pandas_nanoseconds(calendar: WorkCalendar, starts: np.ndarray) -> float:
    """Return what CustomBusinessHour takes a row for a column of starts and one amount."""
    import warnings

    import pandas as pd

    first, last = date(2018, 1, 1).toordinal(), date(2026, 12, 28).toordinal()
    rest = [date.fromordinal(day) for day in range(first, last) if not calendar.is_workday(date.fromordinal(day))]
    offset = pd.offsets.CustomBusinessHour(
        n=8, start=["09:00", "13:30"], end=["11:30", "17:00"], weekmask="1111111", holidays=rest
    )
    index = pd.DatetimeIndex((starts[:PANDAS_ROWS] + 8 * 60 * MINUTE).astype("datetime64[us]"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandas says that it loops
        begin = time.process_time()
        index + offset
        return (time.process_time() - begin) / PANDAS_ROWS * 1e9


def random_stops(rng: np.random.Generator, starts: np.ndarray) -> columns.StopColumns:
    """Return none to three stops a row, in order, each of up to three days, within about two weeks of the start."""
    counts = rng.integers(0, 4, len(starts))
    row = np.repeat(np.arange(len(starts)), counts)
    place = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    begin = starts[row] + place * 4 * DAY + rng.integers(0, DAY, len(row))
    end = begin + rng.integers(1, 3 * 24 * 60, len(row)) * MINUTE
    return columns.StopColumns.flat(row, begin, end)


def main() -> None:
    """Print the table."""
    rng = np.random.default_rng(20180503)
    calendar = WorkCalendar.china("09:00-11:30 13:30-17:00")
    begin, end = (datetime_us(datetime(year, 1, 1, tzinfo=UTC)) for year in (2019, 2025))
    starts = rng.integers(begin // MINUTE, end // MINUTE, ROWS) * MINUTE
    others, out = rng.integers(0, DAY, ROWS), np.empty(ROWS, dtype=np.int64)
    stops = random_stops(rng, starts)
    ends = starts + rng.integers(0, 30 * 24 * 60, ROWS) * MINUTE
    series = pl.Series("start", starts).cast(pl.Datetime("us", "UTC")).dt.convert_time_zone("Asia/Shanghai")
    frame = pl.DataFrame([series])
    limits = {text: Limit.parse(text) for text in ("20 working hours", "5 working days", "15 days", "72 hours")}
    hours, days, dates, real = limits.values()
    many = columns.Choice(rng.integers(0, 4, ROWS), tuple(limits.values()))

    peer = pandas_nanoseconds(calendar, starts)
    cases: list[tuple[str, Callable[[], Any], float | None]] = [
        ("due, 20 working hours", lambda: columns.due(starts, hours, calendar), 20),
        ("due, 5 working days", lambda: columns.due(starts, days, calendar), 15),
        ("due, 15 days", lambda: columns.due(starts, dates, calendar), None),
        ("due, 72 hours", lambda: columns.due(starts, real, calendar), None),
        ("due, 1 working day at 12:00", lambda: columns.due(starts, "1 working day at 12:00", calendar), None),
        ("due, same working day", lambda: columns.due(starts, "same working day", calendar), None),
        ("due, four limits mixed", lambda: columns.due(starts, many, calendar), None),
        ("due with bounds, 20 working hours", lambda: columns.due_bounds(starts, hours, calendar), None),
        ("worked", lambda: columns.worked(starts, ends, calendar), None),
        ("due as an expression, 5 working days", lambda: frame.select(columns.due_expr("start", days, calendar)), None),
    ]
    print(f"pandas CustomBusinessHour on a DatetimeIndex, 8 hours: {peer:,.0f} ns a row")
    print(f"{'':40}{'ns a row':>9}{'np.add':>8}{'times':>7}{'wanted':>8}{'pandas is':>12}")
    for name, run, wanted in cases:
        run()  # the table is laid out once
        cost, yardstick = nanoseconds(run, lambda: np.add(starts, others, out=out))
        limit = "" if wanted is None else f"{wanted:.0f}"
        print(f"{name:40}{cost:9.1f}{yardstick:8.2f}{cost / yardstick:7.1f}{limit:>8}{peer / cost:10,.0f} x")
    print(f"np.add into a new array: {nanoseconds(lambda: np.add(starts, others))[0]:.2f} ns a row\n")

    print(f"{'with up to three stops':40}{'ns a row':>9}{'without':>9}{'times':>7}{'wanted':>8}")
    for text, limit in limits.items():
        cost, alone = nanoseconds(
            lambda limit=limit: columns.due(starts, limit, calendar, stops=stops),
            lambda limit=limit: columns.due(starts, limit, calendar),
        )
        print(f"due, {text:35}{cost:9.1f}{alone:9.1f}{cost / alone:7.1f}{3:8}")


if __name__ == "__main__":
    main()
