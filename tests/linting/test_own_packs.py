"""Lint tells nothing of the packs of the library, and of those that the docs show: each alarm would be a false one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

import windowservice as ws
from windowservice.linting.problems import CODES

DOCS: Final = Path(__file__).resolve().parents[2] / "docs"
_TOML: Final = re.compile(r"^```(?:\{code-block\} )?toml\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_nothing_is_told_of_the_packs_of_the_library() -> None:
    """All rules of the built-in packs, held against one another, are without an error, a warning or a note."""
    assert len(ws.Engine.load(installed=False).rules) > 100
    assert list(map(str, ws.lint())) == []


def _packs() -> dict[str, str]:
    """Return the packs in TOML of the docs, by page and name."""
    found = {str(path.relative_to(DOCS)): path.read_text("utf-8") for path in sorted(DOCS.rglob("examples/**/*.toml"))}
    for page in sorted(DOCS.glob("*.md")):
        for number, block in enumerate(_TOML.findall(page.read_text("utf-8"))):
            found[f"{page.name}[{number}]"] = "\n".join(line for line in block.split("\n") if line[:1] != ":")
    return {
        name: text for name, text in found.items()
        if re.search(r"\A\s*schema_version.*\nname = ", text) and "[[rules]]" in text
        and "instnt" not in text  # it shows a mistake
        and not name.startswith("lint.md")
    }  # fmt: skip


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in _packs().items()])
def test_nothing_is_told_of_the_packs_of_the_docs(text: str) -> None:
    """A pack that a reader is shown is one that lint would leave alone."""
    assert [str(problem) for problem in ws.lint([text]) if problem.severity != "note"] == []


def test_the_page_lists_all_codes() -> None:
    """The table of codes on the page is that of the program."""
    page = (DOCS / "lint.md").read_text("utf-8")
    rows = [
        f"| `{code.name}` | {code.severity} | {': '.join(filter(None, (code.title, code.instead)))} |"
        for code in CODES.values()
    ]
    assert "\n".join(rows) in page
