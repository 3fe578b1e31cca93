"""Rules that stay unknown where they were meant to accuse, and rules that columns cannot compute."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from windowservice.engine.ruleset import LoadedRule
from windowservice.language.analysis.check import resolve
from windowservice.language.tree.expr import Expr, walk
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.nodes import Aggregate, FactNode, Op
from windowservice.language.tree.values import ValueType
from windowservice.linting.problems import Problem
from windowservice.linting.subject import Subject

__all__ = ["unknown"]

_BEFORE: Final = {"lt": 0, "le": 0, "gt": 1, "ge": 1}
"""Which operand of a comparison lies before the other."""


def unknown(subject: Subject) -> Iterator[Problem]:
    """Yield the rules that stay unknown as long as what they ask for has not happened; and those run row by row."""
    from windowservice.language.polars.calls import function_without_columns

    for loaded in subject.rules:
        told = set[str]() if loaded.rule.when is None else _names(loaded.rule.when)
        for part in _asked(loaded.rule.require):
            done = resolve(part.args[_BEFORE[part.name]])
            if _may_never_come(done) and not _names(part.args[_BEFORE[part.name]]) & told and not _meant(loaded, done):
                said = f"{part} is unknown as long as {part.args[_BEFORE[part.name]]} has not happened: it never fails"
                due = part.args[1 - _BEFORE[part.name]]
                instead = f"write {part.args[_BEFORE[part.name]]}.by({due}), or say by `when` that it happened"
                yield subject.told("stays-unknown", loaded, said, key="require", instead=instead)
        for expr in loaded.rule.asked:
            if (function := function_without_columns(expr)) is not None:
                said = f"the function {function} has no form in columns: large tables are judged row by row"
                yield subject.told("row-by-row", loaded, said, instead="leave it, or write it in the language")
                break


def _asked(expr: Expr[bool]) -> Iterator[Op[Any]]:
    """Yield the comparisons of instants that have to be true for a condition to be."""
    if isinstance(expr, Op) and expr.name == "and":
        for arg in expr.args:
            yield from _asked(arg)
    elif isinstance(expr, Op) and expr.name in _BEFORE and expr.args[0].type is ValueType.INSTANT:
        yield expr


def _may_never_come(done: Expr[Any]) -> bool:
    if isinstance(done, FactNode):
        return not done.required
    return isinstance(done, Aggregate) and done.how in ("first", "last") and done.which is not None


def _meant(loaded: LoadedRule, done: Expr[Any]) -> bool:
    """Whether the rule also asks for what comes to be known with the instant, and so is unknown before by itself."""
    asked = (part for part in walk(loaded.rule.require) if isinstance(part, Fact))
    return isinstance(done, Fact) and any(part.known_at == done.name and part.owner is done.owner for part in asked)


def _names(expr: Expr[Any]) -> set[str]:
    """Return the facts of which an expression speaks, through what they rest on."""
    found: set[str] = set()
    waiting = [expr]
    while waiting:
        for part in walk(waiting.pop()):
            if isinstance(part, Fact) and str(part) not in found:
                found.add(str(part))
                waiting += [] if part.definition is None else [part.definition]
    return found
