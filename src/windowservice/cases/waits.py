"""For what requests waited, and how they went from one holder to another: tables over many requests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import timedelta
from itertools import pairwise

import attrs

from windowservice.asked import told
from windowservice.cases.holders import (
    AsOf,
    Group,
    Held,
    group_of,
    holdings,
    holdings_and_wait,
    returns,
    seen_at,
    told_whole,
    worked_spans,
)
from windowservice.cases.tallies import CrossTable, tally_table
from windowservice.domain.requests.kinds import OWNING_KINDS
from windowservice.domain.requests.request import Request
from windowservice.worktime.calendar import WorkCalendar
from windowservice.worktime.spans import WorkSpan

__all__ = ["Handovers", "Waits", "handovers", "waits_by_cause"]

_UNKNOWN = "unknown"


@attrs.frozen
class Waits:
    """The waits for one cause.

    Attributes:
        times: how often a request began to wait for it; waits that follow one another without a gap are one.
        requests: how many requests waited for it.
        open_time: the open time that they waited.
        elapsed: the real time that they waited.
        unended: how many had not ended at the instant judged.
    """

    times: int = 0
    requests: int = 0
    open_time: WorkSpan = attrs.field(factory=WorkSpan)
    elapsed: timedelta = timedelta()
    unended: int = 0

    def _and(self, runs: list[tuple[int, int]], *, unended: bool) -> Waits:
        """Return the sum with the waits of a further request, each with its open and its real time."""
        return Waits(
            times=self.times + len(runs),
            requests=self.requests + 1,
            open_time=self.open_time + WorkSpan(sum(worked for worked, _ in runs)),
            elapsed=self.elapsed + timedelta(microseconds=sum(real for _, real in runs)),
            unended=self.unended + unended,
        )


@told
def waits_by_cause(
    requests: Iterable[Request], calendar: WorkCalendar, as_of: AsOf, *, owning: Collection[str] = OWNING_KINDS
) -> dict[tuple[Held, str], Waits]:
    """Return for what requests waited until they were settled, the longest open time first.

    The cause is what `holdings` says: papers of the applicant, the upper level, a stop with its reason, or that nobody
    took what was handed over (``between``, whoever had to take it). The arguments are those of `time_by_holder`.

    Raises:
        NaiveTime, InvalidTime, TimeOutOfRange: if `as_of` is no instant.
    """
    us = seen_at(as_of, calendar)
    total: dict[tuple[Held, str], Waits] = {}
    for request in told_whole(requests, us, owning):
        spans, still = holdings_and_wait(request, calendar, us, owning)
        runs: dict[tuple[Held, str], list[tuple[int, int]]] = {}
        last: tuple[Held, str] | None = None
        for span in spans:
            cause = None if span.by in ("clerk", "unnamed") else (span.by, "" if span.by == "between" else span.name)
            if cause is not None:
                own = runs.setdefault(cause, [])
                if cause != last:
                    own.append((0, 0))
                own[-1] = (own[-1][0] + span.open_us, own[-1][1] + span.end - span.begin)
            last = cause
        for cause, found in runs.items():
            total[cause] = total.get(cause, Waits())._and(found, unended=still and cause == last)
    return dict(sorted(total.items(), key=lambda row: (-row[1].open_time.us, row[0])))


@attrs.frozen
class Handovers:
    """How requests went from one clerk, post or group to another.

    Attributes:
        table: how often from whom (rows) to whom (columns); what is not known counts as ``unknown``.
        returns: how often each request went back to where it had been before, the most first; those that did not are
            left out.
        requests: how many requests were looked at.
    """

    table: CrossTable
    returns: Counter[str]
    requests: int


@told
def handovers(
    requests: Iterable[Request],
    calendar: WorkCalendar,
    as_of: AsOf,
    by: Group = "clerk",
    *,
    owning: Collection[str] = OWNING_KINDS,
) -> Handovers:
    """Return how requests were handed over until they were settled.

    A hand-over is that a clerk's span follows another's, waits left out, and the group is another: by ``clerk``, by
    ``post``, or by what a function makes of a span, such as the line of support from the name of the post. A request
    goes back once for A, B, A and twice for A, B, A, B (ping-pong). The other arguments are those of `time_by_holder`.

    Raises:
        UnknownName: for a word that is neither ``clerk`` nor ``post``.
        NaiveTime, InvalidTime, TimeOutOfRange: if `as_of` is no instant.
    """
    us, of = seen_at(as_of, calendar), group_of(by)
    moves: Counter[tuple[str, ...]] = Counter()
    back: Counter[str] = Counter()
    number = 0
    for request in told_whole(requests, us, owning):
        number += 1
        held = holdings(request, calendar, us, owning)
        groups = [of(span) or _UNKNOWN for span in worked_spans(held)]
        moves.update((one, other) for one, other in pairwise(groups) if one != other)
        times = returns(held, by)
        if times:
            back[request.id] = times
    return Handovers(tally_table(moves), Counter(dict(back.most_common())), number)
