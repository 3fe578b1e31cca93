"""What a user of the command line waits for, beside a loop by hand: a check, an audit and proposals of the sample.

``python tests/benchmarks/bench_cli.py``. Each command runs in a process of its own, in turns, with the package as a
wheel installs it and compiled modules as an installation has them; processor time of the whole process, the smallest of
all rounds. The yardstick is a loop of a million steps in the same run: machines differ, and so do their hours.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

sys.path[:0] = [str(Path(__file__).parents[2] / "src"), str(Path(__file__).parent)]

from bench_check import request
from bench_import import ENVIRONMENT, as_installed

ROUNDS: Final = 5
AS_OF: Final = "2018-12-31"
BARS: Final = {"check": 0.35, "audit of the sample": 1.5, "proposals with scores of the sample": 1.0}
"""Seconds on a quiet machine, on which the loop takes some 45 ms."""
PROPOSING: Final = """
import time, windowservice as ws
engine = ws.Engine.load(installed=False)
ledger = engine.read({sample!r})
begun = time.process_time()
engine.propose(ledger, as_of={as_of!r})
print(time.process_time() - begun)
"""


def loop() -> float:
    """Return the processor seconds of a million steps."""
    begun, total = time.process_time(), 0
    for number in range(1_000_000):
        total += number % 7
    return time.process_time() - begun


def run(package: Path, *arguments: str) -> tuple[float, str]:
    """Return the processor time of a command, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**ENVIRONMENT, "PYTHONPATH": str(package), "COLUMNS": "200"}
    done = subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def main() -> int:
    """Print the table; return 1 if a bar is missed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        package = as_installed(folder / "installed")
        sample, one = folder / "sample", folder / "request.json"
        one.write_text(json.dumps(request().to_dict()), "utf-8")
        command = ("-m", "windowservice")
        run(package, *command, "sample", os.fspath(sample))
        proposing = PROPOSING.format(sample=os.fspath(sample), as_of=AS_OF)
        runs: dict[str, Callable[[], float]] = {
            "a loop of a million steps": loop,
            "importing the four libraries": lambda: run(package, "-c", "import attrs, pluggy, cattrs, pendulum")[0],
            "help": lambda: run(package, *command, "--help")[0],
            "check": lambda: run(package, *command, "check", os.fspath(one), "--as-of", AS_OF)[0],
            "audit of the sample": lambda: run(package, *command, "audit", os.fspath(sample), "--as-of", AS_OF)[0],
            "proposals with scores of the sample": lambda: float(run(package, "-c", proposing)[1]),
        }
        best = dict.fromkeys(runs, float("inf"))
        for _ in range(ROUNDS):
            for what, took in runs.items():
                best[what] = min(best[what], took())
    print(f"{'':38}{'s':>8}{'x loop':>8}{'wanted':>9}")
    yard = best["a loop of a million steps"]
    for what, took in best.items():
        print(f"{what:38}{took:8.3f}{took / yard:8.1f}{BARS.get(what, ''):>9}")
    return int(any(took > BARS.get(what, took) for what, took in best.items()))


if __name__ == "__main__":
    raise SystemExit(main())
