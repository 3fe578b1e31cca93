"""What columns compute is what Python would: NaN is missing, and no whole number wraps round at 64 bits."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from windowservice.errors import NotColumnar
from windowservice.language.analysis.check import is_mixed, resolve
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.expressions import structure
from windowservice.language.tree.figures import Figure
from windowservice.language.tree.nodes import Const, Op
from windowservice.language.tree.operators import OPERATORS
from windowservice.language.tree.values import ValueType

if TYPE_CHECKING:
    import polars as pl

    from windowservice.language.polars.exprs import ColumnLevel

__all__ = ["as_float", "computed", "nearest_float", "refuse_beyond", "share_compared", "share_gap"]

_BEYOND: Final = 2**63
"""The least whole number that a column does not hold."""
_FLOATS: Final = 2**53
"""The least whole number above which not every one is a float."""


def computed(level: ColumnLevel, expr: Op[Any], found: pl.Expr) -> pl.Expr:
    """Return the column of an operator's result, with nulls in place of NaN.

    Raises:
        NotColumnar: if a whole number of it could be too large for a column.
    """
    if expr.type is ValueType.FLOAT:
        return found.fill_nan(None)
    if OPERATORS[expr.name].bound is not None:
        refuse_beyond(expr, _largest(level, expr))
    return found


def as_float(level: ColumnLevel, expr: Expr[Any]) -> pl.Expr:
    """Return a number as a float, an exact one as the float nearest to it, as Python has it.

    Raises:
        NotColumnar: if no column holds it exactly.
    """
    import polars as pl

    if expr.type is ValueType.FLOAT and not is_mixed(expr):
        return level.value(expr)
    if _is_share(quotient := resolve(expr)):
        upper, lower = (level.value(part) for part in _small(level, quotient))
        return pl.when(lower != 0).then(upper.cast(pl.Float64) / lower)
    return nearest_float(level, level.value(expr))


def nearest_float(level: ColumnLevel, value: pl.Expr) -> pl.Expr:
    """Return a column as floats; decimals by way of their text, since Polars rounds twice on the way from them."""
    import polars as pl

    kind = level.frame.lazy().select(value).collect_schema().dtypes()[0]
    return (value.cast(pl.String) if kind.is_decimal() else value).cast(pl.Float64)


def share_gap(level: ColumnLevel, one: Expr[Any], other: Expr[Any]) -> tuple[pl.Expr, pl.Expr] | None:
    """Return how far a share of whole numbers lies from an exact number, as dividend and divisor; None if it is none.

    Raises:
        NotColumnar: if the number changes from row to row, or one of the two is too large for a float.
    """
    for share, beside in ((one, other), (other, one)):
        quotient, bound = resolve(share), resolve(beside)
        if _is_share(quotient) and isinstance(bound, (Const, Figure)):
            exact = Fraction(bound.value if isinstance(bound, Const) else level.exact(bound))
            upper, lower = quotient.operands
            largest = _largest(level, upper) * exact.denominator + _largest(level, lower) * abs(exact.numerator)
            refuse_beyond(quotient, max(largest, _largest(level, lower) * exact.denominator), _FLOATS)
            gap = level.value(upper) * exact.denominator - level.value(lower) * exact.numerator
            return gap.abs(), level.value(lower).abs() * exact.denominator
    return None


def _small(level: ColumnLevel, expr: Expr[Any]) -> tuple[Expr[Any], ...]:
    """Return the operands, each a whole number that a float holds."""
    for part in expr.operands:
        refuse_beyond(expr, _largest(level, part), _FLOATS)
        if level.frame.lazy().select(level.value(part)).collect_schema().dtypes()[0].is_decimal():
            raise NotColumnar(str(expr), "exact decimals")
    return expr.operands


def share_compared(level: ColumnLevel, expr: Op[Any]) -> pl.Expr | None:
    """Return how a share of whole numbers stands to an exact number that is the same for all rows, by whole numbers.

    ``a / b >= p / q`` is ``a * q >= p * b``, the other way round if b is negative; of nothing there is no share.
    None if the expression is no such comparison.

    Raises:
        NotColumnar: if the number changes from row to row, or a product is too large for a column.
    """
    import polars as pl

    if not (mirror := OPERATORS[expr.name].mirror):
        return None
    for share, beside, name in zip(expr.args, reversed(expr.args), (expr.name, mirror), strict=True):
        quotient, bound, sign = resolve(share), resolve(beside), OPERATORS[name].columns
        if sign is None or not _is_share(quotient):
            continue
        if bound.type is ValueType.FLOAT:
            found: pl.Expr = sign(as_float(level, share), as_float(level, beside))
            return found
        if isinstance(bound, (Const, Figure)):
            exact = Fraction(bound.value if isinstance(bound, Const) else level.exact(bound))
            upper, lower = quotient.operands
            for part, factor in ((upper, exact.denominator), (lower, exact.numerator)):
                refuse_beyond(expr, _largest(level, part) * max(abs(factor), 1))
            left = level.value(upper) * exact.denominator
            by = level.value(lower)
            right = by * exact.numerator
            return pl.when(by > 0).then(sign(left, right)).when(by < 0).then(sign(-left, -right))
    return None


def _is_share(expr: Expr[Any]) -> bool:
    kinds = {operand.type for operand in expr.operands}
    return isinstance(expr, Op) and expr.name == "div" and kinds == {ValueType.INT}


def refuse_beyond(expr: Expr[Any], largest: int, bound: int = _BEYOND) -> None:
    """Refuse whole numbers as large as that, if columns do not hold them (or floats, by another bound).

    Raises:
        NotColumnar: naming the expression.
    """
    if largest >= bound:
        raise NotColumnar(str(expr), f"whole numbers beyond {bound.bit_length() - (bound != _BEYOND)} bits")


def _largest(level: ColumnLevel, expr: Expr[Any]) -> int:
    """Return what no value of the expression exceeds, whichever its sign; found once for an expression."""
    key = structure(expr)
    if key not in level.bounds:
        level.bounds[key] = _bound(level, resolve(expr))
    return level.bounds[key]


def _bound(level: ColumnLevel, expr: Expr[Any]) -> int:
    if isinstance(expr, Op) and (bound := OPERATORS[expr.name].bound) is not None:
        left, right = (_largest(level, arg) for arg in expr.args)
        return bound(left, right)
    found = level.series(expr)
    ends: list[Any] = [found.min(), found.max()]
    return max((abs(int(end)) for end in ends if end is not None), default=0)
