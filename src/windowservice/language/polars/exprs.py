"""Expressions as Polars expressions: the same four values, by null-aware columns.

A truth value is a Boolean column in which null means unknown or waiting, and a second column that tells which null
waits. Instants are microseconds UTC in 64-bit integers, dates ordinals, limits codes of a table; nulls are missing data
everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import reduce
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from windowservice.errors import NotColumnar
from windowservice.instants import datetime_us
from windowservice.language.analysis.check import may_wait, resolve
from windowservice.language.polars.deadlines import Truth, absent, by_truth, within_truth
from windowservice.language.polars.numbers import as_float, computed, refuse_beyond, share_compared
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.expressions import structure
from windowservice.language.tree.kernels import DATE
from windowservice.language.tree.nodes import Aggregate, AsOf, By, Const, FactNode, Kernel, Op, Within
from windowservice.language.tree.operators import OPERATORS
from windowservice.language.tree.values import ValueType, span_us

if TYPE_CHECKING:
    import polars as pl

    from windowservice.language.tree.kernels import Binding

__all__ = ["ColumnLevel", "Truth", "has_column"]

V = ValueType
_LOGIC: Final = ("and", "or", "not")
_LARGE: Final = 200
"""How large a Polars expression may be that is repeated; what is larger becomes a column."""
_FEW_WORDS: Final = 3
"""With more, one look into a set is quicker than one comparison for each."""
_NUMBERS: Final[dict[ValueType, Callable[[Any], int]]] = {
    V.INSTANT: datetime_us, V.DATE: date.toordinal, V.SPAN: span_us, V.WORK: attrgetter("us"),
}  # fmt: skip
"""The types that columns hold as whole numbers, and how a constant of theirs becomes one."""


def has_column(call: Kernel[Any]) -> bool:
    """Whether columns compute a call themselves: the civil date of an instant, and what rests on a date alone."""
    return call.kernel is DATE or call.kernel.by_day


class ColumnLevel:
    """Polars expressions over one frame: of records, or of their children. Subclasses know the leaves."""

    frame: pl.DataFrame

    def __init__(self, as_of: int, binding: Binding) -> None:
        import polars

        self.pl = polars
        self.as_of = as_of
        self.binding = binding
        self.bounds: dict[tuple[Any, ...], int] = {}
        self.keyed: dict[tuple[tuple[Any, ...], ...], tuple[Any, list[Any]]] = {}
        self._held: dict[tuple[Any, ...], Truth] = {}
        self._weights: dict[tuple[Any, ...], int] = {}
        self.ended: dict[tuple[Any, ...], tuple[pl.Expr, pl.Expr]] = {}

    def leaf(self, expr: Expr[Any]) -> pl.Expr:
        """Return the column of a fact, figure, aggregate, kernel call or look-around."""
        raise NotImplementedError

    def absence(self, expr: Expr[Any]) -> pl.Expr | None:
        """Return where a leaf is missing because it has not happened; None if that is never known."""
        raise NotImplementedError

    def is_doubtful(self, _expr: Expr[Any]) -> bool:
        """Return whether that a value is missing proves nothing."""
        return False

    def words(self, expr: Expr[Any]) -> frozenset[str] | None:
        """Return the only words that a text column can hold, if its type lists them."""
        raise NotImplementedError

    def limit_code(self, limit: Any) -> int:
        """Return the code under which the run knows a limit."""
        raise NotImplementedError

    def series(self, expr: Expr[Any]) -> pl.Series:
        """Return the column of an expression, as long as the frame."""
        found = self.value(expr)  # first: it may put columns into the frame
        return self._long(self.frame.select(found).to_series())

    def exact(self, expr: Expr[Any]) -> Any:
        """Return an exact decimal that is the same for all rows."""
        raise NotImplementedError

    # functions

    def called(self, call: Kernel[Any]) -> pl.Series:
        """Return what a call gives that columns compute themselves: dates, and what rests on a date alone."""
        return self._by_day(call) if call.kernel.by_day else self._date_of(call)

    def _by_day(self, call: Kernel[Any]) -> pl.Series:
        import numpy as np

        days, counted = self.series(call.args[0]), call.kernel.bind(self.binding)
        known = days.drop_nulls()
        if not len(known):
            return days.cast(self.pl.Int64)
        low, high = int(known.min()), int(known.max())  # type: ignore[arg-type]
        each = np.arange(low, high + 1) if high - low < len(known) else known.unique().sort().to_numpy()
        held = days.fill_null(low).to_numpy()
        found = np.array([counted(day) for day in each.tolist()], np.int64)
        first = found[held - low] if high - low < len(known) else found[np.searchsorted(each, held)]
        return self.pl.Series(first).set(days.is_null(), None) if days.null_count() else self.pl.Series(first)

    def _date_of(self, call: Kernel[Any]) -> pl.Series:
        from windowservice.worktime.columns.data import Column
        from windowservice.worktime.columns.worked import date_of

        at = self.series(call.args[0])
        known = None if not at.null_count() else at.is_not_null().to_numpy()
        found = date_of(Column(at.fill_null(0).to_numpy(), known), self.binding.calendar)
        days = self.pl.Series(found.values)
        return days if known is None else days.set(~self.pl.Series(known), None)

    # what is large, put into columns

    def put(self, column: pl.Expr) -> pl.Expr:
        """Return a column of the frame that holds the result: what is asked for more than once must not grow."""
        series = self._long(self.frame.select(column).to_series())
        name = f"__p{len(self.frame.columns)}"
        self.frame = self.frame.with_columns(series.alias(name))
        found: pl.Expr = self.pl.col(name)
        return found

    def _long(self, series: pl.Series) -> pl.Series:
        """Return the column as long as the frame: of a constant alone Polars makes one row."""
        rows = self.frame.height
        return series if len(series) == rows else series.new_from_index(0, rows)

    def inlines(self, expr: Expr[Any]) -> bool:
        """Whether a derived fact is written out where it stands, instead of read from a column."""
        return may_wait(expr)

    def _weight(self, expr: Expr[Any]) -> int:
        """Return about how large the Polars expression is; what is asked of an operand is asked twice by most."""
        if self.inlines(expr):
            expr = resolve(expr)
        if not isinstance(expr, (Op, By, Within)):
            return 1
        key = structure(expr)
        if key not in self._weights:
            self._weights[key] = 1 + 2 * sum(self._weight(operand) for operand in expr.operands)
        return self._weights[key]

    # values

    def value(self, expr: Expr[Any]) -> pl.Expr:
        """Return the column of any expression."""
        if isinstance(expr, Const):
            return self._constant(expr)
        if isinstance(expr, AsOf):
            return self.pl.lit(self.as_of, self.pl.Int64)
        if isinstance(expr, (By, Within)) or (isinstance(expr, Op) and expr.name in _LOGIC):
            return self.truth(expr).value
        if not isinstance(expr, Op):
            return self.leaf(expr)
        if expr.name.startswith("part_"):
            return self.leaf(expr)
        key = structure(expr)
        if key in self._held:
            return self._held[key].value
        found = self._operator(expr)
        if self._weight(expr) > _LARGE:
            found = self.put(found)
            self._held[key], self._weights[key] = Truth(found, None), 1
        return found

    def _constant(self, expr: Const[Any]) -> pl.Expr:
        value, kind = expr.value, expr.type
        if kind in _NUMBERS:
            return self.pl.lit(_NUMBERS[kind](value), self.pl.Int64)
        if kind is V.LIMIT:
            return self.pl.lit(self.limit_code(value), self.pl.Int64)
        if kind is V.TEXTS:
            return self.pl.lit(self.pl.Series([sorted(value)], dtype=self.pl.List(self.pl.String))).first()
        if kind is V.INT:
            refuse_beyond(expr, abs(value))
        if kind in (V.BOOL, V.INT, V.TEXT, V.FLOAT):
            return self.pl.lit(value)
        raise NotColumnar(str(expr), f"a constant of the type {kind}")

    def _operator(self, expr: Op[Any]) -> pl.Expr:
        if V.RATIO in (arg.type for arg in expr.args) and (compared := share_compared(self, expr)) is not None:
            return compared
        if V.RATIO in (expr.type, *(arg.type for arg in expr.args)):
            raise NotColumnar(str(expr), "exact ratios")
        if V.DECIMAL in (expr.type, *(arg.type for arg in expr.args)):
            raise NotColumnar(str(expr), "exact decimals")
        if expr.name in _SPECIAL:
            return _SPECIAL[expr.name](self, *expr.args)
        columns = OPERATORS[expr.name].columns
        if columns is None:
            raise NotColumnar(str(expr), f"the operator {expr.name}")
        values = self._alike(*expr.args)
        found: pl.Expr = columns(*values)
        if len(values) == 2 and V.TEXTS in (arg.type for arg in expr.args):
            found = self._both_known(values[0], values[1], found)
        return computed(self, expr, found)

    def _alike(self, *args: Expr[Any]) -> list[pl.Expr]:
        """Return operands, all as floats if one is a float, and texts as texts whatever list of words they are from."""
        if V.FLOAT in (arg.type for arg in args):
            return [as_float(self, arg) for arg in args]
        return [self._passed_on(arg) for arg in args]

    def _both_known(self, left: pl.Expr, right: pl.Expr, then: pl.Expr) -> pl.Expr:
        return self.pl.when(left.is_not_null() & right.is_not_null()).then(then)

    def _eq(self, left: Expr[Any], right: Expr[Any]) -> pl.Expr:
        if left.type is V.TEXTS:
            held, wanted = self.value(left), self.value(right)
            apart = held.list.set_difference(wanted).list.len() + wanted.list.set_difference(held).list.len()
            return self._both_known(held, wanted, apart == 0)
        for one, other in ((left, right), (right, left)):
            if isinstance(other, Const) and other.type is V.TEXT:
                words = self.words(one)
                if words is not None and other.value not in words:
                    return self.pl.when(self.value(one).is_not_null()).then(self.pl.lit(False))
        if left.type is V.TEXT and not isinstance(left, Const) and not isinstance(right, Const):
            return self.value(left).cast(self.pl.String) == self.value(right).cast(self.pl.String)
        if V.TEXT in (left.type, right.type):
            return self.value(left) == self.value(right)
        if left.type is V.LIMIT:
            raise NotColumnar(f"{left} == {right}", "limits that are compared")
        held, beside = self._alike(left, right)
        return held == beside

    def _ne(self, left: Expr[Any], right: Expr[Any]) -> pl.Expr:
        return ~self._eq(left, right)

    def _div(self, left: Expr[Any], right: Expr[Any]) -> pl.Expr:
        dividend, divisor = self._alike(left, right)
        return self.pl.when(divisor != 0).then(dividend / divisor).fill_nan(None)

    def _is_missing(self, arg: Expr[Any]) -> pl.Expr:
        return ~self._happened(arg) if self.is_doubtful(arg) else self.value(arg).is_null()

    def _is_known(self, arg: Expr[Any]) -> pl.Expr:
        return self._happened(arg) if self.is_doubtful(arg) else self.value(arg).is_not_null()

    def _happened(self, arg: Expr[Any]) -> pl.Expr:
        yes = self.pl.when(self.value(arg).is_not_null()).then(self.pl.lit(True))
        absent = self.absent(arg)
        return yes if absent is None else yes.when(absent).then(self.pl.lit(False))

    def _otherwise(self, left: Expr[Any], right: Expr[Any]) -> pl.Expr:
        if not self.is_doubtful(left):
            return self.pl.coalesce(self._passed_on(left), self._passed_on(right))
        gone = self.absent(left)
        known = self.pl.when(self.value(left).is_not_null()).then(self._passed_on(left))
        return known if gone is None else known.when(gone).then(self._passed_on(right))

    def _choose(self, condition: Expr[Any], yes: Expr[Any], no: Expr[Any]) -> pl.Expr:
        holds = self.value(condition)
        return self.pl.when(holds).then(self._passed_on(yes)).when(~holds).then(self._passed_on(no))

    def _passed_on(self, expr: Expr[Any]) -> pl.Expr:
        """Return a value that stands beside another: of two enumerations each lacks words of the other."""
        value = self.value(expr)
        return value.cast(self.pl.String) if expr.type is V.TEXT else value

    def _one_of(self, text: Expr[Any], words: Expr[Any]) -> pl.Expr:
        assert isinstance(words, Const)  # noqa: S101 - built by Expr.one_of
        known = self.words(text)
        wanted = sorted(words.value if known is None else words.value & known)
        value = self.value(text)
        if not wanted:
            return self.pl.when(value.is_not_null()).then(self.pl.lit(False))
        if len(wanted) > _FEW_WORDS:
            return value.is_in(wanted)
        found: pl.Expr = reduce(lambda a, b: a | b, (value == word for word in wanted))
        return found

    # truth

    def truth(self, expr: Expr[Any]) -> Truth:
        """Return the truth of a condition in columns."""
        found = resolve(expr)
        logic = isinstance(found, Op) and found.name in _LOGIC
        if not may_wait(expr) and (not logic or isinstance(expr, FactNode)):
            return Truth(self.value(expr), None)
        key = structure(found)
        if key in self._held:
            return self._held[key]
        truth = self._truth(found)
        if self._weight(found) > _LARGE:
            truth = Truth(self.put(truth.value), None if truth.waits is None else self.put(truth.waits))
            self._held[key], self._weights[key] = truth, 1
        return truth

    def _truth(self, expr: Expr[Any]) -> Truth:
        if isinstance(expr, By):
            return by_truth(self, expr)
        if isinstance(expr, Aggregate):  # of deadlines of children: its absence says where it waits
            return Truth(self.leaf(expr), self.absence(expr))
        if isinstance(expr, Within):
            return within_truth(self, expr)
        assert isinstance(expr, Op)  # noqa: S101 - what waits is a deadline test, or and, or, not over one
        return self._logic(expr.name, [self.truth(arg) for arg in expr.args])

    def _logic(self, name: str, args: list[Truth]) -> Truth:
        if name == "not":
            return Truth(~args[0].value, args[0].waits)
        left, right = args
        value = left.value & right.value if name == "and" else left.value | right.value
        if left.waits is None and right.waits is None:
            return Truth(value, None)
        waits = []
        for arg in args:
            same = arg.value if name == "and" else ~arg.value
            waits.append((same.fill_null(False), arg.waits if arg.waits is not None else self.pl.lit(False)))
        passable = [same | wait for same, wait in waits]
        return Truth(value, passable[0] & passable[1] & (waits[0][1] | waits[1][1]))

    def absent(self, expr: Expr[Any]) -> pl.Expr | None:
        """Return where an instant is missing because it has not happened yet; None if nobody can tell that anywhere."""
        return absent(self, expr)


_SPECIAL: Final[dict[str, Callable[..., pl.Expr]]] = {
    "eq": ColumnLevel._eq,
    "ne": ColumnLevel._ne,
    "div": ColumnLevel._div,
    "is_missing": ColumnLevel._is_missing,
    "is_known": ColumnLevel._is_known,
    "happened": ColumnLevel._happened,
    "otherwise": ColumnLevel._otherwise,
    "choose": ColumnLevel._choose,
    "one_of": ColumnLevel._one_of,
}
"""The operators that must know more of their operands than their columns; logic and parts of clocks are read before."""
