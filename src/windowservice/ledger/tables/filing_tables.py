"""Tables of what banks report and are told: filings, risk warnings, and readings that were counted elsewhere."""

from __future__ import annotations

from typing import Final

from windowservice.domain.words import FAULT_PARTIES
from windowservice.ledger.tables.schema import Column, Table

__all__ = ["FILING_TABLES"]

_FILINGS: Final = Table(
    "filings",
    "One row is one report or filing that a bank owes.",
    (
        Column("id", "code", "Number of the filing, unique in the ledger.", required=True),
        Column("bank", "code", "Id of the bank that owes it.", required=True),
        Column(
            "kind", "text", "What is reported or filed.", required=True,
            words=(
                "emergency", "risk_event", "customer_dispute", "emergency_group", "department_head", "emergency_plan",
                "drill", "planned_log_off", "periodic",
            ),
        ),
        Column("happened_at", "instant", "When it happened, or for when it is planned.", required=True),
        Column("due_day", "date", "Day by which the report of a period is due."),
        Column("filed_at", "instant", "When it was reported or filed."),
        Column("held_at", "instant", "For a drill: when it was held."),
        Column("result_at", "instant", "For a drill: when the report on what came of it was made."),
        Column("fault_party", "text", "Whose fault a late one is; without it, the bank's own.", words=FAULT_PARTIES),
    ),
    extensible=True,
)  # fmt: skip

_WARNINGS: Final = Table(
    "warnings",
    "One row is one warning of risk that the window sent to a bank.",
    (
        Column("id", "code", "Number of the warning, unique in the ledger.", required=True),
        Column("bank", "code", "Id of the bank to which it went.", required=True),
        Column("level", "text", "How pressing it is.", required=True, words=("urgent", "ordinary")),
        Column("issued_at", "instant", "When it was sent.", required=True),
        Column("topic", "text", "What it warns of."),
        Column("acknowledged_at", "instant", "When the bank acknowledged it."),
        Column("acted_at", "instant", "When the bank said what it had done."),
    ),
    extensible=True,
)

_READINGS: Final = Table(
    "readings",
    "One row is what was counted elsewhere of a bank for an indicator and a period.",
    (
        Column("id", "code", "Name of the reading, unique in the ledger.", required=True),
        Column("bank", "code", "Id of the bank.", required=True),
        Column("indicator", "code", "Id of the indicator of the scorecard.", required=True),
        Column("period", "code", "The period: 2018, 2018-Q2, 2018-06, 2018-W23 or 2018-06-04.", required=True),
        Column("numerator", "integer", "What was counted; none in a row that only says that the period is complete."),
        Column("denominator", "integer", "Out of how many, for a ratio."),
        Column("fault_party", "text", "Whose fault it was; without it, the bank's own.", words=FAULT_PARTIES),
        Column("restated_from", "code", "Name of the reading that it replaces."),
        Column("reason", "text", "Why it was restated."),
        Column("provisional", "boolean", "Whether the period's items are not all in yet."),
        Column("complete", "boolean", "Whether the source declares the period complete."),
    ),
    extensible=True,
)

FILING_TABLES: Final[tuple[Table, ...]] = (_FILINGS, _WARNINGS, _READINGS)
"""The tables of reports, warnings and readings."""
