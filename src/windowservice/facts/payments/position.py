"""What may be said of a bank's funds at a checkpoint of the day, and of outages of its systems."""

from __future__ import annotations

from datetime import datetime

from windowservice.domain.words import FAULT_PARTIES
from windowservice.facts.payments.payment_figures import cover_limit
from windowservice.language.tree.expressions import as_of, choose
from windowservice.language.tree.fact import code, fact, key
from windowservice.language.tree.facts import Facts, Given
from windowservice.language.tree.kernels import due, worked
from windowservice.worktime.published.systems import SYSTEMS

__all__ = ["OUTAGE_CAUSES", "incident", "position"]

OUTAGE_CAUSES = ("own", "planned", "area_wide", "central_system", "telecom", "force_majeure")
"""Why a system was down: the bank's own cause, maintenance filed in advance, or something beyond the bank."""


class position(Facts, rows=Given("positions"), dated_by="checkpoint_at"):  # noqa: N801
    """The funds of one bank at a checkpoint of a day, and what came of it."""

    id = key("Number of the row, unique in the ledger")
    bank = code("Id of the bank", required=True)
    checkpoint_at = fact(datetime, "When its funds were looked at", required=True)
    balance = fact(int, "What stands on its settlement account", unit="yuan")
    required = fact(int, "What it has to pay that day", unit="yuan")
    urged_at = fact(datetime, "When it was urged to raise funds")
    covered_at = fact(datetime, "When the shortfall was covered", after=checkpoint_at)
    outgoing_items = fact(int, "How many large-value items it sent that day", unit="item")
    queued_items = fact(int, "How many of them waited for want of funds", unit="item")
    queued_at_close = fact(
        int, "How many items still waited for want of funds at the settlement window's scheduled close", unit="item"
    )
    window_opened = fact(bool, "Whether its shortfall opened the settlement window")
    fault_party = fact(str, "Whose fault it is; without it, the bank's own", words=FAULT_PARTIES)

    shortfall = fact(choose(balance < required, required - balance, 0), "By how much its funds fell short", unit="yuan")
    is_short = fact(balance < required, "Whether its funds fell short at the checkpoint")
    is_queued_at_close = fact(queued_at_close > 0, "Whether items still waited at the window's scheduled close")
    cover_due = fact(
        due(urged_at, cover_limit, "HVPS_window"), "By when it has to have covered the shortfall, once urged"
    )
    time_to_cover = fact(worked(urged_at, covered_at), "Open time from the urge until the shortfall was covered")
    covered_in_time = fact(
        covered_at.happened() & (covered_at <= cover_due), "Whether it covered the shortfall in time; not yet is no"
    )


class incident(Facts, rows=Given("incidents"), dated_by="started_at"):  # noqa: N801
    """One outage of a payment system at a bank."""

    id = key("Number of the outage, unique in the ledger")
    bank = code("Id of the bank whose system was down", required=True)
    system = fact(str, "The payment system", required=True, words=SYSTEMS)
    started_at = fact(datetime, "When it began", required=True)
    ended_at = fact(datetime, "When the system worked again", after=started_at)
    cause = fact(
        str, "Why it was down: own cause, planned maintenance, or something beyond the bank", words=OUTAGE_CAUSES
    )
    filed_at = fact(datetime, "When planned maintenance was filed")
    reported_at = fact(datetime, "When the bank reported it")
    others_affected = fact(bool, "Whether others were affected")

    lasted = fact(ended_at.otherwise(as_of) - started_at, "How long it lasted; until now if it goes on")
