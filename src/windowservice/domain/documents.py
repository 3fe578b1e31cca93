"""What documents of the library share: limits as text, and sources of figures that go by a name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cattrs import Converter

from windowservice.domain.basis import Basis
from windowservice.errors import UnknownName
from windowservice.strict import Hook, record_hook, refuse, strict_converter
from windowservice.worktime.limits.limit import Limit

__all__ = ["NamedBasis", "attempt", "document_converter", "exact_limit", "source_of", "table"]


class NamedBasis(Basis):
    """Stands for a source of the document's table, which must be written out and cannot be a name."""


def document_converter(sources: object) -> Converter:
    """Return a strict converter that reads limits, and sources written out or named in the table `sources`.

    In that table, each is a `NamedBasis`.
    """
    converter = strict_converter()
    converter.register_structure_hook(Limit, exact_limit)
    converter.register_structure_hook(Basis, _basis_hook(table(sources), converter))
    converter.register_structure_hook(NamedBasis, record_hook(Basis, converter))
    return converter


def exact_limit(value: object, _: object = None) -> Limit:
    """Return the limit that a document writes as text."""
    if not isinstance(value, str):
        raise refuse(value, "a limit as text, as in '3 working days'")
    return Limit.parse(value)


def source_of(bases: Mapping[str, Basis], name: str) -> Basis:
    """Return a source of the document's table by its name.

    Raises:
        UnknownName: if the table has none of that name.
    """
    if name not in bases:
        raise UnknownName("basis", name, tuple(bases))
    return bases[name]


def _basis_hook(named: Mapping[str, Any], converter: Converter) -> Hook:
    build = record_hook(Basis, converter)
    known = {name: found for name, row in named.items() if (found := attempt(build, row, Basis)) is not None}

    def hook(value: object, _: object) -> object:
        if not isinstance(value, str):
            return build(value, Basis)
        source_of(named, value)
        return known.get(value, Basis(value))  # a source that is itself wrong is reported where it stands

    return hook


def attempt(hook: Hook, value: object, kind: object) -> object:
    """Return what the hook makes of a value, or None: whatever is wrong is reported when the whole document is read."""
    try:
        return hook(value, kind)
    except Exception:
        return None


def table(value: object) -> Mapping[str, Any]:
    """Return the value if it is a table, else an empty one: its error is reported when the whole document is read."""
    return value if isinstance(value, Mapping) else {}
