"""The clock of a request over columns: records whose clock nothing moves, and the others under stops and restarts."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from windowservice.language.polars.kernels import ClockColumns, calendars_of, groups, limits_of
from windowservice.worktime.clock.standing import AT_RISK_SHARE

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import polars as pl

    from windowservice.facts.requests.clock_events import Moves
    from windowservice.language.polars.compile import RecordColumns
    from windowservice.language.polars.gather import Rows
    from windowservice.worktime.columns.clocks.clock import Clocks

    Ints = np.ndarray[Any, Any]

__all__ = ["RequestClocks", "at_risk_column", "request_clock_columns", "stopped_column", "worked_on_column"]

_APART = "\x1f"
"""Stands between the reasons of a set while it is a text."""


class RequestClocks(ClockColumns):
    """The clocks of requests, with what they were run on for those who ask more of them.

    Attributes:
        start: the starts, in microseconds UTC (0 where there is none).
        horizon: up to when each was looked at: its end, or the instant judged.
        plain: the limit and calendar of the records whose clock nothing moves, with the rows that have them.
        moved: the other records that have a clock, ascending.
        run_moved: runs the clocks of those, given the share at which a matter is at risk.
    """

    def __init__(self, height: int, start: Ints, horizon: Ints) -> None:
        import numpy as np

        super().__init__(height)
        self.start = start
        self.horizon = horizon
        self.plain: list[tuple[Any, Any, Ints]] = []
        self.moved: Ints = np.zeros(0, np.int64)
        self.run_moved: Callable[[Fraction], Clocks] | None = None
        self._ran: dict[Fraction, Clocks] = {}

    def moved_clocks(self, share: Fraction = AT_RISK_SHARE) -> Clocks | None:
        """Return the clocks of the records that something moves, in order; None if there are none."""
        if self.run_moved is None:
            return None
        if share not in self._ran:
            self._ran[share] = self.run_moved(share)
        return self._ran[share]


def request_clock_columns(
    run: RecordColumns, start: pl.Series, limit: Any, rows: Rows, done: pl.Series, policy: Any, local: Any, name: Any,
    slot_end: pl.Series, grace: Any,
) -> RequestClocks:  # fmt: skip
    """Return the clocks of all requests; see `facts.clock_kernel.REQUEST_CLOCK` for the arguments."""
    import numpy as np

    from windowservice.facts.requests.clock_events import moves_of
    from windowservice.worktime.columns.limits import LimitColumns
    from windowservice.worktime.limits.kinds.kind import Starts

    at, done_at = start.fill_null(0).to_numpy(), done.fill_null(run.as_of).to_numpy()
    clocks = RequestClocks(run.height, at, np.minimum(done_at, run.as_of))
    known = start.is_not_null().to_numpy()
    if rows.unknown is not None:
        known = known & ~rows.unknown
    booked, has_slot = _booked(slot_end, grace)
    moves = moves_of(rows, at)
    busy = np.zeros(run.height, bool)
    busy[moves.requests()] = True
    for one, calendar, members in groups(run, limit, name, np.flatnonzero(known)):
        if one.kind.booked:
            members = members[has_slot[members]]  # noqa: PLW2901 - without a slot it has no clock
        clocks.filled[members] = True
        plain = members[~busy[members]]
        clocks.plain.append((one, calendar, plain))
        us = at[plain]
        columns = LimitColumns(one, calendar)
        found = columns.bounds(Starts(us, columns.table.date_of(us), booked[plain] if one.needs_slot else None))
        clocks.fill(plain, found.due, found.earliest, found.latest, found.provisional, found.last_day)
    clocks.moved = np.flatnonzero(clocks.filled & busy)
    if len(clocks.moved):
        given = {"limit": limit, "name": name, "policy": policy, "local": local, "done": done}
        _run_moved(run, clocks, moves.of(clocks.moved), booked, has_slot, given)
    return clocks


def _booked(slot_end: pl.Series, grace: Any) -> tuple[Ints, Ints]:
    """Return when booked slots end with their grace, and which records have one."""
    import polars as pl

    more = grace.fill_null(0).to_numpy() if isinstance(grace, pl.Series) else grace or 0
    return slot_end.fill_null(0).to_numpy() + more, slot_end.is_not_null().to_numpy()


def _run_moved(
    run: RecordColumns, clocks: RequestClocks, moves: Moves, booked: Ints, has_slot: Ints, given: dict[str, Any]
) -> None:
    """Fill in the clocks of the records that something moves."""
    from windowservice.worktime.columns.clocks.clock import clocks as run_clocks
    from windowservice.worktime.columns.data import Choice, Column

    rows = clocks.moved
    limits, limit_codes = limits_of(run, given["limit"])
    calendars, calendar_codes = calendars_of(run, given["name"])
    done = given["done"].gather(rows)

    def run_moved(share: Fraction) -> Clocks:
        return run_clocks(
            clocks.start[rows],
            Choice(limit_codes[rows], tuple(limits)),
            Choice(calendar_codes[rows], tuple(calendars)),
            stops=moves.stops, notices=moves.notices, extensions=moves.extensions, as_of=run.as_of, done=done,
            supplement=_policies(given["policy"], rows), local_reasons=_reasons(given["local"], rows),
            booked_until=Column(booked[rows], has_slot[rows]), at_risk_share=share,
        )  # fmt: skip

    clocks.run_moved = run_moved
    found = clocks.moved_clocks()
    assert found is not None  # noqa: S101 - run_moved is set
    if found.valid is not None:  # a limit that needs a slot where none is booked
        clocks.filled[rows[~found.valid]] = False
    filled = slice(None) if found.valid is None else found.valid
    clocks.fill(
        rows[filled], found.due.values[filled], found.earliest.values[filled], found.latest.values[filled],
        found.provisional[filled], found.last_day.values[filled],
    )  # fmt: skip
    _note(clocks, rows, found.notes)


def _note(clocks: RequestClocks, rows: Ints, bits: Ints) -> None:
    """Note what did not act on the clocks: there are few different sets of codes."""
    import numpy as np

    from windowservice.worktime.columns.clocks.events import NOTE_BITS

    for said in np.unique(bits[bits != 0]).tolist():
        clocks.noted[rows[bits == said]] = len(clocks.notes)
        clocks.notes.append(sorted(str(code) for code, bit in NOTE_BITS.items() if said & bit))


def _policies(policy: Any, rows: Ints) -> Any:
    """Return what completing the papers does, for each of the rows."""
    import polars as pl

    from windowservice.worktime.columns.data import Choice

    if not isinstance(policy, pl.Series):
        return policy or "restart"
    words = policy.gather(rows).cast(pl.String).fill_null("restart")
    known = words.unique(maintain_order=True)
    return Choice(words.cast(pl.Enum(known)).to_physical().cast(pl.Int64).to_numpy(), tuple(known))


def _reasons(local: Any, rows: Ints) -> Any:
    """Return the local reasons that stop the clock, for each of the rows; None for any reason."""
    import polars as pl

    from windowservice.worktime.columns.data import Choice

    if not isinstance(local, pl.Series):
        return None if local is None else frozenset(local)
    texts = local.gather(rows).list.join(_APART).fill_null(_APART)
    known = texts.unique(maintain_order=True)
    sets = tuple(None if text == _APART else frozenset(filter(None, text.split(_APART))) for text in known)
    return Choice(texts.cast(pl.Enum(known)).to_physical().cast(pl.Int64).to_numpy(), sets)


def at_risk_column(run: RecordColumns, clocks: RequestClocks, share: Any) -> pl.Series:
    """Return when a share of each clock's net open time is used."""
    import numpy as np

    exact = Fraction(share)
    out, known = np.zeros(run.height, np.int64), np.zeros(run.height, bool)
    for limit, calendar, members in clocks.plain:
        if limit.before or not len(members):
            continue
        rows, at = _plain_at_risk(clocks, limit, calendar, members, exact)
        out[rows], known[rows] = at, True
    moved = clocks.moved_clocks(exact)
    if moved is not None:
        rows, valid = _valid(clocks.moved, moved.at_risk.valid)
        out[rows], known[rows] = moved.at_risk.values[valid], True
    return _masked(out, known)


