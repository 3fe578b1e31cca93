"""Generated Python says what the meaning of the language says, whatever is asked of whatever record."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.language.drawing import INSTANTS, KINDS, Drawn, World, records, rules, worlds
from tests.language.oracle import Oracle, attributes, exact, known

from windowservice.instants import datetime_us
from windowservice.language.to_python import compile_rules, compile_values, held_as_of
from windowservice.language.values import ValueType

V = ValueType
QUIET = settings(
    deadline=None, report_multiple_bugs=False, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
RECORDED = st.sampled_from(
    [None, None, frozenset(KINDS), frozenset({"paid"}), frozenset({"told", "done"}), frozenset()]
)
NOW = st.sampled_from([datetime_us(at) for at in INSTANTS])


def _record(w: World, record: dict[str, Any]) -> Any:
    return record if w.style == "mapping" else attributes(record, w.parent.options.children)


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
