"""Children as they count: those that had happened, in order, and a record for each cycle of a matter that reopened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from windowservice.language.facts import Facts
from windowservice.language.polars_children import ROW

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

__all__ = ["SEQ", "cycles", "in_order", "placed_by_seq", "seen"]

SEQ: Final = "seq"
"""The column of children that holds their place among those of one instant."""
_REOPENED: Final = "reopened"


def seen(children: pl.DataFrame, child: type[Facts], as_of: int) -> pl.DataFrame:
    """Return the children that had happened as of the instant."""
    import polars as pl

    happens = child.options.happens
    if happens is None:
        return children
    column = pl.col(child.given[happens].read or happens)
    late = children.select(column > as_of).to_series()
    return children.filter(~late.fill_null(False)) if late.any() else children


def placed_by_seq(children: pl.DataFrame) -> pl.DataFrame:
    """Return the children with a `seq` for each: where it is not given, the place in which its record names it."""
    import polars as pl

    if SEQ not in children.columns or not children[SEQ].null_count():
        return children
    place = pl.int_range(pl.len(), dtype=pl.Int64).over(ROW)
    return children.with_columns(pl.col(SEQ).fill_null(place))


def in_order(children: pl.DataFrame, child: type[Facts]) -> pl.DataFrame:
    """Return the children by record, in order of time if they happen in order; input order breaks what ties are left.

    A number `seq` stands for the place among children of one instant, as in an event.
    """
    import polars as pl

    happens = child.options.happens if child.options.sorted else None
    by = [ROW]
    if happens is not None:
        by.append(child.given[happens].read or happens)
        by += [SEQ] if SEQ in children.columns else []
    keys = children.select(by)
    later = pl.lit(False)
    for name in reversed(by):
        now, before = pl.col(name), pl.col(name).shift()
        later = (now < before) | ((now == before) & later)
    if not keys.select(later.any()).item() and not sum(keys.null_count().row(0)):
        return children
    return children.sort(by, maintain_order=True, nulls_last=True)


def cycles(
    children: pl.DataFrame, child: type[Facts], height: int, whole: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> tuple[pl.DataFrame, pl.DataFrame] | None:
    """Return the children with the number of their cycle, and the record and cycle that each number means.

    Args:
        children: the children in order, with the number of their record.
        child: their vocabulary.
        height: how many records there are.
        whole: the records that are not cut, since they cannot be judged.

    Returns:
        The children, and a frame with the columns of the record's number and ``cycle`` (0 is the first); None if no
        matter was reopened.
    """
    import polars as pl

    kind = child.given[child.options.kind] if child.options.kind else None
    if kind is None or _REOPENED not in kind.words or not children.height:
        return None
    again = (pl.col(kind.read or kind.name) == _REOPENED) & (pl.col(ROW) == pl.col(ROW).shift())
    column = children.schema[kind.read or kind.name]
    if isinstance(column, pl.Enum) and _REOPENED not in column.categories:
        return None
    begins = children.select(again.fill_null(False)).to_series() & ~pl.Series(whole[children[ROW].to_numpy()])
    if not begins.any():
        return None
    counted = children.select(ROW, begins.cast(pl.Int64).cum_sum().alias("cycle"))
    numbered = counted.with_columns(pl.col("cycle") - pl.col("cycle").first().over(ROW))
    first = pl.select(pl.int_range(height, dtype=pl.Int64).alias(ROW), pl.lit(0, pl.Int64).alias("cycle"))
    every = pl.concat([first, numbered]).unique().sort(ROW, "cycle")
    places = every.with_row_index("place").with_columns(pl.col("place").cast(pl.Int64))
    placed = numbered.join(places, on=[ROW, "cycle"], how="left", maintain_order="left")["place"]
    return children.with_columns(placed.alias(ROW)), every
