"""By which calendar an instant or a clock was counted, as an expression over the same record.

A deadline may name its calendar, and a record may say which. How late something is in open time is counted by that
calendar and no other, so whoever tells it asks here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from windowservice.language.analysis.check import resolve
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.expressions import choose, constant, gather, here, look, operation
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.nodes import Aggregate, Const, Here, Kernel, Look, Op
from windowservice.language.tree.values import ValueType

__all__ = ["calendar_of", "calendars_named", "kernels_below"]

V = ValueType
_COUNTED = (V.INSTANT, V.CLOCK)


def calendar_of(expr: Expr[Any]) -> Expr[str]:
    """Return the name of the calendar by which an instant or a clock was counted, as an expression.

    The empty text means the default calendar, and stands for instants that no calendar counted. A fallback or a choice
    has the calendar of the side that was taken.
    """
    found = resolve(expr)
    if isinstance(found, Kernel):
        return _of_kernel(found)
    if isinstance(found, Op):
        return _of_operator(found)
    if isinstance(found, Here):
        name = calendar_of(found.value)
        return name if isinstance(name, Const) else here(name)
    if isinstance(found, (Aggregate, Look)) and found.how in ("first", "last", "previous", "latest", "next"):
        value = found.values[0] if isinstance(found, Aggregate) else found.value
        name = calendar_of(value)
        if isinstance(name, Const):
            return name
        if isinstance(found, Look):
            return look(found.how, name, found.which)
        return gather(found.how, name, where=found.which, child=found.child)
    if isinstance(found, Aggregate) and found.how in ("min", "max"):
        name = calendar_of(found.values[0])
        return name if isinstance(name, Const) else _default()  # which child it was cannot be told
    return _default()


def _default() -> Expr[str]:
    return constant("")


def _of_kernel(call: Kernel[Any]) -> Expr[str]:
    place = call.kernel.calendar_at
    if place is None:
        clocks = [arg for arg in call.args if arg.type is V.CLOCK]
        return calendar_of(clocks[0]) if clocks else _default()
    name = call.args[place]
    return name if isinstance(name, Const) else operation("otherwise", name, "")


def _of_operator(op: Op[Any]) -> Expr[str]:
    counted = [arg for arg in op.args if arg.type in _COUNTED]
    names = [calendar_of(arg) for arg in counted]
    if op.name not in ("otherwise", "choose"):
        return names[0] if names else _default()
    one, other = names
    if isinstance(one, Const) and isinstance(other, Const) and one.value == other.value:
        return one
    taken = op.args[0] if op.name == "choose" else operation("is_known", op.args[0])
    return choose(taken, one, other)


def kernels_below(
    exprs: Iterable[Expr[Any]], seen: set[int] | None = None
) -> Iterator[tuple[Kernel[Any], Aggregate[Any] | None]]:
    """Yield each kernel call that expressions rest on, facts' definitions included, and the aggregate it stands in.

    Args:
        exprs: the expressions.
        seen: the parts that were gone through before, by identity; they are left out, and others added.
    """
    pending: list[tuple[Expr[Any], Aggregate[Any] | None]] = [(expr, None) for expr in exprs]
    seen = set() if seen is None else seen
    while pending:
        expr, within = pending.pop()
        if id(expr) in seen:
            continue
        seen.add(id(expr))
        if isinstance(expr, Kernel):
            yield expr, within
        if isinstance(expr, Fact) and expr.definition is not None:
            pending.append((expr.definition, within))
        inner = expr if isinstance(expr, Aggregate) else within
        pending += [(operand, inner) for operand in expr.operands]


def calendars_named(exprs: Iterable[Expr[Any]]) -> list[Expr[Any]]:
    """Return the names of the calendars that took part, as expressions: texts, and sets of them where children say."""
    found: list[Expr[Any]] = []
    for call, within in kernels_below(exprs):
        if call.kernel.calendar_at is None and not call.kernel.by_default:
            continue
        name = calendar_of(call)
        if within is None or isinstance(name, Const):
            found.append(name)
        else:
            found.append(gather("union", name, where=within.which, child=within.child))
    return found
