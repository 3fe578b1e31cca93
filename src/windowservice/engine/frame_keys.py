"""The keys of frames: what names each record, and which record each child belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from windowservice.engine.frame_columns import convert, first_row
from windowservice.engine.frame_order import SEQ
from windowservice.errors import InvalidValue
from windowservice.language.polars_children import ROW

if TYPE_CHECKING:
    import polars as pl

__all__ = ["KEY", "keyed", "placed", "whole_seq", "without_orphans"]

KEY: Final = "id"
"""The column of records that names each."""
_SHOWN: Final = 5


def keyed(records: pl.DataFrame, where: str) -> pl.DataFrame:
    """Return the records with their keys as text; a row without one is named by its number.

    Raises:
        InvalidValue: for a key that stands twice.
    """
    import polars as pl

    number = pl.format("row {}", pl.int_range(1, pl.len() + 1))
    if KEY not in records.columns:
        return records.with_columns(number.alias(KEY))
    keys = records[KEY]
    if keys.drop_nulls().hash().n_unique() < len(keys) - keys.null_count():  # hashes that differ are of keys that do
        twice = ~keys.is_first_distinct() & keys.is_not_null()
        if twice.any():
            row = first_row(twice)
            wanted = "different in every row; this one stands twice"
            raise InvalidValue(f"{where}.{KEY}, row {row}", keys[row - 1], wanted)
    named = pl.col(KEY).cast(pl.String)
    return records.with_columns(named.fill_null(number) if keys.null_count() else named)


def placed(records: pl.DataFrame, children: pl.DataFrame, of: str) -> pl.DataFrame:
    """Return the children with the number of their record, null for those of no record."""
    import polars as pl

    keys = records.select(pl.col(KEY), pl.int_range(pl.len(), dtype=pl.Int64).alias(ROW))
    named = children.select(pl.col(of).cast(pl.String))
    row = named.join(keys, left_on=of, right_on=KEY, how="left", maintain_order="left")[ROW]
    return children.with_columns(row)


def without_orphans(children: pl.DataFrame, of: str) -> tuple[pl.DataFrame, tuple[str, ...], int]:
    """Return the children that have a record; the others are named and counted."""
    import polars as pl

    lost = children[ROW].is_null()
    if not lost.any():
        return children, (), 0
    names = children.filter(lost)[of].cast(pl.String).fill_null("(none)").unique(maintain_order=True).head(_SHOWN)
    return children.filter(~lost), tuple(names.to_list()), int(lost.sum())


def whole_seq(children: pl.DataFrame, where: str) -> pl.DataFrame:
    """Return the children with `seq`, if there is one, as whole numbers; a column of another type is refused."""
    import polars as pl

    from windowservice.language.values import ValueType

    if SEQ not in children.columns:
        return children
    seq = convert(children[SEQ], ValueType.INT, f"{where}.{SEQ}")
    if seq.dtype != pl.Int64:
        raise InvalidValue(f"{where}.{SEQ}", f"of type {seq.dtype}", "a column of whole numbers")
    return children.with_columns(seq.alias(SEQ))
