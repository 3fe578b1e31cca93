"""Banks, clerks and the limits of services, as a ledger states them beside its requests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final, TypeAlias, cast, get_args

import attrs

from windowservice.domain.basis import Basis
from windowservice.domain.catalogue.catalogue import Catalogue
from windowservice.domain.catalogue.classes import ServiceClass
from windowservice.domain.catalogue.service import ClockEnd, ClockStart, DatedLimit, Service
from windowservice.domain.parties import Bank, Clerk, FormerId, Period
from windowservice.domain.records import Record
from windowservice.domain.requests.extra import NO_EXTRA, to_extra
from windowservice.errors import InvalidValue
from windowservice.ledger.schema import Table

__all__ = ["ServiceRow", "SideRow", "merged", "overridden", "roster", "side_row"]

_BASIS: Final = Basis("services table of the ledger", mark="known")
_ALWAYS: Final = date(1900, 1, 1)
"""Since when limits hold that name no day: the first day the library computes with."""


@attrs.frozen(kw_only=True)
class ServiceRow:
    """The limits of one kind of business from a day on, as a ledger states them.

    Attributes:
        id: id of the kind of business.
        since: the first day on which they hold; None: always.
        zh, en: its name; None leaves that of the catalogue.
        service_class: its class; None leaves that of the catalogue.
        commitment: limit text of the published promise; None leaves that of the catalogue.
        statute: limit text of the law; None leaves that of the catalogue.
        start, end: what starts and ends its clock; None leaves that of the catalogue.
    """

    id: str
    since: date | None = None
    zh: str | None = None
    en: str | None = None
    service_class: str | None = None
    commitment: str | None = None
    statute: str | None = None
    start: ClockStart | None = None
    end: ClockEnd | None = None

    def __attrs_post_init__(self) -> None:
        for name, value, words in (("start", self.start, get_args(ClockStart)), ("end", self.end, get_args(ClockEnd))):
            if value is not None and value not in words:
                raise InvalidValue(name, value, f"one of {', '.join(words)}")


SideRow: TypeAlias = Bank | Clerk | ServiceRow | Record


def side_row(table: Table, values: Mapping[str, Any], place: tuple[str, int] | None = None) -> SideRow:
    """Return the record that a row of banks, staff, services or a further table makes.

    Args:
        table: the table.
        values: the values of the row, by column.
        place: its file and number.

    Raises:
        InvalidValue: if the row contradicts itself, counts less than nothing, or has a word that is not allowed.
    """
    make = _MAKERS.get(table.name)
    if make is not None:
        return make(dict(values))
    for name in table.counted:
        value = values.get(name)
        if value is not None and value < 0:
            raise InvalidValue(name, value, "0 or more")
    extra = to_extra(values["extra"]) if "extra" in values else NO_EXTRA
    return Record(table.name, {**values, "extra": extra}, place)


def _bank(values: dict[str, Any]) -> Bank:
    key = Period(values.pop("key_since", None), values.pop("key_until", None))
    former_id, former_until = values.pop("former_id", None), values.pop("former_until", None)
    if (former_id is None) != (former_until is None):
        raise InvalidValue("former_id", former_id, "stated together with former_until")
    return Bank(
        **values,
        key_periods=() if key == Period() else (key,),
        former_ids=() if former_id is None else (FormerId(former_id, former_until),),
    )


def merged(rows: Iterable[Bank]) -> tuple[Bank, ...]:
    """Return the banks, each once, with all former ids that their rows state."""
    banks: dict[str, Bank] = {}
    for row in rows:
        known = banks.get(row.id)
        if known is not None:
            stated = {
                field.name: getattr(known, field.name) or getattr(row, field.name) for field in attrs.fields(Bank)
            }
            row = attrs.evolve(  # noqa: PLW2901 - the row with what was known before it
                Bank(**stated),
                former_ids=(*known.former_ids, *row.former_ids),
                key_periods=(*known.key_periods, *row.key_periods),
            )
        banks[row.id] = row
    return tuple(banks.values())


def _clerk(values: dict[str, Any]) -> Clerk:
    period = Period(values.pop("since", None), values.pop("until", None))
    return Clerk(**values, on_roster=() if period == Period() else (period,))


_MAKERS: Final[Mapping[str, Callable[[dict[str, Any]], SideRow]]] = {
    "banks": _bank, "staff": _clerk, "services": lambda stated: ServiceRow(**stated)
}  # fmt: skip


def roster(rows: Iterable[Clerk]) -> tuple[Clerk, ...]:
    """Return the clerks, each once, with all periods, roles and posts that their rows state."""
    by_id: dict[str, list[Clerk]] = {}
    for row in rows:
        by_id.setdefault(row.id, []).append(row)
    return tuple(mine[0] if len(mine) == 1 else _one_clerk(mine) for mine in by_id.values())


def _one_clerk(rows: list[Clerk]) -> Clerk:
    periods = [row.on_roster or (Period(),) for row in rows]
    changing = len({row.roles for row in rows}) > 1
    return Clerk(
        id=rows[0].id,
        name=next((row.name for row in rows if row.name), ""),
        roles=frozenset[str]().union(*(row.roles for row in rows)),
        posts=frozenset[str]().union(*(row.posts for row in rows)),
        on_roster=tuple(row.on_roster[0] for row in rows) if all(row.on_roster for row in rows) else (),
        roles_by_period=tuple((when[0], row.roles) for when, row in zip(periods, rows, strict=True) if changing),
    )


def overridden(catalogue: Catalogue, rows: Iterable[ServiceRow]) -> Catalogue:
    """Return the catalogue with what the ledger states in place of its own; kinds it does not have are added."""
    by_id: dict[str, list[ServiceRow]] = {}
    for row in rows:
        by_id.setdefault(row.id, []).append(row)
    if not by_id:
        return catalogue
    services = [_service(by_id.pop(service.id, []), service) for service in catalogue]
    services += [_service(stated, None) for stated in by_id.values()]
    classes = {row.id: row for row in catalogue.classes}
    for service in services:
        name = service.service_class
        classes.setdefault(name, ServiceClass(name, name, name))
    return attrs.evolve(catalogue, services=tuple(services), classes=tuple(classes.values()))


def _service(rows: list[ServiceRow], known: Service | None) -> Service:
    if known is None:
        first = rows[0]
        known = Service(
            id=first.id, zh=first.zh or first.id, en=first.en or first.id, service_class="commitment", basis=_BASIS
        )
    for row in rows:
        stated = {name: getattr(row, name) for name in ("zh", "en", "service_class", "start", "end")}
        known = attrs.evolve(known, **{name: value for name, value in stated.items() if value is not None})
    commitment, statute = _limits(rows, "commitment"), _limits(rows, "statute")
    if commitment:
        known = attrs.evolve(known, commitment=commitment)
    return attrs.evolve(known, statute=statute) if statute else known


def _limits(rows: list[ServiceRow], name: str) -> tuple[DatedLimit, ...]:
    stated = [(row.since or _ALWAYS, cast("str | None", getattr(row, name))) for row in rows]
    return tuple(DatedLimit(since, limit, _BASIS) for since, limit in stated if limit is not None)
