"""One law over every engine: one object, objects in bulk, columns, and columns in parts say the same of all records."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import polars as pl
import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st
from tests.engine.matters import AS_OF, INSTANTS, engines, many_requests, recorded_kinds, untold_fields, without_fields
from tests.engines import built_in
from tests.trials import trials

import windowservice as ws
from windowservice.engine.columns import added_facts
from windowservice.engine.frames.requests import request_frames
from windowservice.instants import datetime_us
from windowservice.language.tree.rule import Rule
from windowservice.language.webassembly.judge import Judge as Module
from windowservice.worktime.compiled.runtime import is_there

Said = dict[tuple[str, str], tuple[Any, ...]]
"""By record and rule: verdict, shortfall, unit, open time after the due, figures, clock, why it could not be run."""
Judge = Callable[[ws.Engine, list[ws.Request], Any], Said]
NUMBERS = [
    "key", "rule", "verdict", "shortfall", "unit", "overrun_seconds", "figures", "due", "done",
    "remaining_seconds", "calendar", "error",
]  # fmt: skip
QUIET = trials(0.4, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Rules run row by row, and records that cannot be judged, are warned of: here there are many."""
    with caplog.at_level(logging.ERROR, logger="windowservice.engine"):
        yield


def _told(frame: pl.DataFrame) -> Said:
    return {(key, rule): tuple(rest) for key, rule, *rest in frame.select(NUMBERS).iter_rows()}


def one_object(engine: ws.Engine, requests: list[ws.Request], as_of: Any) -> Said:
    """Judge each request by itself; one that cannot be judged is in error under every rule.

    One that begins later is not there in a report of many, and no rule applies to it by itself.
    """
    found: Said = {}
    us = datetime_us(as_of)
    for request in requests:
        if request.events and all(event.known_at(us).us > us for event in request.events):
            continue
        try:
            found |= _told(engine.check(request, as_of=as_of).to_frame())
        except ws.WindowserviceError as error:
            for name in engine.runner_of(request).names:
                found[request.id, name] = ("error", *(None,) * (len(NUMBERS) - 4), str(error))
    return found


def objects(engine: ws.Engine, requests: list[ws.Request], as_of: Any) -> Said:
    """Judge them in bulk."""
    return _told(engine.audit(requests, as_of=as_of).to_frame())


def frames(engine: ws.Engine, requests: list[ws.Request], as_of: Any) -> tuple[pl.DataFrame, pl.DataFrame]:
    runner = engine.runner_of(requests[0])
    return request_frames(requests, datetime_us(as_of), added_facts(runner))


def columns(engine: ws.Engine, requests: list[ws.Request], as_of: Any) -> Said:
    """Judge them as frames."""
    report = engine.audit(*frames(engine, requests, as_of), as_of=as_of, recorded=requests[0].recorded)
    return _told(report.to_frame())


