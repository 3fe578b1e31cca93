"""An amount of open time: exact, signed and ordered."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

import attrs

from windowservice.asked import told
from windowservice.errors import InvalidValue
from windowservice.instants import HOUR, MINUTE, SECOND

__all__ = ["Amount", "WorkSpan", "work"]

Amount: TypeAlias = int | float | Decimal | Fraction
"""A number of hours, minutes or seconds. A float means the decimal number that it prints as: 0.1 is one tenth."""


def _check_us(_instance: object, _attribute: object, value: object) -> None:
    if type(value) is not int:
        raise InvalidValue("us", value, "a whole number of microseconds")


@told
@attrs.frozen(order=True)
class WorkSpan:
    """An amount of open time, never of elapsed time and never of days.

    Spans are added, subtracted, negated, compared, multiplied by whole numbers and divided by one another. They compare
    with spans only: an hour of open time is not an hour on the wall.

    Attributes:
        us: the open time in microseconds, signed.
    """

    us: int = attrs.field(default=0, validator=_check_us)

    def total_seconds(self) -> float:
        """Return the span in seconds, as the float nearest to it (exact for whole seconds); `us` is always exact."""
        return self.us / SECOND

    def total_minutes(self) -> float:
        """Return the span in minutes, as the float nearest to it."""
        return self.us / MINUTE

    def total_hours(self) -> float:
        """Return the span in hours, as the float nearest to it."""
        return self.us / HOUR

    def __bool__(self) -> bool:
        return self.us != 0

    def __add__(self, other: WorkSpan) -> WorkSpan:
        if not isinstance(other, WorkSpan):
            return NotImplemented
        return WorkSpan(self.us + other.us)

    def __sub__(self, other: WorkSpan) -> WorkSpan:
        if not isinstance(other, WorkSpan):
            return NotImplemented
        return WorkSpan(self.us - other.us)

    def __neg__(self) -> WorkSpan:
        return WorkSpan(-self.us)

    def __abs__(self) -> WorkSpan:
        return WorkSpan(abs(self.us))

    def __mul__(self, times: int) -> WorkSpan:
        if type(times) is not int:
            return NotImplemented
        return WorkSpan(self.us * times)

    __rmul__ = __mul__

    def __truediv__(self, other: WorkSpan) -> float:
        if not isinstance(other, WorkSpan):
            return NotImplemented
        return self.us / other.us

    def __str__(self) -> str:
        seconds, fraction = divmod(abs(self.us), SECOND)
        minutes, seconds = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        tail = f".{fraction:06d}".rstrip("0") if fraction else ""
        parts = []
        if hours:
            parts.append(f"{hours} h")
        if minutes:
            parts.append(f"{minutes} min")
        if seconds or fraction or not parts:
            parts.append(f"{seconds}{tail} s")
        return ("-" if self.us < 0 else "") + " ".join(parts)


@told
def work(*, hours: Amount = 0, minutes: Amount = 0, seconds: Amount = 0) -> WorkSpan:
    """Return an amount of open time, as in ``work(hours=3, minutes=20)``.

    Raises:
        InvalidValue: if an amount is no number, or the sum is not a whole number of microseconds.
    """
    total = _exact("hours", hours) * HOUR + _exact("minutes", minutes) * MINUTE + _exact("seconds", seconds) * SECOND
    if total.denominator != 1:
        raise InvalidValue("work(...)", f"{total} microseconds", "a whole number of microseconds")
    return WorkSpan(int(total))


def _exact(field: str, value: Amount) -> Fraction:
    """Return the number exactly; a float by its shortest decimal text, so that 0.1 hours are 360 seconds."""
    if isinstance(value, (int, float, Decimal, Fraction)) and not isinstance(value, bool):
        try:
            return Fraction(repr(float(value))) if isinstance(value, float) else Fraction(value)
        except (ValueError, OverflowError):
            pass  # not a number, or infinite
    raise InvalidValue(field, value, "a finite number")
