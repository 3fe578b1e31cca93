"""Expressions as text: the form that is printed, stored in packs, and parsed back.

The text is the Python that builds the expression, over a small whitelisted grammar: ``request.amount >= figure.large_cash``. Facts are
written with their vocabulary, figures with ``figure.``.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from windowservice.language.expressions import Aggregate, AsOf, By, Const, Expr, Kernel, Look, Op, Within
from windowservice.language.facts import Fact
from windowservice.language.figures import Figure, FigureAt
from windowservice.language.operators import OPERATORS
from windowservice.language.python_code import span_us
from windowservice.worktime.limits import Limit
from windowservice.worktime.spans import WorkSpan

__all__ = ["to_text"]

_BINDS: Final = {"or": 1, "and": 2, "not": 3, "eq": 4, "ne": 4, "lt": 4, "le": 4, "gt": 4, "ge": 4, "add": 5, "sub": 5, "mul": 6, "div": 6, "neg": 7}
_WORDS: Final = {"and": "and", "or": "or"}
_TIGHT: Final = 9


def to_text(expr: Expr[Any]) -> str:
    """Return the text of an expression; parsed, it gives the same expression again."""
    return _text(expr)[0]


def _text(expr: Expr[Any]) -> tuple[str, int]:
    """Return the text and how tightly its outermost operator binds."""
    if isinstance(expr, Op):
        return _operator(expr)
    if isinstance(expr, Const):
        return _constant(expr.value)
    if isinstance(expr, Fact):
        return f"{'?' if expr.owner is None else expr.owner.__name__}.{expr.name or '?'}", _TIGHT
    if isinstance(expr, AsOf):
        return "as_of", _TIGHT
    if isinstance(expr, Figure):
        return f"figure.{expr.name}", _TIGHT
    if isinstance(expr, FigureAt):
        return f"figure.{expr.figure.name}[{to_text(expr.key)}]", _TIGHT
    if isinstance(expr, By):
        return f"{_inner(expr.done)}.by({to_text(expr.due)})", _TIGHT
    if isinstance(expr, Within):
        return f"{_inner(expr.span)}.within({to_text(expr.bound)})", _TIGHT
    if isinstance(expr, Kernel):
        return f"{expr.kernel.name}({', '.join(to_text(arg) for arg in expr.args)})", _TIGHT
    if isinstance(expr, (Aggregate, Look)):
        return _gathering(expr), _TIGHT
    return f"<{type(expr).__name__}>", _TIGHT


def _inner(expr: Expr[Any]) -> str:
    text, binds = _text(expr)
    return text if binds >= _TIGHT else f"({text})"


def _gathering(expr: Aggregate[Any] | Look[Any]) -> str:
    where = "" if expr.where is None else f"where={to_text(expr.where)}"
    if isinstance(expr, Look):
        return f"{_inner(expr.value)}.{expr.how}({where})"
    if expr.how == "collect":
        return f"collect({', '.join([*(to_text(value) for value in expr.values), *([where] if where else [])])})"
    if expr.how == "count":
        return f"count({getattr(expr.child, '__name__', '?')}{', ' if where else ''}{where})"
    return f"{_inner(expr.values[0])}.{expr.how}({where})"


def _operator(expr: Op[Any]) -> tuple[str, int]:
    operator = OPERATORS[expr.name]
    if operator.form == "part":
        return f"{_inner(expr.args[0])}.{operator.symbol}", _TIGHT
    if operator.form == "method":
        return f"{_inner(expr.args[0])}.{operator.symbol}({', '.join(_argument(expr, arg) for arg in expr.args[1:])})", _TIGHT
    binds = _BINDS[expr.name]
    if operator.form == "prefix":
        text, inner = _text(expr.args[0])
        sign = "not " if expr.name == "not" else operator.symbol
        return f"{sign}{text if inner > binds else f'({text})'}", binds
    (left, left_binds), (right, right_binds) = _text(expr.args[0]), _text(expr.args[1])
    left = left if left_binds >= binds and not binds == left_binds == 4 else f"({left})"
    right = right if right_binds > binds else f"({right})"
    return f"{left} {_WORDS.get(expr.name, operator.symbol)} {right}", binds


def _argument(expr: Op[Any], arg: Expr[Any]) -> str:
    if expr.name == "one_of" and isinstance(arg, Const):
        return ", ".join(repr(word) for word in sorted(arg.value))
    return to_text(arg)


def _constant(value: Any) -> tuple[str, int]:
    if isinstance(value, bool) or isinstance(value, str):
        return repr(value), _TIGHT
    if isinstance(value, (int, float)):
        return repr(value), _TIGHT if value >= 0 else 7
    if isinstance(value, datetime):
        return f"instant({value.isoformat()!r})", _TIGHT
    if isinstance(value, date):
        return f"date({value.isoformat()!r})", _TIGHT
    if isinstance(value, timedelta):
        return f"span({span_us(value)})", _TIGHT
    if isinstance(value, WorkSpan):
        return f"work({value.us})", _TIGHT
    if isinstance(value, Limit):
        return f"limit({str(value)!r})", _TIGHT
    if isinstance(value, Decimal):
        return f"decimal({str(value)!r})", _TIGHT
    if isinstance(value, Fraction):
        return f"ratio({value.numerator}, {value.denominator})", _TIGHT
    if isinstance(value, frozenset):
        return f"texts({', '.join(repr(item) for item in sorted(value))})", _TIGHT
    return f"<{value!r}>", _TIGHT
