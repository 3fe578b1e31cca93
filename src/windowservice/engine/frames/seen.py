"""Rows of a frame as of an instant: those that have begun, and in them what has happened; see `language.visible`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, Final

from windowservice.domain.requests.event import OPTIONAL_FIELDS
from windowservice.facts.requests.event import event
from windowservice.language.analysis.visible import begin_facts, hidden_by, last_day_seen
from windowservice.language.python.facts import is_added
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import Facts
from windowservice.language.tree.values import ValueType

if TYPE_CHECKING:
    import polars as pl

__all__ = ["EXTRA", "column_of_fact", "happened", "there", "without_columns"]

EXTRA: Final = "extra."
"""What the names of columns begin with that hold facts which plugins add."""


def column_of_fact(vocabulary: type[Facts], fact: Fact[Any]) -> str:
    """Return the column of a frame that was read in which a given fact stands."""
    name = fact.read or fact.name
    return f"{EXTRA}{name}" if is_added(vocabulary, fact) else name


def there(frame: pl.DataFrame, vocabulary: type[Facts], us: int, zone: tzinfo) -> pl.Series:
    """Return which rows have begun as of an instant (microseconds UTC)."""
    import polars as pl

    later = [_later(vocabulary, fact, us, zone) for fact in begin_facts(vocabulary)]
    if not later:
        return pl.Series([True]).new_from_index(0, frame.height)
    return ~frame.select(pl.any_horizontal(later).fill_null(value=False)).to_series()


def happened(
    frame: pl.DataFrame, vocabulary: type[Facts], us: int, zone: tzinfo, added: Iterable[Fact[Any]] = ()
) -> pl.DataFrame:
    """Return the rows without the instants and dates that lie ahead, and without what came to be known with them."""
    import polars as pl

    given = [fact for fact in vocabulary.root.given.values() if fact.definition is None]
    hidden = []
    for fact in (*given, *added):
        by = hidden_by(vocabulary, fact)
        name = column_of_fact(vocabulary, fact)
        if by is not None and name in frame.columns and column_of_fact(vocabulary, by) in frame.columns:
            hidden.append(
                pl.when(~_later(vocabulary, by, us, zone).fill_null(value=False)).then(pl.col(name)).alias(name)
            )
    return frame.with_columns(hidden) if hidden else frame


def _later(vocabulary: type[Facts], fact: Fact[Any], us: int, zone: tzinfo) -> pl.Expr:
    """Return the condition that a column of a frame that was read lies after the instant and is not planned."""
    import polars as pl

    bound = us if fact.type is ValueType.INSTANT else last_day_seen(us, zone).toordinal()
    later = pl.col(column_of_fact(vocabulary, fact)) > bound
    if not isinstance(fact.planned, tuple):
        return later
    kind, words = fact.planned
    named = column_of_fact(vocabulary, vocabulary.root.given[kind])
    return later & ~pl.col(named).cast(pl.String).is_in(sorted(words)).fill_null(value=False)


def without_columns(child: type[Facts], frame: pl.DataFrame) -> frozenset[str]:
    """Return the fields of events that the frame has no column for; of records of one's own they are missing."""
    if child is not event:
        return frozenset()
    there = set(frame.columns)
    return frozenset(name for name in OPTIONAL_FIELDS if not there & {name, child.given[name].read})
