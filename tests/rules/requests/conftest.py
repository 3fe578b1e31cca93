"""Every clock of a request that something moved is run in whole numbers too, and must come out the same."""

from __future__ import annotations

import pytest
from tests.worktime.integers.both_ways import run_both

from windowservice.facts.requests import clock_run


@pytest.fixture(autouse=True)
def _both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock_run, "run_clock", run_both)
