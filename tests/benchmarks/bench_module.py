"""All rules on requests over frames: by the module that large frames are judged by, beside Polars expressions.

``python tests/benchmarks/bench_module.py [--requests 100000]``. Both judge the same frames with the same engine and
give the same findings, which is checked. Processor time of all threads, the smallest of some rounds taken in turn:
trust the ratios. The module is made in the first round; what that takes is told by itself.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2] / "src"), str(Path(__file__).parent)]

import polars as pl
from large_ledger import AS_OF, frames_of_part

import windowservice as ws
from windowservice.engine.frames import frames as reading

ROUNDS = 4
MODULE, POLARS = "module", "Polars"


def both_steps(engine: ws.Engine, requests: pl.DataFrame, events: pl.DataFrame) -> tuple[float, float, pl.DataFrame]:
    """Return how long judging and telling the failures take, and the failures."""
    start = time.process_time()
    report = engine.audit(requests, events, as_of=AS_OF)
    judged = time.process_time()
    failures = report.failures.to_frame()
    return judged - start, time.process_time() - judged, failures


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--requests", type=int, default=100_000)
    number = asked.parse_args().requests
    requests, events = frames_of_part(0, number)
    engine = ws.Engine.load(installed=False)
    times: dict[tuple[str, str], list[float]] = {}
    said: dict[str, pl.DataFrame] = {}
    for _ in range(ROUNDS):
        for way in (MODULE, POLARS):
            reading.PRINTED_FROM = 0 if way == MODULE else sys.maxsize  # type: ignore[misc]
            judged, told, said[way] = both_steps(engine, requests, events)
            times.setdefault((way, "judged"), []).append(judged)
            times.setdefault((way, "failures"), []).append(told)
    if not said[MODULE].equals(said[POLARS]):
        raise SystemExit("the findings differ")
    first = times[MODULE, "judged"][0] - min(times[MODULE, "judged"][1:])
    print(f"{number:,} requests, {events.height:,} events, {len(said[MODULE]):,} failures, the same both ways")
    print(f"to make the module once: {first:.2f} s")
    best = {key: min(rounds[1:]) / number * 1e6 for key, rounds in times.items()}
    for what in ("judged", "failures"):
        module, polars = best[MODULE, what], best[POLARS, what]
        print(f"{what}: {module:.1f} us a request by the module, {polars:.1f} by Polars: {module / polars:.2f}")
    both = [sum(best[way, what] for what in ("judged", "failures")) for way in (MODULE, POLARS)]
    print(f"frames to failures: {both[0]:.1f} beside {both[1]:.1f}: {both[0] / both[1]:.2f}")


if __name__ == "__main__":
    main()
