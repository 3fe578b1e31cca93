"""Small ledgers of further tables, judged by the API and by the command line, which have to say the same."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import attrs
from click.testing import CliRunner
from tests.engines import built_in

import windowservice as ws
from windowservice.cli.app import app

LATER = "2018-06-29"


@attrs.frozen
class Judged:
    """What was said of each record by each rule: the verdict, and the line of the finding."""

    verdicts: dict[tuple[str, str], str]
    lines: dict[tuple[str, str], str]

    def of(self, rule: str) -> dict[str, str]:
        """The verdicts of one rule, by the number of the record."""
        return {key: verdict for (key, name), verdict in self.verdicts.items() if name == rule}


@cache
def engine() -> ws.Engine:
    """The built-in packs alone."""
    return built_in()


def folder_of(path: Path, **tables: str) -> Path:
    """Write tables, each as lines of cells apart by blanks or bars, into a ledger's folder."""
    (path / "ledger.toml").write_text('zone = "Asia/Shanghai"\n', "utf-8")
    for name, text in tables.items():
        rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
        (path / f"{name}.csv").write_text("".join(",".join(row) + "\n" for row in rows), "utf-8")
    return path


@cache
def judged(as_of: str = LATER, **tables: str) -> Judged:
    """Return what API and command line say of the tables; they must agree on what failed or is unknown.

    Many tests ask about rules of the same tables, which are judged once for all of them.
    """
    with TemporaryDirectory() as place:
        folder = folder_of(Path(place), **tables)
        ledger = ws.Ledger.read(folder)
        shown = CliRunner().invoke(app, ["audit", str(folder), "--as-of", as_of, "--format", "json"])
    assert not ledger.report.rejections
    report = engine().audit(ledger, as_of=as_of)
    assert not report.errors
    keys = {row["id"] for rows in ledger.records.values() for row in rows}
    found = [finding for finding in report if finding.key in keys]
    assert shown.exit_code in (0, 1, 3), shown.output
    told = json.loads(shown.stdout)
    ours = {(finding.key, finding.rule) for finding in report.failures}
    assert {(row["key"], row["rule"]) for row in told["findings"] if row["verdict"] == "fail"} == ours
    assert {gap["rule"]: gap["count"] for gap in told["gaps"]} == Counter(f.rule for f in report.unknowns)
    return Judged(
        {(finding.key, finding.rule): str(finding.verdict) for finding in found},
        {(finding.key, finding.rule): str(finding) for finding in found},
    )
