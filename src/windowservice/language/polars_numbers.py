"""What columns compute is what Python would: NaN is missing, and no whole number wraps round at 64 bits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from windowservice.errors import NotColumnar
from windowservice.language.check import resolve
from windowservice.language.expr import Expr
from windowservice.language.expressions import structure
from windowservice.language.nodes import Op
from windowservice.language.values import ValueType

if TYPE_CHECKING:
    import polars as pl

    from windowservice.language.polars_exprs import ColumnLevel

__all__ = ["computed", "refuse_beyond"]

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
