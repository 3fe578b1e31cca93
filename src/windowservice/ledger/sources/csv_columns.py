"""CSV text as columns: without quotes it is taken apart as a whole, but for odd lines; else row by row."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final

from windowservice.ledger.sources.arrow import cells_of
from windowservice.ledger.sources.table import MANY, MAY_BEGIN, Broken, Columns, Note, Row

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]
    Places = NDArray[np.intp]

__all__ = ["csv_columns", "gathered"]

_SHOWN: Final = 80
_PIECE: Final = 20_000
"""Rows held as Python values at a time."""
_PERHAPS_NO_ROW: Final = rf"(?i)^[\s\x1c-\x1f]*(?:$|{MAY_BEGIN.pattern})"
"""First cells of rows that may be empty, or remarks."""
RowOf = Callable[[Sequence[str], int], Sequence[str] | Broken | Note | None]


def csv_columns(
    text: str, wanted: Sequence[str], places: Sequence[int], *, width: int, delimiter: str, header: int, row_of: RowOf
) -> Columns | None:
    """Return the rows of a CSV file as columns; None where that is not certain to give the same.

    Args:
        text: all of it.
        wanted: the names of the columns asked for.
        places: their places in a row.
        width: how many cells the header has.
        delimiter: what stands between cells.
        header: number of the row that holds the column names.
        row_of: says what the cells of a line are.
    """
    import numpy as np

    plain = text.replace("\r\n", "\n")
    if width < 2 or ord(delimiter) > 127 or any(sign in plain for sign in ('"', "\0", "\r")):
        return None
    data = np.frombuffer(plain.encode(), np.uint8)
    ends = np.flatnonzero(data == ord("\n"))
    ends = ends if data.size and data[-1] == ord("\n") else np.append(ends, data.size)
    begins = np.append(0, ends[:-1] + 1)
    if len(ends) - header < max(MANY, 1) or (ends - begins).max() >= csv.field_size_limit():
        return None
    begins, ends = begins[header:], ends[header:]
    regular = _marks(data, begins[0], delimiter, len(ends)) == width - 1
    numbers = np.arange(header + 1, header + 1 + len(ends))
    frame = _frame(data, begins, regular, width=width, delimiter=delimiter)
    if len(frame) != np.count_nonzero(regular):
        return None
    odd = np.flatnonzero(frame.to_series(0).str.contains(_PERHAPS_NO_ROW).fill_null(value=True).to_numpy())
    kept, mine = np.ones(len(frame), bool), numbers[regular]
    found: list[Row] = []
    for place, cells in zip(odd.tolist(), _cells(frame[odd]), strict=True):
        row = row_of(cells, width)
        kept[place] = row is not None and not isinstance(row, Note)
        if isinstance(row, Note):
            found.append((int(mine[place]), row))
    for place in np.flatnonzero(~regular).tolist():
        line = data[begins[place] : ends[place]].tobytes().decode()
        row = row_of(line.split(delimiter), width)
        if isinstance(row, Broken):
            row = Broken(row.reason, line[:_SHOWN].rstrip(), row.cells)
        if row is not None:
            is_row = not isinstance(row, Broken | Note)
            found.append((int(numbers[place]), tuple(row[one] for one in places) if is_row else row))  # type: ignore[index]
    part = frame.select(frame.columns[place] for place in places)
    part.columns = list(wanted)
    if not kept.all():
        part, mine = part.filter(kept), mine[kept]
    return Columns(part, mine, tuple(sorted(found, key=_number)), _cells)


def _cells(part: pl.DataFrame) -> Iterator[Sequence[str]]:
    return cells_of(part.fill_null(""))  # an empty cell of a text file is an empty text


def gathered(rows: Iterable[Row], wanted: Sequence[str]) -> Columns | None:
    """Return rows of texts, which were taken apart one by one, as columns; None for few."""
    import numpy as np
    import polars as pl

    numbers: list[int] = []
    others: list[Row] = []
    parts: list[pl.DataFrame] = []
    schema = dict.fromkeys(wanted, pl.String)
    line = iter(rows)
    while piece := list(islice(line, _PIECE)):
        plain = [(number, row) for number, row in piece if not isinstance(row, Broken | Note)]
        others += [row for row in piece if isinstance(row[1], Broken | Note)]
        numbers += [number for number, _ in plain]
        cells = {name: [row[place] for _, row in plain] for place, name in enumerate(wanted)}
        parts.append(pl.DataFrame(cells, schema))
    if len(numbers) < max(MANY, 1):
        return None
    return Columns(pl.concat(parts), np.array(numbers), tuple(others), _cells)


def _number(row: Row) -> int:
    return row[0]


def _marks(data: Bytes, begin: int, delimiter: str, lines: int) -> Places:
    """Return how many delimiters each line holds."""
    import numpy as np

    rest = data[begin:]
    signs = rest[(rest == ord("\n")) | (rest == ord(delimiter))]
    ends = np.flatnonzero(signs == ord("\n"))
    ends = ends if len(ends) == lines else np.append(ends, len(signs))
    return np.diff(ends, prepend=-1) - 1


def _frame(data: Bytes, begins: Places, regular: NDArray[np.bool_], *, width: int, delimiter: str) -> pl.DataFrame:
    import numpy as np
    import polars as pl

    body = data[begins[0] :]
    if not regular.all():
        lengths = np.diff(np.append(begins, len(data)))
        body = body[np.repeat(regular, lengths)]
    return pl.read_csv(
        io.BytesIO(body.tobytes()), has_header=False, separator=delimiter, quote_char=None,
        schema={str(place): pl.String for place in range(width)},
        raise_if_empty=False,
    )  # fmt: skip
