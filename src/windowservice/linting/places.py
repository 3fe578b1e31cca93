"""Where in a file a table or key stands that a problem names by its path."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

__all__ = ["line_of"]

_SAID: Final = re.compile(r"\(?at line (\d+)")
_NAMED: Final = ("rules", "ladder", "indicators", "amendments", "cases")
"""Lists of tables, whose rows a path names by their name, id or number."""


def line_of(text: str, path: str, said: str = "") -> int:
    """Return the line of a path such as ``rules.answered.require`` in a TOML text, from 1; 0 if it is not found."""
    if found := _SAID.search(said):
        return int(found[1])
    lines = _lines(text)
    parts = [part for part in re.split(r"\.|\[|\]", path) if part]
    if not parts:
        return 0
    if parts[0] in _NAMED and len(parts) > 1:
        begin = _rows(text, parts[0]).get(parts[1], -1)
        return 0 if begin < 0 else _key(lines, begin, parts[2:]) + 1
    for length in range(len(parts), 0, -1):
        named = r"\s*\.\s*".join(map(_quoted, parts[:length]))
        header = re.compile(rf"^\s*\[\[?{named}\]\]?")
        begin = next((place for place, line in enumerate(lines) if header.match(line)), -1)
        if begin >= 0:
            return _key(lines, begin, parts[length:]) + 1
    return _key(lines, -1, parts) + 1


def _quoted(part: str) -> str:
    return rf"[\"']?{re.escape(part)}[\"']?"


@lru_cache(maxsize=16)  # each problem of a file asks for its lines
def _lines(text: str) -> list[str]:
    return text.split("\n")


@lru_cache(maxsize=16)
def _rows(text: str, table: str) -> dict[str, int]:
    """Return where the tables of a list begin, by their number and by the name that each says."""
    header, name = re.compile(rf"\s*\[\[\s*{table}\s*\]\]"), re.compile(r"\s*(?:name|id)\s*=\s*[\"']([^\"']*)[\"']")
    found: dict[str, int] = {}
    begin, number = -1, 0
    for place, line in enumerate(_lines(text)):
        if header.match(line):
            begin = place
            found[str(number)] = place
            number += 1
        elif begin >= 0 and (said := name.match(line)):
            found.setdefault(said[1], begin)
        elif line.lstrip().startswith("["):
            begin = -1
    return found


def _key(lines: list[str], begin: int, keys: list[str]) -> int:
    """Return where a key of the table stands that begins at a line; that line if it has none of them."""
    for place in range(begin + 1, len(lines)):
        if begin >= 0 and re.match(r"\s*\[", lines[place]):
            break
        if keys and re.match(rf"\s*{_quoted(keys[0])}\s*[=.]", lines[place]):
            return place
    return begin
