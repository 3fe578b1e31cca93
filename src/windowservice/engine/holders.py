"""Where the time of a request went: who held it, span by span, in open time.

From the first contact on the owner holds it, unless it waits: for papers from the applicant, between two posts (handed
over and not yet taken), for the upper level, or while its clock is stopped for a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Literal, TypeAlias

import attrs

from windowservice.domain.requests import Request
from windowservice.facts.event import OWNING_KINDS
from windowservice.instants import from_us
from windowservice.worktime.calendar import WorkCalendar
from windowservice.worktime.spans import WorkSpan

__all__ = ["Held", "Holding", "holdings", "returns", "time_by_holder"]

Held: TypeAlias = Literal["clerk", "between", "applicant", "upper", "stop"]
"""Who holds a request: a clerk, nobody between two posts, the applicant, the upper level, or a stop of the clock."""
_ENDS: Final = ("decided", "refused", "withdrawn")
_WAITS: Final[dict[str, tuple[Held, frozenset[str]]]] = {
    "notified": ("applicant", frozenset({"supplemented", "accepted"})),
    "handed_over": ("between", frozenset({"taken_over"})),
    "referred": ("upper", frozenset({"answered", "checked", "authorised"})),
    "suspended": ("stop", frozenset({"resumed"})),
}
"""What begins a wait, for whom, and what ends it."""


@attrs.frozen
class Holding:
    """One span for which one party held a request.

    Attributes:
        by: what kind of party.
        name: the clerk; between two posts the one who has to take it; for a stop its reason; else as `by`.
        post: the post named by the event that began it, if any.
        begin, end: microseconds UTC.
        open_us: the open time of the span, in microseconds.
    """

    by: Held
    name: str
    post: str | None
    begin: int
    end: int
    open_us: int


def holdings(request: Request, calendar: WorkCalendar, us: int) -> tuple[Holding, ...]:
    """Return who held a request from its first contact until it was decided, refused or taken back, or until `us`.

    The spans join without a gap; their open times add up to that of the whole.
    """
    found: list[Holding] = []
    owner: tuple[str, str | None] | None = None
    wait: tuple[Held, str, frozenset[str]] | None = None
    begin: int | None = None

    def close(end: int) -> None:
        if begin is not None and end > begin:
            worked = calendar.worked(from_us(begin, calendar.zone), from_us(end, calendar.zone)).us
            if wait is None:
                name, post = owner or ("nobody", None)
                found.append(Holding("clerk", name, post, begin, end, worked))
            else:
                found.append(Holding(wait[0], wait[1], None, begin, end, worked))

    for event in request.timeline:
        if event.us > us:
            break
        starts = event.kind in OWNING_KINDS and event.by is not None
        if begin is None and not starts:
            continue
        close(event.us)
        begin = event.us
        if event.kind in _ENDS:
            return tuple(found)
        if wait is not None and event.kind in wait[2]:
            wait = None
        if starts and event.by is not None:
            owner = (event.by, event.post)
        if event.kind in _WAITS:
            by, ends = _WAITS[event.kind]
            name = {"between": event.to, "stop": event.reason}.get(by) or by
            wait = (by, name, ends)
    close(us)
    return tuple(found)


def returns(held: Iterable[Holding]) -> int:
    """Return how often it went back to a clerk who had held it before: once for A, B, A; twice for A, B, A, B."""
    seen: set[str] = set()
    last, count = None, 0
    for span in held:
        if span.by == "clerk" and span.name != last:
            count += span.name in seen
            seen.add(span.name)
            last = span.name
    return count


def time_by_holder(requests: Iterable[Request], calendar: WorkCalendar, us: int) -> dict[tuple[Held, str], WorkSpan]:
    """Return the open time that each party held the requests, the longest first."""
    total: dict[tuple[Held, str], int] = {}
    for request in requests:
        for span in holdings(request, calendar, us):
            key = (span.by, span.name)
            total[key] = total.get(key, 0) + span.open_us
    return {key: WorkSpan(found) for key, found in sorted(total.items(), key=lambda row: (-row[1], row[0]))}


def clerk_spans(held: Iterable[Holding]) -> Iterator[Holding]:
    """Yield the spans that clerks held, waiting for others taken out."""
    return (span for span in held if span.by == "clerk")
