"""The deadline tests over columns: where a test is true, false, or still waits, and where nobody can tell."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any, NamedTuple

from windowservice.language.analysis.check import growing_kernel, moves, resolve
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.expressions import due_bounds, structure
from windowservice.language.tree.nodes import AsOf, By, Const, Kernel, Op, Within

if TYPE_CHECKING:
    import polars as pl

    from windowservice.language.polars.exprs import ColumnLevel

__all__ = ["Truth", "absent", "by_truth", "within_truth"]


class Truth(NamedTuple):
    """A truth value in columns: true, false or null; and where a null waits (None: nowhere)."""

    value: pl.Expr
    waits: pl.Expr | None


def by_truth(level: ColumnLevel, expr: By) -> Truth:
    """Return the truth of ``done.by(due)``: what is the same at both bounds of the due stands, else it is unknown."""
    pl = level.pl
    done = level.value(expr.done)
    earliest, latest = map(level.value, due_bounds(expr.due))
    gone = absent(level, expr.done)
    yes = done <= earliest
    no = done > latest
    if gone is None:
        return Truth(pl.when(yes).then(pl.lit(True)).when(no).then(pl.lit(False)), None)
    overdue = gone & (latest < level.as_of)
    value = pl.when(yes).then(pl.lit(True)).when(no | overdue).then(pl.lit(False))
    return Truth(value, (gone & (earliest >= level.as_of)).fill_null(False))


def within_truth(level: ColumnLevel, expr: Within) -> Truth:
    """Return the truth of ``span.within(bound)``: too much is final at once, enough only once it grows no more."""
    pl = level.pl
    span, bound = level.value(expr.span), level.value(expr.bound)
    closed, still_open = _ends(level, expr.span)
    fits, exceeds = span <= bound, span > bound
    told = closed | still_open
    value = pl.when(fits & closed).then(pl.lit(True)).when(exceeds & told).then(pl.lit(False))
    return Truth(value, (fits & still_open).fill_null(False))


def _ends(level: ColumnLevel, expr: Expr[Any]) -> tuple[pl.Expr, pl.Expr]:
    """Return where a moving value grows no more, and where it still grows."""
    expr = resolve(expr)
    key = structure(expr)
    if key not in level.ended:
        level.ended[key] = _ends_of(level, expr)
    return level.ended[key]


def _ends_of(level: ColumnLevel, expr: Expr[Any]) -> tuple[pl.Expr, pl.Expr]:
    pl = level.pl
    yes, no = pl.lit(True), pl.lit(False)
    if not moves(expr):
        return yes, no
    if isinstance(expr, AsOf):
        return no, yes
    if (kernel := growing_kernel(expr)) is not None:
        if kernel.kernel.closed_by is None:
            return no, yes
        end = kernel.args[kernel.kernel.closed_by]
        gone = absent(level, end)
        return level.value(end).is_not_null(), no if gone is None else gone
    if isinstance(expr, Op) and expr.name == "otherwise":
        left, right = expr.args
        gone = absent(level, left)
        cases = [(level.value(left).is_not_null(), left), (no if gone is None else gone, right)]
    elif isinstance(expr, Op) and expr.name == "choose":
        holds = level.value(expr.args[0])
        cases = [(holds.fill_null(False), expr.args[1]), ((~holds).fill_null(False), expr.args[2])]
    else:
        below = [_ends(level, operand) for operand in expr.operands if moves(operand)]
        closed = reduce(lambda a, b: a & b, (end[0] for end in below))
        some = reduce(lambda a, b: a | b, (end[1] for end in below))
        return _ends_held(level, expr, closed, reduce(lambda a, b: a & b, (a | b for a, b in below)) & some)
    ends = [(holds, _ends(level, value)) for holds, value in cases]
    closed, still_open = (reduce(lambda a, b: a | b, (holds & end[i] for holds, end in ends)) for i in (0, 1))
    return _ends_held(level, expr, closed, still_open)


def _ends_held(level: ColumnLevel, expr: Expr[Any], closed: pl.Expr, still_open: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Return both conditions, as columns if the span has many parts: each level asks for both twice."""
    if any(isinstance(resolve(operand), Op) for operand in expr.operands):
        return level.put(closed), level.put(still_open)
    return closed, still_open


def absent(level: ColumnLevel, expr: Expr[Any]) -> pl.Expr | None:
    """Return where an instant is missing because it has not happened yet; None if nobody can tell that anywhere."""
    expr = resolve(expr)
    if isinstance(expr, Op):
        return _absent_op(level, expr)
    return None if isinstance(expr, (Const, Kernel)) else level.absence(expr)


def _absent_op(level: ColumnLevel, expr: Op[Any]) -> pl.Expr | None:
    if expr.name == "otherwise":
        parts = [absent(level, arg) for arg in expr.args]
        known = [part for part in parts if part is not None]
        return reduce(lambda a, b: a & b, known) if len(known) == len(parts) else None
    if expr.name in ("add", "sub"):
        return absent(level, expr.args[0])
    if expr.name != "choose":
        return None
    holds = level.value(expr.args[0])
    cases = [(holds, absent(level, expr.args[1])), (~holds, absent(level, expr.args[2]))]
    found = [(test & part).fill_null(False) for test, part in cases if part is not None]
    return reduce(lambda a, b: a | b, found) if found else None
