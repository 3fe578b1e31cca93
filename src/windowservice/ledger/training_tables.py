"""Tables of training to order: what is needed, what was held, who passed."""

from __future__ import annotations

from typing import Final

from windowservice.ledger.schema import Column, Table

__all__ = ["NEEDS", "TRAINING_TABLES"]

NEEDS: Final = (
    "new_rule", "common_problem", "many_errors", "new_bank", "risk", "asked_for", "test_failed", "no_effect",
)  # fmt: skip
"""Why training is needed."""

_NEEDS: Final = Table(
    "training_needs",
    "One row is one training that is needed, with what came of it.",
    (
        Column("id", "code", "Number of the need.", required=True),
        Column("kind", "text", "Why it is needed.", required=True, words=NEEDS),
        Column("bank", "code", "Id of the bank that needs it; empty: all banks, or the window's own staff."),
        Column("person", "code", "Who needs it, if one person does."),
        Column("topic", "text", "What it is about."),
        Column(
            "error_kinds", "items",
            "Kinds of error that it is about, as accounting_errors names them; all: every kind; empty: not said.",
        ),
        Column("arisen_at", "instant", "When the need was known.", required=True),
        Column("effective_on", "date", "For a new rule: the day from which it is in force."),
        Column("answered_at", "instant", "For one that was asked for: when a date was named."),
        Column("held_at", "instant", "When the training was held."),
        Column("online", "boolean", "Whether it was held online."),
        Column("score", "number", "The score of the test after it.", unit="points"),
        Column("passed_at", "instant", "When the test was passed."),
        Column("form", "text", "In which form it was held, such as lecture, case or exercise."),
        Column("form_before", "text", "For one without effect: in which form the earlier one was held."),
    ),
    extensible=True,
)  # fmt: skip
_VOLUMES: Final = Table(
    "volumes",
    "One row is how much business one bank did on one day: what its errors are held against.",
    (
        Column("id", "code", "Number of the row.", required=True),
        Column("bank", "code", "Id of the bank.", required=True),
        Column("day", "date", "The day.", required=True),
        Column("items", "integer", "How many items of business it did, 0 if it did none.", unit="item"),
    ),
    extensible=True,
)

TRAINING_TABLES: Final[tuple[Table, ...]] = (_NEEDS, _VOLUMES)
"""The tables of training."""
