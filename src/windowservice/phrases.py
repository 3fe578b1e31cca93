"""What the library says, in another language: a sentence is written in English where it is said, and looked up here."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Final

from windowservice.files import shipped

__all__ = ["LANGUAGES", "phrase"]

LANGUAGES: Final = ("en", "zh")
"""English, in which everything is written, and those with a list of their own (``phrases_zh.toml``)."""


def phrase(text: str, language: str, /, **values: object) -> str:
    """Return a sentence or word in a language, its values put in; in English where the list of the language has none.

    Args:
        text: the sentence in English, values in braces: ``"late by {amount}"``.
        language: ``en`` or ``zh``.
        values: what stands in for the names in braces, as text.
    """
    said = text if language == "en" else _list(language).get(text, text)
    return said.format_map(values) if values else said


@cache
def _list(language: str) -> Mapping[str, str]:
    if language not in LANGUAGES:
        return {}
    found: Mapping[str, str] = tomllib.loads(shipped("windowservice", f"phrases_{language}.toml"))
    return found
