"""Clocks in columns: limits under stops, notices and extensions, as of an instant, for many matters at once.

What comes out is what `clock.replay.run_clock` says of each row. Stops, the wait for papers with its
restart, and one extension are folded over all rows; a row with an extension beside a notice, or with several
extensions, is run by itself, and counted.
"""

from __future__ import annotations

import functools
import operator
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from windowservice.errors import InvalidValue
from windowservice.worktime.clock.deadline import share_of
from windowservice.worktime.clock.replay import Clock, Supplement, run_clock
from windowservice.worktime.clock.standing import AT_RISK_SHARE, at_risk
from windowservice.worktime.clock.stops import WAITING_FOR_PAPERS, Code
from windowservice.worktime.columns.asked import ask
from windowservice.worktime.columns.clocks.events import (
    NOTE_BITS,
    ExtensionColumns,
    NoticeColumns,
    StopColumns,
    refuse_strangers,
)
from windowservice.worktime.columns.clocks.fold import Fold, extended, stop_notes
from windowservice.worktime.columns.clocks.matters import NEVER, Matters, Service, Told
from windowservice.worktime.columns.clocks.standing import measure
from windowservice.worktime.columns.data import Choice, Column, read_instants
from windowservice.worktime.columns.limits import BoundsColumns, LimitColumns
from windowservice.worktime.columns.run import CHUNK, all_valid, at_rows, grouped_chunks, naming_the_row
from windowservice.worktime.columns.table import TableColumns
from windowservice.worktime.limits.kinds.kind import Starts

if TYPE_CHECKING:
    from decimal import Decimal
    from fractions import Fraction

    import polars as pl

    from windowservice.worktime.calendar import WorkCalendar
    from windowservice.worktime.columns.frame import Bools, Ints
    from windowservice.worktime.limits.limit import Limit
    from windowservice.worktime.spans import WorkSpan

E = TypeVar("E", StopColumns, NoticeColumns, ExtensionColumns)

__all__ = ["Clocks", "clocks", "run_matters"]


@attrs.frozen(eq=False)
class Clocks:
    """What became of many limits; `windowservice.worktime.clock.replay.Clock` explains the names it shares.

    Attributes:
        valid: which rows have a clock; None if all do. The flags of the others are false.
        restarted_at: null where nothing restarted.
        worked: the open time from the start to the horizon in microseconds, stops left out; null where neither `as_of`
            nor completion is known.
        stopped_for: the open time of the stops in it, null where `worked` is.
        at_risk: the instant from which a matter is at risk, null where there is no time to share out.
        notes: what was given and did not act, as bits; `noted` asks for one of them.
        by_row: how many rows were run one by one, since no way is known to run them together.
    """

    due: Column
    last_day: Column
    provisional: Bools
    earliest: Column
    latest: Column
    start: Column
    start_day: Column
    restarted_at: Column
    extra: Column
    stopped: Bools
    fixed: Bools
    worked: Column
    stopped_for: Column
    at_risk: Column
    notes: Ints
    valid: Bools | None
    by_row: int

    def noted(self, code: Code) -> Bools:
        """Return in which rows something that was given did not act for one reason."""
        found: Bools = self.notes & NOTE_BITS[code] != 0
        return found

    def to_frame(self, zone: str) -> pl.DataFrame:
        """Return the clocks as a Polars frame, instants in a zone, days as dates, open time as durations.

        Raises:
            MissingExtra: without Polars.
        """
        instants = ("due", "earliest", "latest", "start", "restarted_at", "at_risk")
        columns = [getattr(self, name).to_series(name, zone=zone) for name in instants]
        columns += [getattr(self, name).to_series(name, days=True) for name in ("last_day", "start_day")]
        columns += [getattr(self, name).to_series(name, span=True) for name in ("worked", "stopped_for")]
        columns.append(self.extra.to_series("extra"))
        for name in ("provisional", "stopped", "fixed"):
            flags = Column(getattr(self, name).astype("int64"), self.valid)
            columns.append(flags.to_series(name, flags=True))
        frame: pl.DataFrame = columns[0].to_frame().with_columns(columns[1:])
        return frame


