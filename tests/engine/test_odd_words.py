"""Words in rules that nothing has: warned of with the nearest, and only then."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from tests.engines import built_in

import windowservice as ws
from windowservice.facts.requests.request import request as r

EVENT = {"request": "R", "at": "2018-05-03 09:40", "kind": "submitted"}
LEDGER = ws.Ledger.read(
    {"requests": [{"id": "R", "bank": "b", "service": "S10"}], "events": [EVENT]}, zone="Asia/Shanghai"
)


def said(require: Any = r.amount > 0, **words: Any) -> list[str]:
    rule = ws.Rule("x", title="t", require=require, **words)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        engine = built_in().with_pack(ws.Pack("mine", version="1", rules=[rule]))
        engine.for_ledger(LEDGER)
    return [str(warning.message) for warning in caught]


@pytest.mark.parametrize(
    ("words", "near"),
    [
        ({"policy": "first contct"}, "first contact"),
        ({"policy": "one-time notificaton"}, "one-time notification"),
        ({"when": r.service == "S99"}, "'S99'"),
        ({"when": r.service.one_of("S10", "S1O")}, "'S1O'"),
        ({"require": (r.service != "s10") & (r.amount > 0)}, "'s10'"),
    ],
)
def test_a_word_that_nothing_has_is_warned_of(words: dict[str, Any], near: str) -> None:
    """The rule and the nearest word are named."""
    told = said(**words)
    assert len(told) == 1
    assert "rule mine/x" in told[0]
    assert near in told[0]


@pytest.mark.parametrize(
    "words",
    [
        {}, {"principle": "good_service"}, {"principle": "our_own_way"}, {"policy": "cash in the vault"},
        {"when": r.service == "S10"}, {"when": r.bank == "S99"},
    ],
)  # fmt: skip
def test_words_of_ones_own_and_known_ones_are_not(words: dict[str, Any]) -> None:
    """Nor any of the library's own rules."""
    assert said(**words) == []
