"""The first day of the week, month, quarter or year of a date, as ordinals; weeks begin on Monday (ISO 8601)."""

from __future__ import annotations

from windowservice.worktime.integers.memory import Memory
from windowservice.worktime.integers.reach import month_begin, month_of

__all__ = ["first_of_month", "first_of_quarter", "first_of_week", "first_of_year"]


def first_of_week(m: Memory, day: int) -> int:
    """Return the Monday of a date's week."""
    return day - (day - 1) % 7


def first_of_month(m: Memory, day: int) -> int:
    """Return the first day of a date's month."""
    return month_begin(m, month_of(m, day)) - 305


def first_of_quarter(m: Memory, day: int) -> int:
    """Return the first day of a date's quarter."""
    number = month_of(m, day)  # of which April is the first, and each third from there on begins a quarter
    return month_begin(m, number - (number - 1) % 3) - 305


def first_of_year(m: Memory, day: int) -> int:
    """Return the first day of a date's year."""
    number = month_of(m, day)
    return month_begin(m, number - (number - 10) % 12) - 305
