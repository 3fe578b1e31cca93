"""What the pages list is what there is: rules, errors, hooks, limits, rows of coverage."""

from __future__ import annotations

import importlib.util
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import windowservice as ws
from windowservice.domain.requests.kinds import EVENT_KINDS
from windowservice.engine.verdicts import Verdict
from windowservice.plugins import hooks

_ROOT = Path(__file__).resolve().parents[2]
_DOCS = _ROOT / "docs"
_HOOKS = [name for name in hooks.__all__ if name.startswith("windowservice_")]


def _reference() -> dict[str, str]:
    spec = importlib.util.spec_from_file_location("reference", _DOCS / "reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: dict[str, str] = module.pages()
    return found


def test_written_pages_are_fresh() -> None:
    """The pages of rules, policies, tables and errors are what `python docs/reference.py` writes today."""
    wanted = _reference()
    stale = [name for name, text in wanted.items() if (_DOCS / name).read_text("utf-8") != text]
    left = {f"policies/{path.name}" for path in (_DOCS / "policies").glob("*.md")} - set(wanted)
    assert (stale, left) == ([], set()), "run: python docs/reference.py"


@pytest.mark.parametrize("hook", _HOOKS)
def test_hooks_are_described_and_tested(hook: str) -> None:
    """Each hook stands in the reference with its exact signature and a runnable example, and in a test of loading."""
    page = (_DOCS / "hooks.md").read_text("utf-8")
    signature = str(inspect.signature(getattr(hooks, hook))).replace("'", "")
    assert f"`{hook}{signature}`" in page
    assert f"def {hook}(" in page
    assert any(hook in path.read_text("utf-8") for path in (_ROOT / "tests" / "plugins").rglob("test_*.py"))


def test_there_is_no_hook_beside_these() -> None:
    """A hook that is specified is public, so the reference cannot miss one."""
    specified = {name for name, value in vars(hooks).items() if hasattr(value, f"{hooks.PROJECT}_spec")}
    assert specified == set(_HOOKS)


def _limit_rows() -> list[tuple[str, str]]:
    page = (_DOCS / "semantics.md").read_text("utf-8")
    table = page.partition("| written | 中文 |")[2].partition("\n\n")[0]
    found = []
    for row in table.splitlines()[2:]:
        english, chinese = (re.findall(r"`([^`]+)`", cell) for cell in row.split("|")[1:3])
        found += zip(english, chinese, strict=True)
    return found


@pytest.mark.parametrize(("english", "chinese"), _limit_rows())
def test_limits_of_the_page_are_limits(english: str, chinese: str) -> None:
    """What the page writes in English and in Chinese is one limit."""
    assert ws.Limit.parse(english) == ws.Limit.parse(chinese)


def test_all_kinds_of_limit_stand_on_the_page() -> None:
    """No kind of limit is left out."""
    from windowservice.worktime.limits.kinds.table import KINDS

    assert {ws.Limit.parse(english).kind for english, _ in _limit_rows()} == set(KINDS.values())


def test_all_kinds_of_event_stand_on_the_page() -> None:
    """The page on semantics names every kind of event."""
    words = set(re.findall(r"[a-z_]+", (_DOCS / "semantics.md").read_text("utf-8")))
    assert set(EVENT_KINDS) <= words


def test_all_verdicts_are_described() -> None:
    """Each verdict has its row."""
    page = (_DOCS / "verdicts.md").read_text("utf-8")
    assert not [verdict for verdict in Verdict if f"| `{verdict}` |" not in page]


def _options(command: Any) -> Iterator[str]:
    for parameter in command.params:
        yield from (option for option in parameter.opts if option.startswith("--"))
    for below in getattr(command, "commands", {}).values():
        yield str(below.name)
        yield from _options(below)


def test_every_command_and_option_is_described() -> None:
    """The page on the command line leaves out no command and no option."""
    pytest.importorskip("click", reason="the extra `cli` is not installed")
    from windowservice.cli.app import app

    page = (_DOCS / "cli.md").read_text("utf-8")
    assert not [found for found in _options(app) if found not in page]


def test_coverage_lists_every_row_once() -> None:
    """The table has the thirty-eight rows, each once."""
    rows = re.findall(r"^\| ([A-Z]\d) \|", (_DOCS / "coverage.md").read_text("utf-8"), re.MULTILINE)
    counts = {"W": 7, "L": 4, "T": 2, "M": 3, "A": 3, "R": 2, "S": 7, "D": 7, "E": 3}
    assert rows == [f"{letter}{number}" for letter, most in counts.items() for number in range(1, most + 1)]


def test_index_lists_every_page() -> None:
    """Sphinx finds every page from the index."""
    listed = set(re.findall(r"^([a-z_]+)$", (_DOCS / "index.md").read_text("utf-8"), re.MULTILINE))
    assert {path.stem for path in _DOCS.glob("*.md")} - {"index"} <= listed


def test_no_page_speaks_of_a_machine() -> None:
    """No page names a folder of the machine on which it was written."""
    pages = [_ROOT / "README.md", _ROOT / "CHANGELOG.md", *_DOCS.rglob("*.md"), *_DOCS.rglob("*.py")]
    assert not [page.name for page in pages if re.search(r"/(work|tmp|home|root)/", page.read_text("utf-8"))]
