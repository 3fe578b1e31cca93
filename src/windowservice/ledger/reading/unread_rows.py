"""What rows that were refused could have said: their table, and of their cells those that can be read all the same."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from windowservice.domain.unread import Unread
from windowservice.ledger.cells.cell import is_blank
from windowservice.ledger.mapping.plan import RowFault
from windowservice.ledger.reading.drafts import Place

__all__ = ["EVENTS", "REQUESTS", "SERVICES", "by_request", "lost_pieces", "lost_rows", "say_the_same"]

EVENTS: Final = "events"
REQUESTS: Final = "requests"
SERVICES: Final = "services"
_MARKS: Final = re.compile(r"[\W_]+")
_ZEROS: Final = re.compile(r"(?<!\d)0+(?=\d)")


def unread_row(table: str, place: Place, reason: str, said: Mapping[str, Any]) -> Unread:
    """Return a row that was refused, with what could be read of it."""
    at = said.get("at") if table == EVENTS else None
    kind = said.get("kind") or "" if table == EVENTS else ""
    return Unread(table, *place, reason, kind, at if isinstance(at, datetime) else None, dict(said))


def by_request(rows: Iterable[Unread], requests: Mapping[str, str]) -> dict[str, tuple[Unread, ...]]:
    """Return what could not be read of each request, by its id.

    An event whose request could not be read may be of any of them; one that names a request that is not there may be
    of the one whose id is the same but for marks, case and leading zeros. A service whose row could not be read may
    have any limits.

    Args:
        rows: the rows that were refused.
        requests: the service of each request, by its id.
    """
    found: dict[str, list[Unread]] = {}
    alike: dict[str, list[str]] | None = None
    for row in rows:
        if row.table == SERVICES:
            service = row.said.get("id")
            ids: Iterable[str] = [id_ for id_, one in requests.items() if service in (None, one)]
        elif row.table in (EVENTS, REQUESTS):
            named = row.said.get("request" if row.table == EVENTS else "id")
            if named is None:
                ids = requests if row.table == EVENTS else ()
            elif named in requests:
                ids = (named,)
            else:
                if alike is None:
                    alike = _alike(requests)
                ids = alike.get(_bare(str(named)), ()) if row.table == EVENTS else ()
        else:
            continue
        for id_ in ids:
            found.setdefault(id_, []).append(row)
    return {id_: tuple(rows) for id_, rows in found.items()}


def _alike(ids: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for id_ in ids:
        found.setdefault(_bare(id_), []).append(id_)
    return found


def _bare(id_: str) -> str:
    return _ZEROS.sub("", _MARKS.sub("", id_)).casefold()


def lost_rows(
    place: Place, reason: str, cells: Sequence[Any], plans: Iterable[tuple[str, Any]],
    id_of: Callable[[Sequence[Any]], Any] | None,
) -> Iterator[Unread]:  # fmt: skip
    """Yield what a row that was refused could have said.

    Args:
        place: its file and number.
        reason: why it was refused.
        cells: its cells.
        plans: the tables that it is read into, each with how.
        id_of: how the id of its request is read, if it is the row of one.
    """
    for table, plan in plans:
        said = plan.readable(cells)
        if said is None:
            continue
        if table == EVENTS and id_of is not None:
            said.pop("request", None)
            with contextlib.suppress(RowFault):
                said["request"] = id_of(cells)
        if table == EVENTS and plan.lasts:
            said.pop("kind", None)  # it would have ended the event before it too
        yield unread_row(table, place, reason, said)


def lost_pieces(
    place: Place, reason: str, cells: Iterable[str], tables: Iterable[str], known: Mapping[str, frozenset[str]]
) -> Iterator[Unread]:
    """Yield what a row that could not be taken apart could have said: what exactly one of its cells can mean.

    Args:
        place: its file and number.
        reason: why it was refused.
        cells: its cells, in whatever columns they belong.
        tables: the tables that it is read into.
        known: by column, the values that it can have; a column that is not there cannot be told.
    """
    texts = [cell.strip() for cell in cells]
    found = {name: {text for text in texts if text in values} for name, values in known.items()}
    said = {name: next(iter(of)) for name, of in found.items() if len(of) == 1}
    for table in tables:
        yield unread_row(table, place, reason, said)


def say_the_same(one: Sequence[Any], other: Sequence[Any]) -> bool:
    """Return whether the cells of two rows are the same; an empty cell is like any other empty one."""
    pairs = zip(one, other, strict=True)
    return all(a is b or a == b or (is_blank(a) and is_blank(b)) for a, b in pairs)
