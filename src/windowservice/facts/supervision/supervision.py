"""What may be said of complaints and ratings."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from windowservice.language.tree.fact import code, fact, key
from windowservice.language.tree.facts import Facts, Given

__all__ = ["COMPLAINT_KINDS", "complaint", "rating"]

COMPLAINT_KINDS: Final = ("about_window", "passed_on")
"""Complaints about the window itself, and those about a bank that the window passes on to it."""


class complaint(Facts, rows=Given("complaints"), dated_by="received_at", clerk="handled_by"):  # noqa: N801
    """One complaint, by telephone, box, questionnaire or otherwise."""

    id = key("Number of the complaint")
    kind = fact(str, "Whom it is about", required=True, words=COMPLAINT_KINDS)
    bank = code("Id of the bank that complains, or that it is passed on to")
    channel = fact(
        str, "How it came in", words={
            "telephone": ("电话",), "box": ("意见箱",), "questionnaire": ("问卷",), "online": ("网上",),
            "counter": ("柜面",),
        },
    )  # fmt: skip
    about = code("Clerk whom it is about")
    received_at = fact(datetime, "When it came in", required=True)
    accepted_at = fact(datetime, "When it was acknowledged", after=received_at)
    completed_at = fact(datetime, "When what was missing from it had come in")
    extended_at = fact(datetime, "When the limit was extended and the complainant told")
    answered_at = fact(datetime, "When it was answered", after=received_at)
    handled_by = code("Clerk who handled it")
    upheld = fact(bool, "Whether it was found right", known_at="answered_at")
    withdrawn_at = fact(datetime, "When it was taken back", after=received_at)

    counts_from = fact(completed_at.otherwise(received_at), "From when its limit counts: from when it was complete")


class rating(Facts, rows=Given("ratings"), dated_by="asked_at", clerk="clerk"):  # noqa: N801
    """One rating that was asked for; without a grade nobody gave one."""

    id = key("Number of the rating")
    request = code("Id of the request that it is about")
    bank = code("Id of the bank asked")
    post = code("Post rated")
    clerk = code("Clerk rated")
    asked_at = fact(datetime, "When it was asked for", required=True)
    rated_at = fact(datetime, "When the grade was given", after=asked_at)
    grade = fact(int, "The grade: 5 is best, 1 is worst", unit="grade", known_at="rated_at")
    named = fact(bool, "Whether the rater gave a name", known_at="rated_at")
    called_back_at = fact(datetime, "When the rater was called back", after=rated_at)
    called_back_by = code("Clerk who called back", known_at="called_back_at")

    bad = fact(grade <= 2, "Whether the grade is one of the two worst of the five")
