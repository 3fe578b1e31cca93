"""Medians and other quantiles over the children of a record: the value that a share of them does not exceed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any, Final, TypeVar

from windowservice.asked import told
from windowservice.errors import InvalidValue, TypeMismatch
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.expressions import collect
from windowservice.language.tree.kernels import Function
from windowservice.language.tree.values import ValueType
from windowservice.worktime.bound import Binding

__all__ = ["QUANTILES", "quantile"]

T = TypeVar("T")
V = ValueType


def _bind(_binding: Binding) -> Callable[..., Any]:
    def found(rows: tuple[tuple[Any], ...], share: Decimal) -> Any:
        values = [value for (value,) in rows]
        if not values or None in values:
            return None
        return sorted(values)[max(1, ceil(Fraction(share) * len(values))) - 1]

    return found


_NAMES: Final = {
    V.INT: "integer", V.DECIMAL: "decimal", V.RATIO: "ratio", V.WORK: "open_time", V.SPAN: "span", V.INSTANT: "instant",
    V.DATE: "date",
}  # fmt: skip
_OF_TYPE: Final[Mapping[ValueType, Function]] = {
    kind: Function(
        f"quantile_of_{name}", (V.ROWS, V.DECIMAL), kind, _bind, turns=True,
        title="The least value that a share of the children does not exceed",
    )
    for kind, name in _NAMES.items()
}  # fmt: skip
QUANTILES: Final = {function.name: function for function in _OF_TYPE.values()}
"""The functions every vocabulary may call, by name."""


@told
def quantile(value: Expr[T], share: Decimal | Fraction | float | str, *, where: Expr[bool] | None = None) -> Expr[T]:
    """Return the least value over the children that at least a share of them does not exceed; 0.5 gives the median.

    It is always the value of a child: of two in the middle the lesser. Unknown if one value is missing, or there are
    no children.

    Raises:
        InvalidValue: for a share that is not above 0 and at most 1.
        TypeMismatch: for a value that has no order.
    """
    try:
        exact = Decimal(str(float(share))) if isinstance(share, Fraction) else Decimal(str(share))
    except ArithmeticError:
        exact = Decimal(0)
    if not 0 < exact <= 1:
        raise InvalidValue("share", share, "a share above 0 and at most 1, such as 0.95")
    if value.type not in _OF_TYPE:
        raise TypeMismatch("quantile", "numbers, spans, instants or dates", (str(value.type),))
    return _OF_TYPE[value.type](collect(value, where=where), exact)
