"""What the logs say beside what every request says: their own fields, and events that only they have."""

from __future__ import annotations

from datetime import datetime

import windowservice as ws
from windowservice.facts import event as e
from windowservice.facts import request as r

_TAKEN = e.kind == "taken_over"
_CHASED = (e.kind == "notified") & e.reason.is_missing()


def _noted(*reasons: str) -> ws.Expr[datetime]:
    return e.at.first(where=(e.kind == "noted") & e.reason.one_of(*reasons))


class reception(ws.Facts, of=r):
    """Receipt of environmental permits."""

    deadline = ws.fact(datetime, "Until when the case was to be closed, as the town set it", planned=True)
    responsible = ws.fact(str, "The clerk who answers for the case")
    closed_at = ws.fact(e.at.first(where=e.kind == "closed"), "When the case was closed")
    authorised_at = ws.fact(e.at.first(where=e.kind == "authorised"), "When the confirmation was determined")
    confirmed_by = ws.fact(e.by.first(where=e.kind == "accepted"), "The clerk who confirmed the receipt")
    checks_of_own = ws.fact(
        e.kind.count(where=(e.kind == "checked") & (e.by == confirmed_by)),
        "How many checks of the confirmation were made by the clerk who wrote it",
    )


class permit(ws.Facts, of=r):
    """Building permits."""

    by_law_at = ws.fact(
        e.at.first(where=(e.kind == "noted") & (e.reason == "by_law")),
        "When the town noted that the permit was granted by law, because it had not decided in time",
    )


class ticket(ws.Facts, of=r):
    """Tickets of a help desk."""

    taken_at = ws.fact(e.at.first(where=e.kind == "taken_over"), "When the ticket was first taken in charge")
    resolutions = ws.fact(e.kind.count(where=e.kind == "decided"), "How often the ticket was resolved")


class city(ws.Facts, of=r):
    """Requests to a city."""

    deadline = ws.fact(datetime, "Until when the request was to be done, as the city set it", planned=True)
    on_time = ws.fact(bool, "Whether the city says that it was done in time")


class incident(ws.Facts, of=r):
    """Incidents of a company's IT."""

    team_returns = ws.fact(
        e.kind.count(where=_TAKEN & e.post.seen_before(where=_TAKEN) & (e.post != e.post.previous(where=_TAKEN))),
        "How often it came back to a team that had had it before, and not just before",
    )
    resolutions = ws.fact(e.kind.count(where=e.kind == "decided"), "How often it was resolved")


class loan(ws.Facts, of=r):
    """Applications for loans."""

    chases = ws.fact(
        e.kind.count(where=_CHASED), "How often the file was found incomplete and the applicant was to be called after"
    )
    chased_at = ws.fact(e.at.first(where=_CHASED), "When the file was first found incomplete")
    settled_after_chase_at = ws.fact(
        e.at.first(where=e.kind.one_of("supplemented", "decided", "withdrawn") & (e.at > chased_at)),
        "When the file went on to be assessed after that, or the matter ended",
    )


class fine(ws.Facts, of=r):
    """Traffic fines."""

    sent_at = ws.fact(_noted("sent"), "When it was sent")
    told_at = ws.fact(_noted("told"), "When the offender was told")
    paid_at = ws.fact(_noted("paid"), "When money first came")
    appealed_at = ws.fact(_noted("appeal_to_prefect", "appeal_to_judge"), "When the offender first appealed")
