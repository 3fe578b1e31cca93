"""Columns say what the meaning of the language says: every verdict and value of every row is the tree walker's."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.language.drawing import FUZZY, HOUR, INSTANTS, KINDS, Drawn, World, records, rules, world, worlds
from tests.language.edges import NO_CHILD, conditions, held_records, record, values
from tests.language.framing import cell, columns_of
from tests.language.oracle import Oracle, known
from tests.trials import trials

from windowservice.errors import NotColumnar
from windowservice.instants import datetime_us
from windowservice.language.polars.compile import ERROR, verdict_columns
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.expressions import collect, operation
from windowservice.language.tree.rule import Rule
from windowservice.language.tree.values import ValueType

V = ValueType
QUIET = settings(
    deadline=None, report_multiple_bugs=False, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
CODES = ("pass", "fail", "unknown", "pending", "not_applicable", "error")
RECORDED = st.sampled_from(
    [None, None, frozenset(KINDS), frozenset({"paid"}), frozenset({"told", "done"}), frozenset()]
)
NOW = st.sampled_from([datetime_us(at) for at in INSTANTS])
EXACT = ("exact ratios", "exact decimals", "a constant of the type exact decimal", "a constant of the type exact ratio")
"""All that random rules use and columns do not have: nothing but arithmetic that Polars cannot do exactly."""


def reason(text: str) -> str:
    """Return what a rule uses that columns do not have."""
    found = re.search(r" uses ([^()]*), which columns do not have; it is run row by row$", text)
    assert found is not None, text
    return found[1]


def meanings(w: World, held: list[dict[str, Any]], now: int, recorded: frozenset[str] | None) -> list[Oracle]:
    """Return the tree walker of each record."""
    return [Oracle(w.parent, w.binding, record, now, recorded) for record in held]


@pytest.mark.slow
@QUIET
@given(st.data())
def test_verdicts_agree_with_their_meaning(data: st.DataObject) -> None:
    """Every verdict of a column is the verdict of the tree walker, row by row, whatever the frame holds."""
    w = data.draw(worlds)
    drawn = [data.draw(rules(w, f"rule_{i}")) for i in range(data.draw(st.integers(1, 3)))]
    held, now, recorded = data.draw(st.lists(records(w), max_size=4)), data.draw(NOW), data.draw(RECORDED)
    run = columns_of(w, held, now, recorded, words=data.draw(st.booleans()))
    codes, slow = verdict_columns(run, drawn)
    for position, rule in enumerate(drawn):
        if position in slow:
            assert reason(slow[position]) in EXACT, str(rule)
            continue
        meant = [oracle.verdict(rule) for oracle in meanings(w, held, now, recorded)]
        assert [CODES[code] for code in codes[position]] == meant, str(rule)


COLUMNAR = (V.BOOL, V.INT, V.FLOAT, V.TEXT, V.TEXTS, V.INSTANT, V.DATE, V.SPAN, V.WORK)


@QUIET
@given(st.data())
def test_values_agree_with_their_meaning(data: st.DataObject) -> None:
    """Every value of a column is the value of the tree walker, null where that is missing."""
    w = data.draw(worlds)
    kind = data.draw(st.sampled_from(COLUMNAR))
    expr = Drawn(data.draw, w).value(kind, data.draw(st.integers(0, 2)))
    held, now, recorded = data.draw(st.lists(records(w), max_size=4)), data.draw(NOW), data.draw(RECORDED)
    run = columns_of(w, held, now, recorded, words=data.draw(st.booleans()))
    try:
        got = run.series(expr).to_list()
    except NotColumnar as refused:
        why = reason(str(refused))
        assert why in EXACT
        return
    meant = [oracle.read(expr) for oracle in meanings(w, held, now, recorded)]
    assert [cell(value, kind) for value in got] == [value if known(value) else None for value in meant], str(expr)


def test_few_rules_are_refused() -> None:
    """Of random rules, half of which compute something, most run over columns; one of an exact decimal does not.

    One in twenty is refused; how many exactly depends on what other tests were loaded, for hypothesis draws constants
    from all modules there are.
    """
    w = world("datetime", "mapping", kind_required=True, ordered=True, dated=True)
    exact = Rule("exact", title="An exact decimal", require=w.parent.given["d"] > 1)
    assert verdict_columns(columns_of(w, [], datetime_us(INSTANTS[0])), [exact])[1]
    ran: Counter[bool] = Counter()

    @trials(8, QUIET, database=None)
    @given(st.data())
    def judge(data: st.DataObject) -> None:
        w = data.draw(worlds)
        _, slow = verdict_columns(columns_of(w, [], datetime_us(INSTANTS[0])), [data.draw(rules(w))])
        ran[not slow] += 1

    judge()
    assert ran[True] >= 5 * ran[False], ran


# edges


W = world("microseconds", "mapping", kind_required=True, ordered=True, dated=True)
P, C = W.parent.given, W.child.given
RECORDS = held_records(W)
EDGES, CONDITIONS = values(W), conditions(W)
LATE = datetime_us(INSTANTS[-1])
RECORDED_OR_NOT = pytest.mark.parametrize(
    "recorded", [None, frozenset({"paid"})], ids=["all recorded", "paid recorded"]
)
ENUMERATED_OR_NOT = pytest.mark.parametrize("words", [True, False], ids=["enumerations", "texts"])


@RECORDED_OR_NOT
@ENUMERATED_OR_NOT
@pytest.mark.parametrize("name", EDGES)
def test_edges_agree_with_their_meaning(name: str, words: bool, recorded: frozenset[str] | None) -> None:
    """What columns might do otherwise than a record by itself: infinities, words that no row holds, nothing at all."""
    expr = EDGES[name]
    for held in (RECORDS, RECORDS[:1], RECORDS[:0]):
        got = columns_of(W, held, LATE, recorded, words=words).series(expr).to_list()
        meant = [oracle.read(expr) for oracle in meanings(W, held, LATE, recorded)]
        assert [cell(value, expr.type) for value in got] == [value if known(value) else None for value in meant]


@RECORDED_OR_NOT
@pytest.mark.parametrize("name", CONDITIONS)
def test_conditions_agree_with_their_meaning(name: str, recorded: frozenset[str] | None) -> None:
    """Deadlines wait, pass and fail in columns as they do on a record, at every instant."""
    rule = Rule("edge", title="A rule made up for a test", of=W.parent, require=CONDITIONS[name])
    for at in INSTANTS:
        now = datetime_us(at)
        (codes,), slow = verdict_columns(columns_of(W, RECORDS, now, recorded), [rule])
        assert not slow
        meant = [oracle.verdict(rule) for oracle in meanings(W, RECORDS, now, recorded)]
        assert [CODES[code] for code in codes] == meant, at


def test_figures_of_another_day_are_those_of_that_day() -> None:
    """Asked for the figures of a day, columns read those, whenever the record is dated."""
    binding = attrs.evolve(W.binding, figures_as_of=date(2018, 10, 25))
    run = columns_of(W, RECORDS, LATE)
    run.binding = binding
    assert run.series(W.figures["most"] + 0).to_list() == [2] * len(RECORDS)


A_CHILD = {"at": LATE, "kind": "asked", "y": 0, "a": LATE}
TWELVE = [{**NO_CHILD, **A_CHILD, "x": 10**18 - 1}] * 12
HUGE = record(*TWELVE, a=LATE, n=10**18 - 1, m=10**18 - 1, span=10**18)
TEN = P["m"] + P["m"] + P["m"] + P["m"] + P["m"] + P["m"] + P["m"] + P["m"] + P["m"] + P["m"]
LOOSE = attrs.evolve(FUZZY, name="loose", integers=None)
REFUSED: dict[str, tuple[Expr[Any], str]] = {
    "a product beyond 64 bits": (P["m"] * P["n"] > 0, "whole numbers beyond 64 bits"),
    "a sum beyond 64 bits": (TEN > 0, "whole numbers beyond 64 bits"),
    "a difference beyond 64 bits": (-P["n"] - TEN < 0, "whole numbers beyond 64 bits"),
    "a span beyond 64 bits": (P["span"] * P["n"] > HOUR, "whole numbers beyond 64 bits"),
    "a sum of children beyond 64 bits": (C["x"].sum() > 0, "whole numbers beyond 64 bits"),
    "a ratio": (P["n"] / 3 + P["n"] / 7 > 1, "exact ratios"),
    "a share beyond 64 bits": (P["n"] / P["m"] > Decimal("0.01"), "whole numbers beyond 64 bits"),
    "a decimal": (P["d"] > P["n"], "exact decimals"),
    "a decimal of each child": ((C["x"] > P["d"]).any(), "exact decimals"),
    "a sum of decimals": (W.figures["share"][C["u"]].sum() > 1, "exact decimals"),
    "a function without columns": (operation("part_provisional", LOOSE(P["a"], HOUR)), "the function loose"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_columns_do_not_have_is_refused_by_name(name: str) -> None:
    """A rule that columns would get wrong is left to be run row by row, with the reason; the others are not."""
    condition, why = REFUSED[name]
    rule = Rule("refused", title="A rule made up for a test", of=W.parent, require=condition)
    fine = Rule("fine", title="Another", of=W.parent, require=P["n"] >= 0)
    codes, slow = verdict_columns(columns_of(W, [record(a=LATE), HUGE], LATE), [fine, rule])
    assert {position: reason(text) for position, text in slow.items()} == {1: why}
    assert [series.to_list() for series in codes] == [[0, 0], [ERROR, ERROR]]


def test_numbers_just_within_64_bits_are_not_refused() -> None:
    """The bound is of what the rows hold, not of what they could."""
    held = record(*[{**NO_CHILD, **A_CHILD, "x": 3 * 10**18}] * 2, a=LATE, m=3 * 10**18, n=3)
    run = columns_of(W, [held], LATE)
    assert run.series(P["m"] * P["n"]).to_list() == [9 * 10**18]
    assert run.series(C["x"].sum()).to_list() == [6 * 10**18]


def test_children_of_which_no_frame_was_given_are_refused() -> None:
    """Without a frame of children, what is gathered from them is not columnar; nor are rows gathered for no kernel."""
    run = columns_of(W, [record(a=LATE)], LATE)
    run._children = None
    with pytest.raises(NotColumnar, match="children of which no frame was given"):
        run.series(C["x"].count())
    with pytest.raises(NotColumnar, match="collected rows outside a kernel"):
        columns_of(W, [record(a=LATE)], LATE).series(collect(C["x"]))
