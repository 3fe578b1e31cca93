"""Making text from a ledger safe to show: it is data, and must neither steer a terminal nor run in a spreadsheet."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["for_cell", "for_json", "for_line", "for_lines"]

_CONTROLS: Final = "\x00-\x1f\x7f-\x9f"
_DIRECTIONS: Final = "\u200e\u200f\u202a-\u202e\u2066-\u2069"  # they make a line read in another order than it is
_BREAKS: Final = "\u2028\u2029"
_LONE: Final = "\ud800-\udfff"  # halves of characters, which no encoding takes
_UNSAFE: Final = re.compile(f"[{_CONTROLS}{_DIRECTIONS}{_BREAKS}{_LONE}]")
_UNSAFE_IN_LINES: Final = re.compile(f"[\x00-\x09\x0b-\x1f\x7f-\x9f{_DIRECTIONS}{_BREAKS}{_LONE}]")
_RAW_IN_JSON: Final = re.compile(f"[\x7f-\x9f{_DIRECTIONS}{_BREAKS}{_LONE}]")
_FORMULA: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""What begins a formula in a spreadsheet; a Chinese or Japanese one takes the full-width signs too."""


def _visible(found: re.Match[str]) -> str:
    code = ord(found.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def for_line(text: object, most: int = 0) -> str:
    r"""Return text that takes one line of a terminal: control characters become visible, as in ``\x1b``.

    With `most`, what is longer is cut, and says how much is not shown.
    """
    said = str(text)
    if most and len(said) > most:
        said = f"{said[:most]}... ({len(said) - most:,} more characters)"
    return _UNSAFE.sub(_visible, said)


def for_lines(text: str) -> str:
    """Return text of several lines as `for_line` would, its own line ends kept."""
    return _UNSAFE_IN_LINES.sub(_visible, text)


def for_cell(text: str) -> str:
    """Return the text of a cell of a CSV file: no control characters, and nothing that a spreadsheet would evaluate.

    What would begin a formula gets an apostrophe in front, which spreadsheets take as "this is text".
    """
    began = text[:1]
    said = _UNSAFE.sub("", re.sub(r"[\t\r\n]+", " ", text))
    return f"'{said}" if began in ("\t", "\r") or said.lstrip().startswith(_FORMULA) else said


def for_json(text: str) -> str:
    """Return JSON text with those characters escaped that JSON allows raw and a terminal might obey."""
    return _RAW_IN_JSON.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
