"""Children as they count: those that had happened, in order, and a record for each cycle of a matter that reopened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from windowservice.domain.requests.kinds import OVER_KINDS
from windowservice.engine.frames.dates import STANDS
from windowservice.facts.requests.event import event
from windowservice.language.polars.children import ROW
from windowservice.language.tree.facts import Facts

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    Ints = np.ndarray[Any, Any]
    Flags = np.ndarray[Any, Any]

__all__ = ["SEQ", "cycles", "in_order", "placed_by_seq"]

SEQ: Final = "seq"
"""The column of children that holds their place among those of one instant."""
_REOPENED: Final = "reopened"


def placed_by_seq(children: pl.DataFrame) -> pl.DataFrame:
    """Return the children with a `seq` for each: where it is not given, the place in which its record names it."""
    import polars as pl

    if SEQ not in children.columns or not children[SEQ].null_count():
        return children
    place = pl.int_range(pl.len(), dtype=pl.Int64).over(ROW)
    return children.with_columns(pl.col(SEQ).fill_null(place))


def in_order(children: pl.DataFrame, child: type[Facts]) -> pl.DataFrame:
    """Return the children by record, in order of time if one fact says it; the order given breaks what ties are left.

    A number `seq` stands for the place among children of one instant, as in an event.
    """
    import polars as pl

    happens = child.options.happens
    by = [ROW]
    if isinstance(happens, str):
        by.append(STANDS if STANDS in children.columns else child.given[happens].read or happens)
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
    children: pl.DataFrame, child: type[Facts], height: int, whole: Flags
) -> tuple[pl.DataFrame, Ints, Ints] | None:
    """Return the children with the number of their cycle, and for each such number the record's and the cycle's own.

    Args:
        children: the children in order, with the number of their record.
        child: their vocabulary.
        height: how many records there are.
        whole: the records that are not cut, since they cannot be judged.

    Returns:
        The children, and by number of the cycle the number of its record and its place among its cycles, from 0 on;
        None if no matter was reopened.
    """
    import numpy as np
    import polars as pl

    begins = _begins(children, child, whole)
    if begins is None:
        return None
    row = children[ROW].to_numpy()
    more = np.bincount(row[begins], minlength=height)
    record = np.repeat(np.arange(height), more + 1)
    first = np.arange(height) + np.cumsum(more) - more
    number = pl.Series(ROW, row + np.cumsum(begins), dtype=pl.Int64)  # each cycle before it moves a child on by one
    return children.with_columns(number), record, np.arange(len(record)) - first[record]


def _begins(children: pl.DataFrame, child: type[Facts], whole: Flags) -> Flags | None:
    """Return which children begin a further cycle of their record; None if none does."""
    import polars as pl

    if child is not event or not children.height:  # only requests have cycles
        return None
    column = children[event.kind.name]
    if isinstance(column.dtype, pl.Enum) and _REOPENED not in column.dtype.categories:
        return None
    if not (column == _REOPENED).any():
        return None
    words = column.cast(pl.String)
    again = words == _REOPENED
    row = pl.col(ROW)
    before = pl.DataFrame({ROW: children[ROW], "again": again, "over": words.is_in(OVER_KINDS)}).with_columns(
        ends=pl.col("over").cum_sum().over(row)
    )  # ends so far; one since the last reopened, or since the beginning, and the matter is over
    since = pl.when("again").then("ends").otherwise(None).forward_fill().shift().over(row).fill_null(0)
    found: Flags = before.select(pl.col("again") & (pl.col("ends") > since)).to_series().fill_null(False).to_numpy()
    found = found & ~whole[children[ROW].to_numpy()]
    return found if found.any() else None
