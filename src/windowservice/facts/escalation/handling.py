"""What may be said of measures against banks, and of entries in the register of breaches."""

from __future__ import annotations

from datetime import datetime

from windowservice.language.tree.expressions import choose
from windowservice.language.tree.fact import fact
from windowservice.language.tree.facts import Facts, Given, Made
from windowservice.ledger.tables.handling_tables import DECISIONS, HANDLINGS, VERIFIED

__all__ = ["breach", "measure", "measure_call"]


class measure(Facts, rows=Given("measures"), dated_by="proposed_at", clerk="decided_by"):  # noqa: N801
    """A measure that was proposed against a bank, with what came of it."""

    id = fact(str, "The number of the measure", required=True)
    bank = fact(str, "The bank", required=True)
    measure = fact(str, "The measure on the ladder", required=True)
    rows = fact(frozenset[str], "The rows of the ladder that called for it")
    cause = fact(frozenset[str], "The items behind it")
    about = fact(str, "The kind of problem")
    proposed_at = fact(datetime, "When it was proposed", required=True)
    proposed_by = fact(str, "The clerk who proposed it")
    decided_at = fact(datetime, "When it was decided on")
    decided_by = fact(str, "Who decided", known_at="decided_at")
    decision = fact(str, "What was decided", words=DECISIONS, known_at="decided_at")
    reason = fact(str, "Why it was decided so", known_at="decided_at")
    due_at = fact(datetime, "By when the bank has to have put it right", planned=True)
    rectified_at = fact(datetime, "When the bank reported that it had")
    verified_at = fact(datetime, "When that was verified")
    verified_by = fact(str, "The clerk who verified it", known_at="verified_at")
    verified = fact(str, "What the verification found", words=VERIFIED, known_at="verified_at")
    clean_periods = fact(int, "How many periods without a breach ran when it was released", known_at="released_at")
    released_at = fact(datetime, "When it was released")
    released_by = fact(str, "Who released it", known_at="released_at")
    release_written = fact(bool, "Whether the release was given in writing", known_at="released_at")

    was_taken = fact(decided_at.happened() & (decision == "taken"), "Whether it was decided to take it")
    is_open = fact(
        ~released_at.happened() & ~(decided_at.happened() & (decision == "rejected")),
        "Whether it was neither released nor rejected",
    )


class breach(Facts, rows=Given("breaches"), dated_by="found_at", clerk="handled_by"):  # noqa: N801
    """An entry in the register of breaches: what was broken, and what was done about it."""

    id = fact(str, "The number of the entry", required=True)
    of = fact(str, "The request or record that broke a rule", required=True)
    rule = fact(str, "The rule that was broken")
    severity = fact(str, "How grave it is", words=("note", "minor", "major", "severe"))
    found_at = fact(datetime, "When it was found", required=True)
    party = fact(str, "The clerk or bank that answers for it")
    handling = fact(str, "What was done", words=HANDLINGS, known_at="handled_at")
    handled_at = fact(datetime, "When it was done")
    handled_by = fact(str, "Who did it", known_at="handled_at")
    closed_at = fact(datetime, "When the entry was closed")

    weight = fact(
        choose(handling == "teach", 1, choose(handling == "warn", 2, 3)),
        "How firm the handling is: 1 teach to 3 punish",
    )


class measure_call(  # noqa: N801
    Facts, rows=Made("measure_calls"), dated_by="since", lacks="missing"
):
    """A row of the ladder that calls for a measure against a bank."""

    id = fact(str, "The bank and the row", required=True)
    bank = fact(str, "The bank", required=True)
    row = fact(str, "The row of the ladder", required=True)
    measure = fact(str, "The measure that it calls for", required=True)
    items = fact(frozenset[str], "The items behind it")
    since = fact(datetime, "When the last of them happened; missing if it cannot be told whether the row matches")
    missing = fact(frozenset[str], "What is missing for it to be told whether the row matches")
    answered_at = fact(datetime, "When measures of at least its rank had been proposed for all of them")
