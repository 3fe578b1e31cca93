"""What may be said of new rules, and what the window does about them on its own initiative."""

from __future__ import annotations

from datetime import date, datetime

from windowservice.language.tree.fact import code, fact, key
from windowservice.language.tree.facts import Facts, Given

__all__ = ["initiative", "rule_notice"]


class rule_notice(Facts, rows=Given("rule_notices"), dated_by="published_at"):  # noqa: N801
    """One new rule that concerns the banks."""

    id = key("Number of the rule")
    title = fact(str, "Title of the rule")
    published_at = fact(datetime, "When it was published", required=True)
    effective_on = fact(date, "Day from which it is in force", planned=True)
    services = fact(frozenset[str], "Kinds of business that it changes")
    warned_at = fact(datetime, "When the banks were warned of what changes")


class initiative(Facts, rows=Given("initiatives"), dated_by="at", clerk="by"):  # noqa: N801
    """One thing that the window did on its own initiative: an explanation, a warning or a visit."""

    id = key("Number")
    kind = fact(str, "What it was", required=True, words=("explanation", "warning", "visit"))
    duties = fact(frozenset[str], "Ids of the duties that it does, from the list of duties")
    turn = code("Number of the new rule that it is about")
    bank = code("Id of the bank visited; empty: all banks")
    at = fact(datetime, "When it took place", required=True)
    by = code("Clerk who did it")
