"""What columns compute is what Python would: NaN is missing, and no whole number wraps round at 64 bits."""

from __future__ import annotations

from fractions import Fraction
from operator import eq, ge, gt, le, lt, ne
from typing import TYPE_CHECKING, Any, Final

from windowservice.errors import NotColumnar
from windowservice.language.check import resolve
from windowservice.language.expr import Expr
from windowservice.language.expressions import structure
from windowservice.language.figures import Figure
from windowservice.language.nodes import Const, Op
from windowservice.language.values import ValueType

if TYPE_CHECKING:
    import polars as pl

    from windowservice.language.polars_exprs import ColumnLevel

__all__ = ["computed", "refuse_beyond", "share_compared"]

_AS_WRITTEN: Final = {"eq": eq, "ne": ne, "lt": lt, "le": le, "gt": gt, "ge": ge}
_TURNED: Final = {"eq": eq, "ne": ne, "lt": gt, "le": ge, "gt": lt, "ge": le}
"""The signs of comparisons, and those that mean the same with the sides changed."""
_BEYOND: Final = 2**63
"""The least whole number that a column does not hold."""


def computed(level: ColumnLevel, expr: Op[Any], found: pl.Expr) -> pl.Expr:
    """Return the column of a sum, difference, product or quotient, with nulls in place of NaN.

    Raises:
        NotColumnar: if a whole number of it could be too large for a column.
    """
    if expr.type is ValueType.FLOAT:
        return found.fill_nan(None)
    refuse_beyond(expr, _largest(level, expr))
    return found


def share_compared(level: ColumnLevel, expr: Op[Any]) -> pl.Expr | None:
    """Return how a share of whole numbers stands to an exact number that is the same for all rows, by whole numbers.

    ``a / b >= p / q`` is ``a * q >= p * b``, the other way round if b is negative; of nothing there is no share.
    None if the expression is no such comparison.

    Raises:
        NotColumnar: if the number changes from row to row, or a product is too large for a column.
    """
    import polars as pl

    for share, beside, signs in zip(expr.args, reversed(expr.args), (_AS_WRITTEN, _TURNED), strict=False):
        quotient, bound = resolve(share), resolve(beside)
        if expr.name in signs and _is_share(quotient) and isinstance(bound, (Const, Figure)):
            exact = Fraction(bound.value if isinstance(bound, Const) else level.exact(bound))
            upper, lower = quotient.operands
            for part, factor in ((upper, exact.denominator), (lower, exact.numerator)):
                refuse_beyond(expr, _largest(level, part) * max(abs(factor), 1))
            left = level.value(upper) * exact.denominator
            right, sign = level.value(lower) * exact.numerator, signs[expr.name]
            by = level.value(lower)
            return pl.when(by > 0).then(sign(left, right)).when(by < 0).then(sign(-left, -right))
    return None


def _is_share(expr: Expr[Any]) -> bool:
    kinds = {operand.type for operand in expr.operands}
    return isinstance(expr, Op) and expr.name == "div" and kinds == {ValueType.INT}


def refuse_beyond(expr: Expr[Any], largest: int) -> None:
    """Refuse whole numbers as large as that, if columns do not hold them.

    Raises:
        NotColumnar: naming the expression.
    """
    if largest >= _BEYOND:
        raise NotColumnar(str(expr), "whole numbers beyond 64 bits")


def _largest(level: ColumnLevel, expr: Expr[Any]) -> int:
    """Return what no value of the expression exceeds, whichever its sign; found once for an expression."""
    key = structure(expr)
    if key not in level.bounds:
        level.bounds[key] = _bound(level, resolve(expr))
    return level.bounds[key]


def _bound(level: ColumnLevel, expr: Expr[Any]) -> int:
    if isinstance(expr, Op) and expr.name in ("add", "sub", "mul"):
        left, right = (_largest(level, arg) for arg in expr.args)
        return left * right if expr.name == "mul" else left + right
    found = level.series(expr)
    ends: list[Any] = [found.min(), found.max()]
    return max((abs(int(end)) for end in ends if end is not None), default=0)
