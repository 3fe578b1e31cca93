"""Whether the serial dates of a workbook count from 1904, as in those of old Macs."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Final

__all__ = ["counts_from_1904"]

_PART: Final = re.compile(rb"<(?:\w+:)?workbookPr\b[^>]*\bdate1904\s*=\s*[\"'](?:1|true|on)[\"']", re.IGNORECASE)
_MOST: Final = 1 << 20


def counts_from_1904(path: Path) -> bool:
    """Return whether a workbook says that its serial dates count from 1904; False if it says nothing, or is no zip."""
    try:
        with zipfile.ZipFile(path) as book, book.open("xl/workbook.xml") as part:
            return _PART.search(part.read(_MOST)) is not None
    except (OSError, KeyError, ValueError, RuntimeError, NotImplementedError, EOFError, zipfile.BadZipFile):
        return False
