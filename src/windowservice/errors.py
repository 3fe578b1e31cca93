"""Every exception and warning of the library, each with the values it speaks of.

An error says what was wanted, what came, where, and what to write instead. The values ride on the exception as attributes, so
a program need not parse the text.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(name: object, known: Iterable[str]) -> str:
    """Return ``" (did you mean 'x'?)"`` for the known name nearest to `name`, or an empty text."""
    close = get_close_matches(str(name), list(known), n=1, cutoff=0.6)
    return f" (did you mean {close[0]!r}?)" if close else ""


def at(where: str) -> str:
    """Return ``"<where>: "`` or an empty text, to begin a message with its place."""
    return f"{where}: " if where else ""


class WindowserviceError(Exception):
    """Root of all errors raised on purpose by this library."""


class WindowserviceWarning(UserWarning):
    """Root of all warnings given by this library."""


# --- time -----------------------------------------------------------------------------------------------------------


@attrs.define
class NaiveTime(WindowserviceError):
    """A time came without a zone."""

    value: Any
    where: str = ""

    def __str__(self) -> str:
        return (
            f"{at(self.where)}the time {self.value!s} has no zone; write it with an offset, "
            f"as in '2018-05-03T09:40+08:00', or name the zone of the whole ledger once"
        )


@attrs.define
class InvalidTime(WindowserviceError):
    """Something that should be an instant or a date is not one."""

    value: Any
    wanted: str = "an ISO time with offset, as in '2018-05-03T09:40+08:00'"
    where: str = ""

    def __str__(self) -> str:
        return f"{at(self.where)}{self.value!r} ({type(self.value).__name__}) is not {self.wanted}"


@attrs.define
class TimeOutOfRange(WindowserviceError):
    """An instant lies outside the years that the library computes with, or outside what a calendar knows."""

    value: Any
    earliest: Any
    latest: Any
    where: str = ""

    def __str__(self) -> str:
        return f"{at(self.where)}{self.value!s} is out of range; wanted a time from {self.earliest!s} to {self.latest!s}"


@attrs.define
class UnknownZone(WindowserviceError):
    """No IANA time zone has that name."""

    zone: str
    where: str = ""

    def __str__(self) -> str:
        from zoneinfo import available_timezones

        hint = nearest(self.zone, available_timezones())
        return f"{at(self.where)}unknown time zone {self.zone!r}{hint}; write an IANA name such as 'Asia/Shanghai'"


# --- names and words ------------------------------------------------------------------------------------------------


@attrs.define
class UnknownName(WindowserviceError):
    """A name (fact, event kind, service, column, pack, calendar ...) that nothing declares."""

    kind: str
    name: str
    known: tuple[str, ...] = ()
    where: str = ""

    def __str__(self) -> str:
        hint = nearest(self.name, self.known)
        if not hint and self.known and len(self.known) <= 12:
            hint = f"; known: {', '.join(self.known)}"
        return f"{at(self.where)}unknown {self.kind} {self.name!r}{hint}"


@attrs.define
class InvalidValue(WindowserviceError):
    """A field holds a value of the wrong type or outside its range."""

    field: str
    value: Any
    wanted: str
    where: str = ""

    def __str__(self) -> str:
        return f"{at(self.where)}{self.field} must be {self.wanted}, got {self.value!r} ({type(self.value).__name__})"
