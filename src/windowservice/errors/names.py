"""Names that nothing declares, values that cannot be, documents that are none, packages that are missing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from windowservice.errors.root import WindowserviceError, at, near_or_all, valued, written


@valued
class UnknownName(WindowserviceError):
    """A name (fact, event kind, service, column, pack, calendar ...) that nothing declares."""

    kind: str
    name: str
    known: tuple[str, ...] = ()
    where: str = ""

    def _said(self) -> str:
        return f"unknown {self.kind} {self.name!r}{near_or_all(self.name, self.known)}"


@valued
class UnknownKey(UnknownName, KeyError):
    """A name that a mapping of the library does not have; also a `KeyError`, as Python's own mappings raise."""


class UnknownAttribute(WindowserviceError, AttributeError):
    """A fact of a vocabulary or a method of an expression that is not there; also an `AttributeError`, as Python asks.

    Attributes:
        owner: what was asked.
        kind: what was asked for.
        known: the names that there are.
        instead: what is written here for what other libraries call so.
    """

    def __init__(self, owner: str, kind: str, name: str, known: Iterable[str] = (), instead: str = "") -> None:
        self.owner, self.kind, self.known, self.instead = owner, kind, tuple(known), instead
        super().__init__(owner, kind, name, self.known, instead)
        self.name = name

    def _said(self) -> str:
        near = "" if self.instead else near_or_all(self.name, self.known)
        return f"{self.owner} has no {self.kind} {self.name!r}{near}"


@valued
class InvalidValue(WindowserviceError):
    """A field holds a value of the wrong type or outside its range."""

    field: str
    value: Any
    wanted: str
    where: str = ""

    def _said(self) -> str:
        kind = type(self.value).__name__
        return f"{self.field} must be {self.wanted}, got {written(self.value)} ({kind})"


@valued
class InvalidDocument(WindowserviceError):
    """A JSON or TOML document is not what it should be; every problem is listed, with its path, at once."""

    what: str
    problems: tuple[tuple[str, str], ...]
    where: str = ""

    def _said(self) -> str:
        listed = [f"{at(path)}{message}" for path, message in self.problems]
        head = f"this is not {self.what}"
        return f"{head}: {listed[0]}" if len(listed) == 1 else "\n  - ".join([f"{head}:", *listed])


@valued
class MissingExtra(WindowserviceError):
    """Something was asked for that needs a package which is not installed."""

    package: str
    extra: str
    purpose: str

    says = "{purpose} needs {package}; install it with: pip install 'windowservice[{extra}]'"
