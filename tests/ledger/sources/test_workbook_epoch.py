"""Serial dates from 1904: told by workbooks of every kind, and by damaged ones not at all."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest

from windowservice.ledger.sources.workbook_epoch import counts_from_1904


def _old(mode: int) -> bytes:
    """Return an old workbook of one stream: header, table of sectors, folder, eight sectors of records."""
    records = struct.pack("<HHHHHHII", 0x0809, 16, 0x0600, 5, 0, 0, 0, 0) + struct.pack("<HHH", 0x22, 2, mode)
    records += struct.pack("<HH", 0x0A, 0)
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 10), 0xFFFFFFFE]
    table = struct.pack("<128I", *chain, *[0xFFFFFFFF] * (128 - len(chain)))

    def entry(name: str, kind: int, start: int, size: int) -> bytes:
        text = name.encode("utf-16-le") + b"\0\0"
        head = text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)
        return head.ljust(116, b"\0") + struct.pack("<IQ", start, size)

    folder = (entry("Root Entry", 5, 0xFFFFFFFE, 0) + entry("Workbook", 2, 2, 4096)).ljust(512, b"\0")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(24, b"\0") + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header = header.ljust(44, b"\0") + struct.pack("<II", 1, 1)
    header = header.ljust(76, b"\0") + struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    return header + table + folder + records.ljust(4096, b"\0")


def _zipped(path: Path, name: str, data: bytes) -> None:
    with zipfile.ZipFile(path, "w") as book:
        book.writestr(name, data)


@pytest.mark.parametrize("early", [False, True])
def test_workbooks_of_every_kind_say_whether_they_count_from_1904(early: bool, tmp_path: Path) -> None:
    """``.xls``, ``.xlsb`` and ``.xlsx``."""
    (tmp_path / "a.xls").write_bytes(_old(int(early)))
    properties = b"\x83\x01\x00" + b"\x99\x01\x0c" + struct.pack("<I", 0x10020 | early) + b"\0" * 8 + b"\x84\x01\x00"
    _zipped(tmp_path / "a.xlsb", "xl/workbook.bin", properties)
    said = b'<workbook><workbookPr date1904="1"/></workbook>' if early else b"<workbook><workbookPr/></workbook>"
    _zipped(tmp_path / "a.xlsx", "xl/workbook.xml", said)
    assert [counts_from_1904(path) for path in sorted(tmp_path.iterdir())] == [early] * 3


@pytest.mark.parametrize("length", [0, 7, 8, 40, 60, 512, 600, 1024, 1200, 1600])
def test_a_workbook_that_is_cut_off_says_nothing_and_raises_nothing(length: int, tmp_path: Path) -> None:
    """The reader of workbooks says what is wrong with it."""
    for name in ("a.xls", "b.xls"):
        (tmp_path / name).write_bytes(_old(1)[:length].ljust(2000 if name == "b.xls" else length, b"\xff"))
        counts_from_1904(tmp_path / name)
