"""Strict reading of documents: exact types, unknown keys refused, every error with its path, at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from types import GenericAlias
from typing import Any, Final, Literal, TypeAlias, TypeVar, get_args, get_origin

import attrs
from cattrs import (
    AttributeValidationNote,
    ClassValidationError,
    Converter,
    ForbiddenExtraKeysError,
    IterableValidationError,
)

from windowservice.errors import InvalidDocument, nearest
from windowservice.files import DEEPEST, is_deep
from windowservice.instants import to_date, to_us

__all__ = [
    "DECIMAL_PATTERN",
    "INSTANT_PATTERN",
    "Hook",
    "exact_decimal",
    "exact_instant",
    "read",
    "record_hook",
    "refuse",
    "strict_converter",
    "table_of",
]

INSTANT_PATTERN: Final = (
    "^(1899-12-31|(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])|2200-01-01)"
    r"T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?"
    r"(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{6})?)?)$"
)
"""How an instant is written in a document; the two single days are those of 1900 and 2199 seen from another zone."""
DECIMAL_PATTERN: Final = r"^-?[0-9]{1,18}(\.[0-9]{1,18})?$"
"""How an exact number that is no integer is written in a document: as a text, since JSON numbers become floats."""

Hook: TypeAlias = Callable[[Any, Any], Any]
"""What reads one value of a document: it is given the value and the type that is wanted."""

_T = TypeVar("_T")


def refuse(value: object, wanted: str) -> TypeError:
    """Return the error for a value of a document that is not what is wanted there; its path is added by `read`."""
    return TypeError(f"must be {wanted}, got {value!r} ({type(value).__name__})")


def read(kind: type[_T], data: object, converter: Converter, *, what: str, where: str = "") -> _T:
    """Return the document as a value of the kind.

    Args:
        kind: the attrs class that is wanted.
        data: what a JSON or TOML reader made of the document.
        converter: from `strict_converter`.
        what: the kind of document in words, with its article, for the message.
        where: its place (a file name), for the message.

    Raises:
        InvalidDocument: with all problems at once.
    """
    if is_deep(data):
        raise InvalidDocument(what, (("", f"it is nested too deeply, over {DEEPEST} levels"),), where)
    try:
        return converter.structure(data, kind)
    except Exception as error:
        raise InvalidDocument(what, tuple(_problems(error, "")), where) from error


def strict_converter() -> Converter:
    """Return a converter that refuses unknown keys and never turns one type into another."""
    converter = Converter(forbid_extra_keys=True, detailed_validation=True)
    exact: dict[Any, Hook] = {
        str: _exactly(str, "a text"),
        bool: _exactly(bool, "true or false"),
        int: _exactly(int, "an integer"),
        date: _date,
        time: _exactly(time, "a time of day, as in 09:00:00"),
        datetime: lambda value, _: exact_instant(value),
        Decimal: lambda value, _: exact_decimal(value),
    }
    for kind, hook in exact.items():
        converter.register_structure_hook(kind, hook)
    converter.register_structure_hook_func(_is_made_of(Literal), _word)
    converter.register_structure_hook_func(lambda t: t in (int | Decimal, int | Decimal | None), _number)
    converter.register_structure_hook_factory(_is_list, lambda t: _list_hook(t, converter))
    converter.register_structure_hook_factory(_is_made_of(Mapping), lambda t: _table_hook(t, converter))
    converter.register_structure_hook_factory(_is_made_of(dict), lambda t: _dict_hook(t, converter))
    converter.register_structure_hook_factory(attrs.has, lambda t: record_hook(t, converter))
    return converter


def table_of(kind: object, value: object, converter: Converter) -> dict[str, Any]:
    """Return a table of names with each value read as the kind."""
    if not isinstance(value, Mapping):
        raise refuse(value, "a table of names and values")
    form: Any = GenericAlias(dict, (str, kind))
    table: dict[str, Any] = converter.structure(dict(value), form)
    return table


def exact_decimal(value: object) -> Decimal:
    """Return the exact number written as an integer or as a text of digits."""
    if type(value) is int:
        return Decimal(value)
    if isinstance(value, str) and re.fullmatch(DECIMAL_PATTERN, value):
        return Decimal(value)
    raise refuse(value, "an integer, or an exact number as a text, as in '12.50'")


def _exactly(kind: type, wanted: str) -> Hook:
    def hook(value: object, _: object) -> object:
        if type(value) is not kind:  # not isinstance: True is no integer here
            raise refuse(value, wanted)
        return value

    return hook


def _date(value: object, _: object) -> date:
    if type(value) is date:
        return value
    if isinstance(value, str):
        return to_date(value)
    raise refuse(value, "a date, as in '2018-05-03'")


def exact_instant(value: object) -> datetime:
    """Return the aware datetime written as `INSTANT_PATTERN` says."""
    if not isinstance(value, str):
        raise refuse(value, "an ISO time with offset, as in '2018-05-03T09:40+08:00'")
    if not re.fullmatch(INSTANT_PATTERN, value):
        to_us(value)  # says best what is wrong with most of them
        raise refuse(value, "an instant from 1900 to 2199 written as '2018-05-03T09:40+08:00'")
    to_us(value)
    return datetime.fromisoformat(value)


def _number(value: object, _: object) -> int | Decimal | None:
    if value is None or type(value) is int:
        return value
    if isinstance(value, float) and value.is_integer():  # JSON knows one kind of number: 5.0 is the integer 5
        return int(value)
    return exact_decimal(value)


def _word(value: object, kind: object) -> object:
    words = get_args(kind)
    if not any(value == word and type(value) is type(word) for word in words):  # True is not the word 1
        raise refuse(value, f"one of {', '.join(map(repr, words))}{nearest(str(value), map(str, words))}")
    return value


def _is_made_of(form: object) -> Callable[[Any], bool]:
    return lambda asked: get_origin(asked) is form


def _is_list(kind: object) -> bool:
    return get_origin(kind) is frozenset or (get_origin(kind) is tuple and get_args(kind)[-1] is Ellipsis)


def _dict_hook(kind: Any, converter: Converter) -> Hook:
    structure = converter.gen_structure_mapping(kind)

    def hook(value: object, _: object) -> object:
        if not isinstance(value, Mapping):
            raise refuse(value, "a table of names and values")
        return structure(value, kind)

    return hook


def _list_hook(kind: Any, converter: Converter) -> Hook:
    collect: Callable[[list[Any]], object] = frozenset if get_origin(kind) is frozenset else tuple
    listed: Any = GenericAlias(list, get_args(kind)[:1])

    def hook(value: object, _: object) -> object:
        if not isinstance(value, list | tuple):
            raise refuse(value, "a list")
        items: list[Any] = converter.structure(list(value), listed)
        return collect(items)

    return hook


def _table_hook(kind: Any, converter: Converter) -> Hook:
    def hook(value: object, _: object) -> object:
        return table_of(get_args(kind)[1], value, converter)

    return hook


def record_hook(kind: Any, converter: Converter, fields: Mapping[str, Hook] | None = None) -> Hook:
    """Return the hook that reads an attrs class from a table.

    No code is generated for it, as cattrs would: to make that takes longer than to read all documents that are shipped.

    Args:
        kind: the class.
        converter: from `strict_converter`.
        fields: hooks for fields that are read in a way of their own, by name.
    """
    attrs.resolve_types(kind)
    own, named = fields or {}, {field.name: field for field in attrs.fields(kind) if field.init}
    reads = [(name, field, own.get(name) or converter.get_structure_hook(field.type)) for name, field in named.items()]

    def hook(value: object, _: object) -> object:
        if not isinstance(value, Mapping):
            raise refuse(value, f"a table with the fields of {kind.__name__.lstrip('_')}")
        found: dict[str, object] = {}
        wrong: list[Exception] = []
        for name, field, read_field in reads:
            if name in value:
                try:
                    found[field.alias] = read_field(value[name], field.type)
                except Exception as error:
                    wrong.append(_noted(error, name, kind))
            elif field.default is attrs.NOTHING:
                wrong.append(_noted(KeyError(name), name, kind))
        if unknown := value.keys() - named.keys():
            wrong.append(ForbiddenExtraKeysError("", kind, set(unknown)))
        if not wrong:
            try:
                return kind(**found)
            except Exception as error:
                wrong = [error]
        raise ClassValidationError(f"while reading {kind.__name__}", wrong, kind)

    return hook


def _noted(error: Exception, name: str, kind: Any) -> Exception:
    """Return the error with the field where it came up, as cattrs notes it."""
    error.add_note(AttributeValidationNote(f"in the field {name}", name, kind))
    return error


def _problems(error: BaseException, path: str) -> list[tuple[str, str]]:
    if isinstance(error, ClassValidationError):
        noted, bare = error.group_exceptions()
        inside = [(inner, f"{path}.{note.name}" if path else note.name) for inner, note in noted]
        return [found for inner, place in [*inside, *((e, path) for e in bare)] for found in _problems(inner, place)]
    if isinstance(error, IterableValidationError):
        noted_items, bare = error.group_exceptions()
        inside = [(inner, f"{path}[{note.index!r}]") for inner, note in noted_items]
        return [found for inner, place in [*inside, *((e, path) for e in bare)] for found in _problems(inner, place)]
    if isinstance(error, ForbiddenExtraKeysError):
        known = [field.alias for field in attrs.fields(error.cl) if field.init]
        return [(path, f"unknown key {name!r}{nearest(name, known)}") for name in sorted(error.extra_fields, key=str)]
    if isinstance(error, KeyError):
        return [(path, "is missing")]
    return [(path, str(error))]
