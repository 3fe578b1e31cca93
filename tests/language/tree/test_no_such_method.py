"""A method or fact that is not there, an instant in place of a date: told with what to write."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

import windowservice as ws
from windowservice.errors import UnknownAttribute
from windowservice.facts import event as e
from windowservice.facts import request as r

EXPRESSIONS: tuple[Any, ...] = (
    e.at, r.amount, r.finished_at, r.amount + 1, e.at.first(), e.kind.one_of("decided"),
    ws.worked(r.accepted_at, r.finished_at), ws.due(r.accepted_at, "3 working days"),
    ws.Figure("f", int, {"2018-01-01": 5}, basis=ws.Basis("b")),
)  # fmt: skip


@pytest.mark.parametrize("expr", EXPRESSIONS, ids=str)
@pytest.mark.parametrize(
    ("slip", "meant"),
    [("frist", "first"), ("cuont", "count"), ("is_mising", "is_missing"), ("one_off", "one_of"), ("wihtin", "within"),
     ("otherwize", "otherwise"), ("prevous", "previous")],
)  # fmt: skip
def test_a_misspelt_method_of_an_expression_is_told_with_the_nearest(expr: Any, slip: str, meant: str) -> None:
    """The error is one of the library's own, and still what Python's own protocols expect."""
    with pytest.raises(ws.WindowserviceError, match=f"has no method '{slip}' .did you mean '{meant}'") as told:
        getattr(expr, slip)
    assert isinstance(told.value, AttributeError)
    assert not hasattr(expr, slip)
    assert getattr(expr, slip, None) is None
    assert str(pickle.loads(pickle.dumps(told.value))) == str(told.value)


@pytest.mark.parametrize("expr", EXPRESSIONS, ids=str)
def test_protocols_of_python_ask_expressions_in_vain_and_go_on(expr: Any) -> None:
    """hasattr, copy and pickle find what there is, and take no for an answer."""
    for name in ("__array__", "__len__", "_repr_html_", "__fspath__", "_ipython_display_", "__dataframe__"):
        assert not hasattr(expr, name)
    assert str(copy.copy(expr)) == str(copy.deepcopy(expr)) == str(expr)


def test_a_misspelt_fact_is_the_same_error() -> None:
    """Of a vocabulary, with its nearest fact."""
    with pytest.raises(UnknownAttribute, match=r"request has no fact 'amuont' .did you mean 'amount'"):
        r.amuont  # noqa: B018


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: ws.workdays(r.accepted_at, r.finished_at),
         r"write workdays\(request.accepted_at.date\(\), request.finished_at.date\(\)\)"),
        (lambda: ws.workdays(r.accepted_at.date(), r.finished_at),
         r"write workdays\(request.accepted_at.date\(\), request.finished_at.date\(\)\)"),
        (lambda: r.accepted_at <= date(2018, 5, 3), r"the date of an instant is its .date\(\)"),
        (lambda: r.accepted_at == date(2018, 5, 3), r"the date of an instant is its .date\(\)"),
    ],
)  # fmt: skip
def test_an_instant_in_place_of_a_date_is_told_how_to_give_its_date(call: Callable[[], object], told: str) -> None:
    """In functions and comparisons."""
    with pytest.raises(ws.WindowserviceError, match=told):
        call()
