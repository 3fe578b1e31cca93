"""How expressions are built, checked while they are built, walked and compared.

An expression is a value: it is never evaluated here, the compilers in this package read the tree. Two expressions are compared
by `same`, because ``==`` builds a comparison.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from windowservice.errors import MovingComparison, UnknownWord
from windowservice.language.expr import Expr
from windowservice.language.nodes import Aggregate, AsOf, By, Const, Kernel, Look, Op, Within, as_of
from windowservice.language.operators import COMPARISONS, OPERATORS, infer
from windowservice.language.scope import merge
from windowservice.language.values import ValueType, type_of_value
from windowservice.worktime.limits import Limit
from windowservice.worktime.spans import WorkSpan

__all__ = [
    "Aggregate", "AsOf", "By", "Const", "Expr", "Kernel", "Look", "Op", "Within",
    "as_of", "choose", "collect", "operation", "same", "structure", "walk",
]  # fmt: skip

T = TypeVar("T")
V = ValueType


def _coerce(value: Any, beside: Expr[Any] | None = None) -> Expr[Any]:
    """Return the value as an expression; a plain value becomes a constant."""
    if isinstance(value, Expr):
        return value
    if beside is not None and beside.type is V.LIMIT and isinstance(value, str):
        value = Limit.parse(value)
    if isinstance(value, set):
        value = frozenset(value)
    return Const(value, type_of_value(value, f"beside {beside}" if beside is not None else repr(value)))


def operation(name: str, *values: Any) -> Expr[Any]:
    """Return the operator over its operands, checked.

    Raises:
        TypeMismatch, UnitMismatch, ScopeMismatch, UnknownWord, MovingComparison: if it could never be right.
    """
    head = values[0]
    args = tuple(_coerce(value, head if isinstance(head, Expr) else None) for value in values)
    if name in COMPARISONS:
        _check_comparison(name, args)
    kind, unit = infer(name, args)
    scope = None
    for arg in args:
        scope = merge(scope, arg.scope)
    return Op(name, args, kind, unit, scope)


def _check_comparison(name: str, args: tuple[Expr[Any], ...]) -> None:
    from windowservice.language.check import moves

    left, right = args
    for one, other in ((left, right), (right, left)):
        if isinstance(other, Const) and isinstance(other.value, str):
            _check_words(one, (other.value,))
        if moves(one):
            raise MovingComparison(f"{one} {OPERATORS[name].symbol} {other}")


def _check_words(expr: Expr[Any], words: tuple[str, ...]) -> None:
    known = _words(expr)
    if known:
        for word in words:
            if word not in known:
                raise UnknownWord(str(expr), word, tuple(sorted(known)))


def _words(expr: Expr[Any]) -> frozenset[str]:
    """Return the enumeration behind a text, through whatever passes the value on unchanged; empty if open."""
    found: frozenset[str] = getattr(expr, "words", frozenset())
    if found:
        return found
    if isinstance(expr, Look) or (isinstance(expr, Aggregate) and expr.how in ("first", "last", "min", "max")):
        return _words(expr.operands[0])
    definition = getattr(expr, "definition", None)
    return _words(definition) if definition is not None else frozenset()


def collect(*values: Expr[Any], where: Expr[bool] | None = None) -> Expr[Any]:
    """Gather several values of each child as rows, in the order of the children, for a kernel."""
    return Aggregate("collect", values, where)


def choose(condition: Expr[bool], yes: Expr[T] | T, no: Expr[T] | T) -> Expr[T]:
    """One value where the condition is true, another where it is false."""
    return condition.choose(yes, no)


def walk(expr: Expr[Any]) -> Iterator[Expr[Any]]:
    """Yield the expression and all below it, parents first; definitions of facts are not entered."""
    yield expr
    for operand in expr.operands:
        yield from walk(operand)


def structure(expr: Expr[Any]) -> tuple[Any, ...]:
    """Return nested tuples that are equal for two expressions of the same structure; hashable."""
    try:
        return expr._structure  # type: ignore[attr-defined,no-any-return]  # noqa: SLF001
    except AttributeError:
        found = _structure(expr)
        object.__setattr__(expr, "_structure", found)
        return found


def _structure(expr: Expr[Any]) -> tuple[Any, ...]:
    below = tuple(structure(operand) for operand in expr.operands)
    if isinstance(expr, Const):
        return ("const", type(expr.value).__name__, str(expr.value) if isinstance(expr.value, WorkSpan) else expr.value)
    if isinstance(expr, Op):
        return (expr.name, *below)
    if isinstance(expr, (Aggregate, Look)):
        return (type(expr).__name__, expr.how, expr.where is None, repr(getattr(expr, "child", "")), *below)
    if isinstance(expr, Kernel):
        return ("kernel", expr.kernel.name, *below)
    identity = getattr(expr, "identity", ())
    return (type(expr).__name__, *identity, *below)


def same(left: Expr[Any], right: Expr[Any]) -> bool:
    """Whether two expressions are the same tree (``==`` builds a comparison instead)."""
    return structure(left) == structure(right)
