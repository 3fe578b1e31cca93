"""What may be said of what was booked for a bank, and of statements of account and differences."""

from __future__ import annotations

from datetime import date, datetime

from windowservice.domain.words import FAULT_PARTIES
from windowservice.facts.payments.payment_figures import difference_limit, statement_limit
from windowservice.language.tree.fact import code, fact, key
from windowservice.language.tree.facts import Facts, Given
from windowservice.language.tree.kernels import CLOSE_OF, due

__all__ = ["difference", "statement", "voucher_count"]


class voucher_count(Facts, rows=Given("voucher_counts"), dated_by="counted_at"):  # noqa: N801
    """How much one bank handed in and the window booked for it, up to a close."""

    id = key("Number of the row, unique in the ledger")
    bank = code("Id of the bank", required=True)
    counted_at = fact(datetime, "The close up to which it was counted, such as the day's", required=True)
    vouchers = fact(int, "How many vouchers the bank handed in", unit="item")
    first_pass = fact(int, "How many of them were booked at once, without return", unit="item")
    returned = fact(int, "How many of them were returned or corrected through the bank's own fault", unit="item")
    entries = fact(int, "How many entries were booked for it", unit="item")
    reversed = fact(int, "How many of them were reversed or supplemented through the bank's own fault", unit="item")


class statement(Facts, rows=Given("statements"), dated_by="issued_at"):  # noqa: N801
    """One statement of account that a bank has to confirm."""

    id = key("Number of the statement, unique in the ledger")
    bank = code("Id of the bank", required=True)
    issued_at = fact(datetime, "When it was sent", required=True)
    due_on = fact(date, "The day by which it wants a reply, if it names one", planned=True)
    confirmed_at = fact(datetime, "When the bank replied", after=issued_at)
    fault_party = fact(str, "Whose fault a late reply is; without it, the bank's own", words=FAULT_PARTIES)

    reply_due = fact(
        CLOSE_OF(due_on, "").otherwise(due(issued_at, statement_limit)),
        "By when it has to be confirmed: by the day that it names, or within the limit",
    )
    confirmed_in_time = fact(
        confirmed_at.happened() & (confirmed_at <= reply_due), "Whether it was confirmed in time; not yet is no"
    )


class difference(Facts, rows=Given("differences"), dated_by="opened_at"):  # noqa: N801
    """One difference that a reconciliation found."""

    id = key("Number of the difference, unique in the ledger")
    bank = code("Id of the bank", required=True)
    statement = code("Number of the statement")
    opened_at = fact(datetime, "When it was found", required=True)
    closed_at = fact(datetime, "When it was cleared up", after=opened_at)
    fault_party = fact(str, "Whose fault it is; without it, the bank's own", words=FAULT_PARTIES)

    clear_due = fact(due(opened_at, difference_limit), "By when it has to be cleared up")
