"""A calendar from a TOML file; every problem is reported with its place, all at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from windowservice.errors import InvalidDocument, WindowserviceError, nearest
from windowservice.files import load_toml
from windowservice.worktime.layers import Layer

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping

    from windowservice.worktime.calendar import WorkCalendar

__all__ = ["read_calendar"]

_ALWAYS: Final = frozenset({"base", "name", "closed", "special", "layers", "on_unknown"})
# For each base: the keys that must be there, and those that may.
_BASES: Final[dict[str, tuple[frozenset[str], frozenset[str]]]] = {
    "plain": (frozenset({"timezone", "weekly"}), frozenset({"known_from", "known_until"})),
    "china": (frozenset({"hours"}), frozenset()),
    "holidays": (frozenset({"country", "weekly"}), frozenset({"subdivision", "subdiv", "timezone", "categories"})),
}
_LAYER_KEYS: Final = frozenset({"name", "closed", "special", "source", "issued"})

_Problems = list[tuple[str, str]]


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
        _, document = load_toml(Path(path), "a calendar")
    except OSError as error:
        raise InvalidDocument("a calendar", (("", f"it cannot be read: {error}"),), where) from error
    problems: _Problems = []
    base = document.pop("base", "plain")
    if not isinstance(base, str) or base not in _BASES:
        known = " or ".join(f'base = "{name}"' for name in _BASES)
        problems.append(("base", f"it must be one word, got {base!r}{nearest(base, _BASES)}; write {known}"))
    else:
        needed, allowed = _BASES[base]
        _check_keys(document, needed, needed | allowed | _ALWAYS, "", problems)
    document["layers"] = _layers(document, problems)
    if problems:
        raise InvalidDocument("a calendar", tuple(problems), where)
    try:
        return _made(make, base, document)
    except WindowserviceError as error:
        raise InvalidDocument("a calendar", (("", str(error)),), where) from error


def _made(make: type[WorkCalendar], base: str, table: dict[str, Any]) -> WorkCalendar:
    if base == "china":
        return make.china(**table)
    if base == "holidays":
        own = Layer("own", table.pop("closed", ()), table.pop("special", None))
        return make.from_holidays(**{**table, "layers": (own, *table["layers"])})
    return make(**table)


def _check_keys(
    table: Mapping[str, Any], needed: Iterable[str], allowed: Iterable[str], where: str, problems: _Problems
) -> None:
    allowed = sorted(allowed)
    for key in sorted(set(table) - set(allowed)):
        hint = nearest(key, allowed) or f"; known: {', '.join(allowed)}"
        problems.append((f"{where}{key}", f"there is no such key{hint}"))
    problems += [(f"{where}{key}", "the key is missing") for key in sorted(set(needed) - set(table))]


def _layers(document: dict[str, Any], problems: _Problems) -> list[Layer]:
    """Return the layers, and try the file's own days, so that their problems are told together."""
    layers = []
    entries = document.get("layers", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        problems.append(("layers", "write each layer as a table of its own, [[layers]]"))
        entries = []
    own = {"name": "own"} | {key: document[key] for key in ("closed", "special") if key in document}
    for place, entry in [("", own), *((f"layers[{number}].", entry) for number, entry in enumerate(entries))]:
        before = len(problems)
        _check_keys(entry, {"name"}, _LAYER_KEYS, place, problems)
        if len(problems) > before:
            continue
        try:
            layer = Layer(**entry)
        except (WindowserviceError, TypeError) as error:
            problems.append((place.rstrip("."), str(error)))
        else:
            if place:
                layers.append(layer)
    return layers
