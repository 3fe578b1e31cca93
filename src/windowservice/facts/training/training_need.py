"""What may be said of a training that is needed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from windowservice.language.tree.fact import code, fact, key
from windowservice.language.tree.facts import Facts, Given

__all__ = ["NEEDS", "training_need"]

NEEDS: Final = (
    "new_rule", "common_problem", "many_errors", "new_bank", "risk", "asked_for", "test_failed", "no_effect",
)  # fmt: skip
"""Why training is needed."""


class training_need(Facts, rows=Given("training_needs"), dated_by="arisen_at"):  # noqa: N801
    """One training that is needed, with what came of it."""

    id = key("Number of the need")
    kind = fact(str, "Why it is needed", required=True, words=NEEDS)
    bank = code("Id of the bank that needs it; empty: all banks, or the window's own staff")
    person = code("Who needs it, if one person does")
    topic = fact(str, "The number of a rule's notice, or the kind of a common error; else what it is about")
    error_kinds = fact(
        frozenset[str],
        "Kinds of error that it is about, as accounting_errors names them; all: every kind; empty: not said",
    )
    arisen_at = fact(datetime, "When the need was known", required=True)
    effective_on = fact(date, "For a new rule: the day from which it is in force", planned=True)
    answered_at = fact(datetime, "For one that was asked for: when a date was named")
    held_at = fact(datetime, "When the training was held")
    online = fact(bool, "Whether it was held online", known_at="held_at")
    score = fact(Decimal, "The score of the test after it", unit="points", known_at="held_at")
    passed_at = fact(datetime, "When the test was passed", after=held_at)
    form = fact(str, "In which form it was held, such as lecture, case or exercise", known_at="held_at")
    form_before = fact(str, "For one without effect: in which form the earlier one was held")
