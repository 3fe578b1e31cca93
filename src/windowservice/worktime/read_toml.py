"""A calendar from a TOML file; every problem is reported with its place, all at once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs
from cattrs import Converter

from windowservice.errors import InvalidDocument, WindowserviceError, nearest
from windowservice.files import load_toml
from windowservice.strict import Hook, read, record_hook, strict_converter
from windowservice.worktime.layers import Layer

if TYPE_CHECKING:
    from windowservice.worktime.calendar import WorkCalendar

__all__ = ["calendar_of", "read_calendar"]

_WHAT: Final = "a calendar"


@attrs.frozen(kw_only=True)
class _Calendar:
    base: str = "plain"
    name: str = ""
    closed: Any = ()
    special: Any = None
    layers: tuple[Layer, ...] = ()
    on_unknown: Any = "assume"


@attrs.frozen(kw_only=True)
class _Plain(_Calendar):
    timezone: Any
    weekly: Any
    known_from: Any = None
    known_until: Any = None


@attrs.frozen(kw_only=True)
class _China(_Calendar):
    hours: Any


@attrs.frozen(kw_only=True)
class _Holidays(_Calendar):
    country: Any
    weekly: Any
    subdivision: Any = None
    subdiv: Any = None
    timezone: Any = None
    categories: Any = ()


_BASES: Final[dict[str, type[_Calendar]]] = {"plain": _Plain, "china": _China, "holidays": _Holidays}
_DAYS: Final[dict[str, Hook]] = {
    "closed": lambda value, _: Layer("own", value).closed,
    "special": lambda value, _: Layer("own", special=value).special,
}
"""Days are checked where they stand, in the file itself as in a layer; other values by the calendar."""


def read_calendar(make: type[WorkCalendar], path: str | os.PathLike[str]) -> WorkCalendar:
    """Return the calendar of a TOML file, made by the class.

    The file has a key ``base``: ``"plain"`` (the default) with `timezone` and `weekly`, ``"china"`` with `hours`, or
    ``"holidays"`` with `country` and `weekly`; the other keys are the parameters of `WorkCalendar`, and ``[[layers]]``
    holds those of `Layer`.

    Raises:
        InvalidDocument: listing every problem.
    """
    where = str(path)
    try:
        _, data = load_toml(Path(path), _WHAT)
    except OSError as error:
        raise InvalidDocument(_WHAT, (("", f"it cannot be read: {error}"),), where) from error
    return calendar_of(make, data, where)


def calendar_of(make: type[WorkCalendar], data: Mapping[str, Any], where: str = "") -> WorkCalendar:
    """Return the calendar that a table describes, as `read_calendar`."""
    base = data.get("base", "plain")
    if not isinstance(base, str) or base not in _BASES:
        known = " or ".join(f'base = "{name}"' for name in _BASES)
        problem = f"it must be one word, got {base!r}{nearest(base, _BASES)}; write {known}"
        raise InvalidDocument(_WHAT, (("base", problem),), where)
    document = read(_BASES[base], data, _converter(_BASES[base]), what=_WHAT, where=where)
    try:
        return _made(make, base, {name: getattr(document, name) for name in data if name != "base"})
    except WindowserviceError as error:
        raise InvalidDocument(_WHAT, (("", str(error)),), where) from error


def _converter(kind: type[_Calendar]) -> Converter:
    converter = strict_converter()
    converter.register_structure_hook(Any, lambda value, _: value)
    converter.register_structure_hook(Layer, record_hook(Layer, converter, _DAYS))
    converter.register_structure_hook(kind, record_hook(kind, converter, _DAYS))
    return converter


def _made(make: type[WorkCalendar], base: str, given: dict[str, Any]) -> WorkCalendar:
    if base == "china":
        return make.china(**given)
    if base == "holidays":
        own = Layer("own", given.pop("closed", ()), given.pop("special", None))
        return make.from_holidays(**{**given, "layers": (own, *given.get("layers", ()))})
    return make(**given)
