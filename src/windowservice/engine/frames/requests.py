"""Requests in hand as frames: what a ledger was read into, so that it can be judged in columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from windowservice.domain.requests.event import Event
from windowservice.domain.requests.request import Request
from windowservice.engine.frames.frames import EXTRA
from windowservice.errors import NotColumnar, WindowserviceError
from windowservice.facts.requests.event import event as event_vocabulary
from windowservice.language.python.facts import added_reader
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.values import ValueType

if TYPE_CHECKING:
    import polars as pl

__all__ = ["exact", "request_frames", "unfit_requests"]

V = ValueType
_TEXTS: Final = ("by", "post", "to", "reason", "slip", "amount", "note")
_BOUND: Final = 10**18
"""Whole numbers in columns are smaller."""


def request_frames(
    requests: Iterable[Request], us: int, added: Sequence[Fact[Any]] = ()
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return requests as they were known at an instant (microseconds UTC), as a frame of them and one of their events.

    Args:
        requests: the requests.
        us: the instant; later corrections are undone. Later events stay, for the reader of frames to leave out.
        added: the facts that plugins add and rules read.

    Raises:
        NotColumnar: if an extra field holds no value of its fact: that is an error of single rules, found by judging
            object by object.
    """
    import polars as pl

    known = [_as_known(request, us) for request in requests]
    owners = [request.id for request in known for _ in request.events]
    events = [event for request in known for event in request.events]
    untold = {request.untold for request in known}
    if len(untold) > 1:
        raise NotColumnar("requests", "that come of ledgers with different columns")
    columns = {
        "id": pl.Series([r.id for r in known], dtype=pl.String),
        "bank": pl.Series([r.bank for r in known], dtype=pl.String),
        "service": pl.Series([r.service for r in known], dtype=pl.String),
        "amount": exact([r.amount for r in known]),
        "channel": pl.Series([r.channel for r in known], dtype=pl.String),
    }
    of_requests = [fact for fact in added if _is_request(fact)]
    of_events = [fact for fact in added if not _is_request(fact)]
    columns |= {_column(fact): _extras(fact, known) for fact in of_requests}
    said = {"request": owners, **_event_columns(events, of_events)}
    for name in frozenset[str]().union(*untold):
        said.pop(event_vocabulary.given[name].read or name)
    return pl.DataFrame(columns), pl.DataFrame(said)


def _is_request(fact: Fact[Any]) -> bool:
    from windowservice.facts.requests.request import request

    return fact.scope is request


def _column(fact: Fact[Any]) -> str:
    return f"{EXTRA}{fact.read or fact.name}"


def _as_known(request: Request, us: int) -> Request:
    """Return the request with corrections made after the instant undone; what comes later is left in."""
    return request.uncorrected_at(us) if request.is_amended else request


def _event_columns(events: list[Event], added: list[Fact[Any]]) -> dict[str, pl.Series]:
    import polars as pl

    columns = {
        "us": pl.Series([e.us for e in events], dtype=pl.Int64),
        "kind": pl.Series([e.kind for e in events], dtype=pl.String),
        "seq": pl.Series([e.seq for e in events], dtype=pl.Int64),
        "items": pl.Series([None if e.items is None else sorted(e.items) for e in events], dtype=pl.List(pl.String)),
        "date_only": pl.Series([e.date_only for e in events], dtype=pl.Boolean),
        "written": pl.Series([e.written for e in events], dtype=pl.Boolean),
        "slot_begin_us": pl.Series([e.slot_begin_us for e in events], dtype=pl.Int64),
        "slot_end_us": pl.Series([e.slot_end_us for e in events], dtype=pl.Int64),
        "score": exact([e.score for e in events]),
    }
    columns |= {name: pl.Series([getattr(e, name) for e in events], dtype=pl.String) for name in _TEXTS}
    return columns | {_column(fact): _extras(fact, events) for fact in added}


def exact(values: list[Any]) -> pl.Series:
    """Return exact numbers as a column: whole ones as integers, others as decimals."""
    import polars as pl

    if all(value is None or type(value) is int for value in values):
        return pl.Series(values, dtype=pl.Int64)
    return pl.Series([_written(value) for value in values]).cast(pl.Decimal(38, 18))


def _written(value: Any) -> str | None:
    return None if value is None else str(value) if type(value) is int else f"{value:f}"  # an int never by a float


def _extras(fact: Fact[Any], holders: Iterable[Request | Event]) -> pl.Series:
    """Return a further field of requests or events as a column of its fact's type."""
    import polars as pl

    from windowservice.engine.frames.columns import empty_column

    read, name = added_reader("microseconds", fact), fact.read or fact.name
    values: list[Any] = []
    for holder in holders:
        value = holder.extra.get(name)
        try:
            found = None if value is None else read(value)
        except WindowserviceError as error:
            raise NotColumnar(_column(fact), str(error)) from error
        if type(found) is int and abs(found) >= _BOUND:
            raise NotColumnar(_column(fact), f"the number {found}")
        values.append(sorted(found) if isinstance(found, frozenset) else found)
    if fact.type in (V.INT, V.DECIMAL):
        return exact(values)
    if fact.type in (V.RATIO, V.LIMIT):
        values = [None if value is None else str(value) for value in values]
    return pl.Series(values, dtype=empty_column("", fact.type, 0).dtype)


def unfit_requests(records: pl.DataFrame) -> dict[int, str]:
    """Return the rows that no `Request` can be made of, with the reason: an id or name that is an empty text."""
    import polars as pl

    from windowservice.errors import InvalidValue

    found: dict[int, str] = {}
    for name in ("id", "bank", "service", "channel"):
        empty = records.select(pl.col(name).cast(pl.String) == "").to_series()
        for row in empty.fill_null(False).arg_true().to_list():
            wanted = "a non-empty text or None" if name == "channel" else "a non-empty text"
            found.setdefault(row, str(InvalidValue(name, "", wanted)))
    return found
