"""What may be said of a clerk who took part in one kind of business: in which step, and in which roles."""

from __future__ import annotations

from datetime import datetime

from windowservice.language.tree.fact import fact
from windowservice.language.tree.facts import Facts, Made

__all__ = ["qualification"]


class qualification(Facts, rows=Made("qualifications"), dated_by="first_at", clerk="clerk"):  # noqa: N801
    """One clerk, one kind of business and one step of it, with the roles that the catalogue wants for it."""

    id = fact(str, "The clerk, the kind of business and the step", required=True)
    clerk = fact(str, "The clerk", required=True)
    service = fact(str, "The kind of business", required=True)
    step = fact(str, "What the clerk did", required=True, words=("accepted", "decided"))
    first_at = fact(datetime, "When the clerk first did it", required=True)
    matters = fact(int, "In how many matters", unit="matters")
    wanted = fact(frozenset[str], "The roles of which the catalogue wants one; missing if it names none")
    held = fact(frozenset[str], "The roles that the staff table gives the clerk; missing if it gives none")

    may_do = fact(held.common(wanted).size() > 0, "Whether the clerk holds a role that may do it")
