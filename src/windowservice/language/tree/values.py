"""The types that a value of the rule language may have, and how Python's values are told apart."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

from windowservice.errors import InvalidRule, NaiveTime
from windowservice.errors.root import written
from windowservice.instants import SECOND, to_us, utc_datetime
from windowservice.worktime.limits.limit import Limit
from windowservice.worktime.spans import WorkSpan

__all__ = ["NUMBERS", "ORDERED", "ValueType", "plain_span", "plain_value", "span_us", "type_of_class", "type_of_value"]


class ValueType(StrEnum):
    """What kind of value an expression has; the text is the word that messages use."""

    BOOL = "truth value"
    INT = "whole number"
    DECIMAL = "exact decimal"
    RATIO = "exact ratio"
    FLOAT = "float"
    TEXT = "text"
    INSTANT = "instant"
    DATE = "date"
    SPAN = "span of real time"
    WORK = "span of open time"
    TEXTS = "set of texts"
    LIMIT = "limit"
    ROWS = "collected rows"
    CLOCK = "clock"

    @property
    def with_article(self) -> str:
        """The word with its article, as messages ask for a value of it."""
        return f"{'an' if self[0] in 'aeiou' else 'a'} {self}"


NUMBERS: Final = frozenset({ValueType.INT, ValueType.DECIMAL, ValueType.RATIO, ValueType.FLOAT})
_DIGITS: Final = 100
"""How many digits a number of a rule may have."""
ORDERED: Final = NUMBERS | {ValueType.INSTANT, ValueType.DATE, ValueType.SPAN, ValueType.WORK}

_CLASSES: Final[dict[type, ValueType]] = {
    bool: ValueType.BOOL,
    int: ValueType.INT,
    Decimal: ValueType.DECIMAL,
    Fraction: ValueType.RATIO,
    float: ValueType.FLOAT,
    str: ValueType.TEXT,
    datetime: ValueType.INSTANT,
    date: ValueType.DATE,
    timedelta: ValueType.SPAN,
    WorkSpan: ValueType.WORK,
    frozenset: ValueType.TEXTS,
    Limit: ValueType.LIMIT,
}


def type_of_class(cls: object, what: str) -> ValueType:
    """Return the value type of a Python class as written in a fact or figure.

    Raises:
        InvalidRule: if the language has no such type.
    """
    origin = getattr(cls, "__origin__", cls)
    if isinstance(origin, type) and origin in _CLASSES:
        return _CLASSES[origin]
    names = ", ".join(c.__name__ for c in _CLASSES)
    raise InvalidRule(what, f"has the type {cls!r}, which a fact cannot have", f"write one of {names}")


def type_of_value(value: object, what: str) -> ValueType:
    """Return the value type of a constant.

    Raises:
        InvalidRule: for None (a missing value is asked for by ``is_missing()``), NaN, infinity, or a type the
            language lacks.
        NaiveTime: for a datetime without a zone.
    """
    if value is None:
        raise InvalidRule(what, "None was written as a value", "write .is_missing() or .is_known()")
    if isinstance(value, datetime):
        if value.utcoffset() is None:
            raise NaiveTime(value, what)
        return ValueType.INSTANT
    if isinstance(value, (float, Decimal)) and value != value:  # noqa: PLR0124 - NaN is the one value unequal to itself
        raise InvalidRule(what, "NaN was written as a value", "write .is_missing() or .is_known()")
    if isinstance(value, (float, Decimal)) and value in (float("inf"), float("-inf")):
        raise InvalidRule(what, f"the infinite value {value!r} was written", "leave the bound out")
    if isinstance(value, (int, Decimal, Fraction)) and _is_endless(value):
        raise InvalidRule(what[:60], "a number of more than 100 digits was written", "write a smaller or rounder one")
    if isinstance(value, (set, frozenset)):
        if not all(isinstance(item, str) for item in value):
            raise InvalidRule(what, f"the set {written(value)} holds something else than text")
        return ValueType.TEXTS
    for cls in type(value).__mro__:
        if cls in _CLASSES:
            return _CLASSES[cls]
    problem = f"a value of type {type(value).__name__} was written ({written(value)})"
    raise InvalidRule(what, problem, "the language has no such type")


def _is_endless(value: int | Decimal | Fraction) -> bool:
    """Whether a number is so large, or so fine, that computing with it exactly would not end."""
    if isinstance(value, Decimal):
        return value != 0 and (abs(value.adjusted()) > _DIGITS or len(value.as_tuple().digits) > _DIGITS)
    return max(value.numerator.bit_length(), value.denominator.bit_length()) > 10 * _DIGITS // 3


def span_us(value: timedelta) -> int:
    """Return a span of real time in microseconds, exactly."""
    days, seconds, microseconds = (part.__get__(value) for part in _SPAN_PARTS)
    found: int = (days * 86_400 + seconds) * SECOND + microseconds
    return found


def plain_span(value: timedelta) -> timedelta:
    """Return a span of real time as a plain timedelta; a pendulum Duration tells its days and seconds otherwise."""
    days, seconds, microseconds = (part.__get__(value) for part in _SPAN_PARTS)
    return timedelta(days, seconds, microseconds)


_SPAN_PARTS: Final[tuple[Any, ...]] = (timedelta.days, timedelta.seconds, timedelta.microseconds)
_PLAIN: Final[dict[ValueType, Callable[[Any], Any]]] = {
    ValueType.BOOL: bool,
    ValueType.INT: int,
    ValueType.FLOAT: float,
    ValueType.DECIMAL: Decimal,
    ValueType.TEXT: str.__str__,
    ValueType.INSTANT: lambda value: utc_datetime(to_us(value, where="a constant")),
    ValueType.DATE: lambda value: date(value.year, value.month, value.day),
    ValueType.SPAN: plain_span,
    ValueType.TEXTS: lambda value: frozenset(str.__str__(item) for item in value),
}


def plain_value(value: Any, kind: ValueType) -> Any:
    """Return a constant as a plain value of its kind, without zone or subclass, so that equal constants print alike.

    Raises:
        TimeOutOfRange: for an instant outside the years that the library computes with.
    """
    return _PLAIN[kind](value) if kind in _PLAIN else value
