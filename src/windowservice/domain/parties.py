"""The parties to a matter: the banks that ask, whose identity is dated, and the clerks who serve them."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final, Literal, TypeAlias, get_args

import attrs

from windowservice.asked import told
from windowservice.errors import InvalidValue, UnknownName
from windowservice.instants import to_date

__all__ = ["Bank", "Banks", "Clerk", "FormerId", "Participation", "Period", "Roster"]

Participation: TypeAlias = Literal["direct", "indirect", "special"]
"""How a bank takes part in the payment systems: by itself, through a direct participant, or for particular business."""

_PARTICIPANT_CODE: Final = re.compile(r"[0-9]{12}")


def _to_optional_date(value: date | str | None) -> date | None:
    return None if value is None else to_date(value)


def _participation(_instance: object, _field: object, value: str | None) -> None:
    if value is not None and value not in get_args(Participation):
        raise InvalidValue("participation", value, f"one of {', '.join(get_args(Participation))}, or None")


@attrs.frozen
class Period:
    """A period of whole days, both ends included; an end that is None is open."""

    since: date | None = attrs.field(default=None, converter=_to_optional_date)
    until: date | None = attrs.field(default=None, converter=_to_optional_date)

    def __attrs_post_init__(self) -> None:
        if self.since is not None and self.until is not None and self.until < self.since:
            raise InvalidValue("until", self.until.isoformat(), f"not before since ({self.since.isoformat()})")

    def __contains__(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@attrs.frozen
class FormerId:
    """An id under which a bank was known until a day (included)."""

    id: str
    until: date = attrs.field(converter=to_date)


@told
@attrs.frozen(kw_only=True)
class Bank:
    """An institution that the window serves.

    Attributes:
        id: its participant code (12 digits) or another id of the ledger's own.
        name: its name.
        kind: the kind of institution ("bank", "rural_cooperative", "finance_company" ...).
        participation: how it takes part in the payment systems; None if not stated.
        through: id of the direct participant through which an indirect one takes part.
        key_periods: the periods in which it is a key institution, watched weekly.
        joined: the day it joined; None if not stated.
        former_ids: the ids it had before: a new code is not a new institution.
        peer_group: the group within which it is compared.
    """

    id: str
    name: str = ""
    kind: str | None = None
    participation: Participation | None = attrs.field(default=None, validator=_participation)
    through: str | None = None
    key_periods: tuple[Period, ...] = ()
    joined: date | None = attrs.field(default=None, converter=_to_optional_date)
    former_ids: tuple[FormerId, ...] = ()
    peer_group: str | None = None

    @property
    def has_participant_code(self) -> bool:
        """Whether its id has the form of a participant code: twelve digits."""
        return _PARTICIPANT_CODE.fullmatch(self.id) is not None

    def is_key(self, day: date) -> bool:
        """Return whether it is a key institution on the day; one that is new is not."""
        return any(day in period for period in self.key_periods) and not self.is_new(day)

    def is_new(self, day: date, months: int = 6) -> bool:
        """Return whether the day lies within its first months; False if the day it joined is not stated.

        Args:
            day: the day asked for.
            months: how long a bank is new (an assumption of the default scorecard).
        """
        return self.joined is not None and self.joined <= day < _months_after(self.joined, months)

    def id_on(self, day: date) -> str:
        """Return the id that it had on the day."""
        for former in sorted(self.former_ids, key=lambda row: row.until):
            if day <= former.until:
                return former.id
        return self.id


@told
class Banks:
    """The banks of an area, found by the id that they have or had."""

    __slots__ = ("_by_id", "_former")

    def __init__(self, banks: Iterable[Bank] = ()) -> None:
        """Hold the banks.

        Raises:
            InvalidValue: if two banks have, or had, one id.
        """
        self._by_id: dict[str, Bank] = {}
        for bank in banks:
            if bank.id in self._by_id:
                raise InvalidValue("id", bank.id, "the id of one bank only")
            self._by_id[bank.id] = bank
        self._former: dict[str, tuple[date, Bank]] = {}
        for bank in self:
            for former in bank.former_ids:
                if former.id in self._former:
                    raise InvalidValue("former id", former.id, "the former id of one bank only")
                self._former[former.id] = (former.until, bank)

    def __iter__(self) -> Iterator[Bank]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def find(self, id: str, day: date | None = None) -> Bank:  # noqa: A002 - the field's word
        """Return the bank that has the id, or had it.

        Args:
            id: a present or former id.
            day: the day on which it was used; a code may have passed to another bank since.

        Raises:
            UnknownName: if no bank had it; the nearest id is offered.
        """
        found = self.known(id, day)
        if found is None:
            raise UnknownName("bank", id, (*self._by_id, *self._former))
        return found

    def known(self, id: str, day: date | None = None) -> Bank | None:  # noqa: A002 - the field's word
        """Return the bank that has the id, or had it, as `find`; None if no bank had it."""
        until, former = self._former.get(id, (None, None))
        if former is not None and until is not None and (id not in self._by_id or (day is not None and day <= until)):
            return former
        return self._by_id.get(id)


@told
@attrs.frozen(kw_only=True)
class Clerk:
    """A member of the window's staff.

    Attributes:
        id: the name used in the ledger.
        name: the full name.
        roles: the roles held ("teller_cash", "accounting_supervisor" ...), at whatever time.
        posts: the posts or counters served at.
        on_roster: the periods on the roster; empty means always.
        roles_by_period: which roles were held in which period, where they changed; empty means `roles`, always.
    """

    id: str
    name: str = ""
    roles: frozenset[str] = frozenset()
    posts: frozenset[str] = frozenset()
    on_roster: tuple[Period, ...] = ()
    roles_by_period: tuple[tuple[Period, frozenset[str]], ...] = ()

    def roles_on(self, day: date) -> frozenset[str]:
        """Return the roles held on the day; none if that is not stated."""
        told = [roles for period, roles in self.roles_by_period if day in period]
        if told or not self.roles_by_period:
            return frozenset[str]().union(*told) if told else self.roles
        return frozenset()

    def is_on(self, day: date) -> bool:
        """Return whether the clerk is on the roster on the day."""
        return not self.on_roster or any(day in period for period in self.on_roster)


@told
class Roster:
    """The window's staff, found by id."""

    __slots__ = ("_by_id",)

    def __init__(self, clerks: Iterable[Clerk] = ()) -> None:
        """Hold the clerks.

        Raises:
            InvalidValue: if two clerks have one id.
        """
        self._by_id: dict[str, Clerk] = {}
        for clerk in clerks:
            if clerk.id in self._by_id:
                raise InvalidValue("id", clerk.id, "the id of one clerk only")
            self._by_id[clerk.id] = clerk

    def __iter__(self) -> Iterator[Clerk]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, id: object) -> bool:  # noqa: A002 - the field's word
        return id in self._by_id

    def __getitem__(self, id: str) -> Clerk:  # noqa: A002 - the field's word
        try:
            return self._by_id[id]
        except KeyError:
            raise UnknownName("clerk", id, tuple(self._by_id)) from None

    def is_on(self, id: str, day: date) -> bool | None:  # noqa: A002 - the field's word
        """Return whether the clerk is on the roster on the day; None if nothing is known of the clerk."""
        clerk = self._by_id.get(id)
        return None if clerk is None else clerk.is_on(day)


def _months_after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))  # the last day of a shorter month
