"""Faults of working together: to and fro, left between posts, one clerk for a bank, long months, missing roles."""

from __future__ import annotations

from datetime import date
from typing import Final

from tests.sample.desk import MINUTE, NEWCOMERS, SEASONAL, YEAR, Desk
from tests.sample.flow import plain
from tests.sample.matter import Matter
from tests.sample.planting import Planting

from windowservice.instants import SECOND

__all__ = ["plant_team"]

_KINDS: Final = ("S01", "S10")
_BETWEEN: Final = 390
"""Open minutes for which a matter may lie between two posts: one working day."""
_BETWEEN_LATE: Final = (1, 60, 300, 1200, 3600)
_CLOSING: Final = "S03"
_USUAL: Final = 120
_LONG: Final = 360
"""Open minutes from submission to decision."""
_SEPTEMBER: Final = f"{YEAR}-09"
_QUARTER: Final = f"{YEAR}-Q3"


def plant_team(planting: Planting) -> None:
    """Plant the faults of working together."""
    _to_and_fro(planting)
    _left_between(planting)
    _seasonal(planting)


def _to_and_fro(planting: Planting) -> None:
    """Let two clerks give a matter back to each other, each time with a reason: twice, or only once."""
    rule = "front_and_back/no_ping_pong"
    for place in range(10):
        wrong = place < 5
        matter = planting.keep(
            plain(planting.desk, _KINDS[place % 2], planting.desk.morning(), handovers=2, asked=True)
        )
        one, other = matter.step("submitted").by, matter.step("taken_over").by
        matter.step("submitted").by = matter.step("accepted").by = other
        _give(matter, 0, other, one)
        if wrong:
            _give(matter, 1, one, other)
            matter.step("decided").by = other
            matter.step("delivered").by = other
        else:
            matter.step("handed_over", 1).by = one
        what = "back to one clerk, and back to the other" if wrong else "back to the first clerk once"
        planting.say(f"{matter.id} path", rule, what, wrong=wrong, number=1)


def _give(matter: Matter, place: int, giver: str | None, taker: str | None) -> None:
    handed, taken = matter.step("handed_over", place), matter.step("taken_over", place)
    handed.by, handed.to, taken.by = giver, taker, taker
    handed.reason = "returned_for_correction"


def _left_between(planting: Planting) -> None:
    """Let a matter lie between two posts for a working day, exactly or a little longer; it is taken over late."""
    rule, taken_late = "front_and_back/not_left_between", "first_contact/taken_over_in_time"
    desk = planting.desk
    for place in range(10):
        over = _BETWEEN_LATE[place] if place < 5 else 0
        kind = _KINDS[place % 2]
        matter = planting.keep(plain(desk, kind, desk.morning(), handovers=1, share=0.6))
        handed = matter.step("handed_over").at
        taken = matter.step("taken_over").at = desk.after(kind, handed, _BETWEEN + over / 60)
        late = taken - desk.duty(kind, handed, "handover")
        planting.fault(matter, taken_late, "taken over after a working day", late=late)
        what = f"{over} open seconds longer than a working day" if over else "exactly a working day"
        planting.say(f"{matter.id} path", rule, what, wrong=over > 0, number=over)


# ten clerks, ten banks, twenty matters each: all decided in September


def _seasonal(planting: Planting) -> None:
    """Let the first five clerks decide all matters of one bank each, and the others share two banks each.

    Fourteen of twenty matters of the first five take the usual time and six three times as long: 32 times the usual
    time, where 30 times are allowed. Of the others' five are long, which is just allowed.
    """
    for place in range(10):
        alone = place < 5
        clerk, bank = SEASONAL[place].id, NEWCOMERS[place]
        other = NEWCOMERS[place] if alone else NEWCOMERS[5 + (place - 4) % 5]
        slow = 6 if alone else 5
        for number in range(20):
            matter = _closing(planting.desk, clerk, _LONG if number < slow else _USUAL)
            matter.bank = bank if number < 12 else other
            planting.keep(matter)
        _evaluated(planting, clerk, bank, alone=alone)
        _qualified(planting, place, clerk)


def _closing(desk: Desk, clerk: str, minutes: int) -> Matter:
    """Return a matter that a clerk accepts and decides, so many open minutes after it came in."""
    submitted = desk.morning(desk.workday(date(YEAR, 9, 4), date(YEAR, 9, 25)))
    matter = plain(desk, _CLOSING, submitted)
    front = matter.step("submitted").by
    for step in matter.steps:
        step.by = clerk if step.by == front else step.by
    matter.step("accepted").at = desk.after(_CLOSING, submitted, 6)
    matter.end_at(desk.after(_CLOSING, submitted, minutes))
    matter.step("delivered").at = matter.step("decided").at + 5 * SECOND
    return matter


def _evaluated(planting: Planting, clerk: str, bank: str, *, alone: bool) -> None:
    over = 2 * _USUAL * MINUTE // SECOND
    planting.say(
        f"{clerk} {_SEPTEMBER}", "front_and_back/takes_expected_time", "six or five of twenty matters take long",
        wrong=alone, number=over,
    )  # fmt: skip
    planting.say(
        f"{_QUARTER} / {bank} / {clerk}", "integrity/bank_not_of_one_clerk", "decided all or 12 of 20 of the bank",
        wrong=alone,
    )  # fmt: skip


def _qualified(planting: Planting, place: int, clerk: str) -> None:
    rule = "capability/qualified_for_kind"
    for step in ("accepted", "decided"):
        key = f"{clerk} / {_CLOSING} / {step}"
        if not SEASONAL[place].roles:
            planting.cannot_tell(key, rule, "the staff table states no role")
        else:
            planting.say(key, rule, "holds another role, or this one", wrong=place < 4)
