"""What all tests share: where the real logs are, and how many examples the laws are tried on."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import Any, Protocol

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import engine

_ROOT = Path(__file__).resolve().parent.parent

# A machine that many share is slow without being wrong, so no example has a deadline.
# Every run tries the same examples, so that a failure is of the change at hand; HYPOTHESIS_PROFILE=thorough draws anew,
# and many more: that is where new cases are found, to be kept in tables.
_CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
settings.register_profile("quick", _CALM, max_examples=25, derandomize=True)
settings.register_profile("thorough", _CALM, max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
engine.MAX_SHRINKING_SECONDS = 60  # of five minutes: an example that costs a second is small enough by then, or never


class FindLog(Protocol):
    def __call__(self, name: str) -> Path: ...


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--logs",
        type=Path,
        default=_ROOT.parent / "shared" / "data",
        metavar="DIR",
        help="folder of the real logs (default: ../shared/data beside the repository)",
    )


@pytest.fixture(scope="session")
def log(pytestconfig: pytest.Config) -> FindLog:
    """A function that gives the path of a real log, or skips the test and says why."""
    folder: Path = pytestconfig.getoption("--logs")

    def find(name: str) -> Path:
        if not (folder / name).is_file():
            pytest.skip(f"the log {name} is not in {folder}; name its folder with --logs DIR")
        return folder / name

    return find


def pytest_collection_finish() -> None:
    """Put what was imported and collected out of Python's sight: it stays, so no look for circles need walk over it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000)  # as the command does: reports are large, and looks for circles find little in them


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that at the end no worker is left alone with one."""
    long = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in long)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give a worker whole files, and all files of the real logs to one, where each log is read and audited once."""
    from xdist.scheduler import LoadFileScheduling

    class Together(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "tests/logs" if nodeid.startswith("tests/logs/") else super()._split_scope(nodeid)

    return Together(config, log)
