"""The tree that a rule is: constants, facts, operators, the deadline test, aggregates over children, and kernel calls.

An expression is a value. It is built by Python's operators over facts, checked while it is built, and never evaluated here: the
compilers in this package read the tree. Two expressions are compared by `same`, because ``==`` builds a comparison.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar

import attrs

from windowservice.errors import ExpressionTruth, InvalidRule, MovingComparison, TypeMismatch, UnknownWord
from windowservice.language.operators import COMPARISONS, OPERATORS, infer
from windowservice.language.scope import Scope, merge, up
from windowservice.language.values import NUMBERS, ORDERED, ValueType, type_of_value
from windowservice.worktime.limits import Limit
from windowservice.worktime.spans import WorkSpan

if TYPE_CHECKING:
    from windowservice.language.kernels import KernelDef

__all__ = [
    "Aggregate", "AsOf", "By", "Const", "Expr", "Kernel", "Look", "Op", "Within",
    "as_of", "choose", "collect", "operation", "same", "structure", "walk",
]  # fmt: skip

T = TypeVar("T")
S = TypeVar("S")
V = ValueType


class Expr(Generic[T]):
    """An expression whose value, once facts are known, is a ``T`` or missing."""

    __slots__ = ("_structure",)
    __hash__ = None  # type: ignore[assignment]  # a set or dict of expressions would compare them by ==, which builds a tree

    type: ValueType
    unit: str | None
    scope: Scope | None

    @property
    def operands(self) -> tuple[Expr[Any], ...]:
        """The expressions directly below this one."""
        return ()

    def __bool__(self) -> NoReturn:
        raise ExpressionTruth(
            "and, or, not, if, or a chained comparison", "&, |, ~, .choose(a, b), or two comparisons joined by &", str(self)
        )

    def __contains__(self, _item: object) -> NoReturn:
        raise ExpressionTruth("in", "text.one_of(...) or texts.contains(...)", str(self))

    def __iter__(self) -> NoReturn:
        raise ExpressionTruth("iteration", "an aggregate such as .first(), .count() or .any()", str(self))

    def __str__(self) -> str:
        from windowservice.language.text import to_text

        return to_text(self)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self}>"

    # comparisons: missing operands make them unknown

    def __eq__(self, other: Expr[T] | T) -> Expr[bool]:  # type: ignore[override]
        return operation("eq", self, other)

    def __ne__(self, other: Expr[T] | T) -> Expr[bool]:  # type: ignore[override]
        return operation("ne", self, other)

    def __lt__(self, other: Expr[T] | T) -> Expr[bool]:
        return operation("lt", self, other)

    def __le__(self, other: Expr[T] | T) -> Expr[bool]:
        return operation("le", self, other)

    def __gt__(self, other: Expr[T] | T) -> Expr[bool]:
        return operation("gt", self, other)

    def __ge__(self, other: Expr[T] | T) -> Expr[bool]:
        return operation("ge", self, other)

    # logic of four values

    def __and__(self: Expr[bool], other: Expr[bool]) -> Expr[bool]:
        return operation("and", self, other)

    def __or__(self: Expr[bool], other: Expr[bool]) -> Expr[bool]:
        return operation("or", self, other)

    def __invert__(self: Expr[bool]) -> Expr[bool]:
        return operation("not", self)

    # arithmetic

    def __add__(self, other: Expr[Any] | Any) -> Expr[T]:
        return operation("add", self, other)

    def __sub__(self, other: Expr[Any] | Any) -> Expr[Any]:
        return operation("sub", self, other)

    def __mul__(self, other: Expr[Any] | Any) -> Expr[T]:
        return operation("mul", self, other)

    def __truediv__(self, other: Expr[Any] | Any) -> Expr[Any]:
        return operation("div", self, other)

    def __neg__(self) -> Expr[T]:
        return operation("neg", self)

    # missing data

    def is_missing(self) -> Expr[bool]:
        """Whether no value is known; never itself unknown."""
        return operation("is_missing", self)

    def is_known(self) -> Expr[bool]:
        """Whether a value is known; never itself unknown."""
        return operation("is_known", self)

    def otherwise(self, other: Expr[T] | T) -> Expr[T]:
        """The value, or the other where it is missing."""
        return operation("otherwise", self, other)

    def choose(self: Expr[bool], yes: Expr[S] | S, no: Expr[S] | S) -> Expr[S]:
        """One value where the condition is true, another where it is false; missing where it is unknown."""
        return operation("choose", self, yes, no)

    # texts and sets of texts

    def one_of(self: Expr[str], *words: str) -> Expr[bool]:
        """Whether the text is one of the words."""
        _check_words(self, words)
        return operation("one_of", self, frozenset(words))

    def contains(self: Expr[frozenset[str]], item: Expr[str] | str) -> Expr[bool]:
        """Whether the set holds the text."""
        return operation("contains", self, item)

    def covers(self: Expr[frozenset[str]], other: Expr[frozenset[str]] | frozenset[str]) -> Expr[bool]:
        """Whether the set holds everything that the other holds."""
        return operation("covers", self, other)

    def minus(self: Expr[frozenset[str]], other: Expr[frozenset[str]] | frozenset[str]) -> Expr[frozenset[str]]:
        """What the set holds and the other does not."""
        return operation("minus", self, other)

    def with_all(self: Expr[frozenset[str]], other: Expr[frozenset[str]] | frozenset[str]) -> Expr[frozenset[str]]:
        """What either set holds."""
        return operation("union", self, other)

    def common(self: Expr[frozenset[str]], other: Expr[frozenset[str]] | frozenset[str]) -> Expr[frozenset[str]]:
        """What both sets hold."""
        return operation("common", self, other)

    def size(self: Expr[frozenset[str]]) -> Expr[int]:
        """How many texts the set holds."""
        return operation("size", self)

    # time

    def by(self: Expr[datetime], due: Expr[datetime] | datetime) -> Expr[bool]:
        """The deadline test: done at or before due; waiting while not done and still in time; false once late."""
        return By(self, _coerce(due))

    def within(self, bound: Expr[Any] | Any) -> Expr[bool]:
        """The same test for a span that grows until it is closed: at most the bound."""
        return Within(self, _coerce(bound))

    def date(self: Expr[datetime]) -> Expr[date]:
        """The civil date of the instant in the zone of the calendar."""
        from windowservice.language.kernels import DATE

        return DATE(self)

    # aggregates over children: on an expression of the child's scope

    def first(self, where: Expr[bool] | None = None) -> Expr[T]:
        """The value at the first child (that fulfils `where`); missing if there is none."""
        return Aggregate("first", (self,), where)

    def last(self, where: Expr[bool] | None = None) -> Expr[T]:
        """The value at the last child (that fulfils `where`); missing if there is none."""
        return Aggregate("last", (self,), where)

    def count(self, where: Expr[bool] | None = None) -> Expr[int]:
        """How many children (that fulfil `where`) there are; of a truth value, how many are true."""
        if self.type is V.BOOL:
            where = self if where is None else where & self
        return Aggregate("count", (), where, _scope_of(self))

    def sum(self, where: Expr[bool] | None = None) -> Expr[T]:
        """The sum over the children; unknown if one value is missing, zero if there are none."""
        return Aggregate("sum", (self,), where)

    def min(self, where: Expr[bool] | None = None) -> Expr[T]:
        """The least value over the children; missing if there are none."""
        return Aggregate("min", (self,), where)

    def max(self, where: Expr[bool] | None = None) -> Expr[T]:
        """The greatest value over the children; missing if there are none."""
        return Aggregate("max", (self,), where)

    def any(self: Expr[bool], where: Expr[bool] | None = None) -> Expr[bool]:
        """Whether it is true of some child."""
        return Aggregate("any", (self,), where)

    def all(self: Expr[bool], where: Expr[bool] | None = None) -> Expr[bool]:
        """Whether it is true of every child; true if there are none."""
        return Aggregate("all", (self,), where)

    def union(self, where: Expr[bool] | None = None) -> Expr[frozenset[str]]:
        """The texts of all children in one set."""
        return Aggregate("union", (self,), where)

    # look-around: from one child to its neighbours, on an expression of the child's scope

    def previous(self, where: Expr[bool] | None = None) -> Expr[T]:
        """The value at the nearest earlier child (that fulfils `where`)."""
        return Look("previous", self, where)

    def latest(self, where: Expr[bool] | None = None) -> Expr[T]:
        """The value at this child or the nearest earlier one (that fulfils `where`)."""
        return Look("latest", self, where)

    def next(self) -> Expr[T]:
        """The value at the next child."""
        return Look("next", self, None)

    def seen_before(self, where: Expr[bool] | None = None) -> Expr[bool]:
        """Whether an earlier child (that fulfils `where`) had the same value."""
        return Look("seen_before", self, where)


def _scope_of(expr: Expr[Any]) -> Scope | None:
    return expr.scope


@attrs.frozen(eq=False, repr=False, str=False)
class Const(Expr[T]):
    """A constant."""

    value: T
    type: ValueType
    unit: str | None = None
    scope: Scope | None = None


@attrs.frozen(eq=False, repr=False, str=False)
class AsOf(Expr[datetime]):
    """The instant as of which is judged."""

    type: ValueType = V.INSTANT
    unit: str | None = None
    scope: Scope | None = None


as_of = AsOf()


@attrs.frozen(eq=False, repr=False, str=False)
class Op(Expr[T]):
    """An operator of the table over its operands."""

    name: str
    args: tuple[Expr[Any], ...]
    type: ValueType
    unit: str | None
    scope: Scope | None

    @property
    def operands(self) -> tuple[Expr[Any], ...]:
        """The operands in order."""
        return self.args


@attrs.frozen(eq=False, repr=False, str=False)
class By(Expr[bool]):
    """The deadline test on an instant that happens once."""

    done: Expr[datetime]
    due: Expr[datetime]
    type: ValueType = attrs.field(init=False, default=V.BOOL)
    unit: str | None = attrs.field(init=False, default=None)
    scope: Scope | None = attrs.field(init=False)

    @scope.default
    def _merged(self) -> Scope | None:
        if self.done.type is not V.INSTANT or self.due.type is not V.INSTANT:
            raise TypeMismatch("by", "two instants", (str(self.done.type), str(self.due.type)))
        return merge(self.done.scope, self.due.scope)

    @property
    def operands(self) -> tuple[Expr[Any], ...]:
        """When it was done and when it was due."""
        return (self.done, self.due)


@attrs.frozen(eq=False, repr=False, str=False)
class Within(Expr[bool]):
    """The deadline test on a span that grows until it is closed."""

    span: Expr[Any]
    bound: Expr[Any]
    type: ValueType = attrs.field(init=False, default=V.BOOL)
    unit: str | None = attrs.field(init=False, default=None)
    scope: Scope | None = attrs.field(init=False)

    @scope.default
    def _merged(self) -> Scope | None:
        span, bound = self.span.type, self.bound.type
        numbers = span in NUMBERS and bound in NUMBERS
        if span not in ORDERED or span in (V.INSTANT, V.DATE) or not (span == bound or numbers):
            raise TypeMismatch("within", "a span or amount and a bound of the same kind", (str(span), str(bound)))
        return merge(self.span.scope, self.bound.scope)

    @property
    def operands(self) -> tuple[Expr[Any], ...]:
        """The span and its bound."""
        return (self.span, self.bound)


_AGGREGATES = {
    "first": None, "last": None, "count": V.INT, "sum": None, "min": None, "max": None,
    "any": V.BOOL, "all": V.BOOL, "union": V.TEXTS, "collect": V.ROWS,
}  # fmt: skip


@attrs.frozen(eq=False, repr=False, str=False)
class Aggregate(Expr[T]):
    """One value over the children of a record.

    Attributes:
        how: ``first``, ``last``, ``count``, ``sum``, ``min``, ``max``, ``any``, ``all``, ``union`` or ``collect``.
        values: the expressions of the child's scope that are gathered.
        where: which children count; all, if None.
        child: the scope of the child.
    """

    how: str
    values: tuple[Expr[Any], ...]
    where: Expr[bool] | None
    child: Scope = attrs.field()
    type: ValueType = attrs.field(init=False)
    unit: str | None = attrs.field(init=False)
    scope: Scope | None = attrs.field(init=False)

    @child.default
    def _child(self) -> Scope:
        scope = None
        for expr in (*self.values, *(() if self.where is None else (self.where,))):
            scope = merge(scope, expr.scope)
        return scope  # type: ignore[return-value]  # None is refused below, where the message can name the aggregate

    @type.default
    def _type(self) -> ValueType:
        if self.where is not None and self.where.type is not V.BOOL:
            raise TypeMismatch(f"{self.how}(where=)", "a truth value", (str(self.where.type),))
        _check_gathered(self.how, self.values)
        return _AGGREGATES[self.how] or self.values[0].type

    @unit.default
    def _unit(self) -> str | None:
        return self.values[0].unit if self.how in ("first", "last", "sum", "min", "max") else None

    @scope.default
    def _scope(self) -> Scope | None:
        if self.child is None:
            raise InvalidRule(self.how, "an aggregate over no child's facts", "use it on a fact of a child, as in event.at.first()")
        if self.where is not None:
            merge(self.child, self.where.scope)
        return up(self.child)

    @property
    def operands(self) -> tuple[Expr[Any], ...]:
        """What is gathered and the condition on the children."""
        return self.values if self.where is None else (*self.values, self.where)


def _check_gathered(how: str, values: tuple[Expr[Any], ...]) -> None:
    wanted = {
        "sum": NUMBERS | {V.SPAN, V.WORK}, "min": ORDERED, "max": ORDERED, "any": {V.BOOL}, "all": {V.BOOL}, "union": {V.TEXT, V.TEXTS},
    }.get(how)  # fmt: skip
    if wanted is not None and values[0].type not in wanted:
        raise TypeMismatch(how, " or ".join(sorted(str(w) for w in wanted)), (str(values[0].type),))


@attrs.frozen(eq=False, repr=False, str=False)
class Look(Expr[T]):
    """A value at a neighbouring child."""

    how: str
    value: Expr[Any]
    where: Expr[bool] | None
    type: ValueType = attrs.field(init=False)
    unit: str | None = attrs.field(init=False)
    scope: Scope | None = attrs.field(init=False)

    @type.default
    def _type(self) -> ValueType:
        return V.BOOL if self.how == "seen_before" else self.value.type

    @unit.default
    def _unit(self) -> str | None:
        return None if self.how == "seen_before" else self.value.unit

    @scope.default
    def _scope(self) -> Scope | None:
        return self.value.scope if self.where is None else merge(self.value.scope, self.where.scope)

    @property
    def operands(self) -> tuple[Expr[Any], ...]:
        """What is looked at and the condition on the neighbour."""
        return (self.value,) if self.where is None else (self.value, self.where)


@attrs.frozen(eq=False, repr=False, str=False)
class Kernel(Expr[T]):
    """A call of the working-time kernel, or of a plugin's own Python."""

    kernel: KernelDef
    args: tuple[Expr[Any], ...]
    type: ValueType
    unit: str | None
    scope: Scope | None

    @property
    def operands(self) -> tuple[Expr[Any], ...]:
        """The arguments in order."""
        return self.args


