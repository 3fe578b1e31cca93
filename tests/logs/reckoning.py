"""What the rows of a log say of holders, waits and hand-overs, reckoned in plain Python: no code of the library helps.

Each log has its own function from the rows of one case to spans; what is added up from spans is the same for all.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise
from statistics import median
from typing import NamedTuple

__all__ = [
    "OpenTime",
    "Span",
    "Took",
    "Waited",
    "instant",
    "moves_and_returns",
    "parts_by_group",
    "spans_between",
    "time_by_holder",
    "waits_by_cause",
]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CLERKS = ("clerk", "unnamed")
OpenTime = Callable[[datetime], timedelta]
"""The open time from a fixed day until an instant."""


class Span(NamedTuple):
    """Who had a case from when to when."""

    by: str
    name: str
    post: str | None
    begin: datetime
    end: datetime


class Took(NamedTuple):
    """In how many finished cases there was a part, what these took, what is expected, and how many took longer."""

    parts: int
    open: timedelta
    expected: timedelta
    slower: int


class Waited(NamedTuple):
    """How often, in how many cases, how long in open and in real time, and how many had not ended."""

    times: int
    cases: int
    open: timedelta
    real: timedelta
    unended: int


def instant(value: datetime) -> datetime:
    """Return the instant in UTC, so that differences are of real time."""
    return value.astimezone(UTC)


def spans_between(marks: list[tuple[datetime, tuple[str, str, str | None]]], end: datetime) -> list[Span]:
    """Return the spans from mark to mark and from the last to the end; of marks of one instant the last counts."""
    ends = [*(at for at, _ in marks[1:]), *([end] if marks else [])]
    return [
        Span(*who, at, min(until, end)) for (at, who), until in zip(marks, ends, strict=True) if at < min(until, end)
    ]


def time_by_holder(cases: Mapping[str, list[Span]], opened: OpenTime) -> dict[tuple[str, str], timedelta]:
    """Return the open time that each held the cases."""
    total: dict[tuple[str, str], timedelta] = defaultdict(timedelta)
    for spans in cases.values():
        for span in spans:
            total[span.by, span.name] += opened(span.end) - opened(span.begin)
    return dict(total)


def waits_by_cause(
    cases: Mapping[str, list[Span]], opened: OpenTime, waiting_at_end: Iterable[str]
) -> dict[tuple[str, str], Waited]:
    """Return the waits of cases: spans of one cause that follow each other are one wait."""
    still = set(waiting_at_end)
    total: dict[tuple[str, str], Waited] = {}
    for name, spans in cases.items():
        runs = [
            (cause, [*run])
            for cause, run in groupby(spans, lambda s: (s.by, "" if s.by == "between" else s.name))
            if cause[0] not in CLERKS
        ]
        last = (spans[-1].by, "" if spans[-1].by == "between" else spans[-1].name) if spans else None
        for cause in {cause for cause, _ in runs}:
            mine = [run for found, run in runs if found == cause]
            before = total.get(cause, Waited(0, 0, timedelta(), timedelta(), 0))
            total[cause] = Waited(
                before.times + len(mine),
                before.cases + 1,
                before.open + sum((opened(s.end) - opened(s.begin) for run in mine for s in run), timedelta()),
                before.real + sum((s.end - s.begin for run in mine for s in run), timedelta()),
                before.unended + (name in still and cause == last),
            )
    return total


def moves_and_returns(
    cases: Mapping[str, list[Span]], of: Callable[[Span], str | None]
) -> tuple[Counter[tuple[str, str]], Counter[str]]:
    """Return how often a case went from one group to another, and how often each came back to one it had been in."""
    moves: Counter[tuple[str, str]] = Counter()
    back: Counter[str] = Counter()
    for name, spans in cases.items():
        groups = [of(span) for span in spans if span.by in CLERKS]
        shown = [group or "unknown" for group in groups]
        moves.update((one, other) for one, other in pairwise(shown) if one != other)
        stations = [group for group, _ in groupby(group for group in groups if group is not None)]
        times = sum(group in stations[:place] for place, group in enumerate(stations))
        if times:
            back[name] = times
    return moves, back


def parts_by_group(
    cases: Mapping[str, list[Span]],
    opened: OpenTime,
    kinds: Mapping[str, object],
    of: Callable[[Span], str | None],
) -> dict[str, Took]:
    """Return by group what its parts in finished cases took against the median of all parts of the kind.

    A kind with fewer than five parts expects nothing, and its parts are left out.
    """
    parts: dict[object, list[tuple[str, timedelta]]] = defaultdict(list)
    for name, spans in cases.items():
        if name not in kinds:
            continue
        own: dict[str, timedelta] = defaultdict(timedelta)
        for span in spans:
            group = of(span)
            if span.by in CLERKS and group is not None:
                own[group] += opened(span.end) - opened(span.begin)
        parts[kinds[name]] += own.items()
    total: dict[str, Took] = {}
    for rows in parts.values():
        if len(rows) < 5:
            continue
        middle = median(time for _, time in rows)
        for group, time in rows:
            done = total.get(group, Took(0, timedelta(), timedelta(), 0))
            total[group] = Took(done.parts + 1, done.open + time, done.expected + middle, done.slower + (time > middle))
    return total