def _plain_at_risk(
    clocks: RequestClocks, limit: Any, calendar: Any, members: Ints, share: Fraction
) -> tuple[Ints, Ints]:
    """Return the rows whose plain clocks have time to share out, and when the share is used."""
    import numpy as np

    from windowservice.worktime.columns.table import TableColumns

    table = TableColumns(calendar.table)
    start, due = clocks.start[members], clocks.arrays["due"][members]
    if limit.kind.real_time:
        return members, start + max(1, limit.amount * share.numerator // share.denominator)
    begun = table.open_before(start)
    net = table.open_before(due) - begun
    some = net > 0
    used = np.maximum(1, net[some] * share.numerator // share.denominator)
    return members[some], table.instant_at(begun[some] + used)


def worked_on_column(run: RecordColumns, clocks: RequestClocks, _done: Any) -> pl.Series:
    """Return the open time that each matter took so far, stops taken out."""
    import numpy as np

    from windowservice.worktime.columns.table import TableColumns

    out = np.zeros(run.height, np.int64)
    for _, calendar, members in clocks.plain:
        if len(members):
            table = TableColumns(calendar.table)
            start = clocks.start[members]
            until = np.maximum(start, clocks.horizon[members])
            out[members] = table.open_before(until) - table.open_before(start)
    moved = clocks.moved_clocks()
    if moved is not None:
        rows, valid = _valid(clocks.moved, moved.worked.valid)
        out[rows] = moved.worked.values[valid]
    return _masked(out, clocks.filled)


def stopped_column(run: RecordColumns, clocks: RequestClocks, _done: Any) -> pl.Series:
    """Return the open time for which each clock was stopped so far."""
    import numpy as np

    out = np.zeros(run.height, np.int64)
    moved = clocks.moved_clocks()
    if moved is not None:
        rows, valid = _valid(clocks.moved, moved.stopped_for.valid)
        out[rows] = moved.stopped_for.values[valid]
    return _masked(out, clocks.filled)


def _valid(rows: Ints, valid: Any) -> tuple[Ints, Any]:
    """Return the rows that are not null, and where they stand among all."""
    return (rows, slice(None)) if valid is None else (rows[valid], valid)


def _masked(values: Ints, known: Ints) -> pl.Series:
    import polars as pl

    return pl.select(pl.when(pl.Series(known)).then(pl.Series(values))).to_series()
