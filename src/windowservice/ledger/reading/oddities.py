"""What is odd about the events of a request: contradictory times, ties, repeated rows, times outside the hours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, Final

import attrs

from windowservice.domain.requests.event import Event
from windowservice.domain.requests.kinds import KINDS, EventKind
from windowservice.ledger.reading.drafts import Entry
from windowservice.ledger.reading.load_report import Contradiction, Duplicate, Unsaid

if TYPE_CHECKING:
    from windowservice.worktime.calendar import WorkCalendar

__all__ = ["Oddities"]

_NOTHING: Final[tuple[object, ...]] = (None, "", frozenset())
"""What a field holds of which nothing is said."""
_FEW: Final = 5
"""Fewer events without it may each be a breach; so many say that the ledger does not keep it."""


@attrs.define
class Oddities:
    """Counts and lists, gathered request by request.

    Attributes:
        zone: the zone whose midnight is meant; None: the zone that each event was written in.
        calendar: the opening hours, if there are any.
        as_of: an instant (microseconds UTC) after which nothing should lie; None if none was given.
        own: the kinds of event that plugins add.
        says: the field that events of a kind should say, by kind.
        said: those of these fields that some event says, each with its kind.
        in_order: pairs of kinds of which the second cannot come first.
    """

    zone: tzinfo | None
    calendar: WorkCalendar | None
    as_of: int | None
    own: tuple[EventKind, ...] = ()
    events: int = 0
    at_midnight: int = 0
    outside_hours: int = 0
    after_as_of: int = 0
    tied_events: int = 0
    tied_requests: int = 0
    contradictions: list[Contradiction] = attrs.field(factory=list)
    duplicates: list[Duplicate] = attrs.field(factory=list)
    _kinds: Counter[str] = attrs.field(factory=Counter)
    said: set[tuple[str, str]] = attrs.field(factory=set)
    says: dict[str, str] = attrs.field(init=False)
    in_order: tuple[tuple[str, str], ...] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        known = (*KINDS, *self.own)
        self.says = {kind.name: kind.must_say for kind in known if kind.must_say}
        self.in_order = tuple((earlier, kind.name) for kind in known for earlier in kind.after)

    def add(self, request: str, entries: Sequence[Entry]) -> None:
        """Take in the events of one request."""
        self.events += len(entries)
        for entry in entries:
            self._look_at_time(entry.event)
            self._look_at_fields(entry.event)
        if len(entries) > 1:
            self._look_for_ties(request, entries)
            self.contradictions.extend(_contradictions(request, entries, self.in_order))

    @property
    def unsaid(self) -> tuple[Unsaid, ...]:
        """What events of a kind should say, and none does."""
        return tuple(
            Unsaid(kind, field, self._kinds[kind])
            for kind, field in self.says.items()
            if self._kinds[kind] >= _FEW and (kind, field) not in self.said
        )

    def count_kinds(self, kinds: Counter[str]) -> None:
        """Count the kinds of events that are not taken in one by one."""
        self._kinds += kinds

    def _look_at_fields(self, event: Event) -> None:
        self._kinds[event.kind] += 1
        said = event.kind, self.says.get(event.kind, "")
        if said[1] and said not in self.said and getattr(event, said[1]) not in _NOTHING:
            self.said.add(said)

    def _look_at_time(self, event: Event) -> None:
        if self.as_of is not None and event.us > self.as_of:
            self.after_as_of += 1
        if event.date_only:
            return
        local = event.at if self.zone is None else event.at.astimezone(self.zone)
        if local.hour == local.minute == local.second == local.microsecond == 0:
            self.at_midnight += 1
        if self.calendar is not None and not self.calendar.table.is_open(event.us):
            self.outside_hours += 1

    def _look_for_ties(self, request: str, entries: Sequence[Entry]) -> None:
        groups: dict[int, list[Entry]] = {}
        for entry in entries:
            groups.setdefault(entry.event.us, []).append(entry)
        tied = [group for group in groups.values() if len(group) > 1]
        if not tied:
            return
        self.tied_requests += 1
        for group in tied:
            self.tied_events += len(group)
            self.duplicates.extend(_repeated(request, group))


def _repeated(request: str, group: list[Entry]) -> Iterator[Duplicate]:
    """Yield the events of one instant that say what an earlier one said; their place in the record does not count."""
    seen: dict[Event, Entry] = {}
    for entry in group:
        event = entry.event if entry.event.seq is None else attrs.evolve(entry.event, seq=None)
        first = seen.setdefault(event, entry)
        if first is not entry:
            what = f"{event.kind} of request {request!r}"
            yield Duplicate(*entry.place, what, *first.place, kept=True)


def _contradictions(
    request: str, entries: Sequence[Entry], in_order: Iterable[tuple[str, str]]
) -> Iterator[Contradiction]:
    """Yield the pairs of kinds whose first events come the other way round than they can."""
    first: dict[str, Entry] = {}
    for entry in entries:
        known = first.get(entry.event.kind)
        if known is None or entry.event.us < known.event.us:
            first[entry.event.kind] = entry
    for earlier, later in in_order:
        if earlier in first and later in first and first[later].event.us < first[earlier].event.us:
            yield Contradiction(request, earlier, later, (first[earlier].place, first[later].place))
