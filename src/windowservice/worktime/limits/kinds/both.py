"""Arithmetic whose text is one for a single start and for arrays of starts."""

from __future__ import annotations

from typing import Any

__all__ = ["choose", "least", "most"]


def choose(condition: Any, yes: Any, no: Any) -> Any:
    """Return one of two values, by a condition; of arrays, row by row."""
    if isinstance(condition, bool):
        return yes if condition else no
    import numpy as np

    return np.where(condition, yes, no)


def least(a: Any, b: Any) -> Any:
    """Return the lesser of two values."""
    return choose(a < b, a, b)


def most(a: Any, b: Any) -> Any:
    """Return the greater of two values."""
    return choose(a > b, a, b)
