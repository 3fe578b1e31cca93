"""Reading a list of duties from TOML: strictly, with every problem and its path at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal, TypeVar

import attrs

from windowservice.domain.documents import NamedBasis, document_converter
from windowservice.domain.duties.duty import WHAT, Duty
from windowservice.errors import InvalidDocument
from windowservice.files import load_toml
from windowservice.strict import read

__all__ = ["read_duties"]

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class _Document:
    schema_version: Literal[1]
    version: str
    duties: tuple[Duty, ...]
    basis: dict[str, NamedBasis] = attrs.field(factory=dict)
    note: str = ""


def read_duties(make: Callable[[tuple[Duty, ...], str], T], source: Path | str) -> T:
    """Return what is made of the duties, and of the version, of a TOML file or text; see `Duties.from_toml`."""
    where, data = load_toml(source, WHAT)
    document = read(_Document, data, document_converter(data.get("basis")), what=WHAT, where=where)
    try:
        return make(document.duties, document.version)
    except InvalidDocument as error:
        raise InvalidDocument(WHAT, error.problems, where) from None
