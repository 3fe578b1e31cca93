"""What a ledger shows of training: who needs it by what else is recorded, and what it did against the banks' peers."""

from __future__ import annotations

from datetime import date, datetime

from windowservice.facts.training.training_need import NEEDS
from windowservice.language.tree.fact import fact
from windowservice.language.tree.facts import Facts, Made

__all__ = ["need_shown", "training_effect"]


class need_shown(Facts, rows=Made("needs_shown"), dated_by="shown_at"):  # noqa: N801
    """Something in a ledger that may show that training is needed; from which figure on, the rules say."""

    id = fact(str, "Why, when and for whom", required=True)
    kind = fact(str, "Why it may be needed", required=True, words=NEEDS)
    bank = fact(str, "The bank; missing if it is all of them")
    topic = fact(str, "What it is about")
    shown_at = fact(datetime, "When it was known", required=True)
    listed_as = fact(str, "The number of the need on the list of needs; missing if it is not on it")
    errors = fact(int, "Errors of the bank in the quarter", unit="errors")
    median_doubled = fact(int, "Twice the median of all banks' errors in the quarter", unit="errors")
    vouchers = fact(int, "Vouchers of the bank in the quarter; missing if nobody wrote how many", unit="vouchers")
    many_from = fact(
        int,
        "From how many errors on it has twice the median rate of all banks; missing if its vouchers, or those of more "
        "than half of the banks, are not known",
        unit="errors",
    )
    banks = fact(int, "How many banks made the error", unit="banks")
    of_banks = fact(int, "How many banks there are", unit="banks")

    share_of_banks = fact(banks / of_banks, "The share of the banks that made the error")
    rate = fact(errors * 1000 / vouchers, "Errors of the bank per 1,000 vouchers", unit="errors per 1,000 vouchers")
    has_many = fact(
        errors >= many_from.otherwise(median_doubled),
        "Whether it makes errors at twice the median rate or more; where volumes are not known, twice their number",
    )
    may_be_listed = fact(bool, "Whether the list has such a need that does not say what or whom it is about")
    is_listed = fact(
        listed_as.is_known() | (may_be_listed.otherwise(False) & (listed_as == "")),
        "Whether the need is on the list; unknown if one there may be it",
    )


class training_effect(Facts, rows=Made("training_effects"), dated_by="held_at"):  # noqa: N801
    """What became of a bank's errors of the kinds taught, by volume, against peers that were not trained.

    The 60 civil days before the day of the training are held against the 60 after it. A peer made as many errors or
    more, by volume, before: whoever is chosen for a bad time gets better by itself.
    """

    id = fact(str, "The number of the need, with the word effect", required=True)
    need = fact(str, "The number of the need", required=True)
    bank = fact(str, "The bank", required=True)
    held_at = fact(datetime, "When the training was held", required=True)
    measured_on = fact(date, "The last of the days that are held against each other", required=True)
    error_kinds = fact(frozenset[str], "The kinds of error that were taught; missing if that is not said")
    volume_from = fact(str, "The table that volumes were counted from; missing if no table tells them")
    before = fact(int, "Errors of these kinds that the bank made before", unit="errors")
    after = fact(int, "Errors of these kinds that it made after", unit="errors")
    compared = fact(int, "Its errors before; missing if they are too few to be compared", unit="errors")
    items_before = fact(int, "Items of business that it did before; missing if nobody wrote how many", unit="items")
    items_after = fact(int, "Items of business that it did after", unit="items")
    peers = fact(int, "How many peers there are", unit="banks")
    peers_before = fact(
        int, "Errors of the peers before; missing if there are none, or too few to be compared", unit="errors"
    )
    peers_after = fact(int, "Errors of the peers after", unit="errors")
    peers_items_before = fact(int, "Items of business that the peers did before", unit="items")
    peers_items_after = fact(int, "Items of business that they did after", unit="items")

    rate_before = fact(
        compared * 1000 / items_before, "Errors of the bank per 1,000 items before", unit="errors per 1,000 items"
    )
    rate_after = fact(
        after * 1000 / items_after, "Errors of the bank per 1,000 items after", unit="errors per 1,000 items"
    )
    peers_trend = fact(
        (peers_after / peers_items_after) / (peers_before / peers_items_before),
        "The part of the peers' errors, by volume, that was left after",
    )
    expected = fact(
        rate_before * peers_trend,
        "The errors per 1,000 items to be expected after it if the bank had gone the way of its peers",
        unit="errors per 1,000 items",
    )
