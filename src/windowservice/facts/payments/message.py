"""What may be said of a message of a payment system that wants an answer by a limit."""

from __future__ import annotations

from datetime import date, datetime

from windowservice.domain.words import FAULT_PARTIES
from windowservice.facts.payments.payment_figures import receipt_date, reply_limit, sign_handling_limit
from windowservice.language.tree.expressions import choose
from windowservice.language.tree.fact import code, fact, key
from windowservice.language.tree.facts import Facts, Given
from windowservice.language.tree.kernels import BUSINESS_DAY, CLOSE_OF, due, worked
from windowservice.worktime.published.systems import SYSTEMS

__all__ = ["message"]


class message(Facts, rows=Given("messages"), dated_by="received_at"):  # noqa: N801
    """One message of a payment system that wants an answer by a limit."""

    id = key("Number of the message, unique in the ledger")
    bank = code("Id of the bank that has to answer", required=True)
    kind = fact(
        str,
        "What is asked",
        required=True,
        words={
            "inquiry": ("查询",),
            "own_inquiry": (),
            "return_request": ("退回申请", "申请退回"),
            "stop_request": ("止付申请", "申请止付"),
            "debit_item": (),
            "incoming_credit": (),
        },
    )  # fmt: skip
    system = fact(str, "The payment system", words=SYSTEMS)
    received_at = fact(datetime, "When it reached the bank or the bank found it", required=True)
    answered_at = fact(
        datetime, "When the bank answered, inquired, returned the receipt or credited", after=received_at
    )
    due_day = fact(date, "The day by which a debit item wants its receipt, as the item says", planned=True)
    empty = fact(
        bool, "Whether the answer was judged empty or drew a further inquiry on the same item", known_at="answered_at"
    )
    excluded = fact(str, "Why it does not count", words=("duplicate", "test", "withdrawn"))
    fault_party = fact(str, "Whose fault a late answer is", words=FAULT_PARTIES)
    source = code("Id of the payment that it is about")
    noticed_at = fact(datetime, "When the window first saw a sign that something was amiss")
    handled_at = fact(datetime, "When the window had dealt with it", after=noticed_at)

    counts = fact(excluded.is_missing(), "Whether it counts: neither a duplicate, nor a test, nor withdrawn")
    counted_from = fact(
        choose(receipt_date == "natural", received_at, BUSINESS_DAY(received_at, system)),
        "From when its limit is counted: its receipt, or the beginning of the system's date on which it came",
    )
    reply_due = fact(due(counted_from, reply_limit[kind]), "By when it has to be answered; debit items have a day")
    receipt_due = fact(
        CLOSE_OF(due_day, system), "By when the receipt of a debit item is due: the end of its day inside the system"
    )
    handling_due = fact(
        due(noticed_at, sign_handling_limit), "By when the window has to have dealt with what it noticed"
    )
    handling_time = fact(worked(noticed_at, handled_at), "Open time from the first sign until it was dealt with")
    answered_in_time = fact(
        answered_at.happened() & (answered_at <= reply_due), "Whether it was answered by its limit; not yet is no"
    )
    receipt_in_time = fact(
        answered_at.happened() & (answered_at <= receipt_due), "Whether the receipt came by its day; not yet is no"
    )
