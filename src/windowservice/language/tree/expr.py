"""What an author may write on an expression: Python's operators and a few methods, each making a larger expression.

Only `Expr` is here. The kinds of node are in `nodes`; `expressions`, which knows them all, is the `Builder` of what the
methods make.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Generic, NoReturn, TypeVar, cast, overload

from windowservice.asked import told
from windowservice.errors import ExpressionTruth, UnknownAttribute
from windowservice.language.tree.scope import Scope, Where, merge
from windowservice.language.tree.values import ValueType

if TYPE_CHECKING:
    from windowservice.language.tree.kernels import Function

__all__ = ["Builder", "Expr", "builder", "kept", "told_by", "walk"]

T = TypeVar("T")
S = TypeVar("S")
_OF_ALL: Final = frozenset({"type", "unit", "scope", "operands", "parts"})
"""What every expression says of itself; one that lacks it is not yet made."""
_MEANT: Final = {
    **dict.fromkeys(("is_null", "isnull", "isna", "is_none", "is_empty"), "write .is_missing()"),
    **dict.fromkeys(("is_not_null", "notnull", "notna", "exists"), "write .is_known(), of an instant .happened()"),
    **dict.fromkeys(("isin", "is_in", "any_of", "startswith", "like", "lower"), "write .one_of('P1', 'P2')"),
    **dict.fromkeys(("between", "is_between"), "write two comparisons joined by &, as in (a >= 1) & (a <= 3)"),
    **dict.fromkeys(("fillna", "fill_null", "coalesce"), "write .otherwise(value)"),
}
"""What those write who know other libraries, with what it is here."""
kept = object.__getattribute__
"""Gives what an expression keeps of itself, or an AttributeError at once; a name asked for in the usual way would be
sought among its methods first."""


@told
class Expr(Generic[T]):
    """An expression whose value, once facts are known, is a ``T`` or missing."""

    __slots__ = ("_open", "_parts", "_scope", "_structure", "_told")
    __hash__ = None  # type: ignore[assignment]  # a set or dict of expressions would compare them by ==, which builds a tree

    type: ValueType
    unit: str | None

    @property
    def scope(self) -> Scope | None:
        """Which record it speaks of; None of a constant, and of facts whose class is not yet complete.

        Asked, never stored early: a fact has no class before the class body ends.
        """
        try:
            return cast("Scope | None", kept(self, "_scope"))
        except AttributeError:
            found = self._scope_now()
        if self.is_settled:
            object.__setattr__(self, "_scope", found)
        return found

    @property
    def is_settled(self) -> bool:
        """Whether every fact below has its class, so that what is told of the expression stays."""
        return self.open_fact is None

    @property
    def open_fact(self) -> Expr[Any] | None:
        """A fact below that has no class yet; None if all have theirs."""
        try:
            kept(self, "_scope")
        except AttributeError:
            pass
        else:
            return None
        try:
            found = cast("Expr[Any] | None", kept(self, "_open").open_fact)
        except AttributeError:
            found = None
        for operand in () if found is not None else self.operands:
            if (found := operand.open_fact) is not None:
                object.__setattr__(self, "_open", found)  # looked at first the next time: most wait for one class
                break
        return found

    def _scope_now(self) -> Scope | None:
        found: Scope | None = None
        for operand in self.operands:
            found = merge(found, operand.scope)
        return found

    @property
    def operands(self) -> tuple[Expr[Any], ...]:
        """The expressions directly below this one."""
        return ()

    @property
    def parts(self) -> int:
        """How many parts it has, written out; a fact is one part, whatever it rests on."""
        try:
            return cast("int", kept(self, "_parts"))
        except AttributeError:
            found = 1 + sum([operand.parts for operand in self.operands])
        object.__setattr__(self, "_parts", found)
        return found

    def as_operand(self) -> Expr[T]:
        """Return what stands for this expression inside another; some refuse, because they need another form there."""
        return self

    def __bool__(self) -> NoReturn:
        raise ExpressionTruth(
            "and, or, not, in, if, or a chained comparison",
            "&, |, ~, .one_of(...), .choose(a, b), or two comparisons joined by &",
            str(self),
        )

    def __contains__(self, _item: object) -> NoReturn:
        raise ExpressionTruth("in", "text.one_of(...) or texts.contains(...)", str(self))

    def __iter__(self) -> NoReturn:
        raise ExpressionTruth("iteration", "an aggregate such as .first(), .count() or .any()", str(self))

    def __str__(self) -> str:
        return self._written()[0]

    def _written(self) -> tuple[str, int]:
        """Return its text, which parsed gives it again, and how tightly its outermost operator binds."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self}>"

    if not TYPE_CHECKING:  # or a type checker would take any name for a method

        def __getattr__(self, name: str) -> Any:
            """Refuse a method that there is not, with the nearest; what Python itself looks for is just not there."""
            if name.startswith("_") or name in _OF_ALL:
                raise AttributeError(name)
            known = (one for one in dir(type(self)) if not one.startswith("_") and callable(getattr(type(self), one)))
            raise UnknownAttribute(f"the expression {self}", "method", name, known, _MEANT.get(name, ""))

    # comparisons: missing operands make them unknown

    def __eq__(self, other: Expr[T] | T) -> Expr[bool]:  # type: ignore[override]
        return builder().operation("eq", self, other)

    def __ne__(self, other: Expr[T] | T) -> Expr[bool]:  # type: ignore[override]
        return builder().operation("ne", self, other)

    def __lt__(self, other: Expr[T] | T) -> Expr[bool]:
        return builder().operation("lt", self, other)

    def __le__(self, other: Expr[T] | T) -> Expr[bool]:
        return builder().operation("le", self, other)

    def __gt__(self, other: Expr[T] | T) -> Expr[bool]:
        return builder().operation("gt", self, other)

    def __ge__(self, other: Expr[T] | T) -> Expr[bool]:
        return builder().operation("ge", self, other)

    # logic of four values

    def __and__(self: Expr[bool], other: Expr[bool]) -> Expr[bool]:
        return builder().operation("and", self, other)

    def __or__(self: Expr[bool], other: Expr[bool]) -> Expr[bool]:
        return builder().operation("or", self, other)

    def __invert__(self: Expr[bool]) -> Expr[bool]:
        return builder().operation("not", self)

    def __rand__(self, other: object) -> NoReturn:
        raise ExpressionTruth(
            f"{other!r} & ...", "each comparison in parentheses, because & binds tighter than ==", str(self)
        )

    def __ror__(self, other: object) -> NoReturn:
        raise ExpressionTruth(
            f"{other!r} | ...", "each comparison in parentheses, because | binds tighter than ==", str(self)
        )

    # arithmetic

    def __add__(self, other: object) -> Expr[T]:
        return builder().operation("add", self, other)

    def __radd__(self, other: object) -> Expr[T]:
        return builder().operation("add", other, self)

    def __sub__(self, other: object) -> Expr[Any]:
        return builder().operation("sub", self, other)

    def __rsub__(self, other: object) -> Expr[Any]:
        return builder().operation("sub", other, self)

    def __mul__(self, other: object) -> Expr[T]:
        return builder().operation("mul", self, other)

    def __rmul__(self, other: object) -> Expr[T]:
        return builder().operation("mul", other, self)

    def __truediv__(self, other: object) -> Expr[Any]:
        return builder().operation("div", self, other)

    def __rtruediv__(self, other: object) -> Expr[Any]:
        return builder().operation("div", other, self)

    def __neg__(self) -> Expr[T]:
        return builder().operation("neg", self)

    # missing data

    def is_missing(self) -> Expr[bool]:
        """Whether no value is known; never itself unknown."""
        return builder().operation("is_missing", self)

    def is_known(self) -> Expr[bool]:
        """Whether a value is known; never itself unknown."""
        return builder().operation("is_known", self)

    def happened(self: Expr[datetime]) -> Expr[bool]:
        """Whether it has happened as of the instant judged; unknown where nobody records it, unlike `is_known`."""
        return builder().operation("happened", self)

    def otherwise(self, other: Expr[T] | T) -> Expr[T]:
        """The value, or the other where it is missing."""
        return builder().operation("otherwise", self, other)

    @overload
    def choose(self: Expr[bool], yes: Expr[S], no: Expr[S]) -> Expr[S]: ...
    @overload
    def choose(self: Expr[bool], yes: Expr[S], no: S) -> Expr[S]: ...
    @overload
    def choose(self: Expr[bool], yes: S, no: Expr[S]) -> Expr[S]: ...
    @overload
    def choose(self: Expr[bool], yes: S, no: S) -> Expr[S]: ...
    def choose(self: Expr[bool], yes: Expr[S] | S, no: Expr[S] | S) -> Expr[S]:
        """One value where the condition is true, another where it is false; missing where it is unknown."""
        return builder().operation("choose", self, yes, no)

    # texts and sets of texts

    def one_of(self: Expr[str], *words: str | Collection[str]) -> Expr[bool]:
        """Whether the text is one of the words, given one by one or as one list."""
        return builder().one_of(self, words)

    def contains(self: Expr[frozenset[str]], item: Expr[str] | str) -> Expr[bool]:
        """Whether the set holds the text."""
        return builder().operation("contains", self, item)

    def covers(self: Expr[frozenset[str]], other: Expr[frozenset[str]] | frozenset[str]) -> Expr[bool]:
        """Whether the set holds everything that the other holds."""
        return builder().operation("covers", self, other)

    def minus(self: Expr[frozenset[str]], other: Expr[frozenset[str]] | frozenset[str]) -> Expr[frozenset[str]]:
        """What the set holds and the other does not."""
        return builder().operation("minus", self, other)

    def with_all(self: Expr[frozenset[str]], other: Expr[frozenset[str]] | frozenset[str]) -> Expr[frozenset[str]]:
        """What either set holds."""
        return builder().operation("union", self, other)

    def common(self: Expr[frozenset[str]], other: Expr[frozenset[str]] | frozenset[str]) -> Expr[frozenset[str]]:
        """What both sets hold."""
        return builder().operation("common", self, other)

    def size(self: Expr[frozenset[str]]) -> Expr[int]:
        """How many texts the set holds."""
        return builder().operation("size", self)

    # time

    def by(self: Expr[datetime], due: Expr[datetime] | datetime) -> Expr[bool]:
        """The deadline test: done at or before due; waiting while not done and still in time; false once late."""
        return builder().deadline_test(self, due)

    def within(self, bound: object) -> Expr[bool]:
        """The same test for a span that grows until it is closed: at most the bound."""
        return builder().growth_test(self, bound)

    def date(self: Expr[datetime]) -> Expr[date]:
        """The civil date of the instant in the zone of the calendar."""
        return builder().date(self)

    # aggregates over children: on an expression of the child's scope

    def first(self, where: Expr[bool] | None = None) -> Expr[T]:
        """The value at the first child (that fulfils `where`); missing if there is none."""
        return builder().gather("first", self, where)

    def last(self, where: Expr[bool] | None = None) -> Expr[T]:
        """The value at the last child (that fulfils `where`); missing if there is none."""
        return builder().gather("last", self, where)

    def count(self, where: Expr[bool] | None = None) -> Expr[int]:
        """How many children (that fulfil `where`) there are; of a truth value, how many are true."""
        return builder().gather("count", self, where)

    def sum(self, where: Expr[bool] | None = None) -> Expr[T]:
        """The sum over the children; unknown if one value is missing, zero if there are none."""
        return builder().gather("sum", self, where)

    def min(self, where: Expr[bool] | None = None) -> Expr[T]:
        """The least value over the children; unknown if one value is missing, missing if there are none."""
        return builder().gather("min", self, where)

    def max(self, where: Expr[bool] | None = None) -> Expr[T]:
        """The greatest value over the children; unknown if one value is missing, missing if there are none."""
        return builder().gather("max", self, where)

    def any(self: Expr[bool], where: Expr[bool] | None = None) -> Expr[bool]:
        """Whether it is true of some child; false if there are none."""
        return builder().gather("any", self, where)

    def all(self: Expr[bool], where: Expr[bool] | None = None) -> Expr[bool]:
        """Whether it is true of every child; true if there are none."""
        return builder().gather("all", self, where)

    def union(self, where: Expr[bool] | None = None) -> Expr[frozenset[str]]:
        """The texts of all children in one set; unknown if one is missing."""
        return builder().gather("union", self, where)

    def where(self, condition: Expr[bool]) -> Where[T]:
        """The value at those children that fulfil the condition: from where intervals begin, or to where they last."""
        return Where(self, condition)

    # look-around: from one child to its neighbours, on an expression of the child's scope

    def previous(self, where: Expr[bool] | None = None) -> Expr[T]:
        """The value at the nearest earlier child (that fulfils `where`)."""
        return builder().look("previous", self, where)

    def latest(self, where: Expr[bool] | None = None) -> Expr[T]:
        """The value at this child or the nearest earlier one (that fulfils `where`)."""
        return builder().look("latest", self, where)

    def next(self, where: Expr[bool] | None = None) -> Expr[T]:
        """The value at the next child (that fulfils `where`)."""
        return builder().look("next", self, where)

    def seen_before(self, where: Expr[bool] | None = None) -> Expr[bool]:
        """Whether an earlier child (that fulfils `where`) had the same value."""
        return builder().look("seen_before", self, where)


