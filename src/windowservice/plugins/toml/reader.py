"""What is known while the tables of a pack are read: names, what went wrong, and what rests on what went wrong."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from typing import Any, Final, TypeVar

import attrs

from windowservice.errors import InvalidDocument, RuleTextError, WindowserviceError
from windowservice.language.text.parse import Names, parse, parse_moment, syntax_of
from windowservice.language.tree.expr import Expr
from windowservice.worktime.limits.limit import Limit

__all__ = ["Reader", "in_order", "is_expression", "is_missing", "names_in"]

T = TypeVar("T")
_MOST: Final = 100
"""So many problems are told; each takes the time to find what was meant."""
_PLAIN: Final = frozenset(".[]('\"")


@cache
def names_in(text: str) -> frozenset[tuple[str, str]]:
    """Return the names with a point that a text uses, as pairs, and single ones with nothing behind them.

    Of a text that is none of the grammar, nothing: who reads it tells why.
    """
    try:
        tree = syntax_of(text)
    except RuleTextError:
        return frozenset()
    found = {(node.id, "") for node in ast.walk(tree) if isinstance(node, ast.Name)}
    found |= {
        (node.value.id, node.attr)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    return frozenset(found)


@attrs.define(eq=False)
class Reader:
    """Reads texts, and keeps account of what is wrong.

    Attributes:
        names: what texts may speak of.
        problems: what is wrong, each with its path.
        lost: the names of what is wrong, as `names_in` gives them: what speaks of them is not told of, too.
    """

    names: Names
    problems: list[tuple[str, str]] = attrs.field(factory=list)
    lost: set[tuple[str, str]] = attrs.field(factory=set)

    @property
    def is_full(self) -> bool:
        """Whether so much is wrong that no more is looked for."""
        return len(self.problems) >= _MOST

    def tried(self, path: str, make: Callable[[], T], inside: str = "") -> T | None:
        """Return what is made; None, and a problem of the path, if that fails.

        Facts that have no class yet are told as those of the record type `inside`.
        """
        try:
            return make()
        except InvalidDocument as error:
            self.problems += [(".".join(filter(None, (path, below))), said) for below, said in error.problems]
        except WindowserviceError as error:
            said = str(error)
            self.problems.append((path, said.replace("?.", f"{inside}.") if inside else said))
        return None

    def is_lost(self, texts: Iterable[str]) -> bool:
        """Whether texts speak of what is wrong itself."""
        if not self.lost:
            return self.is_full
        return self.is_full or any(not self.lost.isdisjoint(names_in(text)) for text in texts)

    def expr(self, path: str, text: str, inside: str = "", read: Callable[..., Any] = parse) -> Any:
        """Return what a text says; None, and a problem, if it cannot be read."""
        if self.is_lost((text,)):
            return None
        return self.tried(path, lambda: read(text, self.names), inside)

    def moment(self, path: str, text: str, inside: str) -> Any:
        """Return the instant, or those of children that are picked, that a text says; None as `expr`."""
        return self.expr(path, text, inside, parse_moment)

    def value(self, path: str, said: Any, inside: str = "") -> Any:
        """Return an expression, or a plain value or word as it stands; None as `expr`."""
        return self.expr(path, said, inside) if isinstance(said, str) and is_expression(said) else said

    def limit(self, path: str, text: str, inside: str) -> Expr[Any] | Limit | None:
        """Return a limit in words, or the expression that gives one; None as `expr`."""
        try:
            return Limit.parse(text)
        except WindowserviceError as error:
            if is_expression(text):
                found: Expr[Any] | None = self.expr(path, text, inside)
                return found
            self.problems.append((path, str(error)))
            return None


def is_expression(text: str) -> bool:
    """Whether a text is more than a plain word: facts and figures have a point in them, other words have not."""
    return not _PLAIN.isdisjoint(text)


def is_missing(*read: Any) -> bool:
    """Whether one of several texts could not be read; expressions cannot be compared to find out."""
    return any(one is None for one in read)


def in_order(
    graph: Mapping[str, Iterable[str]], refuse: Callable[[tuple[str, ...]], None]
) -> list[str]:  # fmt: skip
    """Return the nodes of a graph, each after those that it rests on; those in a circle are refused and left out."""
    left = {node: sorted({below for below in rests_on if below in graph}) for node, rests_on in graph.items()}
    while True:
        try:
            return [node for node in TopologicalSorter(left).static_order() if node in left]
        except CycleError as error:
            circle = tuple(reversed(error.args[1]))
            refuse(circle)
            for node in circle[1:]:
                left.pop(node, None)
