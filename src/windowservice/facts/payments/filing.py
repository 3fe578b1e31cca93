"""What may be said of reports and filings that banks owe, of risk warnings that they get, and of readings given."""

from __future__ import annotations

from datetime import date, datetime

from windowservice.domain.words import FAULT_PARTIES
from windowservice.facts.payments.payment_figures import filing_limit
from windowservice.language.tree.expressions import choose
from windowservice.language.tree.fact import fact
from windowservice.language.tree.facts import Facts, Given
from windowservice.language.tree.kernels import CLOSE_OF, due

__all__ = ["FILED_BEFORE", "FILING_KINDS", "filing", "given_reading", "risk_warning"]

FILING_KINDS = (
    "emergency", "risk_event", "customer_dispute", "emergency_group", "department_head", "emergency_plan", "drill",
    "planned_log_off", "periodic",
)  # fmt: skip
"""What is reported at once, within days, or filed in advance; and reports of a period, which name their day."""
FILED_BEFORE = ("emergency_plan", "drill", "planned_log_off")
"""What is filed in advance: it is owed before it happens, so that it may lie ahead."""


class filing(Facts, rows=Given("filings"), dated_by="happened_at"):  # noqa: N801
    """A report or filing that a bank owes."""

    id = fact(str, "The number of the filing", required=True)
    bank = fact(str, "The bank that owes it", required=True)
    kind = fact(str, "What is reported or filed", required=True, words=FILING_KINDS)
    happened_at = fact(
        datetime, "When it happened, or for when it is planned", required=True, planned={"kind": FILED_BEFORE}
    )
    due_day = fact(date, "The day by which the report of a period is due", planned=True)
    filed_at = fact(datetime, "When it was reported or filed")
    held_at = fact(datetime, "For a drill: when it was held")
    result_at = fact(datetime, "For a drill: when the report on what came of it was made")
    fault_party = fact(str, "Whose fault it is if it came late; the bank's own unless stated", words=FAULT_PARTIES)

    limit_due = fact(due(happened_at, filing_limit[kind]), "By when it is due, unless it reports a period")
    periodic_due = fact(CLOSE_OF(due_day, ""), "By when the report of a period is due: the close of its day")
    due_at = fact(choose(kind == "periodic", periodic_due, limit_due), "By when it is due")
    filed_in_time = fact(filed_at.happened() & (filed_at <= due_at), "Whether it came by its limit; not yet is no")


class risk_warning(Facts, rows=Given("warnings"), dated_by="issued_at"):  # noqa: N801
    """A warning of risk that the window sent to a bank."""

    id = fact(str, "The number of the warning", required=True)
    bank = fact(str, "The bank to which it went", required=True)
    level = fact(str, "How pressing it is", required=True, words=("urgent", "ordinary"))
    issued_at = fact(datetime, "When it was sent", required=True)
    topic = fact(str, "What it warns of")
    acknowledged_at = fact(datetime, "When the bank acknowledged it")
    acted_at = fact(datetime, "When the bank said what it had done")


class given_reading(Facts, rows=Given("readings")):  # noqa: N801
    """What was counted elsewhere of a bank for an indicator and a period."""

    id = fact(str, "The name of the reading", required=True)
    bank = fact(str, "The bank", required=True)
    indicator = fact(str, "The indicator of the scorecard", required=True)
    period = fact(str, "The period, as in 2018-06", required=True)
    numerator = fact(int, "What was counted; none in a row that only says that the period is complete")
    denominator = fact(int, "Out of how many, for a ratio")
    fault_party = fact(str, "Whose fault it was; the bank's own unless stated", words=FAULT_PARTIES)
    restated_from = fact(str, "The reading that it replaces")
    reason = fact(str, "Why it was restated")
    provisional = fact(bool, "Whether the period's items are not all in yet")
    complete = fact(bool, "Whether the source declares the period complete")
