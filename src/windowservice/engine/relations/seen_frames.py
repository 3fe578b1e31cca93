"""The frames of record types as an engine sees them at an instant: those that are given, and those made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, Protocol

import attrs

from windowservice.domain.unread import Unread
from windowservice.engine.columns import frames_of
from windowservice.engine.frames.frames import Frames
from windowservice.engine.frames.in_hand import record_frames
from windowservice.engine.frames.records import outside
from windowservice.engine.frames.requests import request_frames
from windowservice.engine.relations.asked import asked_below, asked_of
from windowservice.engine.relations.grouped import lost_by, no_table
from windowservice.engine.relations.looked_frames import with_looked
from windowservice.engine.relations.made_frames import as_judged, grouped_frames, united_frames, with_lost
from windowservice.engine.relations.told import lacking, table_of
from windowservice.engine.relations.told_columns import ToldColumn, told_columns
from windowservice.engine.ruleset import given_below
from windowservice.errors import NotColumnar
from windowservice.facts.requests.request import request
from windowservice.instants import datetime_us
from windowservice.language.python.facts import is_added
from windowservice.language.relations.lookup import lookups_below
from windowservice.language.relations.rows import Grouped
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import Facts, relation_of
from windowservice.language.tree.values import ValueType

if TYPE_CHECKING:
    import polars as pl

    from windowservice.engine.engine import Engine
    from windowservice.engine.seen import Seen

V = ValueType
__all__ = ["FramesInHand", "FramesOfLedger", "SeenFrames"]


class GivenFrames(Protocol):
    """The frames of the types that are not made by expressions."""

    @property
    def recorded(self) -> frozenset[str] | None:
        """The kinds of event that are recorded of requests; None means every kind."""

    def is_there(self, of: type[Facts]) -> bool:
        """Whether there is a table of a type."""

    def frames(self, of: type[Facts], added: Sequence[Fact[Any]]) -> Frames:
        """Return the frames of a type that is there, with the facts of plugins that are read."""

    def lost(self, table: str, seen: SeenFrames) -> Iterable[Unread]:
        """Return the rows of a table that could not be read, so far as they are in sight."""


@attrs.frozen(eq=False)
class SeenFrames:
    """The frames of record types as an engine sees them at an instant.

    Attributes:
        engine: the engine.
        us: the instant, in microseconds UTC.
        given: the frames of the types that are not made by expressions.
        types: the types that are asked for.
        columns: what was looked up so far, by what names the fact.
    """

    engine: Engine
    us: int
    given: GivenFrames
    types: Sequence[type[Facts]]
    columns: dict[int, list[pl.Series]] = attrs.field(factory=dict, repr=False)
    _memo: dict[type[Facts], Frames] = attrs.field(factory=dict, repr=False)

    @property
    def zone(self) -> tzinfo:
        """The zone of dates."""
        return self.engine.zone

    def of(self, root: type[Facts]) -> Frames | None:
        """Return the frames of a type, of one that is made as it is made; None if nobody has its table.

        Raises:
            NotColumnar: if columns cannot tell of them.
        """
        relation = relation_of(root.options.rows)
        if relation is None and not self.given.is_there(root):
            return None
        if root not in self._memo:
            self._memo[root] = self._given(root) if relation is None else self._made(root)
        return self._memo[root]

    def known(self, root: type[Facts]) -> Frames | None:
        """Return the frames of a type that is not made, if they were read and hold all that rules on it ask."""
        if relation_of(root.options.rows) is not None or lookups_below(asked_of(self.engine, root)):
            return None
        return self._memo.get(root)

    def judged(self, root: type[Facts]) -> Frames:
        """Return the frames of a type that is there as they are judged."""
        frames = self.of(root)
        assert frames is not None  # noqa: S101 - nobody asks for others
        frames = with_looked(self, frames, lookups_below(asked_of(self.engine, root)))
        return frames if relation_of(root.options.rows) is None else as_judged(frames, self.us, self.zone)

    def told(self, frames: Frames, exprs: Sequence[Expr[Any]]) -> list[ToldColumn]:
        """Return what expressions say of the rows of frames."""
        frames = with_looked(self, frames, lookups_below(exprs))
        recorded = self.given.recorded if frames.root is request else None
        return told_columns(self.engine.reader_of(frames.root), frames, exprs, self.us, recorded)

    def lacking(self, root: type[Facts]) -> tuple[Unread, ...]:
        """Return the tables that records of a type are made of and that nobody has."""
        return tuple(no_table(table) for table in lacking(root, self.given.is_there))

    def _given(self, root: type[Facts]) -> Frames:
        asked = [expr for of in self.types for expr in asked_below(self.engine, of).exprs]
        mine = [root] if root.children is None else [root, root.children]
        added = [fact for fact in given_below(asked) if any(fact.scope is one and is_added(one, fact) for one in mine)]
        return self.given.frames(root, added)

    def _made(self, root: type[Facts]) -> Frames:
        relation = relation_of(root.options.rows)
        if isinstance(relation, Grouped):
            found = grouped_frames(root, relation, self)
        else:
            assert relation is not None  # noqa: S101 - only such are made
            found = united_frames(root, relation, self)
        return with_lost(found, lost_by(relation), lambda table: self.given.lost(table, self))


@attrs.frozen(eq=False)
class FramesInHand:
    """Frames as they were given.

    Attributes:
        engine: the engine.
        us: the instant, in microseconds UTC.
        tables: the records of each type, with their children.
        recorded: the kinds of event that are recorded of requests; None means every kind.
    """

    engine: Engine
    us: int
    tables: Mapping[type[Facts], tuple[Any, Any]]
    recorded: frozenset[str] | None = None

    def is_there(self, of: type[Facts]) -> bool:
        """Whether there is a table of a type."""
        return of in self.tables

    def frames(self, of: type[Facts], added: Sequence[Fact[Any]]) -> Frames:
        """Return the frames of a type."""
        recorded = self.recorded if of is request else None
        return frames_of(self.engine.reader_of(of), *self.tables[of], self.us, recorded=recorded, added=added)

    def lost(self, table: str, seen: SeenFrames) -> Iterable[Unread]:
        """Return the rows of a table that cannot be judged, with what is known of them."""
        of = next((one for one in self.tables if table_of(one) == table), None)
        frames = None if of is None else seen.of(of)
        if of is None or frames is None:
            return
        facts = {fact.read or fact.name: fact for fact in of.given.values() if fact.definition is None}
        for row, reason in frames.intake.unjudged.items():
            cells = frames.records.row(row, named=True)
            said = {
                fact.name: outside(cells[name], fact.type)
                for name, fact in facts.items()
                if _is_told(fact, cells[name])
            }
            at = said.get(of.options.dated_by or "")
            if at is None or datetime_us(at) <= self.us:
                yield Unread(table, table, row + 1, reason, at=at, said=said)


def _is_told(fact: Fact[Any], value: Any) -> bool:
    """Whether a cell of a row that cannot be judged is known; one that is missing may be the one that is wrong."""
    if value is None:
        return not fact.required and fact.type not in (V.INSTANT, V.INT, V.LIMIT)
    return not fact.words or value in fact.words


@attrs.frozen(eq=False)
class FramesOfLedger:
    """The tables of a ledger, as an engine sees it.

    Attributes:
        seen: the ledger.
    """

    seen: Seen

    @property
    def recorded(self) -> frozenset[str] | None:
        """The kinds of event that are recorded of requests; None means every kind."""
        return self.seen.ledger.recorded

    def is_there(self, of: type[Facts]) -> bool:
        """Whether there is a table of a type."""
        return self.seen.is_there(table_of(of))

    def frames(self, of: type[Facts], added: Sequence[Fact[Any]]) -> Frames:
        """Return the frames of a type."""
        seen, runner = self.seen, self.seen.engine.reader_of(of)
        if of is request:
            requests, events = request_frames(seen.requests, seen.us, added)
            unread = {one.id: one.unread for one in seen.requests if one.unread}
            return frames_of(runner, requests, events, seen.us, recorded=self.recorded, unread=unread, added=added)
        found = record_frames(seen.rows(table_of(of)), of, seen.us, runner.binding.calendar.zone, added)
        if found is None or found.apart:
            raise NotColumnar(of.__name__, "rows of which columns cannot tell")
        return found

    def lost(self, table: str, _seen: SeenFrames) -> Iterable[Unread]:
        """Return the rows of a table that could not be read."""
        return (row for row in self.seen.unread if row.table == table)
