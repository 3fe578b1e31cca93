"""Reading a service catalogue from TOML: strictly, with every problem and its path at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeVar

import attrs
from cattrs import Converter

from windowservice.domain.catalogue.classes import WHAT, CalendarHours, ServiceClass
from windowservice.domain.catalogue.service import (
    Appointment,
    ClockEnd,
    ClockStart,
    DatedLimit,
    Principle,
    Service,
    Supplement,
)
from windowservice.domain.documents import NamedBasis, attempt, document_converter, table
from windowservice.files import load_toml
from windowservice.strict import Hook, read, record_hook

__all__ = ["read_catalogue"]

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class _Defaults:
    """What holds for every service, or for those of a class, unless a service says otherwise."""

    notice: tuple[DatedLimit, ...] = ()
    extension: tuple[DatedLimit, ...] = ()
    delivery: tuple[DatedLimit, ...] = ()
    handover: tuple[DatedLimit, ...] = ()
    start: ClockStart = "accepted"
    end: ClockEnd = "decided"
    supplement: Supplement = "restart"
    local_stops: frozenset[str] = frozenset()
    calendar: str = "window"
    appointment: Appointment | None = None
    offered_from: date | None = None
    principle: Principle | None = None


@attrs.frozen(kw_only=True)
class _Class:
    id: str
    zh: str
    en: str
    defaults: _Defaults = _Defaults()


@attrs.frozen(kw_only=True)
class _Document:
    schema_version: Literal[1]
    id: str
    version: str
    services: tuple[Service, ...]
    timezone: str = "Asia/Shanghai"
    note: str = ""
    basis: dict[str, NamedBasis] = attrs.field(factory=dict)
    defaults: _Defaults = _Defaults()
    classes: tuple[_Class, ...] = ()
    hours: tuple[CalendarHours, ...] = ()


def read_catalogue(make: Callable[..., T], source: Path | str) -> T:
    """Return what is made of the fields of a TOML file or text; see `Catalogue.from_toml`."""
    where, data = load_toml(source, WHAT)
    document = read(_Document, data, _converter(data), what=WHAT, where=where)
    return make(
        id=document.id,
        version=document.version,
        services=document.services,
        classes=tuple(ServiceClass(row.id, row.zh, row.en) for row in document.classes),
        hours=document.hours,
        timezone=document.timezone,
        basis=dict(document.basis),
        note=document.note,
    )


def _converter(data: Mapping[str, Any]) -> Converter:
    """Return the converter for one document: it knows the sources and the defaults that the document names."""
    converter = document_converter(data.get("basis"))
    converter.register_structure_hook(Service, _service_hook(data, converter))
    return converter


def _service_hook(data: Mapping[str, Any], converter: Converter) -> Hook:
    """Return the hook that reads a service with the defaults of the document and of its class put in."""
    build = record_hook(Service, converter)
    general = _valid(data.get("defaults"), converter)
    rows = data.get("classes")
    of_class = {str(row.get("id")): _valid(row.get("defaults"), converter) for row in map(table, _list(rows))}

    def hook(value: object, kind: object) -> object:
        if isinstance(value, Mapping):
            value = {**general, **of_class.get(str(value.get("service_class")), {}), **value}
        return build(value, kind)

    return hook


def _valid(defaults: object, converter: Converter) -> Mapping[str, Any]:
    """Return the defaults if they can be read; if not, they are reported once, where they stand."""
    return table(defaults) if attempt(converter.structure, defaults, _Defaults) is not None else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
