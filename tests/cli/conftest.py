"""A small ledger of the tutorial's kind, and a way to run commands on it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from windowservice.cli.app import app

AS_OF = "2018-05-15T09:00+08:00"

REQUESTS = """\
id,bank,service,channel
R-1,105221000018,S10,counter
R-2,313222080002,S10,counter
R-3,313222080002,S19,online
R-4,105221000018,S10,counter
"""
EVENTS = """\
request,at,kind,by,items,written,reason
R-1,2018-05-03 09:40,submitted,wang,,,
R-1,2018-05-03 10:05,notified,wang,S10-M2,yes,
R-1,2018-05-04 09:00,supplemented,,S10-M2,,
R-1,2018-05-04 09:20,accepted,wang,,,
R-1,2018-05-14 15:30,checked,zhao,,,
R-1,2018-05-14 16:10,decided,li,,,
R-2,2018-05-07 14:00,submitted,wang,,,
R-2,2018-05-07 14:10,accepted,wang,,,
R-2,2018-05-09 10:00,checked,zhao,,,
R-2,2018-05-09 10:30,decided,li,,,
R-3,2018-05-10 09:00,submitted,li,,,
R-3,2018-05-10 09:30,notified,li,S19-M1,yes,
R-3,2018-05-10 15:00,notified,li,S19-M2,yes,
R-4,2018-05-14 10:00,submitted,wang,,,
R-4,2018-05-14 10:20,accepted,wang,,,
"""
SETTINGS = 'zone = "Asia/Shanghai"\n'

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """A function that writes a ledger and gives its folder."""

    def written(
        requests: str = REQUESTS, events: str = EVENTS, settings: str = SETTINGS, folder: str = "ledger"
    ) -> Path:
        path = tmp_path / folder
        path.mkdir()
        for name, text in (("requests.csv", requests), ("events.csv", events), ("ledger.toml", settings)):
            (path / name).write_text(text, "utf-8")
        return path

    return written


@pytest.fixture
def ledger(write: Write) -> Path:
    """The folder of the small ledger."""
    return write()


@pytest.fixture
def run() -> Callable[..., Result]:
    """A function that runs one command in this process, as a program would get it: no terminal."""

    def runner(*words: object, stdin: str | bytes | None = None) -> Result:
        return CliRunner().invoke(app, [str(word) for word in words], input=stdin)

    return runner


@pytest.fixture
def audit_json(run: Callable[..., Result]) -> Callable[..., dict[str, Any]]:
    """A function that audits a ledger and gives the JSON document."""

    def audited(path: Path, *words: object, as_of: str = AS_OF) -> dict[str, Any]:
        result = run("audit", path, "--as-of", as_of, "--format", "json", *words)
        assert result.stderr == ""
        document: dict[str, Any] = json.loads(result.stdout)
        assert document["exit_code"] == result.exit_code
        return document

    return audited
