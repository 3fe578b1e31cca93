"""A slip in any name of a pack is caught before the first record is judged, with the name that was meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from tests.plugins.toml.packs import IN_TOML

import windowservice as ws

PAGE: Final = Path(__file__).resolve().parents[3] / "docs" / "packs_as_data.md"
_BLOCK: Final = re.compile(r"```\{code-block\} toml\n:caption: (\S+)\n\n(.*?)```", re.DOTALL)
PAGES: Final = dict(_BLOCK.findall(PAGE.read_text("utf-8")))
DESK: Final = "\n".join(
    text if name == "desk/pack.toml" else text.replace("schema_version = 1\n", "")
    for name, text in PAGES.items()
    if name.startswith("desk/")
)
_WORD: Final = re.compile(r"[A-Za-z_][A-Za-z_0-9]{2,}")


def slips(text: str) -> Iterator[tuple[str, str]]:
    """Yield the text with each of its names misspelt, one by one, and what was misspelt."""
    for found in _WORD.finditer(text):
        line_start = text.rfind("\n", 0, found.start()) + 1
        before = text[line_start : found.start()]
        line = text[line_start : text.find("\n", found.end())]
        word = found.group()
        if "#" in before or _is_free(line, found.start() - line_start, found.end() - line_start):
            continue
        if _DECLARES.search(before) and _is_alone(word, text):
            continue
        slip = word[:-2] + word[-1] + word[-2] if word[-1] != word[-2] else word + "x"
        place = text.count("\n", 0, found.start()) + 1
        yield f"{text[: found.start()]}{slip}{text[found.end() :]}", f"line {place}: {word} as {slip} in {line}"


_DECLARES: Final = re.compile(r"^((table|under) = \")?$|words = \[.*$|^\[(records|events|calendars|actions|figures)\.$")
"""What stands before a name that is declared: who misspells it where nothing else speaks of it calls it so."""


def _is_alone(word: str, text: str) -> bool:
    """Whether nothing in the text speaks of a name but the lines that declare it, which titles may mention."""
    spoken = rf"[.'(]{word}\b|= \"{word}\"|, \"{word}\"|\[\"{word}\"|/{word}\b"
    said = [
        line for line in text.splitlines() if re.search(spoken, line) and not re.match(r"(table|under) = |\[", line)
    ]
    return len(said) <= (1 if any("words = " in line for line in said) else 0)


def _is_free(line: str, start: int, end: int) -> bool:
    """Whether a word of a line is no name: it stands in a sentence, a label, a version, a customer's name."""
    free = (
        r"(title|text|note|sentence|en|version|issued|closed|timezone|weekly|unit|hours) = (\"[^\"]*\"|\[[^\]]*\]|\S+)"
    )
    spans = [one.span(2) for one in re.finditer(free, line)]
    spans += [
        one.span() for one in re.finditer(r"zh = (\"[^\"]*\"|\[[^\]]*\])|words = \{[^}]*\}|20\d\d-\S+|'\d[^']*'", line)
    ]
    spans += [one.span() for one in re.finditer(r"\"\d+ [a-z ]+\"|^(acme|bahn|by\.S10)\b|^name = \"\w+\"", line)]
    return any(first <= start and end <= last for first, last in spans)


def _caught(text: str, *, beside: bool) -> bool:
    try:
        pack = ws.DataPack.read(text, ws.Engine.load(installed=False).record_types if beside else ())
        ws.Engine.load(packs=None if beside else [pack], plugins=[pack] if beside else [], installed=False)
    except ws.WindowserviceError:
        return True
    return False


@pytest.mark.parametrize(
    ("text", "beside"), [(IN_TOML, False), (DESK, False), (PAGES["branch.toml"], True)], ids=["desk", "page", "branch"]
)
def test_a_slip_in_any_name_is_caught(text: str, *, beside: bool) -> None:
    """Each name of the pack is misspelt once: it is refused while the engine is loaded."""
    assert not _caught(text, beside=beside)
    missed = [what for slip, what in slips(text) if not _caught(slip, beside=beside)]
    assert not missed, "\n".join(missed)
