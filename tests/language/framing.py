"""Records of a drawn world as columns: numbers for instants, enumerations for words, nulls for what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
from tests.language.drawing import World
from tests.language.oracle import Oracle, exact, known

from windowservice.language.polars.calls import Calls
from windowservice.language.polars.children import ROW
from windowservice.language.polars.compile import RecordColumns
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.values import ValueType

V = ValueType
_TYPES = {
    V.BOOL: pl.Boolean, V.FLOAT: pl.Float64, V.TEXT: pl.String, V.TEXTS: pl.List(pl.String), V.RATIO: pl.String,
    V.DECIMAL: pl.Decimal(38, 2),
}  # fmt: skip


def _column(name: str, fact: Fact[Any], values: Sequence[Any], *, words: bool) -> pl.Series:
    found = [exact(value, fact.type) for value in values]
    cells = [_cell(value, fact.type) if known(value) else None for value in found]
    series = pl.Series(name, cells, dtype=_TYPES.get(fact.type, pl.Int64))
    if words and fact.type is V.TEXT:
        return series.cast(pl.Enum(series.drop_nulls().unique().sort()))
    return series


def _cell(value: Any, kind: ValueType) -> Any:
    if kind is V.TEXTS:
        return sorted(value)
    return str(value) if kind is V.RATIO else value


def columns_of(
    w: World, records: Sequence[dict[str, Any]], now: int, recorded: frozenset[str] | None = None, *, words: bool = True
) -> RecordColumns:
    """Return the records and their children as of an instant as columns; `words`: texts are held as enumerations."""
    seeing = [Oracle(w.parent, w.binding, record, now) for record in records]

    def seen(fact: Fact[Any], holders: Sequence[dict[str, Any]], name: str) -> list[Any]:
        """Return what one could know of a fact then: columns are cut as of the instant when frames are read."""
        stated = [exact(holder.get(name), fact.type) for holder in holders]
        return [one.as_seen(value, fact, w.parent) for one, value in zip(seeing, stated, strict=True)]

    table = {}
    for fact in w.parent.given.values():
        if fact.definition is None:
            name = fact.read or fact.name
            table[name] = _column(name, fact, seen(fact, records, name), words=words)
    for fact in w.more.given.values():
        added = seen(fact, [record["extra"] or {} for record in records], fact.name)
        table[f"extra.{fact.name}"] = _column(f"extra.{fact.name}", fact, added, words=words)
    rows = [place for place, one in enumerate(seeing) for _ in one.children]
    children = {ROW: pl.Series(rows, dtype=pl.Int64)}
    for fact in w.child.given.values():
        if fact.definition is None:
            name = fact.read or fact.name
            stated = [
                one.as_seen(exact(child[name], fact.type), fact, w.child) for one in seeing for child in one.children
            ]
            children[name] = _column(name, fact, stated, words=words)
    calls = Calls(w.parent, w.binding, recorded)
    return RecordColumns(pl.DataFrame(table), pl.DataFrame(children), now, calls)


def cell(value: Any, kind: ValueType) -> Any:
    """Return one value of a column as the oracle holds it; None where it is null."""
    return frozenset(value) if kind is V.TEXTS and value is not None else value
