"""What happens to a clock: stops, notices of missing papers and extensions, and the findings they may cause.

Each comes in two shapes: a frozen value with aware datetimes for callers, and a tuple of integers (microseconds UTC)
for the clock. The value of an extension stands with the limits. Basis of the eight statutory reasons: Administrative
Licensing Law of China, article 45.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, tzinfo
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

import attrs

from windowservice.asked import told
from windowservice.errors import InvalidValue
from windowservice.instants import as_of_us, from_us, local_midnight, to_date, to_us

if TYPE_CHECKING:
    from windowservice.worktime.limits.limit import Limit

__all__ = [
    "STATUTORY_REASONS",
    "WAITING_FOR_PAPERS",
    "Code",
    "ExtensionUs",
    "Note",
    "Notice",
    "NoticeUs",
    "Piece",
    "Stop",
    "StopUs",
    "counted_pieces",
    "objection",
    "owned",
]

STATUTORY_REASONS: Final = frozenset(
    {
        "hearing",
        "tender",
        "auction",
        "inspection_test",
        "laboratory_test",
        "quarantine",
        "appraisal",
        "expert_review",
    }
)
"""The steps whose time does not count by statute, if the applicant was told in writing."""
WAITING_FOR_PAPERS: Final = "supplement"
"""The reason of the stop from the notice of missing papers to their completion."""


class Code(StrEnum):
    """Why something that was given did not act on the clock."""

    STOP_NOT_WRITTEN = "stop_not_written"
    STOP_UNKNOWN_REASON = "stop_unknown_reason"
    STOP_AFTER_DUE = "stop_after_due"
    NOTICE_AFTER_DUE = "notice_after_due"
    NOTICE_REPEATED = "notice_repeated"
    EXTENSION_AFTER_DUE = "extension_after_due"
    EXTENSION_ASKED_LATE = "extension_asked_late"
    EXTENSION_OTHER_UNIT = "extension_other_unit"
    EXTENSION_REPEATED = "extension_repeated"
    EXTENSION_LAPSED = "extension_lapsed"


class Note(NamedTuple):
    """One thing that did not act, at an instant, with a word for it: a stop's reason, an extension's text."""

    code: Code
    at: int
    what: str = ""


# --- in integers ----------------------------------------------------------------------------------------------------


class StopUs(NamedTuple):
    """Time that may not count, ``[begin, end)``; no end while it lasts."""

    begin: int
    end: int | None
    reason: str
    written: bool = False


class NoticeUs(NamedTuple):
    """The applicant was told what is missing, and handed in the last of it; the wait between stops the clock."""

    told: int
    completed: int | None = None
    reason: str = WAITING_FOR_PAPERS


class ExtensionUs(NamedTuple):
    """More time, when it was approved, and when it was asked for (None: not recorded)."""

    approved: int
    limit: Limit
    asked: int | None = None


class Piece(NamedTuple):
    """A span ``[begin, end)`` that belongs to one reason; pieces of a clock do not overlap."""

    begin: int
    end: int
    reason: str


def counted_pieces(
    stops: Iterable[StopUs], horizon: int, local_reasons: frozenset[str] | None, notes: list[Note]
) -> list[Piece]:
    """Return the stops that may count, cut at the horizon, each instant owned by the reason that began first.

    Args:
        stops: in any order.
        horizon: stops that begin later are hidden.
        local_reasons: the reasons that count beside the statutory ones; None for any.
        notes: takes a note for each stop that cannot count.
    """
    pieces = []
    for stop in stops:
        if stop.begin > horizon:
            continue
        if code := objection(stop, local_reasons):
            notes.append(Note(code, stop.begin, stop.reason))
            continue
        end = horizon if stop.end is None else min(stop.end, horizon)
        if stop.begin < end:
            pieces.append(Piece(stop.begin, end, stop.reason))
    return owned(pieces) if len(pieces) > 1 else pieces


def objection(stop: StopUs, local_reasons: frozenset[str] | None) -> Code | None:
    """Return why a stop cannot count, or None."""
    if stop.reason in STATUTORY_REASONS:
        return None if stop.written else Code.STOP_NOT_WRITTEN
    return None if local_reasons is None or stop.reason in local_reasons else Code.STOP_UNKNOWN_REASON


def owned(pieces: list[Piece]) -> list[Piece]:
    """Return the pieces in order and without overlap: what began first keeps its time (then by the reason's name)."""
    found: list[Piece] = []
    reached: int | None = None
    for begin, end, reason in sorted(pieces, key=lambda piece: (piece.begin, piece.reason, -piece.end)):
        if reached is not None and begin < reached:
            begin = reached  # noqa: PLW2901 the rest of it, if any
        if begin < end:
            found.append(Piece(begin, end, reason))
            reached = end
    return found


# --- for callers ----------------------------------------------------------------------------------------------------


@told
@attrs.frozen
class Stop:
    """Time that does not count.

    A statutory reason stops the clock only if the applicant was told in writing.

    Attributes:
        begin: an aware datetime or ISO text; a bare date means its 00:00.
        end: the first instant that counts again; None while the stop lasts; a bare date is included whole.
        reason: a word such as "hearing".
        written: whether the applicant was told in writing.
    """

    begin: datetime | date | str
    end: datetime | date | str | None
    reason: str
    written: bool | None = None

    def to_us(self, zone: tzinfo) -> StopUs:
        """Return the stop in integers, bare dates in the zone.

        Raises:
            InvalidValue: if it ends before it begins.
            NaiveTime, InvalidTime, TimeOutOfRange: as `windowservice.instants.to_us`.
        """
        begin = _begin_us(self.begin, zone, "Stop.begin")
        end = None if self.end is None else as_of_us(self.end, zone, "Stop.end")
        if end is not None and end < begin:
            raise InvalidValue("Stop.end", self.end, f"not before its begin, {from_us(begin, zone)}")
        return StopUs(begin, end, self.reason, bool(self.written))


@told
@attrs.frozen
class Notice:
    """A notice of missing papers.

    Attributes:
        told: when the applicant was told, an aware datetime or ISO text.
        completed: when the papers were complete; None while they are not.
    """

    told: datetime | str
    completed: datetime | str | None = None

    def to_us(self) -> NoticeUs:
        """Return the notice in integers.

        Raises:
            NaiveTime, InvalidTime, TimeOutOfRange: as `windowservice.instants.to_us`.
        """
        completed = None if self.completed is None else to_us(self.completed, where="Notice.completed")
        return NoticeUs(to_us(self.told, where="Notice.told"), completed)


def _begin_us(value: datetime | date | str, zone: tzinfo, where: str) -> int:
    """Return the instant; a bare date begins at its 00:00."""
    if isinstance(value, str) and len(value.strip()) == len("2018-05-03"):
        value = to_date(value, where)
    if isinstance(value, date) and not isinstance(value, datetime):
        return local_midnight(value, zone)
    return to_us(value, where=where)
