"""What may be said of one turn of a duty that comes again, with the deed that did it."""

from __future__ import annotations

from datetime import datetime

from windowservice.domain.words import SCOPES
from windowservice.language.tree.fact import fact
from windowservice.language.tree.facts import Facts, Made

__all__ = ["turn"]


class turn(Facts, rows=Made("turns"), dated_by="opens_at", clerk="clerk"):  # noqa: N801
    """A turn of a duty: made from the list of duties and the calendar, so that one that nobody did is seen."""

    id = fact(str, "The duty, the turn and who owes it", required=True)
    duty = fact(str, "The duty", required=True)
    policy = fact(str, "The policy that the duty belongs to")
    name = fact(str, "The turn, such as 2018-Q2 or 2018 春节")
    bank = fact(str, "The bank that it concerns")
    clerk = fact(str, "The clerk who owes it")
    post = fact(str, "The post that it concerns")
    listed = fact(bool, "Whether the duty, and the turn that a row names, stand on the list of duties", required=True)
    owed = fact(bool, "Whether it is owed; missing if it is not known to whom")
    opens_at = fact(datetime, "When its window opens", planned=True)
    due_at = fact(
        datetime, "By when it has to be done; missing if that rests on days that are not announced", planned=True
    )
    expected_at = fact(
        datetime, "By when it has to be done if the days that are not announced are as assumed", planned=True
    )
    done_at = fact(datetime, "When it was done")
    dated = fact(bool, "Whether the row that did it says when; missing if it does not")
    deed = fact(str, "The row that did it")
    scope = fact(str, "How far the visit went", words=SCOPES)
    scope_wanted = fact(str, "How far it had to go", words=SCOPES)
    days_since_last = fact(int, "Days since the deed that did an earlier turn of the same duty", unit="days")

    wide_enough = fact(
        (scope == scope_wanted) | (scope == "full") | ((scope == "standard") & (scope_wanted == "remote")),
        "Whether the visit went as far as it had to",
    )
