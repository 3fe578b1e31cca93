"""Deadlines as callers see them: a limit applied to one matter, with datetimes in and pendulum values out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, get_args

import attrs

from windowservice.errors import InvalidValue
from windowservice.instants import as_of_us, from_us, to_us
from windowservice.worktime.calendar import WorkCalendar
from windowservice.worktime.clock.replay import Clock, Supplement, run_clock
from windowservice.worktime.clock.standing import AT_RISK_SHARE, State, at_risk, spans, standing
from windowservice.worktime.clock.stops import Code, ExtensionUs, Notice, Stop
from windowservice.worktime.spans import WorkSpan

if TYPE_CHECKING:
    import pendulum

    from windowservice.worktime.limits.kinds.kind import Unit
    from windowservice.worktime.limits.limit import Limit

__all__ = [
    "ClockSpan",
    "Deadline",
    "Remark",
    "Used",
    "all_of",
    "amount_of",
    "deadline_of",
    "make_clock",
    "make_deadline",
]

Used = WorkSpan | timedelta | int
"""An amount in a limit's own unit: open time, real time, or a number of days."""


@attrs.frozen
class ClockSpan:
    """Time between two instants that belongs to one reason."""

    begin: pendulum.DateTime
    end: pendulum.DateTime
    reason: str

    @property
    def elapsed(self) -> timedelta:
        """The real time of the span."""
        return datetime.__sub__(self.end, self.begin)


@attrs.frozen
class Remark:
    """Something that was given and did not act on the clock: why, when, and a word for it."""

    code: Code
    at: pendulum.DateTime
    what: str


@attrs.frozen
class Deadline:
    """A limit applied to one matter.

    Attributes:
        limit: the limit.
        calendar: the calendar it was counted by; a finding cites its `name` and `version`.
        start: when the clock began.
        as_of: up to when things were looked at, if that was said.
        done: first completion, unless it lies after `as_of`.
        due: done at or before it is in time.
        last_day: the last day granted; a due at 24:00 belongs to the day it ends.
        state: not_started, running, stopped, overdue, met or late.
        worked: what was used, in the limit's own unit: `WorkSpan`, ``timedelta`` for elapsed limits, a number of days.
        remaining: what is left, in the same unit, never below 0.
        late_by: real time after the due; above 0 exactly if the state is late or overdue.
        overrun: open time after the due.
        at_risk: when three quarters of the net time are used; None if there is none.
        provisional: whether the due rests on days not announced yet.
        earliest_due, latest_due: where it may lie once they are.
        restarted_at: when the papers were complete and the limit began anew.
        stops: the stops that counted.
        remarks: what did not act, and why.
        clock: the same in integers.
    """

    limit: Limit
    calendar: WorkCalendar
    start: pendulum.DateTime
    as_of: pendulum.DateTime | None
    done: pendulum.DateTime | None
    due: pendulum.DateTime
    last_day: date
    state: State
    worked: Used
    remaining: Used
    late_by: timedelta
    overrun: WorkSpan
    at_risk: pendulum.DateTime | None
    provisional: bool
    earliest_due: pendulum.DateTime
    latest_due: pendulum.DateTime
    restarted_at: pendulum.DateTime | None
    stops: tuple[ClockSpan, ...]
    remarks: tuple[Remark, ...]
    clock: Clock = attrs.field(repr=False)

    @property
    def spans(self) -> tuple[ClockSpan, ...]:
        """Where the time went from start to completion or `as_of`: spans under one reason each, without gap or overlap.

        Reasons are those of the stops that counted, "running", "after_due", "before_restart" (all open time) and
        "off_hours". Empty if nothing has elapsed, or neither `as_of` nor `done` is known.
        """
        begin = to_us(self.start)
        if self.as_of is None and self.done is None:
            return ()
        zone = self.calendar.zone
        return tuple(
            ClockSpan(from_us(left, zone), from_us(right, zone), reason)
            for left, right, reason in spans(self.clock, begin, self.calendar.table)
        )

    @property
    def time_by_reason(self) -> dict[str, timedelta]:
        """The real time of the spans, added up by reason."""
        found: dict[str, timedelta] = {}
        for span in self.spans:
            found[span.reason] = found.get(span.reason, timedelta()) + span.elapsed
        return found


def make_deadline(
    limit: Limit,
    start: datetime | str,
    *,
    calendar: WorkCalendar,
    as_of: datetime | date | str | None = None,
    done: datetime | str | None = None,
    at_risk_share: Fraction | Decimal | float | str = AT_RISK_SHARE,
    **said: Any,
) -> Deadline:
    """Return the deadline of a matter; `windowservice.worktime.limits.limit.Limit.deadline` explains the arguments."""
    clock = make_clock(limit, start, calendar=calendar, as_of=as_of, done=done, **said)
    if clock.provisional:
        calendar.known.beyond(min(clock.start_day, clock.last_day), max(clock.start_day, clock.last_day), 4)
    until = None if as_of is None else as_of_us(as_of, calendar.zone)
    end = None if done is None else to_us(done, where="done")
    return deadline_of(limit, clock, to_us(start), calendar, as_of=until, done=end, share=share_of(at_risk_share))


