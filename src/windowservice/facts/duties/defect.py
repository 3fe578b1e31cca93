"""What may be said of a defect that somebody found, at a bank or at the window."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from windowservice.domain.words import LEVELS
from windowservice.language.tree.fact import code, fact, key
from windowservice.language.tree.facts import Facts, Given

__all__ = ["LEVELS", "ORIGINS", "defect"]

ORIGINS: Final = ("inspection", "outside_inspection", "integrity_review", "etiquette_check", "complaint")
"""What a defect was found by."""


class defect(Facts, rows=Given("defects"), dated_by="found_at", clerk="owner"):  # noqa: N801
    """One defect that somebody found, at a bank or at the window."""

    id = key("Number of the defect")
    origin = fact(str, "What it was found by", required=True, words=ORIGINS)
    source = code("Number of the inspection, review or complaint")
    bank = code("Id of the bank that has it; empty: the window has it")
    office = fact(str, "The office that found it, for an outside inspection")
    level = fact(str, "How grave it is", words=LEVELS)
    found_at = fact(datetime, "When it was found", required=True)
    due_on = fact(date, "The day by which whoever found it wants it closed", planned=True)
    owner = code("Clerk who sees to it")
    closed_at = fact(datetime, "When it was closed", after=found_at)
    verified_by = code("Clerk who verified that it is closed", known_at="closed_at")
