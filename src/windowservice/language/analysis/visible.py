"""What of a record is there as of an instant, by what its vocabulary declares.

A record that begins later is not there. An instant or date within it that lies later has not happened, so it is
missing, and so is what came to be known with it. Only what is declared as planned may lie ahead.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from functools import lru_cache
from typing import Any, Final

from windowservice.domain.records import Record
from windowservice.instants import datetime_us, from_us
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import Facts, children_key
from windowservice.language.tree.values import ValueType

__all__ = ["begin_facts", "hidden_by", "is_later", "last_day_seen", "may_hide", "not_there"]

_TIMES: Final = (ValueType.INSTANT, ValueType.DATE)


@lru_cache(maxsize=256)  # asked for each record; a vocabulary does not change once it is declared
def begin_facts(vocabulary: type[Facts]) -> tuple[Fact[Any], ...]:
    """Return the facts from which a record is seen: from the last of them that it states."""
    root = vocabulary.root
    said = root.options.happens
    if said is not None:
        return tuple(root.given[name] for name in ((said,) if isinstance(said, str) else said))
    return tuple(
        fact
        for fact in root.given.values()
        if fact.definition is None and fact.required and fact.type in _TIMES and fact.planned is not True
    )


def hidden_by(vocabulary: type[Facts], fact: Fact[Any]) -> Fact[Any] | None:
    """Return the given instant or date without which, as long as it lies ahead, a given fact is missing; None if none.

    It is the fact itself, unless that is planned or the record is not there before it; or the one with which it came
    to be known.
    """
    if fact.known_at is not None:
        own = {} if fact.owner is None else fact.owner.given
        return own[fact.known_at] if fact.known_at in own else vocabulary.root.given[fact.known_at]
    if fact.definition is not None or fact.type not in _TIMES or fact.planned is True:
        return None
    return None if any(fact.identity == begin.identity for begin in begin_facts(vocabulary)) else fact


def may_hide(vocabulary: type[Facts], fact: Fact[Any]) -> bool:
    """Whether a given fact that a record states can be missing as of an instant."""
    return hidden_by(vocabulary, fact) is not None


@lru_cache(maxsize=64)  # asked for each date of each record, as of one instant
def last_day_seen(us: int, zone: tzinfo) -> date:
    """Return the last date that has begun as of an instant: at 24:00 the date that ends."""
    return from_us(us - 1, zone).date()


def not_there(vocabulary: type[Facts], record: object, us: int, zone: tzinfo) -> bool:
    """Whether a record that fits its vocabulary begins after an instant (microseconds UTC); dates go by the zone.

    One that does not say itself when it begins does so with the first of its children.
    """
    facts = begin_facts(vocabulary)
    if facts:
        return any(is_later(vocabulary, record, fact, us, zone) for fact in facts)
    key, child = children_key(vocabulary.root), vocabulary.root.children
    if child is None or key is None or not begin_facts(child):
        return False
    children: Any = record.get(key) if isinstance(record, Mapping) else getattr(record, key)
    return bool(children) and all(not_there(child, one, us, zone) for one in children)


def is_later(vocabulary: type[Facts], record: object, fact: Fact[Any], us: int, zone: tzinfo) -> bool:
    """Whether an instant or date that a record states lies after an instant, and is not planned."""
    value = _read(record, fact)
    if value is None or value != value:  # noqa: PLR0124 - NaN, and pandas' not-a-time, is unequal to itself
        return False
    if isinstance(fact.planned, tuple) and _read(record, vocabulary.root.given[fact.planned[0]]) in fact.planned[1]:
        return False
    if isinstance(value, datetime):
        return datetime_us(value) > us
    last = last_day_seen(us, zone)
    if isinstance(value, date):
        return value > last
    return bool(value > (us if fact.type is ValueType.INSTANT else last.toordinal()))


def _read(record: object, fact: Fact[Any]) -> Any:
    key = fact.read or fact.name
    of_table = record.__class__ is Record or isinstance(record, Mapping)  # to ask for an abstract class is dear
    return record.get(key) if of_table else getattr(record, key)  # type: ignore[attr-defined]
