"""What counts as the answer of the window to papers handed in, in time."""

from __future__ import annotations

from datetime import datetime

from windowservice.facts.requests.request import request as r
from windowservice.language.tree.expr import Expr

__all__ = ["answered_by"]


def answered_by(due: Expr[datetime]) -> Expr[bool]:
    """Return whether the window answered by then, or the matter ended by then without an answer.

    Each kind is asked for by itself too: where one is not recorded, what came late may not have been the first.
    """
    left = r.answered_at.otherwise(r.withdrawn_at)
    each = r.notified_at.by(due) | r.accepted_at.by(due) | r.refused_at.by(due)
    return left.otherwise(r.closed_at).by(due) | left.by(due) | each
