"""Whether the records of a vocabulary can give all that an expression asks for: their facts, and their children's."""

from __future__ import annotations

from typing import Any

from windowservice.errors import InvalidRule
from windowservice.language.analysis.check import told_of
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import Facts, relation_of
from windowservice.language.tree.nodes import Aggregate, Here, Look

__all__ = ["check_reach"]


def check_reach(expr: Expr[Any], vocabulary: type[Facts], what: str) -> None:
    """Refuse an expression that gathers what are no children of the record, or looks around where nothing is beside it.

    Raises:
        InvalidRule: naming the part, and what to write instead.
    """
    _Reach(vocabulary, what).visit(expr, within=False)


class _Reach:
    def __init__(self, vocabulary: type[Facts], what: str) -> None:
        self.vocabulary = vocabulary
        self.what = what
        self._seen: set[tuple[int, bool]] = set()

    def visit(self, expr: Expr[Any], *, within: bool) -> None:
        """Check an expression over the record, or over a child of it."""
        if (id(expr), within) in self._seen:
            return
        self._seen.add((id(expr), within))
        if isinstance(expr, Fact):
            if expr.definition is not None:
                self._derived(expr, within=within and expr.scope is not self.vocabulary)
            return
        if isinstance(expr, (Look, Here)) and not within:
            problem = f"looks around by {expr}, but a {self.vocabulary.__name__} stands by itself"
            raise InvalidRule(self.what, problem, "look around among children, within an aggregate over them")
        if isinstance(expr, Aggregate):
            if expr.child is not self.vocabulary.children:
                child = getattr(expr.child, "__name__", str(expr.child))
                problem = f"gathers {child} by {expr}, which are no children of {self.vocabulary.__name__}"
                raise InvalidRule(self.what, problem, self._instead())
            within = True
        for operand in expr.operands:
            self.visit(operand, within=within)

    def _instead(self) -> str:
        of, grouped = self.vocabulary.children, relation_of(self.vocabulary.options.rows) is not None
        if of is None or not grouped:
            return "give the children a fact that holds it"
        return f"make rows that hold it, rows=United(Part({of.__name__}, {{...}})), and group those"

    def _derived(self, fact: Fact[Any], *, within: bool) -> None:
        """Check what a fact rests on, once for all rules that ask for it: what was found right stays so."""
        checked = ("reach", self.vocabulary, within)
        if checked not in told_of(fact):
            self.visit(fact.definition, within=within)  # type: ignore[arg-type]
            told_of(fact)[checked] = True