def _coerce(value: Any, beside: Expr[Any] | None = None) -> Expr[Any]:
    """Return the value as an expression; a plain value becomes a constant."""
    if isinstance(value, Expr):
        return value
    if beside is not None and beside.type is V.LIMIT and isinstance(value, str):
        value = Limit.parse(value)
    if isinstance(value, set):
        value = frozenset(value)
    return Const(value, type_of_value(value, f"beside {beside}" if beside is not None else repr(value)))


def operation(name: str, *values: Any) -> Expr[Any]:
    """Return the operator over its operands, checked.

    Raises:
        TypeMismatch, UnitMismatch, ScopeMismatch, UnknownWord, MovingComparison: if it could never be right.
    """
    head = values[0]
    args = tuple(_coerce(value, head if isinstance(head, Expr) else None) for value in values)
    if name in COMPARISONS:
        _check_comparison(name, args)
    kind, unit = infer(name, args)
    scope = None
    for arg in args:
        scope = merge(scope, arg.scope)
    return Op(name, args, kind, unit, scope)


def _check_comparison(name: str, args: tuple[Expr[Any], ...]) -> None:
    from windowservice.language.check import moves

    left, right = args
    for one, other in ((left, right), (right, left)):
        if isinstance(other, Const) and isinstance(other.value, str):
            _check_words(one, (other.value,))
        if moves(one):
            raise MovingComparison(f"{one} {OPERATORS[name].symbol} {other}")


