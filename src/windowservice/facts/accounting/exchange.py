"""What may be said of items of the same-city exchange, and of accounting errors."""

from __future__ import annotations

from datetime import datetime

from windowservice.domain.words import FAULT_PARTIES
from windowservice.facts.payments.payment_figures import fault_counts
from windowservice.language.tree.expressions import choose
from windowservice.language.tree.fact import code, fact, key
from windowservice.language.tree.facts import Facts, Given

__all__ = ["ACCOUNTING_ERRORS", "EXCHANGE_ERRORS", "accounting_error", "exchange_item"]

EXCHANGE_ERRORS = ("amount", "account", "missing_item", "surplus_item", "wrong_bank", "seal", "form")
"""What can be wrong with an item of the exchange."""
ACCOUNTING_ERRORS = ("voucher", "seal_or_cipher", "amount", "account", "reversal", "supplement", "other")
"""What can be wrong with a voucher or an entry."""


class exchange_item(  # noqa: N801
    Facts, rows=Given("exchange_items"), dated_by="session_at"
):
    """One item of the same-city exchange, or several of one kind."""

    id = key("Number of the row, unique in the ledger")
    bank = code("Id of the bank that presented it, or sent it back", required=True)
    kind = fact(str, "Presented or sent back", required=True, words=("presented", "returned"))
    session = code("Session of the exchange, such as noon or evening", required=True)
    session_at = fact(datetime, "When the session was held", required=True)
    items = fact(int, "How many items the row stands for; without it, one", unit="item")
    counterpart = code("Id of the other bank")
    error = fact(str, "What was wrong with it; nothing if empty", words=EXCHANGE_ERRORS, known_at="found_at")
    fault_party = fact(str, "Whose fault the error is", words=FAULT_PARTIES)
    found_at = fact(datetime, "When the error was found")
    corrected_at = fact(datetime, "When the error was put right", after=found_at)
    return_until = fact(datetime, "Until when its session lets items be sent back", planned=True)
    returned_at = fact(datetime, "When it was sent back")
    reason_valid = fact(bool, "Whether it was sent back for a reason that the rules name", known_at="returned_at")

    pieces = fact(items.otherwise(1), "How many items it stands for: one unless stated", unit="item")
    faulty = fact(choose(error.is_missing(), 0, pieces), "How many items have an error, whose ever fault", unit="item")
    own_errors = fact(
        choose(error.is_missing(), 0, pieces * fault_counts[fault_party]),
        "How many items have an error through the bank's own fault; missing if nobody knows whose",
        unit="item",
    )
    returned_properly = fact(
        returned_at.happened() & (returned_at <= return_until) & reason_valid,
        "Whether it was sent back within its session and for a valid reason",
    )


class accounting_error(  # noqa: N801
    Facts,
    rows=Given("accounting_errors"),
    happens=("booked_at", "found_at"),
    dated_by="booked_at",
):
    """One error in a voucher or an entry, or several of one kind."""

    id = key("Number of the row, unique in the ledger")
    bank = code("Id of the bank whose voucher or entry it was", required=True)
    kind = fact(str, "What was wrong", required=True, words=ACCOUNTING_ERRORS)
    booked_at = fact(datetime, "When the voucher came in, or the entry was booked", required=True)
    items = fact(int, "How many the row stands for; without it, one", unit="item")
    fault_party = fact(str, "Whose fault it is", words=FAULT_PARTIES)
    found_at = fact(datetime, "When it was found", after=booked_at)
    corrected_at = fact(datetime, "When it was put right", after=found_at)
    circular_at = fact(datetime, "When the circular was issued in which it stands")

    pieces = fact(items.otherwise(1), "How many it stands for: one unless stated", unit="item")
    own_errors = fact(
        pieces * fault_counts[fault_party],
        "How many are the bank's own fault; missing if nobody knows whose",
        unit="item",
    )
