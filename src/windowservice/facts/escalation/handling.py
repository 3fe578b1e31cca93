"""What may be said of actions against banks, and of entries in the register of breaches."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from windowservice.domain.words import SEVERITIES
from windowservice.language.tree.expressions import choose
from windowservice.language.tree.fact import code, fact, key
from windowservice.language.tree.facts import Facts, Given, Made

__all__ = ["DECISIONS", "HANDLINGS", "VERIFIED", "action", "action_call", "breach"]

DECISIONS: Final = ("taken", "rejected")
VERIFIED: Final[Mapping[str, tuple[str, ...]]] = {"rectified": ("已整改",), "failed": (), "refused": ()}
HANDLINGS: Final = ("teach", "warn", "punish")
"""What is done about a breach: 教育, 警示, 惩处."""


class action(Facts, rows=Given("actions"), dated_by="proposed_at", clerk="decided_by"):  # noqa: N801
    """One action that was proposed against a bank, with what came of it."""

    id = key("Number of the action, unique in the ledger")
    bank = code("Id of the bank", required=True)
    action = code("Id of the action on the ladder, such as interview", required=True)
    rows = fact(frozenset[str], "Ids of the rows of the ladder that called for it; none if no row did")
    cause = fact(frozenset[str], "Ids of the items behind it")
    about = fact(str, "The kind of problem, as occurrences name it")
    proposed_at = fact(datetime, "When it was proposed", required=True)
    proposed_by = code("Clerk who proposed it")
    decided_at = fact(datetime, "When it was decided on", after=proposed_at)
    decided_by = code("Who decided", known_at="decided_at")
    decision = fact(str, "What was decided", words=DECISIONS, known_at="decided_at")
    reason = fact(str, "Why it was decided so", known_at="decided_at")
    due_at = fact(datetime, "By when the bank has to have put it right", planned=True)
    rectified_at = fact(datetime, "When the bank reported that it had", after=decided_at)
    verified_at = fact(datetime, "When that was verified")
    verified_by = code("Clerk who verified it", known_at="verified_at")
    verified = fact(str, "What the verification found", words=VERIFIED, known_at="verified_at")
    clean_periods = fact(int, "How many periods without a breach ran when it was released", known_at="released_at")
    released_at = fact(datetime, "When it was released")
    released_by = code("Who released it", known_at="released_at")
    release_written = fact(bool, "Whether the release was given in writing", known_at="released_at")

    was_taken = fact(decided_at.happened() & (decision == "taken"), "Whether it was decided to take it")
    is_open = fact(
        ~released_at.happened() & ~(decided_at.happened() & (decision == "rejected")),
        "Whether it was neither released nor rejected",
    )


class breach(Facts, rows=Given("breaches"), dated_by="found_at", clerk="handled_by"):  # noqa: N801
    """One breach in the register of breaches, with what was done about it."""

    id = key("Number of the entry, unique in the ledger")
    of = code("Id of the request or record that broke a rule", required=True)
    rule = code("The rule that was broken, as pack/rule")
    severity = fact(str, "How grave it is", words=SEVERITIES)
    found_at = fact(datetime, "When it was found", required=True)
    party = code("Clerk or bank that answers for it")
    handling = fact(str, "What was done: teach, warn or punish", words=HANDLINGS, known_at="handled_at")
    handled_at = fact(datetime, "When it was done", after=found_at)
    handled_by = code("Who did it", known_at="handled_at")
    closed_at = fact(datetime, "When the entry was closed", after=found_at)

    weight = fact(
        choose(handling == "teach", 1, choose(handling == "warn", 2, 3)),
        "How firm the handling is: 1 teach to 3 punish",
    )


class action_call(  # noqa: N801
    Facts, rows=Made("action_calls"), dated_by="since", lacks="missing"
):
    """A row of the ladder that calls for an action against a bank."""

    id = fact(str, "The bank and the row", required=True)
    bank = fact(str, "The bank", required=True)
    row = fact(str, "The row of the ladder", required=True)
    action = fact(str, "The action that it calls for", required=True)
    items = fact(frozenset[str], "The items behind it")
    since = fact(datetime, "When the last of them happened; missing if it cannot be told whether the row matches")
    missing = fact(frozenset[str], "What is missing for it to be told whether the row matches")
    answered_at = fact(datetime, "When actions of at least its rank had been proposed for all of them")
