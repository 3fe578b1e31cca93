"""The types that a value of the rule language may have, and how Python's values are told apart."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

from windowservice.errors import InvalidRule, NaiveTime
from windowservice.worktime.limits import Limit
from windowservice.worktime.spans import WorkSpan

__all__ = ["NUMBERS", "ORDERED", "ValueType", "type_of_class", "type_of_value"]


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


NUMBERS: Final = frozenset({ValueType.INT, ValueType.DECIMAL, ValueType.RATIO, ValueType.FLOAT})
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


def type_of_value(value: Any, what: str) -> ValueType:
    """Return the value type of a constant.

    Raises:
        InvalidRule: for None (a missing value is asked for by ``is_missing()``), NaN, or a type the language lacks.
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
    if isinstance(value, (set, frozenset)):
        if not all(isinstance(item, str) for item in value):
            raise InvalidRule(what, f"the set {value!r} holds something else than text")
        return ValueType.TEXTS
    for cls in type(value).__mro__:
        if cls in _CLASSES:
            return _CLASSES[cls]
    raise InvalidRule(what, f"a value of type {type(value).__name__} was written ({value!r})", "the language has no such type")
