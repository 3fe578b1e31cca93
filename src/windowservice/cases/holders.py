"""Where the time of a request went: who held it, span by span, in open time.

From the first contact on the owner holds it, unless it waits: for papers from the applicant, between two posts (handed
over and not yet taken), for the upper level, or while its clock is stopped for a reason. While several waits are open
at once, the one that began first has it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date, datetime
from typing import Final, Literal, TypeAlias

import attrs

from windowservice.asked import told
from windowservice.domain.requests.event import Event
from windowservice.domain.requests.kinds import CLOSING_KINDS, KINDS, OWNING_KINDS, is_kind, kind_of
from windowservice.domain.requests.request import Request
from windowservice.domain.unread import in_sight
from windowservice.errors import UnknownName
from windowservice.instants import as_of_us
from windowservice.worktime.calendar import WorkCalendar
from windowservice.worktime.spans import WorkSpan

__all__ = [
    "WAITING_KINDS",
    "AsOf",
    "Group",
    "Held",
    "Holding",
    "group_of",
    "holdings",
    "returns",
    "seen_at",
    "time_by_holder",
    "told_whole",
]

Held: TypeAlias = Literal["clerk", "unnamed", "between", "applicant", "upper", "stop"]
"""Who holds a request: a clerk, one whom the record does not name, nobody between two posts, the applicant, the upper
level, or a stop of the clock."""
AsOf: TypeAlias = datetime | date | str | int
"""An instant; a bare date means 24:00 of it in the calendar's zone, a whole number microseconds UTC."""
WAITING_KINDS: Final = frozenset(kind.name for kind in KINDS if kind.waits_for)
"""The kinds of event that begin a wait: a ledger that does not record one of them cannot tell who waited for whom."""
_EVENTS: Final = "events"


@attrs.frozen
class Holding:
    """One span for which one party held a request.

    Attributes:
        by: what kind of party.
        name: the clerk; between two posts the one who has to take it; for a stop its reason; else as `by`.
        post: the post at which the clerk took it, if the record says.
        begin, end: microseconds UTC.
        open_us: the open time of the span, in microseconds.
    """

    by: Held
    name: str
    post: str | None
    begin: int
    end: int
    open_us: int


Group: TypeAlias = Literal["clerk", "post"] | Callable[[Holding], str | None]
"""What the spans of clerks are put together by: the clerk, the post, or what a function makes of the span (as a line of
support from the name of the post); None where that is not known."""


def holdings(
    request: Request, calendar: WorkCalendar, us: int, owning: Collection[str] = OWNING_KINDS
) -> tuple[Holding, ...]:
    """Return who held a request from its first contact until it was settled, or until `us`.

    The spans join without a gap; their open times add up to that of the whole.

    Args:
        request: the request.
        calendar: the hours that count.
        us: what comes after this instant (microseconds UTC) is not seen.
        owning: the kinds of event whose clerk has the request from then on; a ledger that tells of no handing over may
            name every step.
    """
    return holdings_and_wait(request, calendar, us, owning)[0]


def holdings_and_wait(
    request: Request, calendar: WorkCalendar, us: int, owning: Collection[str] = OWNING_KINDS
) -> tuple[tuple[Holding, ...], bool]:
    """Return who held a request, and whether it still waits at `us`."""
    found: list[Holding] = []
    owner: tuple[Held, str, str | None] | None = None
    waits: dict[Held, str] = {}  # those that are open, the first to begin in front
    begin = us

    def close(end: int) -> None:
        if owner is not None and end > begin:
            by, name, post = (*next(iter(waits.items())), None) if waits else owner
            found.append(Holding(by, name, post, begin, end, _worked(calendar, begin, end)))

    for event in request.as_seen(us).timeline:
        if event.us > us:
            continue
        at = int(event.us)  # a date alone may begin before what came before it
        close(at)
        begin = max(at, begin) if owner is not None else at
        if event.kind in CLOSING_KINDS:
            return tuple(found), False
        if event.kind in owning and (event.by is not None or (owner is not None and event.kind == "taken_over")):
            owner = ("unnamed", "unnamed", event.post) if event.by is None else ("clerk", event.by, event.post)
        if owner is not None:
            _move(waits, event)
    close(us)
    return tuple(found), bool(waits)


