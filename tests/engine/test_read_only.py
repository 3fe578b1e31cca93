"""What an engine holds is read by all its threads, so nobody changes it: titles, calendars, banks, figures."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest

import windowservice as ws
from windowservice.domain.frozen_mapping import FrozenMapping
from windowservice.facts.requests.request import request


@pytest.fixture(scope="module")
def engine() -> ws.Engine:
    return ws.Engine.load(installed=False)


@pytest.mark.parametrize(
    "held",
    [
        lambda engine: engine.rules[0].rule.title,
        lambda engine: engine.packs[0].title,
        lambda engine: engine.packs[0].rules[0].title,
        lambda engine: engine.calendars,
        lambda engine: engine.banks,
        lambda engine: engine.figure_tables,
        lambda engine: next(iter(engine.figure_tables.values())),
        lambda engine: engine.catalogue.basis,
        lambda engine: engine.standards.scorecard.sources,
        lambda engine: engine.standards.ladder.actions,
    ],
)
def test_the_insides_of_an_engine_cannot_be_changed(engine: ws.Engine, held: Callable[[ws.Engine], Any]) -> None:
    """No entry can be set, added or taken away; what it says and its version stay."""
    version, before = engine.version, dict(held(engine))
    for change in (
        lambda found: found.__setitem__("en", "another"),
        lambda found: found.__delitem__(next(iter(found), "en")),
        lambda found: found.update(en="another"),
        lambda found: found.clear(),
    ):
        with pytest.raises((AttributeError, TypeError)):
            change(held(engine))
    assert (engine.version, dict(held(engine))) == (version, before)


def test_what_was_handed_in_may_change_later() -> None:
    """The engine has taken a copy."""
    title = {"en": "A", "zh": "甲"}
    rule = ws.Rule("a", title, request.submitted_at.happened(), basis=ws.Basis("test"))
    title["en"] = "B"
    assert rule.title["en"] == "A"


def test_frozen_mappings_travel_and_compare_as_mappings() -> None:
    """Pickled and copied they are the same; equal to a dict of the same items."""
    found = FrozenMapping({"en": "A"})
    assert pickle.loads(pickle.dumps(found)) == found == copy.deepcopy(found) == {"en": "A"}
    assert hash(found) == hash(FrozenMapping({"en": "A"}))
    assert repr(found) == "{'en': 'A'}"
