"""Random rules over records of one's own: a frame of them is told the same as the records, numbers included."""

from __future__ import annotations

import logging

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from tests.engine.frames.framing import frames_of
from tests.language.drawing import CALENDAR, INSTANTS, NIGHT, records, rules, worlds
from tests.language.oracle import attributes
from tests.trials import trials

import windowservice as ws


@pytest.mark.filterwarnings("ignore:.*has no line for the word")
@trials(0.6, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_random_rules_say_the_same_of_frames_as_of_records(data) -> None:
    """Verdicts and all that findings say in numbers agree for random vocabularies, rules and records with gaps."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(logging.getLogger("windowservice.engine"), "disabled", True)
        w = data.draw(worlds)
        found = data.draw(st.lists(records(w), min_size=1, max_size=4))
        pack = ws.Pack("p", version="1", rules=[data.draw(rules(w, f"r{number}")) for number in range(2)])
        engine = ws.Engine.load(packs=[pack], installed=False, calendars={"window": CALENDAR, "night": NIGHT})
        as_of = data.draw(st.sampled_from(INSTANTS))
        for number, record in enumerate(found):
            record["id"] = f"k{number}"
        held = found if w.style == "mapping" else [attributes(record, "items") for record in found]
        names = [
            "key", "rule", "verdict", "shortfall", "unit", "overrun_seconds", "figures", "due", "done",
            "remaining_seconds", "calendar",
        ]  # fmt: skip
        one = engine.audit(held, as_of=as_of, of=w.parent).to_frame().select(names)
        frames = frames_of(w.parent, w.more, found, "items")
        patch.setattr("windowservice.engine.running.module_pays", lambda *_: True)
        for rows in (len(found) * 1_000, 0):  # in columns, and by the module that large frames are judged by
            patch.setattr("windowservice.engine.frames.frames.PRINTED_FROM", rows)
            assert engine.audit(*frames, as_of=as_of, of=w.parent).to_frame().select(names).equals(one)
