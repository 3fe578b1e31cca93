"""Faults of one-time notification, and what comes close to them."""

from __future__ import annotations

from datetime import date
from typing import Final

from tests.sample.desk import MINUTE
from tests.sample.flow import plain
from tests.sample.matter import Matter
from tests.sample.planting import Planting

from windowservice.instants import SECOND

__all__ = ["plant_notices"]

_KINDS: Final = ("S01", "S02", "S10", "S13", "S15")
_FRIDAY: Final = date(2018, 4, 27)
"""Before a Saturday that was worked."""
_EXCUSES: Final = ("new_rule", "applicant_change", "false_statement")
_ONCE: Final = "told_once/told_once"
_ALL: Final = "told_once/all_told_at_once"


def plant_notices(planting: Planting) -> None:
    """Plant the faults of one-time notification."""
    for plant in (_answered, _answered_again, _once, _all_at_once, _posted, _in_writing):
        plant(planting)


def _matter(planting: Planting, service: str, *, notice: bool = True, share: float = 0.4) -> Matter:
    desk = planting.desk
    return planting.keep(plain(desk, service, desk.morning(), notice=notice, share=share))


def _answered(planting: Planting) -> None:
    rule = "told_once/answered_in_time"
    desk = planting.desk
    for place, service in enumerate(("S01", "S10", "S13", "S15", "S16")):
        matter = _matter(planting, service, notice=False, share=0.5)
        submitted, accepted = matter.step("submitted").at, matter.step("accepted")
        due = desk.duty(service, submitted, "notice")
        accepted.at = due + SECOND if place < 2 else desk.next_day(service, submitted, 1, "08:45")
        clock = desk.clock(service, submitted)  # silence means accepted at submission
        matter.end_at(desk.part(service, clock, 0.6))
        matter.step("delivered").at = matter.step("decided").at + 5 * MINUTE
        planting.fault(matter, rule, "neither accepted nor told anything on the day", late=accepted.at - due)
    for place, service in enumerate(("S01", "S10", "S19")):
        matter = _matter(planting, service, notice=False)
        submitted, accepted = matter.step("submitted").at, matter.step("accepted")
        accepted.at = desk.duty(service, submitted, "notice")
        clock = desk.clock(service, accepted.at, dated=submitted)
        matter.end_at(desk.part(service, clock, 0.5))
        matter.step("delivered").at = matter.step("decided").at + MINUTE
        days = "fifth working day" if place == 2 else "day"
        planting.near(matter, rule, f"accepted at the last close of the {days}")
    matter = planting.keep(plain(desk, "S02", desk.at(_FRIDAY, "10:00")))
    matter.step("submitted").at = desk.at(_FRIDAY, "17:30")
    accepted = matter.step("accepted")
    accepted.at = desk.duty("S02", desk.at(_FRIDAY, "17:30"), "notice")
    matter.end_at(desk.part("S02", desk.clock("S02", accepted.at), 0.5))
    matter.step("delivered").at = matter.step("decided").at + MINUTE
    planting.near(matter, rule, "came in after the close, accepted at the last close of the make-up Saturday")
    matter = _matter(planting, "S13", notice=False)
    at = desk.duty("S13", matter.step("submitted").at, "notice")
    matter.steps = [step for step in matter.steps if step.kind == "submitted"]
    matter.add(at, "withdrawn")
    planting.near(matter, rule, "taken back by the bank at the last instant, unanswered")


def _answered_again(planting: Planting) -> None:
    rule = "told_once/answered_after_supplement"
    desk = planting.desk
    for place, service in enumerate(_KINDS):
        for spoilt in (True, False):
            matter = _matter(planting, service)
            brought, accepted = matter.step("supplemented").at, matter.step("accepted")
            due = desk.duty(service, brought, "notice")
            late = (SECOND, MINUTE, 3600 * SECOND, 0, 0)[place] or desk.next_day(service, due, 1, "09:10") - due
            accepted.at = due + late if spoilt else due
            if not spoilt and place == 4:
                matter.steps = [step for step in matter.steps if step.at <= brought]
                matter.add(due, "refused", accepted.by, reason="not_entitled", written=True)
                planting.near(matter, rule, "refused with a reason at the last instant")
                continue
            if not spoilt and place == 3:
                accepted.at = _tell_again(planting, matter, due, "new_rule")
            clock = desk.clock(service, accepted.at, dated=matter.step("submitted").at)
            matter.end_at(desk.part(service, clock, 0.5))
            matter.step("delivered").at = matter.step("decided").at + 5 * MINUTE
            if spoilt:
                planting.fault(matter, rule, f"accepted {late // SECOND} s too late after the supplement", late=late)
            else:
                what = "told again, excused by a new rule," if place == 3 else "accepted"
                planting.near(matter, rule, f"{what} at the last instant after the supplement")


