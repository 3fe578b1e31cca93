"""What rules cost grows with their text, not by a power of their depth: code, columns, and what is told of them."""

from __future__ import annotations

import linecache
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.language.drawing import CALENDAR, INSTANTS, world
from tests.language.edges import held_records
from tests.language.framing import columns_of
from tests.language.oracle import Oracle

from windowservice.instants import datetime_us
from windowservice.language.polars.compile import verdict_columns
from windowservice.language.python.compile import compile_rules
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.expressions import as_of, choose
from windowservice.language.tree.fact import fact
from windowservice.language.tree.facts import Facts
from windowservice.language.tree.kernels import Binding, due, worked
from windowservice.language.tree.rule import Rule

W = world("microseconds", "mapping", kind_required=True, ordered=True, dated=True)
P, C = W.parent.given, W.child.given
NOW = datetime_us(INSTANTS[-1])
DEPTH = 24
HOUR = timedelta(hours=1)
HOURLY = "1 working hour"
Step = Callable[[Any, Any, int], Expr[Any]]


def _nested(start: Expr[Any], step: Callable[[Expr[Any], int], Expr[Any]]) -> Callable[[int], Expr[Any]]:
    def of(depth: int) -> Expr[Any]:
        found = start
        for i in range(depth):
            found = step(found, i)
        return found

    return of


def _by(i: int = 0) -> Expr[bool]:
    return P["b"].by(due(P["a"], f"{i + 1} working hours"))


def _sides(i: int) -> Callable[[Expr[bool], Expr[bool]], Expr[bool]]:
    return (lambda a, b: a & b) if i % 2 else (lambda a, b: a | b)


def _sum(found: Expr[Any], i: int) -> Expr[Any]:
    return found + (P["c"].otherwise(as_of) - P["b"].otherwise(P["a"])) if i % 2 else found + (as_of - P["a"])


SHAPES: dict[str, Callable[[int], Expr[bool]]] = {
    "and, or around one deadline": _nested(_by(), lambda e, i: _sides(i)(P["m"] > i, e)),
    "and, or around one deadline, on the left": _nested(_by(), lambda e, i: _sides(i)(e, P["m"] > i)),
    "a deadline at each level": _nested(_by(), lambda e, i: _sides(i)(_by(i % 3), e)),
    "not around a deadline": _nested(_by(), lambda e, i: ~_sides(i)(P["flag"], e)),
    "equality of truths": _nested(P["m"] > 1, lambda e, i: (P["m"] > i) == e),
    "inequality of truths": _nested(P["m"] > 1, lambda e, i: e != (P["m"] > i)),
    "a choice of truths": _nested(P["m"] > 1, lambda e, i: choose(P["flag"], e, P["m"] > i)),
    "a test inside a choice": lambda d: _nested(P["m"], lambda e, i: choose(e > i, P["n"], P["m"]))(d) > 1,
    "a test of truths inside a choice": _nested(P["m"] > 1, lambda e, i: choose(e, P["flag"], P["small"])),
    "a fallback of truths": _nested(P["m"] > 1, lambda e, i: (e == P["flag"]).otherwise(P["small"])),
    "whether a test is known": _nested(P["m"] > 1, lambda e, i: (e & P["flag"]).is_known() & (P["m"] > i)),
    "arithmetic": lambda d: _nested(P["m"], lambda e, i: (e - P["n"]) * 1 + i)(d) > 1,
    "a choice of instants, due": lambda d: P["b"].by(
        _nested(P["a"], lambda e, i: choose(e > P["a"], P["c"], P["a"]))(d)
    ),
    "a choice of instants, done": lambda d: _nested(P["b"], lambda e, i: choose(P["m"] > i, e, P["c"]))(d).by(P["a"]),
    "fallbacks of instants": lambda d: _nested(P["b"], lambda e, i: e.otherwise(P["c"] + HOUR))(d).by(P["a"]),
    "dues upon dues": lambda d: P["b"].by(_nested(P["a"], lambda e, i: due(e, "1 working hour"))(d)),
    "a due chosen among dues": lambda d: P["b"].by(
        _nested(due(P["a"], "1 working hour"), lambda e, i: choose(P["m"] > i, e, due(P["a"], "2 working hours")))(d)
    ),
    "a span that grows in many parts": lambda d: _nested(as_of - P["a"], _sum)(d).within(HOUR),
    "a span chosen among growing ones": lambda d: _nested(
        as_of - P["a"], lambda e, i: choose(P["m"] > i, e, as_of - P["b"])
    )(d).within(HOUR),
    "sets joined": lambda d: _nested(P["tags"], lambda e, i: e.with_all(P["tags"]).minus(W.figures["listed"]))(
        d
    ).contains("red"),
    "tests of children": lambda d: _nested(C["x"] > 1, lambda e, i: (C["y"] > i) == e)(d).any(),
    "choices of children": lambda d: _nested(C["x"], lambda e, i: choose(e > i, C["y"], C["m"]))(d).sum() > 1,
    "conditions on children": lambda d: C["at"].count(
        where=_nested(C["ok"], lambda e, i: (C["small"] | e) == C["told"])(d)
    ) > 1,
    "neighbours of neighbours": lambda d: _nested(C["x"], lambda e, i: e.previous().otherwise(C["y"]))(d).sum() > 1,
    "aggregates over aggregates": lambda d: _nested(P["m"], lambda e, i: C["y"].sum(where=C["x"] > e))(min(d, 8)) > 1,
}  # fmt: skip


