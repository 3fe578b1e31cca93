"""Facts of frames that are looked up in other records: columns of what tables say, or why it cannot be told.

A record is answered by the code that answers one of a ledger; what is asked of it and of the others is told in columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from windowservice.domain.unread import Unread
from windowservice.engine.frames.frames import EXTRA, KEY, Frames
from windowservice.engine.frames.in_hand import held_series
from windowservice.engine.frames.keys import PLACE
from windowservice.engine.frames.records import outside
from windowservice.engine.frames.seen import column_of_fact
from windowservice.engine.relations.grouped import lost_by
from windowservice.engine.relations.looked import others_of
from windowservice.engine.relations.told import ToldRow, table_of
from windowservice.errors import NotColumnar
from windowservice.language.python.facts import is_added
from windowservice.language.relations.lookup import Looked
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.facts import Facts, relation_of
from windowservice.language.tree.values import ValueType

if TYPE_CHECKING:
    import polars as pl

    from windowservice.engine.relations.seen_frames import SeenFrames

__all__ = ["with_looked"]


def with_looked(seen: SeenFrames, frames: Frames, asked: Sequence[Looked[Any]]) -> Frames:
    """Return frames with a column for each fact of theirs, and of their children, that is looked up.

    Args:
        seen: the frames of all types.
        frames: those of one type.
        asked: the facts.
    """
    root, child = frames.root, frames.root.children
    done = {id(one) for one in frames.looked}
    mine = [one for one in asked if one.scope is root and id(one) not in done]
    theirs = [one for one in asked if one.scope is child and id(one) not in done and PLACE in frames.children]
    if not mine and not theirs:
        return frames
    records = frames.records.with_columns(column for one in mine for column in _columns(seen, root, one))
    children = frames.children
    if child is not None and theirs:
        found = [column for one in theirs for column in _columns(seen, child, one)]
        children = children.with_columns(column.gather(children[PLACE]) for column in found)
    return attrs.evolve(frames, records=records, children=children, looked=(*frames.looked, *mine, *theirs))


def _columns(seen: SeenFrames, of: type[Facts], looked: Looked[Any]) -> list[pl.Series]:
    """Return what is looked up of every row of a type; told once."""
    import polars as pl

    key = id(looked)
    if key not in seen.columns:
        frames, around = seen.of(of), _Around(seen)
        names = [column_of_fact(of, fact) for fact in (looked.found, looked.sure)]
        why = f"{EXTRA}{looked.why}" if is_added(of, looked) else looked.why
        if frames is None or (_is_stated(frames, names) and around.lacking(looked.lookup.of)):
            seen.columns[key] = []
            return []
        found = list(others_of(around, looked).answers(_rows(seen, frames, looked.lookup.ours)))
        values, odd = held_series(looked.type, [one.value for one in found])
        if odd:
            raise NotColumnar(str(looked), "a value that no column holds")
        sure = pl.Series(names[1], [one.sure or None for one in found], dtype=pl.Boolean)
        seen.columns[key] = [values.alias(names[0]), sure, pl.Series(why, [one.why for one in found], dtype=pl.String)]
    return seen.columns[key]


def _is_stated(frames: Frames, names: Sequence[str]) -> bool:
    """Whether the frame says itself what would be looked up."""
    return any(name in frames.records and frames.records[name].count() for name in names)


@attrs.frozen
class _Around:
    """The tables around frames."""

    seen: SeenFrames

    def told_rows(self, of: type[Facts], exprs: Sequence[Expr[Any]]) -> Iterator[ToldRow]:
        frames = self.seen.of(of)
        rows = iter(()) if frames is None else _rows(self.seen, frames, exprs)
        unjudged = frames.intake.unjudged if frames is not None else {}
        return (told for place, told in enumerate(rows) if place not in unjudged)

    def lacking(self, of: type[Facts]) -> Sequence[str]:
        return [row.table for row in self.seen.lacking(of)]

    def rests_on(self, of: type[Facts]) -> Mapping[str, Mapping[str, str]]:
        relation = relation_of(of.options.rows)
        return {table_of(of): {}} if relation is None else lost_by(relation)

    def lost(self, table: str) -> Iterable[Unread]:
        return self.seen.given.lost(table, self.seen)


def _rows(seen: SeenFrames, frames: Frames, exprs: Sequence[Expr[Any]]) -> Iterator[ToldRow]:
    """Yield the rows of frames with the values of expressions, as those of a ledger are told."""
    told = seen.told(frames, exprs)
    values = [_outside(one.values, expr.type) for one, expr in zip(told, exprs, strict=True)]
    none = [False] * frames.records.height
    later = [none if one.later is None else one.later.tolist() for one in told]
    keys = frames.records[KEY].to_list()
    for place, (key, *row) in enumerate(zip(keys, *values, *later, strict=True)):
        yield ToldRow({KEY: key}, tuple(row[: len(exprs)]), tuple(row[len(exprs) :]), frames.unread.get(place, ()))


def _outside(series: pl.Series, kind: ValueType) -> list[Any]:
    return [None if value is None else outside(value, kind) for value in series.to_list()]
