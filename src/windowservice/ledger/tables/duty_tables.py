"""Tables of the window's duties that come again: inspections, talks, meetings, reviews, and what follows from them."""

from __future__ import annotations

from typing import Final

from windowservice.domain.words import SCOPES
from windowservice.ledger.tables.schema import Column, Table

__all__ = ["DUTY_TABLES", "LEVELS", "ORIGINS", "RISKS"]

LEVELS: Final = ("high", "medium", "low")
"""How grave a defect is, the gravest first."""
RISKS: Final = ("high", "medium", "low")
"""The integrity risk of a post, the highest first."""
ORIGINS: Final = ("inspection", "outside_inspection", "integrity_review", "etiquette_check", "complaint")
"""What a defect was found by."""

_DUTIES_OF_ROW: Final = Column("duties", "items", "Ids of the duties that it does, from the list of duties.")
_TURN: Final = Column(
    "turn", "code", "The turn that it does, such as 2018-Q2 or 2018 春节, where its day does not say."
)

_DUTIES: Final = Table(
    "duties",
    "One row is one duty that comes again and that the ledger keeps, so that a turn that nobody did is seen.",
    (
        Column("id", "code", "Id of the duty on the list of duties.", required=True),
        Column("since", "date", "First day from which the ledger keeps it.", required=True),
        Column("until", "date", "Last day."),
    ),
    extensible=True,
)
_INSPECTIONS: Final = Table(
    "inspections",
    "One row is one inspection of a bank by the window.",
    (
        Column("id", "code", "Number of the inspection.", required=True),
        Column("bank", "code", "Id of the bank inspected.", required=True),
        _DUTIES_OF_ROW,
        _TURN,
        Column("at", "instant", "When it took place.", required=True),
        Column("scope", "text", "How far it went.", words=SCOPES),
        Column("staff", "items", "Clerks and technicians who took part."),
        Column("items", "items", "What was looked at, by the numbers of the checklist."),
        Column("reported_at", "instant", "When its report was written."),
    ),
    extensible=True,
)
_DEFECTS: Final = Table(
    "defects",
    "One row is one defect that somebody found, at a bank or at the window.",
    (
        Column("id", "code", "Number of the defect.", required=True),
        Column("origin", "text", "What it was found by.", required=True, words=ORIGINS),
        Column("source", "code", "Number of the inspection, review or complaint."),
        Column("bank", "code", "Id of the bank that has it; empty: the window has it."),
        Column("office", "text", "The office that found it, for an outside inspection."),
        Column("level", "text", "How grave it is.", words=LEVELS),
        Column("found_at", "instant", "When it was found.", required=True),
        Column("due_on", "date", "The day by which whoever found it wants it closed."),
        Column("owner", "code", "Clerk who sees to it."),
        Column("closed_at", "instant", "When it was closed."),
        Column("verified_by", "code", "Clerk who verified that it is closed."),
    ),
    extensible=True,
)
_TALKS: Final = Table(
    "talks",
    "One row is one turn of a lead speaker: planned for a clerk, given by whoever spoke.",
    (
        Column("id", "code", "Number of the talk.", required=True),
        _DUTIES_OF_ROW,
        _TURN,
        Column("clerk", "code", "Clerk whose turn it is.", required=True),
        Column("topic", "text", "What it is about."),
        Column("planned_at", "instant", "When it is planned.", required=True),
        Column("given_at", "instant", "When it was given."),
        Column("spoken_by", "code", "Clerk who spoke."),
        Column("excuse", "text", "Why somebody else spoke, or it was put off."),
    ),
    extensible=True,
)
_MEETINGS: Final = Table(
    "meetings",
    "One row is one joint meeting, or one bulletin that went out.",
    (
        Column("id", "code", "Number of the meeting or bulletin.", required=True),
        Column("kind", "text", "Which of the two.", required=True, words=("joint_meeting", "bulletin")),
        _DUTIES_OF_ROW,
        _TURN,
        Column("at", "instant", "When it was held or went out.", required=True),
        Column("invited", "items", "Departments invited, or that the bulletin is for."),
        Column("attended", "items", "Departments that came, or that got it."),
        Column("minutes_at", "instant", "When the minutes were sent."),
    ),
    extensible=True,
)
_FOLLOW_UPS: Final = Table(
    "follow_ups",
    "One row is one thing that a meeting decided somebody should do.",
    (
        Column("id", "code", "Number of the follow-up.", required=True),
        Column("meeting", "code", "Number of the meeting."),
        Column("set_at", "instant", "When it was decided.", required=True),
        Column("what", "text", "What is to be done."),
        Column("owner", "code", "Clerk or department that does it."),
        Column("due_on", "date", "The day by which it is done."),
        Column("done_at", "instant", "When it was done."),
    ),
    extensible=True,
)
_POSTS: Final = Table(
    "posts",
    "One row is one post of the window with its integrity risk.",
    (
        Column("id", "code", "Id of the post.", required=True),
        Column("name", "text", "Name of the post."),
        Column("since", "date", "First day on which there is such a post; without it, always."),
        Column("until", "date", "Last day."),
        Column("clerk", "code", "Clerk who holds it."),
        Column("risk", "text", "Its integrity risk.", words=RISKS),
        Column("risk_points", "items", "Where the risks lie, such as acceptance, approval or seals."),
        Column("controls", "items", "What is done about them."),
        Column("model", "boolean", "Whether it is a model post."),
    ),
    extensible=True,
)
_REVIEWS: Final = Table(
    "reviews",
    "One row is one integrity review of a post, or one warning education of its clerk, or a check of the window.",
    (
        Column("id", "code", "Number of the review.", required=True),
        _DUTIES_OF_ROW,
        _TURN,
        Column("post", "code", "Id of the post; empty: the window as a whole."),
        Column("at", "instant", "When it took place.", required=True),
        Column("by", "code", "Clerk who reviewed."),
        Column("holder", "code", "Clerk who held the post."),
        Column("risk", "text", "The risk that was found.", words=RISKS),
    ),
    extensible=True,
)
_RULE_NOTICES: Final = Table(
    "rule_notices",
    "One row is one new rule that concerns the banks.",
    (
        Column("id", "code", "Number of the rule.", required=True),
        Column("title", "text", "Title of the rule."),
        Column("published_at", "instant", "When it was published.", required=True),
        Column("effective_on", "date", "Day from which it is in force."),
        Column("services", "items", "Kinds of business that it changes."),
        Column("warned_at", "instant", "When the banks were warned of what changes."),
    ),
    extensible=True,
)
_INITIATIVES: Final = Table(
    "initiatives",
    "One row is one thing that the window did on its own initiative: an explanation, a warning or a visit.",
    (
        Column("id", "code", "Number.", required=True),
        Column("kind", "text", "What it was.", required=True, words=("explanation", "warning", "visit")),
        _DUTIES_OF_ROW,
        Column("turn", "code", "Number of the new rule that it is about."),
        Column("bank", "code", "Id of the bank visited; empty: all banks."),
        Column("at", "instant", "When it took place.", required=True),
        Column("by", "code", "Clerk who did it."),
    ),
    extensible=True,
)

DUTY_TABLES: Final[tuple[Table, ...]] = (
    _DUTIES, _INSPECTIONS, _DEFECTS, _TALKS, _MEETINGS, _FOLLOW_UPS, _POSTS, _REVIEWS, _RULE_NOTICES, _INITIATIVES,
)  # fmt: skip
"""The tables of duties that come again."""