def _check_words(expr: Expr[Any], words: tuple[str, ...]) -> None:
    known = _words(expr)
    if known:
        for word in words:
            if word not in known:
                raise UnknownWord(str(expr), word, tuple(sorted(known)))


def _words(expr: Expr[Any]) -> frozenset[str]:
    """Return the enumeration behind a text, through whatever passes the value on unchanged; empty if open."""
    found: frozenset[str] = getattr(expr, "words", frozenset())
    if found:
        return found
    if isinstance(expr, Look) or (isinstance(expr, Aggregate) and expr.how in ("first", "last", "min", "max")):
        return _words(expr.operands[0])
    definition = getattr(expr, "definition", None)
    return _words(definition) if definition is not None else frozenset()


def collect(*values: Expr[Any], where: Expr[bool] | None = None) -> Expr[Any]:
    """Gather several values of each child as rows, in the order of the children, for a kernel."""
    return Aggregate("collect", values, where)


def choose(condition: Expr[bool], yes: Expr[T] | T, no: Expr[T] | T) -> Expr[T]:
    """One value where the condition is true, another where it is false."""
    return condition.choose(yes, no)


def walk(expr: Expr[Any]) -> Iterator[Expr[Any]]:
    """Yield the expression and all below it, parents first; definitions of facts are not entered."""
    yield expr
    for operand in expr.operands:
        yield from walk(operand)


def structure(expr: Expr[Any]) -> tuple[Any, ...]:
    """Return nested tuples that are equal for two expressions of the same structure; hashable."""
    try:
        return expr._structure  # type: ignore[attr-defined,no-any-return]  # noqa: SLF001
    except AttributeError:
        found = _structure(expr)
        object.__setattr__(expr, "_structure", found)
        return found


def _structure(expr: Expr[Any]) -> tuple[Any, ...]:
    below = tuple(structure(operand) for operand in expr.operands)
    if isinstance(expr, Const):
        return ("const", type(expr.value).__name__, str(expr.value) if isinstance(expr.value, WorkSpan) else expr.value)
    if isinstance(expr, Op):
        return (expr.name, *below)
    if isinstance(expr, (Aggregate, Look)):
        return (type(expr).__name__, expr.how, expr.where is None, repr(getattr(expr, "child", "")), *below)
    if isinstance(expr, Kernel):
        return ("kernel", expr.kernel.name, *below)
    identity = getattr(expr, "identity", ())
    return (type(expr).__name__, *identity, *below)


def same(left: Expr[Any], right: Expr[Any]) -> bool:
    """Whether two expressions are the same tree (``==`` builds a comparison instead)."""
    return structure(left) == structure(right)
