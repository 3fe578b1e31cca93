"""On a cluster of two workers the result is the same, also when one of them is killed in the middle."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.benchmarks.large_ledger import AS_OF, write_parts
from tests.engine.scale.sparks import session
from tests.engines import built_in

from windowservice.engine.scale import spark as on_spark
from windowservice.engine.scale.column_function import column_function

pytestmark = [pytest.mark.spark, pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::ResourceWarning")]
ENGINE = built_in()
_EXECUTOR = "CoarseGrainedExecutorBackend"


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    with session("local-cluster[2,1,1024]") as found:
        yield found


def _executor_of(process: int) -> int | None:
    """Return the executor that a process belongs to."""
    while process > 1:
        if _EXECUTOR in Path(f"/proc/{process}/cmdline").read_text("utf-8", "replace"):
            return process
        process = int(Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[1])
    return None


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="this system does not tell whose a process is")
def test_killed_worker_changes_nothing(spark: Any, tmp_path: Path) -> None:
    """An executor that is killed while it works is replaced by Spark, and totals, hashes and findings are the same."""
    write_parts(tmp_path, 2, 150)
    above, below = (spark.read.parquet(str(tmp_path / table)) for table in ("requests", "events"))
    killed = tmp_path / "killed"

    def deadly(batches: Iterator[Any]) -> Iterator[Any]:
        for batch in batches:
            yield batch
            try:
                killed.touch(exist_ok=False)
            except FileExistsError:
                continue
            executor = _executor_of(os.getpid())
            killed.write_text(str(executor))
            if executor is not None:
                os.kill(executor, signal.SIGKILL)

    here = column_function(ENGINE, as_of=AS_OF)(
        pl.read_parquet(tmp_path / "requests" / "*.parquet"), pl.read_parquet(tmp_path / "events" / "*.parquet")
    )
    found = on_spark.audit(above, below.mapInArrow(deadly, below.schema), ENGINE, as_of=AS_OF)
    assert int(killed.read_text()) > 1
    assert found.totals == here.totals
    columns = ["key", "rule", "verdict", "shortfall"]
    assert pl.DataFrame(found.findings.toArrow()).sort(columns).equals(here.findings.sort(columns))
