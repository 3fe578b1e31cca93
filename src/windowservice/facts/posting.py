"""What may be said of what hangs at the counter, and what an observer sees there."""

from __future__ import annotations

from datetime import date, datetime

from windowservice.language.facts import Facts, Options, fact
from windowservice.ledger.supervision_tables import CHECKLISTS, POSTED_KINDS

__all__ = ["observation", "posting"]


class posting(Facts, options=Options(extra="extra", table="postings")):  # noqa: N801
    """One notice that hung at the counter, from a day to a day."""

    id = fact(str, "Number of the posting", required=True)
    kind = fact(str, "What it says", required=True, words=POSTED_KINDS)
    service = fact(str, "Kind of business that it is about")
    shown = fact(str, "What it says: for a commitment its limit, else the version of the text")
    since = fact(date, "First day on which it hung", required=True)
    until = fact(date, "Last day on which it hung; without it, it still hangs")


class observation(Facts, options=Options(dated_by="at", extra="extra", table="observations")):  # noqa: N801
    """One item of a checklist as an observer saw it."""

    id = fact(str, "Number of the observation", required=True)
    at = fact(datetime, "When it was seen", required=True)
    site = fact(str, "The site", required=True)
    post = fact(str, "The post; empty: the site as a whole")
    checklist = fact(str, "Which checklist", required=True, words=CHECKLISTS)
    item = fact(str, "Number of the item on it", required=True)
    met = fact(bool, "Whether it was as it should be")
    observer = fact(str, "Who saw it")
