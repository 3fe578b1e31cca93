"""What calls of functions give over columns: told by the generated code of one record.

A function that counts deadlines has no form in Polars. Its calls, and whatever aggregate rests on one, are told by the
code that judges one record: printed as a module for many rows, else row by row.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from windowservice.errors import NotColumnar, WindowserviceError
from windowservice.language.analysis.check import is_of_each, resolve
from windowservice.language.analysis.counted import kernels_below
from windowservice.language.polars.children import children_of
from windowservice.language.polars.exprs import has_column
from windowservice.language.python.compile import Written, run, write_leaves
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.expressions import structure
from windowservice.language.tree.facts import Facts, children_key
from windowservice.language.tree.kernels import Binding
from windowservice.language.tree.nodes import Aggregate, Kernel
from windowservice.language.tree.values import ValueType
from windowservice.language.webassembly.values import Leaf, Values, joined, leaves
from windowservice.worktime.compiled import runtime
from windowservice.worktime.limits.limit import Limit

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    from windowservice.language.webassembly.program import Program

    Ints = np.ndarray[Any, Any]

__all__ = ["Calls", "Given", "calls_below", "function_without_columns", "rests_on_children"]

_log = logging.getLogger("windowservice.engine")
V = ValueType
_AT_ONCE: Final = 2_000
"""Rows turned into Python values at a time."""


def calls_below(exprs: Iterable[Expr[Any]]) -> Iterator[Expr[Any]]:
    """Yield what of expressions has no form in Polars: calls, parts of clocks, aggregates that columns lack."""
    for leaf in leaves(exprs):
        if isinstance(leaf, Aggregate):
            calls = any(True for call, _ in kernels_below([leaf]) if not has_column(call))
            if leaf.how != "collect" and (calls or is_of_each(leaf)):
                yield leaf
        elif isinstance(leaf, Kernel) and has_column(leaf):
            yield from calls_below(leaf.args)
        else:
            yield leaf


def function_without_columns(expr: Expr[Any]) -> str | None:
    """Return the name of a function that an expression rests on and that has no form in whole numbers, if any."""
    return next((call.kernel.name for call, _ in kernels_below([expr]) if call.kernel.integers is None), None)


def rests_on_children(expr: Expr[Any]) -> bool:
    """Whether an expression rests on children of the record."""
    seen, waiting = set[int](), [expr]
    while waiting:  # each part once: facts that rest on facts would be gone through again and again
        found = resolve(waiting.pop())
        if isinstance(found, Aggregate):
            return True
        if id(found) not in seen:
            seen.add(id(found))
            waiting += found.operands
    return False


class Given(NamedTuple):
    """Records as columns, with their children.

    Attributes:
        records: a column for each given fact.
        children: the same of the children, those of a record together and in order.
        starts: where the children of each record begin; one number more than there are records.
        as_of: the instant judged, in microseconds UTC.
    """

    records: pl.DataFrame
    children: pl.DataFrame
    starts: Ints
    as_of: int


class Calls:
    """The calls over records of one type, with the code that was made for them.

    Attributes:
        root: the type of the records.
        binding: calendars and figures.
        recorded: the kinds of children that the source records; None means every kind.
        untold: the given facts of children that the source does not record.
    """

    def __init__(
        self, root: type[Facts], binding: Binding, recorded: frozenset[str] | None = None,
        untold: frozenset[str] = frozenset(),
    ) -> None:  # fmt: skip
        self.root = root
        self.binding = binding
        self.recorded = recorded
        self.untold = untold
        self._said: dict[str, Any] = {"recorded": recorded, "untold": untold}
        self._programs: dict[tuple[Any, ...], tuple[Values, Program | None]] = {}
        self._readers: dict[tuple[Any, ...], tuple[Any, Any]] = {}

    def told(self, exprs: Sequence[Expr[Any]], given: Given, *, printed: bool) -> tuple[list[Leaf], Ints]:
        """Return the values of expressions, and of which records they could not be told at all.

        Args:
            exprs: the expressions, as `calls_below` gives them.
            given: the records.
            printed: whether there are so many rows that making a module is worth its time.
        """
        import numpy as np

        found, doubts = self._by_module(exprs, given) if printed and runtime.is_there() else ([], np.zeros(0, np.int64))
        failed = np.zeros(given.records.height, bool)
        if len(doubts):
            again, failed[doubts] = self._by_row([leaf.expr for leaf in found], given, doubts)
            found = [_filled(leaf, one, doubts) for leaf, one in zip(found, again, strict=True)]
        done = {structure(leaf.expr) for leaf in found}
        others = [expr for expr in exprs if structure(expr) not in done]
        if others:
            rest, wrong = self._by_row(others, given, np.arange(given.records.height))
            found, failed = [*found, *rest], failed | wrong
        return found, failed

    def _by_module(self, exprs: Sequence[Expr[Any]], given: Given) -> tuple[list[Leaf], Ints]:
        """Return the values that a module tells, and the rows that it is in doubt about."""
        import numpy as np

        from windowservice.language.webassembly.program import Program

        key = tuple(map(structure, exprs))
        if key not in self._programs:
            values = Values(exprs, self.root, self.binding, **self._said)
            try:
                made = Program(values.codes, self.binding) if values.exprs else None
            except WindowserviceError:  # each by itself can be printed, but not all together
                made = None
            self._programs[key] = values, made
        values, program = self._programs[key]
        nothing: tuple[list[Leaf], Ints] = [], np.zeros(0, np.int64)
        if program is None or not given.records.height:
            return nothing
        told, doubts = [], []
        try:
            for piece in program.pieces(*given):
                told.append(values.told(piece.results, piece.doubts, piece.words))
                doubts.append(piece.doubts)
        except WindowserviceError as error:  # a calendar that does not reach so far, or too little memory
            _log.info("functions are told row by row: %s", error)
            return nothing
        return joined(told), np.concatenate(doubts).nonzero()[0]

    def _by_row(self, exprs: Sequence[Expr[Any]], given: Given, rows: Ints) -> tuple[list[Leaf], Ints]:
        """Return the values for some rows, and for which of them the code fails."""
        import numpy as np

        key = tuple(map(structure, exprs))
        if key not in self._readers:
            written = write_leaves(exprs, self.root, self.binding, **self._said, style="columns")
            self._readers[key] = run(written), _Asked.of(self.root, written)
        read, asked = self._readers[key]
        values: list[list[Any]] = [[] for _ in range(2 * len(exprs))]
        failed = np.zeros(len(rows), bool)
        nothing = (None, False) * len(exprs)
        for place, record in enumerate(asked.rows(given, rows)):
            try:
                found = read(record, given.as_of)
            except Exception as error:  # whatever a record says, such as a calendar that nobody has, is its own error
                _log.debug("a function cannot be told of a record: %s", error)
                failed[place] = True
                found = nothing
            for column, value in zip(values, found, strict=True):
                column.append(value)
        told = [
            Leaf(expr, _series(held, expr.type), np.array([one is True for one in absent], bool))
            for expr, held, absent in zip(exprs, values[0::2], values[1::2], strict=True)
        ]
        return told, failed


class _Asked(NamedTuple):
    """What generated code in the style of columns reads of a record and of its children: columns with their types."""

    record: Mapping[str, ValueType]
    child: Mapping[str, ValueType]
    children: str | None

    @classmethod
    def of(cls, root: type[Facts], written: Written) -> _Asked:
        mine: dict[str, ValueType] = {}
        theirs: dict[str, ValueType] = {}
        for (holder, name), fact in written.unit.columns.items():
            (mine if holder == "record" else theirs)[name] = fact.type
        return cls(mine, theirs, None if root.children is None else children_key(root))

    def rows(self, given: Given, rows: Ints) -> Iterator[dict[str, Any]]:
        """Yield rows as mappings, the children of each under their key."""
        records, children, starts, _ = given

        for first in range(0, len(rows), _AT_ONCE):
            part = rows[first : first + _AT_ONCE]
            above = _mappings(records, part, self.record)
            if self.children is not None:
                places, ends = children_of(starts, part)
                below = _mappings(children, places, self.child)
                for record, (begin, end) in zip(above, pairwise([0, *ends]), strict=True):
                    record[self.children] = below[begin:end]
            yield from above


def _mappings(frame: pl.DataFrame, rows: Ints, kinds: Mapping[str, ValueType]) -> list[dict[str, Any]]:
    """Return rows with the columns named, as generated code holds their values."""
    if not kinds:
        return [{} for _ in range(len(rows))]
    found = frame.select(*kinds)[rows].to_dicts()
    for name, kind in kinds.items():
        make = _MADE.get(kind)
        if make is not None:
            for one in found:
                if one[name] is not None:
                    one[name] = make(one[name])
    return found


_MADE: Final[Mapping[ValueType, Callable[[Any], Any]]] = {
    V.TEXTS: frozenset, V.LIMIT: Limit.parse, V.RATIO: Fraction,
}  # fmt: skip
"""The types that frames hold in another form than code does."""


def _series(values: list[Any], kind: ValueType) -> pl.Series:
    """Return values as code holds them as a column."""
    import polars as pl

    held: dict[ValueType, Any] = {
        V.BOOL: pl.Boolean,
        V.TEXT: pl.String,
        V.FLOAT: pl.Float64,
        V.TEXTS: pl.List(pl.String),
    }
    if kind is V.TEXTS:
        values = [None if value is None else sorted(value) for value in values]
    try:
        return pl.Series(values, dtype=held.get(kind, pl.Int64))
    except (OverflowError, TypeError) as error:
        raise NotColumnar(kind.with_article, "a value that no column holds") from error


def _filled(leaf: Leaf, told: Leaf, rows: Ints) -> Leaf:
    """Return values with those of some rows told otherwise."""
    import polars as pl

    absent = leaf.absent.copy()
    absent[rows] = told.absent
    return Leaf(leaf.expr, leaf.values.scatter(pl.Series(rows), told.values), absent)
