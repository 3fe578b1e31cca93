"""What makes the records of a record type whose rows are `Made`: a value, offered by a plugin."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import attrs

from windowservice.asked import told
from windowservice.domain.frozen_mapping import FrozenMapping
from windowservice.errors import InvalidValue

if TYPE_CHECKING:
    from windowservice.engine.seen import Seen

__all__ = ["EVERY", "Maker", "Pairs"]

EVERY: Final = "*"
"""Among the needs of a maker: every table of a ledger but its services and staff."""
Pairs: TypeAlias = Mapping[str, str]
"""Columns of a row, each with the field of a made record that has to be the same for the row to concern it."""


def _needs(said: Mapping[str, Pairs] | Iterable[str]) -> Mapping[str, Pairs]:
    if isinstance(said, str):
        raise InvalidValue("needs", said, f"a list of tables, as in [{said!r}]")
    pairs = said if isinstance(said, Mapping) else dict.fromkeys(said, FrozenMapping[str, str]({}))
    return FrozenMapping[str, Pairs](pairs)


@told
@attrs.frozen(eq=False)
class Maker:
    """Makes the records of one record type from a ledger, as an engine sees it at an instant.

    Attributes:
        makes: what the records are called together, as their record type says: ``rows=Made("turns")``.
        needs: the tables that it reads, those of the ledger (`EVERY` for all of them) and those that are made. Of
            records made of a table with a row that could not be read nothing can be told. A mapping says which of them:
            those whose fields are the same as some columns of the row, as in ``{"staff": {"id": "clerk"}}``.
        make: the function; it gives records or mappings, and is called only if somebody needs them.
        rests_on: the tables of the ledger whose unread rows concern the records, if not those of `needs` and all
            that what is made of them rests on.
    """

    makes: str
    needs: Mapping[str, Pairs] = attrs.field(converter=_needs)
    make: Callable[[Seen], Iterable[Mapping[str, Any]]]
    rests_on: Mapping[str, Pairs] | None = attrs.field(default=None, converter=attrs.converters.optional(_needs))

    def reads(self, table: str, *, made: bool) -> bool:
        """Return whether a table is among the needs; one that is made has to be named there."""
        return table in self.needs or (EVERY in self.needs and not made)
