"""Reading CSV files as they come: plain or gzipped, UTF-8, GB18030, Big5 or UTF-16, some rows broken."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from operator import itemgetter
from pathlib import Path
from typing import IO, Any, Final, cast

import attrs

from windowservice.errors import UnreadableFile, WrongEncoding
from windowservice.ledger.sources.encodings import Doubt, marked, named, unmarked_utf_16
from windowservice.ledger.sources.table import (
    Broken,
    Columns,
    Named,
    Note,
    Row,
    SourceTable,
    column_names,
    noted,
    places_of,
)

__all__ = ["csv_table"]

_CHUNK: Final = 1 << 20
_START: Final = 4096
_SHOWN: Final = 80
_ENOUGH: Final = 3
"""Chinese characters read as UTF-8 before a wrong byte that show damaged UTF-8; GB18030 text gives hardly one."""
_BREAKS: Final = ("\n", "\r")
_LARGE: Final = 1 << 18
"""Bytes from which on it is worth looking at whole columns."""
_GZIP: Final = b"\x1f\x8b"
_LONGEST: Final = 16 << 20
"""Characters of a line; a longer one is no row of a table."""
_UNPACKED: Final = 256 << 20
_PACKED_BY: Final = 200
"""Bytes that a compressed file may always have, and how many times its size: logs are packed to a tenth."""
_DELIMITERS: Final = (",", ";", "\t", "|")
_TRIED: Final = 20
"""Lines that show which sign stands between cells."""
_HEADER_LINES: Final = 20
"""Lines that a header with line breaks in its names may have; one with more has a quote that nobody closed."""


@attrs.frozen
class _Text:
    """How the bytes of a file become text."""

    path: Path
    encoding: str
    found: str
    unended: bool

    @contextmanager
    def opened(self) -> Iterator[IO[str]]:
        with _bytes(self.path) as raw, io.TextIOWrapper(raw, encoding=self.encoding, newline="") as text:
            yield text


def csv_table(path: Path, *, encoding: str = "", delimiter: str = "", header: int = 1) -> SourceTable:
    """Open a CSV file (``.csv``, ``.tsv``, each also with ``.gz``).

    Args:
        path: the file.
        encoding: its encoding; without it a byte-order mark, UTF-8 and GB18030 are tried in this order.
        delimiter: what stands between cells; without it the header decides between comma, semicolon and tab.
        header: number of the row that holds the column names.

    Raises:
        UnreadableFile: if it is empty, cut off in its compressed data, or without a header.
        WrongEncoding: if it is in no encoding that can be told.
    """
    text = _text_of(path, encoding)
    if delimiter and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise UnreadableFile(path.name, f"the delimiter {delimiter!r} is not one sign", "write one, such as ';'")
    with _readable(path), text.opened() as lines:
        begin = [line for line, _ in zip(_Lines(lines, path.name), range(header + _HEADER_LINES), strict=False)]
    told = 0
    if begin and (said := _SEPARATOR.match(begin[0])):  # a first line of Excel, which names the delimiter
        delimiter, header, told = delimiter or said[1], header + 1, 1
    mark = delimiter or _delimiter(begin[header - 1 :], path.name)
    below = _below(begin, mark, header, told)
    columns = column_names(_header(begin, mark, header, path.name), path.name, below)
    name = path.name.lower().removesuffix(".gz").rpartition(".")[0]

    def rows(wanted: Sequence[str]) -> Iterator[Row]:
        places = places_of(columns, wanted, path.name)
        with _readable(path), text.opened() as lines:
            yield from _rows(_Lines(lines, path.name), len(columns), places, delimiter=mark, header=header)

    def whole(wanted: Sequence[str]) -> Columns | None:
        if path.stat().st_size < _LARGE or find_spec("polars") is None or find_spec("numpy") is None:
            return None
        from windowservice.ledger.sources.csv_columns import csv_columns, gathered

        places = places_of(columns, wanted, path.name)
        with _readable(path), text.opened() as lines:
            said = lines.read()
        found = csv_columns(said, wanted, places, width=len(columns), delimiter=mark, header=header, row_of=row_of)
        return found or gathered(rows(wanted), wanted)

    return SourceTable(
        file=path.name,
        name=path.name[: len(name)],
        columns=columns,
        rows=rows,
        whole=whole,
        encoding=text.found,
        unended=text.unended,
        below=below,
    )


_CHINESE: Final = re.compile("[\u4e00-\u9fff]+")
_SEPARATOR: Final = re.compile(r'"?sep=(.)"?\s*$', re.IGNORECASE)


def _header(lines: list[str], mark: str, header: int, file: str) -> list[str]:
    """Return the cells of the header; a name may hold line breaks, as cells of a workbook do."""
    reader = csv.reader(iter(lines), delimiter=mark, strict=True)
    try:
        for _ in range(header - 1):
            next(reader)
        return next(reader)
    except StopIteration:
        problem = "it ends before its header" if lines else "it holds nothing, not even a header"
        raise UnreadableFile(file, problem) from None
    except csv.Error as error:
        problem = f"its header is broken ({error})"
        raise UnreadableFile(file, problem, "look for a quote that is not closed, or a cell without end") from None


def _below(lines: list[str], mark: str, header: int, above: int) -> tuple[Named, ...]:
    """Return the rows below the header among the first lines, by their numbers but for the line that names the mark."""
    found = []
    with suppress(csv.Error):
        for number, cells in enumerate(csv.reader(iter(lines), delimiter=mark), 1):
            if number > header:
                found.append((number - above, tuple(cells)))
    return tuple(found)


def _bytes(path: Path) -> IO[bytes]:
    with path.open("rb") as raw:
        packed = raw.read(len(_GZIP)) == _GZIP or path.suffix.lower() == ".gz"
    return cast("IO[bytes]", gzip.open(path, "rb")) if packed else path.open("rb")


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Turn what gzip and the codecs raise into errors that name the file."""
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UnreadableFile(
            path.name, f"its compressed data is cut off or damaged ({error})", "copy it again"
        ) from None
    except UnicodeDecodeError as error:
        raise WrongEncoding(path.name, (error.encoding,), error.start) from None
    except UnicodeError as error:  # of an encoding that wants a mark
        raise UnreadableFile(
            path.name, str(error), "name the encoding with its byte order, as in 'utf-16-le'"
        ) from None


