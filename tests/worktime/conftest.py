"""Every deadline that these tests ask for is counted in whole numbers too, and must come out the same."""

from __future__ import annotations

import pytest
from tests.worktime.integers.both_ways import run_both

from windowservice.worktime.clock import deadline


@pytest.fixture(autouse=True)
def _both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadline, "run_clock", run_both)
