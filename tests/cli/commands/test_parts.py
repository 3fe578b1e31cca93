"""``windowservice audit FOLDER --out DIR``: a ledger in parts, and what its exit codes say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from click.testing import Result
from tests.benchmarks.large_ledger import AS_OF, write_parts

Run = Callable[..., Result]


@pytest.fixture
def parts(tmp_path: Path) -> Path:
    write_parts(tmp_path / "parts", 2, 50)
    return tmp_path / "parts"


@pytest.fixture
def audited(run: Run, parts: Path, tmp_path: Path) -> Run:
    """A function that audits the parts under one pack."""

    def runner(*words: object) -> Result:
        return run("audit", parts, "--as-of", AS_OF, "--out", tmp_path / "out", "--rules", "told_once", *words)

    return runner


def test_totals_are_shown_and_findings_written(audited: Run, tmp_path: Path) -> None:
    """The totals stand by rule, the findings in the folder; a second run says what it kept."""
    result = audited()
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.startswith("100 requests in 2 parts; ")
    findings = pl.read_parquet(tmp_path / "out" / "findings" / "*.parquet")
    failed = findings.filter(rule="told_once/notice_in_writing", verdict="fail").height
    (row,) = [line.split() for line in result.stdout.splitlines() if "notice_in_writing" in line]
    assert failed == int(row[2])
    assert failed > 0
    assert "2 pieces were finished before" in audited().stdout


@pytest.mark.parametrize(("words", "code"), [((), 1), (("--fail-on", "severe"), 0), (("--fail-on", "none"), 0)])
def test_exit_code_goes_by_severity(audited: Run, words: tuple[str, ...], code: int) -> None:
    """As in any audit, findings below --fail-on leave the exit code at 0."""
    assert audited(*words).exit_code == code


def test_nothing_evaluated_is_not_clean(audited: Run, parts: Path) -> None:
    """Parts without a request exit with 3."""
    for path in parts.rglob("*.parquet"):
        pl.read_parquet(path).clear().write_parquet(path)
    assert audited().exit_code == 3


def test_broken_part_exits_with_2(audited: Run, parts: Path) -> None:
    """What can be judged is shown and kept, then it is told what is broken, and the exit code is 2."""
    path = parts / "events" / "part-0001.parquet"
    path.write_bytes(path.read_bytes()[:99])
    result = audited()
    assert result.exit_code == 2
    assert result.stdout.startswith("50 requests in 2 parts; ")
    assert "part-0001.parquet: it is cut off, damaged or no Parquet" in result.stderr


def test_settings_are_read(audited: Run, parts: Path) -> None:
    """What ledger.toml says of hours and recorded kinds holds for parts too."""
    plain = audited("--restart").stdout
    (parts / "ledger.toml").write_text('zone = "Asia/Shanghai"\n[calendar]\nweekly = "mon-sun 08:30-08:40"\n', "utf-8")
    assert "its findings were begun with the engine" in audited().stderr
    assert audited("--restart").stdout != plain


def test_other_tables_are_not_passed_over(audited: Run, parts: Path) -> None:
    """A table that would be left unread is refused, and so is a mapping."""
    (parts / "services.csv").write_text("id,commitment\nS10,3 working days\n", "utf-8")
    result = audited()
    assert result.exit_code == 2
    assert "services.csv" in result.stderr
    assert "--mapping does not go with --out" in audited("--mapping", "m.toml").stderr
