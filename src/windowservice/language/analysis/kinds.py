"""Which kinds of children an aggregate is about, told from its condition before anything runs.

Two things rest on it: generated code looks only at children of those kinds, and an aggregate about a kind that the
source does not record is unknown instead of empty, as is a look-around for one, and a given fact that it has no
column for.
"""

from __future__ import annotations

from functools import reduce
from typing import Any

from windowservice.language.analysis.check import resolve
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.expressions import told_by, walk
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import Facts
from windowservice.language.tree.nodes import Aggregate, Const, Look, Op
from windowservice.language.tree.values import ValueType

__all__ = ["fields_below", "kinds_below", "kinds_looked_for", "kinds_of", "only_kinds", "proves_nothing"]


def kinds_of(expr: Aggregate[Any], child: type[Facts]) -> tuple[frozenset[str] | None, Aggregate[Any]]:
    """Return the kinds of children that can matter to an aggregate (None: all), and the aggregate within them."""
    kind = None if child.options.kind is None else child.given[child.options.kind]
    if kind is None or not kind.required:  # a child of unknown kind may be of any
        return None, expr
    kinds = None if expr.which is None else _possible(expr.which, kind)
    if expr.how == "any":
        kinds = _meet(kinds, _possible(expr.values[0], kind))
    if kinds is None:
        return None, expr
    values = expr.values
    if expr.how == "any":
        value = _without_kinds(values[0], kind)
        values = (Const(True, ValueType.BOOL) if value is None else value,)
    where = None if expr.which is None else _without_kinds(expr.which, kind)
    return kinds, Aggregate(expr.how, values, where, expr.child)


def only_kinds(where: Expr[bool] | None, child: type[Facts]) -> frozenset[str] | None:
    """Return the kinds that a condition on nothing but the kind of a child lets through; None if it is another."""
    kind = None if child.options.kind is None else child.given[child.options.kind]
    return None if where is None or kind is None or not kind.required else _named(where, kind)


def kinds_looked_for(expr: Look[Any], child: type[Facts]) -> frozenset[str] | None:
    """Return the kinds of children of which a look-around can be after one; None: all."""
    if expr.which is None:
        return None
    return kinds_of(Aggregate("count", (expr.value,), expr.which, child), child)[0]


def proves_nothing(
    expr: Expr[Any], child: type[Facts] | None, recorded: frozenset[str] | None, untold: frozenset[str] = frozenset()
) -> bool:
    """Whether a value of a child rests on kinds, or on given facts, that the source does not record.

    That it is missing does not say then that there is none. What an aggregate makes of it is its own affair.
    """
    if (recorded is None and not untold) or child is None or isinstance(expr, Aggregate):
        return False
    if isinstance(expr, Look) and recorded is not None:
        kinds = kinds_looked_for(expr, child)
        if kinds is not None and not kinds <= recorded:
            return True
    if isinstance(expr, Fact):
        if expr.definition is None:
            return expr.name in untold and expr.owner is child
        return proves_nothing(expr.definition, child, recorded, untold)
    return any(proves_nothing(operand, child, recorded, untold) for operand in expr.operands)


def _without_kinds(expr: Expr[bool], kind: Fact[Any]) -> Expr[bool] | None:
    """Return a condition without the parts that only name kinds; None if nothing is left."""
    rest = [part for part in _conjuncts(expr) if _named(part, kind) is None]
    return reduce(lambda left, right: left & right, rest) if rest else None


def _conjuncts(expr: Expr[bool]) -> list[Expr[bool]]:
    """Return the conditions joined by and, each once, however often facts name one another."""
    found: list[Expr[bool]] = []
    seen: set[int] = set()
    pending = [expr]
    while pending:
        part = pending.pop()
        inner = resolve(part)
        if id(inner) in seen:
            continue
        seen.add(id(inner))
        if isinstance(inner, Op) and inner.name == "and":
            pending += reversed(inner.args)
        else:
            found.append(part)
    return found


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
    return _Possible(kind).of(expr)


class _Possible:
    """The kinds that conditions let through, each condition asked once."""

    def __init__(self, kind: Fact[Any]) -> None:
        self._kind = kind
        self._known: dict[int, frozenset[str] | None] = {}  # by identity: all are parts of one condition, which is held

    def of(self, expr: Expr[bool]) -> frozenset[str] | None:
        found = resolve(expr)
        if id(found) not in self._known:
            self._known[id(found)] = self._asked(found)
        return self._known[id(found)]

    def _asked(self, found: Expr[bool]) -> frozenset[str] | None:
        if isinstance(found, Op) and found.name in ("and", "or"):
            left, right = self.of(found.args[0]), self.of(found.args[1])
            if found.name == "and":
                return _meet(left, right)
            return None if left is None or right is None else left | right
        return _named(found, self._kind)


def _meet(left: frozenset[str] | None, right: frozenset[str] | None) -> frozenset[str] | None:
    if left is None or right is None:
        return right if left is None else left
    return left & right


def kinds_below(expr: Expr[Any], child: type[Facts]) -> frozenset[str]:
    """Return the kinds of children that an expression rests on by itself; other facts say theirs."""
    definition = told_by(expr, "definition")
    start = expr if definition is None else definition
    kinds = frozenset[str]()
    for node in walk(start):
        if isinstance(node, Aggregate):
            kinds |= kinds_of(node, child)[0] or frozenset()
        elif isinstance(node, Look):
            kinds |= kinds_looked_for(node, child) or frozenset()
        elif isinstance(node, Fact) and node.type in (ValueType.ROWS, ValueType.CLOCK) and node.definition is not None:
            kinds |= kinds_below(node, child)  # rows and clocks are not shown, so nothing else says what they rest on
    return kinds


def fields_below(expr: Expr[Any], child: type[Facts]) -> frozenset[str]:
    """Return the given facts of children that an expression rests on by itself; facts of the parent say theirs."""
    definition = told_by(expr, "definition")
    fields = frozenset[str]()
    for node in walk(expr if definition is None else definition):
        if isinstance(node, Fact) and node is not expr:
            if node.definition is None:
                fields |= {node.name} if node.owner is child else frozenset()
            elif node.owner is child or node.type in (ValueType.ROWS, ValueType.CLOCK):
                fields |= fields_below(node, child)
    return fields
