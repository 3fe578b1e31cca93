"""What a record says of itself though rows beneath it could not be read, and what such rows may have changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from windowservice.engine.relations.told import ToldRow
from windowservice.language.relations.lookup import Looked
from windowservice.language.relations.rows import United
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.expressions import walk
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import Facts, relation_of
from windowservice.language.tree.nodes import Aggregate, Look

if TYPE_CHECKING:
    from windowservice.engine.frames.frames import Frames
    from windowservice.engine.relations.told_columns import ToldColumn

__all__ = ["is_firm", "settled", "settled_columns"]


def is_firm(of: type[Facts], expr: Expr[Any]) -> bool:
    """Whether an expression over a record of a type says the same, whatever rows beneath it could not be read.

    What is gathered from children does not. What is looked up says itself whether it is known.
    """
    relation = relation_of(of.options.rows)
    for node in walk(expr):
        if isinstance(node, (Aggregate, Look)):
            return False
        if not isinstance(node, Fact) or isinstance(node, Looked):
            continue
        if node.definition is not None and not is_firm(of, node.definition):
            return False
        if isinstance(relation, United):
            said = [(part.of, part.values[node.name]) for part in relation.parts if node.name in part.values]
            if not all(is_firm(part, value) for part, value in said):
                return False
    return True


def settled(told: ToldRow, firm: Sequence[bool]) -> ToldRow:
    """Return a row without what it says that rows which could not be read may have changed.

    Args:
        told: the row.
        firm: of each value whether it stays the same.
    """
    if not told.unread or all(firm):
        return told
    values = tuple(value if stays else None for value, stays in zip(told.values, firm, strict=True))
    later = tuple(one and stays for one, stays in zip(told.later, firm, strict=True))
    return told._replace(values=values, later=later)


def settled_columns(rows: Frames, exprs: Sequence[Expr[Any]], told: Sequence[ToldColumn]) -> list[ToldColumn]:
    """Return what the rows of frames say, without what rows that could not be read may have changed."""
    import numpy as np
    import polars as pl

    stays = np.ones(rows.records.height, bool)
    stays[list(rows.unread)] = False
    if stays.all():
        return list(told)
    found = []
    for expr, one in zip(exprs, told, strict=True):
        if is_firm(rows.root, expr):
            found.append(one)
            continue
        values = one.values.alias("told").to_frame().select(pl.when(pl.Series(stays)).then("told")).to_series()
        found.append(one._replace(values=values, later=None if one.later is None else one.later & stays))
    return found
