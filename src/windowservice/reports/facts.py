"""The record types of an engine and their facts, to be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from windowservice.blocks.blocks import Block, Heading, Lines, Table

if TYPE_CHECKING:
    from windowservice.engine.loading.facts import KnownFact, RecordFacts

__all__ = ["fact_blocks", "list_blocks"]


def list_blocks(found: Iterable[RecordFacts]) -> Iterator[Block]:
    """Yield a table of record types."""
    rows = [
        [one.name, one.table or "-", one.children or "-", str(len(one.facts)), one.source, one.title] for one in found
    ]
    yield Table(["record type", "table", "children", "facts", "from", "what it is"], rows, right=frozenset({3}))
    yield Lines("windowservice facts NAME shows the facts of one, or one fact.")


def fact_blocks(found: Iterable[RecordFacts]) -> Iterator[Block]:
    """Yield the facts of record types, each with all that there is to say of it."""
    for one in found:
        yield Heading(one.name)
        said = [one.title, f"from {one.source}", f"table {one.table}" if one.table else ""]
        children = f"children: {one.children}" if one.children else ""
        yield Lines("\n".join(f"  {line}" for line in (*said, children) if line))
        yield Table(["  fact", "type", "what it is"], [_row(fact) for fact in one.facts])
        for fact in one.facts:
            if more := list(_more(fact, one.source)):
                yield Lines(f"  {fact.name}\n" + "\n".join(f"    {line}" for line in more))


def _row(fact: KnownFact) -> list[str]:
    kind = f"{fact.type} ({fact.unit})" if fact.unit else fact.type
    return [f"  {fact.name}", f"{kind}, required" if fact.required else kind, fact.title]


def _more(fact: KnownFact, source: str) -> Iterator[str]:
    if fact.words:
        yield f"one of {', '.join(fact.words)}"
    if fact.formula:
        yield f"= {fact.formula}"
    if fact.source != source:
        yield f"from {fact.source}"
