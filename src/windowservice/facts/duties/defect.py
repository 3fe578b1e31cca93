"""What may be said of a defect that somebody found, at a bank or at the window."""

from __future__ import annotations

from datetime import date, datetime

from windowservice.language.tree.fact import fact
from windowservice.language.tree.facts import Facts, Given
from windowservice.ledger.tables.duty_tables import LEVELS, ORIGINS

__all__ = ["defect"]


class defect(Facts, rows=Given("defects"), dated_by="found_at", clerk="owner"):  # noqa: N801
    """One defect that somebody found, at a bank or at the window."""

    id = fact(str, "Number of the defect", required=True)
    origin = fact(str, "What it was found by", required=True, words=ORIGINS)
    source = fact(str, "Number of the inspection, review or complaint")
    bank = fact(str, "Id of the bank that has it; empty: the window has it")
    office = fact(str, "The office that found it, for an outside inspection")
    level = fact(str, "How grave it is", words=LEVELS)
    found_at = fact(datetime, "When it was found", required=True)
    due_on = fact(date, "The day by which whoever found it wants it closed", planned=True)
    owner = fact(str, "Clerk who sees to it")
    closed_at = fact(datetime, "When it was closed")
    verified_by = fact(str, "Clerk who verified that it is closed", known_at="closed_at")
