"""The version of an engine is of all that decides a verdict, and of nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines import built_in
from tests.language.drawing import KINDS, NIGHT, records, rules, world
from tests.language.oracle import attributes
from tests.trials import trials

import windowservice as ws
from windowservice.language.tree.kernels import Function
from windowservice.language.tree.values import ValueType as V

BASIS = ws.Basis("made up for a test", mark="assumption")
HOURS = ws.WorkCalendar("UTC", "mon-fri 09:00-17:00", name="window")
STRICT = ws.WorkCalendar("UTC", "mon-fri 09:00-17:00", name="window", on_unknown="raise")
AT = datetime(2024, 1, 2, 12, tzinfo=UTC)


def _engine(
    *,
    most: Any = 5,
    since: str = "2000-01-01",
    kind: str = "told",
    meaning: str = "told",
    read: str | None = None,
    words: tuple[str, ...] = KINDS,
    child_required: bool = False,
    options: dict[str, Any] | None = None,
    child_options: dict[str, Any] | None = None,
    rule: dict[str, Any] | None = None,
    factor: int = 1,
    calendar: ws.WorkCalendar = HOURS,
    loaded: dict[str, Any] | None = None,
    amend: Callable[[ws.Engine], ws.Engine] = lambda engine: engine,
    title: str = "t",
    note: str = "",
    basis: ws.Basis = BASIS,
    pack: str = "1",
    extra_rule: bool = False,
) -> ws.Engine:
    """Return an engine of one rule that rests on all there is, of which one thing can be changed."""
    figure = ws.Figure("most", int, {since: most}, basis=basis, note=note)

    def bind(_binding: Any) -> Callable[..., Any]:
        return lambda number: number * factor

    times = Function("times", (V.INT,), V.INT, bind, title=title)
    of_child: dict[str, Any] = {"happens": "at", "kind": "kind"} | (child_options or {})

    class step(ws.Facts, **of_child):
        at = ws.fact(datetime, title, required=True)
        kind = ws.fact(str, title, required=True, words=words)
        size = ws.fact(int, title, required=child_required, read=read)
        meant = ws.fact(kind == meaning, title)

    class case(ws.Facts, children=step, **({"under": "steps", "dated_by": "at"} | (options or {}))):
        id = ws.fact(str, title, required=True)
        at = ws.fact(datetime, title, required=True)
        number = ws.fact(times(step.size.sum(where=step.kind == kind)), title)
        told = ws.fact(step.meant.count(), title)

    said = {"require": case.number + case.told <= figure, "when": case.id.is_known()} | (rule or {})
    rules = [ws.Rule("few", title=title, basis=basis, **said)]
    if extra_rule:
        rules.append(ws.Rule("other", title=title, require=case.told >= 0))
    packs = [ws.Pack("p", version=pack, rules=rules, title=title)]
    return amend(ws.Engine.load(packs=packs, calendars={"window": calendar}, installed=False, **(loaded or {})))


ADJUST = partial(ws.Adjust, "most", basis=BASIS)
DECIDES: dict[str, Callable[[], ws.Engine]] = {
    "the value of a figure": lambda: _engine(most=6),
    "the date of a figure": lambda: _engine(since="2023-01-01"),
    "a figure adjusted": lambda: _engine(amend=lambda e: e.amended(ADJUST({"2000-01-01": 6}))),
    "the figures of another day": lambda: _engine(amend=lambda e: e.what_if(figures_as_of=AT.date())),
    "the definition of a fact of a child": lambda: _engine(meaning="done"),
    "the definition of a fact": lambda: _engine(kind="done"),
    "the words of a given fact": lambda: _engine(words=("told", "done")),
    "where a fact of a child is read": lambda: _engine(read="how_many"),
    "whether a fact of a child is required": lambda: _engine(child_required=True),
    "what dates figures": lambda: _engine(options={"dated_by": None}),
    "when a child happens": lambda: _engine(child_options={"happens": None}),
    "which children close": lambda: _engine(child_options={"closes": ("done",)}),
    "the code of a function": lambda: _engine(factor=2),
    "the condition": lambda: _engine(rule={"when": None}),
    "the severity": lambda: _engine(rule={"severity": "major"}),
    "the days in force": lambda: _engine(rule={"since": "2024-01-01"}),
    "the hours of a calendar": lambda: _engine(calendar=ws.WorkCalendar("UTC", "mon-fri 09:00-16:00")),
    "what a calendar does with days not known": lambda: _engine(calendar=STRICT),
    "one more rule": lambda: _engine(extra_rule=True),
    "a rule withdrawn": lambda: _engine(extra_rule=True, amend=lambda e: e.amended(ws.Withdraw("p/few", BASIS))),
    "a rule added": lambda: _engine(amend=lambda e: e.with_rules(next(iter(e.rules)).rule)),
}
SAYS: dict[str, Callable[[], ws.Engine]] = {
    "nothing": _engine,
    "titles": lambda: _engine(title="another"),
    "notes": lambda: _engine(note="another"),
    "a source": lambda: _engine(basis=ws.Basis("another")),
    "the policy and the principle": lambda: _engine(rule={"policy": "first contact", "principle": "lawful"}),
    "how a number is written": lambda: _engine(most=int("5")),
    "an amendment that changes nothing": lambda: _engine(amend=lambda e: e.amended(ADJUST({"2000-01-01": 5}))),
}


@pytest.mark.parametrize("name", DECIDES)
def test_what_decides_changes_the_version(name: str) -> None:
    """Of the engine, and of the pack where it stands in it."""
    assert DECIDES[name]().version != _engine().version


@pytest.mark.parametrize("name", SAYS)
def test_what_decides_nothing_does_not(name: str) -> None:
    """Neither of the engine nor of the pack."""
    other, plain = SAYS[name](), _engine()
    assert other.version == plain.version
    assert [pack.content_hash for pack in other.packs] == [pack.content_hash for pack in plain.packs]


def test_a_service_of_the_catalogue_decides_and_its_name_does_not() -> None:
    """As a file of one's own may change either."""
    catalogue = ws.Catalogue.default()
    first, *rest = catalogue.services
    renamed = attrs.evolve(catalogue, services=(attrs.evolve(first, en="Another name"), *rest))
    shortened = attrs.evolve(catalogue, services=(attrs.evolve(first, commitment=()), *rest))
    engine = built_in()
    assert engine.what_if(catalogue=renamed).version == engine.version != engine.what_if(catalogue=shortened).version
    assert renamed.content_hash != catalogue.content_hash


