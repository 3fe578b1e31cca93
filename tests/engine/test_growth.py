"""What one long history costs grows with its length: stops, notices, papers, and what is told of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

import windowservice as ws
from windowservice.worktime.clock.of_events import Row, fold_clock_events

START = datetime(2018, 5, 3, 1, tzinfo=UTC)
FEW, MANY = 1_000, 8_000
MOST = 3.0
"""How much more than its share the long history may cost: a square would take eight times its share."""
MOMENT = 0.02
"""Seconds below which a ratio says nothing."""

Events = list[ws.Event]


def _at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


def _event(minute: int, kind: str, **said: object) -> ws.Event:
    return ws.Event(_at(minute), kind, by="wang", **said)  # type: ignore[arg-type]


def _stop(minute: int, **said: object) -> ws.Event:
    return _event(minute, "suspended", reason="hearing", written=True, **said)


def _notice(minute: int, *papers: str) -> ws.Event:
    return _event(minute, "notified", items=set(papers), written=True)


BEGUN = [_event(0, "submitted"), _event(0, "accepted")]
HISTORIES: dict[str, Callable[[int], Events]] = {
    "stops, each ended": lambda n: (
        BEGUN + [event for i in range(n) for event in (_stop(2 * i + 1), _event(2 * i + 2, "resumed"))]
    ),
    "stops, none ended": lambda n: BEGUN + [_stop(i + 1) for i in range(n)],
    "stops of one instant": lambda n: BEGUN + [_stop(1, note=str(i)) for i in range(n)] + [_event(2, "resumed")],
    "notices of the same papers": lambda n: BEGUN[:1] + [_notice(i + 1, "S10-M1", "S10-M2") for i in range(n)],
    "notices of ever new papers": lambda n: BEGUN[:1] + [_notice(i + 1, f"P{i}") for i in range(n)],
    "papers asked for and brought": lambda n: (
        BEGUN[:1]
        + [
            event
            for i in range(n)
            for event in (_notice(2 * i + 1, f"P{i}"), _event(2 * i + 2, "supplemented", items={f"P{i}"}))
        ]
    ),
    "handovers": lambda n: (
        BEGUN
        + [
            event
            for i in range(n)
            for event in (_event(2 * i + 1, "handed_over", to=f"c{i}", reason="x"), _event(2 * i + 2, "taken_over"))
        ]
    ),
    "stops, and extensions beside them": lambda n: (
        BEGUN
        + [
            event
            for i in range(n)
            for event in (
                _stop(3 * i + 1),
                _event(3 * i + 2, "resumed"),
                _event(3 * i + 3, "extended", amount="1 working day"),
            )
        ]
    ),
    "remarks of one instant": lambda n: BEGUN + [_event(1, "noted", note=str(i)) for i in range(n)],
}


@pytest.fixture(scope="module")
def engine() -> ws.Engine:
    return ws.Engine.load(installed=False)


def _cost(engine: ws.Engine, events: Events) -> float:
    begun = time.process_time()
    request = ws.Request(id="R", bank="B", service="S10", events=events)
    report = engine.check(request, as_of="2019-06-01")
    list(report.verdicts.items())
    report.explain("R", "commitment/commitment_kept")
    return time.process_time() - begun


@pytest.mark.parametrize("history", HISTORIES)
def test_one_long_history_costs_in_line_with_its_length(engine: ws.Engine, history: str) -> None:
    made = HISTORIES[history]
    few, many = made(FEW), made(MANY)
    _cost(engine, made(10))
    most = max(min(_cost(engine, few) for _ in range(3)), MOMENT) * MANY / FEW * MOST
    assert _cost(engine, many) <= most or _cost(engine, many) <= most


def test_a_stop_is_ended_once_and_a_paper_completed_once() -> None:
    rows: tuple[Row, ...] = (
        (1, "suspended", "hearing", True, None),
        (2, "suspended", "auction", True, None),
        (3, "suspended", "hearing", True, None),
        (4, "notified", None, True, None),
        (5, "resumed", "hearing", None, None),
        (6, "supplemented", None, None, None),
        (7, "resumed", "hearing", None, None),
        (8, "suspended", None, None, None),
        (9, "notified", None, True, None),
        (10, "resumed", None, None, None),
        (11, "supplemented", None, None, None),
        (12, "resumed", None, None, None),
    )
    stops, notices, extensions = fold_clock_events(rows)
    assert [(stop.begin, stop.end, stop.reason) for stop in stops] == [
        (1, 5, "hearing"),
        (2, 10, "auction"),
        (3, 5, "hearing"),
        (8, 10, ""),
    ]
    assert [(notice.told, notice.completed) for notice in notices] == [(4, 6), (9, 11)]
    assert extensions == []
