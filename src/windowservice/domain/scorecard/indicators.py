"""Indicators by which banks are scored: what is measured, and how a value becomes a share of its points."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import lcm
from typing import Final, Literal, TypeAlias

import attrs

from windowservice.domain.basis import Basis
from windowservice.domain.scorecard.readings_period import PERIOD_KINDS, PeriodKind, ReportingPeriod
from windowservice.errors import InvalidValue
from windowservice.strict import exact_decimal

__all__ = [
    "Direction",
    "Form",
    "Linear",
    "PerEvent",
    "ScoredIndicator",
    "Step",
    "Steps",
    "Unit",
    "ZeroDenominator",
    "closed_period",
    "exact",
]

Unit: TypeAlias = Literal["ratio", "count", "minute"]
"""What a value is: numerator by denominator, a number of events, or a number of minutes."""
Direction: TypeAlias = Literal["lower", "higher"]
"""Which values are better."""
ZeroDenominator: TypeAlias = Literal["not_applicable", "full_points"]
"""What it means that there was nothing to measure; full points only where the source declares the period complete."""


_NONE: Final = Fraction(0)
_ALL: Final = Fraction(1)


def exact(value: object) -> Decimal:
    """Return an exact number: an integer, a decimal, or a text of digits; a binary float is refused.

    Raises:
        TypeError: if it is none of these.
    """
    return value if isinstance(value, Decimal) and value.is_finite() else exact_decimal(value)


def _cut(upper: int, lower: int) -> Fraction:
    """Return a quotient cut to 0..1; whole numbers all the way, for reducing at each step costs most of the time."""
    return _NONE if upper <= 0 else _ALL if upper >= lower else Fraction(upper, lower)


@attrs.frozen
class Linear:
    """Points between a floor and a target: none at or beyond the floor, all at or beyond the target.

    ``share = (value - floor) / (target - floor)``, cut to 0..1; a floor above the target means that lower is better.

    Raises:
        InvalidValue: if floor and target are one.
    """

    floor: Decimal = attrs.field(converter=exact)
    target: Decimal = attrs.field(converter=exact)

    def __attrs_post_init__(self) -> None:
        if self.floor == self.target:
            raise InvalidValue("target", str(self.target), "another figure than the floor")

    @property
    def direction(self) -> Direction:
        """Which values are better."""
        return "lower" if self.floor > self.target else "higher"

    @cached_property
    def _line(self) -> tuple[int, int, int]:
        """Whole numbers such that ``share = (a * value + b) / c``, with c above 0."""
        floor, span = Fraction(self.floor), Fraction(self.target) - Fraction(self.floor)
        scale = lcm(floor.denominator, span.denominator) * (1 if span > 0 else -1)
        return scale, int(-floor * scale), int(span * scale)

    def share(self, value: Fraction, points: Fraction) -> Fraction:  # noqa: ARG002 - the same question to all forms
        """Return the share of the points, from 0 to 1."""
        a, b, c = self._line
        return _cut(a * value.numerator + b * value.denominator, c * value.denominator)

    def __str__(self) -> str:
        return f"linear from 0 at {self.floor} to full at {self.target}"


@attrs.frozen
class PerEvent:
    """Points taken off for each event, not below zero.

    Raises:
        InvalidValue: if nothing is taken off.
    """

    deduct: Decimal = attrs.field(converter=exact)

    def __attrs_post_init__(self) -> None:
        if self.deduct <= 0:
            raise InvalidValue("deduct", str(self.deduct), "above 0")

    @property
    def direction(self) -> Direction:
        """Which values are better: lower ones."""
        return "lower"

    @cached_property
    def _deduct(self) -> Fraction:
        return Fraction(self.deduct)

    def share(self, value: Fraction, points: Fraction) -> Fraction:
        """Return the share of the points, from 0 to 1."""
        upper, lower = self._deduct.numerator * value.numerator, self._deduct.denominator * value.denominator
        return _cut(points.numerator * lower - points.denominator * upper, points.numerator * lower)

    def __str__(self) -> str:
        return f"{self.deduct} off for each"


@attrs.frozen
class Step:
    """A share of the points, from 0 to 1, for values as good as the bound or better."""

    bound: Decimal = attrs.field(converter=exact)
    share: Decimal = attrs.field(converter=exact)

    def __attrs_post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise InvalidValue("share", str(self.share), "from 0 to 1")


@attrs.frozen
class Steps:
    """Shares of the points by a table: the first bound, from the best, that the value keeps; beyond the last, none.

    Raises:
        InvalidValue: if there is no step, or bounds or shares are out of order.
    """

    steps: tuple[Step, ...] = attrs.field(converter=tuple)
    direction: Direction = "lower"

    def __attrs_post_init__(self) -> None:
        if not self.steps:
            raise InvalidValue("steps", self.steps, "at least one step")
        for better, worse in pairwise(self.steps):
            falls = worse.bound < better.bound if self.direction == "higher" else worse.bound > better.bound
            if not falls:
                order = "below" if self.direction == "higher" else "above"
                wanted = f"{order} the bound before it ({better.bound}); steps go from the best to the worst"
                raise InvalidValue("bound", str(worse.bound), wanted)
            if worse.share >= better.share:
                raise InvalidValue("share", str(worse.share), f"below the share before it ({better.share})")

    @cached_property
    def _table(self) -> tuple[tuple[Fraction, Fraction], ...]:
        return tuple((Fraction(step.bound), Fraction(step.share)) for step in self.steps)

    def share(self, value: Fraction, points: Fraction) -> Fraction:  # noqa: ARG002 - the same question to all forms
        """Return the share of the points, from 0 to 1."""
        for bound, share in self._table:
            if value >= bound if self.direction == "higher" else value <= bound:
                return share
        return _NONE

    def __str__(self) -> str:
        word = "from" if self.direction == "higher" else "up to"
        return ", ".join(f"{step.share} {word} {step.bound}" for step in self.steps) + ", beyond 0"


Form: TypeAlias = Linear | PerEvent | Steps
"""How a value becomes a share of the points."""


@attrs.frozen(kw_only=True)
class ScoredIndicator:
    """One thing that is measured of a bank's period.

    Attributes:
        id: unique in the scorecard.
        category: id of the category whose points it shares.
        zh, en: its title.
        numerator: what is counted, in words.
        denominator: out of what, in words; None if it is no ratio.
        unit: what a value is.
        direction: which values are better.
        form: how a value becomes a share of the points.
        points: its points, when everything of its category is applicable.
        frequency: how often it is read.
        key_frequency: how often for a key institution.
        zero_denominator: what it means that there was nothing to measure.
        min_sample: the denominator from which it is no small sample.
        carry: for how many of its own periods the last closed value stands in while the next is not due
            (0: it is not applicable meanwhile).
        basis: what sets its figures.
        note: what a reader should know of it.

    Raises:
        InvalidValue: if its parts contradict each other.
    """

    id: str
    category: str
    zh: str
    en: str
    numerator: str
    denominator: str | None = None
    unit: Unit
    direction: Direction
    form: Form
    points: Decimal = attrs.field(converter=exact)
    frequency: PeriodKind = "month"
    key_frequency: PeriodKind = "month"
    zero_denominator: ZeroDenominator = "not_applicable"
    min_sample: int | None = None
    carry: int = 1
    basis: Basis
    note: str = ""

    def __attrs_post_init__(self) -> None:
        if self.points <= 0:
            raise InvalidValue("points", str(self.points), "above 0", self.id)
        if self.form.direction != self.direction:
            wanted = f"{self.form.direction!r}, as its form says ({self.form})"
            raise InvalidValue("direction", self.direction, wanted, self.id)
        if self.is_ratio != (self.denominator is not None):
            wanted = "stated for a ratio" if self.is_ratio else f"left out, for a {self.unit} has none"
            raise InvalidValue("denominator", self.denominator, wanted, self.id)
        if self.min_sample is not None and (self.min_sample < 1 or not self.is_ratio):
            wanted = "1 or more" if self.is_ratio else f"left out, for a {self.unit} has no sample"
            raise InvalidValue("min_sample", self.min_sample, wanted, self.id)
        if self.carry < 0:
            raise InvalidValue("carry", self.carry, "0 or more", self.id)

    @property
    def is_ratio(self) -> bool:
        """Whether a value is a numerator by a denominator."""
        return self.unit == "ratio"

    @cached_property
    def exact_points(self) -> Fraction:
        """Its points as a fraction."""
        return Fraction(self.points)

    def share(self, value: Fraction) -> Fraction:
        """Return the share of the points that a value earns, exactly, from 0 to 1."""
        return self.form.share(value, self.exact_points)

    def candidates(self, period: ReportingPeriod, *, key: bool = False) -> tuple[bool, tuple[ReportingPeriod, ...]]:
        """Return whether it is due in a period that is scored, and the periods whose reading counts there, best first.

        A longer period is due in the one in which it ends. Where it is not due, the last closed ones stand in, as far
        as `carry` goes. A shorter one is never added up: the reading of the scored period itself is wanted, counted
        anew from the items.
        """
        own = self.key_frequency if key else self.frequency
        if PERIOD_KINDS.index(own) <= PERIOD_KINDS.index(period.kind):
            return True, (period,)
        closed = closed_period(own, period)
        if closed.last_day >= period.first_day:
            return True, (closed,)
        return False, tuple(_back(closed, self.carry))


def closed_period(kind: PeriodKind, period: ReportingPeriod) -> ReportingPeriod:
    """Return the last period of a kind that has ended when a period ends."""
    last = ReportingPeriod.of(kind, period.last_day)
    return last if last.last_day <= period.last_day else last.previous


def _back(period: ReportingPeriod, number: int) -> Iterable[ReportingPeriod]:
    for _ in range(number):
        yield period
        period = period.previous
