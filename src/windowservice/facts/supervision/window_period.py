"""What may be said of the window over a period: of its ratings, its checklists, what hung, and who served whom."""

from __future__ import annotations

from datetime import date, datetime

from windowservice.facts.supervision.posting import CHECKLISTS, POSTED_KINDS, observation
from windowservice.facts.supervision.supervision import rating
from windowservice.language.relations.periods import begin_of, period
from windowservice.language.relations.rows import Grouped
from windowservice.language.tree.fact import fact
from windowservice.language.tree.facts import Facts, Made

__all__ = ["bank_clerk", "checklist_score", "posted", "posting_cover", "satisfaction"]


class satisfaction(  # noqa: N801
    Facts,
    rows=Grouped(
        rating, by={"month": period(rating.asked_at, "month")}, over="month", id="ratings / {month}",
        table="satisfaction",
    ),
    dated_by="begins_at",
    under="ratings",
):  # fmt: skip
    """The ratings asked for in one month that is over."""

    id = fact(str, "The month", required=True)
    month = fact(date, "The first day of the month", required=True)

    begins_at = fact(begin_of(month), "When the month begins")

    asked = fact(rating.id.count(), "How many ratings were asked for", unit="ratings")
    answers = fact(rating.rated_at.happened().count(), "How many were given", unit="ratings")
    bad = fact(rating.bad.count(where=rating.rated_at.happened()), "How many of these are bad", unit="ratings")
    response = fact(answers / asked, "The share of ratings asked for that were given")
    satisfied = fact((answers - bad) / answers, "The share of ratings given that are not bad")


class checklist_score(  # noqa: N801
    Facts,
    children=observation,
    rows=Made("checklist_scores"),
    dated_by="begins_at",
    under="observations",
):
    """What observers saw of one checklist in one month, at one post or at a site as a whole."""

    id = fact(str, "The month, the site, the post and the checklist", required=True)
    begins_at = fact(datetime, "When the month begins", required=True, planned=True)
    site = fact(str, "The site", required=True)
    post = fact(str, "The post; missing for the site as a whole")
    checklist = fact(str, "The checklist", required=True, words=CHECKLISTS)

    seen = fact(observation.id.count(), "How many items were seen", unit="items")
    met = fact(observation.met.count(), "How many were as they should be", unit="items")
    met_share = fact(met / seen, "The share that was as it should be")


class posted(Facts, rows=Made("posted"), dated_by="begins_at"):  # noqa: N801
    """One posted commitment, held against the commitments in force while it hung."""

    id = fact(str, "The number of the posting", required=True)
    service = fact(str, "The kind of business")
    shown = fact(str, "The limit that it shows")
    begins_at = fact(datetime, "When it began to hang", required=True, planned=True)
    days = fact(int, "Workdays on which it hung", unit="days")
    days_wrong = fact(int, "Workdays on which it showed another limit than the one in force", unit="days")
    wrong_from = fact(date, "The first of these days", planned=True)


class posting_cover(Facts, rows=Made("posting_cover"), dated_by="begins_at"):  # noqa: N801
    """One thing that has to hang at a place every day, from the first day on which it did."""

    id = fact(str, "What is posted, the kind of business, and the place unless it is the counter", required=True)
    kind = fact(str, "What is posted", required=True, words=POSTED_KINDS)
    service = fact(str, "The kind of business")
    place = fact(str, "The place or channel")
    begins_at = fact(datetime, "The first day on which it hung there", planned=True)
    days_without = fact(int, "Workdays since on which it did not hang", unit="days")
    without_from = fact(date, "The first of these days", planned=True)


class bank_clerk(Facts, rows=Made("bank_clerks"), dated_by="begins_at", clerk="clerk"):  # noqa: N801
    """What one clerk decided for one bank in one quarter that is over."""

    id = fact(str, "The quarter, the bank and the clerk", required=True)
    begins_at = fact(datetime, "When the quarter begins", required=True, planned=True)
    bank = fact(str, "The bank", required=True)
    clerk = fact(str, "The clerk", required=True)
    decided = fact(int, "Matters of the bank that the clerk decided", unit="matters")
    of_bank = fact(
        int, "Matters of the bank that anybody decided; missing if of one it is not known who", unit="matters"
    )

    share = fact(decided / of_bank, "The clerk's share of the bank's matters")
