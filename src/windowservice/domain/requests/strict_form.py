"""Requests of documents read strictly: each field by its type, with all that is wrong told at once."""

from __future__ import annotations

import functools
import re
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from cattrs import Converter

from windowservice.domain.requests.event import Event
from windowservice.domain.requests.extra import Extra
from windowservice.domain.requests.kinds import EventKind, kinds_by_word
from windowservice.domain.unread import Unread
from windowservice.errors import UnknownName
from windowservice.instants import to_date
from windowservice.strict import Hook, exact_instant, record_hook, refuse, strict_converter, table_of

__all__ = ["request_converter"]

_ANY_DECIMAL: Final = r"-?[0-9]+(\.[0-9]+)?(E[+-][0-9]+)?"


@functools.lru_cache(maxsize=32)
def request_converter(make: Any, own: tuple[EventKind, ...]) -> Converter:
    """Return what reads requests of a class, with kinds of event beside those of the library."""
    converter = strict_converter()

    kinds = {name: name for name in kinds_by_word(own).values()}

    def kind_hook(value: object, _: object) -> str:
        if not isinstance(value, str):
            raise refuse(value, "a kind of event, as in 'submitted'")
        if value not in kinds:
            raise UnknownName("kind of event", value, tuple(sorted(kinds)))
        return kinds[value]

    def slot_hook(value: object, _: object) -> tuple[datetime, datetime] | None:
        if value is None:
            return None
        if not isinstance(value, list | tuple) or len(value) != 2:
            raise refuse(value, "a pair of instants [begin, end]")
        begin, end = converter.structure(list(value), list[datetime])
        return (begin, end)

    def kinds_hook(value: object, _: object) -> frozenset[str] | None:
        if value is None:
            return None
        if not isinstance(value, list | tuple):
            raise refuse(value, "a list of kinds of event")
        return frozenset(kind_hook(kind, str) for kind in value)

    converter.register_structure_hook(_ExtraField, _extra_value)
    converter.register_structure_hook(Extra, lambda value, _: Extra(table_of(_ExtraField, value, converter)))
    fields: dict[type, dict[str, Hook]] = {
        Event: {"kind": kind_hook, "slot": slot_hook, "seq": _seq_hook},
        make: {"recorded": kinds_hook, "untold": _untold_hook},
        Unread: {"said": _nothing_else},
    }
    for kind, hooks in fields.items():
        converter.register_structure_hook(kind, record_hook(kind, converter, hooks))
    return converter


def _untold_hook(value: object, _: object) -> frozenset[str]:
    if value is None:
        return frozenset()
    if not isinstance(value, list | tuple) or not all(isinstance(name, str) for name in value):
        raise refuse(value, "a list of fields of events, as in ['reason', 'to']")
    return frozenset(value)


def _nothing_else(value: object, _: object) -> dict[str, Any]:
    if value:
        raise refuse(value, "left out: of a row that was rejected only its kind and time are told")
    return {}


def _seq_hook(value: object, _: object) -> int | None:
    if isinstance(value, float) and value.is_integer():  # JSON knows one kind of number: 5.0 is the integer 5
        return int(value)
    if value is None or type(value) is int:
        return value
    raise refuse(value, "an integer")


class _ExtraField:
    """Stands for the value of an extra field where the converter asks for a type."""


def _extra_value(value: object, _: object) -> object:
    return [_scalar(item) for item in value] if isinstance(value, list | tuple) else _scalar(value)


def _scalar(value: object) -> object:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    match value:
        case {"decimal": str(text), **rest} if not rest and re.fullmatch(_ANY_DECIMAL, text):
            return Decimal(text)
        case {"date": str(text), **rest} if not rest:
            return to_date(text)
        case {"instant": text, **rest} if not rest:
            return exact_instant(text)
    raise refuse(
        value, 'a text, number, true, false, null, {"decimal": ...}, {"date": ...}, {"instant": ...} or a list'
    )
