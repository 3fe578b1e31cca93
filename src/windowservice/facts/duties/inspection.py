"""What may be said of inspections of banks, and of the duties that a ledger keeps."""

from __future__ import annotations

from datetime import date, datetime

from windowservice.domain.words import SCOPES
from windowservice.language.tree.fact import code, fact, key
from windowservice.language.tree.facts import Facts, Given

__all__ = ["inspection", "kept_duty"]


class kept_duty(Facts, rows=Given("duties")):  # noqa: N801
    """One duty that comes again and that the ledger keeps, so that a turn that nobody did is seen."""

    id = key("Id of the duty on the list of duties")
    since = fact(date, "First day from which the ledger keeps it", required=True, planned=True)
    until = fact(date, "Last day", planned=True, after=since)


class inspection(Facts, rows=Given("inspections"), dated_by="at"):  # noqa: N801
    """One inspection of a bank by the window."""

    id = key("Number of the inspection")
    bank = code("Id of the bank inspected", required=True)
    duties = fact(frozenset[str], "Ids of the duties that it does, from the list of duties")
    turn = code("The turn that it does, such as 2018-Q2 or 2018 春节, where its day does not say")
    at = fact(datetime, "When it took place", required=True)
    scope = fact(str, "How far it went", words=SCOPES)
    staff = fact(frozenset[str], "Clerks and technicians who took part")
    items = fact(frozenset[str], "What was looked at, by the numbers of the checklist")
    reported_at = fact(datetime, "When its report was written", after=at)