def _rule(condition: Expr[bool], **more: Any) -> Rule:
    return Rule("nested", title="A rule made up for a test", of=more.pop("of", W.parent), require=condition, **more)


def _size_of_code(rule: Rule, root: type[Facts] = W.parent, binding: Binding = W.binding) -> int:
    before = set(linecache.cache)
    compile_rules([rule], root, binding, style="mapping")
    return sum(int(linecache.cache[name][0]) for name in set(linecache.cache) - before)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", SHAPES)
def test_code_grows_in_line_with_the_depth(name: str) -> None:
    """Twice as deep is about twice as long, and still means what it says."""
    sizes = [_size_of_code(_rule(SHAPES[name](depth))) for depth in (DEPTH // 2, DEPTH)]
    assert sizes[1] < 3 * sizes[0] + 2_000, sizes
    _agrees(_rule(SHAPES[name](5)))


@pytest.mark.parametrize("name", SHAPES)
def test_columns_are_made_in_a_moment_however_deep(name: str) -> None:
    """They would take minutes and all memory, and end the process, if a level cost twice the one below it."""
    began = time.process_time()
    run = columns_of(W, held_records(W), NOW)
    rules = [_rule(SHAPES[name](DEPTH)), _rule(P["flag"], when=SHAPES[name](DEPTH))]
    verdict_columns(run, rules)
    assert time.process_time() - began < 6


def _agrees(rule: Rule) -> None:
    held = held_records(W)
    evaluate = compile_rules([rule], W.parent, W.binding, style="mapping")
    (codes,), slow = verdict_columns(columns_of(W, held, NOW), [rule])
    for place, record in enumerate(held):
        meant = Oracle(W.parent, W.binding, record, NOW).verdict(rule)
        masks = dict(zip(("fail", "unknown", "pending", "not_applicable"), evaluate(record, NOW), strict=True))
        assert next((word for word, mask in masks.items() if mask), "pass") == meant
        assert slow or ("pass", "fail", "unknown", "pending", "not_applicable")[codes[place]] == meant


def _chain(step: Step, first: Callable[[Any], Expr[Any]], *, child: bool = False) -> type[Facts]:
    """Return a vocabulary with a chain of facts, each of which names the one before it twice."""

    def facts(given: dict[str, Any]) -> dict[str, Any]:
        body, below = dict(given), fact(first(given), "The first")
        body["f0"] = below
        for i in range(1, DEPTH):
            below = body[f"f{i}"] = fact(step(below, given, i), "The next")
        return body

    def given() -> dict[str, Any]:
        kinds: dict[str, Any] = {"n": int, "at": datetime, "done": datetime, "ok": bool, "kind": str}
        return {name: fact(kind, name, required=name in ("kind", "at")) for name, kind in kinds.items()}

    if not child:
        return type(Facts)("linked", (Facts,), facts(given()))
    part = type(Facts)("part", (Facts,), facts(given()), happens="at", kind="kind", closes=("end",))
    return type(Facts)("whole", (Facts,), given(), children=part, under="parts")


CHAINS: dict[str, tuple[Step, Callable[[Any], Expr[Any]]]] = {
    "of truths": (lambda f, g, i: (f & (g["n"] > i)) | (f & g["ok"]), lambda g: g["n"] > 0),
    "of equal truths": (lambda f, g, i: f == (f | (g["n"] > i)), lambda g: g["n"] > 0),
    "of numbers": (lambda f, g, i: choose(f > i, f, g["n"] + i), lambda g: g["n"] + 1),
    "of sums": (lambda f, g, i: f - f + i, lambda g: g["n"] + 1),
    "of instants": (lambda f, g, i: choose(f > g["at"], f, g["done"]), lambda g: g["done"].otherwise(g["at"])),
    "of dues": (lambda f, g, i: choose(f > g["at"], due(f, HOURLY), f), lambda g: due(g["at"], HOURLY)),
    "of open time": (lambda f, g, i: f + worked(g["at"], g["done"]) - f, lambda g: worked(g["at"], g["done"])),
    "of kinds": (lambda f, g, i: f & (f | (g["kind"] == "end")), lambda g: g["kind"] == "end"),
}  # fmt: skip
DEADLINES: dict[str, tuple[Step, Callable[[Any], Expr[Any]]]] = {
    "of deadlines": (lambda f, g, i: (f & (g["n"] > i)) | (f & g["ok"]), lambda g: g["done"].by(g["at"])),
    "of deadlines turned": (lambda f, g, i: ~(f | ~f), lambda g: g["done"].by(due(g["at"], "1 working hour"))),
    "of growing spans": (lambda f, g, i: f + f, lambda g: as_of - g["at"]),
}
LATE = datetime(2024, 1, 3, 12, tzinfo=UTC)


def _judged(root: type[Facts], condition: Expr[bool], record: dict[str, Any]) -> tuple[str, str]:
    """Return the verdict by objects and by columns, with the evidence asked for."""
    import polars as pl

    import windowservice as ws

    engine = ws.Engine.load(packs=[ws.Pack("p", version="1", rules=[_rule(condition, of=root)])], calendars=CALENDAR)
    finding = next(iter(engine.check(record, as_of="2024-02-01", of=root)))
    assert finding.explain()
    parent = {key: value for key, value in record.items() if key != "parts"}
    frames = [pl.DataFrame([{"id": "1", **parent}])]
    if root.children is not None:
        frames.append(pl.DataFrame([{root.__name__: "1", **part} for part in record["parts"]]))
    report = engine.audit(*frames, as_of="2024-02-01", of=root)
    return str(finding.verdict), next(row["verdict"] for row in report.to_frame().to_dicts())


ROW = {"n": 3, "at": LATE - HOUR, "done": LATE, "ok": True, "kind": "end"}


def _condition(last: Expr[Any]) -> Expr[bool]:
    tests: dict[str, Callable[[], Expr[bool]]] = {
        "truth value": lambda: last,
        "whole number": lambda: last > 1,
        "instant": lambda: last > LATE - HOUR,
        "span of open time": lambda: last.is_known(),
        "span of real time": lambda: last.within(HOUR),
    }
    return tests[str(last.type)]()


@pytest.mark.parametrize("name", [*CHAINS, *DEADLINES])
def test_facts_that_rest_on_facts_cost_in_line(name: str) -> None:
    """Each names the one below it twice: no text, no question and no column doubles."""
    began = time.process_time()
    step, first = (CHAINS | DEADLINES)[name]
    root = _chain(step, first)
    condition = _condition(root.given[f"f{DEPTH - 1}"])
    by_object, by_column = _judged(root, condition, ROW)
    assert by_object == by_column
    assert time.process_time() - began < 12


@pytest.mark.parametrize("name", CHAINS)
def test_facts_of_children_that_rest_on_facts_cost_in_line(name: str) -> None:
    """As those of a record, gathered."""
    began = time.process_time()
    step, first = CHAINS[name]
    root = _chain(step, first, child=True)
    last = root.children.given[f"f{DEPTH - 1}"]  # type: ignore[union-attr]
    by_object, by_column = _judged(root, _condition(last).any(), {**ROW, "parts": [ROW, ROW]})
    assert by_object == by_column
    assert time.process_time() - began < 12


def test_many_rules_are_judged_by_several_functions() -> None:
    """The bit of a rule is written out where it is set: of one function the text would grow by the square."""
    rules = [_rule(P["n"] > i % 7) for i in range(2_500)]
    evaluate = compile_rules(rules, W.parent, W.binding, style="mapping")
    failed, unknown, waiting, skipped = evaluate(held_records(W)[3], NOW)  # n is 3
    assert (unknown, waiting, skipped) == (0, 0, 0)
    assert [failed >> i & 1 for i in range(2_500)] == [int(i % 7 >= 3) for i in range(2_500)]
