"""What the library ships is loaded when somebody asks for it, and comes to the same as if all were loaded at once."""

from __future__ import annotations

import pickle
import subprocess
import sys

import windowservice as ws
from windowservice.facts.requests.request import request
from windowservice.plugins.shipped import Shipped

_FIRST_VERDICT = """
import sys
import windowservice as ws
engine = ws.Engine.load(installed=False)
matter = ws.Request("R", "B", "S10", events=[ws.Event("2018-05-03T09:40+08:00", "submitted")])
assert [str(one) for one in engine.check(matter, as_of="2018-05-04").open_findings]
print([name for name in sys.modules if name.startswith("windowservice.facts.")])
"""


def test_who_judges_a_request_loads_no_other_record_type() -> None:
    said = subprocess.run([sys.executable, "-c", _FIRST_VERDICT], capture_output=True, text=True, check=True).stdout
    assert "windowservice.facts.requests.request" in said
    assert "windowservice.facts.records" not in said


def test_the_packs_that_come_first_are_all_that_speak_of_requests() -> None:
    packs = ws.Engine.load(installed=False).packs
    assert isinstance(packs, Shipped)
    rest = packs[len(packs.first) :]
    assert tuple(packs[: len(packs.first)]) == tuple(packs.first)
    assert not [rule.name for pack in rest for rule in pack.rules if rule.of is request]
    assert {rule.of for pack in packs.first for rule in pack.rules} == {request}


def test_an_engine_asked_for_its_rules_before_or_after_a_verdict_is_the_same() -> None:
    early, late = ws.Engine.load(installed=False), ws.Engine.load(installed=False)
    whole = early.rules
    matter = ws.Request("R", "B", "S10", events=[ws.Event("2018-05-03T09:40+08:00", "submitted")])
    one, other = (engine.check(matter, as_of="2018-05-04").verdicts for engine in (early, late))
    assert dict(one) == dict(other)
    assert late.rules == whole
    assert late.version == early.version == ws.Engine.load(packs=tuple(early.packs), installed=False).version
    assert late.judged_vocabularies == early.judged_vocabularies


def test_an_engine_that_was_not_asked_for_all_its_rules_travels() -> None:
    engine = ws.Engine.load(installed=False)
    again = pickle.loads(pickle.dumps(engine))
    assert again.version == engine.version
    assert again.judged_vocabularies == engine.judged_vocabularies


def test_what_changes_an_engine_sees_all_rules() -> None:
    engine = ws.Engine.load(installed=False).only("messages")
    assert {loaded.name.partition("/")[0] for loaded in engine.rules} == {"messages"}
    withdrawn = ws.Engine.load(installed=False).amended(
        ws.Withdraw("in_time/statute_kept", basis=ws.Basis("order", mark="known"))
    )
    assert "in_time/statute_kept" not in {loaded.name for loaded in withdrawn.rules}
    assert len(withdrawn.rules) == len(ws.Engine.load(installed=False).rules) - 1
