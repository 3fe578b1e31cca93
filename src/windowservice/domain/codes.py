"""Ids as they are compared: what nobody sees makes no two of one."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

__all__ = ["INVISIBLE", "ITEM_SEPARATORS", "plain", "plain_code", "plain_items"]

INVISIBLE: Final = "".join(
    chr(code)
    for first, last in (
        (0xAD, 0xAD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180E),
        (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
        (0xFFA0, 0xFFA0), (0xFFF9, 0xFFFB),
    )
    for code in range(first, last + 1)
)  # fmt: skip
"""Characters that nobody sees: soft hyphens, marks of zero width or direction, joiners, byte-order marks, fillers."""
ITEM_SEPARATORS: Final = ";；、|,，\n"
"""What may stand between the ids of a list in one text."""
_GONE: Final = dict.fromkeys(map(ord, INVISIBLE))


def plain(text: str) -> str:
    """Return the text without surrounding space and invisible characters, in one normal form (NFKC).

    Full-width characters become plain, composed and decomposed letters one, a no-break space a space.
    """
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFKC", text.translate(_GONE)).translate(_GONE).strip()


def plain_code(text: str | None) -> str | None:
    """Return an id as it is compared; what is no text, or plain already, is returned itself.

    A space around plain letters stays: whoever makes a record in Python says what he means.
    """
    return text if text is None or not isinstance(text, str) or text.isascii() else plain(text)


def plain_items(text: str) -> frozenset[str]:
    """Return the ids of a list in one text, plain."""
    parts = re.split(f"[{re.escape(ITEM_SEPARATORS)}]", text)
    return frozenset(part for part in map(plain, parts) if part)
