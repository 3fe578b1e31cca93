"""What may be said of a bank as of a day: what happened to it within the look-back, counted.

The children come from several tables (incidents, positions, filings, actions ...), told apart by kind. A kind that the
ledger does not record makes the facts that count it unknown, never 0, and so does an occurrence that is in doubt; a row
of the ladder still matches if those that are certain suffice (`language.at_least`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from windowservice.language.tree.expressions import Expr, choose
from windowservice.language.tree.fact import code, fact, key
from windowservice.language.tree.facts import Facts, Given, Made
from windowservice.worktime.published.systems import SYSTEMS

__all__ = ["LASTING_KINDS", "OCCURRENCE_KINDS", "RUN_OF_URGES", "bank_period", "occurrence"]

OCCURRENCE_KINDS: Final = (
    "shortfall", "window_opened", "queued_at_close", "window_closed_late", "outage", "own_failure", "log_on_missed",
    "filing_missed", "rule_breach", "safety_hazard", "non_cooperation", "security_failure", "data_contradiction",
    "urge_missed", "action_overdue", "rectification_failed", "bad_grade", "reserve_deficit", "forgery",
)  # fmt: skip
"""What can be held against a bank."""

LASTING_KINDS: Final = ("safety_hazard", "data_contradiction", "action_overdue", "rectification_failed")
"""The kinds that count for as long as they are open, however long ago they began."""
RUN_OF_URGES: Final = timedelta(days=90)
"""Within how long urges that were missed count as one run."""


class occurrence(  # noqa: N801 - vocabularies are written in lower case, as they stand in rules
    Facts,
    rows=Given("occurrences"),
    happens="happened_at",
    dated_by="happened_at",
    kind="kind",
):
    """One thing that happened at a bank or was established about it, and that no other table holds."""

    id = key("Its number, unique in the ledger")
    bank = code("Id of the bank", required=True)
    kind = fact(str, "What happened", required=True, words=OCCURRENCE_KINDS)
    happened_at = fact(datetime, "When it happened or was established", required=True)
    closed_at = fact(datetime, "When it was put right", after=happened_at)
    system = fact(str, "The payment system", words=SYSTEMS)
    seconds = fact(int, "How long an outage lasted", unit="seconds")
    affects_others = fact(bool, "Whether other participants or customers were affected")
    major_damage = fact(bool, "Whether it was serious and did major damage to others")
    in_a_row = fact(int, "Of how many of its kind in a row, or on one cause in 90 days, it is the last")
    days_after_circular = fact(int, "Days since a circular on the same kind of problem", unit="days")
    about = fact(str, "The action, filing or problem that it is about")
    doubtful = fact(bool, "Whether the record does not say if it happened at all; no unless stated")

    is_open = fact(~closed_at.happened(), "Whether it was not put right yet")
    is_told = fact(1 / choose(doubtful.otherwise(False), 0, 1) == 1, "Whether it happened; of one in doubt unknown")
    """A number divided by zero is missing, and so is what is compared with it: neither true nor false."""


def _count(*kinds: str, also: Expr[bool] | None = None) -> Expr[int]:
    where: Any = occurrence.kind == kinds[0] if len(kinds) == 1 else occurrence.kind.one_of(*kinds)
    told = where & occurrence.is_told
    return occurrence.id.count(where=told if also is None else told & also)


def _largest(value: Expr[int], where: Expr[bool]) -> Expr[int]:
    """Return the largest, 0 if there is none; missing where the ledger does not record such a kind."""
    return choose(occurrence.id.count(where=where) == 0, 0, value.max(where=where))


_OUTAGE: Final = (occurrence.kind == "outage") & occurrence.is_told
_LARGE: Final = _OUTAGE & (occurrence.system == "HVPS")
_OTHER: Final = _OUTAGE & (occurrence.system != "HVPS")

_URGE_MISSED: Final = (occurrence.kind == "urge_missed") & occurrence.is_told


class bank_period(  # noqa: N801
    Facts,
    children=occurrence,
    rows=Made("bank_periods"),
    under="occurrences",
    dated_by="until",
):
    """A bank within the look-back that ends on the day judged."""

    id = fact(str, "The bank and the last day", required=True)
    bank = fact(str, "The bank", required=True)
    until = fact(datetime, "The end of the look-back", required=True, planned=True)
    key = fact(bool, "Whether it is a key institution; a new bank is not")
    new_bank = fact(bool, "Whether it joined within the last six months")
    admission_pending = fact(bool, "Whether its admission is under way")
    admission_test_passed = fact(bool, "Whether the test before admission was passed")

    windows_opened = fact(_count("window_opened"), "How often its shortfall opened the settlement window")
    queued_at_close = fact(
        _count("queued_at_close"), "How often items were queued at the scheduled close of the window for want of funds"
    )
    windows_closed_late = fact(_count("window_closed_late"), "How often the window closed late because of it")
    large_value_outages = fact(
        occurrence.id.count(where=_LARGE), "How many outages of large-value payments of its own cause there were"
    )
    large_value_down = fact(occurrence.seconds.sum(where=_LARGE), "How long they lasted together")
    longest_large_value = fact(_largest(occurrence.seconds, _LARGE), "How long the longest of them lasted")
    other_down = fact(
        occurrence.seconds.sum(where=_OTHER), "How long outages of other systems of its own cause lasted together"
    )
    longest_small_value = fact(
        _largest(occurrence.seconds, _OUTAGE & occurrence.system.one_of("BEPS", "IBPS")),
        "How long the longest outage of small-value or online payments lasted",
    )
    own_failures = fact(_count("own_failure"), "How often its own failure affected the payment system")
    rule_breaches = fact(_count("rule_breach"), "How many breaches of business rules there were")
    breaches_affecting_others = fact(
        _count("rule_breach", also=occurrence.affects_others), "How many breaches affected others"
    )
    major_damages = fact(_count("rule_breach", also=occurrence.major_damage), "How many breaches did major damage")
    repeats_after_circular = fact(
        _count("rule_breach", "outage", "own_failure", also=occurrence.days_after_circular.otherwise(10_000) <= 180),
        "How many problems came again within 180 days of a circular on the same kind",
    )
    open_hazards = fact(_count("safety_hazard", also=occurrence.is_open), "How many safety hazards are open")
    non_cooperations = fact(_count("non_cooperation"), "How often it did not cooperate in building, drills, publicity")
    security_failures = fact(_count("security_failure"), "How often a security mechanism failed with serious effect")
    open_contradictions = fact(
        _count("data_contradiction", also=occurrence.is_open), "How many reported data contradict those of the systems"
    )
    filings_missed = fact(_count("filing_missed"), "How many reports or filings were missed")
    longest_run_of_urges = fact(
        _largest(occurrence.in_a_row, _URGE_MISSED), "How many missed urges the longest run within 90 days has"
    )
    longest_run_ended_at = fact(
        occurrence.happened_at.max(where=_URGE_MISSED & (occurrence.in_a_row == longest_run_of_urges)),
        "When the last such run had its last urge missed",
    )
    urges_missed_on_one_cause = fact(
        _largest(
            occurrence.in_a_row,
            _URGE_MISSED
            & (occurrence.happened_at <= longest_run_ended_at)
            & (longest_run_ended_at - occurrence.happened_at <= RUN_OF_URGES),
        ),
        "How many urges on one cause were missed within 90 days",
    )
    """Told by the urges of that run alone, which are its cause."""
    interviews_overdue = fact(
        _count("action_overdue", also=(occurrence.about == "interview") & occurrence.is_open),
        "How many rectifications after an interview are overdue",
    )
    onsite_checks_overdue = fact(
        _count("action_overdue", also=(occurrence.about == "onsite_check") & occurrence.is_open),
        "How many findings of on-site checks are overdue",
    )
    failed_rectifications = fact(
        _count("rectification_failed", also=occurrence.is_open), "How many rectifications were refused or failed"
    )
    bad_quarters = fact(
        _largest(occurrence.in_a_row, (occurrence.kind == "bad_grade") & occurrence.is_told),
        "How many quarters ran at grade D",
    )
