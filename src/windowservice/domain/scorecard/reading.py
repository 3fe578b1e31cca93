"""Reading a scorecard from TOML: strictly, with every problem and its path at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

import attrs
from cattrs import Converter

from windowservice.domain.basis import Basis
from windowservice.domain.documents import NamedBasis, document_converter
from windowservice.domain.scorecard.indicators import Form, Linear, PerEvent, ScoredIndicator, Step, Steps
from windowservice.domain.scorecard.parts import Band, Category, Severities, Veto, VetoFact
from windowservice.errors import InvalidDocument, UnknownName
from windowservice.files import load_toml
from windowservice.strict import Hook, read, record_hook, refuse

__all__ = ["WHAT", "read_scorecard"]

T = TypeVar("T")

WHAT: Final = "a scorecard"

_FORMS: Final[Mapping[str, type]] = {"linear": Linear, "per_event": PerEvent, "steps": Steps}


@attrs.frozen(kw_only=True)
class _Document:
    schema_version: Literal[1]
    id: str
    version: str
    zh: str
    en: str
    total_points: Decimal
    places: int = 2
    min_coverage: Decimal
    severities: Severities
    bands: tuple[Band, ...]
    categories: tuple[Category, ...]
    indicators: tuple[ScoredIndicator, ...]
    facts: tuple[VetoFact, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    since: date | None = None
    until: date | None = None
    basis: Basis
    sources: dict[str, NamedBasis] = attrs.field(factory=dict)
    note: str = ""


def read_scorecard(make: Callable[..., T], source: Path | str) -> T:
    """Return what is made of the fields of a TOML file or text; see `Scorecard.read`."""
    where, data = load_toml(source, WHAT)
    document = read(_Document, data, _converter(data), what=WHAT, where=where)
    fields = {name: value for name, value in attrs.asdict(document, recurse=False).items() if name != "schema_version"}
    try:
        return make(**fields)
    except InvalidDocument as error:
        raise InvalidDocument(WHAT, error.problems, where or error.where) from None


def _converter(data: Mapping[str, Any]) -> Converter:
    converter = document_converter(data.get("sources"))
    converter.register_structure_hook(Step, _step_hook(converter))
    converter.register_structure_hook(
        ScoredIndicator, record_hook(ScoredIndicator, converter, {"form": _form_hook(converter)})
    )
    return converter


def _form_hook(converter: Converter) -> Hook:
    """Return the hook that reads a form by its kind."""
    build = {name: record_hook(kind, converter) for name, kind in _FORMS.items()}

    def hook(value: object, _: object) -> Form:
        if not isinstance(value, Mapping) or "kind" not in value:
            raise refuse(value, 'a table with its kind, as in { kind = "linear", floor = "0.90", target = "1" }')
        kind, figures = value["kind"], {name: figure for name, figure in value.items() if name != "kind"}
        if kind not in build:
            raise UnknownName("form", str(kind), tuple(_FORMS))
        form: Form = build[kind](figures, _FORMS[kind])
        return form

    return hook


def _step_hook(converter: Converter) -> Hook:
    """Return the hook that reads a step from a pair of bound and share."""

    def hook(value: object, _: object) -> Step:
        if not isinstance(value, list) or len(value) != 2:
            raise refuse(value, 'a pair of bound and share, as in ["30", "0.8"]')
        return Step(*(converter.structure(part, Decimal) for part in value))

    return hook
