"""A count of which not all is known is at least what is known of it, and "at least n" may hold by that alone."""

from __future__ import annotations

from typing import Any, Final

from windowservice.language.analysis.check import resolve
from windowservice.language.tree.expressions import Aggregate, Const, Expr, Op, constant, operation, same_expr
from windowservice.language.tree.fact import Fact

__all__ = ["at_least", "lower_bound"]

_MIRRORED: Final = {"ge": "ge", "gt": "gt", "le": "ge", "lt": "gt"}
_RISING_UNITS: Final = ("seconds", "days", "item")
"""Units of what is never below zero, so that a sum of it only grows by what is not known."""


def at_least(condition: Expr[bool]) -> Expr[bool]:
    """Return the condition, true also where what is known reaches a threshold by itself.

    "Count at least n" is unknown once one child may or may not count. Here it is true if the others are n already.
    Never is it true where the condition, all being known, could be false: only a comparison that more children cannot
    undo is widened, of counts, of sums of what is never below zero, and of the largest of such values.
    """
    found = resolve(condition)
    if not isinstance(found, Op):
        return condition
    if found.name in ("and", "or"):
        args = [at_least(arg) for arg in found.args]
        widened = any(new is not old for new, old in zip(args, found.args, strict=True))
        return operation(found.name, *args) if widened else condition
    if found.name not in _MIRRORED:
        return condition
    more, less = found.args if found.name in ("ge", "gt") else found.args[::-1]
    low = lower_bound(more)
    if low is None or _has_children(less):
        return condition
    return operation("or", condition, operation(_MIRRORED[found.name], low, less))


def lower_bound(expr: Expr[Any]) -> Expr[Any] | None:
    """Return what a number is at least, by the children of which all is known; None if nothing can be said."""
    found = resolve(expr)
    if isinstance(found, Aggregate):
        if found.how == "count":
            return _of_known(found)
        is_rising = found.how == "sum" and found.values[0].unit in _RISING_UNITS
        return _of_known(found) if is_rising else None
    if isinstance(found, Op) and found.name == "add":
        terms = [lower_bound(arg) if _has_children(arg) else arg for arg in found.args]
        known = [term for term in terms if term is not None]
        return operation("add", *known) if len(known) == len(terms) and _has_children(found) else None
    if isinstance(found, Op) and found.name == "choose":
        return _largest_known(found)
    return None


def _largest_known(expr: Op[Any]) -> Expr[Any] | None:
    """Return the bound of "the largest, 0 if there is none"; None for another choice."""
    test, none, largest = expr.args
    test = resolve(test)
    if not (_is_zero(none) and isinstance(largest, Aggregate) and largest.how == "max" and isinstance(test, Op)):
        return None
    count = test.args[0]
    if not (test.name == "eq" and isinstance(count, Aggregate) and count.how == "count" and _is_zero(test.args[1])):
        return None
    if not _same_where(count, largest):
        return None
    known = _of_known(largest)
    number: Aggregate[int] = Aggregate("count", count.values, known.which, count.child)
    return operation("choose", operation("eq", number, 0), 0, known)


def _is_zero(expr: Expr[Any]) -> bool:
    return isinstance(expr, Const) and expr.value == 0


def _same_where(one: Aggregate[Any], other: Aggregate[Any]) -> bool:
    if one.which is None or other.which is None:
        return one.which is other.which
    return same_expr(one.which, other.which)


def _of_known(expr: Aggregate[Any]) -> Aggregate[Any]:
    """Return the aggregate over the children that certainly count and whose value is known."""
    where = None if expr.which is None else _certain(expr.which)
    if expr.how in ("sum", "max"):
        known = operation("is_known", expr.values[0])
        where = known if where is None else operation("and", where, known)
    return Aggregate(expr.how, expr.values, where, expr.child)


def _certain(where: Expr[bool]) -> Expr[bool]:
    """Return the condition, false where it is unknown; what is known of every child stays as it is."""
    found = resolve(where)
    if isinstance(found, Op) and found.name == "and":
        return operation("and", *(_certain(arg) for arg in found.args))
    if isinstance(found, Op) and found.name in ("eq", "one_of"):
        fact, words = found.args
        if isinstance(fact, Fact) and fact.required and isinstance(words, Const):
            return where
    return operation("otherwise", where, constant(False))


def _has_children(expr: Expr[Any]) -> bool:
    found = resolve(expr)
    return isinstance(found, Aggregate) or any(_has_children(operand) for operand in found.operands)
