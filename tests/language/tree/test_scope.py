"""What an expression speaks of does not depend on where it was written, nor on which classes are declared later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest
from tests.language.drawing import BASIS, CALENDAR

import windowservice as ws
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.expressions import structure
from windowservice.language.tree.fact import fact
from windowservice.language.tree.facts import Facts
from windowservice.language.tree.figures import Figure
from windowservice.language.tree.kernels import due, worked
from windowservice.language.tree.rule import Rule

MOST = Figure("most", int, {"a": {"2000-01-01": 5}, "b": {"2000-01-01": 50}}, basis=BASIS)
NOON = datetime(2024, 1, 2, 12, tzinfo=UTC)


def _written(own: Any) -> dict[str, Expr[Any]]:
    """Return an expression of each kind of node over facts called kind, items, at and done_at."""
    return {
        "an operator": own.items * 2 > 3,
        "a figure at a key": MOST[own.kind],
        "a figure at a key, compared": own.items > MOST[own.kind],
        "a kernel": worked(own.at, own.done_at),
        "a part of a clock": due(own.at, "2 working hours"),
        "a look at a neighbour": own.items.previous(where=own.kind == "a"),
        "a choice": (own.items > 1).choose(own.kind, "b"),
        "a fallback": own.kind.otherwise("b"),
        "a deadline test": own.done_at.by(own.at),
        "a span within a bound": (own.done_at - own.at).within(own.done_at - own.at),
    }


class _Body:
    """The names of a class body, as expressions see them there."""

    def __init__(self, **facts: Any) -> None:
        self.__dict__.update(facts)


class line(Facts):
    kind = fact(str, "Kind", required=True)
    items = fact(int, "Items", required=True)
    at = fact(datetime, "When it began", required=True)
    done_at = fact(datetime, "When it was done")
    told = _written(_Body(kind=kind, items=items, at=at, done_at=done_at))


class order(Facts, children=line, under="lines"):
    id = fact(str, "Number", required=True)
    kind = fact(str, "Kind of the order", required=True)
    items = fact(int, "Items of the order")
    at = fact(datetime, "When the order began", required=True)
    done_at = fact(datetime, "When the order was done")
    gathered = _Body(
        early=line.items.sum(where=line.at > at),
        late=(line.items > items).count(),
        rows=at.first(where=line.kind == "a"),
    )


LATER = _written(line)


@pytest.mark.parametrize("name", LATER)
def test_an_expression_of_a_class_body_is_that_of_outside(name: str) -> None:
    """Its scope and its structure are the same."""
    inside, outside = line.told[name], LATER[name]
    assert inside.scope is outside.scope is line
    assert structure(inside) == structure(outside)


def test_aggregates_of_a_class_body_are_those_of_outside() -> None:
    """Facts of the parent that stand in them are known for the parent's later."""
    outside = {
        "early": line.items.sum(where=line.at > order.at),
        "late": (line.items > order.items).count(),
        "rows": order.at.first(where=line.kind == "a"),
    }
    for name, expr in outside.items():
        inside = getattr(order.gathered, name)
        assert (inside.child, inside.scope) == (expr.child, expr.scope), name
        assert structure(inside) == structure(expr), name


def _rule() -> Rule:
    return Rule("few", title="Few lines", require=line.kind.count(where=line.items > 3) <= 1)


def _verdict(rule: Rule) -> str:
    engine = ws.Engine.load(packs=[ws.Pack("p", version="1", rules=[rule])], calendars=CALENDAR)
    lines = [{"kind": "a", "items": items, "at": NOON, "done_at": None} for items in (8, 9)]
    held = {"id": "1", "kind": "a", "items": 1, "at": NOON, "done_at": None, "lines": lines}
    return str(engine.check(held, as_of="2024-02-01", of=order).verdicts["p/few"])


def test_a_class_declared_later_changes_no_rule() -> None:
    """Neither one built before, nor one of the same text built after, nor what the child says of itself."""
    before, said = _rule(), dict(vars(line))

    class basket(Facts, children=line, under="lines"):
        id = fact(str, "Number", required=True)

    class extended(Facts, of=order):
        size = fact(int, "Size")

    after = _rule()
    assert dict(vars(line)) == said
    assert before == after
    assert before.of is after.of is order
    assert _verdict(before) == _verdict(after) == "fail"
    assert Rule("mine", title="t", require=line.kind.count() <= 1, of=basket).of is basket
    assert Rule("mine", title="t", require=(line.kind.count() <= 1) & basket.id.is_known()).of is basket


def _make_order() -> tuple[type[Facts], type[Facts]]:
    class part(Facts):
        n = fact(int, "A number", required=True)

    def whole() -> type[Facts]:
        class box(Facts, children=part, under="parts"):
            id = fact(str, "Number", required=True)

        return box

    whole()
    return part, whole()


def test_a_class_declared_again_takes_the_place_of_the_old_one() -> None:
    """As a cell of a notebook that is run twice does."""
    part, box = _make_order()
    assert Rule("r", title="t", require=part.n.count() <= 1).of is box


AGREE: dict[str, Callable[[], Expr[bool]]] = {
    "a parent's instant that has not happened": lambda: (
        order.done_at.happened().choose(1, 0).max(where=line.kind == "a") == 0
    ),
    "of each child": lambda: line.items.count(where=~order.done_at.happened()) == 1,
}


@pytest.mark.parametrize("name", AGREE)
def test_children_see_of_their_parent_what_the_parent_says(name: str) -> None:
    """In objects and in columns."""
    rule = Rule("r", title="t", require=AGREE[name](), of=order)
    engine = ws.Engine.load(packs=[ws.Pack("p", version="1", rules=[rule])], calendars=CALENDAR)
    held = {"id": "1", "kind": "a", "items": 1, "at": NOON, "done_at": None}
    one = {"kind": "a", "items": 9, "at": NOON, "done_at": None}
    by_object = str(engine.check({**held, "lines": [one]}, as_of="2024-02-01", of=order).verdicts["p/r"])
    held, one = ({k: v for k, v in row.items() if v is not None} for row in (held, one))
    none = pl.Series([None], dtype=pl.Datetime("us", "UTC"))
    frames = (
        pl.DataFrame([held]).with_columns(done_at=none),
        pl.DataFrame([{"order": "1", **one}]).with_columns(done_at=none),
    )
    rows = engine.audit(*frames, as_of="2024-02-01", of=order).to_frame().to_dicts()
    assert [by_object] == [row["verdict"] for row in rows if row["rule"] == "p/r"] == ["pass"]
