"""Tables of what others see of the window: postings, complaints, ratings, observations."""

from __future__ import annotations

from typing import Final

from windowservice.ledger.tables.schema import Column, Table

__all__ = ["CHECKLISTS", "COMPLAINT_KINDS", "POSTED_KINDS", "SUPERVISION_TABLES", "TEXT_KINDS"]

COMPLAINT_KINDS: Final = ("about_window", "passed_on")
"""Complaints about the window itself, and those about a bank that the window passes on to it."""
POSTED_KINDS: Final = ("commitment", "materials", "steps", "standards", "duties", "complaint_channels")
"""What is posted at the counter, or elsewhere."""
TEXT_KINDS: Final = POSTED_KINDS[1:]
"""What of it has versions that a table lists; commitments stand in the catalogue."""
CHECKLISTS: Final = ("etiquette", "facilities", "signs")
"""What is looked at in an observation."""

_COMPLAINTS: Final = Table(
    "complaints",
    "One row is one complaint, by telephone, box, questionnaire or otherwise.",
    (
        Column("id", "code", "Number of the complaint.", required=True),
        Column("kind", "text", "Whom it is about.", required=True, words=COMPLAINT_KINDS),
        Column("bank", "code", "Id of the bank that complains, or that it is passed on to."),
        Column("channel", "text", "How it came in.", words=("telephone", "box", "questionnaire", "online", "counter")),
        Column("about", "code", "Clerk whom it is about."),
        Column("received_at", "instant", "When it came in.", required=True),
        Column("accepted_at", "instant", "When it was acknowledged."),
        Column("completed_at", "instant", "When what was missing from it had come in."),
        Column("extended_at", "instant", "When the limit was extended and the complainant told."),
        Column("answered_at", "instant", "When it was answered."),
        Column("handled_by", "code", "Clerk who handled it."),
        Column("upheld", "boolean", "Whether it was found right."),
        Column("withdrawn_at", "instant", "When it was taken back."),
    ),
    extensible=True,
)
_RATINGS: Final = Table(
    "ratings",
    "One row is one rating that was asked for; without a grade nobody gave one.",
    (
        Column("id", "code", "Number of the rating.", required=True),
        Column("request", "code", "Id of the request that it is about."),
        Column("bank", "code", "Id of the bank asked."),
        Column("post", "code", "Post rated."),
        Column("clerk", "code", "Clerk rated."),
        Column("asked_at", "instant", "When it was asked for.", required=True),
        Column("rated_at", "instant", "When the grade was given."),
        Column("grade", "integer", "The grade: 5 is best, 1 is worst.", unit="grade"),
        Column("named", "boolean", "Whether the rater gave a name."),
        Column("called_back_at", "instant", "When the rater was called back."),
        Column("called_back_by", "code", "Clerk who called back."),
    ),
    extensible=True,
)
_POSTINGS: Final = Table(
    "postings",
    "One row is one notice that hung at the counter, from a day to a day.",
    (
        Column("id", "code", "Number of the posting.", required=True),
        Column("kind", "text", "What it says.", required=True, words=POSTED_KINDS),
        Column("service", "code", "Kind of business that it is about."),
        Column("place", "code", "Place or channel, such as counter or website; empty: the counter."),
        Column("shown", "text", "What it says: for a commitment its limit, else the version of the text."),
        Column("since", "date", "First day on which it hung.", required=True),
        Column("until", "date", "Last day on which it hung; without it, it still hangs."),
    ),
    extensible=True,
)
_DOCUMENTS: Final = Table(
    "documents",
    "One row is one version of a text that has to be posted, with the days on which it is in force.",
    (
        Column("id", "code", "Number of the row.", required=True),
        Column("kind", "text", "What the text is.", required=True, words=TEXT_KINDS),
        Column("service", "code", "Kind of business that it is about."),
        Column("version", "text", "The version, as postings show it.", required=True),
        Column("since", "date", "First day on which it is in force.", required=True),
        Column("until", "date", "Last day; without it, until the next version is in force."),
        Column("places", "items", "Where it has to hang; empty: wherever some version of it hung, else the counter."),
    ),
    extensible=True,
)
_OBSERVATIONS: Final = Table(
    "observations",
    "One row is one item of a checklist as an observer saw it.",
    (
        Column("id", "code", "Number of the observation.", required=True),
        Column("at", "instant", "When it was seen.", required=True),
        Column("site", "code", "The site.", required=True),
        Column("post", "code", "The post; empty: the site as a whole."),
        Column("checklist", "text", "Which checklist.", required=True, words=CHECKLISTS),
        Column("item", "code", "Number of the item on it.", required=True),
        Column("met", "boolean", "Whether it was as it should be."),
        Column("observer", "code", "Who saw it."),
    ),
    extensible=True,
)

SUPERVISION_TABLES: Final[tuple[Table, ...]] = (_COMPLAINTS, _RATINGS, _POSTINGS, _DOCUMENTS, _OBSERVATIONS)
"""The tables of supervision."""
