"""The words of the reports in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias, get_args

from windowservice.domain.words import SEVERITIES, in_chinese
from windowservice.phrases import phrase

__all__ = ["LANGUAGES", "Language", "title_in", "word"]

Language: TypeAlias = Literal["en", "zh"]
LANGUAGES: Final[tuple[str, ...]] = get_args(Language)


def word(text: str, language: str) -> str:
    """Return one of the reports' own words in a language; a name that somebody else chose stays as it is."""
    said = phrase(text, language)
    return in_chinese(SEVERITIES, said) if language == "zh" else said


def title_in(titles: Mapping[str, str], language: str) -> str:
    """Return the title in the language, else in English, else the first there is."""
    return titles.get(language) or titles.get("en") or next(iter(titles.values()), "")
