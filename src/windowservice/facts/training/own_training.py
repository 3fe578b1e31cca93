"""What may be said of the training of the window's own staff, and of a clerk's act in a kind that asks for training."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from windowservice.language.tree.expressions import choose
from windowservice.language.tree.fact import code, fact, key
from windowservice.language.tree.facts import Facts, Given, Made

__all__ = ["ACTS", "TRAINED", "act", "kind_training", "own_training"]

ACTS: Final = ("accepted", "checked", "authorised", "decided")
"""The steps of a matter for which a clerk must be qualified."""
TRAINED: Final = ("passed", "to_renew", "lapsed", "not_renewed", "missing", "not_told")
"""How a clerk stands: passed; passed the version before, with time left; no longer; never; or nobody wrote it."""


class kind_training(Facts, rows=Given("kind_trainings")):  # noqa: N801
    """One training that a kind of business asks of whoever does it, from a day on."""

    id = key("Number of the row")
    service = code("Id of the kind of business", required=True)
    training = code("Id of the training, one for each version of its rule", required=True)
    since = fact(date, "First day on which it is asked for", required=True, planned=True)
    until = fact(date, "Last day; without it, until another training replaces it", planned=True, after=since)
    valid_for = fact(str, "How long a pass counts, such as 12 months without roll; without it, for good", limit=True)
    replaces = code("Id of the training that it takes the place of: that of the version before")
    retrain_within = fact(
        str,
        "How soon, from its first day, those must pass it who passed the one replaced; without it, at once",
        limit=True,
    )


class own_training(Facts, rows=Given("own_trainings"), happens="held_at", dated_by="held_at"):  # noqa: N801
    """One training of one clerk of the window."""

    id = key("Number of the row")
    clerk = code("The clerk", required=True)
    training = code("Id of the training", required=True)
    held_at = fact(datetime, "When it was held")
    passed = fact(
        bool, "Whether its test was passed; empty, without an instant: not written down", known_at="passed_at"
    )
    passed_at = fact(datetime, "When its test was passed", after=held_at)


class act(Facts, rows=Made("acts"), dated_by="done_at", clerk="clerk"):  # noqa: N801
    """One step of one matter, of a kind that asked for training on that day, with how its clerk stood then."""

    id = fact(str, "The request, the step and the clerk", required=True)
    request = fact(str, "The request", required=True)
    bank = fact(str, "The bank", required=True)
    service = fact(str, "The kind of business", required=True)
    step = fact(str, "What the clerk did", required=True, words=ACTS)
    done_at = fact(datetime, "When the clerk did it", required=True)
    clerk = fact(str, "The clerk; missing if nobody wrote who it was")
    asked = fact(frozenset[str], "The trainings that the kind asked for on that day")
    trained = fact(str, "How the clerk stood, by the worst of them", words=TRAINED)
    lacking = fact(frozenset[str], "Those of them that the clerk did not have on that day, or that nobody wrote down")
    passed_at = fact(datetime, "When the clerk last passed it, or the version before; missing if never")
    good_until = fact(date, "The last day on which the clerk was qualified, or did not have to be", planned=True)
    days_since = fact(
        int,
        "For how many days the clerk was not qualified; missing if the table of trainings does not say",
        unit="days",
    )

    qualified = fact(trained.one_of("passed", "to_renew"), "Whether the clerk was qualified")
    days_untrained = fact(
        choose(qualified, 0, days_since), "Days for which the clerk was not qualified, 0 for one who was", unit="days"
    )
