"""The children behind a condition: those that its aggregates gathered, by their ids."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from windowservice.language.analysis.check import may_wait, resolve
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.expressions import constant, operation
from windowservice.language.tree.nodes import Aggregate, By, Op, Within, as_of
from windowservice.language.tree.scope import vocabulary_of
from windowservice.language.tree.values import ValueType

__all__ = ["items_behind"]


def items_behind(expr: Expr[Any], *, but: Expr[Any] | None = None) -> Iterator[Aggregate[Any]]:
    """Yield, for each aggregate behind a condition, the ids of the children that it is made of.

    Of children whose type has no id there are none.

    Args:
        expr: the condition.
        but: the aggregate of which only the children are meant that break it: one that says something of each child.
    """
    seen, waiting = set[int](), [expr]
    while waiting:  # each part once: facts that rest on facts would be gone through again and again
        found = resolve(waiting.pop())
        if id(found) in seen:
            continue
        seen.add(id(found))
        if isinstance(found, Aggregate):
            yield from _items(found, breaking=found is but)
        else:
            waiting += reversed(found.operands)


def _items(found: Aggregate[Any], *, breaking: bool) -> Iterator[Aggregate[Any]]:
    child: Any = vocabulary_of(found.child)
    key = None if child is None else child.given.get("id")
    if key is None or key.definition is not None:
        return
    which = [] if found.which is None else [found.which]
    if breaking and found.how == "all":
        which.append(operation("not", _as_it_stands(found.values[0])))
    where = None
    for one in which:
        certain = operation("otherwise", one, constant(False))
        where = certain if where is None else operation("and", where, certain)
    yield Aggregate("union", (key,), where, child)


def _as_it_stands(expr: Expr[bool]) -> Expr[bool]:
    """Return a condition with each deadline test as it stands now: one that waits is not missed yet."""
    found = resolve(expr)
    if not may_wait(found):
        return expr
    if isinstance(found, Within):
        return Op("le", found.operands, ValueType.BOOL, None)
    if isinstance(found, By):
        ahead = Op[bool]("ge", (found.due, as_of), ValueType.BOOL, None)
        return operation("choose", operation("happened", found.done), operation("le", found.done, found.due), ahead)
    assert isinstance(found, Op)  # noqa: S101 - of one child nothing else waits
    return operation(found.name, *map(_as_it_stands, found.args))
