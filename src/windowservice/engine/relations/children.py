"""Children that stand in a table of their own: each row of a ledger with those that name it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from windowservice.domain.records import Record
from windowservice.domain.unread import Unread
from windowservice.engine.unread import with_unread
from windowservice.language.analysis.told_once import as_they_happened
from windowservice.language.tree.facts import Facts, children_key
from windowservice.ledger.schema import parent_key, stands_under

if TYPE_CHECKING:
    from windowservice.ledger.ledger import Ledger

__all__ = ["rows_with_children"]


def rows_with_children(
    ledger: Ledger, of: type[Facts], rows: Sequence[Record], unread: Sequence[Unread]
) -> tuple[Record, ...]:
    """Return the rows of a record type, each with its children in order of time.

    Of a row whose child could not be read, and of all if the ledger has no table of children, nothing can be told.

    Args:
        ledger: the ledger.
        of: the type of the rows.
        rows: the rows.
        unread: what could not be read of the ledger, so far as it is in sight.
    """
    child, under = of.children, children_key(of)
    if child is None or under is None or child.options.table is None or stands_under(child) is not of:
        return tuple(rows)
    name, table = of.__name__, child.options.table
    held: dict[str, list[Record]] = {}
    for row in as_they_happened(child, [*ledger.records.get(table, ())]):
        held.setdefault(row[name], []).append(row)
    lost = () if table in ledger.records else (Unread(table, table, 0, "the ledger has no such table"),)
    key = parent_key(of)
    found = (
        Record(row.table, {**row, under: tuple(held.get(row[key], ()))}, row.place, (*row.unread, *lost), row.recorded)
        for row in rows
    )
    return with_unread(found, {table: {name: key}}, unread)
