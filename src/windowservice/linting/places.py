"""Where in a file a table or key stands that a problem names by its path."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["line_of"]

_SAID: Final = re.compile(r"\(?at line (\d+)")
_NAMED: Final = ("rules", "ladder", "indicators", "amendments", "cases")
"""Lists of tables, whose rows a path names by their name, id or number."""


def line_of(text: str, path: str, said: str = "") -> int:
    """Return the line of a path such as ``rules.answered.require`` in a TOML text, from 1; 0 if it is not found."""
    if found := _SAID.search(said):
        return int(found[1])
    lines = text.split("\n")
    parts = [part for part in re.split(r"\.|\[|\]", path) if part]
    if not parts:
        return 0
    if parts[0] in _NAMED and len(parts) > 1:
        begin = _row(lines, parts[0], parts[1])
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


def _row(lines: list[str], table: str, name: str) -> int:
    """Return where the table of a row begins: by its number, or by the name that it says."""
    begins = [place for place, line in enumerate(lines) if re.match(rf"\s*\[\[\s*{table}\s*\]\]", line)]
    if name.isdigit():
        return begins[int(name)] if int(name) < len(begins) else -1
    for begin, end in zip(begins, [*begins[1:], len(lines)], strict=True):
        if any(re.match(rf"\s*(name|id)\s*=\s*[\"']{re.escape(name)}[\"']", line) for line in lines[begin:end]):
            return begin
    return -1


def _key(lines: list[str], begin: int, keys: list[str]) -> int:
    """Return where a key of the table stands that begins at a line; that line if it has none of them."""
    for place in range(begin + 1, len(lines)):
        if begin >= 0 and re.match(r"\s*\[", lines[place]):
            break
        if keys and re.match(rf"\s*{_quoted(keys[0])}\s*[=.]", lines[place]):
            return place
    return begin
