"""How expressions are built, checked while they are built, walked and compared.

An expression is a value: it is never evaluated here, the compilers in this package read the tree. Two expressions are
compared by `same_expr`, because ``==`` builds a comparison.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import date, datetime
from typing import Any, Final, TypeVar, cast, overload

from windowservice.asked import told
from windowservice.errors import ConstantCondition, InvalidRule, MovingComparison, TypeMismatch, UnknownWord
from windowservice.language.analysis.check import grows, is_growing_part, looks_back, may_wait, moves, resolve
from windowservice.language.tree.expr import Builder, Expr, kept, told_by, walk
from windowservice.language.tree.kernels import DATE, Function, due, workdays, worked
from windowservice.language.tree.nodes import Aggregate, AsOf, By, Const, Here, Kernel, Look, Op, Within, as_of
from windowservice.language.tree.operators import COMPARISONS, OPERATORS, infer
from windowservice.language.tree.scope import Scope
from windowservice.language.tree.values import ValueType, plain_value, type_of_value
from windowservice.worktime.limits.limit import Limit
from windowservice.worktime.spans import WorkSpan

__all__ = [
    "Aggregate",
    "AsOf",
    "By",
    "Const",
    "Expr",
    "Function",
    "Here",
    "Kernel",
    "Look",
    "Op",
    "Within",
    "as_of",
    "call",
    "check_waiting",
    "checked",
    "choose",
    "collect",
    "constant",
    "deadline_test",
    "due",
    "due_bounds",
    "gather",
    "growth_test",
    "here",
    "look",
    "one_of",
    "operation",
    "same_expr",
    "structure",
    "told_by",
    "walk",
    "words_of",
    "workdays",
    "worked",
]  # fmt: skip

T = TypeVar("T")
E = TypeVar("E", bound=Expr[Any])
_LARGEST: Final = 20_000
V = ValueType
_LOGIC: Final = ("and", "or", "not")
_TESTED: Final = (*COMPARISONS, "one_of", "contains", "covers")


def constant(value: object, what: str = "") -> Const[Any]:
    """Return a plain value as an expression.

    Raises:
        InvalidRule: for a value that the language lacks, None and NaN among them.
        NaiveTime: for a datetime without a zone.
    """
    kind = type_of_value(value, what or _shown(value))
    return Const(plain_value(value, kind), kind)


def _shown(value: object) -> str:
    return "a number" if isinstance(value, int) and value.bit_length() > 1_000 else repr(value)


def _coerce(value: object, beside: Expr[Any] | None = None) -> Expr[Any]:
    """Return the value as an expression; a plain value becomes a constant."""
    if isinstance(value, Expr):
        return value.as_operand()
    if beside is not None and beside.type is V.LIMIT and isinstance(value, str):
        value = Limit.parse(value)
    return constant(value, "" if beside is None else f"beside {beside}")


def operation(name: str, *values: object) -> Expr[Any]:
    """Return the operator over its operands, checked.

    Raises:
        TypeMismatch, UnitMismatch, ScopeMismatch, UnknownWord, MovingComparison, ConstantCondition: if it could never
            be right.
        InvalidRule: for a deadline test whose waiting would be lost.
    """
    head = next((value for value in values if isinstance(value, Expr)), None)
    args = tuple(_coerce(value, head) for value in values)
    kind, unit = infer(name, args)
    if name in _LOGIC:
        _check_conditions(args)
    else:
        check_waiting(OPERATORS[name].symbol, args)
    if name in _TESTED:
        _check_test(name, args)
    return checked(Op(name, args, kind, unit))


def checked(expr: E) -> E:
    """Return the expression, if one record has all that it speaks of and it is not endless.

    Raises:
        ScopeMismatch: for facts of two records.
        InvalidRule: for one that is larger than anybody could read.
    """
    _ = expr.scope
    if expr.parts > _LARGEST:
        problem = f"has more than {_LARGEST:,} parts"
        raise InvalidRule("an expression", problem, "give what stands in it more than once a name: a fact of its own")
    return expr


def one_of(text: Expr[str], words: tuple[object, ...]) -> Expr[bool]:
    """Return the test that a text is one of the words.

    Raises:
        TypeMismatch: for a word that is no text.
        InvalidRule: without a word.
        UnknownWord: for a word that the text never is.
    """
    if len(words) == 1 and isinstance(words[0], (list, tuple, set, frozenset)):
        words = tuple(words[0])
    if not words:
        raise InvalidRule(
            f"{text}.one_of()", "names no word, so it is never true", "name the words: .one_of('S01', 'S02')"
        )
    if wrong := [word for word in words if not isinstance(word, str)]:
        raise TypeMismatch("one_of", "words one by one, as in .one_of('S01', 'S02')", (type(wrong[0]).__name__,))
    named = frozenset(str(word) for word in words)
    _check_words(text, named)
    return operation("one_of", text, named)


def deadline_test(done: Expr[Any], due: object) -> Expr[bool]:
    """Return the test that something was done by its due instant.

    Raises:
        MovingComparison: if either moves with ``as_of``; the due part of a clock may, because a clock never moves it
            into the past.
    """
    test = By(done.as_operand(), _coerce(due, done))
    if moves(test.done) or (moves(test.due) and not is_growing_part(test.due)):
        raise MovingComparison(str(test))
    return test


def growth_test(span: Expr[Any], bound: object) -> Expr[bool]:
    """Return the test that a span that may grow stays within its bound.

    Raises:
        MovingComparison: if the bound moves with ``as_of``, or the span does otherwise than by growing.
    """
    test = Within(span.as_operand(), _coerce(bound, span))
    if moves(test.bound):
        raise MovingComparison(str(test), "give a bound that stays, such as a figure or work(hours=4)")
    if moves(test.span) and not grows(test.span):
        raise MovingComparison(
            str(test),
            "what is held within a bound may only grow: take away what stays, as a span up to an event, not one that "
            "grows too; or test each growing span by itself",
        )
    return test


def gather(how: str, *values: Expr[Any], where: Expr[bool] | None = None, child: Scope | None = None) -> Expr[Any]:
    """Return an aggregate over children; a count of truth values counts the children for which they are true.

    Deadline tests of children are joined by ``all`` and ``any``; what a ``count`` counts is unknown while one waits.

    Raises:
        InvalidRule: if it speaks of no child, or would lose that a deadline test waits, or of a child that looks.
    """
    operands = tuple(value.as_operand() for value in values)
    condition = () if where is None else (where,)
    check_waiting(
        how, {"all": condition, "any": condition, "count": ()}.get(how, (*operands, *condition)), "an aggregate"
    )
    for part in (*operands, *condition):
        _check_here(how, part, looks_back(part))
    if how != "count":
        return checked(Aggregate(how, operands, where, child))
    if operands:
        (value,) = operands
        child = value.scope
        if value.type is V.BOOL:
            where = value if where is None else operation("and", where, value)
    return checked(Aggregate(how, (), where, child))


def look(how: str, value: Expr[Any], where: Expr[bool] | None) -> Expr[Any]:
    """Return a look at a neighbouring child.

    Raises:
        InvalidRule: for a look-around at deadline tests, or by the value of another child than that which looks.
    """
    check_waiting(how, (value,) if where is None else (value, where))
    found: Look[Any] = checked(Look(how, value.as_operand(), where))
    _check_here(how, found, looks_back(found) or (how == "seen_before" and any(map(looks_back, found.operands))))
    return found


def _check_here(how: str, expr: Expr[Any], wrong: bool) -> None:
    """Refuse the value at a child that looks where no child looks."""
    if wrong:
        problem = f"has here(...) in {expr}, where no child looks at a neighbour"
        raise InvalidRule(how, problem, "write it within .previous(...), .latest(...) or .next(...)")


@told
def here(value: Expr[T]) -> Expr[T]:
    """The value at the child that looks, to compare it with a neighbour: ``x.next(where=x > ws.here(x))``.

    Raises:
        InvalidRule: for a deadline test, or what is already told of the child that looks.
    """
    check_waiting("here", (value,))
    _check_here("here", value, looks_back(value))
    return Here(value.as_operand())


def call(kernel: Function, args: tuple[object, ...]) -> Expr[Any]:
    """Return the call of a kernel; arguments that have a default may be left out at the end.

    Raises:
        TypeMismatch: for the wrong number or types of arguments.
        InvalidRule: for a deadline test as an argument, whose waiting would be lost.
    """
    takes = kernel.takes
    missing = len(takes) - len(args)
    if 0 < missing <= len(kernel.defaults):
        args = (*args, *kernel.defaults[-missing:])
    given = tuple(_argument(arg, kind) for arg, kind in zip(args, takes, strict=False))
    if len(args) != len(takes) or any(a.type is not kind for a, kind in zip(given, takes, strict=True)):
        got = tuple(str(arg.type) for arg in given) + tuple(type(arg).__name__ for arg in args[len(given) :])
        wanted = ", ".join(str(kind) for kind in takes)
        raise TypeMismatch(kernel.name, wanted, got or ("nothing",), instead=_with_dates(kernel, given))
    check_waiting(kernel.name, given)
    return checked(Kernel(kernel, given, kernel.gives, None))


def _with_dates(kernel: Function, given: Sequence[Expr[Any]]) -> str:
    """Return the call with the dates of instants that stand in place of dates; an empty text if none does."""
    turned = [
        f"{arg}.date()" if (kind, arg.type) == (V.DATE, V.INSTANT) else str(arg)
        for arg, kind in zip(given, kernel.takes, strict=False)
    ]
    is_cure = turned != [str(arg) for arg in given] and len(given) == len(kernel.takes)
    return f"{kernel.name}({', '.join(turned)})" if is_cure else ""


def _argument(value: object, kind: ValueType) -> Expr[Any]:
    if isinstance(value, Expr):
        return value.as_operand()
    if kind is V.LIMIT and isinstance(value, (WorkSpan, str)):
        value = Limit.of(value)
    return constant(value)


class _Building(Builder):
    """The one builder: the functions of this module."""

    def operation(self, name: str, *values: object) -> Expr[Any]:
        return operation(name, *values)

    def one_of(self, text: Expr[str], words: tuple[object, ...]) -> Expr[bool]:
        return one_of(text, words)

    def deadline_test(self, done: Expr[Any], due: object) -> Expr[bool]:
        return deadline_test(done, due)

    def growth_test(self, span: Expr[Any], bound: object) -> Expr[bool]:
        return growth_test(span, bound)

    def date(self, at: Expr[datetime]) -> Expr[date]:
        return DATE(at)

    def gather(self, how: str, value: Expr[Any], where: Expr[bool] | None) -> Expr[Any]:
        return gather(how, value, where=where)

    def look(self, how: str, value: Expr[Any], where: Expr[bool] | None) -> Expr[Any]:
        return look(how, value, where)

    def call(self, kernel: Function, args: tuple[object, ...]) -> Expr[Any]:
        return call(kernel, args)


@told
def collect(*values: Expr[Any], where: Expr[bool] | None = None) -> Expr[Any]:
    """Gather several values of each child as rows, in the order of the children, for a kernel."""
    return gather("collect", *values, where=where)


@overload
def choose(condition: Expr[bool], yes: Expr[T], no: Expr[T]) -> Expr[T]: ...
@overload
def choose(condition: Expr[bool], yes: Expr[T], no: T) -> Expr[T]: ...
@overload
def choose(condition: Expr[bool], yes: T, no: Expr[T]) -> Expr[T]: ...
@overload
def choose(condition: Expr[bool], yes: T, no: T) -> Expr[T]: ...
@told
def choose(condition: Expr[bool], yes: Expr[T] | T, no: Expr[T] | T) -> Expr[T]:
    """One value where the condition is true, another where it is false; missing where it is unknown."""
    return operation("choose", condition, yes, no)


def _check_conditions(args: tuple[Expr[Any], ...]) -> None:
    for arg in args:
        if isinstance(arg, Const):
            raise ConstantCondition(str(arg))


def check_waiting(where: str, args: tuple[Expr[Any], ...], what: str = "an operator") -> None:
    """Refuse a deadline test where its fourth state would be lost: it may flow only through &, |, ~ and facts."""
    for arg in args:
        if may_wait(arg):
            raise InvalidRule(
                where, f"has the deadline test {arg} inside {what}, where 'still waiting' would be lost",
                "join deadline tests by &, | and ~ only, and those of children by .all(), .any() or .count()",
            )  # fmt: skip


def _check_test(name: str, args: tuple[Expr[Any], ...]) -> None:
    for one, other in (args, args[::-1]):
        if isinstance(other, Const) and isinstance(other.value, str) and name in COMPARISONS:
            _check_words(one, {other.value})
        if moves(one):
            raise MovingComparison(f"{args[0]} {OPERATORS[name].symbol} {args[1]}")


def _check_words(expr: Expr[Any], words: Set[str]) -> None:
    known = words_of(expr)
    if known:
        for word in sorted(words):
            if word not in known:
                raise UnknownWord(str(expr), word, tuple(sorted(known)))


def words_of(expr: Expr[Any]) -> frozenset[str]:
    """Return the enumeration behind a text, through whatever passes the value on unchanged; empty if open."""
    if found := frozenset(told_by(expr, "words", ())):
        return found
    if isinstance(expr, (Look, Here)) or (isinstance(expr, Aggregate) and expr.how in ("first", "last")):
        return words_of(expr.operands[0])
    definition = told_by(expr, "definition")
    return words_of(definition) if definition is not None else frozenset()


def structure(expr: Expr[Any]) -> tuple[Any, ...]:
    """Return nested tuples that are equal for two expressions of the same structure; hashable."""
    try:
        return cast("tuple[Any, ...]", kept(expr, "_structure"))
    except AttributeError:
        found = _structure(expr)
        if expr.is_settled:
            object.__setattr__(expr, "_structure", found)
        return found


def _structure(expr: Expr[Any]) -> tuple[Any, ...]:
    below = tuple(structure(operand) for operand in expr.operands)
    if isinstance(expr, Const):
        value = tuple(sorted(expr.value)) if isinstance(expr.value, frozenset) else expr.value
        return ("const", str(expr.type), value)
    if isinstance(expr, Op):
        return (expr.name, *below)
    if isinstance(expr, (Aggregate, Look)):
        return (type(expr).__name__, expr.how, expr.which is None, repr(told_by(expr, "child", "")), *below)
    if isinstance(expr, Kernel):
        return ("kernel", expr.kernel.name, *below)
    identity = told_by(expr, "identity", ())
    return (type(expr).__name__, *identity, *below)


@told
def same_expr(left: Expr[Any], right: Expr[Any]) -> bool:
    """Whether two expressions are the same tree (``==`` builds a comparison instead)."""
    return structure(left) == structure(right)


def due_bounds(expr: Expr[Any]) -> tuple[Expr[Any], Expr[Any]]:
    """Return the earliest and the latest that a due instant may turn out to be once all days are announced.

    What is computed from the part ``due`` of a clock, by a fallback, a choice or a span added, has bounds of its own;
    of any other instant both are the instant itself.
    """
    found = resolve(expr)
    if not isinstance(found, Op):
        return expr, expr
    if found.name == "part_due":
        return operation("part_earliest_due", *found.args), operation("part_latest_due", *found.args)
    args = tuple(due_bounds(arg) if arg.type is ValueType.INSTANT else (arg, arg) for arg in found.args)
    if found.name not in ("otherwise", "choose", "add", "sub") or all(one is other for one, other in args):
        return expr, expr
    return operation(found.name, *(one for one, _ in args)), operation(found.name, *(other for _, other in args))
