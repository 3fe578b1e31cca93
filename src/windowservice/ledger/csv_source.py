"""Reading CSV files as they come: plain or gzipped, UTF-8 or GB18030, some rows broken."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from operator import itemgetter
from pathlib import Path
from typing import IO, Any, Final, cast

import attrs

from windowservice.errors import UnreadableFile, WrongEncoding
from windowservice.ledger.tables import Broken, Row, SourceTable, column_names

__all__ = ["csv_table"]

_CHUNK: Final = 1 << 20
_SHOWN: Final = 80
_ENOUGH: Final = 3
"""Chinese characters read as UTF-8 before a wrong byte that show damaged UTF-8; GB18030 text gives hardly one."""
_BREAKS: Final = ("\n", "\r")
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


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
    with _readable(path), text.opened() as lines:
        begin = [line for line, _ in zip(lines, range(header), strict=False)]
    if len(begin) < header:
        raise UnreadableFile(
            path.name, "it holds nothing, not even a header" if not begin else "it ends before its header"
        )
    mark = delimiter or _delimiter(begin[-1])
    columns = column_names(next(csv.reader([begin[-1]], delimiter=mark), []), path.name)
    name = path.name.removesuffix(".gz").rpartition(".")[0]

    def rows(wanted: Sequence[str]) -> Iterator[Row]:
        with _readable(path), text.opened() as lines:
            yield from _rows(lines, columns, wanted, delimiter=mark, header=header)

    return SourceTable(file=path.name, name=name, columns=columns, rows=rows, encoding=text.found, unended=text.unended)


def _bytes(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")


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


def _text_of(path: Path, named: str) -> _Text:
    with _readable(path), _bytes(path) as raw:
        start = raw.read(4)
    marked = next((encoding for mark, encoding in _MARKS if start.startswith(mark)), "")
    tried = (named or marked,) if named or marked else ("utf-8", "gb18030")
    scan = _Scan()
    for encoding in tried:
        scan = _scan(path, encoding)
        if scan.wrong is None:
            how = "" if named else (" (byte-order mark)" if marked else " (detected)")
            return _Text(path, encoding, f"{encoding}{how}", scan.unended)
        if scan.chinese >= _ENOUGH:
            raise WrongEncoding(path.name, (encoding,), scan.wrong)
    raise WrongEncoding(path.name, tried, scan.wrong or 0)


@attrs.frozen
class _Scan:
    """What decoding a file gave.

    Attributes:
        wrong: the place of its first wrong byte.
        chinese: the number of Chinese characters before it.
        unended: whether it has line breaks, but none behind its last line.
    """

    wrong: int | None = None
    chinese: int = 0
    unended: bool = False


def _scan(path: Path, encoding: str) -> _Scan:
    try:
        decoder = codecs.getincrementaldecoder(encoding)()
    except LookupError:
        raise UnreadableFile(
            path.name, f"no encoding is called {encoding!r}", "write a name such as 'gb18030'"
        ) from None
    place = chinese = 0
    broken, last = False, ""
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
                return _Scan(None, chinese, unended=broken and last not in _BREAKS)
            place += len(chunk)
            broken, last = broken or any(mark in text for mark in _BREAKS), text[-1:] or last
            chinese = chinese if chinese >= _ENOUGH else chinese + _chinese(text)


def _chinese(text: str) -> int:
    return 0 if text.isascii() else sum("\u4e00" <= char <= "\u9fff" for char in text)


def _delimiter(header: str) -> str:
    return max((",", ";", "\t"), key=header.count)


class _Lines:
    """The lines of a file, remembering those of the record at hand so that a broken record can be given back."""

    def __init__(self, lines: IO[str]) -> None:
        self._lines = lines
        self._again: deque[str] = deque()
        self.held: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self.held.append(line)
        return line

    def give_back(self) -> str:
        """Give back all lines of the record but the first, which is returned."""
        first, *rest = self.held
        self._again.extendleft(reversed(rest))
        self.held.clear()
        return first


def _rows(
    text: IO[str], columns: tuple[str, ...], wanted: Sequence[str], *, delimiter: str, header: int
) -> Iterator[Row]:
    """Yield the rows; a row that is broken costs one line, whatever a quote left open would have swallowed after it."""
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    pick = _picker([columns.index(name) for name in wanted])
    width, number = len(columns), 0
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
        if number <= header or not any(cells):
            lines.held.clear()
            continue
        if len(cells) != width and (len(cells) < width or any(cells[width:])):
            yield (
                number,
                Broken(
                    f"the row has {len(cells)} cells, the header {width}",
                    lines.give_back()[:_SHOWN].rstrip(),
                    tuple(cells),
                ),
            )
            continue
        lines.held.clear()
        yield number, pick(cells)


def _apart(line: str, delimiter: str) -> tuple[str, ...]:
    return tuple(cell.strip().strip('"') for cell in line.split(delimiter))


def _picker(places: list[int]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    if len(places) > 1:
        return cast("Callable[[Sequence[Any]], Sequence[Any]]", itemgetter(*places))
    return lambda cells: [cells[place] for place in places]
