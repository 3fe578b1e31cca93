"""What documents of the library share: sources of figures that go by a name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cattrs import Converter

from windowservice.domain.basis import Basis
from windowservice.domain.strict import Hook, record_hook
from windowservice.errors import UnknownName

__all__ = ["NamedBasis", "attempt", "register_basis", "table"]


class NamedBasis(Basis):
    """Stands for a source of the document's table, which must be written out and cannot be a name."""


def register_basis(converter: Converter, named: Mapping[str, Any]) -> None:
    """Let a document write a source out, or name one of its table of sources (`named`, each a `NamedBasis`)."""
    converter.register_structure_hook(Basis, _basis_hook(named, converter))
    converter.register_structure_hook(NamedBasis, record_hook(Basis, converter))


def _basis_hook(named: Mapping[str, Any], converter: Converter) -> Hook:
    build = record_hook(Basis, converter)
    known = {name: found for name, row in named.items() if (found := attempt(build, row, Basis)) is not None}

    def hook(value: object, _: object) -> object:
        if not isinstance(value, str):
            return build(value, Basis)
        if value not in named:
            raise UnknownName("basis", value, tuple(named))
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
