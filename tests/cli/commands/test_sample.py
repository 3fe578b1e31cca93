"""``windowservice sample``, and the whole way from it to the findings that were planted."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample ledger, written by the command."""
    from click.testing import CliRunner

    from windowservice.cli.app import app

    folder = tmp_path_factory.mktemp("sample") / "demo"
    result = CliRunner().invoke(app, ["sample", str(folder)])
    assert result.exit_code == 0
    assert f"windowservice audit {folder} --as-of 2018-12-31" in result.stdout
    return folder


def test_the_failures_are_the_planted_ones(run, demo: Path) -> None:
    """Audited by the command, the sample fails, or cannot be told, where that was planted and nowhere else."""
    with (demo / "planted.csv").open(encoding="utf-8", newline="") as file:
        planted = list(csv.DictReader(file))
    result = run("audit", demo, "--as-of", "2018-12-31", "--format", "json", "--show", "fail,error,unknown")
    document = json.loads(result.stdout)
    found = {(finding["key"], finding["rule"]): finding for finding in document["findings"]}
    wanted = {(row["request"], row["rule"]) for row in planted if row["expected"] in ("fail", "unknown")}
    assert result.exit_code == 1
    assert set(found) == wanted
    told = {key: finding["verdict"] for key, finding in found.items()}
    assert all(
        told[row["request"], row["rule"]] == row["expected"] for row in planted if (row["request"], row["rule"]) in told
    )
    for row in planted:
        if row["late_by_seconds"]:
            shortfall = found[row["request"], row["rule"]]["shortfall"]
            assert shortfall["amount"] == float(row["late_by_seconds"]), row


def test_the_demo_can_be_written_again(run, demo: Path) -> None:
    """Into the folder of an older sample, with the same bytes."""
    before = (demo / "events.csv").read_bytes()
    assert run("sample", demo).exit_code == 0
    assert (demo / "events.csv").read_bytes() == before


def test_a_ledger_of_somebodys_own_is_not_overwritten(run, ledger: Path) -> None:
    """A folder that holds a ledger, but no sample, is refused and stays as it is."""
    before = (ledger / "requests.csv").read_bytes()
    result = run("sample", ledger)
    assert result.exit_code == 2
    assert "a new folder" in result.stderr
    assert (ledger / "requests.csv").read_bytes() == before
