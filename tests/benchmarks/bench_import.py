"""How long it takes from the interpreter to the first verdict, beside the four libraries that are needed for it.

Each statement runs in a fresh interpreter, in turns, so that all meet the same machine. `import windowservice` alone
imports next to nothing (the facade waits until a name is asked for): what a user waits for are the last lines, with the
package as a wheel installs it, which holds code made before, and from these sources, which do not. Compiled modules are
used as an installation has them, whatever ``PYTHONDONTWRITEBYTECODE`` says here. Processor time of the whole process,
the interpreter's own start included; the smallest of all rounds.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROUNDS = 15
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
SOURCE = Path(__file__).resolve().parents[2] / "src"
FIRST = (
    "import windowservice as ws; engine = ws.Engine.load(installed=False); "
    "request = ws.Request('R', 'B', 'S10', events=[ws.Event('2018-05-03T09:40+08:00', 'submitted', by='wang')]); "
    "report = engine.check(request, as_of='2018-05-15'); list(report.verdicts.items())"
)
STATEMENTS = {
    "nothing": "pass",
    "the four libraries": "import attrs, pluggy, cattrs, pendulum",
    "import windowservice": "import windowservice",
    "windowservice.Engine": "import windowservice; windowservice.Engine",
    "to the first verdict": FIRST,
    "to the words of its failures": f"{FIRST}; [str(found) for found in report.failures]",
}


def as_installed(folder: Path) -> Path:
    """Return a folder with the package as a wheel installs it: with the code that is made when it is built."""
    package = folder / "windowservice"
    shutil.copytree(SOURCE / "windowservice", package, ignore=shutil.ignore_patterns("__pycache__"))
    made = package / "engine" / "loading" / "requests_code.py"
    ran = [sys.executable, "-m", "windowservice.engine.loading.write", str(made)]
    subprocess.run(ran, check=True, env={**ENVIRONMENT, "PYTHONPATH": str(folder)})
    return folder


def seconds(statement: str, source: Path) -> float:
    """Return the processor time of a fresh interpreter for a statement."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ran = [sys.executable, "-W", "ignore", "-c", f"import sys; sys.path.insert(0, {str(source)!r}); {statement}"]
    subprocess.run(ran, check=True, env=ENVIRONMENT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        installed = as_installed(Path(folder))
        rows = {name: (statement, installed) for name, statement in STATEMENTS.items()}
        rows["to the first verdict, from sources"] = (FIRST, SOURCE)
        runs: dict[str, list[float]] = {name: [] for name in rows}
        for _ in range(ROUNDS):
            for name, row in rows.items():
                runs[name].append(seconds(*row))
    least = {name: min(times) for name, times in runs.items()}
    yardstick = least["the four libraries"]
    for name, took in least.items():
        print(f"{name:<36} {took * 1000:7.1f} ms   {took / yardstick:5.2f} x")


if __name__ == "__main__":
    main()