def _text_of(path: Path, said: str) -> _Text:
    """Return how the bytes become text: as the mapping or a mark says, else what is certain of them."""
    with _readable(path), _bytes(path) as raw:
        start = raw.read(_START)
    marks = "" if said else marked(start)
    if said or marks:
        encoding = marks or named(said, path.name)
        if scan := _good(path, encoding):
            return _Text(path, encoding, f"{encoding}{' (byte-order mark)' if marks else ''}", scan.unended)
        raise WrongEncoding(path.name, (encoding,), _scan(path, encoding).wrong or 0)
    wide = unmarked_utf_16(start)
    for encoding in filter(None, (wide, "utf-8")):
        scan = _scan(path, encoding)
        if scan.wrong is None:
            return _Text(path, encoding, f"{encoding} (detected)", scan.unended)
        if scan.chinese >= _ENOUGH and not wide:
            raise WrongEncoding(path.name, (encoding,), scan.wrong)
    return _chinese_text(path, wide)


def _chinese_text(path: Path, wide: str) -> _Text:
    """Return GB18030 or Big5, whichever the characters fit; other bytes decode as either, to characters of no sense."""
    simplified, traditional = _scan(path, "gb18030"), _scan(path, "cp950")
    if simplified.wrong is None and not simplified.odd:
        return _Text(path, "gb18030", "gb18030 (detected)", simplified.unended)
    if traditional.wrong is None and traditional.sure:
        return _Text(path, "cp950", "cp950 (Big5, detected)", traditional.unended)
    if simplified.wrong is not None:
        tried = ("utf-8", "gb18030", wide) if wide else ("utf-8", "gb18030")
        raise WrongEncoding(path.name, tried, simplified.wrong)
    raise UnreadableFile(
        path.name,
        "its encoding is in doubt: it is not UTF-8, and read as GB18030 most of its characters are rare ones",
        "save it as UTF-8, or name its encoding in the mapping, as in encoding = 'big5', 'cp1252' or 'gb18030'",
    )


@attrs.frozen
class _Scan:
    """What decoding a file gave.

    Attributes:
        wrong: the place of its first wrong byte.
        chinese: the number of Chinese characters before it.
        unended: whether it has line breaks, but none behind its last line.
        odd: whether most of its characters are rare in that encoding.
        sure: whether hardly any is.
    """

    wrong: int | None = None
    chinese: int = 0
    unended: bool = False
    odd: bool = False
    sure: bool = False


def _good(path: Path, encoding: str) -> _Scan | None:
    scan = _scan(path, encoding)
    return scan if scan.wrong is None else None


