"""One request with six events, all facts and packs, beside ten plain functions; and where the time goes.

What an application pays is the third line: the request made from texts, checked, its failures listed.

``python tests/benchmarks/bench_check.py``. The yardstick is printed by ``bench_rules.py``. Rows are
timed in turn and the smallest of all rounds counts: trust the ratios, not the microseconds.
"""

from __future__ import annotations

import cProfile
import gc
import pstats
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2] / "src"), str(Path(__file__).parent)]

from bench_rules import PLAIN, cases

import windowservice as ws
from windowservice.instants import as_of_us
from windowservice.language.python.compile import compile_rules

BAR = 25.0
ROUNDS, CALLS = 25, 400


def request() -> ws.Request:
    return ws.Request(
        id="R-2018-0042", bank="105221000018", service="S10", channel="counter",
        events=[
            ws.Event("2018-05-03T09:40+08:00", "submitted", by="wang"),
            ws.Event("2018-05-03T10:05+08:00", "notified", by="wang", items={"S10-M2"}, written=True),
            ws.Event("2018-05-04T09:00+08:00", "supplemented", items={"S10-M2"}),
            ws.Event("2018-05-04T09:20+08:00", "accepted", by="wang"),
            ws.Event("2018-05-10T15:30+08:00", "checked", by="zhao"),
            ws.Event("2018-05-11T16:10+08:00", "decided", by="li"),
        ],
    )  # fmt: skip


def timed(calls: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Return the least time of each call in microseconds, all timed in turn."""
    best = dict.fromkeys(calls, float("inf"))
    gc.disable()
    for _ in range(ROUNDS):
        for name, call in calls.items():
            begun = time.perf_counter()
            for _ in range(CALLS):
                call()
            best[name] = min(best[name], (time.perf_counter() - begun) / CALLS * 1e6)
    gc.enable()
    return best


def main() -> int:
    engine, one = ws.Engine.load(installed=False), request()
    as_of = datetime.fromisoformat("2018-05-15T09:00+08:00")
    us = as_of_us(as_of, engine.calendar.zone)
    report = engine.check(one, as_of=as_of)
    runner = report.subjects[0].runner
    whole = compile_rules([r.rule for r in runner.rules], runner.vocabulary, runner.binding)
    mine = {pack.name: [rule for rule in pack.rules if rule.of is runner.vocabulary] for pack in engine.packs}
    packs = {name: compile_rules(rules, runner.vocabulary, runner.binding) for name, rules in mine.items() if rules}
    sample = cases(100)

    def yardstick() -> None:
        for case in sample:
            for rule in PLAIN:
                rule(case)

    calls: dict[str, Callable[[], object]] = {
        "plain": yardstick,
        "the request made": request,
        "engine.check": lambda: engine.check(one, as_of=as_of),
        "made, checked, failures listed": lambda: list(engine.check(request(), as_of=as_of).failures),
        "the fused function of all packs": lambda: whole(one, us),
        **{f"  pack {name} alone": (lambda made=made: made(one, us)) for name, made in packs.items()},
    }
    best = timed(calls)
    plain = best.pop("plain") / 100
    print(
        f"{len(runner.rules)} rules, {len(one.events)} events; yardstick {plain:.2f} us; smallest of {ROUNDS} rounds\n"
    )
    print(f"{'':36}{'us':>8}{'ratio':>8}{'bar':>7}")
    for name, time_taken in best.items():
        bar = f"{BAR:7.0f}" if name == "engine.check" else ""
        print(f"{name:36}{time_taken:8.1f}{time_taken / plain:8.1f}{bar}")
    print("\nwhere the fused function spends its time, by a profiler (which slows calls down):")
    profile = cProfile.Profile()
    profile.enable()
    for _ in range(2_000):
        whole(one, us)
    profile.disable()
    stats = pstats.Stats(profile)
    total = stats.total_tt  # type: ignore[attr-defined]
    rows = sorted(((v[2], k) for k, v in stats.stats.items()), reverse=True)[:8]  # type: ignore[attr-defined]
    for own, (file, _line, function) in rows:
        print(f"  {own / total:5.0%}  {Path(file).name}:{function}")
    return 0 if best["engine.check"] / plain <= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
