"""Tables of how the window is organised: the duty matrix, the roster, the front-end roll-out, and admissions."""

from __future__ import annotations

from typing import Final

from windowservice.ledger.tables.schema import Column, Table

__all__ = ["ORGANISATION_TABLES", "STAGES"]

STAGES: Final = ("application", "review", "training", "test", "connection", "trial", "approval", "opening")
"""The stages of an admission, in their order."""

_ASSIGNMENTS: Final = Table(
    "assignments",
    "One row is one line of the duty matrix: a kind of business with task, standard, limit, rule, owner and authority.",
    (
        Column("id", "code", "Number of the line, unique in the ledger.", required=True),
        Column("service", "code", "Id of the kind of business.", required=True),
        Column("task", "text", "What is to be done (定任务)."),
        Column("standard", "text", "How well (定标准)."),
        Column("limit", "limit", "By when (定时限)."),
        Column("rule", "text", "By which rule (定准则)."),
        Column("owner", "code", "Clerk who answers for it."),
        Column("deputy", "code", "Clerk who stands in."),
        Column("authority", "text", "Who may decide or authorise."),
        Column("since", "date", "First day on which the line holds; without it, always."),
        Column("until", "date", "Last day."),
    ),
    extensible=True,
)

_ROSTER: Final = Table(
    "roster",
    "One row is one clerk's time on duty.",
    (
        Column("id", "code", "Number of the row, unique in the ledger.", required=True),
        Column("clerk", "code", "The clerk.", required=True),
        Column("post", "code", "The post or counter."),
        Column("starts_at", "instant", "When it begins.", required=True),
        Column("ends_at", "instant", "When it ends."),
    ),
    extensible=True,
)

_FRONT_ENDS: Final = Table(
    "front_ends",
    "One row is one bank that is to be connected to the front-end subsystem.",
    (
        Column("id", "code", "Number of the row, unique in the ledger.", required=True),
        Column("bank", "code", "Id of the bank.", required=True),
        Column("connected_on", "date", "Day from which it is connected."),
        Column("left_on", "date", "First day on which it no longer is."),
    ),
    extensible=True,
)

_STAGES: Final = Table(
    "admission_stages",
    "One row is one stage of one institution's admission to the payment systems.",
    (
        Column("id", "code", "Number of the stage, unique in the ledger.", required=True),
        Column("application", "code", "Number of the application.", required=True),
        Column("bank", "code", "Id of the institution that wants to join.", required=True),
        Column("sponsor", "code", "Id of the direct participant through which it joins."),
        Column("stage", "text", "Which stage it is.", required=True, words=STAGES),
        Column("began_at", "instant", "When it began.", required=True),
        Column("ended_at", "instant", "When it ended."),
        Column("passed", "boolean", "Whether it was passed."),
        Column("conditions", "items", "Conditions that were set."),
        Column("met", "items", "Those of them that are met."),
    ),
    extensible=True,
)

ORGANISATION_TABLES: Final[tuple[Table, ...]] = (_ASSIGNMENTS, _ROSTER, _FRONT_ENDS, _STAGES)
"""The tables of the window's organisation."""
