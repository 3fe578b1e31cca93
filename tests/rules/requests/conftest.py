"""Every clock of a request that something moved is run in whole numbers too, and must come out the same."""

from __future__ import annotations

import pytest
from tests.worktime.integers.both_ways import run_both

from windowservice.worktime.clock import of_events


@pytest.fixture(autouse=True)
def _both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_events, "run_clock", run_both)