def make_clock(
    limit: Limit,
    start: datetime | str,
    *,
    calendar: WorkCalendar,
    stops: Iterable[Stop] = (),
    notices: Iterable[Notice] = (),
    extensions: Sequence[ExtensionUs] = (),
    as_of: datetime | date | str | None = None,
    done: datetime | str | None = None,
    supplement: Supplement = "restart",
    slot_end: datetime | str | None = None,
    grace: timedelta = timedelta(),
    fixed_due: datetime | str | None = None,
    start_date_by: WorkCalendar | None = None,
    local_reasons: Iterable[str] | None = None,
) -> Clock:
    """Return the clock of a matter, in integers, and warn of nothing; the arguments are those of `make_deadline`."""
    stops, notices = all_of(Stop, stops, "stops"), all_of(Notice, notices, "notices")
    _check_options(calendar, supplement, grace, start_date_by, local_reasons)
    zone = calendar.zone
    return run_clock(
        limit,
        to_us(start, where="start"),
        calendar,
        stops=[stop.to_us(zone) for stop in stops],
        notices=[notice.to_us() for notice in notices],
        extensions=extensions,
        as_of=None if as_of is None else as_of_us(as_of, zone),
        done=None if done is None else to_us(done, where="done"),
        supplement=supplement,
        booked_until=None if slot_end is None else to_us(slot_end, where="slot_end") + grace // _MICROSECOND,
        fixed_due=None if fixed_due is None else to_us(fixed_due, where="fixed_due"),
        start_date_by=start_date_by,
        local_reasons=None if local_reasons is None else frozenset(local_reasons),
    )


def deadline_of(
    limit: Limit, clock: Clock, begin: int, calendar: WorkCalendar, *, as_of: int | None, done: int | None,
    share: Fraction,
) -> Deadline:  # fmt: skip
    """Return what became of a limit, given what `run_clock` made of it, and its arguments."""
    zone, until, end = calendar.zone, as_of, done
    found = standing(limit, clock, begin, calendar, as_of=until, done=end)
    risk = at_risk(limit, clock, calendar, share)

    def out(us: int) -> pendulum.DateTime:
        return from_us(us, zone)

    return Deadline(
        limit=limit,
        calendar=calendar,
        start=out(begin),
        as_of=None if until is None else out(until),
        done=None if end is None or (until is not None and end > until) else out(end),
        due=out(clock.due),
        last_day=date.fromordinal(clock.last_day),
        state=found.state,
        worked=amount_of(found.worked, found.unit),
        remaining=amount_of(found.remaining, found.unit),
        late_by=timedelta(microseconds=found.late_by),
        overrun=WorkSpan(found.overrun),
        at_risk=None if risk is None else out(risk),
        provisional=clock.provisional,
        earliest_due=out(clock.earliest),
        latest_due=out(clock.latest),
        restarted_at=None if clock.restarted_at is None else out(clock.restarted_at),
        stops=tuple(ClockSpan(out(a), out(b), reason) for a, b, reason in clock.stops),
        remarks=tuple(Remark(code, out(at), what) for code, at, what in clock.notes),
        clock=clock,
    )


_MICROSECOND = timedelta(microseconds=1)


def all_of(kind: type[Any], given: object, name: str) -> tuple[Any, ...]:
    """Return what was given, all of one class.

    Raises:
        InvalidValue: if it is not.
    """
    found = tuple(given) if isinstance(given, Iterable) and not isinstance(given, str) else (given,)
    for one in found:
        if not isinstance(one, kind):
            raise InvalidValue(name, one, f"a list of ws.{kind.__name__}")
    return found


def _check_options(calendar: object, supplement: object, grace: object, by: object, reasons: object) -> None:
    if not isinstance(calendar, WorkCalendar):
        raise InvalidValue("calendar", calendar, "a WorkCalendar")
    if by is not None and not isinstance(by, WorkCalendar):
        raise InvalidValue("start_date_by", by, "a WorkCalendar")
    if supplement not in get_args(Supplement):
        raise InvalidValue("supplement", supplement, f"one of {', '.join(map(repr, get_args(Supplement)))}")
    if not isinstance(grace, timedelta) or grace < timedelta():
        raise InvalidValue("grace", grace, "a timedelta of zero or more")
    if reasons is not None and (isinstance(reasons, str) or not isinstance(reasons, Iterable)):
        raise InvalidValue("local_reasons", reasons, "a list of words")


def share_of(value: Fraction | Decimal | float | str) -> Fraction:
    """Return a share between 0 and 1 as an exact fraction; a float means the decimal that it prints as.

    Raises:
        InvalidValue: if it is none.
    """
    wanted = "a share above 0 and at most 1, as in 0.75 or Fraction(3, 4)"
    if isinstance(value, bool) or not isinstance(value, (Fraction, Decimal, float, int, str)):
        raise InvalidValue("at_risk_share", value, wanted)
    try:
        share = Fraction(str(value)) if isinstance(value, (float, str)) else Fraction(value)
    except (ValueError, OverflowError, ZeroDivisionError):
        raise InvalidValue("at_risk_share", value, wanted) from None
    if not 0 < share <= 1:
        raise InvalidValue("at_risk_share", value, wanted)
    return share


def amount_of(value: int, unit: Unit) -> Used:
    """Return an amount in integers as callers see it: open time, real time, or a number of days."""
    if unit == "open time":
        return WorkSpan(value)
    return timedelta(microseconds=value) if unit == "real time" else value
