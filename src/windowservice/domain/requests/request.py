"""A request: what a bank asked of the window, and what happened to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

import attrs

from windowservice.domain.codes import plain
from windowservice.domain.requests.event import OPTIONAL_FIELDS, Event, exact_number, stands_at
from windowservice.domain.requests.extra import NO_EXTRA, Extra, to_extra
from windowservice.domain.requests.kinds import OVER_KINDS, EventKind
from windowservice.domain.unread import Unread
from windowservice.errors import InvalidValue

__all__ = ["Request"]


def _to_events(value: Iterable[Event]) -> tuple[Event, ...]:
    wanted = "a list of Event; from dicts use Request.from_dict"
    if not isinstance(value, Iterable):
        raise InvalidValue("events", value, wanted)
    events = tuple(value)
    for event in events:
        if not isinstance(event, Event):
            raise InvalidValue("events", event, wanted)
    if len({(event.us, event.kind) for event in events}) == len(events):
        return events
    return tuple(dict.fromkeys(events))  # one that says to the letter what one before said happened once


def _to_kinds(value: Iterable[str]) -> frozenset[str]:
    is_set = isinstance(value, Iterable) and not isinstance(value, str)
    kinds = tuple(value) if is_set else ()
    if not is_set or not all(isinstance(kind, str) for kind in kinds):
        raise InvalidValue("recorded", value, "a set of event kinds, as in {'submitted', 'decided'}")
    return frozenset(kinds)


def _to_untold(value: Iterable[str]) -> frozenset[str]:
    is_set = isinstance(value, Iterable) and not isinstance(value, str)
    fields = tuple(value) if is_set else ()
    if not is_set or not all(isinstance(name, str) and name in OPTIONAL_FIELDS for name in fields):
        raise InvalidValue("untold", value, f"a set of fields of events, of {', '.join(sorted(OPTIONAL_FIELDS))}")
    return frozenset(fields)


def _name(field: str, value: str, otherwise: str = "") -> str:
    if not isinstance(value, str) or not value or not (value.isascii() or (value := plain(value))):
        raise InvalidValue(field, value, f"a non-empty text{otherwise}")
    return value


_NOTHING: Final[frozenset[str]] = frozenset()


@attrs.frozen(init=False)
class Request:
    """One matter that a bank brought to the window, with all its events.

    Contradictory times (accepted before submitted) are taken as they are: a finding about the data, not an error. Ids
    are held as they are compared: without invisible characters, full-width ones made plain.

    Attributes:
        id: number of the request, unique in its ledger.
        bank: id of the bank that asked.
        service: id of the kind of business.
        amount: yuan, exact; None if not stated.
        channel: how it came in (counter, online ...).
        events: what happened, in the order given; an event given twice, the same in every field, happened once.
        extra: further fields that a vocabulary may declare.
        recorded: the kinds of event that its ledger records; None if it records every kind.
        untold: the fields of events, as `Event` names them, that its ledger has no column for: that one is not stated
            says nothing. A slot is ``slot_begin`` and ``slot_end``.
        previous: id of the earlier cycle, if the matter was reopened.
        unread: rows about it that could not be read; what they could have said is unknown.
        timeline: the events as they stand, by instant and `seq`.
        is_amended: whether any event was corrected.
        kinds: the kinds of its events.
        dated: whether of some event only the date is known. It stands in the timeline where its date begins, or after
            the last event of that date which it can only follow.

    Raises:
        InvalidValue: if a field has the wrong type.
    """

    id: str
    bank: str
    service: str
    amount: int | Decimal | None = attrs.field(default=None, kw_only=True)
    channel: str | None = attrs.field(default=None, kw_only=True)
    events: tuple[Event, ...] = attrs.field(default=(), kw_only=True)
    extra: Extra = attrs.field(default=NO_EXTRA, kw_only=True)
    recorded: frozenset[str] | None = attrs.field(default=None, kw_only=True)
    untold: frozenset[str] = attrs.field(default=frozenset[str](), kw_only=True)
    previous: str | None = attrs.field(default=None, kw_only=True)
    unread: tuple[Unread, ...] = attrs.field(default=(), repr=False, kw_only=True)
    timeline: tuple[Event, ...] = attrs.field(init=False, repr=False, eq=False)
    is_amended: bool = attrs.field(init=False, repr=False, eq=False)
    kinds: frozenset[str] = attrs.field(init=False, repr=False, eq=False)
    dated: bool = attrs.field(init=False, repr=False, eq=False)

    def __init__(
        self, id: str, bank: str, service: str, *, amount: float | Decimal | None = None,  # noqa: A002 - its name
        channel: str | None = None, events: Iterable[Event] = (), extra: Mapping[str, object] = NO_EXTRA,
        recorded: Iterable[str] | None = None, untold: Iterable[str] = _NOTHING, previous: str | None = None,
        unread: tuple[Unread, ...] = (),
    ) -> None:  # fmt: skip
        put = object.__setattr__  # by hand, as events are
        put(self, "amount", None if amount is None else exact_number("amount", amount))
        mine = _to_events(events)
        put(self, "events", mine)
        put(self, "extra", extra if extra is NO_EXTRA else to_extra(extra))
        put(self, "recorded", None if recorded is None else _to_kinds(recorded))
        put(self, "untold", untold if untold is _NOTHING else _to_untold(untold))
        put(self, "id", _name("id", id))
        put(self, "bank", _name("bank", bank))
        put(self, "service", _name("service", service))
        put(self, "channel", None if channel is None else _name("channel", channel, " or None"))
        put(self, "previous", None if previous is None else _name("previous", previous, " or None"))
        put(self, "unread", unread)
        dated = amended = False
        places = []
        for place, event in enumerate(mine):
            places.append((event.us, place if event.seq is None else event.seq, place))
            dated = dated or event.date_only
            amended = amended or event.amends is not None
        put(self, "dated", dated)
        if dated:
            stands = [stands_at(event, mine) for event in mine]
            places = [(at, seq, place) for at, (_, seq, place) in zip(stands, places, strict=True)]
        places.sort()
        put(self, "timeline", tuple([mine[place] for _, _, place in places]))
        put(self, "is_amended", amended)
        put(self, "kinds", frozenset([event.kind for event in mine]))

    def to_dict(self) -> dict[str, Any]:
        """Return the request as a dict that JSON can hold; see `json_form.request_to_dict`."""
        from windowservice.domain.requests.json_form import request_to_dict  # few requests are written as JSON

        return request_to_dict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], *, kinds: Iterable[str | EventKind] = (), where: str = "") -> Request:
        """Return the request that the dict describes; see `json_form.request_from_dict`.

        Raises:
            InvalidDocument: with all problems at once, each with its path.
        """
        from windowservice.domain.requests.json_form import request_from_dict

        return request_from_dict(cls, data, kinds=kinds, where=where)

    def to_json(self, *, indent: int | None = None) -> str:
        """Return the request as JSON text.

        Raises:
            InvalidValue: for an indent that is no small number.
        """
        from windowservice.domain.requests.json_form import request_to_json

        return request_to_json(self, indent=indent)

    @classmethod
    def from_json(cls, text: str | bytes, *, kinds: Iterable[str | EventKind] = (), where: str = "") -> Request:
        """Return the request that the JSON text describes.

        Raises:
            InvalidDocument: if the text is no JSON, names a key twice, or is no request.
        """
        from windowservice.domain.requests.json_form import request_from_json

        return request_from_json(cls, text, kinds=kinds, where=where)

    @staticmethod
    def schema(kinds: Iterable[str | EventKind] = ()) -> dict[str, Any]:
        """Return the JSON Schema (draft 2020-12) of a request; see `json_form.request_schema`."""
        from windowservice.domain.requests.json_form import request_schema

        return request_schema(kinds)

    def records(self, kind: str) -> bool:
        """Return whether the ledger of this request records events of the kind, so that absence means "not yet"."""
        return self.recorded is None or kind in self.recorded

    def is_later(self, us: int, *, any_event: bool = False) -> bool:
        """Return whether its events begin after an instant (microseconds UTC); or whether any of them lies after it."""
        if not self.timeline:
            return False
        if self.dated:  # what is known by its date may be seen before what stands before it
            later = (event.us > us for event in self.events)
            return any(later) if any_event else all(later)
        return self.timeline[-1 if any_event else 0].us > us

    def known_at(self, us: int) -> Request:
        """Return the request as it was known at an instant (microseconds UTC).

        Events after the instant are hidden, and corrections made after it are undone.
        """
        if not self.is_amended and not self.is_later(us, any_event=True):
            return self
        return attrs.evolve(self, events=[event for event in self.uncorrected_at(us).events if event.us <= us])

    def as_seen(self, us: int) -> Request:
        """Return the request for whoever leaves out what lies after an instant himself (microseconds UTC).

        It is itself, unless what came later shows in what was there before: in a correction, or in the order of what is
        known by its date only; then as `known_at`.
        """
        return self.known_at(us) if self.is_amended or self.dated else self

    def uncorrected_at(self, us: int) -> Request:
        """Return the request with corrections made after an instant undone; what happened later is left in."""
        return attrs.evolve(
            self, events=[_placed(event.known_at(us), place) for place, event in enumerate(self.events)]
        )

    def cycles(self) -> tuple[Request, ...]:
        """Return the request cut where it was reopened after an end: the cycles of the matter, oldest first.

        A reopened matter is a new cycle: `id`, then `id#2`, `id#3`, each with the id of the one before as `previous`.
        What was decided in an earlier cycle stays there, so its verdicts do not change. A `reopened` while the matter
        is open begins no cycle.
        """
        starts, over = [], False
        for place, event in enumerate(self.timeline):
            if event.kind == "reopened" and over:
                starts.append(place)
                over = False
            over = over or event.kind in OVER_KINDS
        if not starts:
            return (self,)
        ordered = [attrs.evolve(event, seq=place) for place, event in enumerate(self.timeline)]
        ids = [self.id, *(f"{self.id}#{number}" for number in range(2, len(starts) + 2))]
        previous = [self.previous, *ids]
        bounds = zip([0, *starts], [*starts, len(ordered)], strict=True)
        return tuple(
            attrs.evolve(self, id=name, previous=earlier, events=ordered[begin:end])
            for name, earlier, (begin, end) in zip(ids, previous, bounds, strict=False)
        )


def _placed(event: Event, place: int) -> Event:
    """Return the event with its place as `seq` if it has none, so that leaving others out keeps the order."""
    return event if event.seq is not None else attrs.evolve(event, seq=place)
