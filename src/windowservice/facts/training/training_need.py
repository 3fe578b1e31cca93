"""What may be said of a training that is needed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from windowservice.language.tree.fact import fact
from windowservice.language.tree.facts import Facts, Given
from windowservice.ledger.tables.training_tables import NEEDS

__all__ = ["training_need"]


class training_need(Facts, rows=Given("training_needs"), dated_by="arisen_at"):  # noqa: N801
    """One training that is needed, with what came of it."""

    id = fact(str, "Number of the need", required=True)
    kind = fact(str, "Why it is needed", required=True, words=NEEDS)
    bank = fact(str, "Id of the bank that needs it; empty: all banks, or the window's own staff")
    person = fact(str, "Who needs it, if one person does")
    topic = fact(str, "What it is about")
    error_kinds = fact(frozenset[str], "Kinds of error that it is about; all: every kind")
    arisen_at = fact(datetime, "When the need was known", required=True)
    effective_on = fact(date, "For a new rule: the day from which it is in force", planned=True)
    answered_at = fact(datetime, "For one that was asked for: when a date was named")
    held_at = fact(datetime, "When the training was held")
    online = fact(bool, "Whether it was held online", known_at="held_at")
    score = fact(Decimal, "The score of the test after it", unit="points", known_at="held_at")
    passed_at = fact(datetime, "When the test was passed")
    form = fact(str, "In which form it was held, such as lecture, case or exercise", known_at="held_at")
    form_before = fact(str, "For one without effect: in which form the earlier one was held")
