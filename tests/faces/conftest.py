"""A report on the sample ledger, and a browser for its pages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from tests.engines import built_in

import windowservice as ws
from windowservice.ledger.sample import AS_OF, unpack_sample


@pytest.fixture(scope="session")
def audited(tmp_path_factory: pytest.TempPathFactory) -> ws.Report:
    """The report on the sample ledger."""
    ledger = ws.Ledger.read(unpack_sample(tmp_path_factory.mktemp("sample")))
    return built_in().for_ledger(ledger).audit(ledger, as_of=AS_OF)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium without a screen, as it is installed on the machine."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("there is no Chromium on this machine")
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_api.sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=program, args=quiet)