def printed(engine: ws.Engine, requests: list[ws.Request], as_of: Any) -> Said:
    """Judge the same frames by the module that large ones are judged by, and by nothing in its place."""
    whole, judged = Module.verdicts, []

    def verdicts(judge: Module, *given: Any) -> Any:
        judged.append(whole(judge, *given))
        return judged[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("windowservice.engine.frames.frames.PRINTED_FROM", 0)
        patch.setattr(Module, "verdicts", verdicts)
        found = columns(engine, requests, as_of)
    assert (judged and judged[-1][0]) or not is_there()  # else the law would say nothing of it
    return found


def parts(engine: ws.Engine, requests: list[ws.Request], as_of: Any) -> Said:
    """Judge the same frames cut between requests, in two parts."""
    records, events = frames(engine, requests, as_of)
    cut = len(requests) // 2
    found: Said = {}
    for some in filter(None, (requests[:cut], requests[cut:])):
        mine = [request.id for request in some]
        part = records.filter(pl.col("id").is_in(mine)), events.filter(pl.col("request").is_in(mine))
        found |= _told(engine.audit(*part, as_of=as_of, recorded=some[0].recorded).to_frame())
    return found


@pytest.fixture(scope="module")
def judges() -> dict[str, Judge]:
    """Every way to judge, by name; the first is what the others are held against."""
    ways = {"objects": objects, "columns": columns, "printed": printed, "columns in parts": parts}
    return {"one object": one_object, **ways}


def _differences(judges: dict[str, Judge], *given: Any) -> dict[str, Any]:
    """Return by way of judging what it says otherwise than the first."""
    said = {name: judge(*given) for name, judge in judges.items()}
    first = next(iter(said.values()))
    return {
        name: {key: (first.get(key), other.get(key)) for key in _unlike(first, other)}
        for name, other in said.items()
        if other != first
    }


def _unlike(first: Said, other: Said) -> list[tuple[str, str]]:
    return [key for key in first.keys() | other.keys() if first.get(key) != other.get(key)]


def _request(*events: ws.Event, service: str = "S01", **fields: Any) -> tuple[ws.Request, ...]:
    return (ws.Request("R-0", "105221000018", service, events=events, **fields),)


# The smallest cases of differences that were found.
PLUGIN_FACT_OF_AN_EVENT = _request(ws.Event(INSTANTS[0], "decided", extra={"place": "desk"}))
TIES_BY_SEQ = _request(
    ws.Event(INSTANTS[0], "submitted", by="wang", seq=3),
    ws.Event(INSTANTS[0], "handed_over", by="wang", to="li"),
    ws.Event(INSTANTS[0], "taken_over", by="li", seq=0),
)
REOPENED_AND_UNKNOWN = _request(
    ws.Event(INSTANTS[0], "submitted"), ws.Event(INSTANTS[1], "reopened"), ws.Event(INSTANTS[2], "sumbitted")
)


@QUIET
@example(PLUGIN_FACT_OF_AN_EVENT, None, frozenset(), INSTANTS[-1], "plain")
@example(TIES_BY_SEQ, None, frozenset(), INSTANTS[-1], "plain")
@example(REOPENED_AND_UNKNOWN, None, frozenset(), INSTANTS[-1], "plain")
@given(many_requests, recorded_kinds, untold_fields, st.sampled_from(AS_OF), st.sampled_from(["plain", "odd"]))
def test_engines_agree_on_random_requests(judges, requests, recorded, untold, as_of, engine):
    """Verdicts, numbers and figures cited are the same: all kinds of events, cycles, stops, extensions, corrections."""
    records = [without_fields(attrs.evolve(request, recorded=recorded), untold) for request in requests]
    assert _differences(judges, engines()[engine], records, as_of) == {}


def test_a_finding_of_a_row_explains_itself_as_that_of_the_object(engine_and_requests) -> None:
    """Each finding of a column report, made from its row, is explained in the same words as the object's."""
    engine, requests, as_of = engine_and_requests
    one = engine.audit(requests, as_of=as_of)
    other = engine.audit(*frames(engine, requests, as_of), as_of=as_of)
    assert [str(finding) for finding in other.open_findings] == [str(finding) for finding in one.open_findings]
    assert len(other.failures) > 5
    for finding in one.open_findings:
        assert other.explain(finding.key, finding.rule) == finding.explain()


@pytest.fixture
def engine_and_requests(tmp_path: Path) -> tuple[ws.Engine, list[ws.Request], Any]:
    from tests.sample.write import write_sample

    ledger = ws.Ledger.read(write_sample(tmp_path, requests=30))
    return built_in().for_ledger(ledger), list(ledger)[:40], INSTANTS[-1]


def test_a_rule_that_raises_for_one_record_is_an_error_of_that_record_alone(judges) -> None:
    """A due beyond the last year is an error of its record in every engine; the others are judged."""
    far = Rule("far", title="Within an age", require=_decided_by_far())
    engine = ws.Engine.load(installed=False, packs=[ws.Pack("p", version="1", rules=[far])])
    requests = [
        *_request(ws.Event("2190-01-01T09:00+08:00", "submitted")),
        ws.Request("R-1", "105221000018", "S01", events=[ws.Event("2018-09-03T09:00+08:00", "submitted")]),
    ]
    assert _differences(judges, engine, requests, INSTANTS[-1].replace(year=2199)) == {}
    assert engine.audit(requests, as_of="2199-01-01").by("verdict")["error"]["error"] == 1


def _decided_by_far() -> ws.Expr[bool]:
    from windowservice.facts import request as r

    return r.decided_at.by(ws.due(r.submitted_at, "240 months"))
