"""A record that begins with a reopening is a further cycle of its matter; no other record becomes one."""

from __future__ import annotations

from datetime import timedelta

import pytest

import windowservice as ws
from windowservice.engine.frames.requests import request_frames
from windowservice.facts import request as r
from windowservice.instants import to_us


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ("submitted 09:00", "unknown"),
        ("submitted 09:00, accepted 09:49", "pass"),
        ("submitted 09:00, accepted 10:01", "fail"),
        ("reopened 09:00, accepted 09:49", "pass"),
        ("asked 08:00, reopened 09:00, accepted 09:49", "unknown"),
    ],
)
def test_how_long_acceptance_took_is_told_while_the_matter_is_open(events: str, said: str) -> None:
    """A reopening that begins a record is its first event: after another one it does not come any more."""
    rule = ws.Rule("soon", "x", r.accepted_at - r.submitted_at <= timedelta(hours=1))
    engine = ws.Engine.load(packs=[], installed=False).with_rules(rule)
    made = [
        ws.Event(f"2018-05-03T{at}+08:00", kind, by="li") for kind, at in (one.split() for one in events.split(", "))
    ]
    matter = ws.Request("R", "B", "S10", events=made)
    as_of = "2018-05-04T00:00+08:00"
    assert engine.check(matter, as_of=as_of).verdicts["soon"] == said
    columns = engine.audit(*request_frames([matter], to_us(as_of)), as_of=as_of)
    assert [str(finding.verdict) for finding in columns] == [said]
