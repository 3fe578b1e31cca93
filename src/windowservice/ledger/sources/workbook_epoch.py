"""Whether the serial dates of a workbook count from 1904, as in those of old Macs."""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

__all__ = ["counts_from_1904"]

_PART: Final = re.compile(rb"<(?:\w+:)?workbookPr\b[^>]*\bdate1904\s*=\s*[\"'](?:1|true|on)[\"']", re.IGNORECASE)
_MOST: Final = 1 << 20
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORKBOOK_PROPERTIES: Final = 153
"""The record of a binary workbook (``.xlsb``) whose first bit says so."""
_DATE_MODE: Final = 0x22
_END: Final = 0x0A
"""The record of an old workbook (``.xls``) whose number says so, and the one behind the last of the whole workbook."""
_SECTORS: Final = 4096
"""How many sectors are looked at; what speaks of the whole workbook stands in the first."""


def counts_from_1904(path: Path) -> bool:
    """Return whether a workbook says that its serial dates count from 1904; False if it says nothing, or is damaged."""
    try:
        with path.open("rb") as file:
            data = file.read(len(_COMPOUND))
            if data == _COMPOUND:
                return _in_old(data + file.read(_SECTORS * 512))
        with zipfile.ZipFile(path) as book:
            if "xl/workbook.bin" in book.namelist():
                with book.open("xl/workbook.bin") as part:
                    return _in_binary(part.read(_MOST))
            with book.open("xl/workbook.xml") as part:
                return _PART.search(part.read(_MOST)) is not None
    except (OSError, LookupError, ValueError, RuntimeError, EOFError, zipfile.BadZipFile, struct.error):
        return False


def _in_binary(data: bytes) -> bool:
    """Look through the records of a binary workbook: kind and size in seven bits a byte, then what they say."""
    at = 0
    while at < len(data):
        kind, at = _seven_bits(data, at)
        size, at = _seven_bits(data, at)
        if kind == _WORKBOOK_PROPERTIES:
            return bool(data[at] & 1)
        at += size
    return False


def _seven_bits(data: bytes, at: int) -> tuple[int, int]:
    found = shift = 0
    while True:
        byte = data[at]
        found |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80 or shift > 28:
            return found, at


def _in_old(data: bytes) -> bool:
    """Look through the first records of the stream of an old workbook: kind and size in two bytes each."""
    size = 1 << struct.unpack_from("<H", data, 30)[0]

    def sectors(first: int) -> Iterator[bytes]:
        while first < _SECTORS:
            yield data[(first + 1) * size : (first + 2) * size]
            per = size // 4
            table = struct.unpack_from("<I", data, 76 + 4 * (first // per))[0]
            first = struct.unpack_from("<I", data, (table + 1) * size + 4 * (first % per))[0]

    folder = b"".join(islice(sectors(struct.unpack_from("<I", data, 48)[0]), 64))
    for place in range(0, len(folder) - 127, 128):
        name = folder[place : place + max(struct.unpack_from("<H", folder, place + 64)[0] - 2, 0)].decode("utf-16-le")
        if name in ("Workbook", "Book"):
            stream = b"".join(islice(sectors(struct.unpack_from("<I", folder, place + 116)[0]), 256))
            return _in_records(stream)
    return False


def _in_records(stream: bytes) -> bool:
    at = 0
    while at + 6 <= len(stream):
        kind, size, first = struct.unpack_from("<HHH", stream, at)
        if kind in (_DATE_MODE, _END):
            return bool(kind == _DATE_MODE and first)
        at += 4 + size
    return False
