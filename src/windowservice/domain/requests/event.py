"""What happened to a request at the window, instant by instant."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, cast

import attrs

from windowservice.date_only import DateOnly, date_only_us
from windowservice.domain.codes import plain_code
from windowservice.domain.requests.extra import NO_EXTRA, Extra, to_extra
from windowservice.domain.requests.kinds import EVENT_KINDS, EventKind, KindName, is_kind, rank_of
from windowservice.errors import InvalidTime, InvalidValue
from windowservice.instants import is_bare_date, iso_datetime, to_us, utc_datetime

__all__ = ["OPTIONAL_FIELDS", "Event", "exact_number", "stands_at"]

OPTIONAL_FIELDS: Final = frozenset(
    {
        "by", "post", "to", "items", "reason", "written", "slip", "amount", "slot_begin", "slot_end", "score", "note"
    }
)  # fmt: skip
"""What an event may state of itself beside its time and kind; a ledger has a column for each, or does not record it."""

_BOUND: Final = 10**18
_MOST_PLACES: Final = 18
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2199
"""Between them no offset leads out of the years computed with."""


def _to_datetime(value: datetime | str) -> datetime:
    if isinstance(value, str):
        try:
            moment = iso_datetime(value.strip())
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None or not _FIRST_YEAR < moment.year < _LAST_YEAR:
            to_us(value, where="Event.at")  # refuses what is no instant, or too far away, in words that help
        return cast("datetime", moment)
    return value  # checked where the microseconds are computed


def _to_at(value: datetime | str) -> datetime:
    if not isinstance(value, datetime) and is_bare_date(value):
        wanted = "an instant; if only the day is known, its midnight and date_only=True, as in '2018-05-03T00:00+08:00'"
        raise InvalidTime(str(value), wanted, "Event.at")
    return _to_datetime(value)


def _to_slot(value: tuple[datetime | str, datetime | str] | None) -> tuple[datetime, datetime] | None:
    if value is None:
        return None
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise InvalidValue("slot", value, "a pair of instants (begin, end)")
    return (_to_datetime(value[0]), _to_datetime(value[1]))


def _to_items(value: Iterable[str] | None) -> frozenset[str] | None:
    if value is None:
        return None
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise InvalidValue("items", value, "a set of item ids, as in {'S10-M2'}")
    items = tuple(value)
    for item in items:
        if not isinstance(item, str) or not plain_code(item):
            raise InvalidValue("items", item, "a set of non-empty item ids")
    return frozenset(map(plain_code, items))  # type: ignore[arg-type]


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def exact_number(field: str, value: object) -> int | Decimal | None:
    """Return the value as an exact number, or None.

    A whole float is taken as the integer it is; any other float was rounded before it came here and is refused.

    Raises:
        InvalidValue: if it is no int, no Decimal and no whole float, or reaches 10**18, or has over 18 decimal places.
    """
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if type(value) is int and -_BOUND < value < _BOUND:
        return value
    if isinstance(value, Decimal) and value.is_finite() and abs(value) < _BOUND and _places(value) <= _MOST_PLACES:
        return value
    if isinstance(value, float):
        raise InvalidValue(field, value, f"exact, an int or a Decimal, as in Decimal('{value}')")
    raise InvalidValue(field, value, "an int or a Decimal below 10**18 with at most 18 decimal places")


def _to_score(value: int | Decimal | None) -> int | Decimal | None:
    return exact_number("score", value)


def _to_kind(value: Any) -> Any:
    return value.word if isinstance(value, EventKind) else plain_code(value)


@attrs.frozen(repr=False)
class Event:
    """One thing that happened to a request.

    Two events are equal if their values are; an instant written in two zones is one instant. Ids are held as they are
    compared: without invisible characters, full-width ones made plain.

    Attributes:
        at: the instant, as an aware datetime; ISO text with an offset is taken too. Of a time known by its date only,
            the midnight at which the date begins in the zone it is written in (given with an hour, it is put back).
        kind: what happened, a lower-case word (see `EVENT_KINDS`), or an `EventKind`, whose name it then is.
        by: the clerk who did it.
        post: the post or counter at which it was done.
        to: the clerk or post it was given to.
        items: ids of the materials spoken of; None if not stated.
        reason: a reason code.
        written: whether it was told in writing; None if not stated.
        slip: number of the slip or receipt.
        amount: by how much an extension lengthens the limit, as limit text ("3 working days").
        slot: begin and end of a booked slot.
        score: the grade of a rating.
        note: a remark in words.
        seq: the place among events of the same instant; None means the order in which they were given.
        date_only: whether only the date is known. It is in time on the last day, whatever the hour of the due, and is
            neither before nor after anything else of its date.
        extra: further fields that a vocabulary may declare.
        amends: the event that this one replaces, kept as it was.
        amended_by: who replaced it.
        amended_at: when it was replaced.
        us, slot_begin_us, slot_end_us, amended_us: the instants in microseconds UTC (None where absent); `us` is a
            `DateOnly` if only the date is known.

    Raises:
        NaiveTime, InvalidTime, TimeOutOfRange: if an instant has no zone, is none, or lies outside 1900 to 2199.
        InvalidValue: if another field has the wrong type.
    """

    at: datetime = attrs.field(converter=_to_at, eq=False)
    kind: str = attrs.field(converter=_to_kind)
    by: str | None = attrs.field(default=None, kw_only=True)
    post: str | None = attrs.field(default=None, kw_only=True)
    to: str | None = attrs.field(default=None, kw_only=True)
    items: frozenset[str] | None = attrs.field(default=None, converter=_to_items, kw_only=True)
    reason: str | None = attrs.field(default=None, kw_only=True)
    written: bool | None = attrs.field(default=None, kw_only=True)
    slip: str | None = attrs.field(default=None, kw_only=True)
    amount: str | None = attrs.field(default=None, kw_only=True)
    slot: tuple[datetime, datetime] | None = attrs.field(default=None, converter=_to_slot, eq=False, kw_only=True)
    score: int | Decimal | None = attrs.field(default=None, converter=_to_score, kw_only=True)
    note: str | None = attrs.field(default=None, kw_only=True)
    seq: int | None = attrs.field(default=None, kw_only=True)
    date_only: bool = attrs.field(default=False, kw_only=True)
    extra: Extra = attrs.field(default=NO_EXTRA, converter=to_extra, kw_only=True)
    amends: Event | None = attrs.field(default=None, kw_only=True)
    amended_by: str | None = attrs.field(default=None, kw_only=True)
    amended_at: datetime | None = attrs.field(
        default=None, converter=attrs.converters.optional(_to_datetime), eq=False, kw_only=True
    )
    us: int = attrs.field(init=False)
    slot_begin_us: int | None = attrs.field(init=False, default=None)
    slot_end_us: int | None = attrs.field(init=False, default=None)
    amended_us: int | None = attrs.field(init=False, default=None)

    def __attrs_post_init__(self) -> None:
        put = object.__setattr__  # frozen: the computed fields are set once, here
        put(self, "us", to_us(self.at, where="Event.at"))
        if self.date_only is True:
            day = date_only_us(self.at)
            if day != self.us:
                put(self, "at", utc_datetime(day).astimezone(self.at.tzinfo))
            put(self, "us", day)
        if self.slot is not None:
            put(self, "slot_begin_us", to_us(self.slot[0], where="Event.slot"))
            put(self, "slot_end_us", to_us(self.slot[1], where="Event.slot"))
        if self.amended_at is not None:
            put(self, "amended_us", to_us(self.amended_at, where="Event.amended_at"))
        _check(self)

    def amended(self, when: datetime | str, who: str, /, **changes: Any) -> Event:
        """Return the event as it stands after a correction; it keeps this one, with who corrected it and when.

        Args:
            when: the instant of the correction.
            who: the clerk who made it.
            changes: the fields that are corrected, by name; a time that is corrected has an hour, unless `date_only` is
                given with it.
        """
        if "at" in changes:
            changes = {"date_only": False, **changes}
        return attrs.evolve(self, **changes, amends=self, amended_by=who, amended_at=when)

    def known_at(self, us: int) -> Event:
        """Return the event as it was known at an instant (microseconds UTC): corrections made after it are undone."""
        event = self
        while event.amends is not None and event.amended_us is not None and event.amended_us > us:
            event = event.amends
        return event

    def __repr__(self) -> str:
        given = [
            f"{field.name}={getattr(self, field.name)!r}"
            for field in attrs.fields(Event)[2:]
            if field.init and getattr(self, field.name) != field.default
        ]
        return f"Event({', '.join([repr(self.at.isoformat()), repr(self.kind), *given])})"

    @property
    def history(self) -> tuple[Event, ...]:
        """All versions of the event, the first as it was entered, the last as it stands."""
        versions = [self]
        while versions[-1].amends is not None:
            versions.append(versions[-1].amends)
        return tuple(reversed(versions))


def stands_at(event: Event, events: Iterable[Event]) -> int:
    """Return where an event stands among others: twice its instant, to have room for what stands right behind.

    One of which only the date is known stands where that begins, or behind the last that it can only follow on it.
    """
    if not isinstance(event.us, DateOnly):
        return 2 * event.us
    begin, end, rank = int(event.us), event.us.end, rank_of(event.kind)
    before = [one.us for one in events if not one.date_only and begin <= one.us < end and rank_of(one.kind) < rank]
    return 2 * max(before) + 1 if before else 2 * begin


_TEXTS: Final = ("by", "post", "to", "reason", "slip", "amount", "note", "amended_by")
_CODES: Final = frozenset(_TEXTS) - {"amount", "note"}


def _check(event: Event) -> None:
    if type(event.kind) not in (str, KindName) or (event.kind not in EVENT_KINDS and not is_kind(event.kind)):
        raise InvalidValue("kind", event.kind, "a word in lower-case letters, digits and '_', as in 'submitted'")
    texts = (event.by, event.post, event.to, event.reason, event.slip, event.amount, event.note, event.amended_by)
    for name, value in zip(_TEXTS, texts, strict=True):
        if value is None:
            continue
        if not isinstance(value, str):
            raise InvalidValue(name, value, "a text or None")
        if not value.isascii() and name in _CODES:  # held as it is compared; done here, for most fields are empty
            object.__setattr__(event, name, plain_code(value))
    if event.written is not None and type(event.written) is not bool:
        raise InvalidValue("written", event.written, "True, False or None")
    if type(event.date_only) is not bool:
        raise InvalidValue("date_only", event.date_only, "True or False")
    if event.seq is not None and (type(event.seq) is not int or abs(event.seq) >= _BOUND):
        raise InvalidValue("seq", event.seq, "an int below 10**18 or None")
    if event.amends is not None or event.amended_by is not None or event.amended_at is not None:
        _check_amendment(event)


def _check_amendment(event: Event) -> None:
    if not isinstance(event.amends, Event):
        raise InvalidValue("amends", event.amends, "the Event that was corrected")
    if event.amended_by is None:
        raise InvalidValue("amended_by", None, "the clerk who made the correction")
    if event.amended_at is None:
        raise InvalidValue("amended_at", None, "the instant of the correction")
