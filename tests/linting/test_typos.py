"""A typo in any name of any rule is refused before a record is judged."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator

import windowservice as ws
from windowservice.errors import WindowserviceError
from windowservice.language.text.parse import parse
from windowservice.testing.laws import _names

_EVERY = 1 if os.environ.get("WINDOWSERVICE_ALL_TYPOS") else 23
"""With the variable each name is misspelt, else each 23rd."""


def _places(text: str) -> Iterator[tuple[int, str]]:
    """Yield each name of a text, and each word that it compares with, with the place at which it ends."""
    lines = text.encode()
    for node in ast.walk(ast.parse(text, mode="eval")):
        if isinstance(node, ast.Attribute):
            yield len(lines[: node.end_col_offset].decode()), node.attr
        elif isinstance(node, ast.Name):
            yield len(lines[: node.end_col_offset].decode()), node.id


def test_a_typo_in_any_name_of_the_built_in_packs_is_refused() -> None:
    """Each record type, fact, figure, function and method, with a letter too many, is told as unknown."""
    passed, tried = [], 0
    for loaded in ws.Engine.load(installed=False).rules:
        names = _names(loaded.rule)
        for condition in loaded.rule.conditions:
            text = str(condition)
            for number, (end, name) in enumerate(_places(text)):
                if (number + len(text)) % _EVERY:
                    continue
                tried += 1
                try:
                    parse(f"{text[:end]}q{text[end:]}", names)
                except WindowserviceError:
                    continue
                passed.append((loaded.name, name, text))
    assert tried > 50
    assert not passed
