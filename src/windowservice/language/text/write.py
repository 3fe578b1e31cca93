"""Expressions as text: the form that is printed, stored in packs, and parsed back.

The text is the Python that builds the expression, over a small whitelisted grammar: ``request.amount >=
figure.large_cash``. Facts are written with their vocabulary, figures with ``figure.``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from windowservice.language.tree.expressions import Aggregate, AsOf, By, Const, Expr, Kernel, Look, Op, Within
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.figures import Figure, FigureAt
from windowservice.language.tree.kernels import DATE
from windowservice.language.tree.operators import COMPARISONS, OPERATORS
from windowservice.language.tree.values import ValueType, span_us

__all__ = ["to_text"]

_COMPARED: Final = 4
_BINDS: Final = {
    "or": 1,
    "and": 2,
    "not": 3,
    "add": 5,
    "sub": 5,
    "mul": 6,
    "div": 6,
    "neg": 7,
    **dict.fromkeys(COMPARISONS, _COMPARED),
}
_WORDS: Final = {"and": "and", "or": "or"}
_NUMBER: Final = 8
_TIGHT: Final = 9
_NUMERALS: Final = (ValueType.INT, ValueType.FLOAT)


def to_text(expr: Expr[Any]) -> str:
    """Return the text of an expression; parsed, it gives the same expression again."""
    return _text(expr)[0]


def _text(expr: Expr[Any]) -> tuple[str, int]:
    """Return the text and how tightly its outermost operator binds."""
    if isinstance(expr, Op):
        return _operator(expr)
    if isinstance(expr, Const):
        write = _CONSTANTS[expr.type]
        negative = expr.type in (ValueType.INT, ValueType.FLOAT) and (expr.value < 0 or str(expr.value).startswith("-"))
        return write(expr.value), _BINDS["neg"] if negative else _NUMBER if expr.type in _NUMERALS else _TIGHT
    return _LEAVES[type(expr)](expr), _TIGHT


def _fact(expr: Fact[Any]) -> str:
    return f"{'?' if expr.owner is None else expr.owner.__name__}.{expr.name or '?'}"


def _figure_at(expr: FigureAt[Any]) -> str:
    return f"figure.{expr.figure.name}[{to_text(expr.key)}]"


def _by(expr: By) -> str:
    return f"{_inner(expr.done)}.by({to_text(expr.due)})"


def _within(expr: Within) -> str:
    return f"{_inner(expr.span)}.within({to_text(expr.bound)})"


def _kernel(expr: Kernel[Any]) -> str:
    if expr.kernel == DATE:
        return f"{_inner(expr.args[0])}.date()"
    return f"{expr.kernel.name}({', '.join(to_text(arg) for arg in expr.args)})"


def _inner(expr: Expr[Any]) -> str:
    text, binds = _text(expr)
    return text if binds >= _TIGHT else f"({text})"


def _where(expr: Aggregate[Any] | Look[Any]) -> list[str]:
    return [] if expr.where is None else [f"where={to_text(expr.where)}"]


def _look(expr: Look[Any]) -> str:
    return f"{_inner(expr.value)}.{expr.how}({', '.join(_where(expr))})"


def _aggregate(expr: Aggregate[Any]) -> str:
    if expr.how == "collect":
        return f"collect({', '.join([*(to_text(value) for value in expr.values), *_where(expr)])})"
    if expr.how == "count":
        return f"count({', '.join([getattr(expr.child, '__name__', '?'), *_where(expr)])})"
    return f"{_inner(expr.values[0])}.{expr.how}({', '.join(_where(expr))})"


def _operator(expr: Op[Any]) -> tuple[str, int]:
    operator = OPERATORS[expr.name]
    if operator.form == "part":
        return f"{_inner(expr.args[0])}.{operator.symbol}", _TIGHT
    if operator.form == "method":
        return (
            f"{_inner(expr.args[0])}.{operator.symbol}({', '.join(_argument(expr, arg) for arg in expr.args[1:])})",
            _TIGHT,
        )
    binds = _BINDS[expr.name]
    if operator.form == "prefix":
        text, inner = _text(expr.args[0])
        sign = "not " if expr.name == "not" else operator.symbol
        return f"{sign}{text if inner > binds else f'({text})'}", binds
    (left, left_binds), (right, right_binds) = _text(expr.args[0]), _text(expr.args[1])
    left = left if left_binds >= binds and not binds == left_binds == _COMPARED else f"({left})"
    right = right if right_binds > binds else f"({right})"
    return f"{left} {_WORDS.get(expr.name, operator.symbol)} {right}", binds


def _argument(expr: Op[Any], arg: Expr[Any]) -> str:
    if expr.name == "one_of" and isinstance(arg, Const):
        return ", ".join(repr(word) for word in sorted(arg.value))
    return to_text(arg)


def _texts(value: frozenset[str]) -> str:
    return f"texts({', '.join(repr(item) for item in sorted(value))})"


_CONSTANTS: Final[dict[ValueType, Callable[[Any], str]]] = {
    ValueType.BOOL: repr,
    ValueType.INT: repr,
    ValueType.FLOAT: repr,
    ValueType.TEXT: repr,
    ValueType.INSTANT: lambda value: f"instant({value.isoformat()!r})",
    ValueType.DATE: lambda value: f"date({value.isoformat()!r})",
    ValueType.SPAN: lambda value: f"span({span_us(value)})",
    ValueType.WORK: lambda value: f"work({value.us})",
    ValueType.LIMIT: lambda value: f"limit({str(value)!r})",
    ValueType.DECIMAL: lambda value: f"decimal({str(value)!r})",
    ValueType.RATIO: lambda value: f"ratio({value.numerator}, {value.denominator})",
    ValueType.TEXTS: _texts,
}
_LEAVES: Final[dict[type, Callable[[Any], str]]] = {
    Fact: _fact,
    AsOf: lambda _: "as_of",
    Figure: lambda expr: f"figure.{expr.name}",
    FigureAt: _figure_at,
    By: _by,
    Within: _within,
    Kernel: _kernel,
    Aggregate: _aggregate,
    Look: _look,
}
