"""Kinds of event that plugins bring whole: read in Chinese, in order with ours, offered, waited for."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from types import ModuleType

import attrs
import pytest

import windowservice as ws
from windowservice.domain.requests.kinds import EventKind, rank_of
from windowservice.errors import NameTaken, PluginFailed
from windowservice.facts import event
from windowservice.ledger.template.template import write_template

SEALED = EventKind("sealed", "The papers were sealed", zh=("封存",), after=("decided",), must_say="slip")
LENT = EventKind("lent", "The file was lent out", waits_for="upper", after=(SEALED,))
ZONE = "Asia/Shanghai"


def plugin(*kinds: EventKind | str, name: str = "seals") -> ModuleType:
    found = ModuleType(name)

    def windowservice_event_kinds() -> object:
        return list(kinds)

    found.windowservice_event_kinds = ws.hookimpl(windowservice_event_kinds)  # type: ignore[attr-defined]
    return found


@pytest.fixture(scope="module")
def engine() -> ws.Engine:
    return ws.Engine.load(plugins=[plugin(SEALED, LENT)], installed=False)


def tables(**events: str) -> dict[str, list[dict[str, object]]]:
    rows = [{"request": "R", "kind": kind, "at": at, "by": "chen"} for kind, at in events.items()]
    return {"requests": [{"id": "R", "bank": "B1", "service": "S10"}], "events": rows}


DAY = tables(submitted="2018-05-03 09:00", decided="2018-05-04 10:00", closed="2018-05-04 11:00", sealed="2018-05-04")


def test_a_ledger_may_write_it_in_chinese(engine: ws.Engine) -> None:
    """As it may for the kinds of the library; its own words do not go before those of the library."""
    ledger = engine.read(tables(提交="2018-05-03 09:00", 办结="2018-05-04 10:00", 封存="2018-05-05 09:00"), zone=ZONE)
    assert not ledger.report.rejections
    assert [event.kind for event in ledger.requests[0].timeline] == ["submitted", "decided", "sealed"]
    assert not list(engine.audit(ledger, as_of="2018-05-31").errors)


def test_one_that_cannot_come_before_is_a_contradiction(engine: ws.Engine) -> None:
    """And events of it that never say what they should are told of."""
    ledger = engine.read(
        tables(submitted="2018-05-03 09:00", sealed="2018-05-03 10:00", decided="2018-05-04 10:00"), zone=ZONE
    )
    (told,) = ledger.report.contradictions
    assert (told.earlier, told.later) == ("decided", "sealed")


@pytest.mark.parametrize("way", ["ledger", "event", "json", "pickled"])
def test_at_one_instant_it_stands_behind_what_it_comes_after(engine: ws.Engine, way: str) -> None:
    """A date alone begins behind what it can only follow on it, and before what follows later."""
    said = tables(
        submitted="2018-05-03 09:00", decided="2018-05-04 10:00", closed="2018-05-04 11:00", sealed="2018-05-04"
    )
    request = engine.read(said, zone=ZONE).requests[0]
    if way == "event":
        events = [
            ws.Event(e.at, SEALED if e.kind == "sealed" else e.kind, date_only=e.date_only) for e in request.events
        ]
        request = attrs.evolve(request, events=events)
    if way == "json":
        request = ws.Request.from_json(request.to_json(), kinds=engine.event_kinds)
    if way == "pickled":
        request = pickle.loads(pickle.dumps(request))
    assert [event.kind for event in request.timeline] == ["submitted", "decided", "sealed", "closed"]


def test_kinds_stand_in_order() -> None:
    """Between those of the library, and behind one another."""
    ranks = [rank_of("decided"), rank_of(SEALED.word), rank_of(LENT.word), rank_of("delivered"), rank_of("anything")]
    assert ranks == sorted(set(ranks))
    assert json.dumps({"kind": SEALED.word}) == '{"kind": "sealed"}'


def test_objects_and_columns_put_it_in_the_same_place(engine: ws.Engine) -> None:
    """A rule that asks which event came last gives the same verdict by both ways."""
    pytest.importorskip("polars")
    own = engine.with_rules(ws.Rule("sealed_before", title="t", require=event.kind.last() == "closed"))
    ledger = own.read(DAY, zone=ZONE)
    for columns in (False, True):
        report = own.audit(ledger, as_of="2018-05-31", columns=columns)
        assert report.finding("R", "sealed_before").verdict == "pass"


def test_a_matter_waits_for_whom_it_says(engine: ws.Engine) -> None:
    """From the event on, as with a referral."""
    ledger = engine.read(tables(submitted="2018-05-03 09:00", lent="2018-05-03 10:00"), zone=ZONE)
    waits = ws.cases.time_by_holder(ledger.requests, engine.calendar, "2018-05-04")
    assert {who for _, who in waits} >= {"upper"}


def test_templates_offer_it(engine: ws.Engine, tmp_path: Path) -> None:
    """In the settings, among what may be recorded."""
    write_template(tmp_path / "new", kinds=engine.event_kinds)
    assert '"sealed"' in (tmp_path / "new" / "ledger.toml").read_text("utf-8")


def test_the_bare_name_is_the_short_form() -> None:
    """It says no more than that the kind exists; the hash of an engine knows the order, for verdicts may rest on it."""
    bare = ws.Engine.load(plugins=[plugin("sealed")], installed=False)
    named = ws.Engine.load(plugins=[plugin(EventKind("sealed"))], installed=False)
    placed = ws.Engine.load(plugins=[plugin(SEALED)], installed=False)
    assert bare.version == named.version != placed.version


def test_two_that_say_different_things_are_refused() -> None:
    """Naming both plugins; two that say the same are one."""
    ws.Engine.load(plugins=[plugin(SEALED), plugin(SEALED, name="other")], installed=False)
    with pytest.raises(NameTaken, match="a kind of event named 'sealed'"):
        ws.Engine.load(plugins=[plugin(SEALED), plugin("sealed", name="other")], installed=False)


@pytest.mark.parametrize("name", ["owns", "closes", "hands_over"])
def test_what_rules_are_written_on_is_the_librarys(name: str) -> None:
    """Which kinds end a matter stands in the facts of requests: a plugin's would be taken for one that does not."""
    kind = EventKind("sealed", **{name: True})  # type: ignore[arg-type]
    with pytest.raises(PluginFailed, match=f"sealed', {name}: rules name the kinds that do; leave {name} out"):
        ws.Engine.load(plugins=[plugin(kind)], installed=False)
