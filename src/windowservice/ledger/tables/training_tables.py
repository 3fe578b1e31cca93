"""Tables of training: to order for the banks, and of the window's own staff by what kinds of business ask for."""

from __future__ import annotations

from typing import Final

from windowservice.ledger.tables.schema import Column, Table

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
        Column("topic", "text", "The number of a rule's notice, or the kind of a common error; else what it is about."),
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

_KIND_TRAININGS: Final = Table(
    "kind_trainings",
    "One row is one training that a kind of business asks of whoever does it, from a day on.",
    (
        Column("id", "code", "Number of the row.", required=True),
        Column("service", "code", "Id of the kind of business.", required=True),
        Column("training", "code", "Id of the training, one for each version of its rule.", required=True),
        Column("since", "date", "First day on which it is asked for.", required=True),
        Column("until", "date", "Last day; without it, until another training replaces it."),
        Column("valid_for", "limit", "How long a pass counts, such as 12 months without roll; without it, for good."),
        Column("replaces", "code", "Id of the training that it takes the place of: that of the version before."),
        Column(
            "retrain_within", "limit",
            "How soon, from its first day, those must pass it who passed the one replaced; without it, at once.",
        ),
    ),
    extensible=True,
)  # fmt: skip
_OWN_TRAININGS: Final = Table(
    "own_trainings",
    "One row is one training of one clerk of the window.",
    (
        Column("id", "code", "Number of the row.", required=True),
        Column("clerk", "code", "The clerk.", required=True),
        Column("training", "code", "Id of the training.", required=True),
        Column("held_at", "instant", "When it was held."),
        Column("passed", "boolean", "Whether its test was passed; empty, without an instant: not written down."),
        Column("passed_at", "instant", "When its test was passed."),
    ),
    extensible=True,
)

TRAINING_TABLES: Final[tuple[Table, ...]] = (_NEEDS, _KIND_TRAININGS, _OWN_TRAININGS)
"""The tables of training."""
