"""Values of expressions over columns by a WebAssembly module: aggregates, deadlines, and what rests on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from windowservice.errors import WindowserviceError
from windowservice.language.python.compile import Written, write_leaves
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.expressions import due_bounds, structure
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import Facts
from windowservice.language.tree.kernels import Binding
from windowservice.language.tree.nodes import Aggregate, By, Kernel, Op
from windowservice.language.tree.values import ValueType
from windowservice.language.webassembly.module import module_text
from windowservice.language.webassembly.numbers import LEAST
from windowservice.language.webassembly.program import Program

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    Ints = np.ndarray[Any, Any]

__all__ = ["Leaf", "Values", "leaves"]

V = ValueType
_TOLD: Final = (V.BOOL, V.INT, V.INSTANT, V.DATE, V.SPAN, V.WORK, V.TEXT)
"""The types of values that are told as columns of numbers or words."""


class Leaf(NamedTuple):
    """The values of an expression for each record, and where a missing one has not happened, as far as that is told."""

    expr: Expr[Any]
    values: pl.Series
    absent: Ints


def leaves(exprs: Iterable[Expr[Any]]) -> Iterator[Expr[Any]]:
    """Yield the aggregates, clock parts and calls that expressions rest on, each once."""
    seen: set[tuple[Any, ...]] = set()
    waiting = list(exprs)
    while waiting:
        expr = waiting.pop()
        if isinstance(expr, Fact):
            waiting += [] if expr.definition is None else [expr.definition]
            continue
        if structure(expr) in seen:
            continue
        seen.add(structure(expr))
        if isinstance(expr, By):
            waiting += due_bounds(expr.due)
        if (
            isinstance(expr, Aggregate)
            or (isinstance(expr, Kernel) and expr.type is not V.CLOCK)
            or (isinstance(expr, Op) and expr.name.startswith("part_"))
        ):
            if expr.type in _TOLD:
                yield expr
        else:
            waiting += expr.operands


class Values:
    """Expressions over columns; those that cannot be printed are left out."""

    def __init__(
        self, exprs: Sequence[Expr[Any]], root: type[Facts], binding: Binding, recorded: frozenset[str] | None,
        untold: frozenset[str],
    ) -> None:  # fmt: skip
        self._root = root
        self._binding = binding
        self._said: dict[str, Any] = {"recorded": recorded, "untold": untold}
        self._exprs = list(exprs)
        try:
            self._program = self._made()
        except WindowserviceError:
            self._exprs = [expr for expr in exprs if self._can(expr)]
            self._program = self._made()

    def _made(self) -> Program | None:
        return Program([self._written(self._exprs)], self._binding) if self._exprs else None

    def _written(self, exprs: Sequence[Expr[Any]]) -> Written:
        return write_leaves(exprs, self._root, self._binding, **self._said, style="columns")

    def _can(self, expr: Expr[Any]) -> bool:
        try:
            module_text([self._written([expr])], self._binding)
        except WindowserviceError:
            return False
        return True

    def read(self, records: pl.DataFrame, children: pl.DataFrame, starts: Ints, as_of: int) -> tuple[list[Leaf], Ints]:
        """Return the values of the expressions, and which records could not be told; see `Program.results`.

        Raises:
            WindowserviceError: if a calendar does not reach so far.
        """
        import numpy as np

        if self._program is None or not records.height:
            return [], np.zeros(records.height, bool)
        found, doubts, words = self._program.results(records, children, starts, as_of)
        out = []
        for expr, numbers, absent in zip(self._exprs, found[0::2], found[1::2], strict=True):
            values = _series(np.where(doubts, LEAST - 1, numbers), expr.type, words)
            out.append(Leaf(expr, values, (absent == 1) & ~doubts))
        return out, doubts


def _series(numbers: Ints, kind: ValueType, words: list[str]) -> pl.Series:
    """Return numbers as a column of a type, nulls in place of what is no value."""
    import numpy as np
    import polars as pl

    known = numbers >= LEAST
    if kind is V.TEXT:
        return (
            pl.Series(words, dtype=pl.Enum(words))
            .gather(pl.Series(np.where(known, numbers, 0)))
            .set(pl.Series(~known), None)
        )
    held = pl.Series(numbers)
    found = held if known.all() else held.set(pl.Series(~known), None)
    return found == 1 if kind is V.BOOL else found
