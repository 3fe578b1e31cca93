"""Auditing a ledger that is larger than memory: Parquet in parts in, findings as Parquet out, in bounded memory.

The contract: either all events of a request are in the part of the request, or, in a part with more requests than are
judged at once, both files are sorted by request. An audit that was stopped, by whatever, goes on where it stopped when
it is asked for again, and what it writes is what it would have written.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import date, datetime
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import attrs

from windowservice.engine.engine import Engine
from windowservice.engine.ruleset import said_by
from windowservice.engine.scale.column_function import KEY, ColumnFunction, NeededColumns, column_function
from windowservice.engine.scale.parts.files import Cursor, Files, Part, Stamp, parts_of, sortable
from windowservice.engine.scale.parts.keys import refuse_shared_keys
from windowservice.engine.scale.parts.store import Done, Store
from windowservice.engine.scale.parts.totals import Totals
from windowservice.errors import CannotWrite, InvalidValue, MissingColumn, PartsLeft, UnreadableFile, WindowserviceError
from windowservice.facts.requests.request import request as request_vocabulary
from windowservice.instants import from_us
from windowservice.language.tree.facts import Facts

if TYPE_CHECKING:
    import polars as pl

__all__ = ["AT_ONCE", "PartedAudit", "Progress", "audit_parts"]

_log = logging.getLogger("windowservice.engine")
AT_ONCE: Final = 100_000
"""How many requests are judged at once; memory goes by it."""
_LOOKED_FOR_AFTER: Final = 10_000
"""After how many requests Python is asked to look for what refers to itself in circles, as the columns of a run do."""
_TRIES: Final = 2
"""How often a part is judged whose files are changed meanwhile."""
Progress: TypeAlias = Callable[[int, int], object]
"""Called with the number of requests that are finished, and of all."""


@attrs.frozen
class PartedAudit:
    """What an audit in parts came to.

    Attributes:
        folder: where its findings are.
        totals: how many verdicts there are.
        parts: how many parts the ledger has.
        resumed: how many pieces of them were finished before and kept.
        redone: the parts that were judged before and again now, because their files have changed.
    """

    folder: Path
    totals: Totals
    parts: int
    resumed: int = 0
    redone: tuple[str, ...] = ()

    @property
    def findings(self) -> pl.LazyFrame:
        """The findings of all parts, read when they are collected; columns as `Findings.to_frame`."""
        import polars as pl

        files = sorted((self.folder / "findings").rglob("*.parquet"))  # named, for a path would be taken for a pattern
        return pl.scan_parquet(files, hive_partitioning=False, glob=False)


def audit_parts(
    engine: Engine, requests: Files, events: Files | None, out: str | PathLike[str], *, as_of: datetime | date | str,
    recorded: Iterable[str] | None = None, of: type[Facts] = request_vocabulary, at_once: int = AT_ONCE,
    progress: Progress | None = None, restart: bool = False,
) -> PartedAudit:  # fmt: skip
    """Audit a ledger in parts and write the findings into a folder.

    Args:
        engine: the engine.
        requests: a folder of Parquet files, one file, or a list; columns as in the ledger's table.
        events: the same of the events; see `partitions_files.parts_of` for how they correspond.
        out: the folder for findings, empty or begun by the same audit.
        as_of: the instant judged; a bare date means 24:00 of it.
        recorded: the kinds of event that the source records; every kind if not given.
        of: the vocabulary of the records.
        at_once: how many requests are judged at once; a part with more must be sorted by request.
        progress: told how far it is after each piece.
        restart: whether findings that are there are thrown away.

    Raises:
        AnotherAudit: if `out` was begun by another engine, instant or cut.
        SharedKey: if a request stands in two parts.
        CannotWrite: if the disk is full; what is finished is kept.
        PartsLeft: after all others are finished, if parts cannot be read or judged; it carries the `PartedAudit`.
        EmptyLedger, InvalidValue, MissingExtra, NothingToCheck: if there is nothing to judge, or nothing to do it with.
    """
    if at_once < 1:
        raise InvalidValue("at_once", at_once, "at least 1")
    function = column_function(engine, as_of=as_of, recorded=recorded, of=of)
    parts = parts_of(requests, events)
    with Store(Path(out)).opened(_settings(function, at_once), restart=restart) as store:
        store.refuse_strangers(parts)
        refuse_shared_keys([part.requests for part in parts], KEY)
        return _Audit(function, store, at_once, parts, progress).run()


def _settings(function: ColumnFunction, at_once: int) -> dict[str, Any]:
    import polars as pl

    zone = function.engine.zone
    return {
        "engine": function.version, "rules": said_by(function.engine.rules),
        "as_of": from_us(function.us, zone).isoformat(),
        "recorded": None if function.recorded is None else sorted(function.recorded), "of": function.of.__name__,
        "at_once": at_once, "polars": pl.__version__,
    }  # fmt: skip


@attrs.frozen
class _Piece:
    """Requests that are judged at once, and up to where in the part they go (see `Done`)."""

    requests: pl.DataFrame
    events: pl.DataFrame | None
    place: dict[str, Any]
    where: str


class _Audit:
    """One run over all parts."""

    def __init__(
        self, function: ColumnFunction, store: Store, at_once: int, parts: list[Part], progress: Progress | None
    ) -> None:
        self.function = function
        self.store = store
        self.at_once = at_once
        self.parts = parts
        self.totals = Totals()
        self.failed: dict[str, str] = {}
        self.redone: list[str] = []
        self.resumed = self.judged = self._left = 0
        self._owner = function.of.root.__name__
        self._needed: NeededColumns = function.needed_columns()
        self._fitting: set[str] = set()
        self._progress = progress
        self._every = sum(map(_height, parts)) if progress is not None else 0

    def run(self) -> PartedAudit:
        """Judge what is not judged yet."""
        for part in self.parts:
            try:
                self._part(part)
            except CannotWrite:
                raise
            except (WindowserviceError, OSError) as error:
                _log.error("the part %s could not be judged: %s", part.name, error)
                self.failed[part.name] = str(error)
        found = PartedAudit(self.store.folder, self.totals, len(self.parts), self.resumed, tuple(self.redone))
        if self.failed:
            raise PartsLeft(self.failed, len(self.parts) - len(self.failed), found)
        self.store.keep_totals(self.totals)
        return found

    def _part(self, part: Part) -> None:
        """Judge a part, and again if its files were changed meanwhile: then what was judged may be of both."""
        before, resumed, judged = self.totals, self.resumed, self.judged
        for _ in range(_TRIES):
            stamps = part.stamps()
            self._judge(part, stamps)
            if part.stamps() == stamps:
                return
            _log.warning("the files of the part %s were changed while it was judged; it is judged again", part.name)
            self.store.forget(part.name, 0)
            self.totals, self.resumed, self.judged = before, resumed, judged
        raise UnreadableFile(part.requests.name, "its part is changed each time it is judged", "wait until it is whole")

    def _judge(self, part: Part, stamps: list[Stamp]) -> None:
        done, changed = self.store.finished(part, stamps)
        if changed:
            _log.warning("the files of the part %s have changed since it was judged; it is judged again", part.name)
            self.redone.append(part.name)
        for note in done:
            self._add(note)
        self.resumed += len(done)
        if done and done[-1].whole:
            return
        for piece in self._pieces(part, done[-1] if done else None):
            judged = self.function(piece.requests, piece.events, where=piece.where)
            self._add(self.store.keep(part, stamps, judged.findings, judged.totals, **piece.place))
            self._left += piece.requests.height
            del piece, judged
            if self._left >= _LOOKED_FOR_AFTER:
                gc.collect()
                self._left = 0

    def _add(self, done: Done) -> None:
        self.totals += Totals.from_dict(done.totals)
        self.judged += done.judged
        if self._progress is not None:
            self._progress(self.judged, self._every)

    def _pieces(self, part: Part, last: Done | None) -> Iterator[_Piece]:
        """Yield the pieces of a part from where it was left."""
        with closing(Cursor(part.requests, skip=last.requests if last else 0)) as above:
            if part.events is None:
                yield from self._cut(part, above, None, last)
                return
            with closing(Cursor(part.events, skip=last.events if last else 0)) as below:
                yield from self._cut(part, above, below, last)

    def _fitted(self, part: Part, above: Cursor, below: Cursor | None) -> None:
        """Choose the columns to be read, after no rows at all were judged: that tells which columns are wrong."""
        empty = above.empty(), None if below is None else below.empty()
        told = repr([None if frame is None else frame.schema for frame in empty])
        for cursor, key in ((above, KEY), (below, self._owner)):
            if cursor is not None and key not in cursor.columns:
                raise MissingColumn(cursor.path.name, key, "telling what belongs together", tuple(cursor.columns))
        if told not in self._fitting:
            self.function.verdicts(*empty, where=f"{part.name}: ")
            self._fitting.add(told)
        above.columns = self._needed.of_requests(above.columns)
        if below is not None:
            below.columns = self._needed.of_events(below.columns)

    def _cut(self, part: Part, above: Cursor, below: Cursor | None, last: Done | None) -> Iterator[_Piece]:
        self._fitted(part, above, below)
        number, before = (last.piece + 1, last.last_key) if last else (0, None)
        in_one, events = above.height <= self.at_once, None
        while number == 0 or above.row < above.height:
            first, key = above.row, None
            begins = 0 if below is None else below.row
            requests = above.take(self.at_once)
            whole = above.row >= above.height
            if not in_one:
                keys = sortable(requests[KEY])
                above.refuse_unsorted(keys, KEY, before, first, twice=False)
                key = keys[-1]
            if below is not None:
                upto = None if whole else key
                events = below.take() if in_one else below.take_until(self._owner, upto, after=before)
            place = {
                "piece": number, "requests": above.row, "events": 0 if below is None else below.row,
                "judged": requests.height, "last_key": key, "whole": whole,
            }  # fmt: skip
            rows = "" if in_one else f", from row {first + 1:,} of requests and {begins + 1:,} of events on"
            yield _Piece(requests, events, place, f"{part.name}{rows}: ")
            number, before = number + 1, key


def _height(part: Part) -> int:
    """Return how many requests a part has; none if that cannot be read, which is told when it is judged."""
    try:
        with closing(Cursor(part.requests)) as cursor:
            return cursor.height
    except UnreadableFile:
        return 0