def _tell_again(
    planting: Planting, matter: Matter, at: int, reason: str | None, items: tuple[str, ...] | None = None
) -> int:
    """Add a second notice and its supplement; return when the matter is accepted after it."""
    first = matter.step("notified")
    said = first.items if items is None else items
    matter.add(at, "notified", first.by, items=said, written=True, reason=reason)
    brought = planting.desk.next_day(matter.service, at, 1, "10:00")
    matter.add(brought, "supplemented", items=said)
    return brought + 5 * MINUTE


def _told_twice(
    planting: Planting, service: str, reason: str | None, items: tuple[str, ...] | None = None, times: int = 1
) -> Matter:
    """Return a matter with one or more further notices, which goes on in order after the last."""
    desk = planting.desk
    matter = _matter(planting, service)
    accepted = matter.step("accepted")
    for _ in range(times):
        last = max(step.at for step in matter.steps if step.kind == "supplemented")
        accepted.at = _tell_again(planting, matter, last + 4 * MINUTE, reason, items)
    clock = desk.clock(service, accepted.at, dated=matter.step("submitted").at)
    matter.end_at(desk.part(service, clock, 0.4))
    matter.step("delivered").at = matter.step("decided").at + 5 * MINUTE
    return matter


def _once(planting: Planting) -> None:
    for place, service in enumerate(_KINDS):
        times = 2 if place == 4 else 1
        reason = "forgotten" if place % 2 else None
        matter = _told_twice(planting, service, reason, times=times)
        planting.fault(matter, _ONCE, f"{times} further notice(s) of the same papers, without an excuse", number=times)
        planting.near(matter, _ALL, "the further notice names nothing new")
        matter = _told_twice(planting, service, _EXCUSES[place % 3])
        planting.near(matter, _ONCE, f"a second notice, excused by {_EXCUSES[place % 3]}")


def _all_at_once(planting: Planting) -> None:
    desk = planting.desk
    for place, service in enumerate(_KINDS):
        number = 2 if place == 4 else 1
        new = tuple(sorted(desk.catalogue[service].posted_materials(date(2018, 6, 1))))[-number:]
        matter = _told_twice(planting, service, None, new)
        planting.fault(matter, _ONCE, "a second notice, without an excuse", number=1)
        planting.fault(matter, _ALL, f"{number} paper(s) told only in the second notice", number=number)
        matter = _told_twice(planting, service, _EXCUSES[place % 3], new)
        planting.near(matter, _ALL, f"a paper told later, excused by {_EXCUSES[place % 3]}")


def _posted(planting: Planting) -> None:
    rule = "told_once/asked_from_posted_list"
    for place, service in enumerate(_KINDS):
        more = ("S06-M1", "X-1")[: 2 if place == 4 else 1]
        matter = _matter(planting, service)
        for kind in ("notified", "supplemented"):
            matter.step(kind).items += more
        planting.fault(matter, rule, f"asked for {', '.join(more)}, not on the list of the kind", number=len(more))
    for service, optional in (
        ("S15", "S15-M3"),
        ("S03", "S03-M4"),
        ("S07", "S07-M4"),
        ("S16", "S16-M3"),
        ("S15", "S15-M3"),
    ):
        matter = _matter(planting, service)
        for kind in ("notified", "supplemented"):
            matter.step(kind).items += (optional,)
        planting.near(matter, rule, f"asked for {optional}, which is on the list though not always needed")


def _in_writing(planting: Planting) -> None:
    rule = "told_once/notice_in_writing"
    for place, service in enumerate(_KINDS):
        matter = _matter(planting, service)
        matter.step("notified").written = False
        planting.fault(matter, rule, "the notice was only spoken", number=1)
        matter = _matter(planting, service)
        matter.step("accepted").written = False
        matter.step("supplemented").written = False
        what = ", ".join(matter.step("notified").items)
        planting.near(
            matter, rule, f"only the notice of {what} is in writing, nothing else" if place else "written, no slip"
        )
        if not place:
            matter.step("notified").slip = None
