"""A folder with a record, a calendar, a ledger and traps; and a way to ask the tools."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import windowservice as ws

pytest.importorskip("mcp")
from mcp import Client

from windowservice.assistant.folder import Folder
from windowservice.assistant.server import make_server

RECORD = {
    "id": "R-7", "bank": "105221000018", "service": "S10",
    "events": [
        {"at": "2018-05-03T09:40+08:00", "kind": "submitted", "by": "wang"},
        {"at": "2018-05-03T17:30+08:00", "kind": "accepted", "by": "wang"},
    ],
}  # fmt: skip

Ask = Callable[..., Any]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one of everything, beside a file that nobody may read."""
    (tmp_path / "secret.json").write_text(json.dumps(RECORD | {"id": "SECRET"}), "utf-8")
    (tmp_path / "secret.toml").write_text('zone = "Asia/Shanghai"\n', "utf-8")
    root = tmp_path / "cases"
    for name in ("records", "ledger"):
        (root / name).mkdir(parents=True)
    (root / "records" / "R-7.json").write_text(json.dumps(RECORD), "utf-8")
    (root / "records" / "link.json").symlink_to(tmp_path / "secret.json")
    (root / "elsewhere").symlink_to(tmp_path)
    (root / "ledger" / "requests.csv").write_text("id,bank,service\nR-1,105221000018,S10\n", "utf-8")
    (root / "ledger" / "events.csv").write_text(
        "request,at,kind,by\nR-1,2018-05-03 09:40,submitted,wang\nR-1,2018-05-03 17:30,accepted,wang\n", "utf-8"
    )
    (root / "ledger" / "ledger.toml").write_text('zone = "Asia/Shanghai"\n', "utf-8")
    return root


@pytest.fixture(scope="session")
def engine() -> ws.Engine:
    return ws.Engine.load(installed=False)


@pytest.fixture
def ask(engine: ws.Engine, folder: Path) -> Ask:
    """A function that calls a tool in memory: its structured answer, or the text of its refusal."""

    def asked(tool: str, of: ws.Engine = engine, root: Path | None = folder, **given: Any) -> Any:
        async def call() -> Any:
            async with Client(make_server(of, Folder(root))) as client:
                return await client.call_tool(tool, given)

        found = asyncio.run(call())
        return found.content[0].text if found.is_error else found.structured_content

    return asked
