"""Waivers and contested findings: who said so, why, since when and until when. They are marked and never hidden."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from os import PathLike
from typing import Final, Literal, TypeAlias

import attrs

from windowservice.asked import told
from windowservice.errors import InvalidDocument, InvalidValue
from windowservice.files import load_toml
from windowservice.instants import to_date
from windowservice.strict import read, strict_converter

__all__ = ["Kind", "Waiver", "Waivers"]

Kind: TypeAlias = Literal["waived", "contested"]
_WHAT: Final = "a list of waivers"


def _said(_instance: object, attribute: attrs.Attribute[str], value: str) -> None:
    if not value.strip():
        raise InvalidValue(attribute.name, value, "a text that says it: a waiver without one tells nobody anything")


@told
@attrs.frozen(kw_only=True)
class Waiver:
    """A finding that somebody waived, or that is contested.

    Attributes:
        rule: the rule, as ``pack/rule`` or by its own name if that is unique.
        record: the id of the record.
        reason: why.
        by: who decided to waive it, or who contests it.
        on: the day of it; before that day it marks nothing.
        until: the last day on which it holds; a waived finding has one, a contested one may.
        answer_by: of a contested finding, the day by which it is to be answered.
        kind: ``waived`` or ``contested``.

    Raises:
        InvalidValue: without a reason or a person, for days in an order that cannot be, or if a waived finding has no
            last day, or a contested one no day to be answered by.
    """

    rule: str = attrs.field(validator=_said)
    record: str = attrs.field(validator=_said)
    reason: str = attrs.field(validator=_said)
    by: str = attrs.field(validator=_said)
    on: date = attrs.field(converter=to_date)
    until: date | None = attrs.field(default=None, converter=attrs.converters.optional(to_date))
    answer_by: date | None = attrs.field(default=None, converter=attrs.converters.optional(to_date))
    kind: Kind = "waived"

    def __attrs_post_init__(self) -> None:
        if self.kind not in ("waived", "contested"):
            raise InvalidValue("kind", self.kind, "'waived' or 'contested'")
        if self.kind == "waived" and self.until is None:
            raise InvalidValue(
                "until", None, f"the last day on which {self.record} is waived: nothing is waived for ever"
            )
        if self.kind == "contested" and self.answer_by is None:
            raise InvalidValue("answer_by", None, f"the day by which the contest of {self.record} is to be answered")
        for name, day in (("until", self.until), ("answer_by", self.answer_by)):
            if day is not None and day < self.on:
                raise InvalidValue(name, day.isoformat(), f"not before the day of it, {self.on}")

    def holds(self, day: date) -> bool:
        """Return whether it marks findings on a day."""
        return self.on <= day and (self.until is None or day <= self.until)

    def __str__(self) -> str:
        last = f" until {self.until}" if self.until is not None else ""
        answer = f", to be answered by {self.answer_by}" if self.answer_by is not None else ""
        return f"{self.kind} by {self.by} on {self.on}{last}{answer}: {self.reason}"


@attrs.frozen(kw_only=True)
class _Row:
    rule: str
    record: str
    reason: str
    by: str
    on: date
    until: date | None = None
    answer_by: date | None = None


@attrs.frozen(kw_only=True)
class _Document:
    waived: tuple[_Row, ...] = ()
    contested: tuple[_Row, ...] = ()


@attrs.frozen
class Waivers:
    """Waivers and contested findings.

    Attributes:
        all: each of them.

    Raises:
        InvalidValue: if two of them speak of one finding on one day.
    """

    all: tuple[Waiver, ...] = ()

    def __attrs_post_init__(self) -> None:
        known: dict[tuple[str, str], Waiver] = {}
        for one in sorted(self.all, key=lambda one: one.on):
            before = known.get((one.rule, one.record))
            if before is not None and before.holds(one.on):
                raise InvalidValue(
                    "waivers", f"{one.rule} {one.record}", f"one on each day; {before} holds on {one.on} too"
                )
            known[one.rule, one.record] = one

    @classmethod
    def of(cls, given: Waivers | Iterable[Waiver] | PathLike[str] | str) -> Waivers:
        """Return waivers from what may stand for them: themselves, a list, a TOML file or its text."""
        if isinstance(given, Waivers):
            return given
        return cls.read(given) if isinstance(given, (str, PathLike)) else cls(tuple(given))

    @classmethod
    def read(cls, source: PathLike[str] | str) -> Waivers:
        """Read waivers from TOML: tables ``[[waived]]`` and ``[[contested]]`` with the fields of `Waiver`.

        Args:
            source: the path of the file, or the text itself.

        Raises:
            InvalidDocument: for what is no such document, with every place.
            InvalidValue: for a waiver that cannot be, with its place.
            OSError: if it cannot be read.
        """
        where, data = load_toml(source, _WHAT)
        document = read(_Document, data, strict_converter(), what=_WHAT, where=where)
        rows: list[tuple[Kind, tuple[_Row, ...]]] = [("waived", document.waived), ("contested", document.contested)]
        found, problems = list[Waiver](), list[tuple[str, str]]()
        for kind, mine in rows:
            for place, row in enumerate(mine):
                try:
                    found.append(Waiver(**attrs.asdict(row), kind=kind))
                except InvalidValue as error:
                    problems.append((f"{kind}[{place}].{error.field}", f"must be {error.wanted}"))
        if problems:
            raise InvalidDocument(_WHAT, tuple(problems), where)
        return cls(tuple(found))