def test_the_version_is_made_once() -> None:
    """Each report asks for it."""
    engine = _engine()
    assert engine.version is engine.version


@trials(0.5)
@given(st.data())
def test_engines_of_one_version_give_one_verdict(data: st.DataObject) -> None:
    """Of two random rules, those that differ in a verdict differ in the version of their packs."""
    w = world("datetime", "attribute", kind_required=True, ordered=True, dated=True)
    held = attributes(data.draw(records(w)), "items")
    packs = [ws.Pack("p", version="1", rules=[data.draw(rules(w))]) for _ in range(2)]
    calendars = {"window": HOURS, "night": NIGHT}
    loaded = [ws.Engine.load(packs=[pack], calendars=calendars, installed=False) for pack in packs]
    try:
        verdicts = [dict(engine.check(held, as_of=AT, of=w.parent).verdicts) for engine in loaded]
    except ws.WindowserviceError:
        return
    if verdicts[0] != verdicts[1]:
        assert loaded[0].version != loaded[1].version
        assert packs[0].content_hash != packs[1].content_hash


def _twin(kind: str) -> type[ws.Facts]:
    from windowservice.facts import event, request

    class own(ws.Facts, of=request):
        n = ws.fact(event.kind.count(where=event.kind == kind), "How many of those")

    return own


def test_two_classes_of_one_name_whose_facts_differ_are_refused() -> None:
    """Code would take one for the other; the same class declared again is no fault."""
    one, other, again = _twin("notified"), _twin("decided"), _twin("notified")
    rule = ws.Rule("one", title="t", require=one.given["n"] == 0)
    same = ws.Rule("same", title="t", require=again.given["n"] == 0)
    different = ws.Rule("other", title="t", require=other.given["n"] == 0)
    assert rule != attrs.evolve(different, name="one")
    ws.Engine.load(packs=[ws.Pack("p", version="1", rules=[rule, same])], installed=False)
    with pytest.raises(ws.WindowserviceError, match="fact 'n': stands for two different facts"):
        ws.Engine.load(packs=[ws.Pack("p", version="1", rules=[rule, different])], installed=False)
