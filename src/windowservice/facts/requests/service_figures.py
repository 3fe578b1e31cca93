"""Figures that the service catalogue supplies, each keyed by the kind of business and dated.

The catalogue is the engine's, so a branch that loads its own is judged by its own; what stands here are only the typed
handles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from windowservice.domain.basis import Basis
from windowservice.language.tree.figures import Dated, Figure, Key
from windowservice.worktime.limits.limit import Limit

if TYPE_CHECKING:
    from windowservice.domain.catalogue.catalogue import Catalogue
    from windowservice.domain.catalogue.service import Appointment, DatedLimit, Service

__all__ = [
    "appointment_grace", "book_until", "book_until_before_rest", "clock_end", "clock_start", "commitment", "delivery",
    "dual_control", "extension", "handover", "materials", "notice", "service_calendar", "service_class",
    "services_offered", "statute", "stop_reasons", "supplement", "supplied_by",
]  # fmt: skip

_CATALOGUE: Final = Basis("service catalogue of the engine", mark="known")
_EVER: Final = date(1900, 1, 1)


def _supplied(name: str, of: type[Any], note: str, unit: str | None = None) -> Figure[Any]:
    return Figure.supplied(name, of, basis=_CATALOGUE, note=note, unit=unit)


commitment: Final[Figure[Limit]] = _supplied("commitment", Limit, "The published limit of the kind of business")
statute: Final[Figure[Limit]] = _supplied("statute", Limit, "The limit that law sets for the kind of business")
notice: Final[Figure[Limit]] = _supplied("notice", Limit, "How soon missing papers must be told, from submission")
extension: Final[Figure[Limit]] = _supplied("extension", Limit, "By how much the limit may be lengthened, once")
delivery: Final[Figure[Limit]] = _supplied(
    "delivery", Limit, "How soon the result must be handed over, from the decision"
)
handover: Final[Figure[Limit]] = _supplied("handover", Limit, "How soon a matter handed over must be taken over")
book_until: Final[Figure[Limit]] = _supplied("book_until", Limit, "Until when a slot may be booked, backwards from it")
book_until_before_rest: Final[Figure[Limit]] = _supplied(
    "book_until_before_rest", Limit, "Until when a slot on the eve of days off may be booked, backwards from it"
)
service_class: Final[Figure[str]] = _supplied("service_class", str, "The class of the kind of business")
clock_start: Final[Figure[str]] = _supplied(
    "clock_start", str, "What starts the clock: submitted, accepted, completed or booked"
)
clock_end: Final[Figure[str]] = _supplied("clock_end", str, "What ends the clock: decided or delivered")
supplement: Final[Figure[str]] = _supplied("supplement", str, "What completing the papers does: restart, pause or none")
service_calendar: Final[Figure[str]] = _supplied("service_calendar", str, "The calendar whose hours count")
stop_reasons: Final[Figure[frozenset[str]]] = _supplied(
    "stop_reasons", frozenset, "Local reasons for which time does not count"
)
materials: Final[Figure[frozenset[str]]] = _supplied("materials", frozenset, "The papers on the posted list")
dual_control: Final[Figure[bool]] = _supplied("dual_control", bool, "Whether a second person must check or authorise")
appointment_grace: Final[Figure[timedelta]] = _supplied(
    "appointment_grace", timedelta, "Time after a slot within which it still counts"
)
services_offered: Final[Figure[frozenset[str]]] = Figure.supplied(
    "services_offered", frozenset, basis=_CATALOGUE, note="The kinds of business offered on the day", keyed=False
)


def _always(value: Any, basis: Basis) -> Dated:
    return Dated((_EVER,), (value,), (basis,))


def _limits(rows: Iterable[DatedLimit]) -> Dated | None:
    found = tuple(rows)
    if not found:
        return None
    return Dated(tuple(r.since for r in found), tuple(r.limit for r in found), tuple(r.basis for r in found))


def _book_until(appointment: Appointment | None) -> Dated | None:
    if appointment is None or appointment.book_until is None:
        return None
    return _always(appointment.book_until, appointment.basis)


def _book_until_before_rest(appointment: Appointment | None) -> Dated | None:
    if appointment is None or appointment.book_until_before_rest is None:
        return None
    return _always(appointment.book_until_before_rest, appointment.basis)


def _grace(appointment: Appointment | None) -> Dated | None:
    return None if appointment is None else _always(timedelta(minutes=appointment.grace_minutes), appointment.basis)


def _materials(service: Service) -> Dated:
    days = {_EVER}
    for paper in service.materials:
        days |= {day for day in (paper.since, paper.until and date.fromordinal(paper.until.toordinal() + 1)) if day}
    ordered = tuple(sorted(days))
    return Dated(ordered, tuple(service.posted_materials(day) for day in ordered), (service.basis,) * len(ordered))


def _offered(services: Iterable[Service], basis: Basis) -> Dated:
    found = tuple(services)
    days = {_EVER}
    for service in found:
        until = service.offered_until
        days |= {day for day in (service.offered_from, until and date.fromordinal(until.toordinal() + 1)) if day}
    ordered = tuple(sorted(days))
    values = tuple(frozenset(s.id for s in found if s.is_offered(day)) for day in ordered)
    return Dated(ordered, values, (basis,) * len(ordered))


_READERS: Final[tuple[tuple[Figure[Any], Callable[[Service], Dated | None]], ...]] = (
    (commitment, lambda s: _limits(s.commitment)),
    (statute, lambda s: _limits(s.statute)),
    (notice, lambda s: _limits(s.notice)),
    (extension, lambda s: _limits(s.extension)),
    (delivery, lambda s: _limits(s.delivery)),
    (handover, lambda s: _limits(s.handover)),
    (service_class, lambda s: _always(s.service_class, s.basis)),
    (clock_start, lambda s: _always(s.start, s.basis)),
    (clock_end, lambda s: _always(s.end, s.basis)),
    (supplement, lambda s: _always(s.supplement, s.basis)),
    (service_calendar, lambda s: _always(s.calendar, s.basis)),
    (stop_reasons, lambda s: _always(s.local_stops, s.basis)),
    (materials, _materials),
    (dual_control, lambda s: _always(s.dual_control, s.basis)),
    (book_until, lambda s: _book_until(s.appointment)),
    (book_until_before_rest, lambda s: _book_until_before_rest(s.appointment)),
    (appointment_grace, lambda s: _grace(s.appointment)),
)


def supplied_by(catalogue: Catalogue) -> dict[str, dict[Key, Dated]]:
    """Return the tables of all supplied figures, by figure and by kind of business."""
    tables: dict[str, dict[Key, Dated]] = {}
    for figure, read in _READERS:
        rows: dict[Key, Dated | None] = {service.id: read(service) for service in catalogue}
        tables[figure.name] = {key: dated for key, dated in rows.items() if dated is not None}
    basis = Basis(f"service catalogue {catalogue.id}, version {catalogue.version}", mark="known")
    tables[services_offered.name] = {"": _offered(catalogue, basis)}
    return tables