def clocks(
    start: Any,
    limit: Limit | WorkSpan | str | Choice,
    calendar: WorkCalendar | Choice,
    *,
    stops: StopColumns | None = None,
    notices: NoticeColumns | None = None,
    extensions: ExtensionColumns | None = None,
    as_of: Any = None,
    done: Any = None,
    supplement: Supplement | Choice = "restart",
    booked_until: Any = None,
    fixed_due: Any = None,
    start_date_by: WorkCalendar | Choice | None = None,
    local_reasons: frozenset[str] | Choice | None = None,
    at_risk_share: Fraction | Decimal | float | str = AT_RISK_SHARE,
    chunk: int = CHUNK,
) -> Clocks:
    """Return what became of the limits of a column of starts, as `clock.replay.run_clock` one by one.

    Args:
        start: instants, as `columns_data.read_instants` takes them; for limits that run backwards, what is planned.
        limit: the limit, or a `Choice` over limits; where it is null, there is no clock.
        calendar: the calendar, or a `Choice` over calendars.
        stops: time that may not count; the numbers of its rows are places in `start`, as in the next two.
        notices: notices of missing papers.
        extensions: extensions that were approved.
        as_of: nothing later is seen: one number of microseconds UTC, or a column; None or null sees all.
        done: first completions, null where there is none.
        supplement: what completing the papers does, for all rows or as a `Choice`.
        booked_until: the ends of the booked slots with their grace; without one, a limit that needs it has no clock.
        fixed_due: dues that were agreed, null where there is none.
        start_date_by: the calendar whose business date is the date of the start, or a `Choice` over such (or None).
        local_reasons: the reasons that stop the clock beside the statutory ones, None for any, or a `Choice`.
        at_risk_share: the share of the net time after which a matter is at risk.
        chunk: how many rows are worked on at a time.

    Raises:
        InvalidValue: if a stop or a wait is open and neither `as_of` nor `done` ends it; the row is told.
        Else as `windowservice.worktime.columns.due.due`.
    """
    share = share_of(at_risk_share)
    agreed = None if fixed_due is None else read_instants(fixed_due, "fixed_due")
    asked = ask(start, limit, calendar, booked_until, agreed)
    rows = len(asked)
    horizon, frozen = _horizon(as_of, done, rows)
    given: dict[str, Any] = {"supplement": supplement, "start_date_by": start_date_by, "local_reasons": local_reasons}
    choices = [choice for choice in given.values() if isinstance(choice, Choice)]
    valid = all_valid(rows, Column(horizon, asked.valid), *choices)
    if agreed is not None:
        given["agreed"] = Choice(Column(_flags(agreed)), (False, True))
    refuse_strangers(rows, stops, notices, extensions)
    _refuse_open(horizon, stops, notices)
    found = Told.empty(rows)
    values = {"limit": asked.limit, "calendar": asked.calendar, **given}
    for places, value in grouped_chunks(rows, valid, values, chunk):
        fixed = agreed if value.pop("agreed", False) else None
        service = Service(**value)

        def run(some: Any, service: Service = service, fixed: Column | None = fixed) -> Told:
            matters = Matters(
                asked.start.values[some],
                horizon[some],
                frozen[some],
                _some(stops, some),
                _some(notices, some),
                _some(extensions, some),
                at_rows(asked.booked_until, some),
            )
            return run_matters(service, matters, share, at_rows(fixed, some))

        found.put(places, naming_the_row(run, places, asked.start.values))
    return _clocks(found, horizon, valid)


