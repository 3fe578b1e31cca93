"""A ledger larger than memory, audited in parts: requests a second, peak memory, and whether time grows in line.

``python tests/benchmarks/bench_large.py [--requests 1000000 ...] [--part 250000] [--folder DIR] [--rules PACK ...]``
(``make soak``). For each number of requests, parts of a seeded ledger are written (about 6.3 events a request, all
packs' columns), and audited in a process of its own, whose peak of resident memory the system tells. Each number is run
once. Processor time (user and system, all threads) stands beside the clock: on a machine that others use too, the ratio
of two runs is to be read from it. Peers: reading the same columns from Parquet into Polars and doing nothing with them.
Limits: the ledger is made up, its shares are assumptions, and Parquet comes from the page cache if it fits.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[2] / "src"), str(Path(__file__).parent)]

from large_ledger import AS_OF, write_parts

CHILD = "--child"
BOUND_GIB = 6.0


def measured(begin: tuple[float, float]) -> dict[str, float]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    unit = 1 if sys.platform == "darwin" else 1_024
    peak = used.ru_maxrss * unit / 1024**3
    return {
        "seconds": time.perf_counter() - begin[0], "processor": time.process_time() - begin[1], "peak_gib": peak
    }  # fmt: skip


def audit(folder: Path, chosen: list[str], at_once: int) -> dict[str, Any]:
    """Audit the parts in a folder; run in a process of its own."""
    import windowservice as ws
    from windowservice.engine.scale.parts.audit import audit_parts
    from windowservice.facts import request

    engine = ws.Engine.load(installed=False)
    engine = engine.only(*chosen) if chosen else engine
    begin = time.perf_counter(), time.process_time()
    found = audit_parts(
        engine, folder / "requests", folder / "events", folder / "out", as_of=AS_OF, at_once=at_once, restart=True
    )
    totals, rules = found.totals, [loaded for loaded in engine.rules if loaded.rule.of is request]
    return {
        **measured(begin), "rules": len(rules), "requests": totals.requests, "findings": totals.findings,
        "finding_hash": f"{totals.finding_hash:016x}",
    }  # fmt: skip


def read_only(folder: Path) -> dict[str, Any]:
    """Read the columns that all rules read, part after part, and throw them away."""
    import polars as pl

    import windowservice as ws
    from windowservice.engine.scale.column_function import column_function

    needed = column_function(ws.Engine.load(installed=False), as_of=AS_OF).needed_columns()
    begin = time.perf_counter(), time.process_time()
    for table, of in (("requests", needed.of_requests), ("events", needed.of_events)):
        for path in sorted((folder / table).iterdir()):
            pl.read_parquet(path, columns=of(pl.read_parquet_schema(path)))
    return measured(begin)


def in_a_process(what: str, folder: Path, *more: str) -> dict[str, Any]:
    command = [sys.executable, __file__, CHILD, what, str(folder), *more]
    found = subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout
    told: dict[str, Any] = json.loads(found.splitlines()[-1])
    return told


def child(what: str, folder: str, at_once: str = "0", *rules: str) -> None:
    told = audit(Path(folder), list(rules), int(at_once)) if what == "audit" else read_only(Path(folder))
    print(json.dumps(told))


def row(requests: int, part: int, at_once: int, rules: list[str], base: Path) -> dict[str, Any]:
    """Write a ledger, audit it, and take it away again."""
    folder = Path(tempfile.mkdtemp(prefix="ledger-", dir=base))
    try:
        events = write_parts(folder, max(1, requests // part), min(part, requests))
        reading = in_a_process("read", folder)
        found = in_a_process("audit", folder, str(at_once), *rules)
    finally:
        shutil.rmtree(folder)
    return {**found, "events": events, "reading": reading["processor"]}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--part", type=int, default=250_000, help="requests of a part")
    parser.add_argument("--at-once", type=int, default=100_000, help="requests judged at once")
    parser.add_argument("--rules", nargs="*", default=[], help="packs or rules; all if not given")
    parser.add_argument("--folder", type=Path, default=None, help="where ledgers are written, and taken away again")
    asked = parser.parse_args()
    print(
        "requests    events      seconds  processor s  requests/s  per processor s  us/request  peak GiB  read s  found"
    )
    first: dict[str, Any] | None = None
    fine = True
    for number in asked.requests:
        told = row(number, asked.part, asked.at_once, asked.rules, asked.folder)
        each = told["processor"] / told["requests"]
        print(
            f"{told['requests']:<11,} {told['events']:<11,} {told['seconds']:<8.1f} {told['processor']:<12.1f} "
            f"{told['requests'] / told['seconds']:<11,.0f} {1 / each:<16,.0f} {each * 1e6:<11.1f} "
            f"{told['peak_gib']:<9.2f} {told['reading']:<10.1f} {told['findings']:,}",
            flush=True,
        )
        first = first or told
        ratio = each / (first["processor"] / first["requests"])
        print(f"            {told['rules']} rules; processor time a request is {ratio:.2f} of the first row's")
        fine &= told["peak_gib"] < BOUND_GIB
    print(f"peak memory below {BOUND_GIB:g} GiB: {'yes' if fine else 'NO'}")
    return 0 if fine else 1


if __name__ == "__main__":
    if sys.argv[1:2] == [CHILD]:
        child(*sys.argv[2:])
    else:
        sys.exit(main())
