"""What a scorecard is made of: categories, vetoes, bands, and how bad a value is."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Final, Literal, TypeAlias

import attrs

from windowservice.domain.basis import Basis
from windowservice.domain.scorecard.indicators import exact
from windowservice.errors import InvalidValue

__all__ = ["Band", "Category", "Severities", "Severity", "Veto", "VetoFact"]

Severity: TypeAlias = Literal["minor", "major", "severe"]
"""How bad a value is, by its share of the points."""


_OPERATORS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<=": le, ">=": ge, "==": eq, "!=": ne, "<": lt, ">": gt,
}  # fmt: skip


_CONDITION: Final = re.compile(r"\s*(\w+)\s*(<=|>=|==|!=|<|>)\s*(-?[0-9]+(?:\.[0-9]+)?)\s*")


@attrs.frozen(kw_only=True)
class Category:
    """A group of indicators that share its points."""

    id: str
    zh: str
    en: str
    points: Decimal = attrs.field(converter=exact)
    basis: Basis
    note: str = ""


@attrs.frozen(kw_only=True)
class VetoFact:
    """A figure of a bank's period that vetoes may ask for; indicators say from which tables it is counted.

    Attributes:
        id: the name by which vetoes ask.
        zh, en: what it is.
        unit: what it counts.
        look_back_days: over how many days up to the end of the period; None for the period itself.
        note: what a reader should know of it.
    """

    id: str
    zh: str
    en: str
    unit: str
    look_back_days: int | None = None
    note: str = ""


@attrs.frozen(kw_only=True)
class Veto:
    """A matter so grave that points cannot make up for it (一票否决).

    Attributes:
        id: unique in the scorecard.
        zh, en: what it is.
        when: the condition as text, "fact operator number", as in "queued_at_close_365d > 2".
        cap: the total that it leaves at most; None if it zeroes a category.
        zero_category: id of the category that loses its points; None if it caps the total.
        basis: what sets it.
        note: what a reader should know of it.

    Raises:
        InvalidValue: if the condition is not of that form, or not exactly one effect is given.
    """

    id: str
    zh: str
    en: str
    when: str
    cap: Decimal | None = attrs.field(default=None, converter=attrs.converters.optional(exact))
    zero_category: str | None = None
    basis: Basis
    note: str = ""

    def __attrs_post_init__(self) -> None:
        if not _CONDITION.fullmatch(self.when):
            wanted = "a condition 'fact operator number', as in 'queued_at_close_365d > 2'"
            raise InvalidValue("when", self.when, wanted, self.id)
        if (self.cap is None) == (self.zero_category is None):
            got = None if self.cap is None else str(self.cap)
            raise InvalidValue("cap", got, "given, or else zero_category, and not both", self.id)
        if self.cap is not None and self.cap < 0:
            raise InvalidValue("cap", str(self.cap), "0 or more", self.id)

    @cached_property
    def condition(self) -> tuple[str, str, Decimal]:
        """The fact, the operator and the number of its condition."""
        found = _CONDITION.fullmatch(self.when)
        assert found is not None  # noqa: S101 - checked when it was built
        return found[1], found[2], Decimal(found[3])

    def fires(self, value: int | Decimal) -> bool:
        """Return whether it fires at a value of its fact."""
        _, operator, bound = self.condition
        return _OPERATORS[operator](value, bound)


@attrs.frozen(kw_only=True)
class Band:
    """A grade, for rounded totals from its least on."""

    grade: str
    min: Decimal = attrs.field(converter=exact)


@attrs.frozen(kw_only=True)
class Severities:
    """The shares of its points below which an indicator is in breach; a share of 0 is severe.

    Raises:
        InvalidValue: unless ``0 < major_below < minor_below <= 1``.
    """

    minor_below: Decimal = attrs.field(converter=exact)
    major_below: Decimal = attrs.field(converter=exact)
    basis: Basis

    def __attrs_post_init__(self) -> None:
        if not 0 < self.major_below < self.minor_below <= 1:
            got = f"{self.major_below} and {self.minor_below}"
            raise InvalidValue("major_below and minor_below", got, "rising, above 0 and at most 1")

    @cached_property
    def _exact(self) -> tuple[Fraction, Fraction]:
        return Fraction(self.major_below), Fraction(self.minor_below)

    def of(self, share: Fraction) -> Severity | None:
        """Return how bad a share of the points is; None if it is no breach."""
        major, minor = self._exact
        if not share:
            return "severe"
        return "major" if share < major else "minor" if share < minor else None
