"""What may be said of one event of a request."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from windowservice.domain.requests.event import CLOSING_KINDS, EVENT_KINDS
from windowservice.language.tree.fact import fact
from windowservice.language.tree.facts import Facts

__all__ = ["CLOSING_KINDS", "OWNING_KINDS", "event"]

OWNING_KINDS: Final = ("asked", "submitted", "taken_over")
"""The kinds of event whose clerk owns the matter from then on."""


class event(  # noqa: N801 - vocabularies are written in lower case, as they stand in rules
    Facts,
    stored="microseconds",
    happens="at",
    kind="kind",
    sorted=True,
    extra="extra",
    closes=CLOSING_KINDS,
):
    """An event of a request: who did what, when."""

    at = fact(datetime, "When it happened", required=True, read="us")
    kind = fact(str, "What happened", required=True, words=EVENT_KINDS)
    by = fact(str, "The clerk who did it")
    post = fact(str, "The post at which it was done")
    to = fact(str, "The clerk or post it was given to")
    items = fact(frozenset[str], "The papers spoken of")
    reason = fact(str, "The reason code")
    written = fact(bool, "Whether it was told in writing")
    slip = fact(str, "The number of the slip")
    amount = fact(str, "By how much an extension lengthens the limit, as limit text")
    slot_begin = fact(datetime, "When the booked slot begins", read="slot_begin_us", planned=True)
    slot_end = fact(datetime, "When the booked slot ends", read="slot_end_us", planned=True)
    score = fact(int, "The grade of a rating")
    note = fact(str, "A remark")
    date_only = fact(
        bool, "Whether only its date is known: it is in time on the last day, whatever the hour of the due"
    )
