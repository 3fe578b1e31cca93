"""Values of expressions that a module gives beside its verdicts: aggregates, deadlines, and what rests on them."""

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

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    Ints = np.ndarray[Any, Any]

__all__ = ["Leaf", "Values", "joined", "leaves"]

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
            yield expr
        else:
            waiting += expr.operands


class Values:
    """Expressions over columns; those that cannot be printed are left out, unless that is not tried.

    Attributes:
        exprs: the others.
    """

    def __init__(
        self, exprs: Sequence[Expr[Any]], root: type[Facts], binding: Binding, recorded: frozenset[str] | None,
        untold: frozenset[str], *, tried: bool = True,
    ) -> None:  # fmt: skip
        self._root = root
        self._binding = binding
        self._said: dict[str, Any] = {"recorded": recorded, "untold": untold}
        exprs = [expr for expr in exprs if expr.type in _TOLD]
        self.exprs = exprs if not tried or self._can(exprs) else [expr for expr in exprs if self._can([expr])]

    @property
    def codes(self) -> list[Written]:
        """The function that gives their values, if there are any."""
        return [self._written(self.exprs)] if self.exprs else []

    def _written(self, exprs: Sequence[Expr[Any]]) -> Written:
        return write_leaves(exprs, self._root, self._binding, **self._said, style="columns")

    def _can(self, exprs: Sequence[Expr[Any]]) -> bool:
        try:
            module_text([self._written(exprs)])
        except WindowserviceError:
            return False
        return True

    def told(self, found: Sequence[Ints], doubts: Ints, words: list[str]) -> list[Leaf]:
        """Return the values that the results of the function stand for; of a record that is in doubt none are known."""
        import numpy as np

        out = []
        for expr, numbers, absent in zip(self.exprs, found[0::2], found[1::2], strict=True):
            values = _series(np.where(doubts, LEAST - 1, numbers) if doubts.any() else numbers, expr.type, words)
            out.append(Leaf(expr, values, (absent == 1) & ~doubts))
        return out


def joined(pieces: Sequence[Sequence[Leaf]]) -> list[Leaf]:
    """Return the values of all pieces."""
    import numpy as np
    import polars as pl

    return [
        Leaf(each[0].expr, pl.concat([one.values for one in each]), np.concatenate([one.absent for one in each]))
        for each in zip(*pieces, strict=True)
    ]


def _series(numbers: Ints, kind: ValueType, words: list[str]) -> pl.Series:
    """Return numbers as a column of a type, nulls in place of what is no value."""
    import numpy as np
    import polars as pl

    known = numbers >= LEAST
    if kind is V.TEXT:
        texts = pl.Series([*words, None], dtype=pl.String)
        return texts.gather(pl.Series(np.where(known, numbers, len(words))))
    held = pl.Series(numbers)
    found = held if known.all() else held.set(pl.Series(~known), None)
    return found == 1 if kind is V.BOOL else found
