"""The lines of a keyed figure in a file: tables of keys one within the other, or a list of rows that name their keys.

``by.ACME.P1 = [{ since = ..., value = ..., basis = ... }]`` says the same as
``by = [{ customer = "ACME", priority = "P1", since = ..., value = ..., basis = ... }]``.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import GenericAlias
from typing import Any

import attrs
from cattrs import Converter

from windowservice.strict import Hook, refuse, table_of

__all__ = ["Lines", "lines_hook"]


class Lines(dict[tuple[Any, ...], tuple[Any, ...]]):
    """The dated values of a figure by the keys of each line.

    Attributes:
        names: what rows call the keys, in order; none if tables stand one within the other.
    """

    names: tuple[str, ...] = ()


def lines_hook(value: type, converter: Converter) -> Hook:
    """Return what reads the lines of a figure.

    Args:
        value: the class of a dated value; what else a row says are its keys.
        converter: from `strict_converter`.
    """
    own = {field.name for field in attrs.fields(value)}
    listed: Any = GenericAlias(list, (value,))

    def hook(said: object, _: object) -> Lines:
        if isinstance(said, Mapping):
            below = table_of(Lines, said, converter)
            return Lines({(key, *keys): rows for key, lines in below.items() for keys, rows in lines.items()})
        if not isinstance(said, list | tuple):
            raise refuse(said, "tables of keys, or a list of lines with their keys, since, value and basis")
        parted = [{name: one for name, one in row.items() if name in own} for row in said if isinstance(row, Mapping)]
        values = converter.structure(parted if len(parted) == len(said) else said, listed)
        found: dict[tuple[Any, ...], list[Any]] = {}
        names = tuple(name for name in said[0] if name not in own) if said else ()
        for place, (row, one) in enumerate(zip(said, values, strict=True)):
            if (others := row.keys() - own) != set(names):
                raise TypeError(f"line {place} has the keys {sorted(others)}, the first line {sorted(names)}")
            found.setdefault(tuple(row[name] for name in names), []).append(one)
        lines = Lines({keys: tuple(rows) for keys, rows in found.items()})
        lines.names = names
        return lines

    return hook
