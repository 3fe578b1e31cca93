"""What a ledger shows of training: who needs it by what else is recorded, and what it did against the banks' peers."""

from __future__ import annotations

from datetime import datetime

from windowservice.language.facts import Facts, Options, fact
from windowservice.ledger.training_tables import NEEDS

__all__ = ["need_shown", "training_effect"]


class need_shown(Facts, options=Options(dated_by="shown_at", table="needs_shown")):  # noqa: N801
    """Something in a ledger that may show that training is needed; from which figure on, the rules say."""

    id = fact(str, "Why, when and for whom", required=True)
    kind = fact(str, "Why it may be needed", required=True, words=NEEDS)
    bank = fact(str, "The bank; missing if it is all of them")
    topic = fact(str, "What it is about")
    shown_at = fact(datetime, "When it was known", required=True)
    listed_as = fact(str, "The number of the need on the list of needs; missing if it is not on it")
    errors = fact(int, "Errors of the bank in the quarter", unit="errors")
    median_doubled = fact(int, "Twice the median of all banks' errors in the quarter", unit="errors")
    banks = fact(int, "How many banks made the error", unit="banks")
    of_banks = fact(int, "How many banks there are", unit="banks")

    share_of_banks = fact(banks / of_banks, "The share of the banks that made the error")
    is_listed = fact(listed_as.is_known(), "Whether the need is on the list")


class training_effect(Facts, options=Options(dated_by="held_at", table="training_effects")):  # noqa: N801
    """What became of a bank's errors after a training, against peers with as many errors that were not trained."""

    id = fact(str, "The number of the need", required=True)
    bank = fact(str, "The bank", required=True)
    held_at = fact(datetime, "When the training was held", required=True)
    before = fact(int, "Errors of the bank in the 60 days before", unit="errors")
    after = fact(int, "Errors of the bank in the 60 days after", unit="errors")
    peers = fact(int, "How many banks made at least as many errors before, and were not trained", unit="banks")
    peers_before = fact(int, "Their errors in the 60 days before; missing if there are no such banks", unit="errors")
    peers_after = fact(int, "Their errors in the 60 days after", unit="errors")

    expected = fact(
        before * (peers_after / peers_before),
        "The errors to be expected after it if the bank had gone the way of its peers, without training",
        unit="errors",
    )
