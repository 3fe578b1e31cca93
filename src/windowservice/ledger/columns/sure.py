"""Which cells of a column are certainly read without anything odd; what they say is read by the reader of cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs

from windowservice.ledger.mapping.fields import Field, RowFault, read_cell
from windowservice.ledger.mapping.mapping import Cell

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    Marks = NDArray[np.bool_]
    """One truth for each row."""

__all__ = ["PLAIN", "Sure", "among", "is_plain", "read_once", "sure_of"]

PLAIN: Final = {
    "code": r"^(?:[A-Za-z0-9_]{7,}|[A-Za-z][A-Za-z0-9_-]{6,})$",
    "text": r"(?s)^[A-Za-z0-9\x{4e00}-\x{9fff}][^\x00]{7,}$",
    "number": r"^(?:0|[1-9][0-9]{0,14})$",
}
"""Texts that their reader takes as they stand. Most cells are such; they are longer than any word for "missing"."""
_FORMS: Final = {"code": "code", "text": "text", "any": "text", "number": "number", "integer": "number"}
_LARGEST: Final = 10**15
_TRIED: Final = 10_000
_FEW: Final = 1_000
"""Different texts among those tried; so few are read one by one."""


@attrs.frozen(eq=False)
class Sure:
    """What is certain of the cells of a column.

    Attributes:
        sure: whether the cell is read without anything odd.
        stated: whether it then says something.
        value: what it says, of ids and words; None for what is not compared.
    """

    sure: Marks
    stated: Marks
    value: pl.Series


def is_plain(field: Field) -> bool:
    """Whether a mapping says nothing of how the column is written, and the schema lists no words for it."""
    return field.cell == Cell(column=field.cell.column) and not field.words


def sure_of(field: Field, cells: pl.Series) -> Sure:
    """Return what is certain of a column.

    Args:
        field: how it is read; what it counts is of no account.
        cells: its cells as a Polars series.
    """
    import polars as pl

    if isinstance(cells.dtype, pl.Categorical | pl.Enum):
        cells = cells.cast(pl.String)
    if cells.dtype == pl.String:
        return _of_texts(field, cells)
    if is_plain(field) and field.kind in ("number", "integer") and cells.dtype.is_numeric():
        return _of_numbers(field, cells)
    if cells.dtype.is_integer() or cells.dtype in (pl.Boolean, pl.Date) or not cells.count():
        return _of_each(field, cells)
    return _only_empty(field, cells)


def _of_texts(field: Field, cells: pl.Series) -> Sure:
    """Return what is certain of texts: those of few forms are told by their form, all others are read."""
    import numpy as np

    form = _FORMS.get(field.kind) if is_plain(field) else None
    if form is None or cells.head(_TRIED).n_unique() < _FEW:
        return _of_each(field, cells)
    plain = cells.str.contains(PLAIN[form]).fill_null(value=False).to_numpy().copy()
    others = np.flatnonzero(~plain)
    if not len(others):
        return Sure(plain, plain, cells)
    read = _of_each(field, cells.gather(others))
    stated = plain.copy()
    plain[others], stated[others] = read.sure, read.stated
    return Sure(plain, stated, cells.clone().scatter(others, read.value))


def _of_numbers(field: Field, cells: pl.Series) -> Sure:
    import polars as pl

    if not (cells.dtype.is_float() or cells.dtype.is_integer()):  # exact decimals are read one by one
        return _only_empty(field, cells)
    wide = cells.cast(pl.Float64 if cells.dtype.is_float() else pl.Int64, strict=False)
    whole = wide.is_between(-_LARGEST, _LARGEST, closed="none")
    if cells.dtype.is_float():
        whole &= wide == wide.floor()
    stated = whole.fill_null(value=False).to_numpy()
    return Sure(stated | _empty(field, cells), stated, cells)


def _empty(field: Field, cells: pl.Series) -> Marks:
    """Return which cells are empty and may be."""
    found: Marks = cells.is_null().to_numpy()
    return found & (not field.required)


def _only_empty(field: Field, cells: pl.Series) -> Sure:
    import numpy as np

    return Sure(_empty(field, cells), np.zeros(len(cells), bool), cells)


def read_once(field: Field, cells: pl.Series) -> tuple[dict[Any, Any], list[Any]]:
    """Return the values of the different cells of a column, and the cells that are odd: refused, or counted."""
    values: dict[Any, Any] = {}
    odd = []
    for cell in cells.drop_nulls().unique().to_list():
        before = field.notes.counted
        try:
            value = read_cell(field, cell)
        except RowFault:
            odd.append(cell)
            continue
        if field.notes.counted == before:
            values[cell] = value
        else:
            odd.append(cell)
    return values, odd


def _of_each(field: Field, cells: pl.Series) -> Sure:
    """Return what is certain of a column of which each different cell is read once."""
    import polars as pl

    values, odd = read_once(field, cells)
    there = cells.is_not_null().to_numpy() & ~among(cells, odd)
    stated = there & ~among(cells, [cell for cell, value in values.items() if value is None])
    sure = there | _empty(field, cells)
    texts = {cell: value for cell, value in values.items() if isinstance(value, str)}
    if all(cell == value for cell, value in texts.items()):
        return Sure(sure, stated, cells)
    value = cells.replace_strict(list(texts), list(texts.values()), default=None, return_dtype=pl.String)
    return Sure(sure, stated, value)


def among(cells: pl.Series, few: list[Any]) -> Marks:
    """Return which cells are among a few."""
    import numpy as np

    if not few:
        return np.zeros(len(cells), bool)
    found: Marks = cells.is_in(few).fill_null(value=False).to_numpy()
    return found
