"""Which kinds of children an aggregate is about, told from its condition before anything runs.

Two things rest on it: generated code looks only at children of those kinds, and an aggregate about a kind that the
source does not record is unknown instead of empty.
"""

from __future__ import annotations

from functools import reduce
from typing import Any

from windowservice.language.check import resolve
from windowservice.language.expr import Expr
from windowservice.language.facts import Fact, Facts
from windowservice.language.nodes import Aggregate, Const, Op
from windowservice.language.values import ValueType

__all__ = ["kinds_of"]


def kinds_of(expr: Aggregate[Any], child: type[Facts]) -> tuple[frozenset[str] | None, Aggregate[Any]]:
    """Return the kinds of children that can matter to an aggregate (None: all), and the aggregate within them."""
    kind = None if child.options.kind is None else child.given[child.options.kind]
    if kind is None or not kind.required:  # a child of unknown kind may be of any
        return None, expr
    kinds = None if expr.where is None else _possible(expr.where, kind)
    if expr.how == "any":
        kinds = _meet(kinds, _possible(expr.values[0], kind))
    if kinds is None:
        return None, expr
    values = expr.values
    if expr.how == "any":
        value = _without_kinds(values[0], kind)
        values = (Const(True, ValueType.BOOL) if value is None else value,)
    where = None if expr.where is None else _without_kinds(expr.where, kind)
    return kinds, Aggregate(expr.how, values, where, expr.child)


def _without_kinds(expr: Expr[bool], kind: Fact[Any]) -> Expr[bool] | None:
    """Return a condition without the parts that only name kinds; None if nothing is left."""
    rest = [part for part in _conjuncts(expr) if _named(part, kind) is None]
    return reduce(lambda left, right: left & right, rest) if rest else None


def _conjuncts(expr: Expr[bool]) -> list[Expr[bool]]:
    found = resolve(expr)
    if isinstance(found, Op) and found.name == "and":
        return [*_conjuncts(found.args[0]), *_conjuncts(found.args[1])]
    return [expr]


def _named(expr: Expr[bool], kind: Fact[Any]) -> frozenset[str] | None:
    """Return the kinds that a condition on the kind alone lets through; None if it is another condition."""
    found = resolve(expr)
    if not isinstance(found, Op) or found.name not in ("eq", "one_of"):
        return None
    fact, words = found.args
    if not (isinstance(fact, Fact) and fact.identity == kind.identity and isinstance(words, Const)):
        return None
    return words.value if isinstance(words.value, frozenset) else frozenset({words.value})


def _possible(expr: Expr[bool], kind: Fact[Any]) -> frozenset[str] | None:
    """Return the kinds of which a child must be for the condition not to be false; None if any will do."""
    found = resolve(expr)
    if isinstance(found, Op) and found.name in ("and", "or"):
        left, right = _possible(found.args[0], kind), _possible(found.args[1], kind)
        if found.name == "and":
            return _meet(left, right)
        return None if left is None or right is None else left | right
    return _named(found, kind)


def _meet(left: frozenset[str] | None, right: frozenset[str] | None) -> frozenset[str] | None:
    if left is None or right is None:
        return right if left is None else left
    return left & right
