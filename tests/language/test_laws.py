"""The laws of semantics that hold for all rules: of missing data, of time, of later events, of text.

Where each law about one matter is tried, on histories crowded at the edges:

=====================================================  ============================================================
law                                                    test
=====================================================  ============================================================
worked is additive, antisymmetric; adding is its       worktime/test_calendar_laws: laws_of_working_time,
inverse and monotone                                   laws_of_workdays
stops off hours change nothing; nor does splitting     worktime/test_clock_laws: stops_off_hours_change_nothing,
one, or one at or after due; more of them never make   splitting_a_stop_changes_nothing, stop_at_or_after_the_due,
due earlier                                            more_stops_never_make_the_due_earlier
pass, fail, not applicable never change by time alone  here: no_verdict_but_an_open_one_changes_by_time_alone;
                                                       facts/test_request_laws: the same on the built-in rules
a fail is never undone by a later event                here: a_final_verdict_on_counts_is_not_undone;
                                                       language/test_settling; facts/test_request_laws;
                                                       worktime/test_clock_laws: a_failure_is_never_undone
replaying up to an instant is judging as of it         facts/test_request_laws; worktime/test_clock_laws:
                                                       what_comes_later_is_not_seen
permuting rows changes nothing                         facts/test_request_laws; domain/test_requests
one object and columns give the same                   language/test_generated_code and test_columns, both against
                                                       the oracle; engine/test_engines_agree
a rule printed and parsed is the same rule             here; language/test_text, test_nasty_constants
a shortfall made up is no fail                         engine/test_engine: the_number_of_a_failure_made_up
the spans of a deadline add up                         worktime/test_clock_laws: spans_add_up_to_the_elapsed_time
missing data is never a pass                           here: what_was_decided_without_a_value_stays_so;
                                                       facts/test_request_laws
=====================================================  ============================================================
"""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.language.drawing import (
    CALENDAR,
    FUZZY,
    INSTANTS,
    USED,
    Drawn,
    World,
    dates,
    decimals,
    instants,
    numbers,
    open_times,
    ratios,
    records,
    rules,
    spans,
    word_sets,
    world,
    worlds,
)
from tests.language.drawing import held as held_value
from tests.language.oracle import attributes

from windowservice.instants import datetime_us
from windowservice.language.analysis.check import speaks_of_facts
from windowservice.language.python.compile import compile_rules, compile_values, held_as_of
from windowservice.language.python.marks import WAITING
from windowservice.language.text.parse import Names, parse
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.expressions import operation, same_expr
from windowservice.language.tree.kernels import Binding
from windowservice.language.tree.rule import Rule
from windowservice.language.tree.values import ValueType