def told_whole(requests: Iterable[Request], us: int, owning: Collection[str] = OWNING_KINDS) -> Iterator[Request]:
    """Yield the requests of which no row was rejected that could say who held them until an instant.

    Of the others nobody can tell: a hand-over or an end that could not be read would be charged to whoever came before.
    """
    kinds = {"", *owning, *CLOSING_KINDS}
    for request in requests:
        lost = in_sight(request.unread, us)
        if not any(row.table != _EVENTS or row.kind in kinds or _moves(row.kind) for row in lost):
            yield request


def _moves(name: str) -> bool:
    """Whether an event of a kind begins or ends a wait."""
    kind = kind_of(name) if is_kind(name) else None
    return kind is not None and bool(kind.waits_for or kind.ends_wait)


def _move(waits: dict[Held, str], event: Event) -> None:
    """Take out the wait that an event ends and put in the one that it begins."""
    kind = kind_of(event.kind)
    begun = kind.waits_for
    if kind.ends_wait:
        waits.pop(kind.ends_wait, None)
    if begun == "between":
        waits[begun] = event.to or begun  # handed on again before anybody took it: another has to take it now
    elif begun:
        waits.setdefault(begun, (event.reason if begun == "stop" else None) or begun)


def _worked(calendar: WorkCalendar, begin: int, end: int) -> int:
    calendar.known.check(begin, end)
    return calendar.table.open_before(end) - calendar.table.open_before(begin)


def seen_at(as_of: AsOf, calendar: WorkCalendar) -> int:
    """Return an instant in microseconds UTC.

    Raises:
        NaiveTime, InvalidTime, TimeOutOfRange: if it is none.
    """
    return as_of if isinstance(as_of, int) else as_of_us(as_of, calendar.zone)


def group_of(by: Group) -> Callable[[Holding], str | None]:
    """Return the function that tells the group of a clerk's span; None for a clerk whom the record does not name.

    Raises:
        UnknownName: for a word that is neither ``clerk`` nor ``post``.
    """
    if isinstance(by, str) and by == "clerk":
        return lambda span: span.name if span.by == "clerk" else None
    if isinstance(by, str) and by == "post":
        return lambda span: span.post
    if not callable(by):
        raise UnknownName("grouping", by, ("clerk", "post"))
    return by


def returns(held: Iterable[Holding], by: Group = "clerk") -> int:
    """Return how often it went back to a clerk (or post, or group) that had held it before.

    Once for A, B, A; twice for A, B, A, B. Spans of which nobody knows whose they are count for nothing.
    """
    of = group_of(by)
    seen: set[str] = set()
    last, count = None, 0
    for span in worked_spans(held):
        name = of(span)
        if name is not None and name != last:
            count += name in seen
            seen.add(name)
            last = name
    return count


@told
def time_by_holder(
    requests: Iterable[Request], calendar: WorkCalendar, as_of: AsOf, *, owning: Collection[str] = OWNING_KINDS
) -> dict[tuple[Held, str], WorkSpan]:
    """Return the open time that each party held the requests until they were settled, the longest first.

    A request of which a row was rejected that could say who held it is left out: nobody can tell.

    Args:
        requests: the requests; a ledger is one iterable of them.
        calendar: the hours that count.
        as_of: what comes after it is not seen.
        owning: the kinds of event whose clerk has a request from then on.

    Raises:
        NaiveTime, InvalidTime, TimeOutOfRange: if `as_of` is no instant.
    """
    us = seen_at(as_of, calendar)
    total: dict[tuple[Held, str], int] = {}
    for request in told_whole(requests, us, owning):
        for span in holdings(request, calendar, us, owning):
            key = (span.by, span.name)
            total[key] = total.get(key, 0) + span.open_us
    return {key: WorkSpan(found) for key, found in sorted(total.items(), key=lambda row: (-row[1], row[0]))}


def clerk_spans(held: Iterable[Holding]) -> Iterator[Holding]:
    """Yield the spans that named clerks held, waiting for others taken out."""
    return (span for span in held if span.by == "clerk")


def worked_spans(held: Iterable[Holding]) -> Iterator[Holding]:
    """Yield the spans that clerks held, named or not, waiting for others taken out."""
    return (span for span in held if span.by in ("clerk", "unnamed"))