def _scan(path: Path, encoding: str) -> _Scan:
    decoder = codecs.getincrementaldecoder(encoding)()
    doubt = Doubt(encoding) if encoding in ("gb18030", "cp950") else None
    place = chinese = since = 0
    broken, last = False, ""
    most = max(_UNPACKED, _PACKED_BY * path.stat().st_size)
    with _readable(path), _bytes(path) as raw:
        while True:
            chunk = raw.read(_CHUNK)
            held = decoder.getstate()[0]
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                good = (held + chunk)[: error.start].decode(encoding, errors="ignore")
                return _Scan(place - len(held) + error.start, chinese + _chinese(good))
            if not chunk:
                odd, sure = (doubt.odd, doubt.sure) if doubt else (False, False)
                return _Scan(None, chinese, broken and last not in _BREAKS, odd, sure)
            place += len(chunk)
            since = place if any(mark in text for mark in _BREAKS) else since
            if place > most or place - since > 4 * _LONGEST:
                what = f"unpacks to over {most >> 20:,} MiB" if place > most else "has a line of over 64 MiB"
                raise UnreadableFile(path.name, f"it {what}, which no table does", "look at what it holds")
            if doubt:
                doubt.add(text)
            broken, last = broken or any(mark in text for mark in _BREAKS), text[-1:] or last
            chinese = chinese if chinese >= _ENOUGH else chinese + _chinese(text)


def _chinese(text: str) -> int:
    return 0 if text.isascii() else sum(map(len, _CHINESE.findall(text)))


def _delimiter(lines: list[str], file: str) -> str:
    """Return the sign that stands between cells: the one by which the header and the rows have as many of them.

    Raises:
        UnreadableFile: if it could be one or another.
    """
    widths = {mark: _widths(lines, mark) for mark in _DELIMITERS}
    cut = {mark: found for mark, found in widths.items() if found and found[0] > 1}
    even = {mark: found[0] for mark, found in cut.items() if len(set(found)) == 1} or {m: f[0] for m, f in cut.items()}
    most = max(even.values(), default=0)
    best = [mark for mark, width in even.items() if width == most]
    if len(best) > 1:
        signs = " or ".join(map(repr, best))
        raise UnreadableFile(file, f"it cannot be told whether {signs} stands between its cells", "name the delimiter")
    return best[0] if best else ","


def _widths(lines: list[str], mark: str) -> list[int]:
    """Return the numbers of cells of the first rows."""
    found: list[int] = []
    with suppress(csv.Error):  # told when the row is read
        found.extend(
            len(cells) for cells in csv.reader(iter(lines[:_TRIED]), delimiter=mark) if any(map(str.strip, cells))
        )
    return found


class _Lines:
    """The lines of a file, remembering those of the record at hand so that a broken record can be given back."""

    def __init__(self, lines: IO[str], file: str) -> None:
        self._lines = lines
        self._file = file
        self._again: deque[str] = deque()
        self.held: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._lines.readline(_LONGEST)
        if not line:
            raise StopIteration
        if len(line) == _LONGEST:
            problem = f"a line of it has over {_LONGEST >> 20} million characters"
            raise UnreadableFile(self._file, problem, "it is damaged, or no table")
        self.held.append(line)
        return line

    def give_back(self) -> str:
        """Give back all lines of the record but the first, which is returned."""
        first, *rest = self.held
        self._again.extendleft(reversed(rest))
        self.held.clear()
        return first


def _rows(lines: _Lines, width: int, places: list[int], *, delimiter: str, header: int) -> Iterator[Row]:
    """Yield the rows; a row that is broken costs one line, whatever a quote left open would have swallowed after it."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    pick, number = _picker(places), 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            number += 1
            line = lines.give_back()
            yield number, Broken(f"the row is broken: {error}", line[:_SHOWN], _apart(line, delimiter))
            continue
        number += 1
        row = None if number <= header else row_of(cells, width)
        if isinstance(row, Broken):
            row = attrs.evolve(row, text=lines.give_back()[:_SHOWN].rstrip())
        lines.held.clear()
        if row is not None:
            yield number, row if isinstance(row, Broken | Note) else pick(row)


def row_of(cells: Sequence[str], width: int) -> Sequence[str] | Broken | Note | None:
    """Return what the cells of a line are in a table of that many columns; None if they hold nothing."""
    if not any(cells) or not any(map(str.strip, cells)):
        return None
    if (note := noted(cells, width)) is not None:
        return note
    if len(cells) != width and (len(cells) < width or any(cells[width:])):
        return Broken(f"the row has {len(cells)} cells, the header {width}", "", tuple(cells))
    return cells


def _apart(line: str, delimiter: str) -> tuple[str, ...]:
    return tuple(cell.strip().strip('"') for cell in line.split(delimiter))


def _picker(places: list[int]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    if len(places) > 1:
        return cast("Callable[[Sequence[Any]], Sequence[Any]]", itemgetter(*places))
    return lambda cells: [cells[place] for place in places]
