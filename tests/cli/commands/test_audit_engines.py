"""``windowservice audit`` says the same whether requests are judged in columns or one by one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from click.testing import Result
from tests.sample.thinned import thin_sample
from tests.sample.write import write_sample


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample ledger whose requests and events are Parquet files."""
    folder = thin_sample(write_sample(tmp_path_factory.mktemp("sample"), requests=40), 8)
    for name in ("requests", "events"):
        pl.read_csv(folder / f"{name}.csv", infer_schema=False).write_parquet(folder / f"{name}.parquet")
        (folder / f"{name}.csv").unlink()
    return folder


@pytest.mark.parametrize(("form", "show"), [("json", "all"), ("csv", "fail,unknown,pending"), ("text", "all")])
def test_the_output_is_the_same_by_either_way(form: str, show: str, sample: Path, run: Callable[..., Result]) -> None:
    """Numbers, findings, open matters, commitments and gaps of a Parquet ledger agree to the byte."""
    said = [
        run("audit", sample, "--as-of", "2018-12-31", "--format", form, "--show", show, "--engine", way)
        for way in ("objects", "columns")
    ]
    assert said[0].stdout == said[1].stdout
    assert len(said[0].stdout) > 1_000
    assert said[0].exit_code == said[1].exit_code == 1


def test_a_small_ledger_too(ledger: Path, run: Callable[..., Result]) -> None:
    """A ledger of four requests gives the same document by either way, and without the option."""
    ways = ((), ("--engine", "columns"), ("--engine", "objects"))
    said = {run("audit", ledger, "--as-of", "2018-05-15T09:00+08:00", "--format", "json", *way).stdout for way in ways}
    assert len(said) == 1


def test_an_unknown_way_is_a_usage_error(ledger: Path, run: Callable[..., Result]) -> None:
    """Another word for the way is refused with the two there are."""
    result = run("audit", ledger, "--as-of", "2018-05-15", "--engine", "spark")
    assert result.exit_code == 2
    assert "columns" in result.stderr
    assert "objects" in result.stderr
