"""Faults of first contact and one-time notification, and what comes close to them."""

from __future__ import annotations

from datetime import date
from typing import Final

from tests.sample.desk import CLERKS, MINUTE
from tests.sample.flow import plain
from tests.sample.matter import Matter
from tests.sample.planting import Planting

from windowservice.instants import SECOND

__all__ = ["plant_contact"]

_KINDS: Final = ("S01", "S02", "S10", "S13", "S15")
"""Kinds with days to spare, so that an edit at the start spoils nothing at the end."""
_EVE: Final = date(2018, 4, 27)
"""A Friday before a Saturday that was worked."""


def plant_contact(planting: Planting) -> None:
    """Plant the faults of first contact."""
    for plant in (_owner, _names_taker, _by_owner, _taken_over, _bounce, _passed_on):
        plant(planting)


def _matter(planting: Planting, place: int, handovers: int = 0, **how: bool) -> Matter:
    desk = planting.desk
    return planting.keep(plain(desk, _KINDS[place % 5], desk.morning(), handovers=handovers, **how))


def _owner(planting: Planting) -> None:
    rule = "first_contact/owned_from_first_contact"
    for place in range(5):
        matter = _matter(planting, place, asked=place > 2)
        kind = "asked" if place > 2 else "submitted"
        matter.step(kind).by = None
        planting.fault(matter, rule, f"nobody is named at the event {kind}")
        matter = _matter(planting, place, asked=place > 2)
        if place > 2:
            matter.step("asked").by, matter.step("submitted").by = "zhou", "liu"
            planting.near(matter, rule, "one clerk was asked, another took the papers")
        else:
            matter.step("accepted").by = None
            planting.near(matter, rule, "nobody is named at the acceptance, but the first contact is")


def _names_taker(planting: Planting) -> None:
    rule = "first_contact/handover_names_taker"
    for place in range(5):
        number = 2 if place == 4 else 1
        matter = _matter(planting, place, handovers=number)
        for step in matter.steps:
            if step.kind == "handed_over":
                step.to = None
        planting.fault(matter, rule, f"{number} handover(s) without a taker", number=number)
        matter = _matter(planting, place, handovers=1)
        matter.step("handed_over").to = "back-office"
        planting.near(matter, rule, "the taker is named as a post")


def _by_owner(planting: Planting) -> None:
    rule = "first_contact/handed_over_by_owner"
    for place in range(5):
        number = 2 if place == 4 else 1
        matter = _matter(planting, place, handovers=number)
        strangers = [step for step in matter.steps if step.kind == "handed_over"]
        named = {step.by for step in matter.steps}
        stranger = next(clerk for clerk in CLERKS if clerk not in named)
        for step in strangers:
            step.by = stranger
        planting.fault(matter, rule, f"{number} handover(s) by a clerk who did not own the matter", number=number)
        matter = _matter(planting, place, handovers=2)
        if place < 2:
            continue_with = matter.step("taken_over").by
            planting.near(matter, rule, f"{continue_with} hands on what was just taken over")
            continue
        _hand_on_untaken(matter)
        planting.near(matter, rule, "the giver hands it to another before the first one took it: still the owner")


def _hand_on_untaken(matter: Matter) -> None:
    """Let the first taker never take it: the giver hands it to the second one instead."""
    owner = matter.step("submitted").by
    first, second = (step for step in matter.steps if step.kind == "handed_over")
    matter.steps.remove(matter.step("taken_over"))
    second.by, second.at = owner, first.at + 10 * SECOND
    matter.step("taken_over").at = first.at + 60 * SECOND


def _taken_over(planting: Planting) -> None:
    rule = "first_contact/taken_over_in_time"
    desk = planting.desk
    for place, late in enumerate((SECOND, 5 * MINUTE, 90 * MINUTE)):
        matter = _matter(planting, place, handovers=1)
        due = desk.duty(matter.service, matter.step("handed_over").at, "handover")
        matter.step("taken_over").at = due + late
        planting.fault(matter, rule, f"taken over {late // SECOND} s after the limit", late=late)
    matter = _matter(planting, 3, handovers=2)
    first, second = (step for step in matter.steps if step.kind == "handed_over")
    taken = [step for step in matter.steps if step.kind == "taken_over"]
    taken[0].at = desk.duty(matter.service, first.at, "handover") + SECOND
    second.at, taken[1].at = taken[0].at + MINUTE, taken[0].at + 2 * MINUTE
    planting.fault(matter, rule, "the first of two handovers is taken over 1 s after its limit", number=1)
    matter = _matter(planting, 4, handovers=1)
    due = desk.duty(matter.service, matter.step("handed_over").at, "handover")
    matter.drop("taken_over", "checked", "authorised", "decided", "delivered")
    planting.fault(matter, rule, "handed over and never taken", late=planting.until - due)
    planting.ended(matter, None, "never decided, because nobody took it over")

    for place, clock in enumerate(("11:20", "16:50", "10:05")):
        day = _EVE if clock == "16:50" else desk.ordinary_day()
        matter = planting.keep(plain(desk, _KINDS[place], desk.at(day, "08:50"), handovers=1))
        handed = matter.step("handed_over")
        handed.at = desk.at(day, clock)
        matter.step("taken_over").at = desk.duty(matter.service, handed.at, "handover")
        what = {"11:20": "over the lunch break", "16:50": "on the make-up Saturday", "10:05": "on the same morning"}
        planting.near(matter, rule, f"handed over at {clock} and taken over exactly at the limit, {what[clock]}")
    matter = _matter(planting, 3, handovers=1)
    matter.step("taken_over").at = matter.step("handed_over").at
    planting.near(matter, rule, "given and taken in the same second")
    matter = _matter(planting, 4, handovers=1)
    at = matter.step("handed_over").at + 3 * MINUTE
    matter.drop_after(at - SECOND)
    matter.add(at, "withdrawn")
    planting.near(matter, rule, "taken back by the bank before anybody took it over")


def _bounce(planting: Planting) -> None:
    rule = "first_contact/no_bounce"
    for place in range(5):
        for spoilt in (True, False):
            matter = _matter(planting, place, handovers=2)
            back = matter.step("submitted").by
            matter.step("handed_over", 1).to = back
            matter.step("taken_over", 1).by = back
            matter.step("decided").by = back
            if spoilt:
                planting.fault(matter, rule, "back to the first clerk without a reason code", number=1)
            else:
                kind = "taken_over" if place % 2 else "handed_over"
                matter.step(kind, 1).reason = "returned_for_correction"
                planting.near(matter, rule, f"back to the first clerk, with a reason code at the event {kind}")


def _passed_on(planting: Planting) -> None:
    rule = "first_contact/not_passed_on"
    for place in range(5):
        more = 2 if place == 4 else 1
        matter = _matter(planting, place, handovers=2)
        named = {step.by for step in matter.steps if step.kind != "checked"}
        takers = [clerk for clerk in CLERKS if clerk not in named][:more]
        at, owner = matter.step("taken_over", 1).at, matter.step("taken_over", 1).by
        for taker in takers:
            matter.add(at + 20 * SECOND, "handed_over", owner, to=taker)
            matter.add(at + 40 * SECOND, "taken_over", taker)
            at, owner = at + 40 * SECOND, taker
        if matter.has("checked") and matter.step("checked").by == owner:
            matter.step("checked").by = matter.step("submitted").by
        matter.step("decided").by = owner
        planting.fault(matter, rule, f"handed over {2 + more} times", number=more)
        planting.near(_matter(planting, place, handovers=2), rule, "handed over twice, which is just allowed")
