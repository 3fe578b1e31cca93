"""Requests while a ledger is read: rows gather here until all tables are through."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import attrs

from windowservice.domain.requests.event import Event, stands_at
from windowservice.domain.requests.kinds import rank_of
from windowservice.domain.requests.request import Request
from windowservice.domain.unread import Unread

__all__ = ["Draft", "Entry", "Place", "finished"]

Place: TypeAlias = tuple[str, int]
"""File and row."""


@attrs.frozen
class Entry:
    """An event with the row it came from, and the kind that the next event of its request brings about ("" if none)."""

    event: Event
    place: Place
    until_next: str = ""


@attrs.define
class Draft:
    """What is known of a request so far.

    Attributes:
        place: the row that describes it.
        order: the number of that row in the record of the request, if it states one; the lowest describes it.
        raw: the cells of that row which describe it.
        values: its fields.
        once: events that row writes once for the request.
        entries: events that rows write, in the order of reading.
        by_time: the same events, by instant and kind.
    """

    place: Place
    order: int | None
    raw: Sequence[Any]
    values: dict[str, Any]
    once: list[Entry]
    entries: list[Entry] = attrs.field(factory=list)
    by_time: dict[tuple[int, str], list[Entry]] = attrs.field(factory=dict)

    def same(self, entry: Entry) -> Entry | None:
        """Return an event that is there already and is the same in every field, None if there is none."""
        for one in self.by_time.get((entry.event.us, entry.event.kind), ()):
            if one.event == entry.event and one.until_next == entry.until_next:
                return one
        return None

    def take(self, entry: Entry) -> None:
        """Take in an event."""
        self.by_time.setdefault((entry.event.us, entry.event.kind), []).append(entry)
        self.entries.append(entry)


def finished(
    draft: Draft, recorded: frozenset[str] | None, untold: frozenset[str], unread: tuple[Unread, ...] = ()
) -> tuple[Request, list[Entry]]:
    """Return the request and its events with their rows.

    Events stand in the order of their record: by `seq` if every row states it, else by the order of rows; events
    written once for the request come first.
    """
    entries = in_order(draft.entries)
    once = draft.once
    numbers = [entry.event.seq for entry in entries]
    if numbers and None not in numbers:
        entries = sorted(entries, key=_seq)
        first = _seq(entries[0]) - len(once)  # so that they come first among events of the same instant
        once = [_numbered(entry, first + place) for place, entry in enumerate(once)]
    entries = [*once, *entries]
    if any(entry.until_next for entry in entries):
        entries = list(_with_ends(entries))
    events = [entry.event for entry in entries]
    return Request(**draft.values, events=events, recorded=recorded, untold=untold, unread=unread), entries


def in_order(entries: list[Entry]) -> list[Entry]:
    """Return the events of a request in an order in which rows of one instant may stand.

    Rows that rise in time stand in the order of their record. Where they fall (a log exported newest first) so do those
    of one instant. Where they do neither, those of one instant stand by what can come first.
    """
    times = [entry.event.us for entry in entries]
    steps = list(itertools.pairwise(times))
    if len(set(times)) == len(times) or all(one <= other for one, other in steps):
        return entries
    if all(one >= other for one, other in steps):
        return entries[::-1]
    return sorted(entries, key=lambda entry: (int(entry.event.us), rank_of(entry.event.kind), repr(entry.event)))


def _seq(entry: Entry) -> int:
    return entry.event.seq or 0


def _numbered(entry: Entry, seq: int) -> Entry:
    return attrs.evolve(entry, event=attrs.evolve(entry.event, seq=seq))


def _with_ends(entries: list[Entry]) -> Iterator[Entry]:
    """Yield the events, and after each that lasts until the next one the event that ends it."""
    places = range(len(entries))
    events = [entry.event for entry in entries]
    line = sorted(places, key=lambda place: (stands_at(events[place], events), _seq(entries[place]), place))
    following = dict(itertools.pairwise(line))
    for place, entry in enumerate(entries):
        yield entry
        if entry.until_next and place in following:
            cause = entries[following[place]]
            end = Event(
                cause.event.at,
                entry.until_next,
                by=cause.event.by,
                seq=entry.event.seq,
                date_only=cause.event.date_only,
            )
            yield Entry(end, cause.place)
