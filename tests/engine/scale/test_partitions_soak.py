"""The short form of the soak run: memory goes by what is judged at once, not by the ledger."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pyarrow", reason="pyarrow is not installed")
_BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "bench_large.py"


def _peak(tmp_path: Path, requests: int) -> float:
    """Return the peak memory of an audit in GiB."""
    command = [sys.executable, str(_BENCHMARK), "--requests", str(requests), "--part", "5000", "--at-once", "2500"]
    command += ["--rules", "told_once", "commitment", "--folder", str(tmp_path)]
    told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert told.returncode == 0, told.stderr
    header, figures = told.stdout.splitlines()[:2]
    assert "peak GiB" in header
    row = figures.split()
    assert row[0] == f"{requests:,}"
    return float(row[7])


def test_memory_does_not_grow_with_the_ledger(tmp_path: Path) -> None:
    """Four times the requests take about the same memory, which is far below what they would take at once."""
    small, large = _peak(tmp_path, 5_000), _peak(tmp_path, 20_000)
    assert large < small + 0.25
    assert large < 2.0
