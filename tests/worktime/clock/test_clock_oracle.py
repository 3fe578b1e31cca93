"""The clock agrees with a slow oracle that looks at every half hour."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.trials import trials
from tests.worktime.clock.oracle_clock import LIMITS, WORLDS, History, World, histories, us

from windowservice.worktime.clock.replay import Clock, run_clock
from windowservice.worktime.clock.stops import ExtensionUs, NoticeUs, StopUs
from windowservice.worktime.limits.limit import Limit


def run(world: World, limit: Limit, history: History, as_of: int) -> Clock:
    notices, extensions = [], []
    if history.told is not None:
        notices.append(NoticeUs(us(history.told), history.completed and us(history.completed)))
    if history.approved is not None and history.extension is not None and history.asked is not None:
        extensions.append(ExtensionUs(us(history.approved), history.extension, us(history.asked)))
    return run_clock(
        limit,
        us(history.start),
        world.calendar,
        stops=[StopUs(us(a), b and us(b), reason, written) for a, b, reason, written in history.stops],
        notices=notices,
        extensions=extensions,
        as_of=as_of,
        done=history.done and us(history.done),
        supplement=history.policy,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
@pytest.mark.parametrize("limits", LIMITS.values(), ids=LIMITS)
@given(data=st.data())
@trials(0.6)
def test_due_under_stops_equals_the_oracle(world: World, limits: st.SearchStrategy[Limit], data: st.DataObject) -> None:
    """For every kind of limit the due under stops is the one found by trying half hour after half hour."""
    limit = data.draw(limits)
    history, now = data.draw(histories(world, limit, stops_only=True))
    assert run(world, limit, history, us(now)).due == us(history.due(world, limit, now))


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
@pytest.mark.parametrize("limits", LIMITS.values(), ids=LIMITS)
@given(data=st.data())
@trials(0.6)
def test_due_of_a_whole_history_equals_the_oracle(
    world: World, limits: st.SearchStrategy[Limit], data: st.DataObject
) -> None:
    """Notice, completion, extension and completion of the matter act as the sentences of the semantics say."""
    limit = data.draw(limits)
    history, now = data.draw(histories(world, limit))
    assert run(world, limit, history, us(now)).due == us(history.due(world, limit, now))
