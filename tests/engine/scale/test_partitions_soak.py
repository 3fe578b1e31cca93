"""The short form of the soak run: memory goes by what is judged at once, not by the ledger."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pyarrow", reason="pyarrow is not installed")
_BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "bench_large.py"


def _peaks(folder: Path, *requests: int) -> list[float]:
    """Return the peak memory of audits of so many requests, in GiB."""
    command = [sys.executable, str(_BENCHMARK), "--requests", *map(str, requests), "--part", "5000"]
    command += ["--at-once", "2500", "--rules", "told_once/told_once", "--folder", str(folder)]
    told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert told.returncode == 0, told.stderr
    header, *rows = told.stdout.splitlines()
    assert "peak GiB" in header
    peaks = {cells[0]: float(cells[7]) for cells in map(str.split, rows) if len(cells) == 10}
    return [peaks[f"{number:,}"] for number in requests]


@pytest.mark.slow
def test_memory_does_not_grow_with_the_ledger(tmp_path: Path) -> None:
    """Four times the requests take about the same memory, which is far below what they would take at once."""
    small, large = _peaks(tmp_path, 5_000, 20_000)
    assert large < small + 0.25
    assert large < 2.0
