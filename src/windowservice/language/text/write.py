"""Expressions as text: the form that is printed, stored in packs, and parsed back.

The text is the Python that builds the expression, over a small whitelisted grammar: ``request.amount >=
figure.large_cash``. Facts are written with their vocabulary, figures with ``figure.``. Each kind of node writes itself;
here is what they share. How tightly operators bind is in their table.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from windowservice.language.tree.operators import OPERATORS, TIGHT
from windowservice.language.tree.values import ValueType, span_us

__all__ = ["constant_text", "in_brackets"]

_NUMBER: Final = 8
_NEGATIVE: Final = OPERATORS["neg"].binds
_NUMERALS: Final = (ValueType.INT, ValueType.FLOAT)


def in_brackets(written: tuple[str, int], binds: int = TIGHT) -> str:
    """Return a text in brackets if it binds less tightly than wanted."""
    text, inner = written
    return text if inner >= binds else f"({text})"


def constant_text(value: Any, kind: ValueType) -> tuple[str, int]:
    """Return the text of a constant, and how tightly it binds."""
    negative = kind in _NUMERALS and (value < 0 or str(value).startswith("-"))
    return _CONSTANTS[kind](value), _NEGATIVE if negative else _NUMBER if kind in _NUMERALS else TIGHT


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
