"""Requests as dicts and as JSON: written without loss, read strictly, described by a published JSON Schema."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypeVar

from windowservice.asked import told
from windowservice.domain.requests.event import Event
from windowservice.domain.requests.extra import ExtraValue, Scalar
from windowservice.domain.requests.kinds import EVENT_KINDS, EventKind, kinds_by_word, own_kinds
from windowservice.domain.unread import Unread
from windowservice.errors import InvalidValue, WindowserviceError

if TYPE_CHECKING:
    from windowservice.domain.requests.request import Request

__all__ = ["request_from_dict", "request_from_json", "request_schema", "request_to_dict", "request_to_json"]

R = TypeVar("R", bound="Request")
_WHAT: Final = "a request"
_MOST_INDENT: Final = 100


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
    listed = isinstance(kinds, Iterable) and not isinstance(kinds, str)
    more = tuple(kinds) if listed else ()
    if not listed or not all(isinstance(kind, str | EventKind) for kind in more):
        raise InvalidValue("kinds", kinds, "a list of kinds of event, as in ['escalated']")
    plain = _plain_request(make, data)
    if plain is not None:
        return plain
    from windowservice.domain.requests.strict_form import request_converter  # loads cattrs, and is seldom needed
    from windowservice.strict import read

    known: Any = make
    return read(make, data, request_converter(known, own_kinds(more)), what=_WHAT, where=where)


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
    from windowservice.files import parse_json  # many records are never read from a text

    return request_from_dict(make, parse_json(text, _WHAT, where), kinds=kinds, where=where)


@told
def request_schema(kinds: Iterable[str | EventKind] = ()) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a request.

    Args:
        kinds: kinds of event that plugins add; they are allowed beside those of the library.
    """
    from windowservice.files import shipped

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


# --- reading what is plain -------------------------------------------------------------------------------------------

_AT: Final = re.compile(r"20\d\d-\d\d-\d\dT([01]\d|2[0-3]):\d\d(:\d\d)?(Z|[+-](0\d|1[0-4]):\d\d)", re.ASCII)
"""An instant as most are written; whether there is such a day is seen when it is read."""


def _is_text(value: object) -> bool:
    return type(value) is str


def _is_texts(value: object) -> bool:
    return type(value) is list and all(map(_is_text, value))


_TEST: Final[Mapping[str, Callable[[Any], bool]]] = {
    "at": lambda value: type(value) is str and _AT.fullmatch(value) is not None,
    "kind": lambda value: type(value) is str and value in EVENT_KINDS,
    **dict.fromkeys(("by", "post", "to", "reason", "slip", "amount", "note"), _is_text),
    "written": lambda value: type(value) is bool,
    "items": _is_texts,
}
"""The fields of an event that are read as they stand, each with what holds of its plain values."""
_MUST: Final = ("id", "bank", "service")


def _plain_request(make: type[R], data: object) -> R | None:
    """Return the request that a dict describes if each of its fields is plain, which needs no strict reader; or None.

    What it reads it reads as the strict reader does. That also says what is wrong with a dict.
    """
    if type(data) is not dict or not all(type(data.get(name)) is str for name in _MUST):
        return None
    beside = data.keys() - {*_MUST, "events"}
    rows = data.get("events", [])
    if beside - {"channel"} or (beside and type(data["channel"]) is not str) or type(rows) is not list:
        return None
    if not all(type(row) is dict and "at" in row and "kind" in row and _TEST.keys() >= row.keys() for row in rows):
        return None
    if not all(_TEST[name](value) for row in rows for name, value in row.items()):
        return None
    try:
        return make(**{**data, "events": [Event(**row) for row in rows]})
    except WindowserviceError:
        return None
