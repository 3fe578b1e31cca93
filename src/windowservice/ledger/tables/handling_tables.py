"""Tables of what is done about breaches: occurrences at banks, measures, and the register of breaches handled."""

from __future__ import annotations

from typing import Final

from windowservice.ledger.tables.schema import Column, Table

__all__ = ["DECISIONS", "HANDLINGS", "HANDLING_TABLES", "OCCURRENCE_KINDS", "SYSTEMS", "VERIFIED"]

OCCURRENCE_KINDS: Final = (
    "shortfall", "window_opened", "queued_at_close", "window_closed_late", "outage", "own_failure", "log_on_missed",
    "filing_missed", "rule_breach", "safety_hazard", "non_cooperation", "security_failure", "data_contradiction",
    "urge_missed", "measure_overdue", "rectification_failed", "bad_grade", "reserve_deficit", "forgery",
)  # fmt: skip
"""What can be held against a bank."""
SYSTEMS: Final = ("HVPS", "BEPS", "IBPS", "CIS", "exchange")
DECISIONS: Final = ("taken", "rejected")
VERIFIED: Final = ("rectified", "failed", "refused")
HANDLINGS: Final = ("teach", "warn", "punish")
"""What is done about a breach: 教育, 警示, 惩处."""
_SEVERITIES: Final = ("note", "minor", "major", "severe")

_OCCURRENCES: Final = Table(
    "occurrences",
    "One row is one thing that happened at a bank or was established about it, and that no other table holds.",
    (
        Column("id", "code", "Its number, unique in the ledger.", required=True),
        Column("bank", "code", "Id of the bank.", required=True),
        Column("kind", "text", "What happened.", required=True, words=OCCURRENCE_KINDS),
        Column("happened_at", "instant", "When it happened or was established.", required=True),
        Column("closed_at", "instant", "When it was put right."),
        Column("system", "text", "The payment system.", words=SYSTEMS),
        Column("seconds", "integer", "How long an outage lasted.", unit="seconds"),
        Column("affects_others", "boolean", "Whether other participants or customers were affected."),
        Column("major_damage", "boolean", "Whether it was serious and did major damage to others."),
        Column("in_a_row", "integer", "Of how many of its kind in a row, or on one cause in 90 days, it is the last."),
        Column("days_after_circular", "integer", "Days since a circular on the same kind of problem.", unit="days"),
        Column("about", "text", "The measure, filing or problem that it is about."),
        Column("doubtful", "boolean", "Whether the record does not say if it happened at all; no unless stated."),
    ),
    extensible=True,
)

_MEASURES: Final = Table(
    "measures",
    "One row is one measure that was proposed against a bank, with what came of it.",
    (
        Column("id", "code", "Number of the measure, unique in the ledger.", required=True),
        Column("bank", "code", "Id of the bank.", required=True),
        Column("measure", "code", "Id of the measure on the ladder, such as interview.", required=True),
        Column("rows", "items", "Ids of the rows of the ladder that called for it; none if no row did."),
        Column("cause", "items", "Ids of the items behind it."),
        Column("about", "text", "The kind of problem, as occurrences name it."),
        Column("proposed_at", "instant", "When it was proposed.", required=True),
        Column("proposed_by", "code", "Clerk who proposed it."),
        Column("decided_at", "instant", "When it was decided on."),
        Column("decided_by", "code", "Who decided."),
        Column("decision", "text", "What was decided.", words=DECISIONS),
        Column("reason", "text", "Why it was decided so."),
        Column("due_at", "instant", "By when the bank has to have put it right."),
        Column("rectified_at", "instant", "When the bank reported that it had."),
        Column("verified_at", "instant", "When that was verified."),
        Column("verified_by", "code", "Clerk who verified it."),
        Column("verified", "text", "What the verification found.", words=VERIFIED),
        Column("clean_periods", "integer", "How many periods without a breach ran when it was released."),
        Column("released_at", "instant", "When it was released."),
        Column("released_by", "code", "Who released it."),
        Column("release_written", "boolean", "Whether the release was given in writing."),
    ),
    extensible=True,
)

_BREACHES: Final = Table(
    "breaches",
    "One row is one breach in the register of breaches, with what was done about it.",
    (
        Column("id", "code", "Number of the entry, unique in the ledger.", required=True),
        Column("of", "code", "Id of the request or record that broke a rule.", required=True),
        Column("rule", "code", "The rule that was broken, as pack/rule."),
        Column("severity", "text", "How grave it is.", words=_SEVERITIES),
        Column("found_at", "instant", "When it was found.", required=True),
        Column("party", "code", "Clerk or bank that answers for it."),
        Column("handling", "text", "What was done: teach, warn or punish.", words=HANDLINGS),
        Column("handled_at", "instant", "When it was done."),
        Column("handled_by", "code", "Who did it."),
        Column("closed_at", "instant", "When the entry was closed."),
    ),
    extensible=True,
)

HANDLING_TABLES: Final[tuple[Table, ...]] = (_OCCURRENCES, _MEASURES, _BREACHES)
"""The tables of handling."""
