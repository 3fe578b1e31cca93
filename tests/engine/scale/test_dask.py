"""Another scheduler needs nothing but the column function: the example of the page runs, and says what is said here."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.benchmarks.large_ledger import AS_OF, write_parts
from tests.engines import built_in

from windowservice.engine.scale.column_function import column_function

_PAGE = Path(__file__).resolve().parents[3] / "docs" / "large.md"


def test_dask_says_what_is_said_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lines of the page, run on three parts, give the findings of the whole."""
    pytest.importorskip("dask.dataframe", reason="dask is not installed")
    write_parts(tmp_path / "ledger", 3, 40)
    example = re.search(r"```python\n(import dask.*?)```", _PAGE.read_text("utf-8"), re.DOTALL)
    assert example is not None
    lines = [line for line in example[1].splitlines() if line and not line.startswith(("import", "from"))]
    assert len(lines) <= 5
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"engine": built_in()}
    exec(example[1], names)
    here = column_function(names["engine"], as_of=AS_OF)(
        pl.read_parquet("ledger/requests/*.parquet"), pl.read_parquet("ledger/events/*.parquet")
    )
    keys = ["key", "rule", "verdict"]
    found = pl.from_pandas(names["findings"])
    assert here.findings.height > 0
    assert found.select(keys).sort(keys).equals(here.findings.select(keys).sort(keys))
