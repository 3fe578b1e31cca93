"""What a source does not record is unknown: leaving a kind of event out turns verdicts and counts only into unknown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

import attrs
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.matters import AS_OF, engines
from tests.engine.matters import requests as matters
from tests.facts.test_request_laws import INSTANTS
from tests.facts.test_request_laws import requests as histories
from tests.trials import trials

import windowservice as ws
from windowservice.domain.requests.kinds import EVENT_KINDS, OVER_KINDS
from windowservice.escalation.rows import engine_binding
from windowservice.facts import request as r
from windowservice.instants import to_us
from windowservice.language.python.compile import compile_values
from windowservice.language.tree.values import ValueType

ENGINE = engines()["plain"]
COUNTS = (ValueType.INT, ValueType.BOOL)
TOLD = [
    fact
    for fact in r.given.values()
    if fact.definition is not None and fact.type in COUNTS and fact is not r.closed_first
]
"""All but `closed_first`: where closes are not recorded a matter ends by what the window decided."""


def numbered(request: ws.Request) -> ws.Request:
    """Return the request with its events numbered, so that their order does not rest on how many there are."""
    ordered = [attrs.evolve(event, seq=place) for place, event in enumerate(request.timeline)]
    return attrs.evolve(request, events=ordered)


def without(request: ws.Request, kind: str) -> ws.Request:
    """Return the request as a source tells it that does not record the kind."""
    kept = [event for event in request.events if event.kind != kind]
    return attrs.evolve(request, events=kept, recorded=(request.recorded or EVENT_KINDS) - {kind})


def turned(engine: ws.Engine, request: ws.Request, kind: str, as_of: datetime) -> dict[str, tuple[str, str]]:
    """Return the verdicts that leaving the kind out turns into something else than unknown."""
    request = numbered(request)
    full, less = (first_cycle(engine.check(one, as_of=as_of)) for one in (request, without(request, kind)))
    return {rule: (full[rule], said) for rule, said in less.items() if said not in (full[rule], "unknown")}


def first_cycle(report: ws.Report) -> dict[str, str]:
    """Return what each rule says of the first cycle of a matter."""
    subject = report.subjects[0]
    return {rule: str(said) for rule, said in subject.verdicts.items()}


def counted_otherwise(request: ws.Request, kind: str, as_of: datetime) -> bool:
    """Whether leaving the kind out cuts the matter anew or hides its beginning: then another matter is judged."""
    seen = [event for event in request.timeline if event.at <= as_of]
    kinds = {event.kind for event in seen}
    cut = "reopened" in kinds and kind in (*OVER_KINDS, "reopened")
    return cut or not seen or kind in (seen[0].kind, "submitted")  # figures are those of the submission


@trials(1)
@given(matters(1), st.sampled_from(AS_OF), st.sampled_from(["plain", "odd"]))
def test_law_a_kind_not_recorded_turns_verdicts_only_into_unknown(
    request_: ws.Request, as_of: datetime, name: str
) -> None:
    """Of all built-in rules, under all kinds of limits, whichever kind it is."""
    for kind in {event.kind for event in request_.events}:
        if not counted_otherwise(request_, kind, as_of):
            found = turned(engines()[name], request_, kind, as_of)
            assert {rule: said for rule, said in found.items() if not rule.startswith("own_")} == {}, kind


@trials(1)
@given(histories(), st.sampled_from(INSTANTS))
def test_law_of_ordinary_histories(request_: ws.Request, as_of: datetime) -> None:
    for kind in {event.kind for event in request_.events}:
        if not counted_otherwise(request_, kind, as_of):
            assert turned(ENGINE, request_, kind, as_of) == {}, kind


@trials(0.5)
@given(matters(1), st.sampled_from(AS_OF))
def test_law_of_facts_a_count_or_a_truth_becomes_only_unknown(request_: ws.Request, as_of: datetime) -> None:
    """Objects: each derived fact, read as a value of its own."""
    full = read(numbered(request_), as_of)
    for kind in {event.kind for event in request_.events}:
        if not counted_otherwise(request_, kind, as_of):
            less = read(without(numbered(request_), kind), as_of)
            assert {n: (full[n], v) for n, v in less.items() if v is not None and v != full[n]} == {}, kind


@cache
def reader(recorded: frozenset[str] | None) -> Callable[..., Any]:
    return compile_values(TOLD, r, engine_binding(ENGINE), recorded=recorded)


def read(request: ws.Request, as_of: datetime) -> dict[str, object]:
    """Return the counts and truths of the first cycle of a request."""
    return dict(
        zip((fact.name for fact in TOLD), reader(request.recorded)(request.cycles()[0], to_us(as_of)), strict=True)
    )
