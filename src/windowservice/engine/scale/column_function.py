"""The column function: a batch of requests with its events in, findings and totals out.

It is what every way of running at scale calls: files in parts (`engine.partitions`), Spark (`engine.spark`), or a
scheduler of one's own. It is picklable, keeps nothing between calls, and may be called from several threads.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

import attrs

from windowservice.engine.columns import judge_frames
from windowservice.engine.engine import Engine
from windowservice.engine.report.stores.columns import ColumnStore
from windowservice.engine.scale.parts.totals import Totals, finding_hash
from windowservice.errors import NothingToCheck
from windowservice.facts.requests.event import event
from windowservice.facts.requests.request import request as request_vocabulary
from windowservice.language.python.facts import is_added
from windowservice.language.tree.facts import Facts, required_facts

if TYPE_CHECKING:
    import polars as pl

    from windowservice.engine.running import Runner

__all__ = ["ColumnFunction", "Judged", "NeededColumns", "column_function"]

KEY: Final = "id"


@attrs.frozen(eq=False)
class Judged:
    """What the column function gives for one batch.

    Attributes:
        findings: a frame with one row for each finding (see `Findings.to_frame`); it exports Arrow.
        totals: how many verdicts there are; totals of several batches are added by ``+``.
    """

    findings: pl.DataFrame
    totals: Totals


@attrs.frozen
class NeededColumns:
    """The columns that the rules read; others need not be read from a file or shipped.

    Attributes:
        requests: of the requests.
        events: of the events.
        stored: for an instant that may also come as integer microseconds UTC, the name of that column.
    """

    requests: tuple[str, ...]
    events: tuple[str, ...]
    stored: dict[str, str] = attrs.field(factory=dict, eq=False)

    def of_requests(self, there: Iterable[str]) -> list[str]:
        """Return those of the columns that are there which the rules read."""
        return self._of(self.requests, there)

    def of_events(self, there: Iterable[str]) -> list[str]:
        """Return those of the columns that are there which the rules read."""
        return self._of(self.events, there)

    def _of(self, needed: tuple[str, ...], there: Iterable[str]) -> list[str]:
        known = {*needed, *(self.stored[name] for name in needed if name in self.stored)}
        return [name for name in there if name in known]


@attrs.frozen(eq=False)
class ColumnFunction:
    """Judges batches: call it with a frame of requests and a frame of their events.

    Build one by `column_function`. All events of a request must be in the batch of the request.

    Attributes:
        engine: the engine.
        us: the instant judged, in microseconds UTC.
        recorded: the kinds of event that the source records; None means every kind.
        of: the vocabulary of the records.
        version: the version of the engine, which each finding carries.
    """

    engine: Engine
    us: int
    recorded: frozenset[str] | None = None
    of: type[Facts] = request_vocabulary
    version: str = attrs.field(init=False, default=attrs.Factory(lambda self: self.engine.version, takes_self=True))

    def __call__(self, requests: Any, events: Any, *, where: str = "") -> Judged:
        """Return the findings of a batch, and its totals.

        Args:
            requests: one row for each request, as any frame that exports Arrow; columns as in the ledger's table.
            events: one row for each event, with the column ``request``; None if there are none.
            where: the place of the batch, for messages.

        Raises:
            MissingColumn, InvalidValue, NaiveTime, TimeOutOfRange: for a column that cannot be what it has to be, and
                for a request that stands twice.
        """
        found = self.verdicts(requests, events, where=where)
        findings = found.told_by_rule(engine=self.version)
        totals = Totals(
            len(found), found.frames.orphans, findings.height, finding_hash(findings),
            {name: dict(counts) for name, counts in found.counts().items()}, dict(found.slow),
        )  # fmt: skip
        return Judged(findings, totals)

    def verdicts(self, requests: Any, events: Any, *, where: str = "") -> ColumnStore:
        """Return the verdicts of a batch, of which findings, counts and columns may be asked."""
        return judge_frames(self.runner, requests, events, self.us, recorded=self.recorded, where=where)

    @property
    def runner(self) -> Runner:
        """The rules that are run."""
        return self.engine.runner_of(None, self.of)

    def needed_columns(self) -> NeededColumns:
        """Return the columns that the rules read, figures, clocks and conditions included."""
        root, child = self.of.root, self.of.root.children
        records = {KEY: None, **dict.fromkeys(fact.name for fact in required_facts(root))}
        events: dict[str, None] = {}
        stored: dict[str, str] = {}
        if child is not None:
            given = {name: fact for name, fact in child.given.items() if fact.definition is None}
            events = {root.__name__: None, **dict.fromkeys(fact.name for fact in required_facts(child)), "seq": None}
            if child is event:  # how an instant is read rests on it, whatever the rules read
                events[event.date_only.name] = None
            stored = {name: fact.read for name, fact in given.items() if fact.read}
        for fact in self.runner.given:
            vocabulary, columns = (root, records) if child is None or fact.scope is root else (child, events)
            columns[f"extra.{fact.read or fact.name}" if is_added(vocabulary, fact) else fact.name] = None
        return NeededColumns(tuple(records), tuple(events), stored)


def column_function(
    engine: Engine,
    *,
    as_of: datetime | date | str,
    recorded: Iterable[str] | None = None,
    of: type[Facts] = request_vocabulary,
) -> ColumnFunction:
    """Return the function that judges batches of requests as of an instant.

    Args:
        engine: the engine.
        as_of: the instant judged; a bare date means 24:00 of it.
        recorded: the kinds of event that the source records; every kind if not given.
        of: the vocabulary of the records.

    Raises:
        NothingToCheck: if the engine has no rules for such records.
    """
    us = engine.instant_of(as_of)
    function = ColumnFunction(engine, us, None if recorded is None else frozenset(recorded), of)
    if not function.runner.rules:
        raise NothingToCheck(of.__name__, ())
    return function
