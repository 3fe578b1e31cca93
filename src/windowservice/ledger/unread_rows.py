"""What rows that were refused could have said: their table, and of their cells those that can be read all the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

import attrs

from windowservice.domain.unread import Unread
from windowservice.ledger.drafts import Place

__all__ = ["EVENTS", "REQUESTS", "SERVICES", "Known", "by_request", "unread_row"]

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


@attrs.frozen
class Known:
    """What cells of a broken row are taken by: values that are known to stand in a column.

    Attributes:
        values: by ledger column, the values that it can have; a column that is not there cannot be told by its cells.
    """

    values: Mapping[str, frozenset[str]]

    def said(self, cells: Iterable[str]) -> dict[str, str]:
        """Return the columns that exactly one cell of a row can belong to."""
        texts = [cell.strip() for cell in cells]
        found = {name: {text for text in texts if text in known} for name, known in self.values.items()}
        return {name: next(iter(of)) for name, of in found.items() if len(of) == 1}
