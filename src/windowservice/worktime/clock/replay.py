"""The clock of one matter: a limit under stops, a notice of missing papers, an extension, as of an instant.

It replays what happened in order, so that each thing is judged by the due as it stood at that moment. All in integers
(microseconds UTC); `windowservice.worktime.clock.deadline` is the same with datetimes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from windowservice.errors import InvalidValue
from windowservice.worktime.clock.stops import (
    Code,
    ExtensionUs,
    Note,
    NoticeUs,
    Piece,
    StopUs,
    counted_pieces,
    objection,
    owned,
)
from windowservice.worktime.limits.due import Bounds, bounds, due_bounds, reach
from windowservice.worktime.limits.kinds.kind import Start

if TYPE_CHECKING:
    from windowservice.worktime.calendar import WorkCalendar
    from windowservice.worktime.limits.limit import Limit

__all__ = ["Clock", "Supplement", "run_clock"]

Supplement = Literal["restart", "pause", "none"]
"""What the completion of missing papers does: the limit begins anew, it goes on, or nothing ever stopped."""

_NEVER: Final = 1 << 62


class Clock(NamedTuple):
    """What became of a limit, in microseconds UTC; days are ordinals.

    Attributes:
        due: done at or before it is in time.
        last_day: the last day granted; a due at 24:00 belongs to the day it ends.
        provisional: whether the due rests on days not announced yet.
        earliest, latest: where the due may lie once they are; equal to it if it is not provisional.
        start: from where the limit is counted: the start, or the restart.
        start_day: the date it is counted from.
        restarted_at: when the papers were complete and the limit began anew, if it did.
        extra: what an extension added, in the limit's own unit.
        stops: the stops that counted, each instant under one reason, cut at the horizon and at the start.
        stopped: whether the clock stands still at the horizon.
        notes: what was given and did not act, and why.
        horizon: the earlier of ``as_of`` and completion: nothing later was looked at.
        fixed: whether the due is one that nothing moves: booked, agreed, or running backwards.
    """

    due: int
    last_day: int
    provisional: bool
    earliest: int
    latest: int
    start: int
    start_day: int
    restarted_at: int | None
    extra: int
    stops: tuple[Piece, ...]
    stopped: bool
    notes: tuple[Note, ...]
    horizon: int
    fixed: bool


def run_clock(
    limit: Limit,
    start: int,
    calendar: WorkCalendar,
    *,
    stops: Sequence[StopUs] = (),
    notices: Sequence[NoticeUs] = (),
    extensions: Sequence[ExtensionUs] = (),
    as_of: int | None = None,
    done: int | None = None,
    supplement: Supplement = "restart",
    booked_until: int | None = None,
    fixed_due: int | None = None,
    start_date_by: WorkCalendar | None = None,
    local_reasons: frozenset[str] | None = None,
) -> Clock:
    """Return what became of a limit.

    Args:
        limit: the limit in force. Changing a goal is running its limit over the same start and stops.
        start: the start; for a limit that runs backwards, the planned instant.
        calendar: the calendar whose open time, workdays and dates count.
        stops: in any order, overlapping or not.
        notices: notices of missing papers; the first one given strictly before the due opens the wait.
        extensions: extensions that were approved; the first valid one acts.
        as_of: nothing later is seen; None sees all, and then no stop may be open.
        done: first completion; it freezes the clock.
        supplement: what completing the papers does.
        booked_until: the end of the booked slot with its grace, for limits that need it.
        fixed_due: a due that was agreed; nothing moves it.
        start_date_by: the calendar whose business date is the date of the start, instead of the civil date.
        local_reasons: reasons that stop the clock beside the statutory ones; None for any.

    Raises:
        InvalidValue: if a stop is open and neither `as_of` nor `done` ends it, or the limit needs a booked slot.
        CalendarNotAnnounced: beyond the known range of a calendar that refuses it.
    """
    if not (stops or notices or extensions) and fixed_due is None and start_date_by is None:  # nearly always
        day = calendar.table.date_of(start)
        simple = due_bounds(limit, start, calendar, day=day, booked_until=booked_until)
        fixed = limit.before or limit.kind.booked
        return Clock(*simple, start, day, None, 0, (), False, (), _horizon(as_of, done), fixed)
    horizon = _horizon(as_of, done)
    if horizon == _NEVER and (any(s.end is None for s in stops) or any(n.completed is None for n in notices)):
        raise InvalidValue("as_of", as_of, "given, since a stop or a wait for papers has no end yet")
    run = _Run(limit, start, calendar, start_date_by=start_date_by, booked_until=booked_until, horizon=horizon)
    if stops:
        run.pieces = counted_pieces(stops, horizon, local_reasons, run.notes)
    if fixed_due is not None or limit.before or limit.kind.booked:
        return run.unmoved(fixed_due)
    if notices or extensions:
        _replay(run, notices if supplement != "none" else (), extensions, restarts=supplement == "restart")
    found = run.outcome()
    if done is None or (as_of is not None and as_of < done):
        return found._replace(stopped=run.waiting or _stands_still(stops, found, local_reasons))
    return found


def _horizon(as_of: int | None, done: int | None) -> int:
    """Return the earlier of both; what is None never comes."""
    return min(_NEVER if as_of is None else as_of, _NEVER if done is None else done)


def _stands_still(stops: Sequence[StopUs], clock: Clock, local_reasons: frozenset[str] | None) -> bool:
    """Return whether a stop that counts lasts at the horizon."""
    now = clock.horizon
    return any(
        stop.begin <= now and (stop.end is None or now < stop.end) and stop.begin < clock.due
        for stop in stops
        if objection(stop, local_reasons) is None
    )


def _replay(run: _Run, notices: Sequence[NoticeUs], extensions: Sequence[ExtensionUs], *, restarts: bool) -> None:
    """Let notices, completions and extensions act in the order in which they happened.

    At one instant a completion comes first, then an extension, then a notice.
    """
    happened: list[tuple[int, int, Callable[[], None]]] = [
        (extension.approved, 1, partial(run.extend, extension)) for extension in extensions
    ]
    told_first = sorted(notices, key=lambda notice: notice.told)
    for notice in told_first[:1]:
        if notice.completed is None or notice.told <= notice.completed:  # else the record contradicts itself
            happened.append((notice.told, 2, partial(run.wait, notice, restarts=restarts)))
        if notice.completed is not None:
            at_once = notice.told == notice.completed
            happened.append((notice.completed, 3 if at_once else 0, partial(run.go_on, notice.completed)))
    happened += [(notice.told, 2, partial(run.note, Code.NOTICE_REPEATED, notice.told)) for notice in told_first[1:]]
    for at, _, act in sorted(happened, key=itemgetter(0, 1)):
        if at <= run.horizon:
            act()


class _Run:
    """The state of one replay."""

    def __init__(
        self,
        limit: Limit,
        start: int,
        calendar: WorkCalendar,
        *,
        start_date_by: WorkCalendar | None,
        booked_until: int | None,
        horizon: int,
    ) -> None:
        self.limit = limit
        self.calendar = calendar
        self.horizon = horizon
        self.pieces: list[Piece] = []
        self.notes: list[Note] = []
        self.waiting = False
        self._date_of = calendar.table.date_of if start_date_by is None else start_date_by.table.business_day
        self._booked_until = booked_until
        self._first_start = start
        self._start = self._started(start)
        self._waiting_since = self._waiting_until = 0
        self._waiting_for = ""
        self._restarts = False
        self._restarted_at: int | None = None
        self._extended = False
        self._extra = 0
        self._due: int | None = None

    def _started(self, us: int) -> Start:
        return Start(us, self._date_of(us), self._booked_until)

    def note(self, code: Code, at: int, what: str = "") -> None:
        self.notes.append(Note(code, at, what))

    # --- what happens -----------------------------------------------------------------------------------------------

    def due(self) -> int:
        """Return the due with all stops up to the horizon, until something else happens to the clock.

        An instant is before, at or after it as it is before, at or after the due as it stood at that instant: what
        stops the clock from then on cannot move a due that was reached, and can only put off one that was not.
        """
        if self._due is None:
            pieces = self._with_wait(self._waiting_until)
            self._due = reach(self.limit, self._start, self.calendar.table, pieces, extra=self._extra).due
        return self._due

    def extend(self, extension: ExtensionUs) -> None:
        """Add an extension, unless it is void."""
        if code := self._objection(extension):
            self.note(code, extension.approved, str(extension.limit))
            return
        self._extended = True
        self._extra = extension.limit.amount
        self._due = None

    def _objection(self, extension: ExtensionUs) -> Code | None:
        if self.limit.kind.unit() is not extension.limit.kind or extension.limit.before or self.limit.parts:
            return Code.EXTENSION_OTHER_UNIT
        due = self.due()
        if extension.approved > due:
            return Code.EXTENSION_AFTER_DUE
        if extension.asked is not None and (extension.asked >= due or extension.asked > extension.approved):
            return Code.EXTENSION_ASKED_LATE
        return Code.EXTENSION_REPEATED if self._extended else None

    def wait(self, notice: NoticeUs, *, restarts: bool) -> None:
        """Open the wait for papers, if the notice comes strictly before the due."""
        if notice.told >= self.due():
            self.note(Code.NOTICE_AFTER_DUE, notice.told)
            return
        self.waiting = True
        self._waiting_since, self._waiting_for = notice.told, notice.reason
        self._waiting_until = self.horizon if notice.completed is None else min(notice.completed, self.horizon)
        self._due = None
        self._restarts = restarts

    def go_on(self, completed: int) -> None:
        """End the wait; the limit begins anew if the service has it so."""
        if not self.waiting:
            return
        self.pieces = self._with_wait(completed)
        self.waiting = False
        self._due = None
        if self._restarts and completed > self._first_start:
            if self._extra:
                self.note(Code.EXTENSION_LAPSED, completed)
            self._extra = 0
            self._restarted_at = completed
            self._start = self._started(completed)

    def _with_wait(self, until: int) -> list[Piece]:
        """Return the pieces, with the wait for papers among them while it is open."""
        if not self.waiting or until <= self._waiting_since:
            return self.pieces
        return owned([*self.pieces, Piece(self._waiting_since, until, self._waiting_for)])

    # --- what came of it --------------------------------------------------------------------------------------------

    def unmoved(self, fixed_due: int | None) -> Clock:
        """Return the clock of a due that nothing moves."""
        if fixed_due is None:
            found = bounds(self.limit, self._start, self.calendar)
        else:
            found = Bounds(fixed_due, self.calendar.table.date_of(fixed_due - 1), False, fixed_due, fixed_due)
        return self._clock(found, (), fixed=True)

    def outcome(self) -> Clock:
        """Return the clock as it stands at the horizon."""
        pieces = self._with_wait(self.horizon)
        found = bounds(self.limit, self._start, self.calendar, pieces, extra=self._extra)
        if self.waiting and self._restarts and found.due <= self.horizon:
            # it touched no open time before a due within a break: had the papers come now, the limit would begin now
            found = bounds(self.limit, self._started(self.horizon), self.calendar)
        counted = []
        for begin, end, reason in pieces:
            if begin >= found.due:
                self.note(Code.STOP_AFTER_DUE, begin, reason)
            elif end > self._first_start:
                counted.append(Piece(max(begin, self._first_start), end, reason))
        return self._clock(found, tuple(counted))

    def _clock(self, found: Bounds, counted: tuple[Piece, ...], *, fixed: bool = False) -> Clock:
        return Clock(
            *found,
            start=self._start.us,
            start_day=self._start.day,
            restarted_at=self._restarted_at,
            extra=self._extra,
            stops=counted,
            stopped=False,
            notes=tuple(self.notes),
            horizon=self.horizon,
            fixed=fixed,
        )
