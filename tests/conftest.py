"""What all tests share: where the real logs are."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import pytest

_ROOT = Path(__file__).resolve().parent.parent


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


@pytest.fixture
def log(pytestconfig: pytest.Config) -> FindLog:
    """A function that gives the path of a real log, or skips the test and says why."""
    folder: Path = pytestconfig.getoption("--logs")

    def find(name: str) -> Path:
        if not (folder / name).is_file():
            pytest.skip(f"the log {name} is not in {folder}; name its folder with --logs DIR")
        return folder / name

    return find
