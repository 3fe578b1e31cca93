"""The clock of a request over columns: records whose clock nothing moves all at once, the others one by one."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from windowservice.language.kernel_columns import ClockColumns, groups
from windowservice.worktime.limit_text import Kind

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    from windowservice.language.polars_gather import Rows
    from windowservice.language.to_polars import RecordColumns

    Ints = np.ndarray[Any, Any]

__all__ = ["RequestClocks", "at_risk_column", "request_clock_columns", "stopped_column", "worked_on_column"]


class RequestClocks(ClockColumns):
    """The clocks of requests, with what they were run on for those who ask more of them.

    Attributes:
        start: the starts, in microseconds UTC (0 where there is none).
        horizon: up to when each was looked at: its end, or the instant judged.
        groups: the limit and calendar of the records, with the rows that have them.
        runs: the records that were run one by one, by row (see `facts.clock_kernel.Run`).
    """

    def __init__(self, height: int, start: Ints, horizon: Ints) -> None:
        super().__init__(height)
        self.start = start
        self.horizon = horizon
        self.groups: list[tuple[Any, Any, Ints]] = []
        self.runs: dict[int, Any] = {}


def request_clock_columns(
    run: RecordColumns, start: pl.Series, limit: Any, rows: Rows, done: pl.Series, policy: pl.Series, local: pl.Series,
    name: pl.Series, slot_end: pl.Series, grace: pl.Series,
) -> RequestClocks:  # fmt: skip
    """Return the clocks of all requests; see `facts.clock_kernel.REQUEST_CLOCK` for the arguments."""
    import numpy as np

    from windowservice.worktime.columns_limits import LimitColumns, Starts

    at, done_at = start.fill_null(0).to_numpy(), done.fill_null(run.as_of).to_numpy()
    clocks = RequestClocks(run.height, at, np.minimum(done_at, run.as_of))
    known = start.is_not_null().to_numpy()
    if rows.unknown is not None:
        known = known & ~rows.unknown
    booked = slot_end.fill_null(0).to_numpy() + grace.fill_null(0).to_numpy()
    has_slot = slot_end.is_not_null().to_numpy()
    busy = _busy(run.height, rows, at)
    for one, calendar, members in groups(run, limit, name, np.flatnonzero(known)):
        if one.kind is Kind.BOOKED:
            members = members[has_slot[members]]  # noqa: PLW2901 - without a slot it has no clock
        clocks.groups.append((one, calendar, members))
        plain = members[~busy[members]]
        us = at[plain]
        columns = LimitColumns(one, calendar)
        found = columns.bounds(Starts(us, columns.table.date_of(us), booked[plain] if columns.needs_booking else None))
        clocks.fill(plain, found.due, found.earliest, found.latest, found.provisional, found.last_day)
    _run_one_by_one(run, clocks, limit, rows, done, policy, local, name, slot_end, grace, busy)
    return clocks


def _busy(height: int, rows: Rows, start: Ints) -> Ints:
    """Return which records have events that may move their clock; papers complete before it started do not."""
    import numpy as np

    busy = np.zeros(height, bool)
    if not len(rows.row):
        return busy
    at, kind = rows.values[0].to_numpy(), rows.values[1].cast(str)
    papers = kind.is_in(["notified", "supplemented"]).to_numpy()
    before = at <= start[rows.row]
    busy[rows.row[~(papers & before)]] = True
    told = (kind == "notified").to_numpy() & before
    complete = (kind == "supplemented").to_numpy() & before
    waiting = np.zeros(height, bool)
    waiting[rows.row[told]] = True
    waiting[rows.row[complete]] = False
    return busy | waiting


def _run_one_by_one(
    run: RecordColumns, clocks: RequestClocks, limit: Any, rows: Rows, done: pl.Series, policy: pl.Series,
    local: pl.Series, name: pl.Series, slot_end: pl.Series, grace: pl.Series, busy: Ints,
) -> None:  # fmt: skip
    import numpy as np
    import polars as pl

    from windowservice.facts.clock_kernel import REQUEST_CLOCK, RUN

    members = np.concatenate([m for _, _, m in clocks.groups]) if clocks.groups else np.zeros(0, np.int64)
    wanted = np.sort(members[busy[members]])
    if not len(wanted):
        return
    clock = REQUEST_CLOCK.bind(run.binding)
    events: dict[int, list[tuple[Any, ...]]] = {}
    chosen = np.flatnonzero(np.isin(rows.row, wanted))
    columns = [value.gather(chosen).to_list() for value in rows.values]
    for row, event in zip(rows.row[chosen].tolist(), zip(*columns, strict=True), strict=True):
        events.setdefault(row, []).append(event)

    def picked(series: Any) -> list[Any]:
        return series.gather(wanted).to_list() if isinstance(series, pl.Series) else [series] * len(wanted)

    limits = [run.limits[code] for code in picked(limit)] if isinstance(limit, pl.Series) else picked(limit)
    given = zip(
        wanted.tolist(), clocks.start[wanted].tolist(), limits, picked(done), picked(policy), picked(local),
        picked(name), picked(slot_end), picked(grace), strict=True,
    )  # fmt: skip
    for row, begun, one, ended, how, reasons, calendar, slot, more in given:
        told = None if reasons is None else frozenset(reasons)
        found = clock(begun, one, tuple(events.get(row, ())), ended, how, told, calendar, slot, more, run.as_of)
        if found is None:
            continue
        at = np.array([row])
        due, earliest, latest, provisional, last_day, notes = found[:RUN]
        clocks.fill(at, due, earliest, latest, provisional, last_day)
        clocks.runs[row] = found[RUN]
        if notes:
            clocks.notes[row] = notes


def at_risk_column(run: RecordColumns, clocks: RequestClocks, share: Any) -> pl.Series:
    """Return when a share of each clock's net open time is used."""
    import numpy as np
    import polars as pl

    from windowservice.worktime.columns_table import TableColumns
    from windowservice.worktime.standing import at_risk

    exact = Fraction(share)
    out, known = np.zeros(run.height, np.int64), np.zeros(run.height, bool)
    for limit, calendar, members in clocks.groups:
        plain = (
            np.array([row for row in members.tolist() if row not in clocks.runs], np.int64) if clocks.runs else members
        )
        if limit.before or not len(plain):
            continue
        table = TableColumns(calendar.table)
        start, due = clocks.start[plain], clocks.arrays["due"][plain]
        if limit.kind is Kind.ELAPSED:
            out[plain] = start + max(1, limit.amount * exact.numerator // exact.denominator)
            known[plain] = True
            continue
        begun = table.open_before(start)
        net = table.open_before(due) - begun
        some = net > 0
        used = np.maximum(1, net[some] * exact.numerator // exact.denominator)
        out[plain[some]] = table.instant_at(begun[some] + used)
        known[plain[some]] = True
    for row, one in clocks.runs.items():
        found = at_risk(one.limit, one.clock, one.calendar, exact)
        if found is not None:
            out[row], known[row] = found, True
    return pl.select(pl.when(pl.Series(known)).then(pl.Series(out))).to_series()


def _net(run: RecordColumns, clocks: RequestClocks, *, stopped: bool) -> pl.Series:
    import numpy as np
    import polars as pl

    from windowservice.facts.clock_kernel import net_open_time
    from windowservice.worktime.columns_table import TableColumns

    out, known = np.zeros(run.height, np.int64), np.zeros(run.height, bool)
    for _, calendar, members in clocks.groups:
        known[members] = True
        if not stopped and len(members):
            table = TableColumns(calendar.table)
            start = clocks.start[members]
            until = np.maximum(start, clocks.horizon[members])
            out[members] = table.open_before(until) - table.open_before(start)
    for row, one in clocks.runs.items():
        out[row] = net_open_time(one, stopped=stopped)
    return pl.select(pl.when(pl.Series(known)).then(pl.Series(out))).to_series()


def worked_on_column(run: RecordColumns, clocks: RequestClocks, _done: Any) -> pl.Series:
    """Return the open time that each matter took so far, stops taken out."""
    return _net(run, clocks, stopped=False)


def stopped_column(run: RecordColumns, clocks: RequestClocks, _done: Any) -> pl.Series:
    """Return the open time for which each clock was stopped so far."""
    return _net(run, clocks, stopped=True)