V = ValueType
QUIET = settings(
    deadline=None,
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
WORDS = ("fail", "unknown", "pending", "not_applicable")


def verdict(w: World, rule: Rule, record: dict[str, Any], now: int) -> str:
    """Return the verdict of generated code."""
    held = record if w.style == "mapping" else attributes(record, "items")
    masks = compile_rules([rule], w.parent, w.binding, style=w.style)(held, held_as_of(w.stored, now))  # type: ignore[arg-type]
    return next((word for mask, word in zip(masks, WORDS, strict=True) if mask), "pass")


# four-valued logic


STATES = (True, False, None, WAITING)


def _meant_and(left: object, right: object) -> object:
    return next((v for v in (False, None, WAITING) if v in (left, right)), True)


def _meant_or(left: object, right: object) -> object:
    return next((v for v in (True, None, WAITING) if v in (left, right)), False)


@pytest.fixture(scope="module")
def states() -> tuple[World, dict[object, Expr[bool]], dict[str, Any], int]:
    """A record, and a condition for each of the four truth values."""
    w = world("microseconds", "mapping", kind_required=True, ordered=True, dated=True)
    p = w.parent.given
    late = datetime_us(INSTANTS[-1])
    conditions: dict[object, Expr[bool]] = {
        True: p["n"] == 1, False: p["n"] == 2, None: p["m"] == 1, WAITING: p["b"].by(INSTANTS[-1]),
    }  # fmt: skip
    return w, conditions, {"n": 1, "a": datetime_us(INSTANTS[0]), "f": 0.0, "s": "red", "items": []}, late


@pytest.mark.parametrize(("left", "right"), list(product(STATES, STATES)), ids=str)
def test_and_and_or_follow_the_tables(states: Any, left: object, right: object) -> None:
    """And is false if any is, else unknown, else waiting; or is its dual; both the same in either order."""
    w, conditions, record, now = states
    both, either = conditions[left] & conditions[right], conditions[left] | conditions[right]
    values = compile_values([both, either], w.parent, w.binding, style="mapping")(record, now)
    assert values == (_meant_and(left, right), _meant_or(left, right))


@pytest.mark.parametrize(
    ("state", "opposite"), [(True, False), (False, True), (None, None), (WAITING, WAITING)], ids=str
)
def test_not_keeps_unknown_and_waiting(states: Any, state: object, opposite: object) -> None:
    """Not turns true and false round and leaves the other two."""
    w, conditions, record, now = states
    assert compile_values([~conditions[state]], w.parent, w.binding, style="mapping")(record, now) == (opposite,)


# missing data


FILLS = {
    V.INT: numbers, V.DECIMAL: decimals, V.RATIO: ratios, V.TEXT: st.sampled_from(("red", "green", "blue")),
    V.BOOL: st.booleans(), V.INSTANT: instants, V.DATE: dates, V.SPAN: spans, V.WORK: open_times, V.TEXTS: word_sets,
    V.FLOAT: st.sampled_from([0.0, 0.5, -2.0]),
}  # fmt: skip


def _filled(draw: Any, w: World, vocabulary: Any, record: dict[str, Any]) -> dict[str, Any]:
    """Return the record with every missing value filled in."""
    found = dict(record)
    for fact in vocabulary.given.values():
        key = fact.read or fact.name
        if fact.definition is None and found[key] is None:
            fill = st.sampled_from(sorted(fact.words)) if fact.words else FILLS[fact.type]
            found[key] = held_value(w, draw(fill))
    return found


@QUIET
@given(st.data())
def test_what_was_decided_without_a_value_stays_so_whatever_the_value_is(data: st.DataObject) -> None:
    """Missing data never passes: filling in what was missing changes no verdict but unknown."""
    w = data.draw(worlds)
    drawn = Drawn(data.draw, w, strict=True)
    condition = drawn.test(data.draw(st.integers(1, 2)))
    assume(speaks_of_facts(condition) and "more." not in str(condition))
    rule = Rule("law", title="A law", of=w.parent, require=condition, settled_by=())
    record = data.draw(records(w))
    now = datetime_us(data.draw(st.sampled_from(INSTANTS)))
    before = verdict(w, rule, record, now)
    assume(before != "unknown")
    full = _filled(data.draw, w, w.parent, record)
    full["items"] = [_filled(data.draw, w, w.child, item) for item in record["items"]]
    assert verdict(w, rule, full, now) == before


@pytest.mark.parametrize(
    "test", [lambda f: f <= 1, lambda f: f > 1, lambda f: f == 1, lambda f: f != 1, lambda f: ~(f < 1)]
)
def test_nan_is_missing(test: Any) -> None:
    """A comparison with NaN is unknown, whichever way round; is_missing says so."""
    w = world("datetime", "mapping", kind_required=True, ordered=True, dated=True)
    f = w.parent.given["f"]
    record = {"f": float("nan"), "a": INSTANTS[0]}
    read = compile_values([test(f), f.is_missing(), f.otherwise(2.0)], w.parent, w.binding, style="mapping")
    assert read(record, INSTANTS[0]) == (None, True, 2.0)


# time and events


@QUIET
@given(st.data())
def test_no_verdict_but_an_open_one_changes_by_time_alone(data: st.DataObject) -> None:
    """Pass, fail and not applicable stay what they are as the instant judged moves on without an event."""
    w = data.draw(worlds.filter(lambda w: w.parent.options.dated_by is not None))
    rule, record = data.draw(rules(w)), data.draw(records(w))
    moments = sorted({datetime_us(at) for at in INSTANTS})
    first = data.draw(st.integers(0, len(moments) - 2))
    then = data.draw(st.integers(first + 1, len(moments) - 1))
    happened = [item["at"] if w.stored == "microseconds" else datetime_us(item["at"]) for item in record["items"]]
    assume(not any(moments[first] < at <= moments[then] for at in happened))
    before = verdict(w, rule, record, moments[first])
    after = verdict(w, rule, record, moments[then])
    assert before == after or before in ("pending", "unknown"), str(rule)


@QUIET
@given(st.data())
def test_a_final_verdict_on_counts_is_not_undone_by_a_later_event(data: st.DataObject) -> None:
    """Until the matter is settled a fail stays a fail and a pass a pass, unless a later event hides what was known."""
    w = data.draw(worlds.filter(lambda w: w.ordered))
    condition = Drawn(data.draw, w).test(data.draw(st.integers(1, 2)))
    assume(speaks_of_facts(condition) and w.parent.options.dated_by is not None)
    rule = Rule("law", title="A law", of=w.parent, require=condition, settled_by=("done",))
    record = data.draw(records(w))
    now = datetime_us(INSTANTS[-1])
    final = None
    for shown in range(len(record["items"]) + 1):
        found = verdict(w, rule, record | {"items": record["items"][:shown]}, now)
        if final is not None:
            assert found in (final, "unknown"), str(rule)
        if found in ("pass", "fail"):
            final = found
        if shown and record["items"][shown - 1]["kind"] in ("done", None):
            break


# text


def names_of(w: World) -> Names:
    """Return all names that a text about the world may use."""
    kernels = {kernel.name: kernel for kernel in (FUZZY, USED)}
    return Names([w.parent, w.child, w.more], w.figures.values(), kernels)


@QUIET
@given(st.data())
def test_a_rule_printed_and_parsed_is_the_same_rule(data: st.DataObject) -> None:
    """Text is another form of the same tree; nothing is lost or rewritten."""
    w = data.draw(worlds)
    rule = data.draw(rules(w))
    for condition in (rule.require, *([] if rule.when is None else [rule.when])):
        again = parse(str(condition), names_of(w))
        assert same_expr(again, condition)
        assert str(again) == str(condition)


@QUIET
@given(st.data())
def test_a_value_printed_and_parsed_is_the_same_value(data: st.DataObject) -> None:
    """The same holds for expressions of every type, constants of every type among them."""
    w = data.draw(worlds)
    kind = data.draw(st.sampled_from(sorted(FILLS)))
    drawn = Drawn(data.draw, w)
    expr = drawn.value(kind, data.draw(st.integers(0, 2))).otherwise(data.draw(FILLS[kind]))
    assert same_expr(parse(str(expr), names_of(w)), expr)


def test_many_conditions_make_one_rule() -> None:
    """A rule of hundreds of conditions, as a comprehension makes them, is printed, parsed and compiled."""
    w = world("microseconds", "mapping", kind_required=True, ordered=True, dated=True)
    m = w.parent.given["m"]
    condition = m != 0
    for number in range(1, 300):
        condition = operation("or" if number % 100 == 0 else "and", condition, m != number)
    rule = Rule("many", title="Many", of=w.parent, require=condition)
    masks = compile_rules([rule], w.parent, Binding(CALENDAR), style="mapping")
    assert masks({"m": 1000, "items": []}, 0) == (0, 0, 0, 0)
    assert masks({"m": 299, "items": []}, 0) == (1, 0, 0, 0)
    assert masks({"m": None, "items": []}, 0) == (0, 1, 0, 0)
