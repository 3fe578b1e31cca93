"""A hundred different requests, from ISO texts to the list of failures, beside a loop by hand for the same facts.

``python tests/benchmarks/bench_texts.py``. The loop finds by hand what most rules rest on: when things happened first,
who owned the matter, what was told, checked and stopped, and four dues, which it takes from the same calendar by the
same limits. That it finds what the library finds is checked on each request; the verdicts themselves it does not make.
Processor time of one request, the smallest of many rounds taken in turn: trust the ratios, not the microseconds.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

sys.path[:0] = [str(Path(__file__).parents[2] / "src"), str(Path(__file__).parent)]

from large_ledger import AS_OF, frames_of_part

import windowservice as ws
from windowservice.engine.running import Runner
from windowservice.facts.requests.request import figures
from windowservice.facts.requests.request import request as r
from windowservice.instants import datetime_us
from windowservice.worktime.bound import bind_due

ROUNDS: Final = 40
SIZE: Final = 100
BARS: Final = {"engine.check, texts read before": (15.0, 2.0), "texts to the list of failures": (60.0, None)}
"""Microseconds a request, and times the loop."""

FIRSTS: Final = (
    "asked", "submitted", "notified", "supplemented", "accepted", "refused", "decided", "delivered", "withdrawn",
    "closed",
)  # fmt: skip
OWNING: Final = frozenset({"asked", "submitted", "taken_over"})
FACTS: Final = (
    r.asked_at, r.submitted_at, r.notified_at, r.supplemented_at, r.accepted_at, r.refused_at, r.decided_at,
    r.delivered_at, r.withdrawn_at, r.closed_at, r.answered_at, r.ended_by_window_at, r.finished_at,
    r.first_contact, r.last_named, r.owner, r.handovers, r.handed_at, r.transfer_ended_at, r.nameless_handovers,
    r.foreign_handovers, r.notices, r.unwritten_notices, r.told_first, r.told_ever, r.extensions, r.stops,
    r.refusals_without_reason, r.decider, r.checks, r.self_checks, r.visits, r.no_shows,
    r.handover_due, r.notice_due, r.answer_due, r.delivery_due,
)  # fmt: skip
LIMITS: Final = tuple(
    figure[r.service]
    for figure in (figures.handover, figures.notice, figures.delivery, figures.service_calendar, figures.clock_end)
)

Texts = dict[str, Any]


def texts() -> list[Texts]:
    """Return the requests as an application has them: dicts of texts, times in ISO 8601."""
    requests, events = frames_of_part(0, SIZE)
    found = {row["id"]: {**row, "events": []} for row in requests.to_dicts()}
    for event in events.to_dicts():
        said = {name: value for name, value in event.items() if value is not None and name not in ("request", "items")}
        items = {"items": {event["items"]}} if event["items"] is not None else {}
        found[event["request"]]["events"].append({**said, **items, "at": said["at"].isoformat()})
    return list(found.values())


def made(said: Texts) -> ws.Request:
    """Return a request from its texts."""
    return ws.Request(
        said["id"], said["bank"], said["service"], amount=said["amount"], channel=said["channel"],
        events=[ws.Event(**event) for event in said["events"]],
    )  # fmt: skip


def by_hand(events: list[tuple[int, Any]], limits: tuple[Any, ...], clock: Callable[..., Any]) -> tuple[Any, ...]:
    """Return the facts of a request, from its events with their times in microseconds, in the order of `FACTS`."""
    first: dict[str, int] = {}
    first_contact = last_named = owner = decider = handed = ended = told_first = None
    handovers = nameless = foreign = notices = unwritten = extensions = stops = bare = visits = no_shows = 0
    checks: list[str | None] = []
    told: set[str] = set()
    for at, event in events:
        kind, by = event["kind"], event.get("by")
        first.setdefault(kind, at)
        if by is not None:
            last_named = by
        if kind in OWNING:
            owner = by
            if first_contact is None:
                first_contact = by
        if kind == "handed_over":
            handovers += 1
            handed, ended = at, None
            nameless += event.get("to") is None
            foreign += by != owner
        elif kind == "notified":
            notices += 1
            items = event.get("items", set())
            told |= items
            told_first = items if told_first is None else told_first
            unwritten += event.get("written") is False
        elif kind in ("checked", "authorised"):
            checks.append(by)
        elif kind == "extended":
            extensions += 1
        elif kind == "suspended":
            stops += 1
        elif kind == "refused":
            bare += event.get("reason") is None
        elif kind == "arrived":
            visits += 1
        elif kind == "no_show":
            no_shows += 1
        elif kind == "decided" and decider is None:
            decider = by
        if handed is not None and ended is None and kind in ENDING:
            ended = at
    get = first.get
    handover, notice, delivery, calendar, ends_with = limits
    submitted, supplemented, decided = get("submitted"), get("supplemented"), get("decided")
    outcome = min((at for at in (decided, get("refused")) if at is not None), default=None)
    closed, finished = get("closed"), get("delivered", get("refused")) if ends_with == "delivered" else outcome
    if finished is None:
        finished = get("withdrawn", closed)
    elif closed is not None and closed < finished:
        finished = closed
    answers = (get("notified"), get("accepted"), get("refused"))

    def until(start: int | None, limit: Any) -> int | None:
        return None if start is None or limit is None else clock(start, limit, calendar)[0]

    return (
        *(get(kind) for kind in FIRSTS), min((at for at in answers if at is not None), default=None), outcome, finished,
        first_contact, last_named, owner, handovers, handed, ended, nameless, foreign,
        notices, unwritten, None if told_first is None else frozenset(told_first), frozenset(told), extensions, stops,
        bare, decider, len(checks), sum(by == decider for by in checks if decider is not None), visits, no_shows,
        until(handed, handover), until(submitted, notice), until(supplemented, notice), until(decided, delivery),
    )  # fmt: skip


ENDING: Final = frozenset({"taken_over", "decided", "refused", "withdrawn", "closed"})


def with_times(said: Texts) -> list[tuple[int, Any]]:
    """Return the events with their times read, in order."""
    return sorted(((datetime_us(datetime.fromisoformat(event["at"])), event) for event in said["events"]), key=_first)


def _first(pair: tuple[int, Any]) -> int:
    return pair[0]


def unlike(runner: Runner, every: list[Texts], limits: dict[str, Any], clock: Callable[..., Any], us: int) -> list[str]:
    """Return the facts of which loop and library say something else."""
    found = []
    for said in every:
        mine = by_hand(with_times(said), limits[said["id"]], clock)
        for fact, one, other in zip(FACTS, mine, runner.values("bench", FACTS, made(said), us), strict=True):
            if one != other:
                found.append(f"{said['id']} {fact.name}: {one!r} by hand, {other!r}")
    return found


def main() -> int:
    """Print the table; return 1 if a bar is missed."""
    engine = ws.Engine.load(installed=False)
    runner, us = engine.runner_of_requests, engine.instant_of(AS_OF)
    every = texts()
    requests, clock = [made(said) for said in every], bind_due(runner.binding)
    limits = {one.id: runner.values("limits", LIMITS, one, us) for one in requests}
    if wrong := unlike(runner, every, limits, clock, us):
        raise SystemExit("\n".join(wrong[:12]))
    timed, as_of = [with_times(said) for said in every], engine.check(requests[0], as_of=AS_OF).as_of
    of = [limits[said["id"]] for said in every]
    runs: dict[str, Callable[[], object]] = {
        "the loop by hand, times read before": lambda: [
            by_hand(events, limit, clock) for events, limit in zip(timed, of, strict=True)
        ],
        "the loop by hand, from texts": lambda: [
            by_hand(with_times(said), limit, clock) for said, limit in zip(every, of, strict=True)
        ],
        "requests made of texts": lambda: [made(said) for said in every],
        "engine.check, texts read before": lambda: [engine.check(one, as_of=as_of) for one in requests],
        "texts to the list of failures": lambda: [
            list(engine.check(made(said), as_of=as_of).failures) for said in every
        ],
    }
    best = dict.fromkeys(runs, float("inf"))
    gc.disable()
    for _ in range(ROUNDS):
        for name, run in runs.items():
            begun = time.process_time()
            run()
            best[name] = min(best[name], (time.process_time() - begun) / SIZE * 1e6)
    gc.enable()
    plain, from_texts = best["the loop by hand, times read before"], best["the loop by hand, from texts"]
    missed = False
    print(f"{len(FACTS)} facts of {SIZE} requests, {sum(map(len, timed)) / SIZE:.1f} events each; {ROUNDS} rounds\n")
    print(f"{'':38}{'us':>8}{'x loop':>8}   wanted")
    for name, took in best.items():
        yard = from_texts if "texts to" in name or "of texts" in name else plain
        bar, ratio = BARS.get(name, (None, None))
        wanted = [f"{bar:.0f} us" if bar else "", f"{ratio:.1f} x" if ratio else ""]
        missed |= (bar is not None and took > bar) or (ratio is not None and took / yard > ratio)
        print(f"{name:38}{took:8.1f}{took / yard:8.2f}   {' and '.join(filter(None, wanted))}")
    return int(missed)


if __name__ == "__main__":
    raise SystemExit(main())
