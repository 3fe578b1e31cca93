"""Whether a matter goes back to somebody who had it before."""

from __future__ import annotations

import pytest

import windowservice as ws
from windowservice.facts import request as r

_NO_BOUNCE = ws.Rule("no_bounce", title="It does not go back", require=r.bounces == 0)


def _passes(*owners: str) -> bool:
    """Judge a matter that was submitted to the first owner, then taken over by each of the others in turn."""
    steps = [("submitted", owners[0]), *(("taken_over", who) for who in owners[1:]), ("decided", owners[-1])]
    events = [ws.Event(f"2018-05-03T{hour:02}:00+08:00", kind, by=who) for hour, (kind, who) in enumerate(steps, 9)]
    request = ws.Request(id="R", bank="B", service="S01", events=events)
    engine = ws.Engine.load(installed=False, packs=[]).with_rules(_NO_BOUNCE)
    return engine.check(request, as_of="2018-05-04").passed


@pytest.mark.parametrize(
    ("owners", "passes"),
    [("ab", True), ("aba", False), ("aa", True), ("aab", True), ("abb", True), ("abca", False), ("abba", False)],
)
def test_only_the_return_to_a_former_owner_is_a_bounce(owners, passes):
    """Whoever takes over what they hold already, as desks record it that assign and start, is no bounce."""
    assert _passes(*owners) is passes
