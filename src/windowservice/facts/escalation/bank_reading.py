"""What may be said of one indicator of a bank in one period, when actions are weighed."""

from __future__ import annotations

from datetime import datetime

from windowservice.language.tree.fact import fact
from windowservice.language.tree.facts import Facts, Made

__all__ = ["bank_reading"]


class bank_reading(Facts, rows=Made("bank_readings"), dated_by="until"):  # noqa: N801
    """One indicator of a bank in the period judged, as it was scored."""

    id = fact(str, "The bank, the indicator and the period", required=True)
    bank = fact(str, "The bank", required=True)
    indicator = fact(str, "The indicator", required=True)
    period = fact(str, "The period", required=True)
    until = fact(datetime, "The end of the period", required=True, planned=True)
    severity = fact(
        str, "How bad it is: none if it is no breach; missing if it could not be scored",
        words=("none", "minor", "major", "severe"),
    )  # fmt: skip
    small_sample = fact(bool, "Whether too few items stand behind it")
    breaches_of_four = fact(int, "In how many of the last four periods, this one included, it was in breach")
    rank_from_bottom = fact(int, "Its place among the banks, the worst being 1")
    key = fact(bool, "Whether the bank is a key institution; a new bank is not")
    new_bank = fact(bool, "Whether the bank joined within the last six months")
