"""Looking into an .xlsx file before it is read: what it claims to hold, and the cells that hold no value.

A workbook is a zip of XML. The library that reads it makes the whole rectangle of each sheet, so that one cell far away
takes all memory; and it gives nothing for a cell that shows an error, as if nobody had filled it in.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path
from typing import IO, Final

import attrs

from windowservice.errors import UnreadableFile
from windowservice.ledger.sources.table import CellFault

__all__ = ["SheetParts", "look_into"]

_CHUNK: Final = 1 << 20
_LONGEST: Final = 64 << 20
"""Bytes of a row."""
_MOST_CELLS: Final = 10_000_000
_SPARSE: Final = 20
"""A rectangle of over `_MOST_CELLS` with less than one cell in twenty filled has a stray cell."""
_UNPACKED: Final = 512 << 20
_PACKED_BY: Final = 200
_ROW: Final = re.compile(rb"<(?:\w+:)?row\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?row>)", re.DOTALL)
_CELL: Final = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_REFS: Final = re.compile(rb"\br=[\"']([A-Z]{1,3})(\d+)")
_ODD: Final = re.compile(rb"<(?:\w+:)?f\b|\bt\s*=\s*[\"']e|/>")
"""What a row has that a look at each of its cells is for: a formula, an error, a cell without content."""
_VALUE: Final = re.compile(rb"<(?:\w+:)?(?:v|t)\b[^>]*>([^<]*)</")
_REF: Final = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,3})?(\d{1,7})[\"']")
_TYPE: Final = re.compile(rb"\bt\s*=\s*[\"'](\w+)[\"']")
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f\b")
_SHEET: Final = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
_RELATION: Final = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")
_ATTRIBUTE: Final = re.compile(r"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_TO_COMPUTE: Final = re.compile(r"\bfullCalcOnLoad\s*=\s*[\"'](?:1|true)[\"']")
_COUNT: Final = re.compile(rb"<(?:\w+:)?sst\b[^>]*?\buniqueCount\s*=\s*[\"'](\d+)[\"']")
_LEAST_TEXT: Final = 4
"""Bytes of the shortest text in the table of texts, ``<si/>``."""
_ERROR: Final = "the cell shows an error of the workbook; put it right there, and save it again"
_UNCALCULATED: Final = "its formula was never calculated; open the workbook once and save it"


@attrs.frozen
class SheetParts:
    """What a sheet holds beside its values.

    Attributes:
        faults: the cells without a value, by row and column, both from 1.
    """

    faults: Mapping[tuple[int, int], CellFault] = attrs.field(factory=dict)


def look_into(path: Path) -> dict[str, SheetParts]:
    """Return the parts of each sheet of an .xlsx or .xlsm file, by its name; nothing for other files.

    Raises:
        UnreadableFile: if it is damaged, or claims to hold more than can be read.
    """
    if not zipfile.is_zipfile(path):
        return {}
    try:
        with zipfile.ZipFile(path) as book:
            names = {name.lower(): name for name in book.namelist()}
            _refuse_bomb(path, book)
            if "xl/workbook.xml" not in names:
                return {}
            _refuse_claims(path, book, names)
            return {
                name: SheetParts(_faults(path, name, book, names[part], to_compute))
                for name, part, to_compute in _sheets(book, names)
                if part in names
            }
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        if "encrypt" in str(error) or "password" in str(error):
            raise UnreadableFile(path.name, "it is protected by a password", "save it without one") from None
        raise UnreadableFile(path.name, f"it is cut off or damaged ({error})", "save it again") from None


def _refuse_bomb(path: Path, book: zipfile.ZipFile) -> None:
    size = sum(part.file_size for part in book.infolist())
    if size > max(_UNPACKED, _PACKED_BY * path.stat().st_size):
        raise UnreadableFile(path.name, f"it unpacks to {size >> 20:,} MiB, which no workbook does", "save it again")


def _refuse_claims(path: Path, book: zipfile.ZipFile, names: Mapping[str, str]) -> None:
    for lower, name in names.items():
        if lower.endswith("sharedstrings.xml"):
            with book.open(name) as part:
                found = _COUNT.search(part.read(_CHUNK))
            if found and int(found[1]) > book.getinfo(name).file_size // _LEAST_TEXT:
                raise UnreadableFile(path.name, f"it claims to hold {int(found[1]):,} texts", "save it again")


def _sheets(book: zipfile.ZipFile, names: Mapping[str, str]) -> Iterator[tuple[str, str, bool]]:
    """Yield the name of each sheet, its part in small letters, and whether its formulas wait for a program."""
    text = _text(book, names["xl/workbook.xml"])
    relations = _text(book, names["xl/_rels/workbook.xml.rels"]) if "xl/_rels/workbook.xml.rels" in names else ""
    targets = {said.get("Id", ""): said.get("Target", "") for said in map(_said, _RELATION.findall(relations))}
    to_compute = _TO_COMPUTE.search(text) is not None
    for said in map(_said, _SHEET.findall(text)):
        target = targets.get(next((said[key] for key in said if key.endswith(":id")), ""), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        yield said.get("name", ""), part.lower(), to_compute


def _text(book: zipfile.ZipFile, name: str) -> str:
    with book.open(name) as part:
        return part.read(_LONGEST).decode("utf-8", "replace")


def _said(tag: str) -> dict[str, str]:
    return {name: unescape(double or single) for name, double, single in _ATTRIBUTE.findall(tag)}


def _faults(
    path: Path, sheet: str, book: zipfile.ZipFile, part: str, to_compute: bool
) -> dict[tuple[int, int], CellFault]:
    """Return the cells of a sheet that hold no value; refuse one of a rectangle that is too large."""
    found: dict[tuple[int, int], CellFault] = {}
    count, first_row, last_row, last_column, far = 0, 0, 0, 0, ""
    with book.open(part) as xml:
        for row, column, attributes, body, cells in _cells(path, xml):
            count += cells
            first_row = first_row or row
            if row > last_row or column > last_column:
                last_row, last_column, far = max(row, last_row), max(column, last_column), _name(row, column)
            fault = _fault(attributes, body, to_compute)
            if fault is not None:
                found[row, column] = fault
    area = (last_row - first_row + 1) * last_column
    if area > _MOST_CELLS and count * _SPARSE < area:
        raise UnreadableFile(
            f"{path.name}[{sheet}]",
            f"a cell far from the others, {far}, makes a sheet of {area:,} cells out of {count:,}",
            "delete the rows below and the columns beside the table, and save it again",
        )
    return found


def _name(row: int, column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def _cells(path: Path, xml: IO[bytes]) -> Iterator[tuple[int, int, bytes, bytes, int]]:
    """Yield row, column, attributes and inside of each cell that is filled; one, with their number, for a plain row."""
    row = 0
    widest = 0
    for attributes, inside in _rows(path, xml):
        said = _REF.search(attributes)
        row, column = int(said[2]) if said else row + 1, 0
        refs = _REFS.findall(inside)
        plain = refs and not _ODD.search(inside) and {at for _, at in refs} == {b"%d" % row}
        if plain and max(map(_column, {letters for letters, _ in refs})) <= widest:
            yield row, widest, b"", b"", inside.count(b"</") // 2  # a plain row within the columns that are known
            continue
        for cell in _CELL.finditer(inside):
            ref = _REF.search(cell[1])
            column = _column(ref[1]) if ref and ref[1] else column + 1
            at = int(ref[2]) if ref else row
            if cell[2]:
                widest = max(widest, column)
                yield at, column, cell[1], cell[2], 1


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _rows(path: Path, xml: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Yield attributes and inside of each row, read a piece at a time."""
    held = b""
    while chunk := xml.read(_CHUNK):
        held += chunk
        end = 0
        for found in _ROW.finditer(held):
            end = found.end()
            if found[2]:
                yield found[1], found[2]
        held = held[end:]
        if len(held) > _LONGEST:
            raise UnreadableFile(path.name, f"it has a row of over {_LONGEST >> 20} MiB", "save it again")


def _fault(attributes: bytes, body: bytes, to_compute: bool) -> CellFault | None:
    """Return what is wrong with a cell that shows an error, or whose formula has no value yet."""
    kind = _TYPE.search(attributes)
    value = _VALUE.search(body)
    text = value[1].decode("utf-8", "replace").strip() if value else ""
    if kind and kind[1] == b"e":
        return CellFault(text or "#VALUE!", _ERROR)
    if _FORMULA.search(body):
        if not text and not (kind and kind[1] == b"str"):
            return CellFault("=", _UNCALCULATED)
        if to_compute and text == "0":  # what programs write that cannot calculate
            return CellFault("=", _UNCALCULATED)
    return None
