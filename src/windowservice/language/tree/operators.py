"""The table of operators: the types each takes, what it gives, how it is written, how it changes with its operands.

An operator is *strict* when a missing operand makes the result missing. The logical operators, the tests for missing
data and the choice between values are not strict; the compilers treat them by name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import add, eq, ge, gt, le, lt, mul, ne, neg, sub
from typing import Any, Final, Protocol, TypeAlias

import attrs

from windowservice.errors import TypeMismatch, UnitMismatch
from windowservice.language.tree.values import NUMBERS, ORDERED, ValueType

__all__ = ["CLOCK_PARTS", "COMPARISONS", "OPERATORS", "TIGHT", "Operator", "infer"]


class Operand(Protocol):
    """What the table needs to know of an operand: its type and unit."""

    @property
    def type(self) -> ValueType:
        """The type of the value."""

    @property
    def unit(self) -> str | None:
        """The unit of the value, if it has one."""


TIGHT: Final = 9
"""How tightly binds what is no operator between operands."""
Inferred: TypeAlias = "tuple[ValueType, str | None]"
V = ValueType


@attrs.frozen
class Operator:
    """One operator.

    Attributes:
        name: its name in trees.
        form: how it is written: ``infix``, ``prefix``, ``method`` or ``part`` (an attribute of a clock).
        symbol: the sign or method name.
        python: the generated Python, with ``{0}`` and so on for the operands; empty where
            `windowservice.language.python.code` says it.
        infer: gives type and unit of the result from the operands, or raises.
        strict: whether a missing operand makes the result missing.
        nullable: whether the result may be missing although no operand is.
        arity: how many operands it takes.
        word: how the text form writes it, if not by its sign.
        binds: how tightly it binds what it stands between or before.
        ways: for each operand, 1 if the result can only rise with it, or a test only become true; -1 if it can only
            fall; empty if neither is so of every operand.
        columns: what makes the result of the operands' Polars expressions; None where more must be known of them, which
            `windowservice.language.polars.exprs` says.
        bound: what the result cannot exceed, whatever its sign, by what its operands cannot; None where it is never
            larger than they.
        opposite: of a comparison, the one that holds exactly where it does not.
        mirror: of a comparison, the one that says the same with the sides changed.
    """

    name: str
    form: str
    symbol: str
    python: str
    infer: Callable[[str, Sequence[Operand]], Inferred]
    strict: bool = True
    nullable: bool = False
    arity: int = 2
    word: str = ""
    binds: int = TIGHT
    ways: tuple[int, ...] = ()
    columns: Callable[..., Any] | None = None
    bound: Callable[[int, int], int] | None = None
    opposite: str = ""
    mirror: str = ""


def _mismatch(symbol: str, wanted: str, operands: Sequence[Operand]) -> TypeMismatch:
    return TypeMismatch(symbol, wanted, tuple(str(o.type) for o in operands))


def _same_unit(symbol: str, left: Operand, right: Operand) -> str | None:
    if left.unit is not None and right.unit is not None and left.unit != right.unit:
        raise UnitMismatch(symbol, left.unit, right.unit)
    return left.unit if left.unit is not None else right.unit


def _comparable(left: V, right: V) -> bool:
    return left == right or (left in NUMBERS and right in NUMBERS)


_WRITTEN: Final = {
    V.INSTANT: "instant('2018-07-01T00:00+08:00')", V.DATE: "date('2018-07-01')", V.LIMIT: "limit('3 working days')",
    V.DECIMAL: "decimal('0.5')", V.WORK: "ws.work(hours=2), in text work(7200000000)",
    V.SPAN: "timedelta(hours=2), in text span(7200000000)",
}  # fmt: skip


def _written(left: Operand, right: Operand) -> str:
    """Return how a value is written that stands as text beside one of another kind."""
    for one, other in ((left, right), (right, left)):
        if one.type is V.TEXT and other.type in _WRITTEN:
            return f" (one is written {_WRITTEN[other.type]})"
    return " (the date of an instant is its .date())" if {left.type, right.type} == {V.INSTANT, V.DATE} else ""


def _ordered(symbol: str, operands: Sequence[Operand]) -> Inferred:
    left, right = operands
    if left.type not in ORDERED or not _comparable(left.type, right.type):
        raise _mismatch(symbol, f"two numbers, instants, dates or spans of one kind{_written(left, right)}", operands)
    _same_unit(symbol, left, right)
    return V.BOOL, None


def _equal(symbol: str, operands: Sequence[Operand]) -> Inferred:
    left, right = operands
    if not _comparable(left.type, right.type) or left.type in (V.ROWS, V.CLOCK):
        raise _mismatch(symbol, f"two values of one kind{_written(left, right)}", operands)
    _same_unit(symbol, left, right)
    return V.BOOL, None


def _logic(symbol: str, operands: Sequence[Operand]) -> Inferred:
    if any(o.type is not V.BOOL for o in operands):
        raise _mismatch(symbol, "truth values", operands)
    return V.BOOL, None


def _number(symbol: str, left: V, right: V, operands: Sequence[Operand]) -> V:
    pair = {left, right}
    if pair == {V.FLOAT}:
        return V.FLOAT
    if V.FLOAT in pair and pair & {V.DECIMAL, V.RATIO}:
        raise _mismatch(symbol, "exact numbers or floats, not both in one calculation", operands)
    for wider in (V.FLOAT, V.RATIO, V.DECIMAL):
        if wider in pair:
            return wider
    return V.INT


def _sum(symbol: str, operands: Sequence[Operand]) -> Inferred:
    left, right = operands
    if left.type in NUMBERS and right.type in NUMBERS:
        return _number(symbol, left.type, right.type, operands), _same_unit(symbol, left, right)
    if left.type == right.type and left.type in (V.SPAN, V.WORK):
        return left.type, None
    if left.type is V.INSTANT and right.type is V.SPAN:
        return V.INSTANT, None
    if symbol == "-" and left.type is V.INSTANT and right.type is V.INSTANT:
        return V.SPAN, None
    raise _mismatch(symbol, "two numbers, two spans of one kind, or an instant and a span of real time", operands)


def _product(symbol: str, operands: Sequence[Operand]) -> Inferred:
    left, right = operands
    if left.type in NUMBERS and right.type in NUMBERS:
        if left.unit is not None and right.unit is not None:
            raise UnitMismatch(symbol, left.unit, right.unit)
        return _number(symbol, left.type, right.type, operands), left.unit or right.unit
    for span, times in ((left, right), (right, left)):
        if span.type in (V.SPAN, V.WORK) and times.type is V.INT:
            return span.type, None
    raise _mismatch(symbol, "two numbers, or a span and a whole number", operands)


def _quotient(symbol: str, operands: Sequence[Operand]) -> Inferred:
    left, right = operands
    if left.type is right.type is V.WORK:
        return V.RATIO, None
    if left.type not in NUMBERS or right.type not in NUMBERS:
        raise _mismatch(symbol, "two numbers, or two spans of open time", operands)
    kind = _number(symbol, left.type, right.type, operands)
    unit = None if left.unit == right.unit else left.unit
    return (kind if kind is V.FLOAT else V.RATIO), unit


def _negative(symbol: str, operands: Sequence[Operand]) -> Inferred:
    (value,) = operands
    if value.type not in NUMBERS | {V.SPAN, V.WORK}:
        raise _mismatch(symbol, "a number or a span", operands)
    return value.type, value.unit


def _any_value(_symbol: str, _operands: Sequence[Operand]) -> Inferred:
    return V.BOOL, None


def _fallback(symbol: str, operands: Sequence[Operand]) -> Inferred:
    left, right = operands
    if not _comparable(left.type, right.type):
        raise _mismatch(symbol, "a value and a replacement of the same kind", operands)
    return _either(symbol, left, right, operands)


def _choice(symbol: str, operands: Sequence[Operand]) -> Inferred:
    condition, yes, no = operands
    if condition.type is not V.BOOL or not _comparable(yes.type, no.type):
        raise _mismatch(symbol, "a truth value and two values of one kind", operands)
    return _either(symbol, yes, no, operands)


def _either(symbol: str, one: Operand, other: Operand, operands: Sequence[Operand]) -> Inferred:
    """Return type and unit of a value that is one or the other."""
    kind = _number(symbol, one.type, other.type, operands) if one.type in NUMBERS else one.type
    return kind, _same_unit(symbol, one, other)


def _taking(*types: V, gives: V, wanted: str) -> Callable[[str, Sequence[Operand]], Inferred]:
    def infer_fixed(symbol: str, operands: Sequence[Operand]) -> Inferred:
        if tuple(o.type for o in operands) != types:
            raise _mismatch(symbol, wanted, operands)
        return gives, None

    return infer_fixed


_INSTANT: Final = _taking(V.INSTANT, gives=V.BOOL, wanted="an instant")
_WORD: Final = _taking(V.TEXT, V.TEXTS, gives=V.BOOL, wanted="a text and words")
_ITEM: Final = _taking(V.TEXTS, V.TEXT, gives=V.BOOL, wanted="a set and a text")
_SET: Final = _taking(V.TEXTS, gives=V.INT, wanted="a set of texts")


def _sets(gives: V) -> Callable[[str, Sequence[Operand]], Inferred]:
    return _taking(V.TEXTS, V.TEXTS, gives=gives, wanted="two sets of texts")


CLOCK_PARTS: Final[dict[str, tuple[int, ValueType]]] = {
    "due": (0, V.INSTANT),
    "earliest_due": (1, V.INSTANT),
    "latest_due": (2, V.INSTANT),
    "provisional": (3, V.BOOL),
    "last_day": (4, V.DATE),
    "notes": (5, V.TEXTS),
}
"""The parts of a clock (what a deadline kernel gives) that expressions may read: position and type."""

COMPARISONS: Final = ("eq", "ne", "lt", "le", "gt", "ge")

_TABLE = (
    *(
        Operator(name, "infix", sign, f"{{0}} {sign} {{1}}", infers, binds=4, ways=ways, columns=columns,
                 opposite=opposite, mirror=mirror)
        for name, sign, infers, ways, columns, opposite, mirror in (
            ("eq", "==", _equal, (), eq, "ne", "eq"),
            ("ne", "!=", _equal, (), ne, "eq", "ne"),
            ("lt", "<", _ordered, (-1, 1), lt, "ge", "gt"),
            ("le", "<=", _ordered, (-1, 1), le, "gt", "ge"),
            ("gt", ">", _ordered, (1, -1), gt, "le", "lt"),
            ("ge", ">=", _ordered, (1, -1), ge, "lt", "le"),
        )
    ),
    Operator("and", "infix", "&", "", _logic, strict=False, word="and", binds=2),
    Operator("or", "infix", "|", "", _logic, strict=False, word="or", binds=1),
    Operator("not", "prefix", "~", "", _logic, strict=False, arity=1, word="not ", binds=3),
    Operator("add", "infix", "+", "({0} + {1})", _sum, binds=5, ways=(1, 1), columns=add, bound=add),
    Operator("sub", "infix", "-", "({0} - {1})", _sum, binds=5, ways=(1, -1), columns=sub, bound=add),
    Operator("mul", "infix", "*", "({0} * {1})", _product, binds=6, columns=mul, bound=mul),
    Operator("div", "infix", "/", "({0} / {1} if {1} else None)", _quotient, nullable=True, binds=6),
    Operator("neg", "prefix", "-", "(-{0})", _negative, arity=1, binds=7, ways=(-1,), columns=neg),
    Operator("is_missing", "method", "is_missing", "", _any_value, strict=False, arity=1),
    Operator("is_known", "method", "is_known", "", _any_value, strict=False, arity=1),
    Operator("happened", "method", "happened", "", _INSTANT, strict=False, arity=1),
    Operator("otherwise", "method", "otherwise", "", _fallback, strict=False, nullable=True),
    Operator("choose", "method", "choose", "", _choice, strict=False, nullable=True, arity=3),
    Operator("one_of", "method", "one_of", "{0} in {1}", _WORD),
    Operator(
        "contains", "method", "contains", "{1} in {0}", _ITEM, ways=(1, -1),
        columns=lambda texts, item: texts.list.contains(item),
    ),
    Operator(
        "covers", "method", "covers", "{0} >= {1}", _sets(V.BOOL), ways=(1, -1),
        columns=lambda texts, others: others.list.set_difference(texts).list.len() == 0,
    ),
    Operator(
        "minus", "method", "minus", "({0} - {1})", _sets(V.TEXTS), ways=(1, -1),
        columns=lambda one, other: one.list.set_difference(other),
    ),
    Operator(
        "union", "method", "with_all", "({0} | {1})", _sets(V.TEXTS), ways=(1, 1),
        columns=lambda one, other: one.list.set_union(other),
    ),
    Operator(
        "common", "method", "common", "({0} & {1})", _sets(V.TEXTS), ways=(1, 1),
        columns=lambda one, other: one.list.set_intersection(other),
    ),
    Operator("size", "method", "size", "len({0})", _SET, arity=1, ways=(1,), columns=lambda t: t.list.len().cast(int)),
    *(
        Operator(
            f"part_{part}", "part", part, f"{{0}}[{position}]", _taking(V.CLOCK, gives=kind, wanted="a clock"),
            nullable=True, arity=1,
        )
        for part, (position, kind) in CLOCK_PARTS.items()
    ),
)  # fmt: skip

OPERATORS: Final[dict[str, Operator]] = {operator.name: operator for operator in _TABLE}
"""All operators by name."""


def infer(name: str, operands: Sequence[Operand]) -> Inferred:
    """Return type and unit of the result.

    Raises:
        TypeMismatch, UnitMismatch: if the operator does not take such operands.
    """
    operator = OPERATORS[name]
    if len(operands) != operator.arity:
        raise _mismatch(operator.symbol, f"{operator.arity} operands", operands)
    return operator.infer(operator.symbol, operands)
