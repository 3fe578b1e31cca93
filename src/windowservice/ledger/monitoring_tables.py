"""Tables of what banks send and owe in the payment systems: messages, exchange items, positions, incidents."""

from __future__ import annotations

from typing import Final

from windowservice.domain.readings import FAULT_PARTIES
from windowservice.ledger.schema import Column, Table

__all__ = ["MONITORING_TABLES"]

_MESSAGES: Final = Table(
    "messages",
    "One row is one message of a payment system that wants an answer by a limit.",
    (
        Column("id", "code", "Number of the message, unique in the ledger.", required=True),
        Column("bank", "code", "Id of the bank that has to answer.", required=True),
        Column(
            "kind", "text", "What is asked.", required=True,
            words=("inquiry", "own_inquiry", "return_request", "stop_request", "debit_item", "incoming_credit"),
        ),
        Column("system", "text", "The payment system.", words=("HVPS", "BEPS", "IBPS", "CIS", "exchange")),
        Column("received_at", "instant", "When it reached the bank or the bank found it.", required=True),
        Column("answered_at", "instant", "When the bank answered, inquired, returned the receipt or credited."),
        Column("due_day", "date", "The day by which a debit item wants its receipt, as the item says."),
        Column("empty", "boolean", "Whether the answer was judged empty or drew a further inquiry on the same item."),
        Column("excluded", "text", "Why it does not count.", words=("duplicate", "test", "withdrawn")),
        Column("fault_party", "text", "Whose fault a late answer is.", words=FAULT_PARTIES),
        Column("source", "code", "Id of the payment that it is about."),
    ),
    extensible=True,
)  # fmt: skip

MONITORING_TABLES: Final[tuple[Table, ...]] = (_MESSAGES,)
"""The tables of monitoring."""
