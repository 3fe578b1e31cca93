"""Clocks of a help desk: one object and a module say what is counted step by step."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.language.clocks.desk import CLOCKS, EXPRS, OFFERS, RULES, WEEK, engine, moment, ticket, tickets
from tests.language.clocks.naive import told
from tests.trials import trials

import windowservice as ws
from windowservice.engine.frames.frames import read_frames
from windowservice.engine.report.stores.column_findings import CODES
from windowservice.instants import UTC, datetime_us, from_us
from windowservice.language.tree.expressions import structure
from windowservice.language.webassembly.judge import Judge
from windowservice.worktime.spans import WorkSpan

DESK = engine()
RUNNER = DESK._judges.of_record(None, ticket)
QUIET = trials(1)
TIMES = ("opened_at", "paused_from", "paused_until", "longer_at", "longer_asked")
NOW = moment(3 * WEEK)


def plain(value: Any, offer: str) -> Any:
    """Return a value of either engine as the naive count has it."""
    if value is None or isinstance(value, (str, datetime, timedelta)):
        return value
    if isinstance(value, WorkSpan):
        value = value.us
    return from_us(value, UTC) if offer in ("due", "at_risk_at") else timedelta(microseconds=value)


@QUIET
@given(tickets(), NOW)
def test_an_object_is_counted_as_step_by_step(record: dict[str, Any], as_of: datetime) -> None:
    """Every verdict and every value, whatever the history."""
    as_of = max(as_of, record["opened_at"])
    verdicts = DESK.check(record, as_of=as_of, of=ticket).verdicts
    in_order = {**record, "history": sorted(record["history"], key=lambda one: one["at"])}
    values = iter(RUNNER.values("clocks", EXPRS, in_order, datetime_us(as_of)))
    for name in CLOCKS:
        meant = told(name, record, as_of)
        assert {offer: plain(next(values), offer) for offer in OFFERS} == {o: meant[o] for o in OFFERS}, name
        assert verdicts[f"desk/{name}"] == meant["kept"], name


def rows(records: list[dict[str, Any]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return tickets as frames."""
    instants = pl.Datetime("us", "UTC")
    texts = dict.fromkeys(("id", "customer", "priority", "own_limit", "ticket", "to", "why", "more"), pl.String)
    types: dict[str, Any] = {**texts, **dict.fromkeys((*TIMES, "at"), instants)}
    upper = [
        {key: str(value) if isinstance(value, ws.Limit) else value for key, value in one.items() if key != "history"}
        for one in records
    ]
    lower = [
        {"ticket": one["id"], **child, "more": child["more"] and str(child["more"])}
        for one in records
        for child in one["history"]
    ]
    keys = (("id", "customer", "priority", "own_limit", *TIMES), ("ticket", "at", "to", "why", "more"))
    upper_frame, lower_frame = (
        pl.DataFrame(found, schema={key: types[key] for key in names}, orient="row")
        for found, names in zip((upper, lower), keys, strict=True)
    )
    return upper_frame, lower_frame


@QUIET
@given(st.data())
def test_a_module_counts_as_step_by_step(data: st.DataObject) -> None:
    """The same of frames, by the code that is printed."""
    pytest.importorskip("wasmtime")
    records = [data.draw(tickets(number)) for number in range(data.draw(st.integers(1, 4)))]
    as_of = max(data.draw(NOW), *(record["opened_at"] for record in records), key=lambda at: at)
    us = datetime_us(as_of)
    frames = read_frames(*rows(records), ticket, us)
    judge = Judge(RULES, ticket, RUNNER.binding, None, frozenset(), EXPRS)
    codes, doubts, leaves, _ = judge.verdicts(frames.records, frames.children, frames.bounds, us)
    assert judge.judged == list(range(len(RULES)))
    assert len(leaves) == len(EXPRS)
    by_expr = {structure(leaf.expr): leaf.values.to_list() for leaf in leaves}
    for number, record in enumerate(records):
        if doubts[number]:
            continue
        for place, name in enumerate(CLOCKS):
            meant = told(name, record, as_of)
            said = {
                offer: plain(by_expr[structure(getattr(ticket.given[name], offer))][number], offer) for offer in OFFERS
            }
            assert said == {offer: meant[offer] for offer in OFFERS}, name
            assert CODES[codes[place][number]] == meant["kept"], name


@QUIET
@given(tickets(), NOW, NOW)
def test_a_fail_is_never_undone(record: dict[str, Any], one: datetime, other: datetime) -> None:
    """Neither by time nor by what happens later, if the history is told in its order and says nothing twice."""
    history = sorted(record["history"], key=lambda child: child["at"])
    record = {**record, "history": [child for child in history if child["to"] not in (None, "resolved")]}
    early, late = (max(at, record["opened_at"]) for at in sorted((one, other)))
    before, after = (dict(DESK.check(record, as_of=at, of=ticket).verdicts) for at in (early, late))
    failed = [name for name, verdict in before.items() if verdict == "fail"]
    assert all(after[name] in ("fail", "unknown") for name in failed)
