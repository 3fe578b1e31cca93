"""The keys of frames: what names each record, and which record each child belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import attrs

from windowservice.engine.frames.columns import convert, first_row
from windowservice.engine.frames.intake import SHOWN
from windowservice.engine.frames.order import SEQ, cycles
from windowservice.engine.frames.seen import column_of_fact
from windowservice.errors import InvalidValue
from windowservice.language.analysis.visible import begin_facts
from windowservice.language.polars.children import ROW

if TYPE_CHECKING:
    import polars as pl

    from windowservice.engine.frames.frames import Frames
    from windowservice.language.tree.facts import Facts

__all__ = [
    "KEY", "PLACE", "by_cycle", "counted_once", "keyed", "placed", "repeated_rows", "told_twice", "whole_seq",
    "without_orphans",
]  # fmt: skip

KEY: Final = "id"
"""The column of records that names each."""
PLACE: Final = "__place"
"""The column of children of groups that holds the place of each among the rows of its type."""


def repeated_rows(frame: pl.DataFrame, told: Sequence[pl.Series] = ()) -> pl.Series | None:
    """Return which rows are one that stands above them, equal in every cell; None if there are none.

    Args:
        frame: the rows.
        told: some columns of whole numbers that are equal in equal rows, and compared more quickly than all.
    """
    import polars as pl

    if frame.height < 2 or any(dtype.is_object() for dtype in frame.dtypes):
        return None
    alike = _alike(frame, told)
    if alike is None:
        return None
    again = frame.filter(alike).select(~pl.struct(pl.all()).is_first_distinct()).to_series()
    if not again.any():
        return None
    return pl.Series([False]).new_from_index(0, frame.height).scatter(alike.arg_true(), again)


def told_twice(below: pl.DataFrame, typed: pl.DataFrame, child: type[Facts]) -> pl.Series | None:
    """Return which children that happened are told again by a row that is equal in every cell; None if none is.

    Two equal lines of an order, which do not happen, are two.
    """
    begins = [column_of_fact(child, fact) for fact in begin_facts(child)]
    return repeated_rows(below, [typed[name] for name in (ROW, *begins)]) if begins else None


def _alike(frame: pl.DataFrame, told: Sequence[pl.Series]) -> pl.Series | None:
    """Return which rows may be equal to others; None if none is."""
    import numpy as np
    import polars as pl

    if told and not any(column.null_count() for column in told):
        below, same = np.zeros(frame.height - 1, bool), np.ones(frame.height - 1, bool)
        for column in told:
            step = np.diff(column.to_numpy())
            below |= same & (step < 0)
            same &= step == 0
        if not below.any():  # they stand in order: equal rows stand side by side
            return pl.Series(np.append(same, False) | np.append(False, same)) if same.any() else None
    hashes = (pl.DataFrame(told) if told else frame).hash_rows()
    return hashes.is_duplicated() if hashes.n_unique() < frame.height else None


def counted_once(
    records: pl.DataFrame, raw: pl.DataFrame, unjudged: Mapping[int, str], where: str
) -> tuple[pl.DataFrame, dict[int, str], int]:
    """Return records without those that say again what stands above them, equal in every cell of the frame given.

    Args:
        records: the records; without a key in each nobody can tell that two are the same.
        raw: the frame as it was given.
        unjudged: why some cannot be judged, by the number of their row.
        where: the name of the frame, for messages.

    Returns:
        The records, why some of them cannot be judged, and how many were repeated.

    Raises:
        InvalidValue: for a key that stands twice with other cells.
    """
    if KEY not in records.columns:
        return records, dict(unjudged), 0
    keys = records[KEY]
    if keys.drop_nulls().hash().n_unique() == len(keys) - keys.null_count():  # hashes that differ are of keys that do
        return records, dict(unjudged), 0
    twice = ~keys.is_first_distinct() & keys.is_not_null()
    again = repeated_rows(raw)
    again = twice & again if again is not None else twice & False
    if (other := twice & ~again).any():
        row = first_row(other)
        wanted = "different in every row; this one stands twice, with other cells"
        raise InvalidValue(f"{where}.{KEY}, row {row}", keys[row - 1], wanted)
    if not again.any():
        return records, dict(unjudged), 0
    place = (~again).cum_sum() - 1
    kept = {int(place[at]): reason for at, reason in unjudged.items() if not again[at]}
    return records.filter(~again), kept, int(again.sum())


def keyed(records: pl.DataFrame) -> pl.DataFrame:
    """Return the records with their keys as text; a row without one is named by its number."""
    import polars as pl

    number = pl.format("row {}", pl.int_range(1, pl.len() + 1))
    if KEY not in records.columns:
        return records.with_columns(number.alias(KEY))
    named = pl.col(KEY).cast(pl.String)
    return records.with_columns(named.fill_null(number) if records[KEY].null_count() else named)


def placed(records: pl.DataFrame, children: pl.DataFrame, of: str) -> pl.DataFrame:
    """Return the children with the number of their record, null for those of no record."""
    import polars as pl

    keys = records.select(pl.col(KEY), pl.int_range(pl.len(), dtype=pl.Int64).alias(ROW))
    named = children[of].cast(pl.String)
    begins = named.ne_missing(named.shift()) | (pl.int_range(len(named), eager=True) == 0)
    together = 2 * begins.sum() < len(named)  # those of a record mostly stand together: each is looked up once
    asked = (named.filter(begins) if together else named).to_frame()
    row = asked.join(keys, left_on=of, right_on=KEY, how="left", maintain_order="left")[ROW]
    return children.with_columns(row.gather(begins.cum_sum() - 1) if together else row)


def without_orphans(children: pl.DataFrame, of: str) -> tuple[pl.DataFrame, tuple[str, ...], int]:
    """Return the children that have a record; the others are named and counted."""
    import polars as pl

    lost = children[ROW].is_null()
    if not lost.any():
        return children, (), 0
    names = children.filter(lost)[of].cast(pl.String).fill_null("(none)").unique(maintain_order=True).head(SHOWN)
    return children.filter(~lost), tuple(names.to_list()), int(lost.sum())


def whole_seq(children: pl.DataFrame, where: str) -> pl.DataFrame:
    """Return the children with `seq`, if there is one, as whole numbers; a column of another type is refused."""
    import polars as pl

    from windowservice.language.tree.values import ValueType

    if SEQ not in children.columns:
        return children
    seq = convert(children[SEQ], ValueType.INT, f"{where}.{SEQ}")
    if seq.dtype != pl.Int64:
        raise InvalidValue(f"{where}.{SEQ}", f"of type {seq.dtype}", "a column of whole numbers")
    return children.with_columns(seq.alias(SEQ))


def by_cycle(frames: Frames, child: type[Facts]) -> Frames:
    """Return the frames with a record of its own for each cycle of a reopened request."""
    import numpy as np
    import polars as pl

    whole = np.zeros(frames.records.height, bool)
    whole[list(frames.intake.unjudged)] = True
    found = cycles(frames.children, child, frames.records.height, whole)
    if found is None:
        return frames
    children, record, cycle = found
    number = pl.Series(cycle)
    key = pl.when(number > 0).then(pl.concat_str(pl.col(KEY), pl.lit("#"), number + 1)).otherwise(pl.col(KEY))
    reasons = frames.intake.unjudged
    unjudged = {new: reasons[row] for new, row in enumerate(record.tolist()) if row in reasons} if reasons else {}
    return attrs.evolve(
        frames,
        records=frames.records[record].with_columns(key.alias(KEY)),
        children=children,
        intake=attrs.evolve(frames.intake, unjudged=unjudged),
    )
