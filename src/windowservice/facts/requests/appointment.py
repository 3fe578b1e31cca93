"""Booked slots that either side missed before another was booked: a booking made later does not mend them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from windowservice.domain.requests.kinds import CLOSING_KINDS
from windowservice.facts.requests.event import event
from windowservice.language.tree.expressions import Expr, choose

__all__ = ["first_missed_end", "missed_slots", "unserved_slots"]

_BOOKED: Final = (event.kind == "booked") & event.slot_end.is_known()
_ATTENDED: Final = event.kind.one_of("served", "delivered")
_LAST_END: Final = event.slot_end.previous(where=_BOOKED)
_GIVEN_UP: Final = event.kind.one_of("cancelled", *CLOSING_KINDS) & (
    event.at < event.slot_begin.previous(where=_BOOKED)
)
_UNTOLD: Final = (event.kind.previous(where=_BOOKED | _ATTENDED) != "booked") & (
    event.kind.previous(where=_BOOKED | (event.kind == "arrived")) == "booked"
)
"""Whether somebody was served later without a word of the arrival: it may have been in time."""
_NEVER_TOLD: Final = event.slot_end.previous(where=_ATTENDED) > event.at
"""Who was served booked nothing by that, so this is unknown."""
_ANSWERS: Final = event.kind.count(
    where=event.kind.one_of("arrived", "served", "delivered", "cancelled", *CLOSING_KINDS)
)
"""Unknown where one of the kinds is not recorded: the bank may have come, or cancelled."""


def _missed(grace: Expr[timedelta]) -> Expr[bool]:
    """Return whether an event books anew after a slot that nobody came to, nor gave up before it began."""
    came = event.kind.one_of("arrived", "served", "delivered") & (event.at <= _LAST_END + grace)
    return (
        _BOOKED
        & _LAST_END.is_known()
        & (event.at > _LAST_END + grace)
        & (event.kind.previous(where=_BOOKED | came | _GIVEN_UP) == "booked")
        & (~_UNTOLD | _NEVER_TOLD)
    )


def missed_slots(grace: Expr[timedelta]) -> Expr[int]:
    """Return how many slots of a request were missed before another was booked, given the grace of a slot."""
    bookings = event.kind.count(where=_BOOKED)
    return choose((bookings > 1) & (_ANSWERS >= 0), event.kind.count(where=_missed(grace)), 0)


def first_missed_end(grace: Expr[timedelta]) -> Expr[datetime]:
    """Return when the first such slot ended; missing if there is none."""
    return _LAST_END.first(where=_missed(grace))


def unserved_slots(grace: Expr[timedelta]) -> Expr[int]:
    """Return in how many slots a bank came in time and was not served, before another slot was booked."""
    came = (event.kind == "arrived") & (event.at <= _LAST_END)
    served = event.kind == "served"
    unserved = (
        _BOOKED
        & _LAST_END.is_known()
        & (event.at > _LAST_END + grace)
        & (event.kind.previous(where=_BOOKED | came) == "arrived")
        & event.at.previous(where=served & (_LAST_END.is_missing() | (event.at <= _LAST_END + grace))).is_missing()
    )
    both_told = event.kind.count(where=served | (event.kind == "arrived")) >= 0
    return choose((event.kind.count(where=_BOOKED) > 1) & both_told, event.kind.count(where=unserved), 0)
