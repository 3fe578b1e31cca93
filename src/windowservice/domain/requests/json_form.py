"""Requests as dicts and as JSON: written without loss, read strictly, described by a published JSON Schema."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar

from cattrs import Converter

from windowservice.asked import told
from windowservice.domain.requests.event import Event
from windowservice.domain.requests.extra import Extra, ExtraValue, Scalar
from windowservice.domain.requests.kinds import EventKind, kinds_by_word, own_kinds
from windowservice.domain.unread import Unread
from windowservice.errors import InvalidDocument, InvalidValue, UnknownName
from windowservice.files import shipped
from windowservice.instants import to_date
from windowservice.strict import Hook, exact_instant, read, record_hook, refuse, strict_converter, table_of

if TYPE_CHECKING:
    from windowservice.domain.requests.request import Request

__all__ = ["request_from_dict", "request_from_json", "request_schema", "request_to_dict", "request_to_json"]

R = TypeVar("R", bound="Request")
_WHAT: Final = "a request"
_MOST_INDENT: Final = 100
_ANY_DECIMAL: Final = r"-?[0-9]+(\.[0-9]+)?(E[+-][0-9]+)?"


def request_to_dict(request: Request) -> dict[str, Any]:
    """Return the request as a dict that JSON can hold; fields that say nothing are left out."""
    return _given(
        {
            "id": request.id,
            "bank": request.bank,
            "service": request.service,
            "amount": _number(request.amount),
            "channel": request.channel,
            "events": [_event_to_dict(event) for event in request.events] or None,
            "extra": {name: _extra_to_json(value) for name, value in request.extra.items()} or None,
            "recorded": None if request.recorded is None else sorted(request.recorded),
            "untold": sorted(request.untold) or None,
            "previous": request.previous,
            "unread": [_unread_to_dict(row) for row in request.unread] or None,
        }
    )


def request_from_dict(
    make: type[R], data: Mapping[str, Any], *, kinds: Iterable[str | EventKind] = (), where: str = ""
) -> R:
    """Return the request that the dict describes.

    Args:
        make: the class of requests.
        data: as `request_to_dict` writes it.
        kinds: kinds of event that are allowed beside those of the library, as values or bare names.
        where: the place of the document, for the message.

    Raises:
        InvalidDocument: with all problems at once, each with its path.
    """
    known: Any = make
    listed = isinstance(kinds, Iterable) and not isinstance(kinds, str)
    more = tuple(kinds) if listed else ()
    if not listed or not all(isinstance(kind, str | EventKind) for kind in more):
        raise InvalidValue("kinds", kinds, "a list of kinds of event, as in ['escalated']")
    return read(
        make,
        data,
        _converter(known, own_kinds(more)),
        what=_WHAT,
        where=where,
    )


def request_to_json(request: Request, *, indent: int | None = None) -> str:
    """Return the request as JSON text; see `Request.to_json`."""
    if indent is not None and not (type(indent) is int and 0 <= indent <= _MOST_INDENT):
        raise InvalidValue("indent", indent, "a small whole number or None")
    return json.dumps(request_to_dict(request), ensure_ascii=False, allow_nan=False, indent=indent)


def request_from_json(make: type[R], text: str | bytes, *, kinds: Iterable[str | EventKind] = (), where: str = "") -> R:
    """Return the request that the JSON text describes; see `request_from_dict`.

    Raises:
        InvalidDocument: if the text is no JSON, names a key twice, or is no request.
    """
    if not isinstance(text, str | bytes | bytearray):
        raise InvalidValue("text", text, "JSON text")
    try:
        data = json.loads(text, object_pairs_hook=_no_key_twice, parse_constant=_no_constant)
    except RecursionError:
        raise InvalidDocument(_WHAT, (("", "it is nested too deeply"),), where) from None
    except ValueError as error:
        raise InvalidDocument(_WHAT, (("", f"it cannot be read as JSON: {error}"),), where) from None
    return request_from_dict(make, data, kinds=kinds, where=where)


@told
def request_schema(kinds: Iterable[str | EventKind] = ()) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a request.

    Args:
        kinds: kinds of event that plugins add; they are allowed beside those of the library.
    """
    text = shipped(__package__, "request.schema.json")
    schema: dict[str, Any] = json.loads(text)
    schema["$defs"]["kind"]["enum"] = sorted(set(kinds_by_word(own_kinds(kinds)).values()))
    return schema


# --- writing ---------------------------------------------------------------------------------------------------------

_PLAIN: Final = ("by", "post", "to", "reason", "written", "slip", "amount", "note", "seq", "amended_by")


def _event_to_dict(event: Event) -> dict[str, Any]:
    return _given(
        {
            "at": datetime.isoformat(event.at),  # of datetime: a subclass may write it otherwise
            "kind": event.kind,
            **{name: getattr(event, name) for name in _PLAIN},
            "items": None if event.items is None else sorted(event.items),
            "slot": None if event.slot is None else [datetime.isoformat(end) for end in event.slot],
            "score": _number(event.score),
            "date_only": event.date_only or None,
            "extra": {name: _extra_to_json(value) for name, value in event.extra.items()} or None,
            "amends": None if event.amends is None else _event_to_dict(event.amends),
            "amended_at": None if event.amended_at is None else datetime.isoformat(event.amended_at),
        }
    )


def _unread_to_dict(row: Unread) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in ("table", "file", "row", "reason", "kind")}
    return _given({**plain, "at": None if row.at is None else datetime.isoformat(row.at)})


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _number(value: int | Decimal | None) -> int | str | None:
    return format(value, "f") if isinstance(value, Decimal) else value


def _extra_to_json(value: ExtraValue) -> object:
    return [_scalar_to_json(item) for item in value] if isinstance(value, tuple) else _scalar_to_json(value)


def _scalar_to_json(value: Scalar) -> object:
    """Return the scalar; the three types that JSON lacks become a table of one key that names the type."""
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, datetime):
        return {"instant": datetime.isoformat(value)}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return value


# --- reading ---------------------------------------------------------------------------------------------------------


@functools.lru_cache(maxsize=32)
def _converter(make: Any, own: tuple[EventKind, ...]) -> Converter:
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


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = sorted({name for name in names if names.count(name) > 1})
        raise ValueError(f"the key {', '.join(map(repr, twice))} stands twice in one table")
    return found


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number; leave the field out if the value is missing")
