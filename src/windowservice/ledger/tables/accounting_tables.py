"""Tables of accounting for banks: how much was booked, statements to be confirmed, differences that were found."""

from __future__ import annotations

from typing import Final

from windowservice.domain.words import FAULT_PARTIES
from windowservice.ledger.tables.schema import Column, Table

__all__ = ["ACCOUNTING_TABLES"]

_VOUCHER_COUNTS: Final = Table(
    "voucher_counts",
    "One row is how much one bank handed in and the window booked for it, up to a close.",
    (
        Column("id", "code", "Number of the row, unique in the ledger.", required=True),
        Column("bank", "code", "Id of the bank.", required=True),
        Column("counted_at", "instant", "The close up to which it was counted, such as the day's.", required=True),
        Column("vouchers", "integer", "How many vouchers the bank handed in.", unit="item"),
        Column("first_pass", "integer", "How many of them were booked at once, without return.", unit="item"),
        Column(
            "returned", "integer", "How many of them were returned or corrected through the bank's own fault.",
            unit="item",
        ),
        Column("entries", "integer", "How many entries were booked for it.", unit="item"),
        Column(
            "reversed", "integer", "How many of them were reversed or supplemented through the bank's own fault.",
            unit="item",
        ),
    ),
    extensible=True,
)  # fmt: skip
_STATEMENTS: Final = Table(
    "statements",
    "One row is one statement of account that a bank has to confirm.",
    (
        Column("id", "code", "Number of the statement, unique in the ledger.", required=True),
        Column("bank", "code", "Id of the bank.", required=True),
        Column("issued_at", "instant", "When it was sent.", required=True),
        Column("due_on", "date", "The day by which it wants a reply, if it names one."),
        Column("confirmed_at", "instant", "When the bank replied."),
        Column("fault_party", "text", "Whose fault a late reply is; without it, the bank's own.", words=FAULT_PARTIES),
    ),
    extensible=True,
)
_DIFFERENCES: Final = Table(
    "differences",
    "One row is one difference that a reconciliation found.",
    (
        Column("id", "code", "Number of the difference, unique in the ledger.", required=True),
        Column("bank", "code", "Id of the bank.", required=True),
        Column("statement", "code", "Number of the statement."),
        Column("opened_at", "instant", "When it was found.", required=True),
        Column("closed_at", "instant", "When it was cleared up."),
        Column("fault_party", "text", "Whose fault it is; without it, the bank's own.", words=FAULT_PARTIES),
    ),
    extensible=True,
)

ACCOUNTING_TABLES: Final[tuple[Table, ...]] = (_VOUCHER_COUNTS, _STATEMENTS, _DIFFERENCES)
"""The tables of accounting."""
