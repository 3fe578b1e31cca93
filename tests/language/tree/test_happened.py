"""Whether something happened: true, not yet, or recorded by nobody."""

from __future__ import annotations

import pytest

import windowservice as ws
from windowservice.facts.requests.event import event as e
from windowservice.facts.requests.request import request as r
from windowservice.language.python.compile import compile_values
from windowservice.language.text.parse import Names, parse
from windowservice.language.tree.expressions import same_expr
from windowservice.language.tree.kernels import Binding

CALENDAR = ws.WorkCalendar(timezone="Asia/Shanghai", weekly="mon-fri 09:00-17:00")
NOON = ws.Event("2018-05-03T12:00+08:00", "decided")


def value(expr: object, *events: ws.Event, recorded: set[str] | None = None) -> object:
    request = ws.Request("R", "B", "S10", events=events, recorded=recorded)
    read = compile_values([expr], r, Binding(CALENDAR), recorded=request.recorded)
    return read(request, ws.Event("2018-05-04T00:00+08:00", "noted").us)[0]


@pytest.mark.parametrize(
    ("events", "recorded", "happened"),
    [
        ((NOON,), None, True),
        ((), None, False),
        ((NOON,), {"decided"}, True),
        ((), {"decided"}, False),
        ((), {"submitted"}, None),
    ],
)
def test_an_event_happened_or_not_or_is_not_recorded(
    events: tuple, recorded: set[str] | None, happened: bool | None
) -> None:
    """is_known says no in all three cases of absence; happened says unknown where the kind is not recorded."""
    assert value(e.at.first(where=e.kind == "decided").happened(), *events, recorded=recorded) is happened
    assert value(~e.at.first(where=e.kind == "decided").happened(), *events, recorded=recorded) is (
        None if happened is None else not happened
    )


def test_either_of_two_happened_as_soon_as_one_did() -> None:
    """Of alternatives one is enough; that neither did needs both recorded."""
    either = r.decided_at.otherwise(r.refused_at)
    assert value(either.happened(), NOON, recorded={"decided"}) is True
    assert value(either.happened(), recorded={"decided"}) is None
    assert value(either.happened(), recorded={"decided", "refused"}) is False


def test_a_required_instant_happened() -> None:
    """What every record has, happened."""
    assert value((e.at.happened()).all(), NOON) is True


def test_it_is_printed_and_parsed() -> None:
    """The text form knows it."""
    names = Names([r, e])
    assert same_expr(parse("request.decided_at.happened()", names), r.decided_at.happened())


def test_it_may_still_turn_true_until_settled() -> None:
    """That something has not happened is no final verdict before the matter is settled."""
    rule = ws.Rule("heard", title="Heard", require=r.delivered_at.happened())
    engine = ws.Engine.load(packs=[ws.Pack("p", version="1", rules=[rule])], installed=False)
    request = ws.Request("R", "B", "S10", events=[ws.Event("2018-05-03T12:00+08:00", "submitted")])
    assert engine.check(request, as_of="2018-06-01").verdicts["p/heard"] == "pending"
    settled = ws.Request("R", "B", "S10", events=[*request.events, NOON])
    assert engine.check(settled, as_of="2018-06-01").verdicts["p/heard"] == "fail"
