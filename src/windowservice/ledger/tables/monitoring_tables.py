"""Tables of what banks send and owe in the payment systems: messages, exchange items, positions, incidents."""

from __future__ import annotations

from typing import Final

from windowservice.domain.words import FAULT_PARTIES
from windowservice.ledger.tables.schema import Column, Table

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
        Column("noticed_at", "instant", "When the window first saw a sign that something was amiss."),
        Column("handled_at", "instant", "When the window had dealt with it."),
    ),
    extensible=True,
)  # fmt: skip

_EXCHANGE_ITEMS: Final = Table(
    "exchange_items",
    "One row is one item of the same-city exchange, or several of one kind.",
    (
        Column("id", "code", "Number of the row, unique in the ledger.", required=True),
        Column("bank", "code", "Id of the bank that presented it, or sent it back.", required=True),
        Column("kind", "text", "Presented or sent back.", required=True, words=("presented", "returned")),
        Column("session", "code", "Session of the exchange, such as noon or evening.", required=True),
        Column("session_at", "instant", "When the session was held.", required=True),
        Column("items", "integer", "How many items the row stands for; without it, one.", unit="item"),
        Column("counterpart", "code", "Id of the other bank."),
        Column(
            "error", "text", "What was wrong with it; nothing if empty.",
            words=("amount", "account", "missing_item", "surplus_item", "wrong_bank", "seal", "form"),
        ),
        Column("fault_party", "text", "Whose fault the error is.", words=FAULT_PARTIES),
        Column("found_at", "instant", "When the error was found."),
        Column("corrected_at", "instant", "When the error was put right."),
        Column("return_until", "instant", "Until when its session lets items be sent back."),
        Column("returned_at", "instant", "When it was sent back."),
        Column("reason_valid", "boolean", "Whether it was sent back for a reason that the rules name."),
    ),
    extensible=True,
)  # fmt: skip

_ACCOUNTING_ERRORS: Final = Table(
    "accounting_errors",
    "One row is one error in a voucher or an entry, or several of one kind.",
    (
        Column("id", "code", "Number of the row, unique in the ledger.", required=True),
        Column("bank", "code", "Id of the bank whose voucher or entry it was.", required=True),
        Column(
            "kind", "text", "What was wrong.", required=True,
            words=("voucher", "seal_or_cipher", "amount", "account", "reversal", "supplement", "other"),
        ),
        Column("booked_at", "instant", "When the voucher came in, or the entry was booked.", required=True),
        Column("items", "integer", "How many the row stands for; without it, one.", unit="item"),
        Column("fault_party", "text", "Whose fault it is.", words=FAULT_PARTIES),
        Column("found_at", "instant", "When it was found."),
        Column("corrected_at", "instant", "When it was put right."),
        Column("circular_at", "instant", "When the circular was issued in which it stands."),
    ),
    extensible=True,
)  # fmt: skip

_POSITIONS: Final = Table(
    "positions",
    "One row is the funds of one bank at a checkpoint of a day, and what came of it.",
    (
        Column("id", "code", "Number of the row, unique in the ledger.", required=True),
        Column("bank", "code", "Id of the bank.", required=True),
        Column("checkpoint_at", "instant", "When its funds were looked at.", required=True),
        Column("balance", "number", "What stands on its settlement account.", unit="yuan"),
        Column("required", "number", "What it has to pay that day.", unit="yuan"),
        Column("urged_at", "instant", "When it was urged to raise funds."),
        Column("covered_at", "instant", "When the shortfall was covered."),
        Column("outgoing_items", "integer", "How many large-value items it sent that day.", unit="item"),
        Column("queued_items", "integer", "How many of them waited for want of funds.", unit="item"),
        Column(
            "queued_at_close", "integer",
            "How many items still waited for want of funds at the settlement window's scheduled close.", unit="item",
        ),
        Column("window_opened", "boolean", "Whether its shortfall opened the settlement window."),
        Column("fault_party", "text", "Whose fault it is; without it, the bank's own.", words=FAULT_PARTIES),
    ),
    extensible=True,
)  # fmt: skip

_INCIDENTS: Final = Table(
    "incidents",
    "One row is one outage of a payment system at a bank.",
    (
        Column("id", "code", "Number of the outage, unique in the ledger.", required=True),
        Column("bank", "code", "Id of the bank whose system was down.", required=True),
        Column(
            "system", "text", "The payment system.", required=True, words=("HVPS", "BEPS", "IBPS", "CIS", "exchange")
        ),
        Column("started_at", "instant", "When it began.", required=True),
        Column("ended_at", "instant", "When the system worked again."),
        Column(
            "cause", "text", "Why it was down: own cause, planned maintenance, or something beyond the bank.",
            words=("own", "planned", "area_wide", "central_system", "telecom", "force_majeure"),
        ),
        Column("filed_at", "instant", "When planned maintenance was filed."),
        Column("reported_at", "instant", "When the bank reported it."),
        Column("others_affected", "boolean", "Whether others were affected."),
    ),
    extensible=True,
)  # fmt: skip

MONITORING_TABLES: Final[tuple[Table, ...]] = (
    _MESSAGES, _EXCHANGE_ITEMS, _ACCOUNTING_ERRORS, _POSITIONS, _INCIDENTS,
)  # fmt: skip
"""The tables of monitoring."""
