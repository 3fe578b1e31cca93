"""Fields of a request or an event that no column of ours holds: a mapping that does not change."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final, TypeAlias, TypeVar, cast, overload

from windowservice.errors import InvalidValue
from windowservice.instants import to_us

__all__ = ["NO_EXTRA", "Extra", "ExtraValue", "Scalar", "to_extra"]

Scalar: TypeAlias = bool | int | float | Decimal | str | date | datetime | None
"""One value of an extra field; a datetime is aware."""
ExtraValue: TypeAlias = Scalar | tuple[Scalar, ...]
"""A scalar, or a list of scalars (kept as a tuple)."""

_T = TypeVar("_T")


class Extra(Mapping[str, ExtraValue]):
    """An immutable mapping of extra fields, hashable and picklable.

    NaN is missing, so it becomes None; an infinite number is refused.

    Raises:
        InvalidValue: if a name is not a non-empty text, or a value neither a scalar nor a list of scalars.
        NaiveTime, TimeOutOfRange: if a datetime has no zone or lies outside 1900 to 2199.
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, object] | None = None) -> None:
        self._values: dict[str, ExtraValue] = {}
        for name, value in (values or {}).items():
            if not isinstance(name, str) or not name:
                raise InvalidValue("the name of an extra field", name, "a non-empty text")
            self._values[name] = _value(name, value)

    def __getitem__(self, name: str) -> ExtraValue:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    @overload
    def get(self, name: str, /) -> ExtraValue: ...
    @overload
    def get(self, name: str, /, default: ExtraValue | _T) -> ExtraValue | _T: ...
    def get(self, name: str, /, default: object = None) -> object:
        """Return the value of the field, or the default."""
        return self._values.get(name, cast("ExtraValue", default))  # faster than the mixin, and asked once a fact

    def __hash__(self) -> int:
        return hash(frozenset(self._values.items()))

    def __repr__(self) -> str:
        return repr(self._values)

    def __reduce__(self) -> tuple[type[Extra], tuple[dict[str, ExtraValue]]]:
        return (Extra, (self._values,))


NO_EXTRA: Final = Extra()
"""The mapping of a record without extra fields."""


def to_extra(values: Mapping[str, object]) -> Extra:
    """Return the values as an `Extra`; one that is so already is returned itself."""
    if isinstance(values, Extra):
        return values
    if not isinstance(values, Mapping):
        raise InvalidValue("extra", values, "a mapping from names to values")
    return Extra(values) if values else NO_EXTRA


def _value(name: str, value: object) -> ExtraValue:
    if isinstance(value, list | tuple):
        return tuple(_scalar(name, item) for item in value)
    return _scalar(name, value)


def _scalar(name: str, value: object) -> Scalar:
    if isinstance(value, datetime):
        to_us(value, where=f"extra {name!r}")
        return value
    if value is None or isinstance(value, bool | int | str | date):
        return value
    if isinstance(value, float | Decimal):
        if math.isnan(value):
            return None
        if not math.isinf(value):
            return value
    raise InvalidValue(
        f"extra {name!r}", value, "a text, a finite number, true, false, a date, an aware datetime or a list of them"
    )
