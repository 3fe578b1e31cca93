"""Records for tests, written in one line: what is said of a record, and what happened to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

import attrs

from windowservice.domain.frozen_mapping import FrozenMapping
from windowservice.domain.requests.event import Event
from windowservice.domain.requests.request import Request
from windowservice.errors import InvalidValue, NaiveTime, UnknownName, nearest
from windowservice.facts.requests.request import request
from windowservice.instants import datetime_us, get_zone, is_bare_date, local_midnight, to_date, to_us, utc_datetime
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import Facts, children_key
from windowservice.language.tree.values import ValueType, span_us
from windowservice.strict import exact_decimal

__all__ = ["Draft", "a", "a_request"]


@attrs.frozen(repr=False)
class Draft:
    """A record that is being written: each call returns a new one that says more.

    A fact is said by a call of its name, ``draft.priority("P1")``. A child is added by a call of what it is called,
    ``draft.status("2026-01-05T10:00Z", to="waiting")``, or of its kind if children have kinds,
    ``draft.accepted("2018-05-03 10:00", by="wang")``: first the time at which it happened, then its other facts.
    Instants, dates and exact decimals may be texts. What has the name of another attribute is said by `saying`.

    Attributes:
        of: the record type.
        said: the given facts that were said, by name.
        happened: the children, each as its given facts by name.
        zone: the zone of times that name none.
    """

    of: type[Facts]
    said: Mapping[str, Any] = attrs.field(factory=dict, converter=FrozenMapping[str, Any])
    happened: tuple[Mapping[str, Any], ...] = ()
    zone: tzinfo | None = None

    def saying(self, /, **facts: Any) -> Draft:
        """Return the draft with facts said; None takes back what was said.

        Raises:
            UnknownName: for a fact that the record type does not have, with the nearest.
            InvalidValue, InvalidTime, NaiveTime: for what its type cannot hold.
        """
        told = {name: self._value(self.of, name, value) for name, value in facts.items()}
        return attrs.evolve(self, said={**self.said, **told})

    def with_child(self, /, **facts: Any) -> Draft:
        """Return the draft with one child more; errors as `saying`, and InvalidValue if records have no children."""
        child = self.of.children
        if child is None:
            raise InvalidValue("a child", facts, f"left out: {self.of.__name__} has no children")
        told = {name: self._value(child, name, value) for name, value in facts.items()}
        return attrs.evolve(self, happened=(*self.happened, FrozenMapping(told)))

    def __getattr__(self, name: str) -> Callable[..., Draft]:
        if name.startswith("_"):
            raise AttributeError(name)
        child = self.of.children
        if name in _given(self.of):
            return lambda value: self.saying(**{name: value})
        if child is not None and name in _kinds(child):
            return lambda at=None, **facts: self._child(at, {str(child.options.kind): name, **facts})
        if child is not None and name == child.__name__:
            return lambda at=None, **facts: self._child(at, facts)
        known = [*_given(self.of), *((child.__name__, *_kinds(child)) if child is not None else ())]
        raise AttributeError(f"{self.of.__name__} has no fact and no child {name!r}{nearest(name, known)}")

    def _child(self, at: Any, facts: Mapping[str, Any]) -> Draft:
        assert self.of.children is not None  # noqa: S101 - asked by who calls
        happens = self.of.children.options.happens
        if at is None:
            return self.with_child(**facts)
        if not isinstance(happens, str):
            raise InvalidValue("a time", at, f"left out: {self.of.children.__name__} does not say by which fact")
        return self.with_child(**{happens: at, **facts})

    def build(self) -> Any:
        """Return the record: a `Request`, or a mapping as an application would hold it.

        Raises:
            InvalidValue: for a request that lacks what every request has.
        """
        if self.of.root is request:
            return Request(**self.said, events=[_event(one, self.zone) for one in self.happened])
        key = children_key(self.of)
        children = self.of.children
        below = {} if children is None else {key: [_stored(one, children) for one in self.happened]}
        return {"id": "1", **_stored(self.said, self.of), **below}

    def _value(self, of: type[Facts], name: str, value: Any) -> Any:
        known = _given(of)
        if name in (of.options.extra, *(("slot",) if of is request.children else ())):
            return value
        if name not in known:
            raise UnknownName(f"fact of {of.__name__}", name, tuple(known))
        return _typed(known[name], value, self.zone, f"{of.__name__}.{name}")

    def __repr__(self) -> str:
        return f"<Draft of {self.of.__name__}: {dict(self.said)}, {len(self.happened)} children>"


def a(of: type[Facts], *, zone: str | tzinfo | None = None, **facts: Any) -> Draft:
    """Return a draft of a record of a type, as in ``a(ticket, priority="P1").opened_at("2026-01-05T09:00Z")``.

    Args:
        of: the record type.
        zone: the zone of times that name none.
        facts: what is said of the record.

    Raises:
        UnknownName: for a fact that the type does not have, or a zone that does not exist.
        InvalidValue, InvalidTime, NaiveTime: for what the type of a fact cannot hold.
    """
    return Draft(of, zone=get_zone(zone, "zone") if isinstance(zone, str) else zone).saying(**facts)


def a_request(
    service: str, *, id: str = "R-1", bank: str = "B1", zone: str | tzinfo | None = None, **facts: Any  # noqa: A002 - its name
) -> Draft:  # fmt: skip
    """Return a draft of a request, as in ``a_request("S10").submitted("2018-05-03T09:40+08:00", by="wang")``."""
    return a(request, zone=zone, id=id, bank=bank, service=service, **facts)


def _given(of: type[Facts]) -> dict[str, Fact[Any]]:
    return {name: found for name, found in of.given.items() if found.definition is None}


def _kinds(child: type[Facts]) -> tuple[str, ...]:
    return child.given[child.options.kind].words if child.options.kind is not None else ()


def _typed(fact: Fact[Any], value: Any, zone: tzinfo | None, where: str) -> Any:
    """Return a value as its type has it; what a text says is read."""
    if value is None:
        return None
    if fact.type is ValueType.INSTANT:
        if fact.scope is request.children and is_bare_date(value):
            return value
        return utc_datetime(to_us(value, zone=zone, where=where))
    if fact.type is ValueType.DATE:
        return to_date(value, where)
    if fact.type is ValueType.DECIMAL and isinstance(value, str):
        return exact_decimal(value)
    if fact.type is ValueType.TEXTS and not isinstance(value, str):
        return frozenset(value)
    return value


def _event(said: Mapping[str, Any], zone: tzinfo | None) -> Event:
    """Return an event; one whose time is a bare date has its date only."""
    fields = dict(said)
    begin, end = fields.pop("slot_begin", None), fields.pop("slot_end", None)
    if begin is not None or end is not None:
        fields["slot"] = (begin, end)
    if is_bare_date(at := fields.pop("at", None)):
        if zone is None:
            raise NaiveTime(at, "event.at")
        at, fields["date_only"] = utc_datetime(local_midnight(to_date(at), zone)).astimezone(zone), True
    return Event(at, **fields)


def _stored(said: Mapping[str, Any], of: type[Facts]) -> dict[str, Any]:
    """Return what was said by the keys under which a record holds it, and in the form in which it does."""
    known = _given(of)
    held = _held_as_int if of.options.stored == "microseconds" else _as_it_is
    return {(known[name].read or name) if name in known else name: held(value) for name, value in said.items()}


def _as_it_is(value: Any) -> Any:
    return value


def _held_as_int(value: Any) -> Any:
    """Return an instant, a date or a span as records hold it that store microseconds."""
    if isinstance(value, datetime):
        return datetime_us(value)
    if isinstance(value, date):
        return value.toordinal()
    return span_us(value) if isinstance(value, timedelta) else value
