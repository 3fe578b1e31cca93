"""What may be said of reports and filings that banks owe, of risk warnings that they get, and of readings given."""

from __future__ import annotations

from datetime import date, datetime

from windowservice.domain.words import FAULT_PARTIES
from windowservice.facts.payments.payment_figures import filing_limit
from windowservice.language.tree.expressions import choose
from windowservice.language.tree.fact import code, fact, key
from windowservice.language.tree.facts import Facts, Given
from windowservice.language.tree.kernels import CLOSE_OF, due

__all__ = ["FILED_BEFORE", "FILING_KINDS", "filing", "given_reading", "risk_warning"]

FILING_KINDS = (
    "emergency",
    "risk_event",
    "customer_dispute",
    "emergency_group",
    "department_head",
    "emergency_plan",
    "drill",
    "planned_log_off",
    "periodic",
)
"""What is reported at once, within days, or filed in advance; and reports of a period, which name their day."""
FILED_BEFORE = ("emergency_plan", "drill", "planned_log_off")
"""What is filed in advance: it is owed before it happens, so that it may lie ahead."""


class filing(Facts, rows=Given("filings"), dated_by="happened_at"):  # noqa: N801
    """One report or filing that a bank owes."""

    id = key("Number of the filing, unique in the ledger")
    bank = code("Id of the bank that owes it", required=True)
    kind = fact(str, "What is reported or filed", required=True, words=FILING_KINDS)
    happened_at = fact(
        datetime, "When it happened, or for when it is planned", required=True, planned={"kind": FILED_BEFORE}
    )
    due_day = fact(date, "Day by which the report of a period is due", planned=True)
    filed_at = fact(datetime, "When it was reported or filed")
    held_at = fact(datetime, "For a drill: when it was held")
    result_at = fact(datetime, "For a drill: when the report on what came of it was made", after=held_at)
    fault_party = fact(str, "Whose fault a late one is; without it, the bank's own", words=FAULT_PARTIES)

    limit_due = fact(due(happened_at, filing_limit[kind]), "By when it is due, unless it reports a period")
    periodic_due = fact(CLOSE_OF(due_day, ""), "By when the report of a period is due: the close of its day")
    due_at = fact(choose(kind == "periodic", periodic_due, limit_due), "By when it is due")
    filed_in_time = fact(filed_at.happened() & (filed_at <= due_at), "Whether it came by its limit; not yet is no")


class risk_warning(Facts, rows=Given("warnings"), dated_by="issued_at"):  # noqa: N801
    """One warning of risk that the window sent to a bank."""

    id = key("Number of the warning, unique in the ledger")
    bank = code("Id of the bank to which it went", required=True)
    level = fact(str, "How pressing it is", required=True, words={"urgent": ("紧急",), "ordinary": ("一般", "普通")})
    issued_at = fact(datetime, "When it was sent", required=True)
    topic = fact(str, "What it warns of")
    acknowledged_at = fact(datetime, "When the bank acknowledged it", after=issued_at)
    acted_at = fact(datetime, "When the bank said what it had done", after=issued_at)


class given_reading(Facts, rows=Given("readings")):  # noqa: N801
    """What was counted elsewhere of a bank for an indicator and a period."""

    id = key("Name of the reading, unique in the ledger")
    bank = code("Id of the bank", required=True)
    indicator = code("Id of the indicator of the scorecard", required=True)
    period = code("The period: 2018, 2018-Q2, 2018-06, 2018-W23 or 2018-06-04", required=True)
    numerator = fact(int, "What was counted; none in a row that only says that the period is complete")
    denominator = fact(int, "Out of how many, for a ratio")
    fault_party = fact(str, "Whose fault it was; without it, the bank's own", words=FAULT_PARTIES)
    restated_from = code("Name of the reading that it replaces")
    reason = fact(str, "Why it was restated")
    provisional = fact(bool, "Whether the period's items are not all in yet")
    complete = fact(bool, "Whether the source declares the period complete")
