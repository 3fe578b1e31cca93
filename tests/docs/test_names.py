"""Names: each public one is used on a page, one word has one meaning, and words that were given up do not come back."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest

import windowservice as ws

_ROOT = Path(__file__).resolve().parents[2]
_PAGES = [_ROOT / "README.md", *sorted((_ROOT / "docs").glob("*.md"))]
_RUN = "\n".join(
    block for page in _PAGES for block in re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.S)
)
_GROUPS: dict[str, ModuleType] = {
    "ws": ws,
    "ws.scoring": ws.scoring,
    "ws.cases": ws.cases,
    "ws.escalation": ws.escalation,
    "ws.patterns": ws.patterns,
    "ws.testing": ws.testing,
}
GIVEN_UP = {
    r"\b[Mm]easurements?\b": "indicator", r"\bKernelDef\b": "Function", r"\bws\.request_schema\b": "Request.schema",
    r"\bscore_banks\b|\baverage_ledger\b": "Engine.score", r"\bscored_proposals\b": "Engine.propose",
    r"\b(Bank|Ledger|Average)Score\b": "Score", r"\b(read|default)_(measurements|ladder)\b": "a class method",
    r"\bfinding\.institution\b|\bRule\.institution\b": "policy", r"\bwindowservice measures\b": "windowservice actions",
    r"\bws\.changes\b": "Report.compare",
}  # fmt: skip
"""What each word that was given up is called now."""


@pytest.mark.parametrize("group", _GROUPS)
def test_every_public_name_stands_in_an_example_that_is_run(group: str) -> None:
    """A name that nobody shows is found by nobody."""
    names = _GROUPS[group].__all__
    assert not [name for name in names if not re.search(rf"(?<![\w.]){re.escape(group)}\.{name}\b", _RUN)]


def test_one_word_has_one_meaning() -> None:
    """The glossary has a line for each English word."""
    ours = (_ROOT / "docs" / "glossary.md").read_text("utf-8").partition("## Yours and ours")[0]
    lines = ours.splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    words = [word for row in rows for word in row[-2].split(", ") if row[0] not in ("中文", "English")]
    assert len(words) > 60
    assert sorted(words) == sorted(set(words))


@pytest.mark.parametrize("word", GIVEN_UP)
def test_words_that_were_given_up_do_not_come_back(word: str) -> None:
    """Neither in the source nor on a page."""
    files = [*(_ROOT / "src").rglob("*.py"), *(_ROOT / "src").rglob("*.pyi"), *(_ROOT / "src").rglob("*.toml"), *_PAGES]
    found = [path.name for path in files if re.search(word, path.read_text("utf-8"))]
    assert not found, f"say {GIVEN_UP[word]}"
