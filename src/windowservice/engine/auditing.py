"""Auditing many records: objects one by one, frames in columns, a ledger whichever way serves."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence, Sized
from datetime import date, datetime
from os import PathLike
from typing import TYPE_CHECKING, Any, Final

from windowservice.domain.records import Record
from windowservice.domain.requests.request import Request
from windowservice.engine.frames.intake import Intake
from windowservice.engine.making import further_rows, judged_requests, seen_whole
from windowservice.engine.report.finding import log_errors
from windowservice.engine.report.report import Report
from windowservice.engine.report.stores.objects import ObjectStore
from windowservice.engine.report.stores.subject import Subject
from windowservice.errors import (
    InvalidValue,
    MissingExtra,
    NotColumnar,
    NothingToCheck,
    UnknownName,
    WindowserviceError,
)
from windowservice.facts.requests.request import request as request_vocabulary
from windowservice.language.analysis.told_once import cells
from windowservice.language.relations.lookup import lookups_below
from windowservice.language.tree.facts import Facts, relation_of, required_facts

if TYPE_CHECKING:
    from windowservice.engine.engine import Engine
    from windowservice.engine.relations.seen_frames import SeenFrames
    from windowservice.engine.report.stores.store import Store
    from windowservice.engine.running import Runner
    from windowservice.engine.seen import Seen
    from windowservice.ledger.ledger import Ledger

__all__ = [
    "MANY", "audit_frames", "audit_ledger", "audit_records", "suits_columns",
]  # fmt: skip

_log = logging.getLogger("windowservice.engine")
MANY: Final = 10_000
"""Of a ledger, a table with at least so many records is judged in columns."""


def audit_records(
    engine: Engine, records: Iterable[Any], as_of: datetime | date | str, of: type[Facts] | None
) -> Report:
    """Return the report on records in hand, judged one by one; see `Engine.audit`."""
    if isinstance(records, (str, bytes, PathLike, Request)) or not isinstance(records, Iterable):
        wanted = "a Ledger (read one by Ledger.read), a list of records, or frames; for a single record call check"
        raise InvalidValue("records", records, wanted)
    us = engine.instant_of(as_of)
    held: dict[Runner, list[Subject]] = {}
    given, later, repeated = (Counter["Runner"]() for _ in range(3))
    told: dict[Hashable, Any] = {}
    for record in records:
        runner, name = engine.runner_of(record, of), _named(record)
        given[runner] += 1
        mine = held.setdefault(runner, [])
        if name in told and (not isinstance(record, Request) or told[name] == record):
            repeated[runner] += 1
            continue
        if name is not None:
            told[name] = record
        found = runner.judge_or_list(record, us)
        later[runner] += not found
        mine += found
    stores = []
    for runner, mine in held.items():
        intake = Intake(given[runner], later_records=later[runner], repeated_records=repeated[runner])
        stores.append(ObjectStore(runner, us, mine, intake))
    log_errors(subject for mine in held.values() for subject in mine)
    _log.info("audited %d records, %d of them begin later", sum(map(len, stores)), later.total())
    return Report(engine, us, stores)


def _named(record: Any) -> Hashable | None:
    """Return what a record says that has a name, of a request its number; None if nobody knows one from another."""
    if isinstance(record, Request):
        return record.id
    if isinstance(record, Record):  # a ledger has each row once
        return None
    id_ = record.get("id") if isinstance(record, Mapping) else getattr(record, "id", None)
    return None if id_ is None else cells(record)


def audit_ledger(
    engine: Engine, ledger: Ledger, as_of: datetime | date | str, *, columns: bool | None = None,
    track: Callable[[Sequence[Any]], Iterable[Any]] | None = None,
) -> Report:  # fmt: skip
    """Return the report on a ledger by its engine; see `Engine.audit`."""
    from windowservice.rules.known_rows import with_known_rows  # only whole ledgers need it

    seen = seen_whole(engine, ledger, as_of)
    us, when = seen.us, seen.as_of
    frames, made = _made_in_columns(seen, columns)
    tables: dict[Runner, list[Any]] = {}
    done = [str(store.runner.vocabulary.options.table) for store in made]
    for record in (*judged_requests(seen, ledger.requests), *further_rows(seen, but=done)):
        tables.setdefault(engine.runner_of(record), []).append(record)
    stores: dict[Runner, Store | None] = {}
    for runner, records in tables.items():
        many = suits_columns(records) if columns is None else columns
        stores[runner] = _in_columns(runner, ledger, records, us, frames) if many else None
    others = [record for runner, records in tables.items() if stores[runner] is None for record in records]
    one_by_one = audit_records(engine, others if track is None else track(others), when, None).stores
    stores |= {store.runner: store for store in one_by_one}
    found = [*(store for store in stores.values() if store is not None), *made]
    order = {table: place for place, table in enumerate((*ledger.records, *engine.makers))}
    found.sort(
        key=lambda store: order.get(str(store.runner.vocabulary.options.table), -1)
    )  # whichever way it is judged
    return Report(engine, us, found, load=with_known_rows(engine, ledger).report, ledger=ledger)


def suits_columns(records: Sized) -> bool:
    """Whether records of a ledger, of one type, are better judged in columns: they are many."""
    return len(records) >= MANY and _have_columns()


def _have_columns() -> bool:
    from importlib.util import find_spec

    return find_spec("polars") is not None and find_spec("numpy") is not None


def _made_in_columns(seen: Seen, columns: bool | None) -> tuple[SeenFrames | None, list[Store]]:
    """Return the verdicts on records that are made by expressions of large tables, and the frames that were read."""
    made = [of for of in seen.engine.judged_vocabularies if relation_of(of.options.rows) is not None]
    many = [of for of in made if (_rests_on_many(of, seen) if columns is None else columns)]
    if not many:
        return None, []
    from windowservice.engine.columns import judge_read_frames
    from windowservice.engine.relations.asked import asked_below
    from windowservice.engine.relations.seen_frames import FramesOfLedger, SeenFrames

    found = [
        of for of in many if not lookups_below(asked_below(seen.engine, of).exprs)
    ]  # those are filled in row by row
    stores: list[Store] = []
    frames = SeenFrames(seen.engine, seen.us, FramesOfLedger(seen), found)
    for of in found:
        try:
            stores.append(judge_read_frames(seen.engine.runner_of(None, of), frames.judged(of), seen.us, None))
        except WindowserviceError as reason:
            _log.info("the records of %s are made one by one: %s", of.__name__, reason)
    return frames, stores


def _rests_on_many(of: type[Facts], seen: Seen) -> bool:
    """Whether a table that records are made of, by way of others too, suits columns."""
    relation = relation_of(of.options.rows)
    if relation is not None:
        return any(_rests_on_many(one, seen) for one, _ in relation.told_of)
    return suits_columns(
        seen.requests if of is request_vocabulary else seen.ledger.records.get(of.options.table or "", ())
    )


def _in_columns(
    runner: Runner, ledger: Ledger, records: Sequence[Any], us: int, read: SeenFrames | None = None
) -> Store | None:
    """Return the verdicts on the requests, or on the rows of another table, judged in columns.

    None if columns cannot tell of them, such as of fields that only single records can say are wrong. What of tables
    was read before is taken from there.
    """
    from windowservice.engine.columns import added_facts, judge_frames, judge_read_frames
    from windowservice.engine.frames.in_hand import record_frames
    from windowservice.engine.frames.requests import request_frames

    of, added = runner.vocabulary, added_facts(runner)
    if of is not request_vocabulary:
        frames = None if read is None else read.known(of)
        frames = frames or record_frames(records, of, us, runner.binding.calendar.zone, added)
        return None if frames is None else judge_read_frames(runner, frames, us, None)
    try:
        requests, events = request_frames(records, us, added)
    except NotColumnar as reason:
        _log.warning("the ledger is judged request by request: %s", reason)
        return None
    unread = {request.id: request.unread for request in records if request.unread}
    return judge_frames(runner, requests, events, us, recorded=ledger.recorded, unread=unread)


def audit_frames(
    engine: Engine, records: Any, children: Any, as_of: datetime | date | str, of: type[Facts] | None,
    recorded: frozenset[str] | None,
) -> Report:  # fmt: skip
    """Return the report on frames, judged in columns; see `Engine.audit`."""
    if not _have_columns():
        raise MissingExtra("polars", "columns", "judging frames")
    from windowservice.engine.columns import judge_frames
    from windowservice.engine.frames.frames import to_polars_frame

    us = engine.instant_of(as_of)
    if isinstance(records, Mapping):
        if children is not None:
            raise InvalidValue("children", type(children).__name__, "left out: the mapping names all tables")
        return Report(engine, us, _audit_tables(engine, records, us, of, recorded))
    frame = to_polars_frame(records, "records")
    children = None if children is None else to_polars_frame(children, "children")
    columns = None if children is None else frozenset(children.columns)
    root = _spoken_of(engine, frozenset(frame.columns), columns, of)
    found = judge_frames(engine.runner_of(None, root), frame, children, us, recorded=recorded)
    _log.info("audited %d records in columns", len(found))
    return Report(engine, us, (found,))


def _audit_tables(
    engine: Engine, tables: Mapping[str, Any], us: int, of: type[Facts] | None, recorded: frozenset[str] | None
) -> list[Store]:
    """Return the verdicts on frames by the names of tables, and on records that are made of them by expressions."""
    from windowservice.engine.columns import judge_read_frames
    from windowservice.engine.relations.asked import asked_below, below
    from windowservice.engine.relations.seen_frames import FramesInHand, SeenFrames

    judged = engine.judged_vocabularies if of is None else (engine.runner_of(None, of).vocabulary,)
    given = _by_type(tables, list(dict.fromkeys(one for root in judged for one in asked_below(engine, root).types)))
    if recorded is not None and request_vocabulary not in given:
        wanted = "left out: only requests say which kinds of event their source records"
        raise InvalidValue("recorded", recorded, wanted)
    mine = [root for root in judged if not given.keys().isdisjoint(below(root))]
    frames = SeenFrames(engine, us, FramesInHand(engine, us, given, recorded), mine)
    stores: list[Store] = []
    for root in mine:
        told = recorded if root is request_vocabulary else None
        stores.append(judge_read_frames(engine.runner_of(None, root), frames.judged(root), us, told))
    _log.info("audited %d records in columns", sum(map(len, stores)))
    return stores


def _by_type(tables: Mapping[str, Any], types: Sequence[type[Facts]]) -> dict[type[Facts], tuple[Any, Any]]:
    """Return the records, with their children, of each type of which the names of tables speak."""
    from windowservice.engine.frames.frames import table_names

    given = [of for of in types if relation_of(of.options.rows) is None]
    names = {of: (_named_in(tables, of), table_names(of)[1]) for of in given}
    found = {
        of: (tables[upper], None if lower is None else tables.get(lower))
        for of, (upper, lower) in names.items()
        if upper is not None
    }
    if not found:
        known = tuple(name for of in given for name in table_names(of) if name is not None)
        raise InvalidValue("records", tuple(map(str, tables)), f"frames by the names of tables ({', '.join(known)})")
    used = {name for of in found for name in names[of]}
    for name in tables:
        if name not in used:
            known = tuple(name for of in found for name in table_names(of) if name is not None)
            raise UnknownName("table", str(name), known)
    return found


def _named_in(tables: Mapping[str, Any], of: type[Facts]) -> str | None:
    """Return the name under which tables hold the records of a type: that of its table, or its plural."""
    from windowservice.engine.frames.frames import table_names

    return next((name for name in (table_names(of)[0], of.options.table) if name is not None and name in tables), None)


def _spoken_of(
    engine: Engine, columns: frozenset[str], below: frozenset[str] | None, of: type[Facts] | None
) -> type[Facts]:
    """Return the vocabulary of a frame: the one given, the only one, or the one that it fits.

    Beside a frame of children it is one that has children: the one after which a column of theirs is named.

    Raises:
        NothingToCheck: if none fits, or several do; which there are.
    """
    if of is not None:
        return of.root
    every = engine.judged_vocabularies
    if below is not None:
        every = tuple(root for root in every if root.children is not None)
        named = tuple(root for root in every if root.__name__ in below)
        every = named or every
    fitting = [root for root in every if _fits(root, columns)]
    for choice in (fitting, every):
        if len(choice) == 1:
            return choice[0]
    if request_vocabulary in (fitting or ()):
        return request_vocabulary
    raise NothingToCheck("a frame", tuple(root.__name__ for root in fitting or every))


def _fits(root: type[Facts], columns: frozenset[str]) -> bool:
    """Whether a frame has the required facts of a vocabulary, and says more of it than of something else.

    Where only the number of a record is required, half of its columns have to be facts.
    """
    given = {name for fact in root.given.values() if fact.definition is None for name in (fact.name, fact.read) if name}
    if not all(fact.name in columns or fact.read in columns for fact in required_facts(root)):
        return False
    least = {fact.name for fact in required_facts(root)} - {"id"}
    return bool(least) or len(columns & given - {"id"}) * 2 > len(columns - {"id"})
