"""What may be said of posts with their integrity risk, and the reviews of them."""

from __future__ import annotations

from datetime import date, datetime

from windowservice.domain.words import LEVELS
from windowservice.language.tree.fact import code, fact, key
from windowservice.language.tree.facts import Facts, Given

__all__ = ["post", "review"]


class post(Facts, rows=Given("posts"), clerk="clerk"):  # noqa: N801
    """One post of the window with its integrity risk."""

    id = key("Id of the post")
    name = fact(str, "Name of the post")
    since = fact(date, "First day on which there is such a post; without it, always", planned=True)
    until = fact(date, "Last day", planned=True, after=since)
    clerk = code("Clerk who holds it")
    risk = fact(str, "Its integrity risk", words=LEVELS)
    risk_points = fact(frozenset[str], "Where the risks lie, such as acceptance, approval or seals")
    controls = fact(frozenset[str], "What is done about them")
    model = fact(bool, "Whether it is a model post")


class review(Facts, rows=Given("reviews"), dated_by="at", clerk="by"):  # noqa: N801
    """One integrity review of a post, or one warning education of its clerk, or a check of the window."""

    id = key("Number of the review")
    duties = fact(frozenset[str], "Ids of the duties that it does, from the list of duties")
    turn = code("The turn that it does, such as 2018-Q2 or 2018 春节, where its day does not say")
    post = code("Id of the post; empty: the window as a whole")
    at = fact(datetime, "When it took place", required=True)
    by = code("Clerk who reviewed")
    holder = code("Clerk who held the post")
    risk = fact(str, "The risk that was found", words=LEVELS)