def _horizon(as_of: Any, done: Any, rows: int) -> tuple[Ints, Bools]:
    """Return up to when things are looked at, and where completion came first."""
    import numpy as np

    until, completed = np.full(rows, NEVER), np.full(rows, NEVER)
    if isinstance(as_of, int):
        until[:] = as_of
    elif as_of is not None:
        until = _or_never(read_instants(as_of, "as_of"), rows)
    if done is not None:
        completed = _or_never(read_instants(done, "done"), rows)
    return np.minimum(until, completed), (completed != NEVER) & (completed <= until)


def _or_never(column: Column, rows: int) -> Ints:
    import numpy as np

    all_valid(rows, column)
    return column.values if column.valid is None else np.where(column.valid, column.values, NEVER)


def _flags(column: Column) -> Ints:
    """Return 1 where a column is not null, else 0."""
    import numpy as np

    return np.ones(len(column), dtype=np.int64) if column.valid is None else column.valid.astype(np.int64)


def _refuse_open(horizon: Ints, stops: StopColumns | None, notices: NoticeColumns | None) -> None:
    """Refuse a stop or a wait without end where nothing ends it."""
    for events, what in ((stops, "stops"), (notices, "notices")):
        if events is None or not len(events):
            continue
        ends = events.end if isinstance(events, StopColumns) else events.completed
        if ends.valid is not None:
            endless = ~ends.valid & (horizon[events.row] == NEVER)
            if endless.any():
                row = int(events.row[endless.argmax()])
                wanted = "given, since a stop or a wait for papers has no end yet"
                raise InvalidValue("as_of", None, wanted, f"{what}, row {row}")


def _some(events: E | None, rows: Any) -> E | None:
    """Return the events of some rows, None if they have none."""
    some = None if events is None else events.of(rows)
    return some if some is not None and len(some) else None


def _clocks(found: Told, horizon: Ints, valid: Bools | None) -> Clocks:
    """Return the clocks with their nulls."""

    def known(values: Ints, where: Bools) -> Column:
        both = where if valid is None else where & valid
        return Column(values, None if both.all() else both)

    names = ("due", "last_day", "earliest", "latest", "start", "start_day", "extra")
    seen = horizon != NEVER
    return Clocks(
        **{name: Column(getattr(found, name), valid) for name in names},
        provisional=found.provisional,
        restarted_at=known(found.restarted_at, found.restarted_at != NEVER),
        stopped=found.stopped,
        fixed=found.fixed,
        worked=known(found.worked, seen),
        stopped_for=known(found.stopped_for, seen),
        at_risk=known(found.at_risk, found.at_risk != NEVER),
        notes=found.notes,
        valid=valid,
        by_row=found.by_row,
    )


# --- the matters of one service -------------------------------------------------------------------------------------


def run_matters(service: Service, matters: Matters, share: Fraction, fixed_due: Ints | None = None) -> Told:
    """Return what became of the clocks of matters of one service.

    Args:
        service: what holds for all of them.
        matters: the matters.
        share: the share of the net time after which a matter is at risk.
        fixed_due: dues that were agreed, one each matter; nothing moves them.

    Raises:
        InvalidValue, CalendarNotAnnounced, NoOpenTime, TimeOutOfRange: as `run_clock`.
    """
    import numpy as np

    if fixed_due is not None or service.limit.before or service.limit.kind.booked:
        return _unmoved(service, matters, share, fixed_due)
    if matters.extensions is None and (matters.stops is None or matters.notices is None):
        return Fold(service, matters, share).told()
    alone = np.flatnonzero(_alone(service, matters))
    if not alone.size:
        return Fold(service, matters, share).told()
    found = Told.empty(len(matters.start))
    rest = np.setdiff1d(np.arange(len(matters.start)), alone)
    found.put(rest, Fold(service, matters.of(rest), share).told())
    for row in alone.tolist():
        found.put(slice(row, row + 1), _by_itself(service, matters.of(np.array([row])), share))
    return found


