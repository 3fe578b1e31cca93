"""The service catalogue: every kind of business of a window, as one value with a version and a content hash."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, time
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

import attrs

from windowservice.asked import told
from windowservice.domain.basis import Basis
from windowservice.domain.catalogue.classes import WHAT, CalendarHours, ServiceClass
from windowservice.domain.catalogue.service import Service, limit_in_force
from windowservice.domain.frozen_mapping import FrozenMapping
from windowservice.errors import InvalidDocument, UnknownName, nearest
from windowservice.worktime.limits.limit import Limit

__all__ = ["Catalogue", "Flaw"]

_TITLES: Final = frozenset({"zh", "en", "note", "basis", "version"})
"""The fields that name or explain something and decide nothing."""


@attrs.frozen
class Flaw:
    """Something in a catalogue that a reader should mend, though it can be worked with.

    Attributes:
        service: id of the kind of business.
        flaw: what it is, one word: "commitment_longer_than_statute".
        since: the day from which it is so.
        commitment, statute: the two limits.
    """

    service: str
    flaw: str
    since: date
    commitment: Limit
    statute: Limit

    def __str__(self) -> str:
        return (
            f"{self.service}: from {self.since.isoformat()} the commitment ({self.commitment}) "
            f"is longer than the statute ({self.statute})"
        )


@told
@attrs.frozen(kw_only=True)
class Catalogue:
    """The kinds of business of a window.

    ``catalogue["S10"]`` is a service; iterating gives them in order.

    Attributes:
        id: name of the catalogue.
        version: its version, as its owner counts them.
        services: the kinds of business.
        classes: the classes that they are of.
        hours: weekly hours of the calendars that they name.
        timezone: IANA name of the zone in which its days begin.
        basis: the sources that it names, by their name in it.
        note: what a reader should know of it.

    Raises:
        InvalidDocument: if an id stands twice, or a class or calendar is named that is not in it; all problems at once.
    """

    id: str
    version: str
    services: tuple[Service, ...]
    classes: tuple[ServiceClass, ...] = ()
    hours: tuple[CalendarHours, ...] = ()
    timezone: str = "Asia/Shanghai"
    basis: Mapping[str, Basis] = attrs.field(factory=dict, converter=FrozenMapping[str, Basis], hash=False)
    note: str = ""
    _by_id: dict[str, Service] = attrs.field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {service.id: service for service in self.services})
        problems = tuple(_contradictions(self))
        if problems:
            raise InvalidDocument(WHAT, problems, self.id)

    @classmethod
    @cache
    def default(cls) -> Catalogue:
        """Return the catalogue that comes with the library: 19 kinds, most of their figures assumptions that say so."""
        from windowservice.files import shipped

        return cls.from_toml(shipped(__package__, "catalogue.toml"))

    @classmethod
    def from_toml(cls, source: Path | str) -> Catalogue:
        """Return the catalogue that a TOML file describes.

        Args:
            source: the path of the file, or the TOML text itself (a text of more than one line).

        Raises:
            InvalidDocument: with all problems at once, each with its path.
            OSError: if the file cannot be opened.
        """
        from windowservice.domain.catalogue.reading import read_catalogue  # a wheel holds the library's own as read

        return read_catalogue(cls, source)

    def __getitem__(self, id: str) -> Service:  # noqa: A002 - the field's word
        try:
            return self._by_id[id]
        except KeyError:
            raise UnknownName("service", id, tuple(self._by_id), f"catalogue {self.id}") from None

    def __contains__(self, id: object) -> bool:  # noqa: A002 - the field's word
        return id in self._by_id

    def __iter__(self) -> Iterator[Service]:
        return iter(self.services)

    def __len__(self) -> int:
        return len(self.services)

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 of what the catalogue says, in hexadecimal; the layout of its file does not matter."""
        return self._hash_without(frozenset())

    @cached_property
    def decision_hash(self) -> str:
        """The same of what decides a verdict: names, notes and sources are left out."""
        return self._hash_without(_TITLES)

    def _hash_without(self, names: frozenset[str]) -> str:
        said = attrs.asdict(
            self, filter=lambda field, _: field.init and field.name not in names, value_serializer=_spelled
        )
        import hashlib  # few ask for it, and it takes OpenSSL

        return hashlib.sha256(json.dumps(said, sort_keys=True, default=_plain).encode()).hexdigest()

    @property
    def flaws(self) -> tuple[Flaw, ...]:
        """Commitments that are longer than the statute: a promise may shorten the law, never lengthen it.

        Only limits of the same kind and unit are compared, day by day of change.
        """
        return tuple(flaw for service in self.services for flaw in _flaws(service))


def _flaws(service: Service) -> Iterator[Flaw]:
    for day in sorted({row.since for row in (*service.commitment, *service.statute)}):
        commitment, statute = limit_in_force(service.commitment, day), limit_in_force(service.statute, day)
        if commitment and statute and is_longer(commitment.limit, statute.limit):
            yield Flaw(service.id, "commitment_longer_than_statute", day, commitment.limit, statute.limit)


def is_longer(limit: Limit, other: Limit) -> bool:
    """Return whether a limit is surely longer than another; False if it is not, or if they cannot be compared.

    Units never convert, so only limits of one kind are compared; the same working day counts as no working day.
    """
    if limit.before or other.before or limit.kind.unit() is not other.kind.unit() or limit.parts:
        return False
    if limit.amount != other.amount:
        return limit.amount > other.amount
    if limit.at is not None or limit.same_time:
        return limit.at is not None and other.at is not None and limit.at > other.at
    return other.at is not None or other.same_time or (limit.roll and not other.roll)  # it runs to the close of its day


def _contradictions(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    papers: set[str] = set()
    classes = [row.id for row in catalogue.classes]
    calendars = {row.calendar for row in catalogue.hours}
    for place, service in enumerate(catalogue.services):
        path = f"services[{place}]"
        if service.id in seen:
            yield f"{path}.id", f"{service.id!r} stands twice"
        seen.add(service.id)
        for paper in service.materials:
            if paper.id in papers:
                yield f"{path}.materials", f"{paper.id!r} stands twice in the catalogue"
            papers.add(paper.id)
        if classes and service.service_class not in classes:
            hint = nearest(service.service_class, classes)
            yield f"{path}.service_class", f"unknown class of service {service.service_class!r}{hint}"
        if calendars and service.calendar not in calendars:
            hint = nearest(service.calendar, calendars)
            yield f"{path}.calendar", f"unknown calendar {service.calendar!r}{hint}"


def _spelled(_instance: object, _field: object, value: Any) -> Any:
    return str(value) if isinstance(value, Limit) else dict(value) if isinstance(value, Mapping) else value


def _plain(value: date | time | frozenset[str]) -> object:
    return sorted(value) if isinstance(value, frozenset) else value.isoformat()
