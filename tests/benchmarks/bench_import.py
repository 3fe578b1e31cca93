"""How long `import windowservice` takes beside the four libraries that it needs; wanted: at most 1.3 times.

Each statement runs in a fresh interpreter, in turns, so that all meet the same machine; the time of an empty
interpreter is taken off. The last line loads the engine's code too, which the facade leaves until it is asked for.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROUNDS = 15
SOURCE = Path(__file__).resolve().parents[2] / "src"
STATEMENTS = {
    "nothing": "pass",
    "the four libraries": "import attrs, pluggy, cattrs, pendulum",
    "import windowservice": "import windowservice",
    "windowservice.Engine": "import attrs, pluggy, cattrs, pendulum, windowservice; windowservice.Engine",
}


def seconds(statement: str) -> float:
    """Return how long a fresh interpreter takes for a statement."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", f"import sys; sys.path.insert(0, {str(SOURCE)!r}); {statement}"], check=True)
    return time.perf_counter() - begun


def main() -> None:
    """Print the table."""
    runs: dict[str, list[float]] = {name: [] for name in STATEMENTS}
    for _ in range(ROUNDS):
        for name, statement in STATEMENTS.items():
            runs[name].append(seconds(statement))
    took = {name: statistics.median(times) - statistics.median(runs["nothing"]) for name, times in runs.items()}
    yardstick = took["the four libraries"]
    for name in list(STATEMENTS)[1:]:
        print(f"{name:<24} {took[name] * 1000:7.1f} ms   {took[name] / yardstick:5.2f} x")


if __name__ == "__main__":
    main()
