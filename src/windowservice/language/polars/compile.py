"""Rules over columns: the same trees for all records of a frame at once, with the same verdicts.

Facts, figures and aggregates become columns first, each once; rules are Polars expressions over them. Calls of
functions are told by the code that judges one record (see `calls`). What a rule uses that columns do not have (exact
decimals, a plugin's own Python) makes it *not columnar*: the caller runs it row by row and says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from windowservice.errors import NotColumnar, WindowserviceError
from windowservice.instants import local_midnight
from windowservice.language.analysis.check import flips
from windowservice.language.polars.calls import (
    Calls,
    Given,
    calls_below,
    function_without_columns,
    rests_on_children,
)
from windowservice.language.polars.children import ROW, ChildColumns, first_of_records
from windowservice.language.polars.exprs import ColumnLevel, Truth, has_column
from windowservice.language.polars.figures import figure_series
from windowservice.language.polars.gather import Gathered, Rows
from windowservice.language.python.facts import is_added
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.expressions import structure
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import dating
from windowservice.language.tree.figures import Figure, FigureAt
from windowservice.language.tree.nodes import Aggregate, Kernel
from windowservice.language.tree.rule import Rule

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

__all__ = ["ERROR", "FAIL", "NOT_APPLICABLE", "PASS", "PENDING", "UNKNOWN", "RecordColumns", "verdict_columns"]

PASS, FAIL, UNKNOWN, PENDING, NOT_APPLICABLE, ERROR = range(6)
"""The codes of verdicts in columns."""

_EXTRA: Final = "extra."


class RecordColumns(ColumnLevel):
    """Columns over the records, made as they are asked for, each once.

    Attributes:
        calls: what tells the calls of functions; it knows the type of the records and what their source records.
        root, recorded, untold: the same of it.
        printed: whether there are so many rows that a module tells them.
        frame: the records, with what was computed so far.
        height: how many they are.
        limits: the limits that columns speak of by code.
        doubtful: the records of which columns cannot tell, for the caller to judge one by one; None if there are none.
    """

    def __init__(
        self, records: pl.DataFrame, children: pl.DataFrame | None, as_of: int, calls: Calls, *, printed: bool = False
    ) -> None:
        super().__init__(as_of, calls.binding)
        self.calls = calls
        self.root, self.recorded, self.untold = calls.root, calls.recorded, calls.untold
        self.printed = printed
        self.frame = records
        self.height = records.height
        self.limits: list[Any] = []
        self.doubtful: np.ndarray[Any, Any] | None = None
        self._below = self.pl.DataFrame(schema={ROW: self.pl.Int64}) if children is None else children
        self._children = (
            None if children is None or self.root.children is None else ChildColumns(self, self.root.children, children)
        )
        self._made: dict[tuple[Any, ...], str] = {}
        self._gathered: dict[tuple[Any, ...], Gathered | Rows] = {}
        self._codes: dict[int, tuple[pl.Series, np.ndarray[Any, Any], list[str]]] = {}
        self._limit_codes: dict[Any, int] = {}

    # what others ask of the run

    def limit_code(self, limit: Any) -> int:
        """Return the code under which the run knows a limit."""
        if limit not in self._limit_codes:
            self._limit_codes[limit] = len(self.limits)
            self.limits.append(limit)
        return self._limit_codes[limit]

    def codes(self, series: pl.Series) -> tuple[np.ndarray[Any, Any], list[str]]:
        """Return a text column as numbers (-1 where null) and the words they stand for; made once for a column."""
        import polars as pl

        key = id(series)
        if key not in self._codes:
            if isinstance(series.dtype, pl.Enum):
                words = list(series.dtype.categories)
                physical = series.to_physical().cast(pl.Int64)
            else:
                words = [
                    word for word in series.cast(pl.String).unique(maintain_order=True).to_list() if word is not None
                ]
                physical = series.cast(pl.Enum(words)).to_physical().cast(pl.Int64)
            self._codes[key] = (series, physical.fill_null(-1).to_numpy(), words)
        return self._codes[key][1:]

    def dated(self) -> pl.Series:
        """Return for each record the instant that picks the figures in force."""
        import polars as pl

        day = self.binding.figures_as_of
        dated = dating(self.root)
        if day is None and dated is not None:
            return self._column(dated)
        us = self.as_of if day is None else local_midnight(day, self.binding.calendar.zone)
        return pl.Series([us], dtype=pl.Int64).new_from_index(0, self.height)

    # leaves

    def take(self, expr: Expr[Any], values: pl.Series, absent: np.ndarray[Any, Any]) -> None:
        """Take the column of an aggregate, call or part of a clock from somebody who computed it.

        Args:
            expr: what it is the column of.
            values: the column.
            absent: where a missing value has not happened; elsewhere nobody can tell.
        """
        key = structure(expr)
        if key in self._made:
            return
        self._made[key] = name = f"__v{len(self._made)}"
        self.frame = self.frame.with_columns(values.alias(name))
        if isinstance(expr, Aggregate):
            missing = values.is_null().to_numpy()
            unknown = self.pl.Series(missing & ~absent)
            self._gathered[key] = Gathered(values, unknown if unknown.any() else None, not absent.any())

    def call(self, exprs: Sequence[Expr[Any]]) -> None:
        """Have all told at once of expressions that columns cannot compute.

        Raises:
            NotColumnar: for a function that has no form in whole numbers.
        """
        wanted = {structure(expr): expr for expr in calls_below(exprs)}
        asked = [expr for key, expr in wanted.items() if key not in self._made]
        if not asked:
            return
        for expr in asked:
            if self._children is None and rests_on_children(expr):
                raise NotColumnar(str(expr), "children of which no frame was given")
            if (name := function_without_columns(expr)) is not None:
                raise NotColumnar(str(expr), f"the function {name}")
        given = Given(self.frame, self._below, self.starts, self.as_of)
        found, failed = self.calls.told(asked, given, printed=self.printed)
        for leaf in found:
            self.take(leaf.expr, leaf.values, leaf.absent)
        if failed.any():
            self.doubtful = failed if self.doubtful is None else self.doubtful | failed

    @cached_property
    def starts(self) -> np.ndarray[Any, Any]:
        """Where the children of each record begin; one number more than there are records."""
        return first_of_records(self._below, self.height)

    def leaf(self, expr: Expr[Any]) -> pl.Expr:
        """Return the column of a fact, figure, aggregate or call, made on first use."""
        found: pl.Expr = self.pl.col(self._named(expr))
        return found

    def _column(self, expr: Expr[Any]) -> pl.Series:
        name = self._named(expr)  # first: it may put the column into the frame
        return self.frame.get_column(name)

    def _named(self, expr: Expr[Any]) -> str:
        if isinstance(expr, Fact) and expr.definition is None:
            return self._given(expr)
        key = structure(expr)
        if key not in self._made and not isinstance(expr, Fact):
            self.call([expr])
        if key not in self._made:
            series = self._series_of(expr)  # first: it may add columns of its own
            self._made[key] = name = f"__v{len(self._made)}"
            self.frame = self.frame.with_columns(series.alias(name))
        return self._made[key]

    def _given(self, fact: Fact[Any]) -> str:
        name = fact.read or fact.name
        return f"{_EXTRA}{name}" if is_added(self.root, fact) else name

    def _series_of(self, expr: Expr[Any]) -> pl.Series:
        if isinstance(expr, Aggregate):
            found = self.gathered(expr)
            if isinstance(found, Rows):
                raise NotColumnar(str(expr), "collected rows outside a kernel")
            return found.value
        if isinstance(expr, Figure):
            return figure_series(self, expr, ())
        if isinstance(expr, FigureAt):
            return figure_series(self, expr.figure, expr.keys)
        if isinstance(expr, Kernel) and has_column(expr):
            return self.called(expr)
        assert isinstance(expr, Fact) and expr.definition is not None  # noqa: S101, PT018 - there is no other leaf
        return self.series(expr.definition)

    def exact(self, expr: Expr[Any]) -> Any:
        """Return an exact decimal that is the same for all records.

        Raises:
            NotColumnar: if it depends on the record.
        """
        if isinstance(expr, Figure) and not expr.keyed:
            (dated,) = self.binding.figures.get(expr.name, expr.table).values()
            if len(dated.values) == 1:
                return dated.values[0]
        raise NotColumnar(str(expr), "an exact decimal that changes from record to record")

    def gathered(self, expr: Aggregate[Any]) -> Gathered | Rows:
        """Return an aggregate over the children, gathered once."""
        key = structure(expr)
        if key not in self._gathered:
            self.call([expr])
        if key not in self._gathered:
            if self._children is None or expr.child is not self.root.children:
                raise NotColumnar(str(expr), "children of which no frame was given")
            self._gathered[key] = self._children.gather(expr, self.recorded)
        return self._gathered[key]

    def absence(self, expr: Expr[Any]) -> pl.Expr | None:
        """Return where an instant has not happened."""
        if isinstance(expr, Aggregate):
            found = self.gathered(expr)
            if isinstance(found, Rows) or found.never_absent:
                return None
            missing = self.leaf(expr).is_null()
            return missing if found.unknown is None else missing & ~self._flag(expr, found.unknown)
        if isinstance(expr, Fact):
            return self.leaf(expr).is_null()
        return None

    def _flag(self, expr: Expr[Any], unknown: pl.Series) -> pl.Expr:
        name = f"{self._named(expr)}?"
        if name not in self.frame.columns:
            self.frame = self.frame.with_columns(unknown.alias(name))
        found: pl.Expr = self.pl.col(name)
        return found

    def words(self, expr: Expr[Any]) -> frozenset[str] | None:
        """Return the only words that a text column can hold."""
        if isinstance(expr, Fact) and expr.definition is None:
            kind = self.frame.schema.get(self._given(expr))
            if isinstance(kind, self.pl.Enum):
                return frozenset(kind.categories)
        return None


def verdict_columns(run: RecordColumns, rules: Sequence[Rule]) -> tuple[list[pl.Series], dict[int, str]]:
    """Return a column of verdict codes for each rule, and for those that are not columnar the reason.

    The column of a rule that is not columnar holds the code `ERROR` throughout, for the caller to fill in row by row.
    """
    import polars as pl

    slow: dict[int, str] = {}
    exprs: list[pl.Expr] = []
    run.call([expr for rule in rules for expr in rule.asked if function_without_columns(expr) is None])
    for position, rule in enumerate(rules):
        try:
            expr = _verdict(run, rule)
        except WindowserviceError as reason:  # it has no columns, or a record for which one cannot be computed
            slow[position] = str(reason)
            expr = pl.lit(ERROR, pl.UInt8)
        exprs.append(expr.cast(pl.UInt8).alias(f"r{position}"))
    found = (
        run.frame.select(exprs) if run.height else pl.DataFrame(schema={f"r{i}": pl.UInt8 for i in range(len(rules))})
    )
    columns = found.get_columns()
    return [c if len(c) == run.height else c.new_from_index(0, run.height) for c in columns], slow


def _verdict(run: RecordColumns, rule: Rule) -> pl.Expr:
    import polars as pl

    def code(value: int) -> pl.Expr:
        return pl.lit(value, pl.UInt8)

    required = run.truth(rule.require)
    turn = flips(rule.require)
    settling = rule.settling() if turn != (False, False) else []
    passes, fails = code(PASS), code(FAIL)
    if settling:
        settled = run.value(settling[0])
        if turn[1]:
            passes = (
                pl.when(settled).then(code(PASS)).when(settled.is_null()).then(code(UNKNOWN)).otherwise(code(PENDING))
            )
        if turn[0]:
            fails = (
                pl.when(settled).then(code(FAIL)).when(settled.is_null()).then(code(UNKNOWN)).otherwise(code(PENDING))
            )
    verdict = _decided(required, passes, fails) if settling or required.waits is not None else _plain(required.value)
    if rule.when is not None:
        verdict = _decided(run.truth(rule.when), verdict, code(NOT_APPLICABLE))
    if rule.since is None and rule.until is None:
        return verdict
    dated = pl.lit(run.dated())
    zone = run.binding.calendar.zone
    outside = [dated < local_midnight(rule.since, zone)] if rule.since is not None else []
    outside += [dated >= local_midnight(rule.until, zone)] if rule.until is not None else []
    off = outside[0] if len(outside) == 1 else outside[0] | outside[1]
    return pl.when(dated.is_null()).then(code(UNKNOWN)).when(off).then(code(NOT_APPLICABLE)).otherwise(verdict)


def _plain(value: pl.Expr) -> pl.Expr:
    """Return the verdict of a requirement that nothing can turn: its opposite as a number is 0 for pass, 1 for fail."""
    import polars as pl

    return (~value).cast(pl.UInt8).fill_null(pl.lit(UNKNOWN, pl.UInt8))


def _decided(truth: Truth, yes: pl.Expr, no: pl.Expr) -> pl.Expr:
    import polars as pl

    chain = pl.when(truth.value).then(yes).when(~truth.value).then(no)
    if truth.waits is not None:
        chain = chain.when(truth.waits).then(pl.lit(PENDING, pl.UInt8))
    return chain.otherwise(pl.lit(UNKNOWN, pl.UInt8))
