"""Working-time arithmetic beside pandas CustomBusinessHour, in one run: ``python tests/benchmarks/bench_worktime.py``.

The calendar is China's, 2018 to 2026, 09:00-11:30 and 13:30-17:00. The starts and amounts are the same for every row;
amounts are whole hours, since pandas knows no others, and make-up workdays are given to pandas as a week of seven days
with every rest day as a holiday, since it has no other way. Trust the ratios, not the microseconds.
"""

from __future__ import annotations

import gc
import random
import sys
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from windowservice.instants import HOUR, get_zone, to_us
from windowservice.worktime.calendar import WorkCalendar
from windowservice.worktime.spans import WorkSpan, work

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROWS = 20_000
PANDAS_ROWS = 2_000
WANTED = {"add": 40, "worked": 40, "add, plain ints": 150, "worked, plain ints": 150}


def measure(function: Callable[..., Any], rows: Sequence[tuple[Any, ...]]) -> float:
    """Return the microseconds a call, the best of five rounds."""
    best = float("inf")
    for _ in range(5):
        gc.collect()
        start = time.perf_counter()
        for row in rows:
            function(*row)
        best = min(best, time.perf_counter() - start)
    return best / len(rows) * 1e6


def pandas_add() -> tuple[Callable[..., Any], Any]:
    """Return pandas' way to add whole hours of open time, over the same days."""
    import pandas as pd

    calendar = WorkCalendar.china("09:00-11:30 13:30-17:00")
    first, last = date(2018, 1, 1).toordinal(), date(2026, 12, 28).toordinal()
    rest = [date.fromordinal(day) for day in range(first, last) if not calendar.is_workday(date.fromordinal(day))]
    offset = pd.offsets.CustomBusinessHour(
        n=1, start=["09:00", "13:30"], end=["11:30", "17:00"], weekmask="1111111", holidays=rest
    )
    return (lambda start, hours: start + hours * offset), pd


def main() -> None:
    """Print the table."""
    rng = random.Random(20180503)
    zone = get_zone("Asia/Shanghai")
    calendar = WorkCalendar.china("09:00-11:30 13:30-17:00")
    begin = datetime(2019, 1, 1, tzinfo=zone)
    starts = [begin + timedelta(minutes=rng.randrange(6 * 365 * 24 * 60)) for _ in range(ROWS)]
    hours = [rng.randrange(1, 61) for _ in range(ROWS)]
    ends = [start + timedelta(minutes=rng.randrange(1, 30 * 24 * 60)) for start in starts]

    add_in_pandas, pd = pandas_add()
    rows = [(pd.Timestamp(start).tz_localize(None), n) for start, n in zip(starts, hours, strict=True)][:PANDAS_ROWS]
    yardstick = measure(add_in_pandas, rows)

    spans = [work(hours=n) for n in hours]
    us = [to_us(start) for start in starts]
    table = calendar.table
    open_before, instant_at = table.open_before, table.instant_at

    results = {
        "add": measure(calendar.add, list(zip(starts, spans, strict=True))),
        "worked": measure(calendar.worked, list(zip(starts, ends, strict=True))),
        "add, plain ints": measure(
            lambda t, w: instant_at(open_before(t) + w), [(t, n * HOUR) for t, n in zip(us, hours, strict=True)]
        ),
        "worked, plain ints": measure(
            lambda a, b: open_before(b) - open_before(a), [(a, to_us(b)) for a, b in zip(us, ends, strict=True)]
        ),
    }
    print(f"pandas {pd.__version__}, CustomBusinessHour, whole hours, scalar: {yardstick:8.1f} us")
    for name, cost in results.items():
        print(f"{name:20} {cost:7.3f} us   {yardstick / cost:6.0f} times as fast (wanted {WANTED[name]})")

    differences = 0
    for (start, n), span in zip(rows, spans, strict=False):
        ours = calendar.add(start.tz_localize(zone).to_pydatetime(), span)
        # Where a session is used up exactly pandas gives the next opening, ours its close: the open time is the same.
        theirs = add_in_pandas(start, n).tz_localize(zone).to_pydatetime()
        differences += calendar.worked(ours, theirs) != WorkSpan(0)
    print(f"results that differ by open time: {differences} of {len(rows)}")


if __name__ == "__main__":
    main()
