"""What can be told of an expression before it runs: whether it moves with time, can wait, or may still turn.

None of this looks at data. The answers decide what is refused when a rule is built and which verdicts stay open until a matter is
settled.
"""

from __future__ import annotations

from typing import Any

from windowservice.language.expressions import Aggregate, AsOf, By, Expr, Kernel, Look, Op, Within
from windowservice.language.facts import Fact
from windowservice.language.figures import Figure, FigureAt

__all__ = ["closing", "direction", "flips", "may_wait", "moves", "resolve", "speaks_of_facts"]

FIXED, GROWS, FALLS, ANY = 0, 1, -1, 2


def resolve(expr: Expr[Any]) -> Expr[Any]:
    """Return the definition behind a derived fact, through facts defined as other facts; anything else as it is."""
    while isinstance(expr, Fact) and expr.definition is not None:
        expr = expr.definition
    return expr


def _grown_part(expr: Expr[Any]) -> Kernel[Any] | None:
    """Return the kernel whose growing result or part the expression is, if it is one."""
    if isinstance(expr, Kernel) and "" in expr.kernel.grows:
        return expr
    if isinstance(expr, Op) and expr.name.startswith("part_"):
        kernel = resolve(expr.args[0])
        if isinstance(kernel, Kernel) and expr.name.removeprefix("part_") in kernel.kernel.grows:
            return kernel
    return None


def moves(expr: Expr[Any]) -> bool:
    """Whether the value changes by time alone; the deadline tests do not, they wait."""
    expr = resolve(expr)
    if isinstance(expr, AsOf) or _grown_part(expr) is not None:
        return True
    if isinstance(expr, (By, Within)):
        return False
    if isinstance(expr, Op) and expr.name.startswith("part_"):
        kernel = resolve(expr.args[0])
        return any(moves(arg) for arg in kernel.operands)
    return any(moves(operand) for operand in expr.operands)


def closing(expr: Expr[Any]) -> list[Expr[Any]] | None:
    """Return the values that, once all known, keep a moving span from growing; None if nothing would."""
    expr = resolve(expr)
    if isinstance(expr, AsOf):
        return None
    if (kernel := _grown_part(expr)) is not None:
        closed_by = kernel.kernel.closed_by
        return None if closed_by is None else [kernel.args[closed_by]]
    if isinstance(expr, Op) and expr.name == "otherwise" and isinstance(resolve(expr.args[1]), AsOf):
        return [expr.args[0]]
    found: list[Expr[Any]] = []
    for operand in expr.operands:
        if moves(operand):
            below = closing(operand)
            if below is None:
                return None
            found += below
    return found


def may_wait(expr: Expr[Any]) -> bool:
    """Whether the expression can have the value `waiting`."""
    expr = resolve(expr)
    if isinstance(expr, (By, Within)):
        return True
    return isinstance(expr, Op) and expr.name in ("and", "or", "not") and any(may_wait(arg) for arg in expr.args)


def speaks_of_facts(expr: Expr[Any]) -> bool:
    """Whether the expression depends on any fact at all."""
    return isinstance(expr, (Fact, Aggregate)) or any(speaks_of_facts(operand) for operand in expr.operands)


def _reads_parent(expr: Aggregate[Any]) -> bool:
    """Whether the aggregate's own condition rests on aggregates of the parent, which may change later."""
    pending: list[Expr[Any]] = list(expr.operands)
    while pending:
        below = resolve(pending.pop())
        if isinstance(below, Aggregate):
            return True
        pending += below.operands
    return False


def _joined(*directions: int) -> int:
    found = {d for d in directions if d != FIXED}
    if not found:
        return FIXED
    return found.pop() if len(found) == 1 else ANY


def _opposite(way: int) -> int:
    return way if way in (FIXED, ANY) else -way


def direction(expr: Expr[Any]) -> int:
    """Return how an amount or set may change as further children come: 0 not, 1 grows, -1 falls, 2 either way."""
    expr = resolve(expr)
    if isinstance(expr, Aggregate):
        if _reads_parent(expr):
            return ANY
        return {"count": GROWS, "union": GROWS, "max": GROWS, "min": FALLS, "first": FIXED, "collect": FIXED}.get(expr.how, ANY)
    if isinstance(expr, (Kernel, Figure, FigureAt, Look, AsOf)) or not expr.operands:
        return FIXED
    below = [direction(operand) for operand in expr.operands]
    if isinstance(expr, Op):
        if expr.name in ("add", "union", "common", "size"):
            return _joined(*below)
        if expr.name in ("sub", "minus"):
            return _joined(below[0], _opposite(below[1]))
        if expr.name == "neg":
            return _opposite(below[0])
    return FIXED if _joined(*below) == FIXED else ANY


def _turning(way: int) -> tuple[bool, bool]:
    """Return the flips of a test ``amount >= bound`` whose amount changes that way."""
    return way in (GROWS, ANY), way in (FALLS, ANY)


def _may_appear(expr: Expr[Any]) -> bool:
    expr = resolve(expr)
    if isinstance(expr, Aggregate):
        return expr.how in ("first", "last", "min", "max")
    return any(_may_appear(operand) for operand in expr.operands)


def flips(expr: Expr[Any]) -> tuple[bool, bool]:
    """Return whether a false test may become true, and a true one false, as further children of the record come."""
    expr = resolve(expr)
    if isinstance(expr, Aggregate):
        if expr.how in ("any", "all") and not _reads_parent(expr):
            return (True, False) if expr.how == "any" else (False, True)
        return (False, False) if direction(expr) == FIXED else (True, True)
    if not isinstance(expr, Op):
        return (False, False)
    if expr.name in ("and", "or"):
        left, right = flips(expr.args[0]), flips(expr.args[1])
        return left[0] or right[0], left[1] or right[1]
    if expr.name == "not":
        to_true, to_false = flips(expr.args[0])
        return to_false, to_true
    if expr.name in ("is_missing", "is_known"):
        appears = _may_appear(expr.args[0])
        return (False, appears) if expr.name == "is_missing" else (appears, False)
    if expr.name in ("ge", "gt", "le", "lt", "covers", "contains"):
        left_way, right_way = direction(expr.args[0]), direction(expr.args[1])
        way = _joined(left_way, _opposite(right_way))
        return _turning(way if expr.name not in ("le", "lt") else _opposite(way))
    changing = any(direction(arg) != FIXED or flips(arg) != (False, False) for arg in expr.args)
    return changing, changing
