"""The encoding of a text file: named, or told from its bytes where that is certain."""

from __future__ import annotations

import codecs
from functools import cache
from typing import Final

from windowservice.errors import UnreadableFile

__all__ = ["Doubt", "marked", "named", "unmarked_utf_16"]

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_NOT_TEXT: Final = frozenset({"punycode", "undefined", "idna", "unicode_escape", "raw_unicode_escape"})
"""What Python calls an encoding and no file of a table is in."""
_LOOKED_AT: Final = 20_000
"""Characters after which more of them would tell nothing new."""
_ODD: Final = 0.34
"""Share of rare characters from which on a text is not what it was read as."""


def marked(start: bytes) -> str:
    """Return the encoding that a byte-order mark names, or an empty text."""
    return next((encoding for mark, encoding in _MARKS if start.startswith(mark)), "")


def named(name: str, file: str) -> str:
    """Return an encoding that a mapping names.

    Raises:
        UnreadableFile: if it is none, or none of text.
    """
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        found = None
    text = (
        found is not None
        and getattr(found, "_is_text_encoding", True)
        and found.name.replace("-", "_") not in _NOT_TEXT
    )
    if not text:
        kind = "no encoding" if found is None else "no encoding of text"
        raise UnreadableFile(file, f"{kind} is called {name!r}", "write a name such as 'gb18030'")
    return name


def unmarked_utf_16(start: bytes) -> str:
    """Return the byte order of UTF-16 without a mark, or an empty text: each plain sign of a table is half a NUL."""
    even, odd = start[::2].count(0), start[1::2].count(0)
    if max(even, odd) * 20 < len(start) or min(even, odd) * 20 > max(even, odd):
        return ""
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    text = start[: len(start) // 2 * 2].decode(encoding, "replace")
    return encoding if "\n" in text or "\r" in text else ""


class Doubt:
    """How many characters of a text are rare in what it was read as, which tells that it is something else."""

    def __init__(self, encoding: str) -> None:
        self._usual = _usual(encoding)
        self._seen = self._rare = 0

    def add(self, text: str) -> None:
        """Look at a piece of the text."""
        if text.isascii() or self._seen > _LOOKED_AT:
            return
        beyond = [char for char in text[: 10 * _LOOKED_AT] if char > "\x7f"]
        self._seen += len(beyond)
        self._rare += sum(char not in self._usual for char in beyond)

    @property
    def odd(self) -> bool:
        """Whether it is most likely something else."""
        return self._rare > _ODD * self._seen

    @property
    def sure(self) -> bool:
        """Whether there was enough to look at, and hardly anything rare."""
        return self._seen >= 4 and self._rare * 20 <= self._seen


@cache
def _usual(encoding: str) -> frozenset[str]:
    """Return the signs and frequent characters of Chinese, as the first planes of GB 2312 and Big5 list them."""
    if encoding == "gb18030":
        leads, trails = [*range(0xA1, 0xA4), *range(0xB0, 0xD8)], [*range(0xA1, 0xFF)]
    else:
        leads, trails = [*range(0xA1, 0xA4), *range(0xA4, 0xC7)], [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
    pairs = (bytes((lead, trail)) for lead in leads for trail in trails)
    return frozenset("".join(pair.decode(encoding, "ignore") for pair in pairs))
