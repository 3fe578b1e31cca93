"""What may be said of what hangs at the counter, and what an observer sees there."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from windowservice.language.tree.expressions import choose
from windowservice.language.tree.fact import code, fact, key
from windowservice.language.tree.facts import Facts, Given, Made

__all__ = ["CHECKLISTS", "POSTED_KINDS", "TEXT_KINDS", "document", "observation", "posted_text", "posting"]

POSTED_KINDS: Final = ("commitment", "materials", "steps", "standards", "duties", "complaint_channels")
"""What is posted at the counter, or elsewhere."""
TEXT_KINDS: Final = POSTED_KINDS[1:]
"""What of it has versions that a table lists; commitments stand in the catalogue."""
CHECKLISTS: Final = ("etiquette", "facilities", "signs")
"""What is looked at in an observation."""

POSTED_STATES: Final = ("in_force", "outdated", "missing", "not_told")
"""What a text was on a day: the version in force hung, another one did, none did, or nobody can tell."""


class posting(Facts, rows=Given("postings")):  # noqa: N801
    """One notice that hung at the counter, from a day to a day."""

    id = key("Number of the posting")
    kind = fact(str, "What it says", required=True, words=POSTED_KINDS)
    service = code("Kind of business that it is about")
    place = code("Place or channel, such as counter or website; empty: the counter")
    shown = fact(str, "What it says: for a commitment its limit, else the version of the text")
    since = fact(date, "First day on which it hung", required=True)
    until = fact(date, "Last day on which it hung; without it, it still hangs", after=since)


class document(Facts, rows=Given("documents")):  # noqa: N801
    """One version of a text that has to be posted, with the days on which it is in force."""

    id = key("Number of the row")
    kind = fact(str, "What the text is", required=True, words=TEXT_KINDS)
    service = code("Kind of business that it is about")
    version = fact(str, "The version, as postings show it", required=True)
    since = fact(date, "First day on which it is in force", required=True, planned=True)
    until = fact(date, "Last day; without it, until the next version is in force", planned=True, after=since)
    places = fact(frozenset[str], "Where it has to hang; empty: wherever some version of it hung, else the counter")


class posted_text(Facts, rows=Made("posted_texts"), dated_by="begins_at"):  # noqa: N801
    """One text other than a commitment, at one place, over workdays on which nothing changed: what hung, what held."""

    id = fact(str, "The text, the place and the first day", required=True)
    kind = fact(str, "What the text is", required=True, words=TEXT_KINDS)
    service = fact(str, "The kind of business that it is about")
    place = fact(str, "The place or channel", required=True)
    begins_at = fact(datetime, "When the first of the days begins", required=True, planned=True)
    last = fact(date, "The last of the workdays", planned=True)
    days = fact(int, "How many workdays they are", unit="days")
    state = fact(str, "What the text was on these days", words=POSTED_STATES)
    shown = fact(frozenset[str], "The versions that hung; missing if one of them is not written")
    in_force = fact(str, "The version in force; missing if none was, or none is recorded")
    wrong = fact(frozenset[str], "The versions that hung and were not in force; missing if it cannot be told")

    days_outdated = fact(
        choose(wrong.size() == 0, 0, days), "Workdays on which another version hung than the one in force"
    )
    days_missing = fact(choose(state == "missing", days, 0), "Workdays on which nothing hung")


class observation(Facts, rows=Given("observations"), dated_by="at"):  # noqa: N801
    """One item of a checklist as an observer saw it."""

    id = key("Number of the observation")
    at = fact(datetime, "When it was seen", required=True)
    site = code("The site", required=True)
    post = code("The post; empty: the site as a whole")
    checklist = fact(str, "Which checklist", required=True, words=CHECKLISTS)
    item = code("Number of the item on it", required=True)
    met = fact(bool, "Whether it was as it should be")
    observer = code("Who saw it")
