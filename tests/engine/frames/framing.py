"""Records of any vocabulary as frames, written apart from the library's own way back: one column for each fact."""

from __future__ import annotations

from typing import Any

import polars as pl

from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import Facts
from windowservice.language.tree.values import ValueType

V = ValueType
INSTANT = pl.Datetime("us", "UTC")
TYPES = {
    V.BOOL: pl.Boolean, V.INT: pl.Int64, V.FLOAT: pl.Float64, V.TEXT: pl.String, V.INSTANT: INSTANT, V.DATE: pl.Date,
    V.SPAN: pl.Duration("us"), V.WORK: pl.Duration("us"), V.TEXTS: pl.List(pl.String), V.DECIMAL: pl.Decimal(38, 2),
    V.RATIO: pl.String, V.LIMIT: pl.String,
}  # fmt: skip
HELD_AS_INT = (V.INSTANT, V.DATE, V.SPAN)


def _cell(value: Any, kind: ValueType) -> Any:
    if value is None:
        return None
    if kind in (V.RATIO, V.LIMIT):
        return str(value)
    if kind is V.WORK:
        return value.to_timedelta() if hasattr(value, "to_timedelta") else value.us
    return sorted(value) if kind is V.TEXTS else value


def column(name: str, fact: Fact[Any], values: list[Any], *, as_int: bool) -> pl.Series:
    """Return the values of one fact as a column."""
    cells = [_cell(value, fact.type) for value in values]
    if fact.type is V.WORK:
        return pl.Series(name, cells, dtype=pl.Int64).cast(pl.Duration("us"))
    dtype = pl.Int64 if as_int and fact.type in HELD_AS_INT else TYPES[fact.type]
    if fact.type is V.INSTANT and dtype == INSTANT:
        from windowservice.instants import datetime_us

        return pl.Series(name, [None if v is None else datetime_us(v) for v in cells], dtype=pl.Int64).cast(INSTANT)
    return pl.Series(name, cells, dtype=dtype)


def _table(vocabulary: type[Facts], rows: list[dict[str, Any]]) -> dict[str, pl.Series]:
    numbers = vocabulary.options.stored == "microseconds"
    given = [fact for fact in vocabulary.given.values() if fact.definition is None]
    return {
        fact.read or fact.name: column(fact.name, fact, [row[fact.read or fact.name] for row in rows], as_int=numbers)
        for fact in given
    }


def frames_of(
    root: type[Facts], added: type[Facts], records: list[dict[str, Any]], children: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return mappings with their children as two frames; the key of each record is its place."""
    found = _table(root, records)
    for fact in added.given.values():
        name = f"extra.{fact.read or fact.name}"
        found[name] = column(name, fact, [(row["extra"] or {}).get(fact.name) for row in records], as_int=False)
    keys = pl.Series("id", [f"k{place}" for place in range(len(records))])
    child = root.children
    assert child is not None
    below = [item for row in records for item in row[children]]
    owners = pl.Series([f"k{place}" for place, row in enumerate(records) for _ in row[children]], dtype=pl.String)
    return pl.DataFrame([keys, *(s.alias(n) for n, s in found.items())]), pl.DataFrame(
        {root.__name__: owners, **_table(child, below)}
    )
