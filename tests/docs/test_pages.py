"""Every block of the README and of the pages is run, and shows what the page says it shows."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from sybil import Sybil

_HERE = Path(__file__).resolve().parent
_ROOT = _HERE.parents[1]
PAGES = [_ROOT / "README.md", _ROOT / "CONTRIBUTING.md", *sorted((_ROOT / "docs").glob("*.md"))]


def _blocks() -> ModuleType:
    spec = importlib.util.spec_from_file_location("blocks", _HERE / "blocks.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page(page: Path, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    """All blocks of the page run in order, in a folder of their own."""
    blocks = _blocks()
    document = Sybil(parsers=[blocks.Blocks()], path=str(page.parent), pattern=page.name).parse(page)
    document.namespace.update(blocks.namespace(tmp_path, pytestconfig.getoption("--logs")))
    for example in document.examples():
        example.evaluate()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """A link to a file of the repository leads to one that exists."""
    import re

    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    assert not [link for link in links if "://" not in link and not (page.parent / link).exists()]
