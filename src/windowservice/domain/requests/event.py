"""What happened to a request at the window, instant by instant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, cast

import attrs

from windowservice.date_only import DateOnly, date_only_us
from windowservice.domain.codes import plain, plain_code
from windowservice.domain.requests.extra import NO_EXTRA, Extra, to_extra
from windowservice.domain.requests.kinds import EVENT_KINDS, EventKind, KindName, is_kind, rank_of
from windowservice.errors import InvalidTime, InvalidValue
from windowservice.instants import datetime_us, is_bare_date, iso_datetime, to_us, utc_datetime

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


def _moment(value: datetime | str) -> tuple[datetime, int]:
    """Return when it was, with the microseconds UTC."""
    if value.__class__ is str:
        try:
            moment = iso_datetime(value.strip())
        except ValueError:
            moment = None
        if moment is not None and moment.tzinfo is not None and _FIRST_YEAR < moment.year < _LAST_YEAR:  # nearly always
            return moment, datetime_us(moment)
    at = _to_at(value)
    return at, to_us(at, where="Event.at")


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


def _to_kind(value: Any) -> Any:
    return value.word if isinstance(value, EventKind) else plain_code(value)


@attrs.frozen(repr=False, init=False)
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

    at: datetime = attrs.field(eq=False)
    kind: str
    by: str | None = attrs.field(default=None, kw_only=True)
    post: str | None = attrs.field(default=None, kw_only=True)
    to: str | None = attrs.field(default=None, kw_only=True)
    items: frozenset[str] | None = attrs.field(default=None, kw_only=True)
    reason: str | None = attrs.field(default=None, kw_only=True)
    written: bool | None = attrs.field(default=None, kw_only=True)
    slip: str | None = attrs.field(default=None, kw_only=True)
    amount: str | None = attrs.field(default=None, kw_only=True)
    slot: tuple[datetime, datetime] | None = attrs.field(default=None, eq=False, kw_only=True)
    score: int | Decimal | None = attrs.field(default=None, kw_only=True)
    note: str | None = attrs.field(default=None, kw_only=True)
    seq: int | None = attrs.field(default=None, kw_only=True)
    date_only: bool = attrs.field(default=False, kw_only=True)
    extra: Extra = attrs.field(default=NO_EXTRA, kw_only=True)
    amends: Event | None = attrs.field(default=None, kw_only=True)
    amended_by: str | None = attrs.field(default=None, kw_only=True)
    amended_at: datetime | None = attrs.field(default=None, eq=False, kw_only=True)
    us: int = attrs.field(init=False)
    slot_begin_us: int | None = attrs.field(init=False, default=None)
    slot_end_us: int | None = attrs.field(init=False, default=None)
    amended_us: int | None = attrs.field(init=False, default=None)

    def __init__(
        self, at: datetime | str, kind: str | EventKind, *, by: str | None = None, post: str | None = None,
        to: str | None = None, items: Iterable[str] | None = None, reason: str | None = None,
        written: bool | None = None, slip: str | None = None, amount: str | None = None,
        slot: tuple[datetime | str, datetime | str] | None = None, score: float | Decimal | None = None,
        note: str | None = None, seq: int | None = None, date_only: bool = False,
        extra: Mapping[str, object] = NO_EXTRA, amends: Event | None = None, amended_by: str | None = None,
        amended_at: datetime | str | None = None,
    ) -> None:  # fmt: skip
        # By hand, since matters have many events of which most fields are empty: none of those is looked at twice.
        put = object.__setattr__
        moment, us = _moment(at)
        known = kind.__class__ is str and kind in EVENT_KINDS
        word = kind if known else _to_kind(kind)
        pair = None if slot is None else _to_slot(slot)
        put(self, "items", None if items is None else _to_items(items))
        put(self, "slot", pair)
        put(self, "score", None if score is None else exact_number("score", score))
        put(self, "extra", extra if extra is NO_EXTRA else to_extra(extra))
        corrected = None if amended_at is None else _to_datetime(amended_at)
        if date_only is True:
            day = date_only_us(moment)
            if day != us:
                moment = utc_datetime(day).astimezone(moment.tzinfo)
            us = day
        put(self, "at", moment)
        put(self, "us", us)
        put(self, "slot_begin_us", None if pair is None else to_us(pair[0], where="Event.slot"))
        put(self, "slot_end_us", None if pair is None else to_us(pair[1], where="Event.slot"))
        put(self, "amended_us", None if corrected is None else to_us(corrected, where="Event.amended_at"))
        put(self, "kind", word if known else _checked_kind(word))
        put(self, "by", None if by is None else _text("by", by))
        put(self, "post", None if post is None else _text("post", post))
        put(self, "to", None if to is None else _text("to", to))
        put(self, "reason", None if reason is None else _text("reason", reason))
        put(self, "slip", None if slip is None else _text("slip", slip))
        put(self, "amount", None if amount is None else _text("amount", amount))
        put(self, "note", None if note is None else _text("note", note))
        put(self, "amended_by", None if amended_by is None else _text("amended_by", amended_by))
        if written is not None and type(written) is not bool:
            raise InvalidValue("written", written, "True, False or None")
        put(self, "written", written)
        if date_only is not False and date_only is not True:
            raise InvalidValue("date_only", date_only, "True or False")
        put(self, "date_only", date_only)
        if seq is not None and (type(seq) is not int or abs(seq) >= _BOUND):
            raise InvalidValue("seq", seq, "an int below 10**18 or None")
        put(self, "seq", seq)
        put(self, "amends", amends)
        put(self, "amended_at", corrected)
        if amends is not None or amended_by is not None or amended_at is not None:
            _check_amendment(self)

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


_AS_WRITTEN: Final = ("amount", "note")
"""The texts that are no codes."""


def _text(name: str, value: str) -> str:
    if not isinstance(value, str):
        raise InvalidValue(name, value, "a text or None")
    if value.isascii() or name in _AS_WRITTEN:
        return value
    return plain(value)  # held as it is compared


def _checked_kind(kind: Any) -> str:
    if type(kind) not in (str, KindName) or (kind not in EVENT_KINDS and not is_kind(kind)):
        raise InvalidValue("kind", kind, "a word in lower-case letters, digits and '_', as in 'submitted'")
    return cast("str", kind)


def _check_amendment(event: Event) -> None:
    if not isinstance(event.amends, Event):
        raise InvalidValue("amends", event.amends, "the Event that was corrected")
    if event.amended_by is None:
        raise InvalidValue("amended_by", None, "the clerk who made the correction")
    if event.amended_at is None:
        raise InvalidValue("amended_at", None, "the instant of the correction")
