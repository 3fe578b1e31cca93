"""Working time as a lookup: sorted open pieces with the open time before each, in plain integers.

Instants are microseconds UTC, days are proleptic ordinals (``date.toordinal()``), open time is microseconds. A piece is
found by a bucket and a correction, so no clock change, night or odd minute is a special case.
"""

from __future__ import annotations

from datetime import date
from threading import Lock
from typing import TYPE_CHECKING, Final

from windowservice.errors import NoOpenTime, TimeOutOfRange
from windowservice.instants import DAY, EARLIEST, LATEST
from windowservice.worktime.frame import EPOCH_ORDINAL, REACH, SHIFT, Anchor, Frame, Schedule, build
from windowservice.worktime.offsets import missing_days

if TYPE_CHECKING:
    from datetime import tzinfo

    from windowservice.worktime.offsets import Piece

__all__ = ["NEVER_OPEN", "Table"]

NEVER_OPEN: Final = -(1 << 63)
"""An instant before all others."""

_GRACE: Final = 400
"""Days beyond the first and last instant taken in, so that results near the edge exist."""
_FIRST_DAY: Final = EARLIEST // DAY + EPOCH_ORDINAL - _GRACE
_LAST_DAY: Final = LATEST // DAY + EPOCH_ORDINAL + _GRACE
_GROWTH: Final = 400
"""The least number of days by which a table grows at once."""