def _unmoved(service: Service, matters: Matters, share: Fraction, fixed_due: Ints | None) -> Told:
    """Return clocks whose due nothing moves: booked, agreed, or counted backwards."""
    import numpy as np

    day = service.day_of(matters.start)
    if fixed_due is None:
        found = LimitColumns(service.limit, service.calendar).bounds(Starts(matters.start, day, matters.booked_until))
    else:
        last_day = TableColumns(service.calendar.table).date_of(fixed_due - 1)
        found = BoundsColumns(fixed_due, last_day, np.zeros(len(day), dtype=bool), fixed_due, fixed_due)
    told = Told.plain(found, matters.start, day)
    told.fixed[:] = True
    told.notes = stop_notes(service, matters)
    measure(told, service, matters, None, None, share)
    return told


# --- rows by themselves ---------------------------------------------------------------------------------------------


def _alone(service: Service, matters: Matters) -> Bools:
    """Return which rows need a replay of their own.

    They have several extensions, one beside a notice, or one of another unit; or the wait for papers begins together
    with a stop, and so is the owner of the time by the names of the reasons.
    """
    import numpy as np

    extensions, rows = matters.extensions, len(matters.start)
    found = _tied(matters)
    if extensions is None:
        return found
    counts = extensions.counts(rows)
    found |= counts > 1
    if matters.notices is not None:
        found |= (counts > 0) & (matters.notices.counts(rows) > 0)
    unlike = np.array([extended(service.limit, limit) is None for limit in extensions.limits], dtype=bool)
    found[extensions.row[unlike[extensions.limit]]] = True
    return found


def _tied(matters: Matters) -> Bools:
    """Return the rows in which a notice is given as a stop begins whose reason comes after that of the wait."""
    import numpy as np

    stops, notices = matters.stops, matters.notices
    found = np.zeros(len(matters.start), dtype=bool)
    if stops is None or notices is None:
        return found
    after = np.array([reason > WAITING_FOR_PAPERS for reason in stops.reasons])
    if after.any():
        told, place = np.full(len(found), NEVER), notices.firsts()
        told[notices.row[place]] = notices.told[place]
        found[stops.row[(stops.begin == told[stops.row]) & after[stops.reason]]] = True
    return found


def _by_itself(service: Service, matters: Matters, share: Fraction) -> Told:
    """Return what became of one matter."""
    import numpy as np

    start, horizon = int(matters.start[0]), int(matters.horizon[0])
    clock = run_clock(
        service.limit,
        start,
        service.calendar,
        stops=() if matters.stops is None else matters.stops.to_rows(0),
        notices=() if matters.notices is None else matters.notices.to_rows(0),
        extensions=() if matters.extensions is None else matters.extensions.to_rows(0),
        as_of=None if horizon == NEVER or matters.frozen[0] else horizon,
        done=horizon if matters.frozen[0] else None,
        supplement=service.supplement,
        start_date_by=service.start_date_by,
        local_reasons=service.local_reasons,
    )
    worked, stopped_for = _net(clock, start, service)
    risk = at_risk(service.limit, clock, service.calendar, share)
    values = {
        "restarted_at": NEVER if clock.restarted_at is None else clock.restarted_at,
        "worked": worked,
        "stopped_for": stopped_for,
        "at_risk": NEVER if risk is None else risk,
        "notes": functools.reduce(operator.or_, (NOTE_BITS[note.code] for note in clock.notes), 0),
    }
    names = [field.name for field in attrs.fields(Told)[:-1]]
    columns = {name: np.array([values.get(name, getattr(clock, name, None))]) for name in names}
    return Told(**columns, by_row=1)


def _net(clock: Clock, start: int, service: Service) -> tuple[int, int]:
    """Return the open time from the start to the horizon, and how much of it was stopped."""
    if clock.horizon == NEVER:
        return 0, 0
    open_before = service.calendar.table.open_before
    until = max(start, clock.horizon)
    halted = sum(open_before(min(end, until)) - open_before(begin) for begin, end, _ in clock.stops if begin < until)
    return open_before(until) - open_before(start) - halted, halted
