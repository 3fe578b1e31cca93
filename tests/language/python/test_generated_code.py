"""Generated Python says what the meaning of the language says, whatever is asked of whatever record."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.language import edges
from tests.language.drawing import INSTANTS, KINDS, Drawn, World, records, rules, world, worlds
from tests.language.oracle import Oracle, attributes, exact, known

from windowservice.instants import datetime_us
from windowservice.language.python.compile import compile_rules, compile_values, held_as_of
from windowservice.language.tree.rule import Rule
from windowservice.language.tree.values import ValueType

V = ValueType
QUIET = settings(
    deadline=None, report_multiple_bugs=False, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
RECORDED = st.sampled_from(
    [None, None, frozenset(KINDS), frozenset({"paid"}), frozenset({"told", "done"}), frozenset()]
)
NOW = st.sampled_from([datetime_us(at) for at in INSTANTS])


def _record(w: World, record: dict[str, Any]) -> Any:
    return record if w.style == "mapping" else attributes(record, w.parent.options.under)


def _verdict(masks: tuple[int, int, int, int], position: int) -> str:
    for mask, word in zip(masks, ("fail", "unknown", "pending", "not_applicable"), strict=True):
        if mask >> position & 1:
            return word
    return "pass"


@QUIET
@given(st.data())
def test_rules_agree_with_their_meaning(data: st.DataObject) -> None:
    """Every verdict of fused code is the verdict of the tree walker, over records full of holes."""
    w = data.draw(worlds)
    drawn = [data.draw(rules(w, f"rule_{i}")) for i in range(data.draw(st.integers(1, 3)))]
    recorded = data.draw(RECORDED)
    evaluate = compile_rules(drawn, w.parent, w.binding, recorded=recorded, style=w.style)
    for record in data.draw(st.lists(records(w), min_size=1, max_size=3)):
        now = data.draw(NOW)
        masks = evaluate(_record(w, record), held_as_of(w.stored, now))
        oracle = Oracle(w.parent, w.binding, record, now, recorded)
        for position, rule in enumerate(drawn):
            assert _verdict(masks, position) == oracle.verdict(rule), str(rule)


@QUIET
@given(st.data())
def test_values_agree_with_their_meaning(data: st.DataObject) -> None:
    """Every value of generated code is the value of the tree walker, missing where that is missing."""
    w = data.draw(worlds)
    drawn = Drawn(data.draw, w)
    kinds = [V.BOOL, V.INT, V.DECIMAL, V.RATIO, V.FLOAT, V.TEXT, V.TEXTS, V.INSTANT, V.DATE, V.SPAN, V.WORK]
    exprs = [drawn.value(data.draw(st.sampled_from(kinds)), data.draw(st.integers(0, 2))) for _ in range(2)]
    recorded = data.draw(RECORDED)
    read = compile_values(exprs, w.parent, w.binding, recorded=recorded, style=w.style)
    for record in data.draw(st.lists(records(w), min_size=1, max_size=3)):
        now = data.draw(NOW)
        values = read(_record(w, record), held_as_of(w.stored, now))
        oracle = Oracle(w.parent, w.binding, record, now, recorded)
        for expr, value in zip(exprs, values, strict=True):
            meant = oracle.read(expr)
            got = exact(value, expr.type)
            assert got == meant if known(meant) else value is None, str(expr)


# edges

STORED = pytest.mark.parametrize("stored", ["datetime", "microseconds"])
STYLE = pytest.mark.parametrize("style", ["attribute", "mapping"])
SOME_RECORDED = pytest.mark.parametrize("recorded", [None, frozenset({"paid"})], ids=["all recorded", "paid recorded"])
NAMED = world("datetime", "mapping", kind_required=True, ordered=True, dated=True)


@STORED
@STYLE
@SOME_RECORDED
def test_edges_agree_with_their_meaning(stored: str, style: str, recorded: frozenset[str] | None) -> None:
    """Each operator, neighbour, aggregate and figure alone, on records with and without what it asks for."""
    for kind_required, ordered in ((True, True), (True, False), (False, True)):
        w = world(stored, style, kind_required=kind_required, ordered=ordered, dated=True)
        for name, expr in edges.values(w).items():
            read = compile_values([expr], w.parent, w.binding, recorded=recorded, style=w.style)
            for number, record in enumerate(edges.held_records(w)):
                now = datetime_us(INSTANTS[-1])
                (value,) = read(_record(w, record), held_as_of(w.stored, now))
                meant = Oracle(w.parent, w.binding, record, now, recorded).read(expr)
                got = exact(value, expr.type)
                assert got == meant if known(meant) else value is None, (name, number)


@SOME_RECORDED
@STORED
@pytest.mark.parametrize("name", edges.conditions(NAMED))
def test_conditions_agree_with_their_meaning(name: str, stored: str, recorded: frozenset[str] | None) -> None:
    """Deadlines wait, pass and fail as meant, at every instant."""
    w = world(stored, "mapping", kind_required=True, ordered=True, dated=True)
    rule = Rule("edge", title="A rule made up for a test", of=w.parent, require=edges.conditions(w)[name])
    evaluate = compile_rules([rule], w.parent, w.binding, recorded=recorded, style=w.style)
    for at in INSTANTS:
        now = datetime_us(at)
        for number, record in enumerate(edges.held_records(w)):
            meant = Oracle(w.parent, w.binding, record, now, recorded).verdict(rule)
            assert _verdict(evaluate(record, held_as_of(stored, now)), 0) == meant, (at, number)