class Table:
    """Open time and workdays of one schedule in one zone, both ways.

    It reaches as far as it was asked, and grows by itself. Growth is guarded by a lock; reading takes none, since a
    frame is replaced and never changed.

    Args:
        zone: the zone whose wall clock the schedule goes by.
        schedule: the hours of a date.
        known_from: the first day whose hours are known, None for ever back.
        known_until: the last day whose hours are known, None for ever on.
        name: the calendar's name, for messages.

    Attributes:
        frame: the stretch of days laid out so far, None before the first question.
    """

    __slots__ = ("_anchor", "_lock", "frame", "known_from", "known_until", "name", "schedule", "zone")

    def __init__(
        self,
        zone: tzinfo,
        schedule: Schedule,
        *,
        known_from: int | None = None,
        known_until: int | None = None,
        name: str = "",
    ) -> None:
        self.zone = zone
        self.schedule = schedule
        self.known_from = known_from
        self.known_until = known_until
        self.name = name
        self._lock = Lock()
        self._anchor: Anchor | None = None
        self.frame: Frame | None = None

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (self.zone, self.schedule, self.known_from, self.known_until, self.name)

    # --- instants and open time -------------------------------------------------------------------------------------

    def is_open(self, t: int) -> bool:
        """Return whether a session contains the instant."""
        frame = self.frame
        if frame is None or not frame.begin <= t < frame.end:
            frame = self.reaching(t)
        return frame.opens[frame.piece_at(t)] <= t

    def open_before(self, t: int) -> int:
        """Return W(t): the open time before the instant, counted from a point that is fixed for this table."""
        frame = self.frame
        if frame is None or not frame.begin <= t < frame.end:
            frame = self.reaching(t)
        piece = frame.by_time[(t >> SHIFT) - frame.time_base]
        closes = frame.closes
        while closes[piece] <= t:
            piece += 1
        inside = t - frame.opens[piece]
        return frame.before[piece] + inside if inside > 0 else frame.before[piece]

    def instant_at(self, w: int) -> int:
        """Return the EARLIEST instant x with W(x) == w: a session used up exactly ends at its close.

        Raises:
            NoOpenTime: if the years 1900 to 2199 do not hold that much open time.
        """
        frame = self.frame
        if frame is None or not frame.low < w <= frame.high:
            frame = self._holding(w, 0)
        piece = frame.by_work[(w >> SHIFT) - frame.work_base]
        before = frame.before
        while before[piece + 1] < w:
            piece += 1
        return frame.opens[piece] + w - before[piece]

    def last_instant_at(self, w: int) -> int:
        """Return the LATEST instant x with W(x) == w, which is open: the mirror image of `instant_at`.

        Raises:
            NoOpenTime: as `instant_at`.
        """
        frame = self.frame
        if frame is None or not frame.low <= w < frame.high:
            frame = self._holding(w, 1)
        piece = frame.by_work[(w >> SHIFT) - frame.work_base]
        before = frame.before
        while before[piece + 1] <= w:
            piece += 1
        return frame.opens[piece] + w - before[piece]

    def next_open(self, t: int) -> int:
        """Return the instant itself if it is open, else the next opening."""
        return t if self.is_open(t) else self.last_instant_at(self.open_before(t))

    def last_close(self, t: int) -> int:
        """Return the instant itself if it is open, else the close before it (a close itself is that close)."""
        return t if self.is_open(t) else self.instant_at(self.open_before(t))

    def business_day(self, t: int) -> int:
        """Return the day that owns the session containing the instant, or else the next session."""
        t = self.next_open(t)
        frame = self.reaching(t)
        return frame.owners[frame.piece_at(t)]

    # --- days -------------------------------------------------------------------------------------------------------

    def date_of(self, t: int) -> int:
        """Return the civil date of the instant in the zone."""
        frame = self.frame
        if frame is None or not frame.begin <= t < frame.end:
            frame = self.reaching(t)
        offsets = frame.offsets
        return (t + (offsets.at(t) if offsets.only is None else offsets.only)) // DAY + EPOCH_ORDINAL

    def wall_clock(self, t: int) -> int:
        """Return what the wall clock shows at an instant, in microseconds after 00:00."""
        return (t + self.reaching(t).offsets.at(t)) % DAY

    def at_wall_clock(self, day: int, clock: int) -> int:
        """Return the first instant at which the wall clock shows a time of day, or the first beyond a skipped hour."""
        wall = (day - EPOCH_ORDINAL) * DAY + clock
        offsets = self.reaching(wall).offsets
        offset = offsets.of_wall(wall)
        if offsets.at(wall - offset) == offset:
            return wall - offset
        return offsets.first_at_or_after(wall)

    def midnight(self, day: int) -> int:
        """Return the instant at which the civil date begins: 00:00, or the first existing instant after it."""
        return self._with_day(day).offsets.first_at_or_after((day - EPOCH_ORDINAL) * DAY)

    def pieces(self, day: int) -> tuple[Piece, ...]:
        """Return the sessions that the date owns as ``(open, close)`` in UTC, in order."""
        frame = self._with_day(day)
        return frame.owned[day - frame.first_day]

    def is_workday(self, day: int) -> bool:
        """Return whether the date owns open time."""
        return bool(self.pieces(day))

    def first_open(self, day: int) -> int:
        """Return the first opening of a workday; errors as `last_close_of`."""
        return self._worked(day)[0][0]

    def last_close_of(self, day: int) -> int:
        """Return the last close of a workday.

        Raises:
            NoOpenTime: if the date owns no open time.
        """
        return self._worked(day)[-1][1]

    def _worked(self, day: int) -> tuple[Piece, ...]:
        pieces = self.pieces(day)
        if not pieces:
            raise NoOpenTime(self.name, f"on {date.fromordinal(day)}")
        return pieces

    def end_of_workday(self, day: int, clock: int | None, *, keep: bool = False) -> int:
        """Return when a workday ends: at its last close, or at a time of day.

        A time later than the last close means the close; a time before which nothing is open means the close too, since
        a limit cannot end before its last day began; with `keep` it means the first opening instead.
        """
        close = self.last_close_of(day)
        if clock is None:
            return close
        end, opening = self.at_wall_clock(day, clock), self.first_open(day)
        if end <= opening:
            return opening if keep else close
        return min(end, close)

    def own_end(self, day: int, clock: int | None) -> int:
        """Return when a date ends, as `end_of_workday`; for a rest day an instant before all others."""
        return self.end_of_workday(day, clock) if self.is_workday(day) else NEVER_OPEN

    def end_of_date(self, day: int) -> int:
        """Return when a civil date ends: at its last close, or at 24:00 if it owns no open time."""
        pieces = self.pieces(day)
        return pieces[-1][1] if pieces else self.midnight(day + 1)

    @property
    def missing(self) -> tuple[int, ...]:
        """The civil dates that the zone skipped as a whole."""
        return missing_days(self.zone)

    def workdays_before(self, day: int) -> int:
        """Return the number of workdays strictly before the date, counted from a day that is fixed for this table."""
        frame = self._with_day(day)
        return frame.counts[day - frame.first_day]

    def nth_workday(self, n: int) -> int:
        """Return the workday with ``workdays_before(day) == n``.

        Raises:
            NoOpenTime: if the years 1900 to 2199 hold no such day.
        """
        frame = self.frame or self._with_day(EPOCH_ORDINAL)
        while True:
            index = n - frame.counts[0]
            if 0 <= index < len(frame.workdays):
                return frame.workdays[index]
            frame = self._grow(frame, back=index < 0)

    def is_known(self, day: int) -> bool:
        """Return whether the hours of the date are known rather than assumed."""
        return (self.known_from is None or self.known_from <= day) and (
            self.known_until is None or day <= self.known_until
        )

    # --- growth -----------------------------------------------------------------------------------------------------

    def reaching(self, begin: int, end: int | None = None) -> Frame:
        """Return a frame that holds every session from the instant `begin` to the instant `end` (by default the same).

        Raises:
            TimeOutOfRange: before 1900 or from 2200 on; for results there are 400 days of grace.
        """
        end = begin if end is None else end
        frame = self.frame
        if frame is not None and frame.begin <= begin and end < frame.end:
            return frame
        return self._covering(
            begin // DAY + EPOCH_ORDINAL - REACH - 2,
            end // DAY + EPOCH_ORDINAL + REACH + 3,
            _day_text(begin // DAY + EPOCH_ORDINAL),
        )

    def _with_day(self, day: int) -> Frame:
        frame = self.frame
        if frame is not None and frame.first_day <= day < frame.last_day:
            return frame
        return self._covering(day, day + 1, _day_text(day))

    def _holding(self, w: int, ahead: int) -> Frame:
        """Return a frame with ``low < w + ahead <= high``."""
        frame = self.frame or self._with_day(EPOCH_ORDINAL)
        while w + ahead <= frame.low:
            frame = self._grow(frame, back=True)
        while frame.high < w + ahead:
            frame = self._grow(frame, back=False)
        return frame

    def _grow(self, frame: Frame, *, back: bool) -> Frame:
        """Return a frame longer than `frame` in the direction asked."""
        if back:
            if frame.first_day == _FIRST_DAY:
                raise NoOpenTime(self.name, "from 1900 up to the time asked for")
            return self._covering(frame.first_day - 1, frame.last_day, "")
        if frame.last_day == _LAST_DAY:
            raise NoOpenTime(self.name, "from the time asked for up to 2199")
        return self._covering(frame.first_day, frame.last_day + 1, "")

    def _covering(self, first_day: int, last_day: int, asked: str) -> Frame:
        """Return a frame that holds the days ``[first_day, last_day)`` and half as much again where it was short."""
        if first_day < _FIRST_DAY or last_day > _LAST_DAY:
            raise TimeOutOfRange(asked, "1900-01-01", "2199-12-31", self.name)
        with self._lock:
            frame = self.frame
            if frame is not None and frame.first_day <= first_day and last_day <= frame.last_day:
                return frame  # another thread was here in between
            if self._anchor is None:
                self._anchor = Anchor((first_day - EPOCH_ORDINAL) * DAY, first_day)
            if frame is None:
                first_day, last_day = first_day - _GROWTH, last_day + _GROWTH
            else:
                more = max(_GROWTH, (frame.last_day - frame.first_day) // 2)
                first_day = frame.first_day if frame.first_day <= first_day else first_day - more
                last_day = frame.last_day if last_day <= frame.last_day else last_day + more
            first_day, last_day = max(first_day, _FIRST_DAY), min(last_day, _LAST_DAY)
            self.frame = frame = build(self.zone, self.schedule, first_day, last_day, self._anchor)
            return frame


def _day_text(day: int) -> str:
    return date.fromordinal(day).isoformat() if 1 <= day <= date.max.toordinal() else f"a day beyond {date.max}"


def _rebuild(zone: tzinfo, schedule: Schedule, known_from: int | None, known_until: int | None, name: str) -> Table:
    """Make an unpickled table; it grows anew."""
    return Table(zone, schedule, known_from=known_from, known_until=known_until, name=name)
