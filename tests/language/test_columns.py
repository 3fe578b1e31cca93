"""Columns say what the meaning of the language says: every verdict and value of every row is the tree walker's."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.language.drawing import FUZZY, HOUR, INSTANTS, KINDS, Drawn, World, records, rules, world, worlds
from tests.language.framing import cell, columns_of
from tests.language.oracle import Oracle, known

from windowservice.errors import NotColumnar
from windowservice.instants import datetime_us
from windowservice.language.expr import Expr
from windowservice.language.expressions import as_of, choose, collect, operation
from windowservice.language.kernels import DUE, due, workdays, worked
from windowservice.language.rule import Rule
from windowservice.language.to_polars import ERROR, verdict_columns
from windowservice.language.values import ValueType

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
    """Of random rules, half of which compute something, nine in ten run over columns."""
    ran: Counter[bool] = Counter()

    @settings(QUIET, max_examples=100, database=None, derandomize=True)
    @given(st.data())
    def judge(data: st.DataObject) -> None:
        w = data.draw(worlds)
        _, slow = verdict_columns(columns_of(w, [], datetime_us(INSTANTS[0])), [data.draw(rules(w))])
        ran[not slow] += 1

    judge()
    assert ran[True] >= 9 * ran[False] > 0, ran


# edges that random draws meet seldom

W = world("microseconds", "mapping", kind_required=True, ordered=True, dated=True)
P, C = W.parent.given, W.child.given
NOTHING = dict.fromkeys(["n", "m", "d", "q", "f", "flag", "s", "t", "tags", "a", "b", "c_", "day", "span", "open_time"])
NO_CHILD = dict.fromkeys(["at", "kind", "x", "y", "u", "ok", "tags", "till", "took", "f"])
EARLY, LATE = datetime_us(INSTANTS[0]), datetime_us(INSTANTS[-1])
INFINITE = float("inf")


def child(**given: Any) -> dict[str, Any]:
    """Return a child that holds little but what is given."""
    return {**NO_CHILD, "at": EARLY, "kind": "asked", "y": 0, **given}


def record(*items: dict[str, Any], **given: Any) -> dict[str, Any]:
    """Return a record that holds little but what is given, and its children."""
    return {**NOTHING, "n": 0, "f": 0.0, "s": "red", "a": EARLY, "extra": None, "items": list(items), **given}


RECORDS = [
    record(),
    record(child(x=1, u="red"), t="blue", m=3, tags=frozenset({"red"})),
    record(child(x=1, ok=None), child(x=2, ok=None), child(x=2)),
    record(child(x=1, ok=True), child(x=1, ok=None), m=-2, n=3),
    record(child(u="red", kind="told"), child(u=None), child(u="blue"), tags=frozenset({"a"})),
    record(child(u="blue", x=None), child(u="blue", kind="paid"), f=INFINITE, t="red", span=3_600_000_000),
    record(child(f=INFINITE), child(f=-INFINITE), f=-2.0, b=LATE),
]
EXCLUDING = (C["kind"] == "paid") & (C["kind"] == "told")
EDGES: dict[str, Expr[Any]] = {
    "seen before, if it counts": C["x"].seen_before(C["ok"]).any(),
    "seen before, of the last": C["x"].seen_before(C["ok"]).last(),
    "a text seen before": C["u"].seen_before().last(),
    "a text seen before among a kind": C["u"].seen_before(C["kind"] == "told").last(),
    "difference of infinities": P["f"] - P["f"],
    "infinity by nothing": P["f"] * 0,
    "NaN compared": (P["f"] - P["f"]) >= 0.0,
    "NaN is missing": (P["f"] - P["f"]).is_missing(),
    "NaN replaced": (P["f"] - P["f"]).otherwise(1.0),
    "sum of infinities": C["f"].sum() == 0.0,
    "a quotient by zero": P["f"] / P["n"],
    "a quotient of infinities": P["f"] / P["f"],
    "a word that no row holds": C["kind"].first() == "done",
    "words that no row holds": C["u"].last().one_of("green", "blue"),
    "no word that a row holds": P["t"].one_of("green"),
    "the previous word": (C["u"].previous() == "green").any(),
    "the latest word of a kind": (C["u"].latest(C["kind"] == "told") == "green").any(),
    "the next word": (C["u"].next() == "blue").any(),
    "words of two columns": P["t"] == P["s"],
    "words of a record and its child": (C["u"] == P["t"]).any(),
    "a replacement that no row holds": P["t"].otherwise("green") == "green",
    "a choice of two columns": choose(P["n"] > 1, P["t"], P["s"]) == "red",
    "a set holds a word": C["u"].union().contains(P["t"]),
    "a set and no word": C["u"].union().contains("green"),
    "a set covers nothing": C["u"].union().covers(frozenset()),
    "sets are equal": P["tags"].otherwise(frozenset({"a"})) == frozenset({"a"}),
    "sets differ": P["tags"] != C["u"].union(),
    "first of kinds that exclude each other": C["x"].first(where=EXCLUDING),
    "number of kinds that exclude each other": C["x"].count(where=EXCLUDING),
    "all of kinds that exclude each other": (C["x"] > 1).all(where=EXCLUDING),
    "union of kinds that exclude each other": C["u"].union(where=EXCLUDING),
    "sum of kinds that exclude each other": C["x"].sum(where=EXCLUDING),
    "a constant of each child": (C["y"] >= 0).choose("red", "blue").first(),
    "what did not act": operation("part_notes", FUZZY(P["a"], P["span"].otherwise(HOUR))),
    "the clock of each child": due(C["at"], "2 working hours").max(),
    "the last day of each child": operation("part_last_day", DUE(C["at"], "2 working hours", "")).max(),
    "the last day of a limit in hours": operation("part_last_day", DUE(C["at"], "2 hours", "")).is_missing().any(),
    "a clock that not all have": operation("part_last_day", DUE(P["b"], "1 working day", "")),
    "open time of each child": worked(P["a"], C["at"]).max(),
    "working days of each child": workdays(C["at"].date(), P["a"].date()).min(),
    "done by a due": P["b"].by(due(P["a"], "2 working hours")),
    "a limit that is a figure": due(P["a"], W.figures["limit"]),
    "a limit without its slot": due(P["b"].otherwise(as_of), "booked session"),
    "whose calendar is a fact": due(P["a"], "1 working day", choose(P["n"] >= 0, "", "")),
    "today": as_of.date(),
    "a moving span": (P["b"].otherwise(as_of) - P["a"]).within(2 * P["span"].otherwise(HOUR)),
}


@pytest.mark.parametrize("recorded", [None, frozenset({"paid"})], ids=["all recorded", "paid recorded"])
@pytest.mark.parametrize("words", [True, False], ids=["enumerations", "texts"])
@pytest.mark.parametrize("name", EDGES)
def test_edges_agree_with_their_meaning(name: str, words: bool, recorded: frozenset[str] | None) -> None:
    """What columns might do otherwise than a record by itself: infinities, words that no row holds, nothing at all."""
    expr = EDGES[name]
    for held in (RECORDS, RECORDS[:1], RECORDS[:0]):
        got = columns_of(W, held, LATE, recorded, words=words).series(expr).to_list()
        meant = [oracle.read(expr) for oracle in meanings(W, held, LATE, recorded)]
        assert [cell(value, expr.type) for value in got] == [value if known(value) else None for value in meant]


HUGE = record(*[child(x=10**18 - 1)] * 12, n=10**18 - 1, m=10**18 - 1, span=10**18)
TEN = P["m"] + P["m"] + P["m"] + P["m"] + P["m"] + P["m"] + P["m"] + P["m"] + P["m"] + P["m"]
CHOSEN = operation("choose", P["n"] > 1, FUZZY(P["a"], HOUR), FUZZY(P["a"], 2 * HOUR))
LOOSE = attrs.evolve(FUZZY, name="loose", columns=None)
REFUSED: dict[str, tuple[Expr[Any], str]] = {
    "a product beyond 64 bits": (P["m"] * P["n"] > 0, "whole numbers beyond 64 bits"),
    "a sum beyond 64 bits": (TEN > 0, "whole numbers beyond 64 bits"),
    "a difference beyond 64 bits": (-P["n"] - TEN < 0, "whole numbers beyond 64 bits"),
    "a span beyond 64 bits": (P["span"] * P["n"] > HOUR, "whole numbers beyond 64 bits"),
    "a sum of children beyond 64 bits": (C["x"].sum() > 0, "whole numbers beyond 64 bits"),
    "a ratio": (P["n"] / 3 > 1, "exact ratios"),
    "a decimal": (P["d"] > P["n"], "exact decimals"),
    "a decimal of each child": ((C["x"] > P["d"]).any(), "exact decimals"),
    "a sum of decimals": (W.figures["share"][C["u"]].sum() > 1, "exact decimals"),
    "a function without columns": (operation("part_provisional", LOOSE(P["a"], HOUR)), "the function loose"),
    "a clock chosen": (P["b"].by(operation("part_due", CHOSEN)), "a clock chosen among several"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_columns_do_not_have_is_refused_by_name(name: str) -> None:
    """A rule that columns would get wrong is left to be run row by row, with the reason; the others are not."""
    condition, why = REFUSED[name]
    rule = Rule("refused", title="A rule made up for a test", of=W.parent, require=condition)
    fine = Rule("fine", title="Another", of=W.parent, require=P["n"] >= 0)
    codes, slow = verdict_columns(columns_of(W, [record(), HUGE], LATE), [fine, rule])
    assert {position: reason(text) for position, text in slow.items()} == {1: why}
    assert [series.to_list() for series in codes] == [[0, 0], [ERROR, ERROR]]


def test_numbers_just_within_64_bits_are_not_refused() -> None:
    """The bound is of what the rows hold, not of what they could."""
    held = record(child(x=3 * 10**18), child(x=3 * 10**18), m=3 * 10**18, n=3)
    run = columns_of(W, [held], LATE)
    assert run.series(P["m"] * P["n"]).to_list() == [9 * 10**18]
    assert run.series(C["x"].sum()).to_list() == [6 * 10**18]


def test_children_of_which_no_frame_was_given_are_refused() -> None:
    """Without a frame of children, what is gathered from them is not columnar; nor are rows gathered for no kernel."""
    run = columns_of(W, [record()], LATE)
    run._children = None
    with pytest.raises(NotColumnar, match="children of which no frame was given"):
        run.series(C["x"].count())
    with pytest.raises(NotColumnar, match="collected rows outside a kernel"):
        columns_of(W, [record()], LATE).series(collect(C["x"]))
