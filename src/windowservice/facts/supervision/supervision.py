"""What may be said of complaints and ratings."""

from __future__ import annotations

from datetime import datetime

from windowservice.language.tree.fact import fact
from windowservice.language.tree.facts import Facts, Given
from windowservice.ledger.tables.supervision_tables import COMPLAINT_KINDS

__all__ = ["complaint", "rating"]


class complaint(Facts, rows=Given("complaints"), dated_by="received_at", clerk="handled_by"):  # noqa: N801
    """One complaint, by telephone, box, questionnaire or otherwise."""

    id = fact(str, "Number of the complaint", required=True)
    kind = fact(str, "Whom it is about", required=True, words=COMPLAINT_KINDS)
    bank = fact(str, "Id of the bank that complains, or that it is passed on to")
    channel = fact(str, "How it came in", words=("telephone", "box", "questionnaire", "online", "counter"))
    about = fact(str, "Clerk whom it is about")
    received_at = fact(datetime, "When it came in", required=True)
    accepted_at = fact(datetime, "When it was acknowledged")
    completed_at = fact(datetime, "When what was missing from it had come in")
    extended_at = fact(datetime, "When the limit was extended and the complainant told")
    answered_at = fact(datetime, "When it was answered")
    handled_by = fact(str, "Clerk who handled it")
    upheld = fact(bool, "Whether it was found right", known_at="answered_at")
    withdrawn_at = fact(datetime, "When it was taken back")

    counts_from = fact(completed_at.otherwise(received_at), "From when its limit counts: from when it was complete")


class rating(Facts, rows=Given("ratings"), dated_by="asked_at", clerk="clerk"):  # noqa: N801
    """One rating that was asked for; without a grade nobody gave one."""

    id = fact(str, "Number of the rating", required=True)
    request = fact(str, "Id of the request that it is about")
    bank = fact(str, "Id of the bank asked")
    post = fact(str, "Post rated")
    clerk = fact(str, "Clerk rated")
    asked_at = fact(datetime, "When it was asked for", required=True)
    rated_at = fact(datetime, "When the grade was given")
    grade = fact(int, "The grade: 5 is best, 1 is worst", unit="grade", known_at="rated_at")
    named = fact(bool, "Whether the rater gave a name", known_at="rated_at")
    called_back_at = fact(datetime, "When the rater was called back")
    called_back_by = fact(str, "Clerk who called back", known_at="called_back_at")

    bad = fact(grade <= 2, "Whether the grade is one of the two worst of the five")
