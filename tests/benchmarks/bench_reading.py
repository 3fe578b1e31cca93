"""`Ledger.read` of a made-up ledger, CSV and Parquet, beside Polars that only reads the same files.

``python tests/benchmarks/bench_reading.py [--requests 100000]``. Processor time (all threads), the smallest of some
rounds taken in turn, in microseconds a request (6.3 events each); then what it costs to make the objects, and the
memory at most that one reading took, in a process of its own.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2] / "src"), str(Path(__file__).parent)]

import polars as pl
from large_ledger import frames_of_part

import windowservice as ws

BARS = {"csv": 12.0, "parquet": 4.0}
"""Microseconds a request."""
ROUNDS = 4
SMALL = 5_000


def write(folder: Path, size: int) -> None:
    """Write the ledger once as Parquet and once as text, times in the form of ISO with the offset of Shanghai."""
    requests, events = frames_of_part(0, size)
    local = pl.col("at").dt.convert_time_zone("Asia/Shanghai").dt.strftime("%Y-%m-%dT%H:%M:%S%:z")
    for name in BARS:
        (folder / name).mkdir()
    requests.write_parquet(folder / "parquet" / "requests.parquet")
    events.write_parquet(folder / "parquet" / "events.parquet")
    requests.write_csv(folder / "csv" / "requests.csv")
    events.with_columns(local).write_csv(folder / "csv" / "events.csv")


def alone(folder: Path, form: str) -> None:
    """Read both files as Polars does."""
    for name in ("requests", "events"):
        if form == "csv":
            pl.read_csv(folder / form / f"{name}.csv", infer_schema=False)
        else:
            pl.read_parquet(folder / form / f"{name}.parquet")


def spent(what: Callable[[], object]) -> float:
    """Return the processor seconds that a call takes."""
    begin = time.process_time()
    what()
    return time.process_time() - begin


def main() -> int:
    """Print the times; return 1 if reading takes longer than the bars say."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.folder is not None:
        ws.Ledger.read(given.folder)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
        return 0
    missed = False
    with tempfile.TemporaryDirectory() as name:
        folder, size = Path(name), given.requests
        write(folder, size)
        ws.Ledger.read(folder / "parquet")
        for form, bar in BARS.items():
            rounds = [
                (spent(lambda: alone(folder, form)), spent(lambda: ws.Ledger.read(folder / form)))  # noqa: B023
                for _ in range(ROUNDS)
            ]
            polars, ours = (min(times) / size * 1e6 for times in zip(*rounds, strict=True))
            ledger = ws.Ledger.read(folder / form)
            making = spent(lambda: ledger.requests[:SMALL]) / min(SMALL, size) * 1e6  # noqa: B023
            command = [sys.executable, __file__, "--folder", str(folder / form)]
            memory = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
            print(f"{form}: {ours:.2f} us a request (bar {bar}), Polars alone {polars:.2f}, {ours / polars:.1f} times;")
            print(f"  the objects, where they are asked for: {making:.0f} us a request; {memory} MB at most")
            missed |= ours > bar
    return int(missed)


if __name__ == "__main__":
    raise SystemExit(main())
