"""Auditing many records: objects one by one, frames in columns, a ledger whichever way serves."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date, datetime
from os import PathLike
from typing import TYPE_CHECKING, Any, Final

from windowservice.domain.records import Record
from windowservice.domain.requests.request import Request
from windowservice.engine.making import further_records
from windowservice.engine.report.finding import Subject, log_errors
from windowservice.engine.report.report import Report
from windowservice.errors import InvalidValue, MissingExtra, NotColumnar, NothingToCheck, UnknownName
from windowservice.facts.requests.request import request as request_vocabulary
from windowservice.instants import utc_datetime
from windowservice.language.analysis.told_once import cells
from windowservice.language.tree.facts import Facts, required_facts

if TYPE_CHECKING:
    from windowservice.engine.engine import Engine
    from windowservice.engine.report.column_report import ColumnReport
    from windowservice.ledger.ledger import Ledger

__all__ = [
    "MANY", "audit_frames", "audit_ledger", "audit_records", "judged_requests", "suits_columns",
]  # fmt: skip

_log = logging.getLogger("windowservice.engine")
MANY: Final = 10_000
"""A ledger with at least so many requests is judged in columns."""


def audit_records(
    engine: Engine, records: Iterable[Any], as_of: datetime | date | str, of: type[Facts] | None
) -> Report:
    """Return the report on records in hand, judged one by one; see `Engine.audit`."""
    if isinstance(records, (str, bytes, PathLike, Request)) or not isinstance(records, Iterable):
        wanted = "a Ledger (read one by Ledger.read), a list of records, or frames; for a single record call check"
        raise InvalidValue("records", records, wanted)
    us = engine.instant_of(as_of)
    subjects: list[Subject] = []
    later = repeated = 0
    told: dict[Hashable, Any] = {}
    for record in records:
        name = _named(record)
        if name in told and (not isinstance(record, Request) or told[name] == record):
            repeated += 1
            continue
        if name is not None:
            told[name] = record
        found = engine.runner_of(record, of).judge_or_list(record, us)
        later += not found
        subjects += found
    log_errors(subjects)
    _log.info("audited %d records, %d of them begin later", len(subjects), later)
    report = Report(engine, us, subjects)
    report.later, report.repeated = later, repeated
    return report


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
    from windowservice.engine.seen import ledger_us  # only whole ledgers need these
    from windowservice.rules.known_rows import with_known_rows

    as_of = utc_datetime(ledger_us(engine, ledger, as_of))
    rows = further_records(engine, ledger, as_of)
    requests = judged_requests(engine, ledger)
    if columns is None:
        columns = suits_columns(ledger)
    found: Report | None = _in_columns(engine, ledger, rows, as_of) if columns and requests else None
    if found is None:
        records = (*requests, *rows)
        found = audit_records(engine, records if track is None else track(records), as_of, None)
    found.load, found.ledger = with_known_rows(engine, ledger).report, ledger
    return found


def judged_requests(engine: Engine, ledger: Ledger) -> tuple[Request, ...]:
    """Return the requests of a ledger, or none if the engine has no rule on requests."""
    return ledger.requests if request_vocabulary in engine.judged_vocabularies else ()


def suits_columns(ledger: Ledger) -> bool:
    """Whether the requests of a ledger are better judged in columns: they are many."""
    return len(ledger) >= MANY and _have_columns()


def _have_columns() -> bool:
    from importlib.util import find_spec

    return find_spec("polars") is not None and find_spec("numpy") is not None


def _in_columns(
    engine: Engine, ledger: Ledger, rows: Sequence[Record], as_of: datetime | date | str
) -> ColumnReport | None:
    """Return the report with the requests in columns, and further records one by one.

    None if the ledger holds fields that only single records can say are wrong.
    """
    from windowservice.engine.columns import added_facts, judge_frames
    from windowservice.engine.frames.requests import request_frames
    from windowservice.engine.report.column_report import ColumnReport

    runner, us = engine.runner_of(None, request_vocabulary), engine.instant_of(as_of)
    try:
        requests, events = request_frames(ledger.requests, us, added_facts(runner))
    except NotColumnar as reason:
        _log.warning("the ledger is judged request by request: %s", reason)
        return None
    unread = {request.id: request.unread for request in ledger.requests if request.unread}
    found = judge_frames(runner, requests, events, us, recorded=ledger.recorded, unread=unread)
    return ColumnReport(engine, found, further=audit_records(engine, rows, as_of, None))


def audit_frames(
    engine: Engine, records: Any, children: Any, as_of: datetime | date | str, of: type[Facts] | None,
    recorded: frozenset[str] | None,
) -> ColumnReport:  # fmt: skip
    """Return the report on frames, judged in columns; see `Engine.audit`."""
    if not _have_columns():
        raise MissingExtra("polars", "columns", "judging frames")
    from windowservice.engine.columns import judge_frames
    from windowservice.engine.frames.frames import table_names, to_polars_frame
    from windowservice.engine.report.column_report import ColumnReport

    if isinstance(records, Mapping):
        if children is not None:
            raise InvalidValue("children", type(children).__name__, "left out: the mapping names all tables")
        root, records, children = _from_tables(engine, records, of)
        frame = to_polars_frame(records, table_names(root)[0])
    else:
        frame = to_polars_frame(records, "records")
        children = None if children is None else to_polars_frame(children, "children")
        below = None if children is None else frozenset(children.columns)
        root = _spoken_of(engine, frozenset(frame.columns), below, of)
    us = engine.instant_of(as_of)
    found = judge_frames(engine.runner_of(None, root), frame, children, us, recorded=recorded)
    _log.info("audited %d records in columns", found.height)
    return ColumnReport(engine, found)


def _from_tables(engine: Engine, tables: Mapping[str, Any], of: type[Facts] | None) -> tuple[type[Facts], Any, Any]:
    """Return the vocabulary that the names of tables speak of, its records and their children."""
    from windowservice.engine.frames.frames import table_names

    vocabularies = engine.judged_vocabularies if of is None else (of.root,)
    for root in vocabularies:
        upper, lower = table_names(root)
        if upper in tables:
            known = tuple(name for name in (upper, lower) if name is not None)
            for name in tables:
                if name not in known:
                    raise UnknownName("table", str(name), known)
            return root, tables[upper], tables.get(lower) if lower is not None else None
    known = tuple(name for root in vocabularies for name in table_names(root) if name is not None)
    raise InvalidValue("records", tuple(map(str, tables)), f"frames by the names of tables ({', '.join(known)})")


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
