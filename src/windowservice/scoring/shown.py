"""Exact shares as they are shown: rounded once, half up, and never to 0 or 1 if they are neither."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

__all__ = ["percent", "rounded", "told_apart"]


def rounded(exact: Fraction, places: int) -> Decimal:
    """Return an exact number that is not negative rounded half up, once."""
    scale = 10**places
    return Decimal((2 * exact.numerator * scale + exact.denominator) // (2 * exact.denominator)).scaleb(-places)


def told_apart(share: Fraction, places: int) -> int:
    """Return to how many places a share has to be shown to be told from 0 and from 1, at least so many."""
    while share not in (0, 1) and rounded(share, places) in (0, 1):
        places += 1
    return places


def percent(share: Fraction | None) -> str:
    """Return a share in percent, half up, or a dash.

    To one place, or to as many as it takes to tell a share below one from 100 %, and one above nothing from 0 %.
    """
    if share is None:
        return "-"
    places = told_apart(share, 3)
    return f"{rounded(share * 100, places - 2):.{places - 2}f} %"
