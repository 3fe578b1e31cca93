"""How far a value lies from its bound, in the unit of both."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from windowservice.instants import datetime_us
from windowservice.language.tree.values import NUMBERS, ValueType
from windowservice.worktime.spans import WorkSpan

__all__ = ["as_us", "difference"]

V = ValueType


def as_us(value: Any) -> int:
    """Return an instant as a record holds it in microseconds UTC."""
    return value if isinstance(value, int) else datetime_us(value)


def difference(operands: list[Any], kinds: list[ValueType], *, strict: bool) -> Any:
    """Return how much the left side would have to change; a strict bound asks for one step more."""
    left, right = operands
    if left is None or right is None:
        return None
    step = 1 if strict else 0
    if set(kinds) <= NUMBERS:
        if V.FLOAT in kinds:  # both sides were compared as floats
            return abs(float(left) - float(right))
        left, right = (_exact(value, beside=other) for value, other in ((left, right), (right, left)))
        return abs(left - right) + (step if set(kinds) == {V.INT} else 0)
    if V.INSTANT in kinds or V.SPAN in kinds:
        gap = left - right
        return abs(timedelta(microseconds=gap) if isinstance(gap, int) else gap) + timedelta(microseconds=step)
    if V.WORK in kinds:
        return WorkSpan(abs(left - right) + step)
    if V.DATE in kinds:
        return abs((left - right) if isinstance(left, int) else (left - right).days) + step
    return None


def _exact(value: Any, *, beside: Any) -> Any:
    """Return a decimal that is held against a share as a fraction too."""
    return Fraction(value) if isinstance(value, Decimal) and isinstance(beside, Fraction) else value
