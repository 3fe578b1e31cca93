"""Sums and products that do not wrap round: what does not fit into 64 bits is left to Python."""

from __future__ import annotations

from typing import Final

from windowservice.worktime.integers.memory import DOUBT, Memory

__all__ = ["LEAST", "MOST", "added", "multiplied", "subtracted"]

LEAST: Final = -(1 << 63) + 16
"""The least number that is a number; those below stand for what is none."""

MOST: Final = (1 << 63) - 1
"""The greatest."""


def added(m: Memory, a: int, b: int) -> int:
    """Return a sum; with doubt if it is too large."""
    total = a + b
    if (a < 0 and b < 0 and total >= 0) or (a >= 0 and b >= 0 and total < 0) or total < LEAST:
        m[DOUBT] = 1
        return 0
    return total


def subtracted(m: Memory, a: int, b: int) -> int:
    """Return a difference; with doubt if it is too large."""
    if b < LEAST:
        m[DOUBT] = 1
        return 0
    return added(m, a, -b)


def multiplied(m: Memory, a: int, b: int) -> int:
    """Return a product; with doubt if it is too large."""
    if a == 0 or b == 0:
        return 0
    left = a if a > 0 else -a
    right = b if a > 0 else -b
    product = left * right
    if product < LEAST or product // left != right:
        m[DOUBT] = 1
        return 0
    return product
