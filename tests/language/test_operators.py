"""Each operator is one row of a table, and both compilers say what they do with it."""

from __future__ import annotations

import pytest

from windowservice.language.polars.exprs import _LOGIC, _SPECIAL
from windowservice.language.tree.operators import OPERATORS, Operator

_ALL = list(OPERATORS.values())


@pytest.mark.parametrize("operator", _ALL, ids=[operator.name for operator in _ALL])
def test_columns_compute_each_operator_in_one_way(operator: Operator) -> None:
    """It is in its row, or with what must know more of the operands, or read before: never found by its name."""
    known = operator.columns is not None, operator.name in _SPECIAL
    elsewhere = operator.name in _LOGIC or operator.form == "part"
    assert any(known) is not elsewhere


@pytest.mark.parametrize("operator", [row for row in _ALL if row.mirror], ids=lambda row: row.name)
def test_comparisons_have_an_opposite_and_a_mirror(operator: Operator) -> None:
    """Both ways and back, and what columns compute agrees with them."""
    opposite, mirror = OPERATORS[operator.opposite], OPERATORS[operator.mirror]
    assert OPERATORS[opposite.opposite] is operator
    assert OPERATORS[mirror.mirror] is operator
    for a, b in ((1, 2), (2, 1), (1, 1)):
        assert _holds(operator, a, b) is not _holds(opposite, a, b)
        assert _holds(operator, a, b) is _holds(mirror, b, a)


def _holds(operator: Operator, a: int, b: int) -> bool:
    assert operator.columns is not None
    return bool(operator.columns(a, b))
