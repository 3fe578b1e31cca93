"""Making text from a ledger safe to show: it is data, and must neither steer a terminal nor run in a spreadsheet."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["for_cell", "for_html", "for_json", "for_line", "for_lines"]

_CONTROLS: Final = "\x00-\x1f\x7f-\x9f"
_DIRECTIONS: Final = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""They make a line read in another order than it is."""
_UNSEEN: Final = "\xad\u180e\u200b-\u200d\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
"""They take no room, so that two ids look like one."""
_BREAKS: Final = "\u2028\u2029"
_LONE: Final = "\ud800-\udfff"  # halves of characters, which no encoding takes
_SHOWN: Final = f"{_DIRECTIONS}{_UNSEEN}{_BREAKS}{_LONE}"
_UNSAFE: Final = f"[{_CONTROLS}{_SHOWN}]"
_UNSAFE_IN_LINES: Final = f"[\x00-\x09\x0b-\x1f\x7f-\x9f{_SHOWN}]"
_UNSAFE_IN_CELLS: Final = f"[{_CONTROLS}{_DIRECTIONS}{_BREAKS}{_LONE}]"
_RAW_IN_JSON: Final = f"[\x7f-\x9f{_SHOWN}]"
_FORMULA: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""What begins a formula in a spreadsheet; a Chinese or Japanese one takes the full-width signs too."""
_FORMULA_WITHIN: Final = f"([;|]\\s*)(?=[{re.escape(''.join(_FORMULA))}])"
"""The same after what other spreadsheets, or the same in another country, take for the end of a cell."""


def _visible(found: re.Match[str]) -> str:
    code = ord(found.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def for_line(text: object, most: int = 0) -> str:
    r"""Return text that takes one line of a terminal: control characters become visible, as in ``\x1b``.

    With `most`, what is longer is cut, and says how much is not shown.
    """
    said = str(text)
    if most and len(said) > most:
        said = f"{said[:most]}... ({len(said) - most:,} more characters)"
    return re.sub(_UNSAFE, _visible, said)


def for_lines(text: str) -> str:
    """Return text of several lines as `for_line` would, its own line ends kept."""
    return re.sub(_UNSAFE_IN_LINES, _visible, text)


def for_cell(text: str) -> str:
    """Return the text of a cell of a CSV file: no control characters, and nothing that a spreadsheet would evaluate.

    What would begin a formula gets an apostrophe in front, which spreadsheets take as "this is text".
    """
    began = text[:1]
    said = re.sub(_UNSAFE_IN_CELLS, "", re.sub(r"[\t\r\n]+", " ", text))
    said = re.sub(_FORMULA_WITHIN, r"\1'", said)
    return f"'{said}" if began in ("\t", "\r") or said.lstrip().startswith(_FORMULA) else said


def for_html(text: object) -> str:
    """Return text for a page: no markup of its own, and `for_line` like everywhere."""
    from html import escape

    return escape(for_line(text))


def for_json(text: str) -> str:
    """Return JSON text with those characters escaped that JSON allows raw and a terminal might obey."""
    from json import dumps  # who judges a request writes none

    return re.sub(_RAW_IN_JSON, lambda found: dumps(found.group())[1:-1], text)