class Builder(ABC):
    """What builds expressions. It has one subclass, in `expressions`: only what knows all kinds of nodes can build."""

    @abstractmethod
    def operation(self, name: str, *values: object) -> Expr[Any]:
        """Return an operator over its operands."""

    @abstractmethod
    def one_of(self, text: Expr[str], words: tuple[object, ...]) -> Expr[bool]:
        """Return the test that a text is one of the words."""

    @abstractmethod
    def deadline_test(self, done: Expr[Any], due: object) -> Expr[bool]:
        """Return the test that something was done by its due instant."""

    @abstractmethod
    def growth_test(self, span: Expr[Any], bound: object) -> Expr[bool]:
        """Return the test that a span that may grow stays within its bound."""

    @abstractmethod
    def date(self, at: Expr[datetime]) -> Expr[date]:
        """Return the civil date of an instant."""

    @abstractmethod
    def gather(self, how: str, value: Expr[Any], where: Expr[bool] | None) -> Expr[Any]:
        """Return an aggregate over children."""

    @abstractmethod
    def look(self, how: str, value: Expr[Any], where: Expr[bool] | None) -> Expr[Any]:
        """Return a look at a neighbouring child."""

    @abstractmethod
    def call(self, kernel: Function, args: tuple[object, ...]) -> Expr[Any]:
        """Return the call of a kernel."""


@cache
def builder() -> Builder:
    """Return what builds expressions."""
    (only,) = Builder.__subclasses__()
    return only()


def told_by(expr: Expr[Any], name: str, otherwise: Any = None) -> Any:
    """Return what some kinds of expression tell of themselves; of others `otherwise`.

    The class is asked: an expression would look through all its methods for the nearest name.
    """
    return getattr(expr, name) if hasattr(type(expr), name) else otherwise


def walk(expr: Expr[Any]) -> Iterator[Expr[Any]]:
    """Yield the expression and all below it, parents first; definitions of facts are not entered."""
    pending = [expr]
    while pending:
        found = pending.pop()
        yield found
        pending += reversed(found.operands)
