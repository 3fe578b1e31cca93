"""Notebooks run, and the reference from docstrings has every public name."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest

import windowservice as ws

_DOCS = Path(__file__).resolve().parents[2] / "docs"
_NOTEBOOKS = sorted((_DOCS / "notebooks").glob("*.md"))
_CELL = re.compile(r"^```\{code-cell\}[^\n]*\n(?::[^\n]*\n)*(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("path", _NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs(path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The cells run from top to bottom, and what the last line of each gives can be shown."""
    monkeypatch.chdir(path.parent)
    monkeypatch.syspath_prepend(str(_DOCS))  # which restores the path when cells have changed it
    space: dict[str, Any] = {"__name__": "notebook"}
    cells = _CELL.findall(path.read_text("utf-8"))
    for cell in cells:
        tree = ast.parse(cell)
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, path.name, "exec"), space)
        if last is not None:
            shown = eval(compile(ast.Expression(last.value), path.name, "eval"), space)
            assert shown is None or repr(shown)
    assert len(cells) >= 5
    assert capsys.readouterr().out


def test_the_ad_hoc_check_takes_ten_lines() -> None:
    """From imports to an engine: what is written in the first cell is at most ten statements and lines of facts."""
    first = _CELL.findall((_DOCS / "notebooks" / "ad_hoc_check.md").read_text("utf-8"))[0]
    assert len([line for line in first.splitlines() if line.strip()]) <= 11  # with the docstring


def _documented(module: str) -> set[str]:
    pattern = rf"^\.\. auto\w+:: {re.escape(module)}\.(\w+)$"
    return set(re.findall(pattern, (_DOCS / "api.md").read_text("utf-8"), re.MULTILINE))


_MODULES = ("cases", "escalation", "interchange", "patterns", "scoring", "testing")


def test_the_reference_has_every_public_name() -> None:
    """No name of `windowservice` is missing from docs/api.md; put a new one into the group that it belongs to."""
    page = (_DOCS / "api.md").read_text("utf-8")
    assert _documented("windowservice") == set(ws.__all__) - set(_MODULES)
    assert [name for name in _MODULES if f"## windowservice.{name}\n" in page] == sorted(_MODULES)


@pytest.mark.parametrize("module", _MODULES)
def test_the_reference_has_every_name_of_a_module(module: str) -> None:
    """No name of a public module is missing from docs/api.md."""
    where = "windowservice.language.patterns" if module == "patterns" else f"windowservice.{module}"
    assert _documented(where) == set(getattr(ws, module).__all__)
