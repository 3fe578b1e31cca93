"""The events that stop, restart or lengthen a clock, as the rows that its kernel takes."""

from __future__ import annotations

from typing import Any, Final

from windowservice.facts.requests.event import event
from windowservice.language.tree.expressions import Expr, collect
from windowservice.worktime.clock.stops import STATUTORY_REASONS

__all__ = ["CLOCK_ROWS"]

_KINDS: Final = ("suspended", "resumed", "notified", "supplemented", "extension_requested", "extended")


def _told(field: Expr[Any]) -> Expr[bool]:
    """Return true; unknown if the field is not stated and the ledger has no column for it."""
    return field.is_known() | field.is_missing()


_LOCAL: Final = event.reason.is_known() & ~event.reason.one_of(*sorted(STATUTORY_REASONS))
_STOPS: Final = _told(event.reason) & (_LOCAL | _told(event.written))
"""Whether it can be told if a stop counts: one for a statutory reason does only in writing."""

CLOCK_ROWS: Final = collect(
    event.at, event.kind, event.reason, event.written, event.amount,
    where=event.kind.one_of(*_KINDS)
    & ((event.kind != "suspended") | _STOPS)
    & ((event.kind != "extended") | _told(event.amount)),
)  # fmt: skip
