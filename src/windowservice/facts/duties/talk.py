"""What may be said of the turns of lead speakers."""

from __future__ import annotations

from datetime import datetime

from windowservice.language.tree.fact import code, fact, key
from windowservice.language.tree.facts import Facts, Given

__all__ = ["talk"]


class talk(Facts, rows=Given("talks"), dated_by="planned_at", clerk="clerk"):  # noqa: N801
    """One turn of a lead speaker: planned for a clerk, given by whoever spoke."""

    id = key("Number of the talk")
    duties = fact(frozenset[str], "Ids of the duties that it does, from the list of duties")
    turn = code("The turn that it does, such as 2018-Q2 or 2018 春节, where its day does not say")
    clerk = code("Clerk whose turn it is", required=True)
    topic = fact(str, "What it is about")
    planned_at = fact(datetime, "When it is planned", required=True, planned=True)
    given_at = fact(datetime, "When it was given")
    spoken_by = code("Clerk who spoke", known_at="given_at")
    excuse = fact(str, "Why somebody else spoke, or it was put off")
