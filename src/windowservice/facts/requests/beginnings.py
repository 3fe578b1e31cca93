"""How often a matter is begun again while it is open."""

from __future__ import annotations

from typing import Final

from windowservice.domain.requests.kinds import OVER_KINDS
from windowservice.facts.requests.event import event
from windowservice.language.tree.expressions import Expr

__all__ = ["begun_again"]

_SUBMITTED: Final = event.kind == "submitted"
_OVER_BEFORE: Final = event.at.previous(where=event.kind.one_of(*OVER_KINDS))
"""A cycle begins after an end, so there is none before a reopening; unknown where ends are not recorded."""


def begun_again() -> Expr[int]:
    """Return how many events hand the matter in or reopen it after its first event, while it is open."""
    again = ((event.kind == "reopened") & _OVER_BEFORE.is_missing()) | (
        _SUBMITTED & event.at.previous(where=_SUBMITTED).is_known()
    )
    return event.kind.count(where=event.kind.one_of("submitted", "reopened") & event.at.previous().is_known() & again)
