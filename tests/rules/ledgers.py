"""Small ledgers of further tables, each with the verdict that one rule has to give on one record.

A case holds the rows of its tables as lines of CSV, under the headers that its group states; what all cases of a group
share (banks, staff, the duties kept) stands beside them. Times are China's; the window is open 08:30-11:30 and
13:30-17:00. 2018: 3 May was a Thursday, 28 April a worked Saturday, 29 April to 1 May were off.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner
from tests.engines import built_in

import windowservice as ws
from windowservice.cli.app import app

SETTINGS = 'zone = "Asia/Shanghai"\n'
SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=n) for n in (1, 60, 3600, 86_400))


@attrs.frozen
class Case:
    """What one ledger holds, and what a rule has to say of it.

    Attributes:
        what: what happened, in words.
        rows: lines of CSV by table; of the group's own table if it is a text.
        verdict: what the rule says.
        number: by how much it is missed (a count, a share, or real time), for a failure that has a measure.
        said: a part of the finding's line.
        key: the record judged; that of the group by default.
        as_of: the instant judged.
    """

    what: str
    rows: str | Mapping[str, str]
    verdict: str
    number: Any = None
    said: str = ""
    key: str = attrs.field(default="", kw_only=True)
    as_of: str = attrs.field(default="2018-06-29", kw_only=True)


@attrs.frozen(kw_only=True)
class Group:
    """The cases of one rule.

    Attributes:
        headers: the header of each table that cases fill.
        key: the record judged, unless a case names another.
        cases: the cases.
        beside: whole tables that all cases share.
        settings: what ``ledger.toml`` says beside zone and hours.
        files: further files of the ledger.
    """

    headers: Mapping[str, str]
    key: str
    cases: list[Case]
    beside: Mapping[str, str] = attrs.field(factory=dict)
    settings: str = ""
    files: Mapping[str, str] = attrs.field(factory=dict)

    def write(self, case: Case, folder: Path) -> Path:
        """Write the ledger of a case and return its folder."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "ledger.toml").write_text(self.settings + SETTINGS, "utf-8")
        for name, text in self.files.items():
            (folder / name).write_text(text, "utf-8")
        rows = {next(iter(self.headers)): case.rows} if isinstance(case.rows, str) else case.rows
        assert set(rows) <= set(self.headers), case.what
        tables = {**self.beside, **{name: f"{self.headers[name]}\n{text}" for name, text in rows.items()}}
        for name, text in tables.items():
            lines = (line.strip() for line in text.strip().splitlines())
            (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", "utf-8")
        return folder


Table = Mapping[str, Group]


def cases(table: Table) -> list[Any]:
    """Return the cases of a table as parameters (rule, group, case) of a test."""
    return [
        pytest.param(rule, group, case, id=f"{rule}: {case.what}")
        for rule, group in table.items() for case in group.cases
    ]  # fmt: skip


@cache
def engine() -> ws.Engine:
    """Return the engine with the built-in packs."""
    return built_in()


def assert_judged(rule: str, group: Group, case: Case, folder: Path) -> None:
    """Assert that the rule says what the case wants of its record, by the Python API."""
    ledger = ws.Ledger.read(group.write(case, folder / "ledger"))
    assert ledger.report.rejected == 0, ledger.report
    finding = engine().audit(ledger, as_of=case.as_of).finding(case.key or group.key, rule)
    assert finding.verdict == case.verdict, finding.explain()
    if case.number is not None:
        assert finding.shortfall.amount == case.number, finding.explain()
    assert case.said in str(finding), finding.explain()


def assert_shown_three_ways(table: Table) -> None:
    """Assert that each rule of the table is shown passing, failing and unknown."""
    for rule, group in table.items():
        assert {"pass", "fail", "unknown"} <= {case.verdict for case in group.cases}, rule


def assert_audited(table: Table, folder: Path) -> None:
    """Assert that the command ``audit`` says the same, on the first failure (or case) of the table's first rule."""
    rule, group = next(iter(table.items()))
    case = next((case for case in group.cases if case.verdict == "fail"), group.cases[0])
    path = group.write(case, folder)
    options = ["--as-of", case.as_of, "--format", "json", "--show", "all", "--fail-on", "none", "--rules", rule]
    document = json.loads(CliRunner().invoke(app, ["audit", str(path), *options]).stdout)
    assert document["load"]["rejected"] == 0, document["load"]
    found = {(finding["key"], finding["rule"]): finding for finding in document["findings"]}
    finding = found[case.key or group.key, rule]
    assert finding["verdict"] == case.verdict, (rule, case)
    assert case.said in finding["summary"], (rule, case)
