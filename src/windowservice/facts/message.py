"""What may be said of a message of a payment system that wants an answer by a limit."""

from __future__ import annotations

from datetime import date, datetime

from windowservice.domain.readings import FAULT_PARTIES
from windowservice.language.facts import Facts, Options, fact

__all__ = ["message"]


class message(Facts, options=Options(dated_by="received_at", extra="extra", table="messages")):  # noqa: N801
    """A message that a bank has to answer by a limit."""

    id = fact(str, "The number of the message", required=True)
    bank = fact(str, "The bank that has to answer", required=True)
    kind = fact(
        str, "What is asked", required=True,
        words=("inquiry", "own_inquiry", "return_request", "stop_request", "debit_item", "incoming_credit"),
    )  # fmt: skip
    system = fact(str, "The payment system", words=("HVPS", "BEPS", "IBPS", "CIS", "exchange"))
    received_at = fact(datetime, "When it reached the bank, or when the bank found the doubtful item", required=True)
    answered_at = fact(datetime, "When the bank answered")
    due_day = fact(date, "The day by which a debit item wants its receipt")
    empty = fact(bool, "Whether the answer was judged empty or drew a further inquiry")
    excluded = fact(str, "Why it does not count", words=("duplicate", "test", "withdrawn"))
    fault_party = fact(str, "Whose fault a late answer is", words=FAULT_PARTIES)
    source = fact(str, "The payment that it is about")

    counts = fact(excluded.is_missing(), "Whether it counts: neither a duplicate, nor a test, nor withdrawn")
