"""What may be said of one event of a request."""

from __future__ import annotations

from datetime import datetime

from windowservice.domain.requests.kinds import CLOSING_KINDS, EVENT_KINDS
from windowservice.language.tree.fact import code, fact
from windowservice.language.tree.facts import Facts

__all__ = ["event"]


class event(  # noqa: N801 - vocabularies are written in lower case, as they stand in rules
    Facts,
    stored="microseconds",
    happens="at",
    kind="kind",
    extra="extra",
    closes=CLOSING_KINDS,
):
    """An event of a request: who did what, when."""

    at = fact(datetime, "When it happened", required=True, read="us")
    kind = fact(str, "What happened, one of the event kinds", required=True, words=EVENT_KINDS)
    by = code("Clerk who did it")
    post = code("Post or counter at which it was done")
    to = code("Clerk or post it was given to")
    items = fact(frozenset[str], "Ids of the materials spoken of")
    reason = code("Reason code, such as hearing for a stop or new_rule for a second notice")
    written = fact(bool, "Whether it was told in writing")
    slip = code("Number of the slip or receipt")
    amount = fact(str, "By how much an extension lengthens the limit", limit=True)
    slot_begin = fact(datetime, "Begin of the booked slot", read="slot_begin_us", planned=True)
    slot_end = fact(datetime, "End of the booked slot", read="slot_end_us", planned=True)
    score = fact(int, "Grade given in a rating", unit="grade")
    note = fact(str, "Remark in words")
    date_only = fact(bool, "Whether only the date of the time is known; so it is where a bare date stands")
