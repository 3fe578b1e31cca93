"""How long it takes from the interpreter to the first verdict, beside the four libraries that are needed for it.

Each statement runs in a fresh interpreter, in turns, so that all meet the same machine. `import windowservice` alone
imports next to nothing (the facade waits until a name is asked for): what a user waits for is the last line. Compiled
modules are used as an installation has them, whatever ``PYTHONDONTWRITEBYTECODE`` says here. Processor time of the
whole process, the interpreter's own start included; the smallest of all rounds.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

ROUNDS = 15
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
SOURCE = Path(__file__).resolve().parents[2] / "src"
STATEMENTS = {
    "nothing": "pass",
    "the four libraries": "import attrs, pluggy, cattrs, pendulum",
    "import windowservice": "import windowservice",
    "windowservice.Engine": "import windowservice; windowservice.Engine",
    "to the first verdict": (
        "import windowservice as ws; engine = ws.Engine.load(installed=False); "
        "request = ws.Request('R', 'B', 'S10', events=[ws.Event('2018-05-03T09:40+08:00', 'submitted', by='wang')]); "
        "list(engine.check(request, as_of='2018-05-15').verdicts.items())"
    ),
}


def seconds(statement: str) -> float:
    """Return the processor time of a fresh interpreter for a statement."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ran = [sys.executable, "-W", "ignore", "-c", f"import sys; sys.path.insert(0, {str(SOURCE)!r}); {statement}"]
    subprocess.run(ran, check=True, env=ENVIRONMENT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print the table."""
    runs: dict[str, list[float]] = {name: [] for name in STATEMENTS}
    for _ in range(ROUNDS):
        for name, statement in STATEMENTS.items():
            runs[name].append(seconds(statement))
    least = {name: min(times) for name, times in runs.items()}
    yardstick = least["the four libraries"]
    for name, took in least.items():
        print(f"{name:<24} {took * 1000:7.1f} ms   {took / yardstick:5.2f} x")


if __name__ == "__main__":
    main()
